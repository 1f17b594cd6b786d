"""绑定本群: the office says in a group which notice's posts it gets, for which units; 解绑本群 ends it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.feature import Feature, Turn
from handlers.message import Reply
from handlers.remind_preview import next_words
from handlers.remind_said import Desk
from handlers.remind_words import short_title
from handlers.rights import actor, allowed
from handlers.rules.permissions import Action, Post
from knowledge import Notice

feature = Feature("bind_group")


class Say:
    OFFICE = "绑定群由办公室来做。"
    HERE = "请在要绑定的群里@我说：绑定本群。"
    NO_NOTICE = "还没有发布的通知，请先导入。"
    WHICH = "现在有{count}份通知，请@我说序号，例如：绑定本群 1\n{list}"
    LINE = "{number}. {title}"
    UNKNOWN = "没有看懂“{words}”。可以说：绑定本群，或：绑定本群 市某局、市某某局。"
    BOUND = "已绑定：本群会收到《{title}》的报送提醒{units}。只发截止日期和数量，不点名；每周最多2条。{next}"
    FOR_UNITS = "，只统计{units}"
    OUTSIDE = "本群有外部人员，只发截止日期，不发数量。"
    BEFORE = "（原来的绑定已换成这个。）"
    UNBOUND = "已解绑，本群不再收到报送提醒。"
    NOT_BOUND = "本群没有绑定。"
    LISTED = "绑定的群：\n{lines}"
    GROUP = "- {title}：{bound}{trouble}"
    ALL_UNITS, TROUBLE, NO_TITLE = "全部单位", "（最近一次发不进去，请看机器人是否还在群里）", "（未命名）"
    NO_GROUPS = "还没有绑定的群。请在群里@我说：绑定本群。"
    JOINED = "、"
    SPLIT = r"[、,，;；\s]+"


@feature.command("绑定本群", takes=True)
async def bind(turn: Turn) -> Reply:
    """Bind the group this is said in."""
    if not allowed(turn, Action.BIND_GROUP):
        return Reply(Say.OFFICE)
    if turn.private:
        return Reply(f"{Say.HERE}\n{await groups_words(turn)}")
    words = [word for word in re.split(Say.SPLIT, turn.rest) if word]
    notices = turn.library.notices
    chosen, words = which(notices, words)
    if chosen is None:
        return Reply(choices(notices))
    units = [turn.library.unit(word) for word in words]
    if None in units:
        return Reply(Say.UNKNOWN.format(words=words[units.index(None)]))
    return await keep(turn, chosen, [unit for unit in units if unit])


def which(notices: Sequence[Notice], words: list[str]) -> tuple[Notice | None, list[str]]:
    """The notice meant by the first word (its number or 文号), or the only one; and the words left."""
    if words and words[0].isdecimal() and 0 < int(words[0]) <= len(notices):
        return notices[int(words[0]) - 1], words[1:]
    named = next((n for n in notices if words and words[0] == n.key), None)
    if named:
        return named, words[1:]
    return (notices[0] if len(notices) == 1 else None), words


def choices(notices: Sequence[Notice]) -> str:
    """The notices by number."""
    if not notices:
        return Say.NO_NOTICE
    lines = [Say.LINE.format(number=n, title=short_title(notice.title)) for n, notice in enumerate(notices, 1)]
    return Say.WHICH.format(count=len(notices), list="\n".join(lines))


async def keep(turn: Turn, notice: Notice, units: list[str]) -> Reply:
    """Bind, and say what the group will get."""
    chat = turn.message.chat
    await turn.work.groups.see(chat.id, chat.title, turn.now, outsiders=turn.message.outsiders)
    known = await turn.work.groups.group(chat.id)
    before = any(b.notice == notice.key for b in known.bindings) if known else False
    await turn.work.groups.bind(chat.id, notice.key, units or None, actor(turn, Post.OFFICE), turn.now)
    await turn.work.groups.trouble(chat.id, None, None, turn.now)
    following = await next_words(Desk(turn.work, turn.library, turn.now, turn.workdays), turn.now)
    some = Say.FOR_UNITS.format(units=Say.JOINED.join(units)) if units else ""
    lines = [Say.BOUND.format(title=short_title(notice.title), units=some, next=following)]
    lines += [Say.BEFORE] if before else []
    lines += [Say.OUTSIDE] if turn.message.outsiders else []
    return Reply("\n".join(lines))


@feature.command("解绑本群", "解除绑定")
async def unbind(turn: Turn) -> Reply:
    """The group gets no posts any more."""
    if not allowed(turn, Action.BIND_GROUP):
        return Reply(Say.OFFICE)
    if turn.private:
        return Reply(f"{Say.HERE}\n{await groups_words(turn)}")
    ended = await turn.work.groups.unbind(turn.message.chat.id, actor(turn, Post.OFFICE), turn.now)
    return Reply(Say.UNBOUND if ended else Say.NOT_BOUND)


@feature.command("绑定的群", "群绑定")
async def list_groups(turn: Turn) -> Reply | None:
    """The office sees every bound group, and those that refuse us."""
    return Reply(await groups_words(turn)) if allowed(turn, Action.BIND_GROUP) and turn.private else None


async def groups_words(turn: Turn) -> str:
    """Each bound group with its units and whether posts go in."""
    lines = [
        Say.GROUP.format(
            title=group.title or Say.NO_TITLE,
            bound=Say.JOINED.join(Say.JOINED.join(b.units) if b.units else Say.ALL_UNITS for b in group.bindings),
            trouble=Say.TROUBLE if group.trouble else "",
        )
        for group in await turn.work.groups.bound()
    ]
    return Say.LISTED.format(lines="\n".join(lines)) if lines else Say.NO_GROUPS
