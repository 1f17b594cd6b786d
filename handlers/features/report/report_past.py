"""补报: a report for a period that is over. Late is accepted; the mark stays in the office's table."""

from __future__ import annotations

from handlers.feature import Feature, Turn
from handlers.form_words import bare
from handlers.handing_in import refuse_sealed
from handlers.message import Button, Reply
from handlers.past import present_of, said_period
from handlers.rights import clerk_units
from handlers.rules.periods import name as period_name
from handlers.whole_report import owed

CLERKS = ("填报员", "联络人", "备用联络人")
feature = Feature("report_past", dict.fromkeys(CLERKS, ("补报",)))


class Say:
    WORDS = ("补报", "补交", "补填")
    HEARS = r"(?:我们?|您|要|想|还)*(?:补报|补交|补填)(?P<rest>.+)"
    NO_SEAT = "补报要先登记岗位。请联系办公室把您加进名单，登记后就能报。"
    IN_GROUP = "补报请在单聊里说，群里不记数字。"
    NOTHING = "您单位没有要报的事项。"
    NO_PERIOD = "以前没有要报的报送期，说“填报”就行。"
    ALL_DONE = "{period}您单位{count}件都报过了，不用补。有误请说“更正 事项”。"
    LIST = "{period}您单位还有{count}件没报：{names}。"
    HOW = "晚了也收，例如：补报 {period} {name} {value}；没有变化就说：补报 {period} 和上期一样"
    SHOWN = "补报{period}：\n{text}"
    NUMBER, STAGE = "35", "推进中"
    JOINED, MOST, BUTTONS = "、", 8, 3


@feature.command(*Say.WORDS, takes=True)
async def report_late(turn: Turn) -> Reply | None:
    """补报 三季度 校园 35; alone, what is still lacking in the period just past."""
    return await report_for(turn, turn.rest)


@feature.hears(Say.HEARS)
async def hear_late(turn: Turn) -> Reply | None:
    """补报三季度校园35."""
    word = next((w for w in Say.WORDS if w in turn.text), Say.WORDS[0])
    return await report_for(turn, turn.text.partition(word)[2].strip()) if clerk_units(turn.person) else None


async def report_for(turn: Turn, said: str) -> Reply | None:
    """The matter's form, or the check list of several, in the period that is meant."""
    if not clerk_units(turn.person):
        return Reply(Say.NO_SEAT)
    if not turn.private:
        return Reply(Say.IN_GROUP)
    items = await owed(turn)
    if not items:
        return Reply(Say.NOTHING)
    period, rest = said_period(turn, await present_of(turn, items[0].stored.notice), said)
    if period is None:
        return Reply(Say.NO_PERIOD)
    await refuse_sealed(turn, items[0].stored.notice, period)
    if not bare(rest):
        return await lacking(turn, period)
    reply = await turn.open("按名填报", text=rest, period=period)
    shown = period_name(period, turn.now.date())
    return Reply(Say.SHOWN.format(period=shown, text=reply.text), reply.buttons) if reply else None


async def lacking(turn: Turn, period: str) -> Reply:
    """What the sender's units did not report in it, and how to."""
    items = await owed(turn, period=period)
    left, shown = [item for item in items if item.open], period_name(period, turn.now.date())
    if not left:
        return Reply(Say.ALL_DONE.format(period=shown, count=len(items)))
    names = Say.JOINED.join(item.stored.name for item in left[: Say.MOST])
    first = left[0]
    value = Say.NUMBER if first.facts.measures else Say.STAGE
    lines = [
        Say.LIST.format(period=shown, count=len(left), names=names),
        Say.HOW.format(period=shown, name=first.stored.name, value=value),
    ]
    words = [Button(i.stored.name, f"{Say.WORDS[0]} {shown} {i.stored.name}") for i in left[: Say.BUTTONS]]
    return Reply("\n".join(lines), tuple(words))
