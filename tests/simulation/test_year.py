"""A simulated year of reminders: the right people, before the deadline, on workdays, once; previews come true."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest

from handlers.rules.periods import Plan, next_dues
from handlers.rules.stages import POSTS_A_WEEK, stages_of
from storage import Database
from tests.bot.fake_door import ZONE
from tests.simulation.year import ALL_UNITS, MONTHLY, OFFICE, QUARTERLY, SOME_UNITS, START, Year

DAYS = 200
GROUPS = (ALL_UNITS, SOME_UNITS)


async def lived(database: Database, folder: Path, seed: int, plan: Plan, *, rough: bool, days: int = DAYS) -> Year:
    """A year as the seed has it; `rough`: with outages and restarts."""
    year = Year(database, folder, Random(seed), plan)
    await year.begin()
    for _ in range(days):
        today = year.clock.now().date()
        if rough and year.rng.random() < 0.06:
            year.ear.away = True
            year.down.add(today)
        if rough and year.rng.random() < 0.04:
            year.down |= {today, today + timedelta(days=1), today + timedelta(days=2)}
            year.clock.forward(timedelta(hours=year.rng.randrange(3, 41)))
            await year.boot()
            year.clock.forward(
                datetime.combine(year.clock.now().date() + timedelta(days=1), time(7), ZONE) - year.clock.now()
            )
            continue
        await year.day()
    return year


@pytest.mark.parametrize("plan", [QUARTERLY, MONTHLY], ids=["quarterly", "monthly"])
async def test_a_calm_year_keeps_what_its_previews_promise(database: Database, tmp_path: Path, plan: Plan) -> None:
    year = await lived(database, tmp_path, 1, plan, rough=False)
    said = await year.reminders()
    assert said, "nobody was reminded at all"
    await holds(year)
    for day, promised in year.seen.items():
        came = {(s.receiver, s.text) for s in said if s.said_at.astimezone(ZONE).date() == day}
        wanted = {(sending.to.id, sending.text.text) for sending in promised}
        differ = {to for to, _ in came ^ wanted}
        assert differ <= year.touched.get(day, set()), day


async def test_every_stage_reaches_everybody_who_owes(database: Database, tmp_path: Path) -> None:
    year = await lived(database, tmp_path, 2, QUARTERLY, rough=False, days=40)
    said = await year.reminders()
    due = next_dues(QUARTERLY, year.workdays, START.date(), 1)[0]
    for stage in stages_of("", QUARTERLY, due, year.workdays):
        there = {s.receiver for s in said if s.said_at.astimezone(ZONE).date() == stage.day}
        spared = year.touched.get(stage.day, set()) | away_or_asleep(year)
        if stage.offset >= 0:
            assert ALL_UNITS in there, stage
        if stage.offset >= -1:
            owing = {staff[0] for unit, staff in year.clerks.items() if staff and alone(year, unit)}
            assert owing - there <= spared, stage
        else:
            assert OFFICE in there


def alone(year: Year, unit: str) -> bool:
    """Whether the unit is the only lead of something it has never reported."""
    return any(m.lead_units == (unit,) and (unit, m.name) in year.ear.open for m in year.matters.values())


def away_or_asleep(year: Year) -> set[str]:
    """Everybody who ever wrote to the robot."""
    return {t.to.id for t in year.ear.taken if not t.pushed}


@pytest.mark.parametrize("seed", [3, 4])
async def test_a_rough_year_loses_and_doubles_nothing(database: Database, tmp_path: Path, seed: int) -> None:
    year = await lived(database, tmp_path, seed, MONTHLY if seed % 2 else QUARTERLY, rough=True)
    assert await year.reminders()
    await holds(year)


async def holds(year: Year) -> None:
    """What is true of every year."""
    said = await year.reminders()
    texts = {(s.receiver, s.text) for s in said}
    names = sorted(year.names, key=len, reverse=True)
    for taken in year.ear.taken:
        if not taken.pushed:
            continue
        local = taken.at.astimezone(ZONE)
        assert year.workdays.is_workday(local.date()), taken
        assert time(8, 30) <= local.time() <= time(17, 31), taken
        if (taken.to.id, taken.text) in texts and taken.to.kind == "person" and taken.to.id != OFFICE:
            named = set[str]()
            rest = taken.text
            for name in names:
                if name in rest:
                    named.add(name)
                    rest = rest.replace(name, "")
            assert named <= {name for _, name in taken.open}, (taken.text, "reported already")
        if taken.to.kind == "group":
            assert not [unit for unit in year.units if unit in taken.text], taken.text
    local_days = [(s.receiver, s.said_at.astimezone(ZONE).date()) for s in said]
    assert max(Counter(local_days).values()) == 1, "more than one digest a day"
    weeks = Counter((to, day.isocalendar()[:2]) for to, day in local_days if to in GROUPS)
    assert max(weeks.values(), default=0) <= POSTS_A_WEEK
