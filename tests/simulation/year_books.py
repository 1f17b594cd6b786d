"""Compares the books after a year: what people were told beside what was owed, promised and allowed."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, time, timedelta

from chinese_calendar import is_workday

from handlers.rules.periods import Due, next_dues
from handlers.rules.stages import LATE, POSTS_A_WEEK, stages_of
from storage import Said
from tests.bot.fake_door import ZONE
from tests.simulation.ear import Taken
from tests.simulation.year import ALL_UNITS, OFFICE, SOME_UNITS, START, Year

GROUPS = (ALL_UNITS, SOME_UNITS)
POST = re.compile(
    r"数字生活新服务标杆县市创建(?:\d{4}年)?(?:[一二三四]季度|\d+月)报送"
    r"(?: \d+月\d+日（周.(?:，调休上班)?）17:00截止，还有\d+个工作日|今天17:00截止)。"
    r"(?P<all>\d+)件已收到(?P<got>\d+)件(?:，还没报的已单独提醒)?。"
)


async def holds(year: Year) -> None:
    """What is true of every year."""
    said = await year.reminders()
    pushes = [taken for taken in year.ear.taken if taken.pushed]
    texts = {(line.receiver, line.text) for line in said}
    reminders = [push for push in pushes if (push.to.id, push.text) in texts]
    nothing_comes_outside_hours(pushes)
    nobody_is_reminded_after_reporting(year, reminders)
    groups_hear_counts_and_the_deadline_only(year, pushes)
    caps_are_kept(said)
    nothing_is_doubled(year, reminders)
    every_stage_is_announced(year, said)
    list_what_differs(year, said)
    every_successor_is_told(year)
    deadlines_move_to_the_next_workday(year)


def nothing_comes_outside_hours(pushes: list[Taken]) -> None:
    for push in pushes:
        local = push.at.astimezone(ZONE)
        assert is_workday(local.date()), push
        assert time(8, 30) <= local.time() <= time(17, 31), push


def nobody_is_reminded_after_reporting(year: Year, reminders: list[Taken]) -> None:
    names = sorted({m.name for m in year.matters.values()}, key=len, reverse=True)
    for push in reminders:
        if push.to.kind != "person" or push.to.id == OFFICE:
            continue
        named, rest = set[str](), push.text
        for name in names:
            if name in rest:
                named.add(name)
                rest = rest.replace(name, "")
        assert named, push.text
        assert named <= {name for _, name in push.open}, (push.text, "reported already")


def groups_hear_counts_and_the_deadline_only(year: Year, pushes: list[Taken]) -> None:
    """Word for word a sentence without room for a name or a value, and the counts are true."""
    for push in pushes:
        if push.to.kind != "group":
            continue
        said = POST.fullmatch(push.text)
        assert said, push.text
        about = list(year.units)[:2] if push.to.id == SOME_UNITS else list(year.units)
        mine = [m for m in year.matters.values() if set(about) & set(m.lead_units)]
        left = {name for _, name in push.open}
        assert (int(said["all"]), int(said["got"])) == (len(mine), sum(m.name not in left for m in mine)), push.text
        assert not [name for name in (*year.units, *(m.name for m in mine)) if name in push.text], push.text


def caps_are_kept(said: list[Said]) -> None:
    """One digest a day for each person, so many posts a week for each group."""
    days = [(line.receiver, line.said_at.astimezone(ZONE).date()) for line in said]
    assert max(Counter(days).values()) == 1, "more than one digest a day"
    weeks = Counter((to, day.isocalendar()[:2]) for to, day in days if to in GROUPS)
    assert max(weeks.values(), default=0) <= POSTS_A_WEEK


def nothing_is_doubled(year: Year, reminders: list[Taken]) -> None:
    """Somebody hears twice on a day only when the process died before it knew that the first was taken."""
    heard = Counter((push.to.id, push.at.astimezone(ZONE).date()) for push in reminders)
    lost = Counter((push.to.id, push.at.astimezone(ZONE).date()) for push in reminders if push.lost)
    assert all(count <= 1 + lost[where] for where, count in heard.items())
    assert sum(lost.values()) <= year.ear.deaths


def every_stage_is_announced(year: Year, said: list[Said]) -> None:
    """On each day of each deadline: all who alone owe something and were not heard of since the morning, the group
    unless its week is full, the office its list at the end."""
    told: dict[date, set[str]] = {}
    for line in said:
        told.setdefault(line.said_at.astimezone(ZONE).date(), set()).add(line.receiver)
    lived = [day for day in year.expected if day not in year.down]
    for due in dues_of(year):
        for stage in stages_of("", year.plan, due, year.workdays):
            if stage.day not in lived:
                continue
            there, changed = told.get(stage.day, set()), set(year.changed.get(stage.day, ()))
            if stage.offset >= LATE:
                for unit, staff in year.expected[stage.day].items():
                    assert there & set(staff) or changed & set(staff), (stage, unit)
            else:
                assert OFFICE in there, stage
            if stage.offset >= 0 and stage.day in days_of_posts(year, due):
                assert ALL_UNITS in there, stage


def every_successor_is_told(year: Year) -> None:
    """Who took over a seat heard of it, whatever died meanwhile."""
    told = {taken.to.id for taken in year.ear.taken if "您已接任" in taken.text}
    assert set(year.successors) <= told


def deadlines_move_to_the_next_workday(year: Year) -> None:
    """顺延, by the State Council's calendar itself."""
    for due in dues_of(year):
        off = [due.printed + timedelta(days=n) for n in range((due.day - due.printed).days)]
        assert is_workday(due.day)
        assert due.day >= due.printed
        assert not [day for day in off if is_workday(day)]


def dues_of(year: Year) -> list[Due]:
    """The deadlines of the time that was lived."""
    return [due for due in next_dues(year.plan, year.workdays, START.date(), 30) if due.day <= year.clock.now().date()]


def days_of_posts(year: Year, due: Due) -> set[date]:
    """In each week the days nearest to the deadline, as many as a group is told on."""
    weeks: dict[tuple[int, int], list[date]] = {}
    for stage in stages_of("", year.plan, due, year.workdays):
        if stage.offset >= 0:
            weeks.setdefault(stage.day.isocalendar()[:2], []).append(stage.day)
    return {day for days in weeks.values() for day in sorted(days)[-POSTS_A_WEEK:]}


def list_what_differs(year: Year, said: list[Said]) -> list[str]:
    """Day by day who heard something else than the morning's preview promised, and what happened in between: he or a
    joint lead reported (then groups and the office count anew), put it off, went away or handed over (then the office
    calls others). Of nobody else anything may differ, but who stands in gets word for word what another was promised.
    """
    found = []
    for day, seen in year.seen.items():
        if day in year.down:
            continue
        came = {(line.receiver, line.text) for line in said if line.said_at.astimezone(ZONE).date() == day}
        promised = {(sending.to.id, sending.text.text) for sending in seen}
        why = dict(year.changed.get(day, {}))
        why |= {to: "stood in" for to, text in came - promised if stood_in(year, day, to, text, promised)}
        differ = sorted({to for to, _ in came ^ promised})
        assert set(differ) <= set(why), (day, set(differ) - set(why))
        found += [f"{day} {to}: {why[to]}" for to in differ]
    return found


def stood_in(year: Year, day: date, to: str, text: str, promised: set[tuple[str, str]]) -> bool:
    """Whether he heard what was promised to a colleague of his who went away that day."""
    away = year.stand_ins.get(day, {})
    return any(to in colleagues and (gone, text) in promised for gone, colleagues in away.items())
