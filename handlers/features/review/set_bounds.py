"""颜色界限: from where on 关注 is 偏慢. The office's own setting, in two steps; anybody who sees colours may ask."""

from __future__ import annotations

import re

from handlers.bounds import WATCH, bounds_of
from handlers.feature import Feature, Turn
from handlers.message import Button, Reply
from handlers.rights import actor, allowed
from handlers.rules.lights import shown
from handlers.rules.permissions import Action, Post

feature = Feature("set_bounds", {"办公室": ("颜色界限",)})
PERCENT = re.compile(r"(?P<said>\d{1,2})\s*[%％个点百分之]*")
LEAST, MOST = 1, 50


class Say:
    IS = (
        "现在的颜色界限是{watch}%：\n"
        "累计、新增：比时间进度差目标的{watch}%以内为关注，超过为偏慢。\n"
        "增速、占比：低于目标不超过目标的{watch}%为关注，再低为偏慢。\n"
        "颜色只给办公室和领导看，责任单位看到的是文字。"
    )
    HOW = "要改请说：颜色界限 15"
    SURE = "颜色界限由{old}%改为{new}%？改后汇总表、进展图和领导看板都按新界限；已封存的不变。"
    YES, NO, SAYS_YES = "确认改为{new}%", "不改界限", "确认颜色界限 {new}"
    SET = "颜色界限已改为{new}%，已记入记录。"
    SAME = "颜色界限现在就是{new}%，不用改。"
    KEPT = "好的，界限没有改。"
    RANGE = "请写{least}到{most}之间的整数，例如：颜色界限 15"
    NOT_YOURS = "颜色界限由办公室来定，请在单聊里说。"
    NO_COLOURS = "颜色给办公室和领导看；您单位的进度在“我的进展”里用文字说明。"


@feature.command("颜色界限", "界限", "红黄灯界限", takes=True)
async def ask(turn: Turn) -> Reply:
    """What it is; with a number what would change, and ask."""
    watch = shown((await bounds_of(turn.work)).watch * 100)
    if not turn.rest:
        if not allowed(turn, Action.EXPORT_APPROVED) and not allowed(turn, Action.EXPORT):
            return Reply(Say.NO_COLOURS)
        how = [Say.HOW] if allowed(turn, Action.SET_PLAN) else []
        return Reply("\n".join([Say.IS.format(watch=watch), *how]))
    new = wanted(turn)
    if isinstance(new, Reply):
        return new
    if str(new) == watch:
        return Reply(Say.SAME.format(new=new))
    yes = Button(Say.YES.format(new=new), Say.SAYS_YES.format(new=new))
    return Reply(Say.SURE.format(old=watch, new=new), (yes, Button(Say.NO)))


def wanted(turn: Turn) -> int | Reply:
    """The percent that was said, or why it cannot be."""
    if not allowed(turn, Action.SET_PLAN) or not turn.private:
        return Reply(Say.NOT_YOURS)
    found = PERCENT.fullmatch(turn.rest.strip())
    new = int(found["said"]) if found else 0
    return new if LEAST <= new <= MOST else Reply(Say.RANGE.format(least=LEAST, most=MOST))


@feature.command("确认颜色界限", takes=True)
async def change(turn: Turn) -> Reply:
    """Set it; old and new stand in the audit."""
    new = wanted(turn)
    if isinstance(new, Reply):
        return new
    await turn.work.settings.set(WATCH, new, actor(turn, Post.OFFICE), turn.now)
    return Reply(Say.SET.format(new=new))


@feature.command("不改界限")
async def leave(turn: Turn) -> Reply:
    """It stays."""
    return Reply(Say.KEPT)
