"""Business time is turned at will, engine time never; whoever waits for either is woken."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clock import BusinessClock, Clocks, EngineClock
from storage import Database

ZONE = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2021, 12, 20, 9, 0)  # noqa: DTZ001  # what the sandbox hands over: naive, in our zone


def test_a_naive_start_is_in_our_zone() -> None:
    clock = BusinessClock(ZONE, MORNING)
    assert clock.now() - MORNING.replace(tzinfo=ZONE) < timedelta(seconds=5)
    assert clock.now().utcoffset() == timedelta(hours=8)


def test_a_fast_clock_runs_fast_and_goes_on_from_where_it_is_turned() -> None:
    clock = BusinessClock(ZONE, MORNING, 3600)
    assert clock.seconds_until(clock.now() + timedelta(hours=1)) == pytest.approx(1, abs=0.1)
    clock.turn(datetime.fromisoformat("2021-12-27T09:00:00+08:00"), 1)
    assert clock.now().date().isoformat() == "2021-12-27"
    assert clock.seconds_until(clock.now() + timedelta(hours=1)) == pytest.approx(3600, abs=1)


@pytest.mark.parametrize("speed", [0, -1, 1e9, float("nan")])
def test_a_speed_that_is_none_is_refused(speed: float) -> None:
    with pytest.raises(ValueError):
        BusinessClock(ZONE, MORNING).turn(None, speed)


async def test_whoever_naps_is_woken_by_turning_the_clock() -> None:
    business = BusinessClock(ZONE, MORNING)
    clocks = Clocks(business, EngineClock())
    nap = asyncio.create_task(clocks.nap(asyncio.Event(), 20, None))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    business.turn(MORNING + timedelta(days=1), None)
    await asyncio.wait_for(nap, 2)


async def test_whoever_naps_is_woken_by_an_event_or_when_something_falls_due() -> None:
    clocks = Clocks(BusinessClock(ZONE, MORNING, 3600), EngineClock())
    wake = asyncio.Event()
    wake.set()
    await asyncio.wait_for(clocks.nap(wake, 20, None), 2)
    await asyncio.wait_for(clocks.nap(asyncio.Event(), 20, clocks.now() + timedelta(minutes=1)), 2)


async def test_engine_time_is_the_databases(database: Database) -> None:
    clock = EngineClock()
    clock.known = datetime(1999, 1, 1, tzinfo=ZONE)
    await clock.sample(database)
    async with database.read() as work:
        assert abs(clock.now() - await work.engine_time()) < timedelta(seconds=1)
