"""填报: what a unit still has to report, by number or by name. The form itself is report_progress."""

from __future__ import annotations

from handlers.feature import Aside, Feature, Turn
from handlers.form_words import bare
from handlers.message import Button, Reply
from handlers.owing import Item, Owes, items_of
from handlers.rights import clerk_units
from handlers.rules.periods import name as period_name
from knowledge import Matter
from storage import Dialogue

feature = Feature("choose_matter", {"填报员": ("填报",), "联络人": ("填报",), "备用联络人": ("填报",)})
LIKELY = 0.5  # below it a name is no matter's
CLOSE = 0.05  # two matters this near each other are asked about


class Say:
    NO_SEAT = "填报要先登记岗位。请联系办公室把您加进名单，登记后就能报。"
    NOTHING = "您单位没有要报的事项。"
    ALL_DONE = "本期（{period}）您单位{count}件都报了，谢谢。"
    LIST = "本期（{period}）您单位{count}件待报："
    LIST_FREE = "您单位可报{count}件（办公室还没有定报送安排，不催也不算逾期）："
    LINE = "{number} {name}{state}{last}"
    HALF, RETURNED, LAST = "（填到一半）", "（请补一句）", "　上期{value}"
    PICK = "回序号或名称就能报，例如：1"
    MORE = "还有{count}件，报完再列。"
    IN_GROUP = "填报请在单聊进行，已为您打开（没有记数字）。"
    WHICH = "没有找到“{said}”这件事。说“填报”看您单位要报的。"
    SURE = "您是要报哪一件？"
    REPORT = "填报 {name}"
    PROGRESS = "我的进展"
    SHOWN = 8  # matters in one list


@feature.command("填报", "我要填报", "报数", "继续", takes=True)
async def report(turn: Turn) -> Reply | None:
    """The list of what is to be reported; with a rest, that matter's form."""
    if turn.rest:
        return await open_named(turn, turn.rest)
    return await list_open(turn)


async def open_named(turn: Turn, said: str) -> Reply | None:
    """Open the matter that was named, the last word as its value if it is one; several likely ones are asked about."""
    found = likely(turn, said)
    value = ""
    if not found and " " in said:
        name, _, value = said.rpartition(" ")
        found = likely(turn, name)
    if not found:
        return Reply(Say.WHICH.format(said=said[:20]))
    if len(found) > 1:
        return Reply(Say.SURE, tuple(Button(m.name, Say.REPORT.format(name=m.name)) for m in found))
    return await turn.open("填报事项", matter=found[0].key, notice=notice_of(turn, found[0]), value=value)


def likely(turn: Turn, said: str) -> list[Matter]:
    """At most three matters that the words may name; one when it stands out."""
    scored = [(m, score) for m, score in turn.library.find_matters(said) if score >= LIKELY][:3]
    return [m for m, score in scored if score >= scored[0][1] - CLOSE]


def notice_of(turn: Turn, matter: Matter) -> str:
    """Key of the notice a matter stands in."""
    return next((n.key for n in turn.library.notices if matter in n.matters), "")


async def list_open(turn: Turn) -> Reply:
    """What the sender's units owe in this period, by number."""
    if not clerk_units(turn.person):
        return Reply(Say.NO_SEAT)
    items = await owed(turn)
    waiting = [item for item in items if item.open]
    if not items:
        return Reply(Say.NOTHING)
    if not waiting:
        period = period_name(items[0].span.key, turn.now.date())
        return Reply(Say.ALL_DONE.format(period=period, count=len(items)), (Button(Say.PROGRESS),))
    if not turn.private:
        return Reply(Say.IN_GROUP)
    await turn.hold("pick", {"matters": [item.stored.id for item in waiting]})
    return Reply("\n".join(listed(waiting, turn)), tuple(Button(str(n + 1)) for n in range(min(3, len(waiting)))))


def listed(waiting: list[Item], turn: Turn) -> list[str]:
    """Head, numbered matters with their last value, how to answer."""
    head = Say.LIST if waiting[0].span.due else Say.LIST_FREE
    lines = [head.format(period=period_name(waiting[0].span.key, turn.now.date()), count=len(waiting))]
    for number, item in enumerate(waiting[: Say.SHOWN], 1):
        half = {Owes.DRAFT: Say.HALF, Owes.RETURNED: Say.RETURNED}.get(item.owes, "")
        last = Say.LAST.format(value=last_shown(item)) if item.last else ""
        lines.append(Say.LINE.format(number=number, name=item.facts.name, state=half, last=last))
    lines += [Say.MORE.format(count=len(waiting) - Say.SHOWN)] if len(waiting) > Say.SHOWN else []
    return [*lines, Say.PICK]


def last_shown(item: Item) -> str:
    """The last approved value of the first measure with its unit, else the beginning of its line."""
    if item.last is None:
        return ""
    first = item.facts.measures[0] if item.facts.measures else None
    value = item.last.figures.get(first.key, "") if first else ""
    return f"{value}{first.unit}" if first and value else item.last.line[:10]


async def owed(turn: Turn) -> list[Item]:
    """All matters the sender's units lead, of all published notices."""
    items: dict[int, Item] = {}
    for notice in turn.library.notices:
        for unit in clerk_units(turn.person):
            found = await items_of(turn.work, turn.library, notice.key, turn.now, unit=unit, workdays=turn.workdays)
            items |= {item.stored.id: item for item in found}
    return list(items.values())


@feature.form("pick")
async def pick(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """A number after the list; anything else closes the list and is answered by whoever can."""
    await turn.release()
    ids = (opened.state or {}).get("matters")
    said = bare(turn.text)
    if isinstance(ids, list | tuple) and said.isdecimal() and 0 < int(said) <= len(ids):
        stored = await turn.work.matters.get(int(str(ids[int(said) - 1])))
        if stored and stored.key:
            reply = await turn.open("填报事项", matter=stored.key, notice=stored.notice)
            return reply or Aside()
    return Aside()
