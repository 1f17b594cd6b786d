"""What comes late is said with the message of its day, or the day would have two; what that message says anyway is
dropped. Decides when; sends and words nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.message import Receiver
from handlers.remind_facts import OFFSETS, TICK, TRIAL, WEEKLY_AT, Fire
from handlers.remind_said import Desk
from handlers.reminding import WEEKLY, fires_on, hour_of
from handlers.rules.permissions import Post
from handlers.rules.stages import DIGEST as LAST
from handlers.rules.stages import LATE
from handlers.standing import active_plans
from storage import Reminder

AFTER = timedelta(minutes=1)  # the tick of the moment writes its own first


@dataclass(frozen=True, slots=True)
class Late:
    """What a receiver is still to be told of facts that are due, and the later moment of the day it waits for."""

    facts: tuple[Reminder, ...]
    until: datetime | None = None


async def put_together(desk: Desk, to: Receiver, facts: Sequence[Reminder], ticked: datetime | None = None) -> Late:
    """`ticked`: up to when the stages are written, if not up to the last tick. What would be overtaken while it waits
    goes at once."""
    if all(of_today(desk, fact) for fact in facts):
        return Late(tuple(facts))
    fires = await fires_to_come(desk, ticked or (await desk.work.schedule.all()).get(TICK, desk.now))
    left = tuple(fact for fact in facts if not overtaken(fact, fires))
    told = [fire.at for fire in fires if any(speaks_to(fire, fact) for fact in left)]
    until = max((*told, *await others_to_come(desk, to)), default=None)
    waits = until and all(fact.state != "said" and lives(fact, until) for fact in left)
    return Late(left, max(until, desk.now) if until and waits else None)


def of_today(desk: Desk, fact: Reminder) -> bool:
    """Whether it is of the day's own stages."""
    return fact.state == "open" and fact.due_at.astimezone(desk.now.tzinfo).date() == desk.now.date()


def lives(fact: Reminder, moment: datetime) -> bool:
    """Whether it will still be worth saying."""
    return fact.expires_at is None or fact.expires_at > moment + AFTER


async def fires_to_come(desk: Desk, ticked: datetime) -> list[Fire]:
    """The stages of today that are not written yet."""
    plans = await active_plans(desk.work)
    fires = fires_on(plans, desk.now.date(), desk.now.tzinfo, desk.workdays)
    return [fire for fire in fires if ticked < fire.at >= fire.plan.made_at]


def speaks_to(fire: Fire, fact: Reminder) -> bool:
    """Whether such a stage is for persons or groups like the fact's."""
    if fact.seat == Post.OFFICE:
        return True
    return fire.plan.state == "published" and fire.stage.offset >= (0 if fact.receiver_kind == "group" else LATE)


def overtaken(fact: Reminder, fires: Sequence[Fire]) -> bool:
    """Whether a later stage of the same deadline comes today."""
    rank, mine = OFFSETS.get(fact.stage.removeprefix(TRIAL), LAST), (fact.notice, fact.period)
    return any(
        (fire.plan.notice, fire.stage.due.period) == mine and fire.stage.offset < rank and speaks_to(fire, fact)
        for fire in fires
    )


async def others_to_come(desk: Desk, to: Receiver) -> list[datetime]:
    """When he wants to hear later today; when the group is told its week."""
    today, zone = desk.now.date(), desk.now.tzinfo
    asleep = await desk.work.reminders.asleep(desk.now)
    mine = [row for row in asleep if (row.receiver_kind, row.receiver) == (to.kind, to.id)]
    moments = [(row.snoozed_until or row.due_at).astimezone(zone) for row in mine]
    weekly = to.kind == "group" and desk.workdays.first_of_week(today) == today
    if weekly and await desk.work.settings.get(WEEKLY, False) is True:
        hour = hour_of(await active_plans(desk.work), today, WEEKLY_AT, desk.workdays)
        moments.append(datetime.combine(today, hour, zone))
    return [at for at in moments if at.date() == today and at > desk.now]
