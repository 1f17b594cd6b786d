"""按此发送: on trial, the office sends one of the messages it was shown, or all, to whom they were meant for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.feature import Feature, Turn
from handlers.message import Reply
from handlers.remind_digest import had_enough
from handlers.remind_facts import TRIAL
from handlers.remind_office import Would, who_of, would_send
from handlers.remind_said import Desk
from handlers.rights import allowed
from handlers.rules.numerals import number
from handlers.rules.permissions import Action
from handlers.rules.stages import why_in_words
from storage import Reminder

feature = Feature("send_trial")


class Say:
    NOTHING = "现在没有可以“按此发送”的内容，可能都报了，或已经正式启用。"
    WHICH = "发哪一条？回“按此发送 1”，或“按此发送 全部”。\n{list}"
    ONE = "{number} {who}"
    PRIVATE = "这件事请在单聊里发给我。"
    OUT_OF_RANGE = "只有{count}条，请看一下序号。"
    QUEUED = "已安排发送：{names}。（工作日{start}-{end}内发出）"
    MORE = "等{count}个"
    AGAIN = "这{count}条之前已经安排发过了，不会重复发。"
    SOME_AGAIN = "其中{count}条之前已经安排发过了，不会重复发。"
    FULL = "{names}：{why}，这次不发。"
    TOMORROW = "{names}：{why}，下一个工作日发。"
    SHOWN = 6
    ALL = ("全部", "所有", "都发", "全发")
    BEFORE, AFTER = "第", "条"
    DIGITS = "0123456789一二三四五六七八九十两"
    JOINED, BETWEEN = "、", "；"


@feature.command("按此发送", takes=True)
async def send(turn: Turn) -> Reply | None:
    """Turn what would have been sent into reminders that are; each goes out once however often it is asked for."""
    if not allowed(turn, Action.SET_PLAN) or not turn.person.staff_id:
        return None
    if not turn.private:
        return Reply(Say.PRIVATE)
    fact = await fact_meant(turn)
    desk = Desk(turn.work, turn.library, turn.now, turn.workdays)
    would = await would_send(desk, fact) if fact else []
    if not would or fact is None:
        return Reply(Say.NOTHING)
    if not turn.rest:
        return Reply(Say.WHICH.format(list=listed(would)))
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


def listed(would: Sequence[Would]) -> str:
    """1 群 工作群；2 某局填报员."""
    return Say.BETWEEN.join(Say.ONE.format(number=n, who=who_of(one)) for n, one in enumerate(would, 1))


async def put(turn: Turn, wanted: Sequence[Would]) -> Reply:
    """The facts, due now, of those who were not told before and whose week or day has room."""
    desk = Desk(turn.work, turn.library, turn.now, turn.workdays)
    fresh = [one for one in wanted if not await sent_before(turn, one)]
    enough = [one for one in fresh if await had_enough(desk, one.to, one.facts)]
    full = [one for one in enough if one.to.kind == "group"]
    going = [one for one in fresh if one not in full]
    await turn.work.reminders.owe_all([replace(fact, due_at=turn.now) for one in going for fact in one.facts])
    if not fresh:
        return Reply(Say.AGAIN.format(count=len(wanted)))
    hours, now = turn.features.send_hours, [one for one in going if one not in enough]
    lines = (
        [Say.QUEUED.format(names=names_of(now), start=f"{hours.start:%H:%M}", end=f"{hours.end:%H:%M}")] if now else []
    )
    later = [one for one in going if one in enough]
    lines += [Say.TOMORROW.format(names=names_of(later), why=why_in_words("told"))] if later else []
    lines += [Say.FULL.format(names=names_of(full), why=why_in_words("cap"))] if full else []
    lines += [Say.SOME_AGAIN.format(count=len(wanted) - len(fresh))] if len(fresh) < len(wanted) else []
    return Reply("\n".join(lines))


def names_of(some: Sequence[Would]) -> str:
    """The first of the receivers, and how many there are."""
    more = Say.MORE.format(count=len(some)) if len(some) > Say.SHOWN else ""
    return Say.JOINED.join(who_of(one) for one in some[: Say.SHOWN]) + more


async def sent_before(turn: Turn, would: Would) -> bool:
    """Whether the stage went to this receiver already, whatever was reported since."""
    live = await turn.work.reminders.live(would.to.kind, would.to.id)
    known = {(row.plan_id, row.notice, row.period, row.unit, row.stage) for row in live}
    return all((f.plan_id, f.notice, f.period, f.unit, f.stage) in known for f in would.facts)
