"""撤回 before review, 更正 after approval: the draft opens again with its answers; both versions are kept."""

from __future__ import annotations

import re

from handlers.drafting import Desk, fill, find_desk, keep, open_item
from handlers.feature import Feature, Turn
from handlers.form_words import bare
from handlers.handing_in import number_of, refuse_sealed
from handlers.message import Button, Reply
from handlers.naming import Naming
from handlers.owing import Item, item_of
from handlers.report_form import Say as Form
from handlers.report_form import field_of
from handlers.rights import about_matter, actor, clerk_units, reporting_unit, seats_of
from handlers.rules.one_sentence import read_report
from handlers.rules.permissions import Action, may
from handlers.rules.receipts import read_receipt
from handlers.whole_report import led, owed, tidied
from knowledge import Matter, read_quantity
from storage import AlreadyDecided, Draft, State, Submission

CLERKS = ("填报员", "联络人", "备用联络人")
feature = Feature("correct_report", dict.fromkeys(CLERKS, ("更正 事项", "撤回 事项")))
FORM = "report"


class Say:
    CORRECT = r"(?:我?要)?更正(?!一下)(?:一下)?(?P<rest>.{2,60})"
    WITHDRAW = r"(?:我?要)?(?:撤回|撤销|收回)(?P<rest>.{2,40})"
    NO_SEAT = "更正和撤回由登记的填报员来做。"
    WHICH = "要{what}哪一件？"
    NOTHING = "没有找到可以{what}的填报。说“我的进展”看报过的。"
    WITHDRAWN = "已撤回{name}：{values}（编号{receipt}），填过的数还在。"
    NOT_NOW = "{name}{day}已通过，不能撤回；有误请说“更正{name}”。"
    TOO_LATE = "{name}刚才已处理（{state}），没有撤回。"
    OTHER_UNIT = "{name}是{unit}报的，请和他们联系。"
    REOPENED = "{name}已报的是{values}，改哪一项直接说，例如“数值是36”。改完再提交，前后两次都留着。"
    QUOTED = r"(?:改成|改为|应该是|应为|是)\s*(?P<value>.{1,20})"
    RECEIPT_IN = r"编号(\S{0,12}?第\d+号)"
    OFFER = "{name}已报{values}（{state}），改成{value}，对吗？"
    ONE_TAP, NO = "撤回并改成{value}", "不改"
    ONE_TAP_SAYS = "更正 {name} {value}"
    GO_ON, PARK = Button("接着填"), Button("先放着")
    CORRECTING, WITHDRAWING = "更正", "撤回"
    SHOWN = 5
    IN_GROUP = "请在单聊里说，群里不显示填报内容。"


@feature.command(Say.WITHDRAWING, "撤销", takes=True)
async def withdraw(turn: Turn) -> Reply | None:
    """Take back what nobody decided yet."""
    return await withdraw_named(turn, turn.rest)


@feature.hears(Say.WITHDRAW)
async def hear_withdraw(turn: Turn) -> Reply | None:
    """撤回智慧校园, without a blank."""
    found = re.fullmatch(Say.WITHDRAW, turn.text.strip("。.!！ "))
    return await withdraw_named(turn, found["rest"]) if found and clerk_units(turn.person) else None


@feature.command(Say.CORRECTING, "改数", takes=True)
async def correct(turn: Turn) -> Reply | None:
    """Open what was reported to be changed."""
    return await correct_named(turn, turn.rest)


@feature.hears(Say.CORRECT)
async def hear_correct(turn: Turn) -> Reply | None:
    """更正智慧校园, without a blank."""
    found = re.fullmatch(Say.CORRECT, turn.text.strip("。.!！ "))
    return await correct_named(turn, found["rest"]) if found and clerk_units(turn.person) else None


