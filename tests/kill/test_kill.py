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
MIDDLE = Size(messages=1000, reminders=300, groups=60, kills=20, patience=300)
LARGE = Size(messages=5000, reminders=1000, groups=60, kills=40, patience=900)
SIZE = {"middle": MIDDLE, "large": LARGE}.get(environ.get("KILL_SIZE", ""), SMALL)
SEED = int(environ.get("KILL_SEED", "1"))
LATE = 1.0  # seconds after a death in which the receiver may still read what the dead had sent

pytestmark = pytest.mark.kill


def check(found: Outcome, size: Size) -> None:
    """The crash table of the outbox, word for word."""
    counts = found.counts()
    assert found.acknowledged == size.messages
    wanted = [f"reply:{n}" for n in range(size.messages)] + [f"reminder:r{n}" for n in range(size.reminders)]
    assert [text for text in wanted if text not in counts and not held(found, text)] == []  # nothing is lost
    assert [key for key in found.unsure if holes(found, key) < 2] == []  # sent again once, then shown to a person
    assert len(found.unsure) <= len(found.killed)  # second chances go one at a time
    assert max(counts.values()) <= 2
    assert outside(found, found.doubles()) == []  # only what was begun and not recorded is said twice
    assert outside(found, [copy for copy, gap in gaps(found, found.copies) if gap < 0]) == []
    assert [(copy, gap) for copy, gap in gaps(found, found.copies) if gap < -LATE] == []  # the dead say nothing


def held(found: Outcome, text: str) -> bool:
    """Whether what was to be said waits for a person who knows whether it arrived."""
    return any(is_job_of(key, text) for key in found.unsure)


def holes(found: Outcome, key: str) -> int:
    """How many processes died between having begun the job and its record."""
    return sum(key in begun for begun in found.hole.values())


def outside(found: Outcome, copies: list[Copy]) -> list[Copy]:
    """Those that their process had recorded, or not begun, when it died."""
    return [c for c in copies if not any(is_job_of(job, c.key) for job in found.hole.get(c.worker, ()))]


def gaps(found: Outcome, copies: list[Copy]) -> list[tuple[Copy, float]]:
    """For each copy: seconds from its taking to the death of its process; below zero: its call was open then."""
    return [(copy, found.killed[copy.worker] - copy.at) for copy in copies]


def is_job_of(key: str, text: str) -> bool:
    """Whether the job of that key says the text."""
    what, which = text.split(":")
    if what == "reply":
        return key == f"reply:robot:{message(int(which), f'p{int(which) % 50}').id}"
    number = int(which.removeprefix("r"))
    receiver = f"-{number}:" if number % 10 == 0 else f":{which}:"  # every tenth is a group
    return key.startswith(f"{REMIND}:") and receiver in key


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
    said, seconds = len(found.copies), [gap for _, gap in gaps(found, found.doubles())] or [0.0]
    return (
        f"KILL {name}: {len(found.killed)} killed, {said} said, {len(found.doubles())} doubled "
        f"({min(seconds):.2f} to {max(seconds):.2f} s before the death), {len(found.unsure)} held, "
        f"{found.seconds:.0f} s"
    )
