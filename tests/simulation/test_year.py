"""A simulated year of reminders: the right people, before the deadline, on workdays, once; previews come true.

SIMULATION_SEEDS=20 (make soak): as many rough years, whole ones. Else one whole calm year and shorter ones.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
from contextlib import suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest

from handlers.rules.periods import Plan
from storage import Database
from tests.bot.fake_door import ZONE
from tests.simulation.year import MONTHLY, QUARTERLY, Year
from tests.simulation.year_books import holds, list_what_differs

SEEDS = int(os.environ.get("SIMULATION_SEEDS", "0"))
YEAR = 365
SHORT = YEAR if SEEDS else 120
SETTLED = 100  # days after which memory must not grow any more
GROWTH = 16.0  # MB, with all that the test itself remembers


async def lived(database: Database, folder: Path, seed: int, plan: Plan, *, rough: bool, days: int) -> Year:
    """A year as the seed has it; `rough`: with outages, days of silence and sudden deaths. Its memory stays flat."""
    year, settled = Year(database, folder, Random(seed), plan), 0.0
    await year.begin()
    for day in range(days):
        today = year.clock.now().date()
        if rough and year.rng.random() < 0.06:
            year.ear.away = True
            year.down.add(today)
        if rough and year.rng.random() < 0.05:
            year.ear.life = year.rng.randrange(12)
        if rough and year.rng.random() < 0.04:
            await fall_silent(year)
        else:
            await year.day()
        settled = memory() if day == SETTLED else settled
    assert days <= SETTLED or memory() - settled < GROWTH
    return year


async def fall_silent(year: Year) -> None:
    """Nothing runs for hours or days; what was due then is made up for, so these days keep no promise."""
    today = year.clock.now().date()
    year.down |= {today, today + timedelta(days=1), today + timedelta(days=2)}
    year.clock.forward(timedelta(hours=year.rng.randrange(3, 41)))
    await year.boot()
    tomorrow = datetime.combine(year.clock.now().date() + timedelta(days=1), time(7), ZONE)
    year.clock.forward(tomorrow - year.clock.now())


def memory() -> float:
    """MB this process holds (Linux), garbage excluded and what the allocator has not given back yet."""
    gc.collect()
    with suppress(AttributeError):  # not glibc
        ctypes.CDLL(None).malloc_trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


@pytest.mark.parametrize(("plan", "days"), [(QUARTERLY, YEAR), (MONTHLY, SHORT)], ids=["quarterly", "monthly"])
async def test_a_calm_year_keeps_what_its_previews_promise(
    database: Database, tmp_path: Path, plan: Plan, days: int
) -> None:
    year = await lived(database, tmp_path, 1, plan, rough=False, days=days)
    await holds(year)
    assert year.successors
    assert year.late
    for line in list_what_differs(year, await year.reminders()):
        print("DIFFERS", line)


@pytest.mark.parametrize("seed", range(3, 3 + max(1, SEEDS)))
async def test_a_rough_year_loses_and_doubles_nothing(
    database: Database, tmp_path: Path, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    year = await lived(database, tmp_path, seed, MONTHLY if seed % 2 else QUARTERLY, rough=True, days=SHORT)
    await holds(year)
    assert year.ear.deaths
