"""What was acknowledged survives kill -9, and no order of actions breaks what must always hold."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from storage import Actor, Database, Decision, State, StorageError, Submission, Work
from tests.storage.conftest import sqlite_url
from tests.storage.given import CLERK, COLLEAGUE, NOTICE, NOW, OFFICE, REVIEWER, a_draft, a_matter, entry, seated

KILLS = 4
SEEDS = range(6)
STEPS = 60


@pytest.mark.kill
async def test_what_was_acknowledged_survives_kill_9(url: str) -> None:
    database = Database(url)
    async with database.work() as work:
        matter_id = await a_matter(work)
    acknowledged: set[int] = set()
    for kill in range(KILLS):
        acknowledged |= await killed_after(Random(kill).randint(3, 12), url, matter_id, 1000 * kill)
    async with database.read() as work:
        kept = await work.submissions.of_period(NOTICE)
        drafts = [await work.drafts.get(one.draft_id or 0) for one in kept]
        assert await work.audit.check() == []
        assert len(await work.audit.of_chain(f"matter:{matter_id}")) == len(kept)
    assert acknowledged <= {one.id for one in kept}
    assert len(kept) <= len(acknowledged) + KILLS
    assert {draft.state for draft in drafts if draft} == {"submitted"}
    await database.close()


async def killed_after(lines: int, url: str, matter_id: int, start: int) -> set[int]:
    """Ids that a reporting process printed before it was killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storage.reporter", url, str(matter_id), str(start), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        printed = [int(await process.stdout.readline()) for _ in range(lines)]
    finally:
        process.kill()
        rest, _ = await process.communicate()
    return {*printed, *(int(line) for line in rest.splitlines() if line.isdigit())}


async def test_no_order_of_actions_breaks_what_must_hold(template: Path, tmp_path: Path) -> None:
    reached: set[State] = set()
    for seed in SEEDS:
        (tmp_path / f"{seed}.db").write_bytes(template.read_bytes())
        database = Database(sqlite_url(tmp_path / f"{seed}.db"))
        reached |= await play(database, Random(seed))
        await database.close()
    assert reached == set(State)


async def play(database: Database, random: Random) -> set[State]:
    """Let people do things in any order and look after each; the states that submissions were in."""
    reached: set[State] = set()
    async with database.work() as work:
        matter_id = await a_matter(work)
        for who in (CLERK, REVIEWER, COLLEAGUE, OFFICE):
            await seated(work, who)
    for _ in range(STEPS):
        with suppress(StorageError):
            async with database.work() as work:
                await act(work, random, matter_id)
        async with database.read() as work:
            versions = await work.submissions.versions(matter_id)
            must_hold(versions)
            reached |= {one.state for one in versions}
    async with database.read() as work:
        assert await work.audit.check() == []
    return reached


async def act(work: Work, random: Random, matter_id: int) -> None:
    """One thing somebody may do at any time."""
    versions = await work.submissions.versions(matter_id)
    some = random.choice(versions[-2:]) if versions else None
    who: Actor = random.choice((CLERK, COLLEAGUE, OFFICE, REVIEWER, REVIEWER, REVIEWER))
    dice = random.randrange(10)
    if some is None or dice < 3:
        draft = await a_draft(work, matter_id, str(random.randrange(99)))
        state = random.choice((State.PENDING, State.PENDING, State.SIGNING, State.SECOND, State.NO_DATA))
        live = await work.submissions.live(matter_id, draft.period)
        corrects = random.choice((live.id, live.id, None)) if live else None
        await work.submissions.submit(draft, replace(entry(), state=state), CLERK, NOW, corrects=corrects)
    elif dice < 7:
        decision = random.choice((*Decision, Decision.APPROVE, Decision.APPROVE))
        await work.submissions.decide(some.id, decision, who, NOW)
    elif dice == 7:
        await work.submissions.withdraw(some.id, who, NOW)
    elif dice == 8:
        await work.submissions.move(some.id, random.choice((State.PENDING, State.SECOND)), who, NOW)
    else:
        await work.drafts.reopen(some.draft_id or 0, NOW)


def must_hold(versions: Sequence[Submission]) -> None:
    assert sum(one.live for one in versions) <= 1
    assert sum(one.state is State.APPROVED for one in versions) <= 1
    assert [one.version for one in versions] == list(range(1, len(versions) + 1))
    assert sorted(one.receipt or 0 for one in versions) == list(range(1, len(versions) + 1))
    assert all(one.state not in (State.RETURNED, State.WITHDRAWN, State.CORRECTED) for one in versions if one.live)
    waiting = [one for one in versions if one.state in (State.PENDING, State.SIGNING, State.SECOND)]
    assert all(one.live for one in waiting)
