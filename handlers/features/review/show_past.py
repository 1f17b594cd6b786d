"""上季度校园报了多少: what was reported in another period, as far as the asker may see it. Changes nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handlers.feature import Feature, Turn
from handlers.message import Announcement, Receiver, Reply
from handlers.naming import Naming
from handlers.owing import Item, items_of
from handlers.past import period_meant
from handlers.progress_lines import by_right, row
from handlers.rights import allowed
from handlers.rules.periods import name as period_name
from handlers.rules.permissions import About, Action
from knowledge import Matter

feature = Feature("show_past")
SHOWN = 10  # matters in one list


class Say:
    HEAD = "{name}{period}："
    NONE = "{name}{period}没有报过数。"
    NO_RIGHT = "{name}的进展由牵头单位和办公室掌握，您这里看不到。通知里的目标可以问我。"
    NO_PERIODS = "以前没有报送期"
    NO_MATTER = "没有找到“{said}”这件事。"
    OWN = r"(?:我们?|咱们?|本)(?:单位|局|办|镇|街道|部门)?|"
    MORE = "还有{count}件，说“{period}汇总表”或问单件。"
    PRIVATE = "已私信您。"


@feature.opens("那一期")
async def of_period(turn: Turn, facts: Mapping[str, str]) -> Reply:
    """One matter, a unit, or the asker's own units in the period that was named; values only to who may see them."""
    period = await period_meant(turn, facts["period"], Say.NO_PERIODS)
    if isinstance(period, Reply):
        return period
    said = "" if re.fullmatch(Say.OWN, facts["said"]) else facts["said"]
    unit = turn.library.unit(said) if said else None
    matters = [] if unit or not said else [n.matter for n in Naming(turn.library, turn.library.matters()).find(said)]
    if said and not unit and not matters:
        return Reply(Say.NO_MATTER.format(said=said[:20]))
    found = await _reported(turn, period, (unit,) if unit else () if matters else turn.person.units, matters)
    words = {"name": matters[0].name if matters else unit or "", "period": period_name(period or "", turn.now.date())}
    if not found:
        leads = (unit,) if unit else matters[0].lead_units if matters else turn.person.units
        sees = allowed(turn, Action.SEE_APPROVED, About(lead_units=leads))
        return Reply((Say.NONE if sees else Say.NO_RIGHT).format(**words))
    lines = [Say.HEAD.format(**words), *(row(turn, at, item) for at, item in enumerate(found[:SHOWN], 1))]
    lines += [Say.MORE.format(count=len(found) - SHOWN, **words)] if len(found) > SHOWN else []
    return _privately(turn, Reply("\n".join(lines)))


async def _reported(turn: Turn, period: str | None, units: tuple[str, ...], matters: list[Matter]) -> list[Item]:
    """What was handed in then (of these units, of these matters, where any are given) and the asker may see."""
    return [
        item
        for notice in turn.library.notices
        for item in await items_of(turn.work, turn.library, notice.key, turn.now, period=period, workdays=turn.workdays)
        if (not matters or item.facts in matters)
        and (not units or {*units} & {*item.stored.lead_units})
        and item.live
        and item.live in by_right(turn, item)
    ]


def _privately(turn: Turn, reply: Reply) -> Reply:
    if turn.private or not turn.person.staff_id:
        return reply
    turn.tell(Receiver("person", turn.person.staff_id), Announcement(reply.text, reply.buttons))
    return Reply(Say.PRIVATE)