async def withdraw_named(turn: Turn, said: str) -> Reply:
    """What was handed in of the matter or receipt is taken back; the draft reopens."""
    if refused := refusal(turn):
        return refused
    found = await choose(turn, said, Say.WITHDRAWING)
    if isinstance(found, Reply):
        return found
    item, live = found
    name = item.stored.name
    if live.state is State.APPROVED:
        moment = live.decided_at or live.submitted_at
        return Reply(Say.NOT_NOW.format(name=name, day=Form.DAY.format(month=moment.month, day=moment.day)))
    await refuse_sealed(turn, live.notice, live.period)
    try:
        await turn.work.submissions.withdraw(live.id, actor(turn), turn.now)
    except AlreadyDecided as late:
        return Reply(Say.TOO_LATE.format(name=name, state=late.state))
    if live.draft_id:
        await turn.hold(FORM, {"draft": live.draft_id})
    text = Say.WITHDRAWN.format(name=name, values=values_of(item, live), receipt=number_of(turn, live))
    return Reply(text, (Say.GO_ON, Say.PARK))


async def correct_named(turn: Turn, said: str) -> Reply:
    """The matter's draft open again, with the new value if one was said."""
    if refused := refusal(turn):
        return refused
    found = await choose(turn, said, Say.CORRECTING)
    if isinstance(found, Reply):
        return await begun_one(turn, said) or found
    item, live = found
    try:
        desk = await reopened(turn, item, live)
    except AlreadyDecided as late:
        return Reply(Say.TOO_LATE.format(name=item.stored.name, state=late.state))
    await turn.hold(FORM, {"draft": desk.draft.id})
    value = value_in(turn, item, said)
    if not value:
        await keep(turn, desk)
        return Reply(Say.REOPENED.format(name=item.stored.name, values=values_of(item, live)), desk.question.buttons)
    filled, problem = fill(desk, {desk.form.steps[0].field: value})
    kept = await keep(turn, filled)
    asked = kept.question
    return Reply(f"{problem}\n{asked.text}" if problem else asked.text, asked.buttons)


async def begun_one(turn: Turn, said: str) -> Reply | None:
    """The draft of the matter that was named, when it is open already."""
    keys = named(turn, said) if said else set()
    begun = [item for item in await owed(turn) if item.begun and item.facts.key in keys]
    if len(begun) != 1:
        return None
    item = begun[0]
    facts = {"matter": item.facts.key, "notice": item.stored.notice, "sure": "1"}
    return await turn.open("填报事项", **facts, value=value_in(turn, item, said))


async def reopened(turn: Turn, item: Item, live: Submission) -> Desk:
    """Its draft, open; what was not decided yet is withdrawn first. Raises: AlreadyDecided;
    PeriodClosed."""
    unit = reporting_unit(turn.person, item.stored) or live.unit
    await refuse_sealed(turn, live.notice, live.period)
    if live.state is not State.APPROVED:
        await turn.work.submissions.withdraw(live.id, actor(turn), turn.now)
    draft = await draft_of(turn, item, unit, live.period)
    if draft.answers:
        found = await find_desk(turn, draft)
        assert found is not None
        return found
    desk = await open_item(turn, item, unit)
    given = {field_of(key): value for key, value in live.figures.items() if key != "stage"}
    given |= {"stage": live.figures["stage"]} if "stage" in live.figures else {}
    filled, _ = fill(desk, {**given, "line": live.line or Form.NONE, "origin": live.origin or Form.NONE})
    return filled


async def draft_of(turn: Turn, item: Item, unit: str, period: str) -> Draft:
    """The unit's draft of that period, open."""
    draft = await turn.work.drafts.open(unit, item.stored.id, item.stored.notice, period, actor(turn), turn.now)
    return draft if draft.state == "open" else await turn.work.drafts.reopen(draft.id, turn.now)


def refusal(turn: Turn) -> Reply | None:
    """Why the sender cannot do this here."""
    if not clerk_units(turn.person):
        return Reply(Say.NO_SEAT)
    return None if turn.private else Reply(Say.IN_GROUP)


