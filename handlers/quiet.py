"""When something may be pushed unasked: workdays, within the office's hours. Replies are not asked about."""

from __future__ import annotations

from datetime import datetime, time

from handlers.rules import stages
from handlers.rules.stages import Hours
from handlers.rules.workdays import Workdays


def next_allowed(now: datetime, start: time, end: time, workdays: Workdays) -> datetime | None:
    """None when a push may go now, else the next moment it may (business time)."""
    then = stages.next_allowed(now, Hours(start, end), workdays)
    return None if then == now else then
