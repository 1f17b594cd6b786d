"""颜色界限: from where on 关注 is 偏慢. The office's own setting, in two steps; anybody who sees colours may ask."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.bounds import LEVEL, WATCH, bounds_of, percents
from handlers.feature import Feature, Turn
from handlers.message import Button, Reply
from handlers.rights import actor, allowed
from handlers.rules.lights import Bounds
from handlers.rules.permissions import Action, Post

feature = Feature("set_bounds", {"办公室": ("颜色界限",)})
SAID = re.compile(
    r"(?P<kind>累计|新增|增速|占比|比率)?(?:和|、|及|与)?(?:累计|新增|增速|占比|比率)?\s*(?:改为|改成|为|到)?\s*"
    r"(?P<said>\d{1,2})\s*[%％个点百分之]*"
)
LEAST, MOST = 1, 50


class Say:
    IS = (
        "现在的颜色界限是{bounds}：\n"
        "累计、新增：比时间进度差目标的{watch}%以内为关注（黄），超过为偏慢（红）。\n"
        "增速、占比：低于目标不超过目标的{level}%为关注（黄），再低为偏慢（红）。\n"
        "颜色只给办公室和领导看，责任单位看到的是文字。"
    )
    BOTH, EACH = "{watch}%", "累计、新增{watch}%，增速、占比{level}%"
    HOW = "要改请说：颜色界限 15（一起改），或颜色界限 累计 15、颜色界限 增速 5"
    SURE = "颜色界限由{old}改为{new}？改后汇总表、进展图和领导看板都按新界限；已封存的不变。"
    YES, NO, SAYS_YES = "确认改为{new}", "不改界限", "确认颜色界限 {words}"
    SET = "颜色界限已改为{new}，已记入记录。"
    SAME = "颜色界限现在就是{new}，不用改。"
    KEPT = "好的，界限没有改。"
    RANGE = "请写{least}到{most}之间的整数，例如：颜色界限 15"
    NOT_YOURS = "颜色界限由办公室来定，请在单聊里说。"
    NO_COLOURS = "颜色给办公室和领导看；您单位的进度在“我的进展”里用文字说明。"
    COUNTED, LEVELS = ("累计", "新增"), ("增速", "占比", "比率")


@dataclass(frozen=True, slots=True)
class Wish:
    """The percent that is wanted, and for which settings; `words` say it again."""

    percent: int
    keys: tuple[str, ...]
    words: str

    def after(self, bounds: Bounds) -> tuple[str, str]:
        """The bounds in percent once it is done."""
        watch, level = percents(bounds)
        return (str(self.percent) if WATCH in self.keys else watch), (
            str(self.percent) if LEVEL in self.keys else level
        )


@feature.command("颜色界限", "界限", "红黄灯界限", takes=True)
async def ask(turn: Turn) -> Reply:
    """What it is; with a number what would change, and ask."""
    bounds = await bounds_of(turn.work)
    old = percents(bounds)
    if not turn.rest:
        if not allowed(turn, Action.EXPORT_APPROVED) and not allowed(turn, Action.EXPORT):
            return Reply(Say.NO_COLOURS)
        how = [Say.HOW] if allowed(turn, Action.SET_PLAN) else []
        said = Say.IS.format(bounds=in_words(old), watch=old[0], level=old[1])
        return Reply("\n".join([said, *how]))
    wish = wanted(turn)
    if isinstance(wish, Reply):
        return wish
    new = wish.after(bounds)
    if new == old:
        return Reply(Say.SAME.format(new=in_words(new)))
    yes = Button(Say.YES.format(new=in_words(new)), Say.SAYS_YES.format(words=wish.words))
    return Reply(Say.SURE.format(old=in_words(old), new=in_words(new)), (yes, Button(Say.NO)))


def in_words(both: tuple[str, str]) -> str:
    """10%, or each where they differ."""
    form = Say.BOTH if both[0] == both[1] else Say.EACH
    return form.format(watch=both[0], level=both[1])


def wanted(turn: Turn) -> Wish | Reply:
    """What was said, or why it cannot be."""
    if not allowed(turn, Action.SET_PLAN) or not turn.private:
        return Reply(Say.NOT_YOURS)
    found = SAID.fullmatch(turn.rest.strip())
    new = int(found["said"]) if found else 0
    if found is None or not LEAST <= new <= MOST:
        return Reply(Say.RANGE.format(least=LEAST, most=MOST))
    kind = found["kind"]
    keys = (WATCH,) if kind in Say.COUNTED else (LEVEL,) if kind in Say.LEVELS else (WATCH, LEVEL)
    return Wish(new, keys, f"{kind} {new}" if kind else str(new))


@feature.command("确认颜色界限", takes=True)
async def change(turn: Turn) -> Reply:
    """Set it; old and new stand in the audit."""
    wish = wanted(turn)
    if isinstance(wish, Reply):
        return wish
    for key in wish.keys:
        await turn.work.settings.set(key, wish.percent, actor(turn, Post.OFFICE), turn.now)
    return Reply(Say.SET.format(new=in_words(percents(await bounds_of(turn.work)))))


@feature.command("不改界限")
async def leave(turn: Turn) -> Reply:
    """It stays."""
    return Reply(Say.KEPT)
