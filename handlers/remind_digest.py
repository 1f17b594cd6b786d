"""The one message a receiver gets for all his reminder facts, within the caps. Made at the moment of sending."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from handlers.message import Announcement, Receiver
from handlers.remind_office import office_words
from handlers.remind_said import Desk, Fact, said_plainly
from handlers.reminding import STOPPED
from handlers.rules.stages import POSTS_A_WEEK
from handlers.rules.workdays import DAY
from storage import REMIND


async def said_to(desk: Desk, to: Receiver, facts: Sequence[Fact]) -> Announcement | None:
    """The text for these facts; None when nothing is left to say, the cap is reached, or all is stopped."""
    if not facts or await stopped(desk) or await had_enough(desk, to):
        return None
    said = await said_plainly(desk, to, facts)
    office = await office_words(desk, facts) if to.kind == "person" else None
    if said is None or office is None:
        return said or office
    return Announcement(f"{said.text}\n{office.text}", (*said.buttons, *office.buttons)[:5])


async def stopped(desk: Desk) -> bool:
    """Whether the office stopped all reminders."""
    return await desk.work.settings.get(STOPPED, False) is True


async def had_enough(desk: Desk, to: Receiver) -> bool:
    """Whether a person had his digest today, or a group its posts this week; the plan keeps to it, lateness may not."""
    today = datetime.combine(desk.now.date(), time(), desk.now.tzinfo)
    since = today - DAY * desk.now.weekday() if to.kind == "group" else today
    heard = [s for s in await desk.work.ledger.between(since, desk.now, to.id) if s.kind == REMIND]
    heard = [s for s in heard if s.outcome == "sent" and s.receiver_kind == to.kind]
    return len(heard) >= (POSTS_A_WEEK if to.kind == "group" else 1)
