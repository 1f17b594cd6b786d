"""人工, 找人: who in the office helps on, and how to leave word; never answered with a passage of the notice."""

from __future__ import annotations

from handlers.feature import Feature, Turn
from handlers.message import Button, Reply
from handlers.rules.permissions import Post

feature = Feature("reach_person")


class Say:
    HEARS = (
        r"(我)?(要|想|请|帮我|麻烦)?(转|找|换|接|联系|转接)?(一下|个|到)?(人工|真人|活人)(服务|客服|处理|回答|来)?(吧|一下)?",
        r"(我)?(要|想|请|帮我|麻烦)?(找|联系|转接?|打给|请)(一下|到)?(人|客服|管理员|办公室|联席会议办公室|你们领导)(联系我|吧|一下)?",
        r"(办公室|客服|管理员)?(的)?(联系人|联系方式|电话|号码)(是)?(谁|多少|几号|什么)?",
        r"客服",
    )
    WHO = "这里是自动回答。有事可以找办公室：{names}；也可以说“意见 您想说的话”，马上转到办公室，答复了告诉您。"
    NOBODY = "这里是自动回答。办公室还没有登记联系人；可以说“意见 您想说的话”，登记后就能看到。"
    LEAVE = Button("意见")
    JOINED = "、"


@feature.hears(*Say.HEARS)
async def reach(turn: Turn) -> Reply | None:
    """The office's people by name (their numbers are for those in the roster), and a way to leave word."""
    if not turn.person.staff_id or Post.OFFICE in turn.person.posts:
        return None
    officers = await turn.work.directory.people(turn.now, post=Post.OFFICE)
    names = Say.JOINED.join(dict.fromkeys(officer.name for officer in officers if officer.name))
    return Reply(Say.WHO.format(names=names) if names else Say.NOBODY, (Say.LEAVE,))
