"""Where the caps really bind: several notices with deadlines in one week, put off and due on one day, late messages.

The year's one notice never reaches its caps: here each test fails as soon as its cap is taken away.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from handlers.plan_terms import terms_of
from handlers.publishing import keep, publish
from handlers.remind_preview import Preview, preview
from handlers.remind_said import Desk
from handlers.rules.periods import Frequency, Plan
from handlers.rules.stages import Hours
from knowledge import read_notice
from storage import Actor, Database, Owed
from tests.bot.fake_door import ZONE
from tests.simulation.ear import Taken
from tests.simulation.year import ALL_UNITS, NOTICE, OFFICE, START, SYSTEM, Year

MONDAY = date(2021, 6, 21)
WEEK = [MONDAY + timedelta(days=n) for n in range(5)]
FRIDAY = WEEK[4]
OTHERS = ("11-state-council-43-2020.txt", "14-state-council-117-2018.txt")
SHARED = "u0-联络人"
"""He reports on all three notices."""


@pytest.fixture
async def year(database: Database, tmp_path: Path) -> Year:
    """Three notices in one group, due on Wednesday, Thursday and Friday of a week; one person reports on them all."""
    year = Year(database, tmp_path, Random(1))
    await year.begin()
    for name, day, hour in zip(OTHERS, (23, 24), ("09:00", "08:40"), strict=True):
        await add(year, name, Plan(Frequency.ONCE, 6, day, once=date(2021, 6, day)), hour)
    return year


async def add(year: Year, name: str, plan: Plan, hour: str) -> None:
    """One more notice with a plan; its first unit's clerk is the shared one."""
    source = (NOTICE.parent / name).read_bytes()
    notice = read_notice(source, name)
    async with year.database.work() as work:
        stored = await keep(work, notice, source, name, SYSTEM, START)
        await publish(work, stored, notice, SYSTEM, START)
    async with year.database.work() as work:
        unit = next(m.lead_units[0] for m in await work.matters.current(notice.key) if m.lead_units)
        person = next(p for p in await work.directory.people(START) if p.staff_id == SHARED)
        await work.directory.seat(person.id, unit, "联络人", SYSTEM, START)
        await work.groups.bind(ALL_UNITS, notice.key, None, SYSTEM, START)
        await work.plans.publish(notice.key, "plan", terms_of(plan) | {"remind_at": hour}, SYSTEM, START)


async def to(year: Year, day: date, hour: int = 10, minute: int = 0) -> None:
    """Go on to a moment, looking every five minutes of the morning as the bot does."""
    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)
    for early in (datetime(day.year, day.month, day.day, 8, 40, tzinfo=ZONE), moment):
        if early > year.clock.now():
            year.clock.forward(early - year.clock.now())
            await year.settle()


async def foreseen(year: Year, day: date) -> Preview:
    """The preview of a day."""
    async with year.database.read() as work:
        desk = Desk(work, await year.core.shelf.library(work), year.clock.now(), year.workdays)
        return await preview(desk, day, Hours())


def posts(year: Year) -> list[tuple[date, str]]:
    """What the group was told in this week."""
    pushed = [t for t in year.ear.taken if t.pushed and t.to.id == ALL_UNITS]
    return [(t.at.astimezone(ZONE).date(), t.text) for t in pushed if t.at.astimezone(ZONE).date() in WEEK]


async def switch_weekly_on(year: Year) -> None:
    async with year.database.work() as work:
        await work.settings.set("groups.weekly", True, Actor(OFFICE, "办公室"), START)


async def test_a_week_of_three_deadlines_has_two_posts_the_last_days_and_the_preview_says_what_fell_out(
    year: Year,
) -> None:
    await switch_weekly_on(year)
    await to(year, date(2021, 6, 20))
    promised, dropped = dict[date, str](), dict[date, list[str]]()
    for day in WEEK:
        seen = await foreseen(year, day)
        promised.update((day, s.text.text) for s in seen.sends if s.to.id == ALL_UNITS)
        dropped[day] = [one.why for one in seen.spared if one.who == "群 全部单位群"]
        await to(year, day)
    assert dict(posts(year)) == promised
    assert [day for day, _ in posts(year)] == [WEEK[2], WEEK[3]], "the two T-0 that come first, before Friday's"
    assert len(posts(year)) == 2
    for day in (WEEK[0], WEEK[1], FRIDAY):
        assert dropped[day], day
        assert all("本周群消息已满2条" in why for why in dropped[day]), dropped[day]


async def test_three_notices_are_one_digest_a_day_and_what_was_put_off_joins_it(year: Year) -> None:
    for day in WEEK:
        seen = await foreseen(year, day)
        assert max(Counter(s.to.id for s in seen.sends).values(), default=0) <= 1, day
        assert not [one for one in seen.spared if "每人每天" in one.why], "planned as one, not cut down to one"
        await to(year, day, 9, 35)
        if day == WEEK[1]:
            await year.say(SHARED, "明天报", day)
    told = Counter((t.to.id, t.at.astimezone(ZONE).date()) for t in year.ear.taken if t.pushed and t.to.id == SHARED)
    assert max(told.values()) == 1, told
    put_off = [t for t in year.ear.taken if t.pushed and t.to.id == SHARED and t.at.astimezone(ZONE).date() == WEEK[2]]
    assert len(put_off) == 1
    assert put_off[0].text.count("截止") >= 2, "several deadlines in one digest"