async def choose(turn: Turn, said: str, what: str) -> tuple[Item, Submission] | Reply:
    """What is meant: by name, by receipt, or the only one there is."""
    found = await by_receipt(turn, said) if said else []
    if not found:
        wanted = named(turn, said) if said else None
        items = [i for i in await owed(turn) if i.live and (wanted is None or i.facts.key in wanted)]
        found = [(item, item.live) for item in items if item.live and (said or item.live.state is not State.APPROVED)]
        found = found or (await earlier(turn, wanted) if wanted and what == Say.CORRECTING else [])
    if len(found) > 1:
        buttons = tuple(Button(i.stored.name, f"{what} {i.stored.name}") for i, _ in found[: Say.SHOWN])
        return Reply(Say.WHICH.format(what=what), buttons)
    if not found:
        return Reply(Say.NOTHING.format(what=what))
    item, live = found[0]
    if reporting_unit(turn.person, item.stored) is None or not may(
        seats_of(turn.person), Action.FILL, about_matter(item.stored)
    ):
        return Reply(Say.NO_SEAT)
    if live.unit not in clerk_units(turn.person):
        return Reply(Say.OTHER_UNIT.format(name=item.stored.name, unit=live.unit))
    return found[0]


def named(turn: Turn, said: str) -> set[str]:
    """Keys of the matters the words name, a value at their end left out."""
    naming = Naming(turn.library, led(turn))
    pieces = read_report(tidied(said), naming.knows).items
    words = [piece.name for piece in pieces] or [said.split()[0], said]
    return {n.matter.key for word in words for n in naming.find(word)[:1]}


async def by_receipt(turn: Turn, said: str) -> list[tuple[Item, Submission]]:
    """What a receipt number stands for, if it is the sender's unit's."""
    spoken = read_receipt(said)
    if spoken is None or not said.strip():
        return []
    return [
        (item, item.live)
        for item in await owed(turn)
        if item.live and item.live.receipt == spoken.number and spoken.is_of(item.live.period)
    ]


async def earlier(turn: Turn, keys: set[str]) -> list[tuple[Item, Submission]]:
    """The last approved one of an earlier period, in that period."""
    found = []
    for item in await owed(turn):
        if item.facts.key in keys and item.last:
            there = await item_of(
                turn.work, turn.library, item.stored, turn.now, turn.workdays,
                unit=item.last.unit, period=item.last.period,
            )  # fmt: skip
            found += [(there, item.last)] if there else []
    return found


def value_in(turn: Turn, item: Item, said: str) -> str:
    """The value at the end of 更正 智慧校园 36."""
    pieces = read_report(tidied(said), Naming(turn.library, [item.facts]).knows).items
    last = said.split()[-1] if " " in said else ""
    return pieces[0].value if pieces else last if read_quantity(last) else ""


def values_of(item: Item, live: Submission) -> str:
    """35所."""
    units = {m.key: m.unit for m in item.facts.measures}
    return "、".join(f"{value}{units.get(key, '')}" for key, value in live.figures.items()) or Form.NOT_OUT


@feature.guess
async def change_quoted(turn: Turn) -> Reply | None:
    """A quoted card with 改成36: one tap withdraws and changes it."""
    quoted, found = turn.message.quoted, re.fullmatch(Say.QUOTED, turn.text.strip("。.!！ "))
    if not quoted or not found or not clerk_units(turn.person) or not turn.private:
        return None
    item = await quoted_item(turn, quoted)
    if item is None or item.live is None:
        return None
    words = {"name": item.stored.name, "value": bare(found["value"])}
    text = Say.OFFER.format(values=values_of(item, item.live), state=item.owes.value, **words)
    button = Button(Say.ONE_TAP.format(**words), Say.ONE_TAP_SAYS.format(**words))
    return Reply(text, (button, Button(Say.NO, "先放着")))


async def quoted_item(turn: Turn, quoted: str) -> Item | None:
    """The unit's matter that a quoted card is about: by its receipt, else by the name in it."""
    if receipt := re.search(Say.RECEIPT_IN, quoted):
        found = await by_receipt(turn, receipt[1])
        return found[0][0] if found else None
    names: dict[str, Matter] = {m.key: m for m in led(turn) if m.name in quoted}
    items = [item for item in await owed(turn) if item.facts.key in names]
    return items[0] if len(items) == 1 else None
