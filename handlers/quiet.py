"""When something may be pushed unasked: workdays, within the office's hours. Replies are not asked about."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from handlers.rules.workdays import Workdays


def next_allowed(now: datetime, start: time, end: time, workdays: Workdays) -> datetime | None:
    """None when a push may go now, else the next moment it may (business time)."""
    if workdays.is_workday(now.date()) and start <= now.time() <= end:
        return None
    day = now.date()
    if now.time() >= start or not workdays.is_workday(day):
        day = workdays.on_or_after(day + timedelta(days=1))
    return datetime.combine(day, start, now.tzinfo)
