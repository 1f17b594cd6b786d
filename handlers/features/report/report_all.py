"""A whole bureau in one sentence: 校园35，场地7，其他和上期一样 → a check list → handed in with one tap.

Every item is a draft of its own, so nothing is lost when the list is left. One matter at a time is report_progress.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from handlers import dialogue
from handlers.drafting import Desk, fill, keep, open_item
from handlers.feature import Aside, Feature, Turn
from handlers.form_values import LONGEST_LINE
from handlers.form_words import Word, bare, reads_as_question, word_of
from handlers.handing_in import hand_in
from handlers.message import Button, Reply
from handlers.owing import Item
from handlers.past import past_period
from handlers.report_form import LINE_STEP
from handlers.report_form import Say as Form
from handlers.report_list import (
    FORM,
    again,
    desks_of,
    list_buttons,
    receipts,
    remarks,
    revision_of,
    seen_of,
    show,
    show_ids,
    unseen,
)  # fmt: skip
from handlers.report_list import Say as List
from handlers.rights import clerk_units, reporting_unit
from handlers.rules.one_sentence import Say as Words
from handlers.rules.one_sentence import read_report, says_no_data
from handlers.whole_report import Reader, Told, is_whole, led, owed
from knowledge import read_quantity
from storage import Dialogue, State

CLERKS = ("填报员", "联络人", "备用联络人")
feature = Feature("report_all", dict.fromkeys(CLERKS, ("和上期一样",)))
SUBMIT_ALL, GONE = List.SUBMIT_ALL, List.GONE
LONGEST_VALUE, LINE = 12, 6  # characters of a bare value at most, of a line at least
SURE_TAIL = 2  # a lone piece with a name this short is more likely a question


class Say:
    SAME = ("和上期一样", "都和上期一样", "全部和上期一样", "零报告")
    BOTH = (
        r"(把?(两|两个|这?几|全|所有|[二三四五六七八九十]|\d{1,2})(个|件|份|项)?(都|全)?|都|全部|全都)"
        r"(一起)?(提交|报)(了)?"
    )
    STANDS = "{name}本期已报（{state}），要改请说“更正{name}”。"
    CORRECT, SAYS_CORRECT = "更正", "更正 {name} {value}"
    ASK = "{name}：{question}"
    LONG_LINE = "{name}的数记下了；后面那段有{length}字，太长没有记，请在{limit}字以内说一句，没有就回“无”。"
    FIELDS = ("数", "值", "来源", "依据", "进展", "截至", "阶段", "改", "不对", "等等", "说明")
    SEE_NOW = "看现在的"
    HOW = "要改哪一件？直接说，例如：1是36，或“{name}改成36”。"
    PARKED = "好的，先放着，填过的都在，随时说“填报”接着来。"
    STALE = "这是旧的，后来改过，现在是："
    PENDING = "接着：{count}件请核对，没问题回“全部提交”。"
    NOTHING = "现在没有填到一半的。说“填报”看要报的。"
    NO_SEAT = "填报要先登记岗位。请联系办公室把您加进名单，登记后就能报。"
    IN_GROUP = "填报请在单聊进行（没有记数字）。"
    NOTHING_OWED = "您单位没有要报的事项，不用报。"
    WHICH_OUT, OUT, SHOWN = "哪一件的数据还没出来？全都没出来就说“全部还没出来”。", "{name} 数据还没出来", 4


@feature.command(*Say.SAME)
@feature.hears(Words.SAME_ALL)
async def report_same(turn: Turn) -> Reply | None:
    """Everything still owed as last time (零报告: nothing new)."""
    return await report(turn, turn.text) or (Reply(Say.NOTHING_OWED) if clerk_units(turn.person) else None)


@feature.guess
async def hear_report(turn: Turn) -> Reply | None:
    """A report typed or spoken without any command, by somebody who reports."""
    if turn.tag or not clerk_units(turn.person) or reads_as_question(turn.text) or turn.message.quoted:
        return None
    if is_whole(turn, turn.text):
        return await report(turn, turn.text)
    items = await owed(turn)
    if says_no_data(turn.text) and items:
        return await which_is_out(turn, [item for item in items if item.open])
    waiting = [item for item in items if item.open]
    if len(waiting) == 1 and len(turn.text) <= LONGEST_VALUE and read_quantity(turn.text):
        facts = waiting[0].facts
        return await turn.open("填报事项", matter=facts.key, notice=waiting[0].stored.notice, value=turn.text)
    told, said = Reader(turn.library, items, turn.now.date()).read(turn.text)
    if (
        not said.items
        or not all(read_report(words).items for words in said.unread)
        or any(len(item.name) < SURE_TAIL for item in said.items)
    ):
        return None
    return None if told.empty else await report(turn, turn.text)


async def which_is_out(turn: Turn, waiting: Sequence[Item]) -> Reply | None:
    """数据还没出来, of no matter in particular: which one."""
    if not turn.private:
        return Reply(Say.IN_GROUP)
    if len(waiting) == 1 and waiting[0].facts.measures:
        return await report(turn, Say.OUT.format(name=waiting[0].stored.name))
    shown = [item.stored.name for item in waiting if item.facts.measures][: Say.SHOWN]
    return Reply(Say.WHICH_OUT, tuple(Button(name, Say.OUT.format(name=name)) for name in shown)) if shown else None


@feature.opens("整报")
async def report_said(turn: Turn, facts: object) -> Reply | None:
    """A report after 填报 or to its list; None when the words are none. `facts`: text, shown (ids, blank between)."""
    given = dict(facts) if isinstance(facts, dict) else {}
    shown = tuple(int(n) for n in str(given.get("shown", "")).split())
    return await report(turn, str(given.get("text", "")), shown, given.get("period"))


@feature.opens("填好的")
async def report_filled(turn: Turn, facts: Mapping[str, str]) -> Reply | None:
    """What a sheet said, by matter id and field, into the drafts; then the check list."""
    given = {int(number): fields for number, fields in json.loads(facts["given"]).items()}
    by_id = {item.stored.id: item for item in await owed(turn)}
    told = Told({number: fields for number, fields in given.items() if number in by_id})
    return None if told.empty else await take_down(turn, told, by_id, ())


async def report(turn: Turn, text: str, shown: Sequence[int] = (), period: str | None = None) -> Reply | None:
    """Fill the drafts a message speaks of and show them; None when it speaks of nothing the units report. `period`: a
    past one."""
    if not clerk_units(turn.person):
        return Reply(Say.NO_SEAT)
    items = await owed(turn, period=period)
    by_id = {item.stored.id: item for item in items}
    reader = Reader(turn.library, items, turn.now.date(), [by_id[n] for n in shown if n in by_id])
    told, said = reader.read(text)
    if said.rest:
        reader.rest(told, said.rest)
    if told.empty:
        return None
    if not turn.private:
        return Reply(Say.IN_GROUP)
    return await take_down(turn, told, by_id, ())


async def take_down(turn: Turn, told: Told, items: dict[int, Item], before: Sequence[int]) -> Reply:
    """Save what was said into the drafts, then show all of the list."""
    notes, ids, standing = remarks(told), list(before), list[Button]()
    for number, given in told.given.items():
        item = items[number]
        if not item.open and item.live and item.live.state is not State.NO_DATA:
            notes.append(Say.STANDS.format(name=item.stored.name, state=item.owes.value))
            value = next(iter(given.values()))
            standing.append(Button(Say.CORRECT, Say.SAYS_CORRECT.format(name=item.stored.name, value=value)))
            continue
        desk, problem = await write(turn, item, given)
        problem = problem.removesuffix(desk.question.text).strip()  # it is asked below, or in its turn
        whole = problem if item.stored.name in problem else Say.ASK.format(name=item.stored.name, question=problem)
        notes += [whole] if problem else []
        ids += [desk.draft.id] if desk.draft.id not in ids else []
    if not ids:
        return Reply("\n".join(notes), tuple(standing[:1]))
    return await show(turn, ids, notes)


async def write(turn: Turn, item: Item, given: dict[str, str]) -> tuple[Desk, str]:
    """The item's draft with these answers; without a line said, the line stays or is none."""
    unit = reporting_unit(turn.person, item.stored) or item.stored.lead_units[0]
    desk = await open_item(turn, item, unit)
    today = {"as_of": turn.now.date().isoformat()} if "as_of" in desk.state.answers else {}
    line = {} if "line" in given or "line" in desk.state.answers else {"line": Form.NONE}
    long = len(given.get(LINE_STEP.field, ""))
    if long > LONGEST_LINE:
        given, line = {field: text for field, text in given.items() if field != LINE_STEP.field}, {}
    filled, problem = fill(desk, {**given, **line, **today})
    note = Say.LONG_LINE.format(name=item.stored.name, length=long, limit=LONGEST_LINE) if long > LONGEST_LINE else ""
    return await keep(turn, filled), problem or note


