"""填报: what a unit still has to report, by number or by name. The form itself is report_progress."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from handlers.drafting import desk_of
from handlers.feature import Aside, Feature, Turn
from handlers.form_run import with_note
from handlers.form_words import bare
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.naming import CLOSE, LIKELY, Naming
from handlers.owing import Item, Owes
from handlers.past import still_lacking
from handlers.report_list import Say as List
from handlers.rights import clerk_units
from handlers.rules.one_sentence import read_report
from handlers.rules.periods import name as period_name
from handlers.whole_report import Reader, is_whole, led, owed
from knowledge import Matter, read_quantity
from storage import Dialogue

CLERKS = ("填报员", "联络人", "备用联络人")
feature = Feature("choose_matter", dict.fromkeys(CLERKS, ("填报",)))


class Say:
    NO_SEAT = "填报要先登记岗位。请联系办公室把您加进名单，登记后就能报。"
    NOTHING = "您单位没有要报的事项。"
    ALL_DONE = "本期（{period}）您单位{count}件都报了，谢谢。"
    LIST = "本期（{period}）您单位{count}件待报："
    LIST_FREE = "您单位可报{count}件（办公室还没有定报送安排，不催也不算逾期）："
    LINE = "{number} {name}{state}{last}"
    HALF, RETURNED, LAST = "（填到一半）", "（请补一句）", "　上期{value}"
    PICK = "回序号报一件；也可以一句话都报，例如：1是{first}，2是{second}{others}"
    PICK_ONE = "回序号或名称就能报，例如：1"
    OTHERS = "，其他和上期一样"
    MORE = "还有{count}件，报完再列。"
    GLUED, GLUED_WORD = r"(?:接着填|继续填|核对).{2,40}", r"^\s*(?:接着填|继续填|核对)[：:，,\s]*"
    OPENED = "您单位还有{count}件待报，在这里报就行。"
    IN_GROUP = "填报请在单聊进行，已为您打开（没有记数字）。"
    WHICH = "没有找到“{said}”这件事。说“填报”看您单位要报的。"
    SURE = "您是要报哪一件？"
    LATE_TOO = "{period}还有{count}件没报，晚了也收，说“补报”就行。"
    WORD, LATE = "填报", "补报 {period}"
    BEGUN = "有{count}件填到一半：{names}。"
    BEGUN_ONE = "{name}（{lacking}）"
    LACKING, CHECKING, BACK = "差{field}", "待核对", "请补一句"
    GO_ON, CHECK, REST = "接着填{name}", "核对{name}", "报别的"
    OPEN = "接着填 {name}"
    LEFT = "好的。填过的都在，随时说“填报”接着来。"
    PROGRESS, SAME = "我的进展", "和上期一样"
    JOINED, SHOWN, EXAMPLE = "、", 8, "35"
    EXAMPLE_PERCENT, TOGETHER = "80%", Button("一起核对", "都提交")


@feature.command("填报", "我要填报", "报数", "继续", takes=True)
async def report(turn: Turn) -> Reply | None:
    """What was begun, else the list of what is to be reported; with a rest, that matter's form."""
    if turn.rest:
        return await open_named(turn, turn.rest)
    begun = [item for item in await owed(turn) if item.begun] if turn.private else []
    return begun_card(turn, begun) if begun else await list_open(turn)


@feature.command(Say.REST, "报其他的", "填别的")
async def report_others(turn: Turn) -> Reply:
    """The list, whatever was begun."""
    return await list_open(turn)


@feature.command("先放着", "不改", "不报了", "先不报", "稍后再填")
async def leave(turn: Turn) -> Reply:
    """Nothing is open: nothing to be put aside."""
    return Reply(Say.LEFT)


@feature.hears(Say.GLUED)
async def go_on_said(turn: Turn) -> Reply | None:
    """接着填智慧校园, the words of a button typed."""
    name = re.sub(Say.GLUED_WORD, "", turn.text)
    return await open_named(turn, name, sure="1") if Naming(turn.library, led(turn)).find(name) else None


@feature.command("接着填", "核对", takes=True)
async def go_on(turn: Turn) -> Reply | None:
    """The draft of the matter that was named; alone, the one that was begun."""
    if turn.rest:
        return await open_named(turn, turn.rest, sure="1")
    begun = [item for item in await owed(turn) if item.begun] if turn.private else []
    if len(begun) == 1:
        return await open_matter(turn, begun[0].facts, sure="1")
    return begun_card(turn, begun) if begun else await list_open(turn)


