"""我请假到12号: somebody is away; who stands in is asked, told, and gets the reminders meanwhile. Seats do not move."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from handlers.feature import Aside, Feature, Turn
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.rights import actor, clerk_units
from handlers.rules.days import read_day
from handlers.rules.permissions import CLERKS
from handlers.whole_report import says_report
from handlers.wording import key
from storage import JSON, Dialogue, Person

feature = Feature("take_leave", {"填报员": ("我请假",), "联络人": ("我请假",), "备用联络人": ("我请假",)})
FORM = "take_leave"
LONGEST_NAME = 12


class Say:
    HEARS = (
        r"(?:我)?(?:要|想|需要)?(?:从)?(?P<first>.{2,8}?)?(?:起|开始)?(?:请假|休假|休年假|出差|外出|学习|不在)(?:到|至)(?P<last>.{1,10}?)(?:才?回来?|结束)?",
        r"(?:我)?(?P<last>.{2,10}?)(?:之?前|以前)(?:都)?(?:请假|休假|不在|出差)",
    )
    IN_GROUP = "请假请单独找我说，我好登记到哪天、这段时间找谁。"
    NO_SEAT = "请假登记是给填报岗位的。您没有登记岗位，不会收到提醒。"
    UNTIL = "请到哪天？例如：12号、下周五。要换人，请接手的同志对我说：我接替{unit}的填报员。"
    BAD_DAY = "这个日期没有看懂。例如：12号、下周五、1月12日。"
    PAST = "这个日期已经过了。请到哪天？"
    WHO = "好，请假到{day}。这段时间找谁？（提醒会发给这位同志，您的岗位不变）"
    NOBODY = Button("没有人代")
    NONE_WORDS = ("没有人代", "没人代", "没有", "无", "不用", "没人")
    UNKNOWN = "没有找到“{said}”。请点一位本单位登记过的同志，或说“没有人代”。"
    DONE = "记下了：请假到{day}，提醒先发给{name}。提前回来说一声“我回来了”就行。"
    ALONE = "记下了：请假到{day}，这段时间不提醒您；到期未报的由办公室打电话联系您单位。提前回来说一声“我回来了”就行。"
    TOLD = "{name}请假到{day}，这段时间{units}的报送提醒先发给您，麻烦留意。"
    BACK = "欢迎回来，提醒恢复发给您。"
    NOT_AWAY = "没有您的请假登记，提醒照常发给您。"
    ASKS = "谁|哪|啥|什么|多少|几|怎么|如何|何时|吗|呢|么|我的|负责|指标|项目|目标|任务|填报|提交|进展|责任单位"
    STOP = ("取消", "算了", "不请了", "先放着")
    UNCHANGED = "好，没有登记。"
    JOINED = "、"
    TO, TASKS = "到至", Button("我的任务")
    CHOICES = 4


@feature.command("我请假", "请假", "我要请假", "我请假/换人", takes=True)
async def ask_leave(turn: Turn) -> Reply | None:
    """Begin with what was said after the word, else ask until when."""
    if not turn.private:
        return in_group(turn)
    return await begin(turn, None, turn.rest.lstrip(Say.TO))


def in_group(turn: Turn) -> Reply | None:
    """Where to say it; nothing to those it is not for."""
    return Reply(Say.IN_GROUP) if clerk_units(turn.person) else None


@feature.hears(*Say.HEARS)
async def hear_leave(turn: Turn) -> Reply | None:
    """A sentence that says until when; None when the words are no day."""
    days = days_said(turn)
    if days and not turn.private:
        return in_group(turn)
    return await until(turn, *days) if days else None


def days_said(turn: Turn) -> tuple[date, date] | None:
    """First and last day of a sentence about leave."""
    said, today = key(turn.text), turn.now.date()
    found = next((m for pattern in Say.HEARS if (m := re.fullmatch(pattern, said))), None)
    last = read_day(found["last"], today) if found else None
    if found is None or last is None:
        return None
    return read_day(found.groupdict().get("first") or "", today) or today, last


async def begin(turn: Turn, first: date | None, rest: str) -> Reply:
    """Ask for the day unless it was said."""
    if not clerk_units(turn.person):
        return Reply(Say.NO_SEAT)
    if not rest:
        await turn.hold(FORM, {"first": (first or turn.now.date()).isoformat()})
        return Reply(Say.UNTIL.format(unit=clerk_units(turn.person)[0]))
    last = read_day(rest, turn.now.date())
    return await until(turn, first or turn.now.date(), last) if last else Reply(Say.BAD_DAY)


async def until(turn: Turn, first: date, last: date) -> Reply:
    """The day is known: who stands in?"""
    if not clerk_units(turn.person):
        return Reply(Say.NO_SEAT)
    if last < turn.now.date() or last < first:
        return Reply(Say.PAST)
    await turn.hold(FORM, {"first": first.isoformat(), "last": last.isoformat()})
    people = await colleagues(turn)
    buttons = (*(Button(person.name) for person in people[: Say.CHOICES]), Say.NOBODY)
    return Reply(Say.WHO.format(day=turn.workdays.spoken(last, turn.now.date())), buttons)


async def colleagues(turn: Turn) -> list[Person]:
    """Others on a seat of the person's units who have an account; those who report first."""
    units = clerk_units(turn.person)
    found = {p.id: p for unit in units for p in await turn.work.directory.people(turn.now, unit=unit)}
    others = [p for p in found.values() if p.id != turn.person.id and p.staff_id]
    return sorted(others, key=lambda p: not any(seat.post in CLERKS for seat in p.seats))


