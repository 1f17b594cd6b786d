"""刚才报错了, 把校园改成36, 校园不是35是36: a correction in everyday words. What it does is correct_report's."""

from __future__ import annotations

import re

from handlers.feature import Feature, Turn
from handlers.message import Reply
from handlers.naming import Naming
from handlers.owing import Item
from handlers.rights import clerk_units
from handlers.whole_report import led, owed
from knowledge import read_quantity

feature = Feature("mend_report")


class Say:
    JUST = (
        r"(?:等等|等一下|不好意思|抱歉|哎呀?|啊)?[，,]?我?(?:刚才|刚刚|刚|上午|下午|昨天|前面|之前|上面)?"
        r"(?:报|填|写|发|交)?的?"
    )
    WRONG = r"(?:报|填|写|弄|搞|数)?(?:错|串|反)(?:数|数字)?了|有误|不对|不准"
    IS = r"(?:应该?是|应为|而?是|改成|改为|改到|更正为|修改为|换成|调成)"
    VALUE = r"(?P<value>[^，,]{1,12}?)(?:了|吧|才对)?"
    CHANGES = (
        rf"(?:请|麻烦)?(?:把|将|给)?(?P<name>.{{2,20}}?)(?:的)?(?:数字?|值)?(?:报错了?|填错了?|错了|有误|不对)?[，,]?"
        rf"(?:改成|改为|改到|更正为|修改为|换成|调成|应该?是|应为|应是){VALUE}",
        rf"(?P<name>.{{2,20}}?)(?:的)?(?:数字?|值)?不是(?P<old>[^，,是]{{1,12}})[，,]?{IS}{VALUE}",
        rf"(?:改一下|修改一下|修改)(?P<name>.{{2,20}}?)[，,：: ]+(?:{IS})?{VALUE}",
    )
    LAST = (
        rf"{JUST}(?:那个|那件|那条|这个|数字?)?(?:{WRONG})[，,。]?(?:{IS}{VALUE})?",
        rf"{JUST}(?:那个|那件|那条)?不是(?P<old>[^，,是]{{1,12}})[，,]?{IS}{VALUE}",
    )
    NAMED = rf"(?P<name>.{{2,20}}?)(?:的)?(?:数字?|值|进展)?(?:{WRONG})"
    ENDS = "。.!！~ "
    CORRECT, REPORT = "更正", "填报事项"


@feature.guess
async def hear(turn: Turn) -> Reply | None:
    """The correction opened with the value that was said; None where the words are none, or nothing was reported."""
    if not clerk_units(turn.person) or turn.tag or turn.message.quoted:
        return None
    said = turn.text.strip(Say.ENDS)
    if found := _match(said, Say.LAST):
        return await change_last(turn, found.groupdict().get("value") or "")
    if found := _match(said, Say.CHANGES):
        return await change_named(turn, found["name"], found["value"])
    found = re.fullmatch(Say.NAMED, said)
    return await change_named(turn, found["name"], "") if found else None


def _match(said: str, patterns: tuple[str, ...]) -> re.Match[str] | None:
    found = next((m for pattern in patterns if (m := re.fullmatch(pattern, said))), None)
    value = found.groupdict().get("value") if found else None
    return found if found and (not value or read_quantity(value)) else None


async def change_named(turn: Turn, name: str, value: str) -> Reply | None:
    """What was reported of the matter is opened; of one not reported yet the value is taken as its report."""
    keys = {one.matter.key for one in Naming(turn.library, led(turn)).find(name)}
    items = [item for item in await owed(turn) if item.facts.key in keys]
    if any(item.live or item.begun for item in items):
        return await _correct(turn, f"{name} {value}".strip())
    if len(items) != 1 or not value:
        return None
    item = items[0]
    facts = {"matter": item.facts.key, "notice": item.stored.notice, "value": value}
    return await turn.open(Say.REPORT, **facts)


async def change_last(turn: Turn, value: str) -> Reply | None:
    """The report that the sender handed in last; None where there is none of this period."""
    person = turn.person.staff_id
    made = [item for item in await owed(turn) if item.live and item.live.submitted_by == person]
    last: Item | None = max(made, key=lambda item: item.live.submitted_at if item.live else turn.now, default=None)
    return await _correct(turn, f"{last.stored.name} {value}".strip()) if last else None


async def _correct(turn: Turn, said: str) -> Reply | None:
    """As if 更正 with these words had been typed."""
    found = turn.features.command(f"{Say.CORRECT} {said}")
    if found is None:
        return None
    command, turn.rest = found
    return await command.answer(turn)
