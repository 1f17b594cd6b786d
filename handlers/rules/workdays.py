"""Workdays of mainland China with 调休, and how a day is said. No hours, no plans.

Source: chinesecalendar, after the yearly notices of the State Council; beyond its years Monday to Friday (`covered`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import chinese_calendar

DAY = timedelta(days=1)
YEARS = frozenset(day.year for day in chinese_calendar.holidays)


class Say:
    WEEKDAYS = "一二三四五六日"
    DAY = "{month}月{day}日"
    DATED = "{year}年{month}月{day}日"
    SPOKEN = "{day}（周{weekday}）"
    SWAPPED = "{day}（周{weekday}，调休上班）"
    OFF = "{day}（周{weekday}，放假）"
    COVERAGE = "工作日历到{day}；之后按周一至周五推算，调休以国务院通知为准。"


@dataclass(frozen=True, slots=True)
class Workdays:
    """The calendar with local corrections: `overrides` says of a day whether it is worked."""

    overrides: Mapping[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        """Whether people are in their offices."""
        if day in self.overrides:
            return self.overrides[day]
        if day.year in YEARS:
            return day in chinese_calendar.workdays or (day.weekday() < 5 and day not in chinese_calendar.holidays)
        return day.weekday() < 5

    def covered(self, day: date) -> bool:
        """Whether the day is known rather than taken for Monday to Friday."""
        return day.year in YEARS or day in self.overrides

    @property
    def covered_until(self) -> date:
        """The last day that is known."""
        return date(max(YEARS), 12, 31)

    def add(self, day: date, count: int) -> date:
        """The day `count` workdays after (before, if negative); 0 gives the day itself."""
        step = DAY if count > 0 else -DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def on_or_after(self, day: date) -> date:
        """The day if it is a workday, else the next one (顺延)."""
        while not self.is_workday(day):
            day += DAY
        return day

    def on_or_before(self, day: date) -> date:
        """The day if it is a workday, else the one before (提前)."""
        while not self.is_workday(day):
            day -= DAY
        return day

    def between(self, first: date, last: date) -> int:
        """Workdays after `first` up to and with `last`; 0 when `last` is not later."""
        return sum(self.is_workday(first + DAY * n) for n in range(1, (last - first).days + 1))

    def first_of_week(self, day: date) -> date | None:
        """The first workday of the day's week (Monday to Sunday); None in a week off."""
        monday = day - DAY * day.weekday()
        return next((monday + DAY * n for n in range(7) if self.is_workday(monday + DAY * n)), None)

    def spoken(self, day: date, today: date | None = None) -> str:
        """10月9日（周六，调休上班）; the year is said when it is not today's."""
        said = Say.DAY if today is None or today.year == day.year else Say.DATED
        text = said.format(year=day.year, month=day.month, day=day.day)
        worked, usual = self.is_workday(day), day.weekday() < 5
        line = Say.SPOKEN if worked == usual else Say.SWAPPED if worked else Say.OFF
        return line.format(day=text, weekday=Say.WEEKDAYS[day.weekday()])

    def coverage(self) -> str:
        """How far the calendar goes, in words."""
        end = self.covered_until
        return Say.COVERAGE.format(day=Say.DATED.format(year=end.year, month=end.month, day=end.day))
