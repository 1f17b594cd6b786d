"""Workdays with 调休, at the edges of the calendar and with local corrections."""

from datetime import date

import pytest

from handlers.rules.workdays import Workdays

DAYS = Workdays()


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2021, 9, 25), False),
        (date(2021, 9, 26), True),
        (date(2021, 10, 1), False),
        (date(2021, 10, 9), True),
        (date(2021, 12, 27), True),
        (date(2022, 1, 3), False),
        (date(2022, 1, 29), True),
        (date(2035, 10, 1), True),
        (date(2035, 10, 6), False),
    ],
)
def test_a_day_is_worked(day: date, worked: bool) -> None:
    assert DAYS.is_workday(day) is worked


def test_beyond_the_calendar_it_says_so() -> None:
    assert DAYS.covered(date(2021, 1, 1))
    assert not DAYS.covered(date(2035, 1, 1))
    assert not DAYS.covered(date(1999, 1, 1))
    assert DAYS.covered_until.month == 12
    assert "周一至周五" in DAYS.coverage()


def test_a_local_table_overrides() -> None:
    local = Workdays({date(2021, 9, 27): False, date(2035, 10, 1): False})
    assert local.on_or_after(date(2021, 9, 27)) == date(2021, 9, 28)
    assert local.covered(date(2035, 10, 1))


def test_counting_workdays() -> None:
    assert DAYS.add(date(2021, 9, 24), 0) == date(2021, 9, 24)
    assert DAYS.add(date(2021, 9, 24), 1) == date(2021, 9, 26)
    assert DAYS.add(date(2021, 10, 9), -2) == date(2021, 9, 30)
    assert DAYS.between(date(2021, 9, 30), date(2021, 10, 9)) == 2
    assert DAYS.between(date(2021, 10, 9), date(2021, 9, 30)) == 0
    assert DAYS.on_or_before(date(2021, 10, 5)) == date(2021, 9, 30)


def test_the_first_workday_of_a_week() -> None:
    assert DAYS.first_of_week(date(2021, 10, 6)) == date(2021, 10, 8)
    assert DAYS.first_of_week(date(2022, 2, 2)) is None


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2021, 10, 9), "10月9日（周六，调休上班）"),
        (date(2021, 9, 24), "9月24日（周五）"),
        (date(2021, 12, 25), "12月25日（周六）"),
        (date(2021, 10, 1), "10月1日（周五，放假）"),
        (date(2022, 1, 4), "2022年1月4日（周二）"),
    ],
)
def test_a_day_as_it_is_said(day: date, said: str) -> None:
    assert DAYS.spoken(day, date(2021, 7, 1)) == said
