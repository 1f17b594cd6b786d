"""The one message a receiver gets for all his reminder facts, within the caps. Made at the moment of sending."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from handlers.message import Announcement, Receiver
from handlers.remind_facts import OFFSETS
from handlers.remind_office import office_words
from handlers.remind_said import Desk, Fact, said_plainly
from handlers.reminding import STOPPED
from handlers.rules.stages import DIGEST as LAST
from handlers.rules.stages import POSTS_A_WEEK, nearer_to_come
from handlers.rules.workdays import DAY
from handlers.standing import active_plans
from storage import REMIND

DIGESTS_A_DAY = 1


async def said_to(desk: Desk, to: Receiver, facts: Sequence[Fact]) -> Announcement | None:
    """The text for these facts; None when nothing is left to say, the cap is reached, or all is stopped."""
    if not facts or await stopped(desk) or await had_enough(desk, to, facts):
        return None
    said = await said_plainly(desk, to, facts)
    office = await office_words(desk, facts) if to.kind == "person" else None
    if said is None or office is None:
        return said or office
    return Announcement(f"{said.text}\n{office.text}", (*said.buttons, *office.buttons)[:5])


async def stopped(desk: Desk) -> bool:
    """Whether the office stopped all reminders."""
    return await desk.work.settings.get(STOPPED, False) is True


async def had_enough(desk: Desk, to: Receiver, facts: Sequence[Fact]) -> bool:
    """Whether a person had his digest today, or a group its posts this week; the plan keeps to it, lateness may not."""
    heard = await heard_of(desk, to)
    if to.kind == "person":
        return heard >= DIGESTS_A_DAY
    return heard + await kept_free(desk, to, facts) >= POSTS_A_WEEK


async def heard_of(desk: Desk, to: Receiver) -> int:
    """How many reminders a person has had today, a group since Monday."""
    today = datetime.combine(desk.now.date(), time(), desk.now.tzinfo)
    since = today - DAY * desk.now.weekday() if to.kind == "group" else today
    said = await desk.work.ledger.between(since, desk.now, to.id)
    return sum(s.kind == REMIND and s.outcome == "sent" and s.receiver_kind == to.kind for s in said)


async def kept_free(desk: Desk, to: Receiver, facts: Sequence[Fact]) -> int:
    """The posts that the rest of the week keeps for deadlines nearer than these: a late T-5 takes no T-0's place."""
    group = await desk.work.groups.group(to.id)
    bound = {b.notice for b in group.bindings} if group else set()
    plans = {p.notice: terms for p, terms in await active_plans(desk.work) if p.state == "published"}
    rank = min(OFFSETS.get(fact.stage, LAST) for fact in facts)
    mine = {notice: terms for notice, terms in plans.items() if notice in bound}
    return nearer_to_come(mine, rank, desk.now.date(), desk.workdays)
