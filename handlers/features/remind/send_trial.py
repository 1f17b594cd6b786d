"""按此发送: on trial, the office sends one of the messages it was shown, or all, to whom they were meant for."""

from __future__ import annotations

from dataclasses import replace

from handlers.feature import Feature, Turn
from handlers.message import Reply
from handlers.remind_facts import TRIAL
from handlers.remind_office import Would, would_send
from handlers.remind_said import Desk
from handlers.rights import allowed
from handlers.rules.numerals import number
from handlers.rules.permissions import Action
from storage import Reminder

feature = Feature("send_trial")


class Say:
    NOTHING = "现在没有可以“按此发送”的内容，可能都报了，或已经正式启用。"
    WHICH = "发哪一条？回“按此发送 1”，或“按此发送 全部”。"
    OUT_OF_RANGE = "只有{count}条，请看一下序号。"
    QUEUED = "已安排发送：{names}。（工作日{start}-{end}内发出）"
    AGAIN = "这{count}条之前已经安排发过了，不会重复发。"
    ALL = ("全部", "所有", "都发", "全发")
    BEFORE, AFTER = "第", "条"
    DIGITS = "0123456789一二三四五六七八九十两"
    JOINED = "、"


@feature.command("按此发送", takes=True)
async def send(turn: Turn) -> Reply | None:
    """Turn what would have been sent into reminders that are; each goes out once however often it is asked for."""
    if not allowed(turn, Action.SET_PLAN) or not turn.person.staff_id:
        return None
    fact = await fact_meant(turn)
    desk = Desk(turn.work, turn.library, turn.now, turn.workdays)
    would = await would_send(desk, fact) if fact else []
    if not would or fact is None:
        return Reply(Say.NOTHING)
    if not turn.rest:
        return Reply(Say.WHICH)
    wanted = would if turn.rest in Say.ALL else picked(would, turn.rest)
    if not wanted:
        return Reply(Say.OUT_OF_RANGE.format(count=len(would)))
    return await put(turn, wanted)


async def fact_meant(turn: Turn) -> Reminder | None:
    """The trial message the button belongs to, else the last one."""
    live = await turn.work.reminders.live("person", turn.person.staff_id or "")
    trials = [fact for fact in live if fact.stage.startswith(TRIAL)]
    if turn.tag:
        return next((fact for fact in trials if str(fact.id) == turn.tag.ref), None)
    return trials[-1] if trials else None


def picked(would: list[Would], text: str) -> list[Would]:
    """The one message of a number said; nothing for other words."""
    bare = text.strip().removeprefix(Say.BEFORE).removesuffix(Say.AFTER)
    at = number(bare) if bare and all(c in Say.DIGITS for c in bare) else 0
    return would[at - 1 : at] if at > 0 else []


async def put(turn: Turn, wanted: list[Would]) -> Reply:
    """The facts, due now."""
    facts = [replace(fact, due_at=turn.now) for would in wanted for fact in would.facts]
    new = await turn.work.reminders.owe_all(facts)
    if not new:
        return Reply(Say.AGAIN.format(count=len(wanted)))
    hours, names = turn.features.send_hours, Say.JOINED.join(would.to.name for would in wanted)
    return Reply(Say.QUEUED.format(names=names, start=f"{hours.start:%H:%M}", end=f"{hours.end:%H:%M}"))
