"""Reminders of deadlines: the tick writes who is owed what, the text is made when it is sent. Whom: reminding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from handlers.feature import Feature, Round
from handlers.group_names import group_name
from handlers.message import Announcement, Receiver
from handlers.remind_digest import had_enough, said_to
from handlers.remind_facts import TICK
from handlers.remind_late import AFTER, put_together
from handlers.remind_said import Desk
from handlers.reminding import owing_between
from handlers.rules.permissions import Post
from handlers.rules.workdays import DAY, Workdays
from storage import REMIND, Person

feature = Feature("remind_deadlines")
SOON = timedelta(days=60)  # before the calendar's end
EVERY = "*/5 * * * *"  # the office may name any hour for its reminders


class Say:
    REFUSED = "群“{title}”的提醒发不进去，可能机器人被移出了群。请把机器人加回来，再在群里@它说：绑定本群。"
    CALENDAR = "工作日历只到{day}，之后按周一至周五推算，没有调休。请升级程序。"


@feature.every(TICK, EVERY, "latest")
async def remind(round: Round) -> None:
    """Write what fell due since the last tick, however long ago that was."""
    until = round.due or round.now
    since = (await round.work.schedule.all()).get(TICK, until)
    local = since.astimezone(until.tzinfo)
    owing = await owing_between(round.work, round.library, local, until, Workdays())
    await round.work.reminders.owe_all(owing.owed)
    await round.work.reminders.expire(until - timedelta(days=1))
    await tell_troubles(round, until)


async def tell_troubles(round: Round, now: datetime) -> None:
    """The office hears once of a group that refuses us; operators in time of the calendar's end."""
    refusing = [group for group in await round.work.groups.bound() if group.trouble and group.trouble_at]
    end = Workdays().covered_until
    ending = end - now.date() < SOON
    if not refusing and not ending:
        return
    people = await round.work.directory.people(now)
    for group in refusing:
        text = Say.REFUSED.format(title=group_name(group))
        key = f"group/{group.chat}/{group.trouble_at:%Y-%m-%d}"
        tell_all(round, people, Post.OFFICE, text, key)
    if ending:
        tell_all(round, people, Post.OPERATOR, Say.CALENDAR.format(day=end), f"calendar/{end}")


def tell_all(round: Round, people: Sequence[Person], post: Post, text: str, key: str) -> None:
    """Once to everybody on such a seat."""
    for person in people:
        if person.staff_id and post in person.posts:
            round.tell(Receiver("person", person.staff_id), Announcement(text), f"{key}/{person.staff_id}")


@feature.composes(REMIND)
async def compose(round: Round, receiver: Receiver) -> Announcement | None:
    """What this receiver is to be told now; None when nothing is left to say, or it is said later."""
    desk, books = Desk(round.work, round.library, round.now, Workdays(), round.job), round.work.reminders
    late = await put_together(desk, receiver, await books.owed(receiver.kind, receiver.id, round.now, round.job))
    if late.until:
        await books.again(receiver.kind, receiver.id, late.until + AFTER)
        return None
    said = await said_to(desk, receiver, late.facts)
    if said:
        await books.carry([fact.id for fact in late.facts], round.job)
    elif late.facts and receiver.kind == "person" and await had_enough(desk, receiver, late.facts):
        await books.again(
            receiver.kind, receiver.id, datetime.combine(round.now.date() + DAY, time(), round.now.tzinfo)
        )
    return said