def begun_card(turn: Turn, begun: Sequence[Item]) -> Reply:
    """有2件填到一半：…, each with its button."""
    shown, buttons = list[str](), list[Button]()
    for item in begun:
        assert item.draft is not None
        desk = desk_of(turn, item, item.draft)
        lacking = Say.BACK if item.returned else Say.CHECKING if desk.ready else Say.LACKING.format(field=desk.lacking)
        shown.append(Say.BEGUN_ONE.format(name=item.stored.name, lacking=lacking))
        label = Say.CHECK if desk.ready else Say.GO_ON
        buttons.append(Button(label.format(name=item.stored.name), Say.OPEN.format(name=item.stored.name)))
    text = Say.BEGUN.format(count=len(begun), names=Say.JOINED.join(shown))
    many = len(begun) > 1
    return Reply(text, (*buttons[:3], *([Say.TOGETHER] if many else []), Button(Say.REST)))


async def open_named(turn: Turn, said: str, *, sure: str = "", period: str = "") -> Reply | None:
    """Open the matter that was named, the last word as its value if it is one; several likely ones are asked about.
    `period`: a past one (补报)."""
    if is_whole(turn, said) and (reply := await turn.open("整报", text=said, **past(period))):
        return reply
    name, value = parted(said)
    found = likely(turn, name)
    if not found:
        return await turn.open("整报", text=said, **past(period)) or Reply(Say.WHICH.format(said=said[:20]))
    measured = [m for m in found if m.measures] if read_quantity(value) else []
    found = measured or found
    if value and len(found) > 1 and (fitting := await fitted(turn, found, value, period)):
        reply = await open_matter(turn, fitting, value, sure, period)
        begun = turn.dialogue is not None and turn.dialogue.form is not None
        return with_note(List.GUESSED.format(said=name, name=fitting.name) + "\n", reply) if reply and begun else reply
    if len(found) > 1:
        await hold_which(turn, found, value, period)
        word = Say.LATE.format(period=period) if period else Say.WORD
        return Reply(Say.SURE, tuple(Button(m.name, f"{word} {m.name} {value}".rstrip()) for m in found))
    return await open_matter(turn, found[0], value, sure, period)


async def fitted(turn: Turn, found: Sequence[Matter], value: str, period: str) -> Matter | None:
    """The only one of the sender's that the value raises no doubt for (35 of 59 and 8); None where it is not sure."""
    reader = Reader(turn.library, await owed(turn, period=period or None), turn.now.date())
    fitting = [m for m in found if m.key in reader.items and reader.fits(m, value)]
    return fitting[0] if len(fitting) == 1 and all(m.key in reader.items for m in found) else None


async def hold_which(turn: Turn, found: Sequence[Matter], value: str, period: str) -> None:
    """Keep the question which of them is meant, so that its name or number answers it."""
    if not turn.private:
        return
    stored = {
        m.key: m.id for home in {notice_of(turn, f) for f in found} for m in await turn.work.matters.current(home)
    }
    ids = [stored[m.key] for m in found if m.key in stored]
    if len(ids) == len(found):
        await turn.hold("pick", {"matters": ids, "value": value, **past(period)})


def past(period: str) -> dict[str, str]:
    """The period as a fact, if it is said."""
    return {"period": period} if period else {}


@feature.opens("按名填报")
async def open_said(turn: Turn, facts: Mapping[str, str]) -> Reply | None:
    """What was said after 补报, in its period."""
    return await open_named(turn, facts["text"], period=facts["period"])


def parted(said: str) -> tuple[str, str]:
    """Name and value of 智慧校园 40 or 校园35; the value may be missing."""
    items = read_report(said).items
    if len(items) == 1 and items[0].value and not items[0].line:
        return items[0].name, items[0].value
    return said, ""


async def open_matter(turn: Turn, matter: Matter, value: str = "", sure: str = "", period: str = "") -> Reply | None:
    """Its form, or who reports it."""
    notice = notice_of(turn, matter)
    return await turn.open("填报事项", matter=matter.key, notice=notice, value=value, sure=sure, **past(period))


def likely(turn: Turn, said: str) -> list[Matter]:
    """At most three matters that the words may name, the asker's own first; one when it stands out."""
    own = Naming(turn.library, led(turn)).find(said)
    scored = [(m, score) for m, score in turn.library.find_matters(said) if score >= LIKELY][:3]
    best = [m for m, score in scored if score >= scored[0][1] - CLOSE]
    mine = [named.matter for named in own if named.matter in best or not best]
    return mine[:3] or best


