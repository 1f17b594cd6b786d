"""Ticks on both databases: once each, all of them or the latest, never again when the clock is turned back."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from cronsim import CronSimError

from bot.scheduler import Recurring, Scheduler, last_tick, next_tick
from storage import Database, Work
from tests.bot.fake_door import START, ZONE, SetClock


class Diary:
    """Notes every tick; fails as often as told."""

    def __init__(self) -> None:
        self.ticks: list[datetime] = []
        self.failures = 0

    async def note(self, work: Work, tick: datetime) -> None:
        await work.outbox.enqueue("x", {}, dedup_key=f"tick:{tick.isoformat()}")
        if self.failures:
            self.failures -= 1
            raise KeyError("bug")
        self.ticks.append(tick)


def scheduler(database: Database, clock: SetClock, diary: Diary, policy: str = "all") -> Scheduler:
    thing = Recurring("daily", "0 9 * * *", diary.note, "latest" if policy == "latest" else "all")
    return Scheduler(database, clock, ZONE, [thing])


async def test_a_new_name_owes_nothing_from_before(database: Database) -> None:
    clock, diary = SetClock(START + timedelta(minutes=1)), Diary()
    assert await scheduler(database, clock, diary).fire_all() == 0
    clock.forward(timedelta(days=1))
    await scheduler(database, clock, diary).fire_all()
    assert diary.ticks == [START + timedelta(days=1)]


@pytest.mark.parametrize(("policy", "days"), [("all", [1, 2, 3]), ("latest", [3])])
async def test_missed_ticks_are_made_up_for(database: Database, policy: str, days: list[int]) -> None:
    clock, diary = SetClock(), Diary()
    await scheduler(database, clock, diary, policy).fire_all()
    clock.forward(timedelta(days=3, hours=5))
    await scheduler(database, clock, diary, policy).fire_all()
    assert diary.ticks == [START + timedelta(days=d) for d in days]


async def test_turning_the_clock_back_fires_nothing_a_second_time(database: Database) -> None:
    clock, diary = SetClock(), Diary()
    await scheduler(database, clock, diary).fire_all()
    for days in (2, -2, 2):
        clock.forward(timedelta(days=days))
        await scheduler(database, clock, diary).fire_all()
    assert len(diary.ticks) == 2


async def test_a_tick_that_fails_is_rolled_back_and_done_later(database: Database) -> None:
    clock, diary = SetClock(), Diary()
    one = scheduler(database, clock, diary)
    await one.fire_all()
    clock.forward(timedelta(days=1))
    diary.failures = 1
    assert await one.fire_all() == 0
    async with database.read() as work:
        count = (await work.connection.exec_driver_sql("SELECT COUNT(*) FROM outbox_job")).scalar_one()
    assert count == 0
    clock.forward(timedelta(minutes=2))
    assert await one.fire_all() == 1


async def test_two_replicas_do_each_tick_once(database: Database, twin: Database) -> None:
    clock, diary = SetClock(), Diary()
    both = [scheduler(database, clock, diary), scheduler(twin, clock, diary)]
    await both[0].fire_all()
    clock.forward(timedelta(days=20))
    await asyncio.gather(*(one.fire_all() for one in both))
    assert sorted(diary.ticks) == [START + timedelta(days=d) for d in range(1, 21)]


def test_ticks_are_counted_in_our_zone() -> None:
    assert next_tick("0 9 * * 1", START, ZONE) == START + timedelta(days=7)
    assert last_tick("0 9 * * *", START, ZONE) == START
    assert last_tick("0 9 * * *", START - timedelta(seconds=1), ZONE) == START - timedelta(days=1)


def test_a_cron_line_that_cannot_be_read_is_found_at_start() -> None:
    with pytest.raises(CronSimError):
        Scheduler(Database("sqlite+aiosqlite:///none.db"), SetClock(), ZONE, [Recurring("x", "0 9 * *", Diary().note)])