@feature.form(FORM)
async def carry_on(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """The day, then the one who stands in; anything else is answered by others."""
    state, said = opened.state or {}, key(turn.text)
    if said in Say.STOP:
        await turn.release()
        return Reply(Say.UNCHANGED)
    if days := days_said(turn):
        return await until(turn, *days)
    first = date.fromisoformat(str(state.get("first")))
    if not state.get("last"):
        last = read_day(turn.text, turn.now.date())
        asked = Reply(Say.UNTIL.format(unit=clerk_units(turn.person)[0]))
        return await until(turn, first, last) if last else await once_more(turn, state, asked)
    last = date.fromisoformat(str(state.get("last")))
    people = await colleagues(turn)
    deputy = next((p for p in people if key(p.name) == said), None)
    if deputy is None and said not in Say.NONE_WORDS:
        choices = (*(Button(p.name) for p in people[: Say.CHOICES]), Say.NOBODY)
        if await is_elsewhere(turn):
            day = turn.workdays.spoken(last, turn.now.date())
            return await once_more(turn, state, Reply(Say.WHO.format(day=day), choices))
        return Reply(Say.UNKNOWN.format(said=turn.text[:LONGEST_NAME]), choices)
    return await note(turn, first, last, deputy)


async def is_elsewhere(turn: Turn) -> bool:
    """Whether the words can be no colleague's name: a command, a question, a report, something long."""
    said = key(turn.text)
    if turn.tag or turn.is_command(turn.text) or turn.features.listener(turn.text) or len(said) > LONGEST_NAME:
        return True
    return bool(re.search(Say.ASKS, said)) or any(c.isdigit() for c in said) or await says_report(turn, turn.text)


async def once_more(turn: Turn, state: Mapping[str, JSON], asked: Reply) -> Aside:
    """Others answer; what is still open here is said under the first of such answers and no more."""
    if state.get("reminded"):
        return Aside()
    await turn.hold(FORM, {**state, "reminded": True})
    return Aside(asked)


async def note(turn: Turn, first: date, last: date, deputy: Person | None) -> Reply:
    """Keep the leave, tell the one who stands in."""
    await turn.release()
    await turn.work.directory.come_back(turn.person.id, first, turn.now)
    await turn.work.directory.go_on_leave(
        turn.person.id, first, last, actor(turn), turn.now, deputy_id=deputy.id if deputy else None
    )
    day = turn.workdays.spoken(last, turn.now.date())
    if deputy is None or deputy.staff_id is None:
        return Reply(Say.ALONE.format(day=day))
    units = Say.JOINED.join(clerk_units(turn.person))
    told = Announcement(Say.TOLD.format(name=turn.person.name, day=day, units=units), (Say.TASKS,))
    turn.tell(Receiver("person", deputy.staff_id), told)
    return Reply(Say.DONE.format(day=day, name=deputy.name))


@feature.command("我回来了", "销假", "我上班了", "我已回来")
async def come_back(turn: Turn) -> Reply:
    """The leave ends today."""
    ended = await turn.work.directory.come_back(turn.person.id, turn.now.date(), turn.now)
    return Reply(Say.BACK if ended else Say.NOT_AWAY)
