"""每周情况: a count for bound groups on the first workday of a week, only if the office switched it on."""

from __future__ import annotations

from handlers.feature import Feature, Turn
from handlers.message import Button, Reply
from handlers.reminding import WEEKLY
from handlers.rights import actor, allowed
from handlers.rules.permissions import Action, Post
from handlers.wording import key

feature = Feature("weekly_digest")


class Say:
    IS_ON = "每周第一个工作日9:00在绑定的群里发一次本周情况（只有数量，计入每周最多2条）。"
    IS_OFF = "每周情况没有打开。打开后，每周第一个工作日9:00在绑定的群里发一次（只有数量，计入每周最多2条）。"
    TURN_ON, TURN_OFF = Button("打开每周情况"), Button("关闭每周情况")
    SHOW = "每周情况"
    ON_WORDS = ("打开每周情况", "开启每周情况")


@feature.command("每周情况", "打开每周情况", "开启每周情况", "关闭每周情况")
async def weekly(turn: Turn) -> Reply | None:
    """Say how it is set, or set it; the office's only."""
    if not allowed(turn, Action.SET_PLAN):
        return None
    said, on = key(turn.text), await turn.work.settings.get(WEEKLY, False) is True
    if said != Say.SHOW:
        on = said in Say.ON_WORDS
        await turn.work.settings.set(WEEKLY, on, actor(turn, Post.OFFICE), turn.now)
    return Reply(Say.IS_ON, (Say.TURN_OFF,)) if on else Reply(Say.IS_OFF, (Say.TURN_ON,))