@feature.form(FORM)
async def carry_on(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """A message to the list: hand in, change, add, answer the open question, or something else."""
    kept = (opened.state or {}).get("drafts")
    ids = [int(str(n)) for n in kept] if isinstance(kept, list | tuple) else []
    owing = await owed(turn)
    desks = await desks_of(turn, ids, owing)
    word = word_of(turn.text)
    if not desks:
        await turn.release()
        return await again(turn, ids) if word is Word.SUBMIT and not turn.tag else Aside()
    asking = next((desk for desk in desks if not desk.ready), None)
    if bare(turn.text) == SUBMIT_ALL or (word in (Word.SUBMIT, Word.YES) and not asking and not turn.tag):
        return await submit_checked(turn, desks)
    if word in (Word.PARK, Word.CANCEL):
        await turn.release()
        return Reply(Say.PARKED)
    if word in (Word.WHERE, Word.RESUME) or bare(turn.text) in (Say.SEE_NOW, List.NEXT_PAGE, List.ALL):
        return await show(turn, ids, anew=bare(turn.text) != List.NEXT_PAGE)
    if word is Word.EDIT and not asking:
        return Reply(Say.HOW.format(name=desks[0].facts.name))
    return await take_words(turn, desks, asking, owing)


async def take_words(turn: Turn, desks: Sequence[Desk], asking: Desk | None, owing: Sequence[Item]) -> Reply | Aside:
    """Named values change or add items; anything else answers the open question."""
    ids = [desk.draft.id for desk in desks]
    past = await past_period(turn, desks[0])
    items = await owed(turn, period=past) if past else owing
    reader = Reader(turn.library, items, turn.now.date(), [desk.item for desk in desks])
    told, said = reader.read(turn.text)
    if said.rest:
        reader.rest(told, said.rest, {desk.draft.matter_id for desk in desks})
    if asking and told.empty:
        return await answer(turn, asking, ids)
    if not told.empty and not turn.is_command(turn.text) and not reads_as_question(turn.text):
        return await take_down(turn, told, {i.stored.id: i for i in items}, ids)
    if told.foreign and told.empty and not turn.is_command(turn.text) and not reads_as_question(turn.text):
        return await show(turn, ids, remarks(told))
    if len(desks) == 1 and not turn.is_command(turn.text):
        reply = await add_line(turn, desks[0], ids) or await answer(turn, desks[0], ids)
        if isinstance(reply, Reply):
            return reply
    return Aside(Reply(Say.PENDING.format(count=len(desks)), list_buttons(desks, len(unseen(desks, seen_of(turn))))))


async def add_line(turn: Turn, desk: Desk, ids: Sequence[int]) -> Reply | None:
    """A sentence after the card of one item is its line, if it has none."""
    text = turn.text
    asks = (
        reads_as_question(text) or word_of(text) or turn.tag or read_quantity(text) or turn.is_command(text, heard=True)
    )
    if desk.state.answers.get(LINE_STEP.field) or asks or len(text) < LINE or text.startswith(Say.FIELDS):
        return None
    filled, _ = fill(desk, {LINE_STEP.field: text})
    await keep(turn, filled)
    return await show(turn, ids)


async def answer(turn: Turn, desk: Desk, ids: Sequence[int]) -> Reply | Aside:
    """The message to the form of the draft that is asked about."""
    outcome = dialogue.take(
        desk.form, desk.state, turn.text, desk.facts, tag=turn.tag,
        is_command=lambda text: turn.is_command(text, heard=True),
    )  # fmt: skip
    match outcome:
        case dialogue.Taken(state=state, reply=reply):
            filled, _ = fill(desk.at(state), {} if LINE_STEP.field in state.answers else {LINE_STEP.field: Form.NONE})
            await keep(turn, filled if state.pending is None else desk.at(state))
            return await show(turn, ids) if state.revision != desk.state.revision else reply
        case dialogue.Done(state=state):
            await keep(turn, desk.at(state))
            return await show(turn, ids)
        case _:
            return Aside(dialogue.ask_again(desk.form, desk.state, desk.facts))


async def submit_checked(turn: Turn, desks: Sequence[Desk]) -> Reply:
    """Hand in what the card showed; a card from before a change shows the present one."""
    if turn.tag and (turn.tag.ref != str(desks[0].draft.id) or turn.tag.revision != revision_of(desks)):
        before = Say.STALE if all(desk.ready for desk in desks) else ""
        return await show(turn, [desk.draft.id for desk in desks], before=before)
    if unseen(desks, seen_of(turn)):
        return await show(turn, [desk.draft.id for desk in desks], before=List.UNSEEN)
    if not all(desk.ready for desk in desks):
        return await show_ids(turn, desks)
    handed = [await hand_in(turn, desk) for desk in desks]
    await turn.release()
    return await receipts(turn, handed)


@feature.command(SUBMIT_ALL)
async def press_all(turn: Turn) -> Reply | None:
    """[全部提交] of a list that is not open any more: its receipts, or what stands now."""
    draft = await turn.work.drafts.get(int(turn.tag.ref)) if turn.tag else None
    if draft is None:
        return await submit_open(turn) if not turn.tag else Reply(GONE)
    if draft.unit not in clerk_units(turn.person):
        return Reply(GONE)
    return (
        await again(turn, [draft.id]) if draft.state == "submitted" else await show(turn, [draft.id], before=Say.STALE)
    )


@feature.command("提交", "确认提交", "提交吧")
async def submit_nothing_open(turn: Turn) -> Reply | None:
    """提交 when no form is open: a card's button, or what was begun, to be looked at once more."""
    return await turn.open("草稿按钮", draft=turn.tag.ref) if turn.tag else await submit_open(turn)


@feature.hears(Say.BOTH)
async def submit_open(turn: Turn) -> Reply | None:
    """两个都提交: every draft that was begun, as one list; what lacks something is asked first."""
    if not clerk_units(turn.person):
        return None
    begun = [item.draft.id for item in await owed(turn) if item.begun and item.draft]
    return await show(turn, begun) if begun and led(turn) else Reply(Say.NOTHING)
