"""Reminders of deadlines: the tick writes who is owed what, the text is made when it is sent. Whom: reminding."""

from __future__ import annotations

from datetime import timedelta

from handlers.feature import Feature, Round
from handlers.message import Announcement, Receiver
from handlers.remind_digest import said_to
from handlers.remind_said import Desk
from handlers.reminding import owing_between
from handlers.rules.workdays import Workdays
from storage import REMIND

feature = Feature("remind_deadlines")
TICK = "reminders"
EVERY = "*/5 * * * *"  # the office may name any hour for its reminders


@feature.every(TICK, EVERY, "latest")
async def remind(round: Round) -> None:
    """Write what fell due since the last tick, however long ago that was."""
    until = round.due or round.now
    since = (await round.work.schedule.all()).get(TICK, until)
    local = since.astimezone(until.tzinfo)
    owing = await owing_between(round.work, round.library, local, until, Workdays())
    await round.work.reminders.owe_all(owing.owed)
    await round.work.reminders.expire(until - timedelta(days=1))


@feature.composes(REMIND)
async def compose(round: Round, receiver: Receiver) -> Announcement | None:
    """What this receiver is to be told now; None when nothing is left to say."""
    facts = await round.work.reminders.owed(receiver.kind, receiver.id, round.now, round.job)
    desk = Desk(round.work, round.library, round.now, Workdays(), round.job)
    said = await said_to(desk, receiver, facts)
    if said:
        await round.work.reminders.carry([fact.id for fact in facts], round.job)
    return said
