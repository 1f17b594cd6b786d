"""Reporting periods and when they are due. A period is named after the span its printed due date lies in; no reminders.

Keys: 2021 · 2021H1 · 2021Q4 · 2021-07 · 2021-12-20 (a single date).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import islice

from handlers.rules.workdays import Workdays


class Say:
    MONTH, QUARTER, HALF, YEAR, ONCE = "月", "季", "半年", "年", "一次"
    LATER, EARLIER = "顺延", "提前"
    QUARTERS = "一二三四"
    NAME_YEAR, NAME_HALF, NAME_QUARTER, NAME_MONTH, NAME_DAY = "年度", "半年", "季度", "{}月", "{}月{}日"
    HALVES = "上下"
    OF_YEAR = "{}年"


class Frequency(StrEnum):
    """How often is reported (频率)."""

    MONTH = Say.MONTH
    QUARTER = Say.QUARTER
    HALF = Say.HALF
    YEAR = Say.YEAR
    ONCE = Say.ONCE


class Shift(StrEnum):
    """Where a due date goes that is no workday."""

    LATER = Say.LATER
    EARLIER = Say.EARLIER


MONTHS = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.HALF: 6, Frequency.YEAR: 12}
LAST_DAY = 31
LATE = 5  # workdays after a deadline in which a report is still taken for it, whatever span has begun
_KEY = re.compile(r"^(\d{4})(?:-(\d\d)(?:-(\d\d))?|Q([1-4])|H([12]))?$")


@dataclass(frozen=True, slots=True)
class Plan:
    """How often, due when, reminded when (报送安排). `month` counts within the span: 3 = the quarter's last."""

    frequency: Frequency
    month: int
    day: int
    """31 = the last day of any month."""
    at: time = time(17)
    offsets: tuple[int, ...] = (5, 2, 0)
    """Workdays before the due day on which is reminded, descending."""
    shift: Shift = Shift.LATER
    once: date | None = None
    covers: tuple[str, ...] = ()
    """Keys of matters; empty = all."""
    remind_at: time = time(9)
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """One deadline: as the plan prints it and moved to a workday."""

    period: str
    printed: date
    day: date
    at: time
    covered: bool
    """False: the workday calendar does not know the day yet."""

    def moment(self, zone: tzinfo) -> datetime:
        """The aware moment at which the period is due."""
        return datetime.combine(self.day, self.at, zone)


def key_of(frequency: Frequency, day: date) -> str:
    """The key of the span that holds the day."""
    match frequency:
        case Frequency.MONTH:
            return f"{day:%Y-%m}"
        case Frequency.QUARTER:
            return f"{day.year}Q{(day.month + 2) // 3}"
        case Frequency.HALF:
            return f"{day.year}H{(day.month + 5) // 6}"
        case Frequency.YEAR:
            return str(day.year)
        case Frequency.ONCE:
            return day.isoformat()


def span(key: str) -> tuple[date, date]:
    """First and last day of a period. Raises: ValueError when it is no key."""
    found = _KEY.match(key)
    if found is None:
        raise ValueError(key)
    year, month, day, quarter, half = (int(part) if part else 0 for part in found.groups())
    if day:
        return date(year, month, day), date(year, month, day)
    first = month or quarter * 3 - 2 if month or quarter else half * 6 - 5 if half else 1
    length = 1 if month else 3 if quarter else 6 if half else 12
    return date(year, first, 1), _month_end(year, first + length - 1)


def is_key(text: str) -> bool:
    """Whether the text is a period's key."""
    try:
        span(text)
    except ValueError:
        return False
    return True


def name(key: str, today: date | None = None) -> str:
    """三季度, 上半年, 7月, 2021年度, 9月24日; with the year when it is not today's."""
    first, _ = span(key)
    year = "" if today is None or today.year == first.year else Say.OF_YEAR.format(first.year)
    if len(key) == 4:
        return f"{key}{Say.NAME_YEAR}"
    if "Q" in key:
        return f"{year}{Say.QUARTERS[int(key[-1]) - 1]}{Say.NAME_QUARTER}"
    if "H" in key:
        return f"{year}{Say.HALVES[int(key[-1]) - 1]}{Say.NAME_HALF}"
    if len(key) == 7:
        return year + Say.NAME_MONTH.format(first.month)
    return year + Say.NAME_DAY.format(first.month, first.day)


def frequency_of(key: str) -> Frequency:
    """How long the period of a key is."""
    if "Q" in key:
        return Frequency.QUARTER
    if "H" in key:
        return Frequency.HALF
    return {4: Frequency.YEAR, 7: Frequency.MONTH}.get(len(key), Frequency.ONCE)


def before(key: str) -> str | None:
    """The period before; None for a single date."""
    frequency = frequency_of(key)
    return None if frequency is Frequency.ONCE else key_of(frequency, span(key)[0] - timedelta(days=1))


def after(key: str) -> str | None:
    """The period after; None for a single date."""
    frequency = frequency_of(key)
    return None if frequency is Frequency.ONCE else key_of(frequency, span(key)[1] + timedelta(days=1))


def due_of(plan: Plan, key: str, workdays: Workdays) -> Due:
    """When a period of the plan is due."""
    first, _ = span(key)
    if plan.frequency is Frequency.ONCE:
        printed = plan.once or first
    else:
        month = first.month + min(plan.month, MONTHS[plan.frequency]) - 1
        printed = min(first.replace(month=month) + timedelta(days=plan.day - 1), _month_end(first.year, month))
    later = plan.shift is Shift.LATER
    day = workdays.on_or_after(printed) if later else workdays.on_or_before(printed)
    return Due(key, printed, day, plan.at, workdays.covered(day))


def dues(plan: Plan, workdays: Workdays, since: date) -> Iterator[Due]:
    """All deadlines of the plan from a day on, soonest first; endless unless the plan ends."""
    start = max(since, plan.since) if plan.since else since
    if plan.frequency is Frequency.ONCE:
        yield from (due for due in [due_of(plan, (plan.once or since).isoformat(), workdays)] if due.day >= start)
        return
    key: str | None = before(key_of(plan.frequency, start))
    while key is not None and span(key)[0].year < date.max.year - 1:
        due = due_of(plan, key, workdays)
        if plan.until and due.printed > plan.until:
            return
        if due.day >= start:
            yield due
        key = after(key)


def next_dues(plan: Plan, workdays: Workdays, since: date, count: int = 3) -> list[Due]:
    """The next deadlines, soonest first."""
    return list(islice(dues(plan, workdays, since), count))


def current(plan: Plan, day: date, workdays: Workdays, made: date | None = None) -> Due:
    """The period people report for on a day: the one due, or overdue for a few workdays only, from before; else the one
    of the day's own span, or the one after it whose deadline was moved into this span.

    `made`: the day the plan was made; a deadline passed before it was nobody's.
    """
    if plan.frequency is Frequency.ONCE:
        return due_of(plan, (plan.once or day).isoformat(), workdays)
    key = key_of(plan.frequency, day)
    own, last, following = due_of(plan, key, workdays), before(key), after(key)
    earlier = due_of(plan, last, workdays) if last else None
    if earlier and (earlier.day >= day or (_running(earlier, day, workdays) and not (made and earlier.day < made))):
        return earlier
    later = due_of(plan, following, workdays) if following else None
    return later if later and later.day <= span(key)[1] and not _running(own, day, workdays) else own


def _running(due: Due, day: date, workdays: Workdays) -> bool:
    """Whether the deadline is ahead, or what comes in late is still awaited."""
    return workdays.between(due.day, day) <= LATE


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
