"""What 停发 held back, once it is over: what still matters is said late, all in one; what was overtaken is not."""

from __future__ import annotations

from datetime import datetime

from handlers.reminding import STOPPED_AT, owing_between
from handlers.rules.workdays import Workdays
from knowledge import Library
from storage import Work


async def make_up(work: Work, library: Library, now: datetime, workdays: Workdays) -> int:
    """Put what fell due while all was stopped; to how many persons and groups. A later stage has taken its place."""
    since = await work.settings.get(STOPPED_AT)
    held = await work.reminders.withheld(now)
    await work.reminders.snooze([row.id for row in held], now)
    if not isinstance(since, str):
        return len({row.receiver for row in held})
    local = datetime.fromisoformat(since).astimezone(now.tzinfo)
    owing = await owing_between(work, library, local, now, workdays, stopped=False)
    fresh = [fact for fact in owing.owed if fact.expires_at is None or fact.expires_at > now]
    await work.reminders.owe_all(fresh)
    return len({row.receiver for row in held} | {fact.receiver for fact in fresh})
