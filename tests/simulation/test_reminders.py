"""Single reminders on the year's town: 缓交, groups that refuse, outsiders, a stop, a turned clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from handlers.plan_terms import terms_of
from storage import Actor, Database
from tests.bot.fake_door import ZONE
from tests.simulation.year import ALL_UNITS, OFFICE, START, SYSTEM, Year

DUE = date(2021, 6, 25)


@pytest.fixture
async def year(database: Database, tmp_path: Path) -> Year:
    """A town on the morning of the deadline."""
    year = Year(database, tmp_path, Random(1))
    await year.begin()
    year.renew(DUE)
    return year


async def at(year: Year, day: date, hour: int = 9) -> list[tuple[str, str]]:
    """What is pushed on going to that moment."""
    before = len(year.ear.taken)
    year.clock.forward(datetime(day.year, day.month, day.day, hour, tzinfo=ZONE) - year.clock.now())
    await year.settle()
    return [(t.to.id, t.text) for t in year.ear.taken[before:] if t.pushed]


async def test_what_the_office_agreed_to_wait_for_is_reminded_of_on_its_day(year: Year) -> None:
    unit = next(unit for unit, staff in year.clerks.items() if staff)
    mine = [m for m in year.matters.values() if unit in m.lead_units[:1]]
    office = Actor(OFFICE, "办公室", "办公室所在单位")
    async with year.database.work() as work:
        for matter in mine:
            asked = await work.requests.ask(
                "postpone", unit, office, START, matter_id=matter.id, notice=year.notice, period="2021Q2",
                body={"until": "2021-06-30"},
            )  # fmt: skip
            await work.requests.close(asked, "granted", office, START)
    mates = set(year.clerks[unit])
    for day in (date(2021, 6, 18), date(2021, 6, 23), DUE, date(2021, 6, 28), date(2021, 6, 29)):
        told = [text for to, text in await at(year, day) if to in mates]
        assert not [text for text in told if any(m.name in text for m in mine)], day
    told = [text for to, text in await at(year, date(2021, 6, 30)) if to in mates]
    assert len(told) == 1
    assert "同意缓交到今天" in told[0]


async def test_a_town_hears_of_what_was_put_on_it_until_it_has_said_its_line(year: Year) -> None:
    office = Actor(OFFICE, "办公室", "办公室所在单位")
    one, other = list(year.matters.values())[:2]
    async with year.database.work() as work:
        for town in ("甲镇", "乙街道"):
            person = await work.directory.enrol(f"{town}联络人", START, staff_id=f"t-{town}")
            await work.directory.seat(person.id, town, "联络人", office, START)
        for matter in (one, other):
            await work.matters.assign_towns(matter.id, ["甲镇"], office, START)
    told = await at(year, date(2021, 6, 18))
    (first,) = [text for to, text in told if to == "t-甲镇"]
    assert one.name in first and other.name in first and "不用报数" in first  # noqa: PT018
    assert "t-乙街道" not in dict(told)
    async with year.database.work() as work:
        await work.contributions.add(one.id, "2021Q2", "甲镇", "town", Actor("t-甲镇", "联络人"), START, words="做了")
    (second,) = [text for to, text in await at(year, date(2021, 6, 23)) if to == "t-甲镇"]
    assert one.name not in second and other.name in second  # noqa: PT018
    async with year.database.work() as work:
        await work.matters.assign_towns(other.id, [], office, START)
    assert "t-甲镇" not in dict(await at(year, DUE))
    assert "t-甲镇" not in dict(await at(year, date(2021, 6, 28)))


async def test_a_group_that_refuses_us_is_told_of_once(year: Year) -> None:
    async with year.database.work() as work:
        await work.groups.trouble(ALL_UNITS, "refused", "group", START)
    first = await at(year, date(2021, 6, 2))
    again = await at(year, date(2021, 6, 3))
    assert [to for to, text in first if "发不进去" in text] == [OFFICE]
    assert not again


async def test_a_group_with_outsiders_hears_no_counts(year: Year) -> None:
    async with year.database.work() as work:
        await work.groups.see(ALL_UNITS, "有外人的群", START, outsiders=True)
    texts = dict(await at(year, date(2021, 6, 18)))
    assert "截止" in texts[ALL_UNITS]
    assert "已收到" not in texts[ALL_UNITS]


async def test_what_a_stop_held_back_is_said_late_in_one_and_what_was_overtaken_is_not(year: Year) -> None:
    await at(year, date(2021, 6, 17), 10)
    await year.say(OFFICE, "停发", date(2021, 6, 17))
    assert not [to for to, _ in await at(year, date(2021, 6, 18)) if to != OFFICE]
    assert not [to for to, _ in await at(year, date(2021, 6, 23)) if to != OFFICE]
    before = len(year.ear.taken)
    year.clock.forward(timedelta(hours=2))
    await year.say(OFFICE, "恢复", date(2021, 6, 23))
    late = [(t.to.id, t.text) for t in year.ear.taken[before:] if t.pushed]
    told = [to for to, _ in late]
    assert ALL_UNITS in told
    assert {staff[0] for staff in year.clerks.values() if staff} & set(told)
    assert len(told) == len(set(told)), "one late message each"
    assert all("还有2个工作日" in text for to, text in late if to != OFFICE), "T-5 is overtaken"
    assert not [to for to, _ in await at(year, date(2021, 6, 24)) if to != OFFICE]
    assert await at(year, DUE)


async def test_what_nobody_needs_any_more_is_not_made_up_for(year: Year) -> None:
    await year.say(OFFICE, "停发", date(2021, 6, 1))
    assert not await at(year, date(2021, 7, 8), 10)
    before = len(year.ear.taken)
    await year.say(OFFICE, "恢复", date(2021, 7, 8))
    assert not [t for t in year.ear.taken[before:] if t.pushed and t.to.id != OFFICE]


async def test_turning_the_clock_about_doubles_nothing(year: Year) -> None:
    said = []
    for day in (18, 23, 20, 24, 18, 23, 25, 18, 25):
        said += await at(year, date(2021, 6, day), 10)
    assert len(said) == len(set(said))


async def test_nobody_is_mentioned_unless_the_office_wants_it(year: Year) -> None:
    by = Actor(OFFICE, "办公室")
    async with year.database.work() as work:
        await work.groups.set_webhook(ALL_UNITS, "https://oapi.dingtalk.com/robot/send?access_token=x", "s", by, START)
    await at(year, date(2021, 6, 18))
    async with year.database.work() as work:
        await work.settings.set("groups.mention", True, by, START)
    await at(year, date(2021, 6, 23))
    mentions = [t.mentions for t in year.ear.taken if t.to.id == ALL_UNITS]
    assert mentions[0] == ()
    assert set(mentions[1]) <= {staff for found in year.clerks.values() for staff in found}
    assert mentions[1]


async def test_the_weekly_count_comes_only_if_switched_on_and_leaves_room_for_deadlines(year: Year) -> None:
    assert not await at(year, date(2021, 6, 7))
    async with year.database.work() as work:
        await work.settings.set("groups.weekly", True, Actor(OFFICE, "办公室"), START)
    said = await at(year, date(2021, 6, 15))  # Monday the 14th is 端午
    assert {to for to, _ in said} == {ALL_UNITS, "cid-some"}
    assert all(text.startswith("本周情况：") for _, text in said)
    week = [text for day in (21, 23, 25) for to, text in await at(year, date(2021, 6, day)) if to == ALL_UNITS]
    assert len(week) == 2, "T-2 and T-0 take the week's two posts"
    assert not any(text.startswith("本周") for text in week)


async def test_the_notices_own_target_is_said_once_beside_the_first_reminder_and_cited(year: Year) -> None:
    told = {day: await at(year, day) for day in (date(2021, 6, 18), date(2021, 12, 20), date(2021, 12, 23))}
    marked = {day: [text for _, text in said if "通知自己定的目标" in text] for day, said in told.items()}
    assert not marked[date(2021, 6, 18)], "half a year is too early"
    assert marked[date(2021, 12, 20)]
    assert all(
        "2021年" in text and "（附件1第" in text and "和报送截止是两回事" in text for text in marked[date(2021, 12, 20)]
    )
    assert not marked[date(2021, 12, 23)], "once is enough"


async def test_the_notices_own_target_is_not_lost_when_the_plan_comes_after_the_first_stage(year: Year) -> None:
    async with year.database.work() as work:
        await work.plans.end(year.notice, SYSTEM, year.clock.now())
    assert not await at(year, date(2021, 12, 21))
    async with year.database.work() as work:
        await work.plans.publish(year.notice, "later", terms_of(year.plan), SYSTEM, year.clock.now())
    told = {day: await at(year, day) for day in (date(2021, 12, 23), date(2021, 12, 27))}
    marked = {day: [to for to, text in said if "通知自己定的目标" in text] for day, said in told.items()}
    assert marked[date(2021, 12, 23)]
    assert not set(marked[date(2021, 12, 27)]) & set(dict(told[date(2021, 12, 23)])), "once is enough"


async def test_the_notices_own_target_is_said_when_the_first_stage_was_a_trial(year: Year) -> None:
    async with year.database.work() as work:
        await work.plans.publish(year.notice, "tried", terms_of(year.plan), SYSTEM, year.clock.now(), state="trial")
    assert {to for to, _ in await at(year, date(2021, 12, 20))} == {OFFICE}
    await year.say(OFFICE, "直接启用", date(2021, 12, 20))
    told = await at(year, date(2021, 12, 23))
    assert [to for to, text in told if "通知自己定的目标" in text]


async def test_what_nobody_leads_is_told_apart_and_counted_nowhere(year: Year) -> None:
    unled = [m.name for m in year.matters.values() if not m.lead_units]
    texts = dict(await at(year, date(2021, 6, 18)))
    assert f"{len(year.matters) - len(unled)}件已收到0件" in texts[ALL_UNITS]
    before = len(year.ear.taken)
    await year.say(OFFICE, "谁还没报", date(2021, 6, 18))
    said = "".join(t.text for t in year.ear.taken[before:])
    assert f"另有{len(unled)}件没有牵头单位，未计入" in said
    assert unled[0] in said


async def test_what_was_held_up_waits_for_the_hours_and_a_workday(year: Year) -> None:
    """DingTalk is away on Friday from the morning on: nothing in the evening, on Saturday, on Monday before half past
    eight."""
    year.ear.away = True
    assert not await at(year, date(2021, 6, 18))
    year.ear.away = False
    for day, hour in ((18, 19), (19, 10), (20, 10), (21, 7), (21, 8)):
        assert not await at(year, date(2021, 6, day), hour), (day, hour)
    assert await at(year, date(2021, 6, 21), 9)


async def test_who_is_away_or_asked_for_quiet_hears_nothing_until_then(year: Year) -> None:
    """Of two on leave, one has a colleague, who hears in his stead; a third put it off past the second stage."""
    alone = next(staff[0] for staff in year.clerks.values() if len(staff) == 1)
    away, colleague = next(staff for staff in year.clerks.values() if len(staff) > 1)
    for staff in (alone, away):
        await year.say(staff, "我请假到6月24日", date(2021, 6, 1))
        await year.say(staff, "没有人代", date(2021, 6, 1))
    first = dict(await at(year, date(2021, 6, 18)))
    assert not {alone, away} & set(first)
    assert colleague in first
    quiet = next(staff for staff in first if staff not in (OFFICE, ALL_UNITS, "cid-some", colleague))
    await year.say(quiet, "下周四报", date(2021, 6, 18))
    second = dict(await at(year, date(2021, 6, 23)))
    assert not {alone, away, quiet} & set(second)
    assert colleague in second
    last = dict(await at(year, DUE))
    assert {alone, away, quiet} <= set(last)
    assert colleague not in last
