"""Stages of deadlines, the cap of groups, hours."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.rules.periods import Frequency, Plan, Shift, due_of, next_dues
from handlers.rules.stages import (
    CALLS,
    LATE,
    Hours,
    group_posts,
    left_in_words,
    merged_moment,
    next_allowed,
    snooze_until,
    stage_in_words,
    stages_between,
    stages_of,
    stages_on,
    superseded,
    why_in_words,
    why_not_now,
)
from handlers.rules.workdays import Workdays

DAYS = Workdays()
ZONE = ZoneInfo("Asia/Shanghai")
PLAN = Plan(Frequency.QUARTER, 3, 24)
DUE = due_of(PLAN, "2021Q3", DAYS)
YEAR = [date(2021, 1, 1) + timedelta(days=n) for n in range(730)]


def test_stages_of_a_deadline_fall_on_workdays() -> None:
    found = stages_of("p", PLAN, DUE, DAYS)
    assert [(stage.offset, stage.day) for stage in found] == [
        (5, date(2021, 9, 16)),
        (2, date(2021, 9, 22)),
        (0, date(2021, 9, 24)),
        (LATE, date(2021, 9, 26)),
        (CALLS, date(2021, 9, 27)),
    ]
    assert found[0].key == "p/2021Q3/5"


def test_a_plan_without_reminders_has_no_stages() -> None:
    assert stages_of("p", Plan(Frequency.QUARTER, 3, 24, offsets=()), DUE, DAYS) == []


def test_every_stage_of_two_years_fires_once() -> None:
    plans = {"p": PLAN, "m": Plan(Frequency.MONTH, 1, 5, shift=Shift.EARLIER)}
    fired = [stage.key for day in YEAR for stage in stages_on(plans, day, DAYS)]
    assert len(fired) == len(set(fired))
    for name, plan in plans.items():
        for due in next_dues(plan, DAYS, date(2021, 2, 1), 7):
            assert {stage.key for stage in stages_of(name, plan, due, DAYS)} <= set(fired)


def test_after_downtime_only_the_latest_stage_is_left() -> None:
    found = stages_between({"p": PLAN}, date(2021, 9, 15), date(2021, 9, 23), DAYS)
    assert [stage.offset for stage in found] == [2]
    early = stages_of("p", PLAN, DUE, DAYS)[0]
    assert superseded(early, date(2021, 9, 22), DAYS, PLAN)
    assert not superseded(early, date(2021, 9, 18), DAYS, PLAN)


def test_a_group_hears_at_most_twice_a_week_and_the_deadline_comes_first() -> None:
    plans = {"a": PLAN, "b": Plan(Frequency.MONTH, 1, 22), "c": Plan(Frequency.MONTH, 1, 23)}
    for day in YEAR[3:365:7]:
        week = [day + timedelta(days=n) for n in range(7)]
        kept = [post for each in week for post in group_posts("g", plans, each, DAYS, digest=True)[0]]
        assert len(kept) <= 2
    kept, dropped = group_posts("g", {"a": PLAN, "m": Plan(Frequency.MONTH, 1, 23)}, date(2021, 9, 22), DAYS)
    assert (kept, [each.what.rank for each in dropped]) == ([], [2])
    dropped_somewhere = [each for day in YEAR[:365] for each in group_posts("g", plans, day, DAYS, digest=True)[1]]
    assert dropped_somewhere
    assert all("本周群消息已满2条" in each.why for each in dropped_somewhere)


def test_the_digest_gives_way() -> None:
    kept, _ = group_posts("g", {}, date(2021, 9, 13), DAYS, digest=True)
    assert [post.digest for post in kept] == [True]
    two = {"p": Plan(Frequency.ONCE, 9, 24, once=date(2021, 9, 24), offsets=(2, 0))}
    monday = date(2021, 9, 22)  # the first workday after 中秋
    assert [post.rank for post in group_posts("g", two, monday, DAYS, digest=True)[0]] == [2]


@pytest.mark.parametrize(
    ("now", "allowed"),
    [
        ("2021-09-24T09:00", "2021-09-24T09:00"),
        ("2021-09-24T08:00", "2021-09-24T08:30"),
        ("2021-09-24T18:00", "2021-09-26T08:30"),
        ("2021-10-02T12:00", "2021-10-08T08:30"),
        ("2021-09-30T17:31", "2021-10-08T08:30"),
    ],
)
def test_nothing_is_pushed_off_hours(now: str, allowed: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=ZONE)
    there = next_allowed(moment, Hours(), DAYS)
    assert there == datetime.fromisoformat(allowed).replace(tzinfo=ZONE)
    assert why_not_now(there, Hours(), DAYS) is None
    assert (why_not_now(moment, Hours(), DAYS) is None) is (now == allowed)


def test_words_of_the_preview() -> None:
    assert left_in_words(date(2021, 9, 22), DUE, DAYS) == "还有2个工作日"
    assert left_in_words(date(2021, 9, 24), DUE, DAYS) == "今天截止"
    assert [stage_in_words(offset) for offset in (5, 0, LATE)] == ["截止前5个工作日", "截止当天", "截止后第1个工作日"]
    assert why_in_words("snoozed", until="周四9:30") == "本人要求周四9:30前不打扰"
    assert snooze_until(date(2021, 10, 2), DAYS) == (date(2021, 10, 8), time(9, 30))
    assert merged_moment([]) is None
    assert merged_moment(stages_on({"p": PLAN}, date(2021, 9, 24), DAYS)) == time(9)
