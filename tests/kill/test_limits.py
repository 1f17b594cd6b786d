"""Limits under real processes: three replicas on PostgreSQL share one bucket for the app and one for each group."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from bot.delivery_kinds import ANNOUNCE
from bot.letters import write_announcement, write_receiver
from handlers.message import Announcement, Receiver
from storage import Database, NewJob
from tests.kill.fleet import Fleet, Size
from tests.kill.receiver import Copy, receiver
from tests.postgres import Postgres

pytestmark = [pytest.mark.kill, pytest.mark.postgres]
JITTER = 2  # calls that may arrive early or late at the edges of a second


@dataclass(frozen=True)
class Drained:
    """When everything due had been said."""

    copies: list[Copy]
    seconds: float
    """From the first copy to the last."""

    def busiest(self, window: float, to: str | None = None) -> int:
        """The most copies (to a receiver) in any window."""
        moments = sorted(copy.at for copy in self.copies if to in (None, copy.to))
        most, first = 0, 0
        for last, moment in enumerate(moments):
            while moment - moments[first] >= window:
                first += 1
            most = max(most, last - first + 1)
        return most


def drain(server: Postgres, logs: Path, jobs: list[NewJob], *, rate: int, group_rate: int, wanted: int) -> Drained:
    """Three replicas say the jobs until `wanted` copies have arrived."""
    url = server.database()
    try:
        asyncio.run(put(url, jobs))
        with receiver(0) as platform:
            size = Size(0, 0, 1, 0, patience=600, app_rate=rate, group_rate=group_rate)
            fleet = Fleet(url, platform, size, 3, logs, Random(1))
            try:
                for _ in range(3):
                    fleet.spawn()
                while len(platform.copies) < wanted and not fleet.over():
                    time.sleep(0.2)
            finally:
                fleet.end()
    finally:
        server.drop(url)
    copies = sorted(platform.copies, key=lambda copy: copy.at)
    return Drained(copies, copies[-1].at - copies[0].at)


async def put(url: str, jobs: list[NewJob]) -> None:
    database = Database(url)
    async with database.work() as work:
        await work.outbox.enqueue_all(jobs)
    await database.close()


def drain_many(server: Postgres, logs: Path) -> Drained:
    """10,000 due pushes to 500 groups at 200 a second; the groups' own rate is raised so that it does not decide."""
    jobs = [push(number, Receiver("group", f"g{number % 500}")) for number in range(10_000)]
    return drain(server, logs, jobs, rate=200, group_rate=30, wanted=10_000)


def push(number: int, to: Receiver) -> NewJob:
    payload = {"receiver": write_receiver(to), "announcement": write_announcement(Announcement(f"push:{number}"))}
    return NewJob(ANNOUNCE, payload, f"push:{number}", group_key=to.id, max_attempts=60)


def test_three_replicas_keep_the_rate_of_the_app(server: Postgres, tmp_path: Path) -> None:
    jobs = [push(number, Receiver("person", f"p{number}")) for number in range(200)]
    found = drain(server, tmp_path, jobs, rate=20, group_rate=20, wanted=200)
    assert len(found.copies) == 200
    assert found.busiest(1.0) <= 20 + JITTER
    assert found.seconds <= 200 / 20 * 1.25


def test_three_replicas_keep_the_rate_of_a_group(server: Postgres, tmp_path: Path) -> None:
    groups = [Receiver("group", f"g{number}") for number in range(4)]
    jobs = [push(number, groups[number % 4]) for number in range(100)]
    found = drain(server, tmp_path, jobs, rate=200, group_rate=20, wanted=60)
    said = defaultdict(int)
    for copy in found.copies:
        said[copy.to] += 1
    assert dict(said) == {group.id: 15 for group in groups}
