"""Help: what this person can ask and do here, only what really works for his seat. Answers nothing itself."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.feature import ANYONE, Feature, Turn
from handlers.message import Button, Reply

feature = Feature("help")


class Say:
    HEARS = (
        r"(你|您)?好(呀|啊)?",
        r"在吗?",
        r"(你|您)(能|会|可以)(干|做|帮我?)(什么|啥|嘛|吗).*",
        r"(怎么用|使用说明|使用帮助|菜单|功能)",
    )
    HELLO = "您好，我是工作助手，《{title}》的事可以问我。"
    NO_NOTICE = "您好，我是工作助手。现在还没有发布的通知，请办公室先导入。"
    ASK = "可以这样问：{asks}。"
    DO = "可以直接说：{words}。"
    UNKNOWN_UNIT = "还不知道您在哪个单位，说一句“我是某某局的”就行（只用于回答问题）。"
    ASKS = ("我负责哪些指标", "{name}谁负责", "{name}的目标是多少")
    BUTTONS = 3
    FIRST = "填报 我的任务 我的进展 待审 逐条 谁还没报 汇总表 报送安排 领导看板 例外清单 状态 预览提醒"
    """What people on any seat do most comes first."""


@feature.command("帮助", "help", "?")
async def help_person(turn: Turn) -> Reply | None:
    """The card of what can be asked and typed."""
    return await open_help(turn, {})


@feature.hears(*Say.HEARS)
async def greet_person(turn: Turn) -> Reply | None:
    """A greeting is answered with the same card."""
    return await open_help(turn, {})


@feature.opens("帮助")
async def open_help(turn: Turn, _: Mapping[str, str]) -> Reply:
    """The notice's title, what can be asked (with a matter of the asker's own), and the words of his seats."""
    posts = frozenset(seat.post for seat in turn.person.seats) | {ANYONE}
    offered = turn.features.offered(posts) if turn.person.staff_id else ()
    words = sorted(offered, key=weight)
    lines = [*about(turn), *([Say.DO.format(words=" · ".join(words))] if words else [])]
    if turn.private and not turn.unit:
        lines.append(Say.UNKNOWN_UNIT)
    return Reply("\n".join(lines), tuple(Button(word) for word in [w for w in words if " " not in w][: Say.BUTTONS]))


def weight(word: str) -> int:
    """Its place among the words shown; the sort keeps the rest as they were."""
    first = Say.FIRST.split()
    return first.index(word) if word in first else len(first)


def about(turn: Turn) -> list[str]:
    """What the published notices are called and what to ask of them."""
    if not turn.library.notices:
        return [Say.NO_NOTICE]
    matters = (turn.library.matters_of(turn.unit) if turn.unit else ()) or turn.library.matters()
    asks = [a.format(name=matters[0].name) for a in Say.ASKS if matters]
    return [
        Say.HELLO.format(title=turn.library.notices[-1].title),
        *([Say.ASK.format(asks="；".join(asks))] if asks else []),
    ]
