"""群里艾特: whether those who still owe are @-ed in bound groups; off unless the office switches it on."""

from __future__ import annotations

from handlers.feature import Feature, Turn
from handlers.group_names import group_name
from handlers.message import Button, Reply
from handlers.reminding import MENTION
from handlers.rights import actor, allowed
from handlers.rules.permissions import Action, Post
from handlers.wording import key

feature = Feature("mention_people")


class Say:
    IS_ON = "群里提醒时会@还没报的同志（{groups}）。这等于在群里点名，建议少用。"
    IS_OFF = "群里只发数量，不@任何人。打开后，会在能@人的群里@还没报的同志，等于点名。"
    NONE_CAN = "还没有群能@人：要先给群配自定义机器人（加签）"
    CAN = "能@人的群：{names}"
    TURN_ON, TURN_OFF = Button("打开群里艾特"), Button("关闭群里艾特")
    SHOW = "群里艾特"
    ON_WORD = "打开群里艾特"
    JOINED = "、"


@feature.command("群里艾特", "打开群里艾特", "关闭群里艾特")
async def mention(turn: Turn) -> Reply | None:
    """Say how it is set, or set it; the office's only."""
    if not allowed(turn, Action.SET_PLAN):
        return None
    said, on = key(turn.text), await turn.work.settings.get(MENTION, False) is True
    if said != Say.SHOW:
        on = said == Say.ON_WORD
        await turn.work.settings.set(MENTION, on, actor(turn, Post.OFFICE), turn.now)
    if not on:
        return Reply(Say.IS_OFF, (Say.TURN_ON,))
    can = [group_name(group) for group in await turn.work.groups.bound() if group.webhook_url]
    groups = Say.CAN.format(names=Say.JOINED.join(can)) if can else Say.NONE_CAN
    return Reply(Say.IS_ON.format(groups=groups), (Say.TURN_OFF,))