async def test_a_digest_that_came_late_is_the_days_only_one(year: Year) -> None:
    """DingTalk is away on Tuesday; what it takes at 8:40 on Wednesday is the person's message of that day."""
    year.ear.away = True
    await to(year, WEEK[1])
    await to(year, WEEK[1], 17)
    year.ear.away = False
    for day in WEEK[2:]:
        await to(year, day, 9, 35)
        await to(year, day, 11)
    told = Counter((t.to.id, t.at.astimezone(ZONE).date()) for t in year.ear.taken if t.pushed and t.to.id != OFFICE)
    assert max(told.values()) == 1, told


async def test_late_posts_take_no_place_from_a_deadlines_own_day(year: Year) -> None:
    """Friday's and Monday's posts come late, on Monday and Tuesday: the two T-0 are still said."""
    year.ear.away = True
    for day in (date(2021, 6, 17), date(2021, 6, 18)):
        await to(year, day)
    year.ear.away = False
    for day in WEEK:
        await to(year, day)
        await to(year, day, 16)
    said = posts(year)
    assert len(said) == 2, said
    assert [day for day, text in said if "今天17:00截止" in text] == [WEEK[2], WEEK[3]]


async def test_the_weeks_count_and_a_stage_of_the_same_day_are_one_post(year: Year) -> None:
    await switch_weekly_on(year)
    monday = date(2021, 6, 28)
    async with year.database.work() as work:
        for name in OTHERS:
            notice = read_notice((NOTICE.parent / name).read_bytes(), name).key
            once = terms_of(Plan(Frequency.ONCE, 7, 5, once=date(2021, 7, 5), offsets=(5, 0)))
            await work.plans.publish(notice, "plan", once | {"remind_at": "08:40"}, SYSTEM, START)
    await to(year, monday, 9, 35)
    said = [t.text for t in year.ear.taken if t.pushed and t.to.id == ALL_UNITS and t.at.date() == monday]
    assert len(said) == 1, said


async def test_what_comes_late_on_a_stages_day_is_said_with_it_or_left_out(year: Year) -> None:
    """Silence from Monday to Wednesday night: on Thursday nothing at 8:31, at 8:40 one message with all of it."""
    await to(year, date(2021, 6, 20))
    await at(year, WEEK[2], 23)
    await at(year, WEEK[3], 8)
    seen = await foreseen(year, WEEK[3])
    await at(year, WEEK[3], 8, 31)
    assert not pushed_on(year, WEEK[3])
    await to(year, WEEK[3], 9, 35)
    said = pushed_on(year, WEEK[3])
    assert {(t.to.id, t.text) for t in said} == {(s.to.id, s.text.text) for s in seen.sends}
    assert max(Counter(t.to.id for t in said).values()) == 1
    mine = next(t.text for t in said if t.to.id == SHARED)
    assert "今天17:00截止" in mine, "the stage of the day"
    assert "还有1个工作日" in mine, "what came late of the other notice"


async def test_a_stage_that_comes_late_on_the_last_day_is_overtaken_by_it(database: Database, tmp_path: Path) -> None:
    year = Year(database, tmp_path, Random(1))
    await year.begin()
    await to(year, WEEK[1])
    await at(year, WEEK[3], 23)
    await at(year, FRIDAY, 8, 31)
    assert not pushed_on(year, FRIDAY)
    await to(year, FRIDAY, 11)
    assert max(Counter(t.to.id for t in pushed_on(year, FRIDAY)).values()) == 1


async def test_what_the_days_cap_held_back_is_said_on_the_next_workday(database: Database, tmp_path: Path) -> None:
    year, friday, monday = Year(database, tmp_path, Random(1)), date(2021, 6, 18), date(2021, 6, 21)
    await year.begin()
    await to(year, friday)
    told = next(t for t in pushed_on(year, friday) if t.to.id == SHARED)
    async with database.work() as work:
        fact = next(r for r in await work.reminders.live("person", SHARED))
        more = Owed(
            fact.plan_id, fact.notice, fact.period, fact.unit, fact.matters, "备用", fact.stage, "person", SHARED,
            year.clock.now(), fact.expires_at,
        )  # fmt: skip
        await work.reminders.owe_all([more])
    await to(year, friday, 16)
    assert [t for t in pushed_on(year, friday) if t.to.id == SHARED] == [told]
    await at(year, monday, 8)
    seen = await foreseen(year, monday)
    await to(year, monday)
    assert [(t.to.id, t.text) for t in pushed_on(year, monday)] == [(s.to.id, s.text.text) for s in seen.sends]
    assert [t.to.id for t in pushed_on(year, monday)] == [SHARED]


async def at(year: Year, day: date, hour: int, minute: int = 0) -> None:
    """Nothing runs until a moment; then what is due."""
    year.clock.forward(datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE) - year.clock.now())
    await year.settle()


def pushed_on(year: Year, day: date) -> list[Taken]:
    """What people and groups were told unasked on a day; the office's own left out."""
    return [t for t in year.ear.taken if t.pushed and t.to.id != OFFICE and t.at.astimezone(ZONE).date() == day]
