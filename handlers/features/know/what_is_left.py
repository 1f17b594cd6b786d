"""那2022年还要干多少: what approved values leave of the asker's own targets. Says so where none is approved."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from handlers.feature import Feature, Turn
from handlers.meanwhile import shortly, target_ruling_of
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.owing import Item, items_of
from handlers.report_facts import number, target_words
from handlers.rights import about_matter, allowed
from handlers.rules.checks import plain
from handlers.rules.permissions import Action
from knowledge import Figure, Kind, Measure
from storage import State, Submission

feature = Feature("what_is_left")
SHOWN = 8  # lines of a phone's screen
LEVELS = frozenset({Kind.SHARE, Kind.GROWTH})


class Say:
    HEARS = (
        r"(?:那么?)?(?:我们?|咱们?|本)?(?:单位|局|委|办)?(?:到|在)?(?P<year>(?:20)?\d\d(?=年)|今|明|后)?年?(?:底|末)?"
        r"(?:前|之前)?(?:我们?|咱们?|本)?(?:单位|局|委|办)?(?:还|再)(?:要|得|需要?|差|剩|应该?)"
        r"(?:再?(?:干|做|完成|建|搞|办|弄))?(?:多少|几个|些?什么|哪些)(?:个|所|家|件|了|呢|啊|呀)*"
    )
    AT_MOST = re.compile("以内|以下|不超过|不高于|不大于|低于|控制")
    RELATIVE = ("今", "明", "后")
    HEAD = "{unit}到{year}年的目标和审核通过的数："
    LEFT = "{name}：{target}，最近审核通过{value}{unit}{at}，还差{gap}{unit}"
    REACHED = "{name}：{target}，最近审核通过{value}{unit}{at}，已达到"
    LEVEL = "{name}：{target}（比率，不累加），最近审核通过{value}{unit}{at}"
    SEEN = "{name}：{target}，最近审核通过{value}{unit}{at}"
    NONE = "{name}：{target}，还没有审核通过的数"
    AT = "（{at.month}月{at.day}日）"
    OPEN = "（目标有两种说法）"
    RULED = "（目标有两种说法，{ruling}）"
    MORE = "还有{count}项，说“我的进展”看全部。"
    PROGRESS, FILL = "我的进展", "填报"
    PRIVATE = "已私信您。"


@feature.hears(Say.HEARS)
async def what_is_left(turn: Turn) -> Reply | None:
    """One line per target of the asker's units; None where nothing can be set beside the notice."""
    units = tuple(u for u in turn.person.units if u)
    if not units:
        return None
    year, told = _year(turn), []
    items = await _meant(turn, units)
    for item in items:
        if allowed(turn, Action.SEE_APPROVED, about_matter(item.stored)):
            told += [line(turn, item, m, f) for m in item.facts.measures if (f := _target(m, year))]
    if not told:
        return None
    last = year or max(f.year or 0 for i in items for m in i.facts.measures for f in m.targets)
    lines = [Say.HEAD.format(unit="、".join(units), year=last), *told[:SHOWN]]
    lines += [Say.MORE.format(count=len(told) - SHOWN)] if len(told) > SHOWN else []
    return _privately(turn, Reply("\n".join(lines), (Button(Say.PROGRESS), Button(Say.FILL))))


def _year(turn: Turn) -> int | None:
    """The year that was said; None when none was: then the last one with a target."""
    found = re.fullmatch(Say.HEARS, turn.text.strip("。.!！?？ "))
    said = found["year"] if found else None
    if said in Say.RELATIVE:
        return turn.now.year + Say.RELATIVE.index(said)
    return int(said) % 100 + 2000 if said else None


async def _meant(turn: Turn, units: tuple[str, ...]) -> list[Item]:
    """The units' matters; of a talk about one row that row alone, of a row of others none."""
    row = (turn.dialogue.context or {}).get("refs") if turn.dialogue else None
    items: list[Item] = []
    for notice in turn.library.notices:
        for unit in units:
            found = await items_of(turn.work, turn.library, notice.key, turn.now, unit=unit, workdays=turn.workdays)
            items += [i for i in found if i.stored.id not in {known.stored.id for known in items}]
    return [i for i in items if row in i.facts.refs] if row else items


def _target(measure: Measure, year: int | None) -> Figure | None:
    """The measure's figure for the year, or its last."""
    valued = [t for t in measure.targets if t.value is not None and t.year]
    if year is None:
        return max(valued, key=lambda t: t.year or 0, default=None)
    return next((t for t in valued if t.year == year), None)


def line(turn: Turn, item: Item, measure: Measure, target: Figure) -> str:
    """Target, what is approved, what is left; a level is never subtracted."""
    approved = item.live if item.live and item.live.state is State.APPROVED else item.last
    value = number(approved.figures.get(measure.key)) if approved else None
    open_ = disputed(turn, item)
    said = {
        "name": item.stored.name if len(item.facts.measures) == 1 else measure.name,
        "target": f"{target.year}年{target_words(target, measure.unit)}{open_}",
        "unit": measure.unit,
    }
    if approved is None or value is None:
        return Say.NONE.format(**said)
    told = {**said, "value": plain(value), "at": Say.AT.format(at=approved.as_of) if approved.as_of else ""}
    if measure.kind in LEVELS:
        return Say.LEVEL.format(**told)
    gap = _gap(measure, target, value, approved)
    if gap is None:
        return Say.SEEN.format(**told)
    return Say.LEFT.format(**told, gap=plain(gap)) if gap > 0 else Say.REACHED.format(**told)


def disputed(turn: Turn, item: Item) -> str:
    """That the notice states the target in two ways, and which counts meanwhile."""
    if not any(c.kind == "figure" and not c.soft for c in turn.library.conflicts_of(item.facts)):
        return ""
    ruling = shortly(target_ruling_of(item.facts, turn.library, item.stored.notice))
    return Say.RULED.format(ruling=ruling) if ruling else Say.OPEN


def _gap(measure: Measure, target: Figure, value: Decimal, approved: Submission) -> Decimal | None:
    """What is left; None where less is better, or the value is of another year than a flow's target."""
    of: date | None = approved.as_of
    flow = measure.kind is Kind.FLOW and (of is None or of.year != target.year)
    if target.value is None or flow or Say.AT_MOST.search(target.bound or ""):
        return None
    return target.value - value


def _privately(turn: Turn, reply: Reply) -> Reply:
    """In a group the answer goes to the asker alone."""
    if turn.private or not turn.person.staff_id:
        return reply
    turn.tell(Receiver("person", turn.person.staff_id), Announcement(reply.text, reply.buttons))
    return Reply(Say.PRIVATE)