def notice_of(turn: Turn, matter: Matter) -> str:
    """Key of the notice a matter stands in."""
    return turn.library.home(matter)


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
        return privately(turn, len(waiting))
    await turn.hold("pick", {"matters": [item.stored.id for item in waiting]})
    same = [Button(Say.SAME)] if all(item.last for item in waiting) else []
    numbers = [Button(str(n + 1)) for n in range(min(3, len(waiting)))]
    lines = [*listed(waiting, turn), *await lacking_line(turn, waiting[0])]
    return Reply("\n".join(lines), (*same, *numbers))


async def lacking_line(turn: Turn, item: Item) -> list[str]:
    """That something of the period before is still missing."""
    key, items = await still_lacking(turn, item.span)
    return [Say.LATE_TOO.format(period=period_name(key, turn.now.date()), count=len(items))] if items else []


def privately(turn: Turn, count: int) -> Reply:
    """In a group: the list is opened 1:1."""
    said = Announcement(Say.OPENED.format(count=count), (Button(Say.WORD),))
    turn.tell(Receiver("person", turn.person.staff_id or ""), said)
    return Reply(Say.IN_GROUP)


def listed(waiting: list[Item], turn: Turn) -> list[str]:
    """Head, numbered matters with their last value, how to answer."""
    head = Say.LIST if waiting[0].span.due else Say.LIST_FREE
    lines = [head.format(period=period_name(waiting[0].span.key, turn.now.date()), count=len(waiting))]
    for number, item in enumerate(waiting[: Say.SHOWN], 1):
        half = {Owes.DRAFT: Say.HALF, Owes.RETURNED: Say.RETURNED}.get(item.owes, "")
        last = Say.LAST.format(value=last_shown(item)) if item.last else ""
        lines.append(Say.LINE.format(number=number, name=item.facts.name, state=half, last=last))
    lines += [Say.MORE.format(count=len(waiting) - Say.SHOWN)] if len(waiting) > Say.SHOWN else []
    return [*lines, how(waiting)]


def how(waiting: Sequence[Item]) -> str:
    """How to answer: by number, or all in one sentence."""
    measured = [item for item in waiting[:2] if len(item.facts.measures) == 1]
    if len(measured) < 2:
        return Say.PICK_ONE
    first, second = (last_value(item) or example(item) for item in measured)
    others = Say.OTHERS if len(waiting) > 2 and any(item.last for item in waiting[2:]) else ""
    return Say.PICK.format(first=first, second=second, others=others)


def example(item: Item) -> str:
    """A number that could be a value of it."""
    unit = item.facts.measures[0].unit
    return Say.EXAMPLE_PERCENT if unit == "%" else Say.EXAMPLE


def last_value(item: Item) -> str:
    """The last approved number of the first measure, with a percent sign if it is one."""
    first = item.facts.measures[0] if item.facts.measures else None
    value = item.last.figures.get(first.key, "") if first and item.last else ""
    return value + (first.unit if first and value and first.unit == "%" else "")


def last_shown(item: Item) -> str:
    """The last approved value of the first measure with its unit, else the beginning of its line."""
    if item.last is None:
        return ""
    first = item.facts.measures[0] if item.facts.measures else None
    value = item.last.figures.get(first.key, "") if first else item.last.figures.get("stage", "")
    return f"{value}{first.unit if first else ''}" if value else item.last.line[:10]


@feature.form("pick")
async def pick(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """A number or a report after the list; anything else closes the list and is answered by whoever can."""
    await turn.release()
    state = opened.state or {}
    kept, value, period = state.get("matters"), str(state.get("value") or ""), str(state.get("period") or "")
    ids = [int(str(n)) for n in kept] if isinstance(kept, list | tuple) else []
    said = bare(turn.text)
    if said.isdecimal() and len(said) < 4 and 0 < int(said) <= len(ids):
        stored = await turn.work.matters.get(ids[int(said) - 1])
        if stored and stored.key:
            reply = await turn.open("填报事项", matter=stored.key, notice=stored.notice, value=value, **past(period))
            return reply or Aside()
    if turn.tag or turn.is_command(turn.text):
        return Aside()
    own = Naming(turn.library, led(turn)).find(turn.text)
    if len(own) == 1 and own[0].matter.name.find(turn.text) >= 0:
        return await open_matter(turn, own[0].matter, value, period=period) or Aside()
    return await turn.open("整报", text=turn.text, shown=" ".join(map(str, ids)), **past(period)) or Aside()
