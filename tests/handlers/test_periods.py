"""Periods, their names, their due dates."""

from datetime import date, time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.periods import (
    LATE,
    Frequency,
    Plan,
    Shift,
    after,
    before,
    current,
    due_of,
    is_key,
    key_of,
    name,
    next_dues,
    span,
)
from handlers.rules.workdays import Workdays

DAYS = Workdays()
QUARTERLY = Plan(Frequency.QUARTER, 3, 25)


@pytest.mark.parametrize(
    ("frequency", "key", "said"),
    [
        (Frequency.MONTH, "2021-07", "7月"),
        (Frequency.QUARTER, "2021Q3", "三季度"),
        (Frequency.HALF, "2021H2", "下半年"),
        (Frequency.YEAR, "2021", "2021年度"),
        (Frequency.ONCE, "2021-07-09", "7月9日"),
    ],
)
def test_a_period_has_a_key_and_a_name(frequency: Frequency, key: str, said: str) -> None:
    day = date(2021, 7, 9)
    assert key_of(frequency, day) == key
    assert name(key, day) == said
    first, last = span(key)
    assert first <= day <= last


def test_the_year_is_said_when_it_is_another() -> None:
    assert name("2021Q4", date(2022, 1, 5)) == "2021年四季度"


def test_neighbours() -> None:
    assert (before("2021Q1"), after("2021Q4")) == ("2020Q4", "2022Q1")
    assert (before("2021H1"), after("2021-12"), after("2021")) == ("2020H2", "2022-01", "2022")
    assert before("2021-07-09") is None


def test_keys_are_told_from_other_texts() -> None:
    assert is_key("2021Q4")
    assert not any(is_key(text) for text in ("2021Q5", "2021-13", "", "三季度", "2021Q4x"))


def test_a_due_date_on_a_weekend_moves() -> None:
    due = due_of(QUARTERLY, "2021Q4", DAYS)
    assert (due.printed, due.day) == (date(2021, 12, 25), date(2021, 12, 27))
    earlier = due_of(Plan(Frequency.QUARTER, 3, 25, shift=Shift.EARLIER), "2021Q4", DAYS)
    assert earlier.day == date(2021, 12, 24)
    assert due.moment(ZoneInfo("Asia/Shanghai")).isoformat() == "2021-12-27T17:00:00+08:00"


def test_the_next_three() -> None:
    found = next_dues(QUARTERLY, DAYS, date(2021, 7, 1))
    assert [(due.period, due.day) for due in found] == [
        ("2021Q3", date(2021, 9, 26)),
        ("2021Q4", date(2021, 12, 27)),
        ("2022Q1", date(2022, 3, 25)),
    ]


def test_the_last_day_of_short_months() -> None:
    monthly = Plan(Frequency.MONTH, 1, 31)
    assert due_of(monthly, "2022-02", DAYS).printed == date(2022, 2, 28)


def test_a_period_stays_current_while_what_is_late_is_awaited() -> None:
    year_end = Plan(Frequency.QUARTER, 3, 31)
    assert current(year_end, date(2022, 1, 1), DAYS).period == "2021Q4"
    moved = due_of(year_end, "2023Q4", DAYS)
    assert moved.day == date(2024, 1, 2)
    assert current(year_end, date(2024, 1, 1), DAYS).period == "2023Q4"
    assert current(year_end, date(2024, 1, 3), DAYS).period == "2023Q4"  # a day late is late for what was due
    assert current(year_end, DAYS.add(moved.day, LATE), DAYS).period == "2023Q4"
    assert current(year_end, DAYS.add(moved.day, LATE + 1), DAYS).period == "2024Q1"
    assert current(QUARTERLY, date(2021, 9, 28), DAYS).period == "2021Q3"
    assert current(QUARTERLY, date(2021, 10, 1), DAYS).period == "2021Q3"
    assert current(QUARTERLY, date(2021, 10, 15), DAYS).period == "2021Q4"


def test_nobody_is_late_for_a_deadline_from_before_the_plan() -> None:
    made = date(2021, 10, 1)
    assert current(QUARTERLY, date(2021, 10, 1), DAYS, made).period == "2021Q4"
    assert current(QUARTERLY, date(2021, 10, 1), DAYS, date(2021, 9, 26)).period == "2021Q3"


def test_a_deadline_moved_into_the_span_before_is_that_of_its_own_period() -> None:
    monthly = Plan(Frequency.MONTH, 1, 1, shift=Shift.EARLIER)
    assert due_of(monthly, "2021-10", DAYS).day == date(2021, 9, 30)
    assert current(monthly, date(2021, 9, 24), DAYS).period == "2021-10"
    assert current(monthly, date(2021, 10, 2), DAYS).period == "2021-10"


@given(
    st.sampled_from([Frequency.MONTH, Frequency.QUARTER, Frequency.HALF, Frequency.YEAR]),
    st.integers(1, 12),
    st.integers(1, 31),
    st.sampled_from(list(Shift)),
    st.dates(date(2010, 1, 1), date(2030, 1, 1)),
)
def test_what_is_due_or_a_day_late_is_what_people_report(
    frequency: Frequency, month: int, day: int, shift: Shift, since: date
) -> None:
    plan = Plan(frequency, month, day, shift=shift)
    due = next_dues(plan, DAYS, since, 1)[0]
    assert current(plan, due.day, DAYS).period == due.period
    assert current(plan, DAYS.add(due.day, 1), DAYS).period == due.period


def test_a_plan_for_once() -> None:
    once = Plan(Frequency.ONCE, 12, 20, time(12), once=date(2021, 12, 20))
    assert [due.period for due in next_dues(once, DAYS, date(2021, 7, 1))] == ["2021-12-20"]
    assert next_dues(once, DAYS, date(2022, 1, 1)) == []


def test_a_plan_ends() -> None:
    ended = Plan(Frequency.QUARTER, 3, 25, until=date(2021, 12, 31), since=date(2021, 10, 1))
    assert [due.period for due in next_dues(ended, DAYS, date(2021, 1, 1))] == ["2021Q4"]


@given(
    st.sampled_from([Frequency.MONTH, Frequency.QUARTER, Frequency.HALF, Frequency.YEAR]),
    st.integers(1, 12),
    st.integers(1, 31),
    st.sampled_from(list(Shift)),
    st.dates(date(2005, 1, 1), date(2040, 1, 1)),
)
def test_deadlines_come_in_order_on_workdays_one_per_period(
    frequency: Frequency, month: int, day: int, shift: Shift, since: date
) -> None:
    found = next_dues(Plan(frequency, month, day, shift=shift), DAYS, since, 6)
    assert len({due.period for due in found}) == 6
    assert all(a.day < b.day for a, b in pairwise(found))
    for due in found:
        first, last = span(due.period)
        assert first <= due.printed <= last
        assert DAYS.is_workday(due.day)
        assert due.day >= since
