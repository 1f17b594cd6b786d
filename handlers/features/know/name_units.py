"""单位别名: short names that people use for a unit, set by the office."""

from __future__ import annotations

import re

from handlers.feature import Feature, Turn
from handlers.message import Reply
from handlers.rights import actor, allowed
from handlers.rules.permissions import Action, Post
from handlers.wording import key, plain

feature = Feature("name_units")


class Say:
    NOT_OFFICE = "单位别名由办公室来定。"
    FORM = "请说：单位别名 简称 全称，例如：单位别名 {short} {unit}。取消：取消别名 简称。"
    EXAMPLE = "教育口"
    NO_UNIT = "通知里没有“{unit}”这个单位，请写通知里的全称。"
    SET = "以后说“{short}”就是{unit}。"
    TAKEN = "“{short}”已经能认出是{unit}，不用设。"
    OTHER = "“{short}”在通知里是{unit}，不能改成别的单位。"
    LIST = "单位别名{count}个："
    LINE = "{short} → {unit}"
    NONE = "还没有设过单位别名。"
    DROPPED, NOT_THERE = "已取消“{short}”这个别名。", "没有“{short}”这个别名。"
    LONGEST, SHOWN = 12, 12


@feature.command("单位别名", "别名", takes=True)
async def name_unit(turn: Turn) -> Reply:
    """Let a short name mean a unit; without words, the list."""
    if not allowed(turn, Action.ANSWER_FAQ):
        return Reply(Say.NOT_OFFICE)
    form = Say.FORM.format(short=Say.EXAMPLE, unit=next(iter(turn.library.units()), ""))
    if not turn.rest:
        return await listed(turn, form)
    words = re.split(r"[\s,，、=＝:：]+|就是|→", plain(turn.rest), maxsplit=1)
    if len(words) != 2 or not 1 < len(words[0]) <= Say.LONGEST:
        return Reply(form)
    short, unit = words[0], turn.library.unit(words[1])
    if unit is None:
        return Reply(Say.NO_UNIT.format(unit=words[1][:20]))
    known = turn.library.unit(short)
    if known and short not in await turn.work.claims.aliases():
        return Reply((Say.TAKEN if known == unit else Say.OTHER).format(short=short, unit=known))
    await turn.work.claims.set_alias(short, unit, actor(turn, Post.OFFICE), turn.now)
    await turn.work.notices.bump()
    return Reply(Say.SET.format(short=short, unit=unit))


async def listed(turn: Turn, form: str) -> Reply:
    """The aliases set so far."""
    aliases = await turn.work.claims.aliases()
    lines = [Say.LINE.format(short=short, unit=unit) for short, unit in list(aliases.items())[: Say.SHOWN]]
    return Reply("\n".join([Say.LIST.format(count=len(aliases)) if aliases else Say.NONE, *lines, form]))


@feature.command("取消别名", "删除别名", takes=True)
async def drop(turn: Turn) -> Reply:
    """Forget a short name."""
    if not allowed(turn, Action.ANSWER_FAQ):
        return Reply(Say.NOT_OFFICE)
    short = next((s for s in await turn.work.claims.aliases() if key(s) == key(turn.rest)), "")
    if not short:
        return Reply(Say.NOT_THERE.format(short=turn.rest[: Say.LONGEST]))
    await turn.work.claims.drop_alias(short)
    await turn.work.notices.bump()
    by = actor(turn, Post.OFFICE)
    await turn.work.audit.record("settings", "unit alias dropped", by, turn.now, old={"alias": short})
    return Reply(Say.DROPPED.format(short=short))
