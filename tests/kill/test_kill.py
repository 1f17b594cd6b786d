"""kill -9 in the middle of it: nothing committed is lost, and only what was being sent is said a second time."""

from __future__ import annotations

from os import environ
from pathlib import Path
from random import Random

import pytest

from storage import REMIND
from tests.bot.fake_door import message
from tests.kill.fleet import Fleet, Outcome, Size
from tests.kill.receiver import Copy, receiver
from tests.postgres import Postgres

SMALL = Size(messages=400, reminders=60, groups=20, kills=5, patience=120)
LARGE = Size(messages=5000, reminders=1000, groups=60, kills=40, patience=900)
SIZE = LARGE if environ.get("KILL_SIZE") == "large" else SMALL
SEED = int(environ.get("KILL_SEED", "1"))
HOLE = 2.0  # seconds before its death in which a process may have sent what it had not recorded yet

pytestmark = pytest.mark.kill


def check(found: Outcome, size: Size) -> None:
    counts = found.counts()
    assert found.acknowledged == size.messages
    lost = {message(n, f"p{n % 50}").id for n in range(size.messages) if f"reply:{n}" not in counts}
    assert {f"reply:robot:{key}" for key in lost} <= found.unsure
    reminders = {f"reminder:r{number}" for number in range(size.reminders)} - set(counts)
    assert len(reminders) <= sum(key.startswith(REMIND) for key in found.unsure)
    assert len(found.unsure) <= len(found.killed)  # second chances go one at a time
    assert max(counts.values()) <= 2
    assert [(copy, gap) for copy, gap in gaps(found) if gap >= HOLE] == []


def gaps(found: Outcome) -> list[tuple[Copy, float]]:
    """For each copy said again: seconds from its taking to the death of its process.

    Below zero: taken after the death, so its call was open then; the receiver was slow to read it.
    """
    return [(copy, found.killed[copy.worker] - copy.at) for copy in found.doubles()]


def test_a_process_on_sqlite_is_killed_again_and_again(template: Path, tmp_path: Path) -> None:
    (tmp_path / "kill.db").write_bytes(template.read_bytes())
    with receiver(SIZE.messages) as platform:
        url = f"sqlite+aiosqlite:///{tmp_path / 'kill.db'}"
        found = Fleet(url, platform, SIZE, 1, tmp_path, Random(SEED)).run()
    print(summary("sqlite", found))
    check(found, SIZE)


@pytest.mark.postgres
def test_three_replicas_on_postgres_are_killed_again_and_again(server: Postgres, tmp_path: Path) -> None:
    url = server.database()
    try:
        with receiver(SIZE.messages) as platform:
            found = Fleet(url, platform, SIZE, 3, tmp_path, Random(SEED)).run()
    finally:
        server.drop(url)
    print(summary("postgres x 3", found))
    check(found, SIZE)


def summary(name: str, found: Outcome) -> str:
    said, seconds = len(found.copies), [gap for _, gap in gaps(found)] or [0.0]
    return (
        f"KILL {name}: {len(found.killed)} killed, {said} said, {len(found.doubles())} doubled "
        f"({min(seconds):.2f} to {max(seconds):.2f} s before the death), {len(found.unsure)} held, "
        f"{found.seconds:.0f} s"
    )
