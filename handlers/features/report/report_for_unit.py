"""代填: the office fills in for a unit that phoned. Only the unit's own tap hands it in; where nobody of the unit has
an account it is kept as 代填 with the call's particulars, an exception."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.drafting import Desk, fill, find_desk, keep, open_item
from handlers.feature import Aside, Feature, Turn
from handlers.form_words import Word, word_of
from handlers.handing_in import clerks, hand_in, number_of, tell_all
from handlers.message import Announcement, Button, Reply
from handlers.owing import Item
from handlers.report_form import Say as Form
from handlers.report_form import shown_values
from handlers.report_list import remarks
from handlers.rights import actor, allowed
from handlers.rules.permissions import Action, Post
from handlers.whole_report import Reader, owed
from handlers.wording import one_line
from storage import Dialogue, Person, State

feature = Feature("report_for_unit", {"办公室": ("代填 单位 事项 值",)})


class Say:
    NOT_OFFICE = "代填由办公室来做；您单位的直接说“填报”就行。"
    IN_GROUP = "代填请在单聊里办。"
    HOW = "请这样说：代填 单位 事项 值，例如：代填 某某局 某事项35。"
    WHICH_UNIT = "没有认出单位。请这样说：代填 单位 事项 值。"
    NOTHING = "“{unit}”没有要报的事项。"
    UNREAD = "没有看懂要填什么。{unit}待报：{names}。请这样说：代填 {unit} 事项 值。"
    ASK_UNIT = "办公室代您填：{name} {values}，对吗？"
    YES, CHANGE = "对", "改一下"
    SENT = "已发给{people}确认：{name} {values}。点“对”才算{unit}报的。"
    STANDS = "{name}已报（{state}），没有代填。"
    DOUBT = "{name}：{question}"
    CALL = "{unit}还没有能确认的账号。请补一句电话记录：谁打的、电话号码、几点，例如：张三 13800000000 10点20分。"
    CALL_LINE = "电话代填：{words}；经办：{who}"
    NO_PHONE = "还差电话号码，例如：张三 13800000000 10点20分。不记就回“取消”。"
    KEPT = "已记为代填：{lines}。例外清单里能查到。"
    LINE = "{name} {values}（{receipt}）"
    LEFT = "好的，没有报，填过的先留着。"
    PHONE = re.compile(r"1\d{10}|\d{3,4}-?\d{7,8}")
    JOINED, SHOWN = "、", 6


@feature.command("代填", takes=True)
async def fill_for(turn: Turn) -> Reply | None:
    """代填 市教体局 智慧校园35."""
    if not allowed(turn, Action.FILL_FOR):
        return Reply(Say.NOT_OFFICE)
    if not turn.private:
        return Reply(Say.IN_GROUP)
    unit, said = unit_of(turn, turn.rest)
    if unit is None:
        return Reply(Say.WHICH_UNIT if turn.rest else Say.HOW)
    items = await owed(turn, unit=unit)
    if not items:
        return Reply(Say.NOTHING.format(unit=unit))
    told, report = (reader := Reader(turn.library, items, turn.now.date())).read(said)
    if report.rest:
        reader.rest(told, report.rest)
    if not told.given:
        names = Say.JOINED.join(i.stored.name for i in items if i.open)
        return Reply("\n".join([*remarks(told), Say.UNREAD.format(unit=unit, names=names)]))
    by_id = {item.stored.id: item for item in items}
    notes, desks = remarks(told), list[Desk]()
    for number, given in told.given.items():
        note, desk = await write(turn, by_id[number], unit, given)
        notes += [note] if note else []
        desks += [desk] if desk else []
    return await hand_on(turn, unit, desks, notes)


def unit_of(turn: Turn, said: str) -> tuple[str | None, str]:
    """The unit at the beginning and what is said for it."""
    first, _, rest = said.strip().partition(" ")
    if unit := turn.library.unit(first):
        return unit, rest
    for length in range(len(first) - 1, 1, -1):  # 代填 市教体局校园35
        if unit := turn.library.unit(first[:length]):
            return unit, f"{first[length:]} {rest}".strip()
    return None, said


async def write(turn: Turn, item: Item, unit: str, given: dict[str, str]) -> tuple[str, Desk | None]:
    """The unit's draft with these answers, marked as written for it."""
    if item.live and not item.open and item.live.state is not State.NO_DATA:
        return Say.STANDS.format(name=item.stored.name, state=item.owes.value), None
    desk = await open_item(turn, item, unit)
    line = {} if "line" in given or "line" in desk.state.answers else {"line": Form.NONE}
    filled, problem = fill(desk, {**given, **line})
    if not filled.ready:
        return Say.DOUBT.format(name=item.stored.name, question=problem or filled.question.text), None
    return "", await keep(turn, filled, behalf_of=turn.person.staff_id)


async def hand_on(turn: Turn, unit: str, desks: Sequence[Desk], notes: list[str]) -> Reply:
    """To the unit's clerks; or the call's particulars are asked."""
    if not desks:
        return Reply("\n".join(notes))
    people = await clerks(turn, unit)
    if not people:
        await turn.hold("phoned", {"unit": unit, "drafts": [d.draft.id for d in desks]})
        return Reply("\n".join([*notes, Say.CALL.format(unit=unit)]))
    for desk in desks:
        ask(turn, people, desk)
        names = Say.JOINED.join(p.name for p in people[: Say.SHOWN])
        words = {"name": desk.facts.name, "values": values_of(desk), "people": names, "unit": unit}
        notes.append(Say.SENT.format(**words))
    return Reply("\n".join(notes))


def ask(turn: Turn, people: list[Person], desk: Desk) -> None:
    """The unit's clerks are asked to confirm what was filled for them."""
    tag = f" #{desk.draft.id}.{desk.state.revision}"
    buttons = (Button(Say.YES, Say.YES + tag), Button(Say.CHANGE, Say.CHANGE + tag))
    text = Say.ASK_UNIT.format(name=desk.facts.name, values=values_of(desk))
    tell_all(turn, people, Announcement(text, buttons))


def values_of(desk: Desk) -> str:
    """累计35所."""
    return "，".join(shown_values(desk.state.answers, desk.facts))


@feature.form("phoned")
async def keep_call(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """Who phoned from which number and when: then it is handed in as 代填."""
    if word_of(turn.text) in (Word.CANCEL, Word.PARK):
        await turn.release()
        return Reply(Say.LEFT)
    if not allowed(turn, Action.FILL_FOR) or turn.tag or turn.is_command(turn.text):
        await turn.release()
        return Aside()
    if not Say.PHONE.search(turn.text):
        return Reply(Say.NO_PHONE)
    kept = (opened.state or {}).get("drafts")
    phoned = Say.CALL_LINE.format(words=one_line(turn.text), who=turn.person.name)
    await turn.release()
    lines = []
    for number in kept if isinstance(kept, list | tuple) else ():
        draft = await turn.work.drafts.get(int(str(number)))
        desk = await find_desk(turn, draft) if draft and draft.state == "open" else None
        if desk is None:
            continue
        handed = await hand_in(turn, desk, phoned=phoned)
        chain, what = f"matter:{desk.draft.matter_id}", "filled for a unit on a call"
        await turn.work.audit.record(chain, what, actor(turn, Post.OFFICE), turn.now, why=phoned)
        words = {"name": desk.facts.name, "values": values_of(desk), "receipt": number_of(turn, handed.made)}
        lines.append(Say.LINE.format(**words))
    return Reply(Say.KEPT.format(lines=Say.JOINED.join(lines)) if lines else Say.LEFT)
