"""The check list of several drafts: every item with old → new, what lacks something, one receipt for all.

What people say to it is report_all's; single drafts are drafting's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from handlers.drafting import Desk, find_desk
from handlers.feature import Turn
from handlers.handing_in import Handed, number_of
from handlers.message import Button, Reply
from handlers.owing import Item
from handlers.past import past_period
from handlers.report_facts import conflict_line
from handlers.rights import reporting_unit
from handlers.whole_report import Told, moved, owed
from storage import Draft, State, Submission

FORM = "batch"


class Say:
    SUBMIT_ALL = "全部提交"
    READY, READY_ONE = "{count}件都齐了，请核对：", "请核对："
    LINE = "{number} {name}　{values}{line}"
    MORE_REMARKS, REMARKS, LINE_SHOWN = "……没有认出或要您看一眼的一共{count}处，先核对上面的，其余请分几句说。", 6, 60
    WITH_LINE = "｜{line}"
    LINKED = "{rows}同时更新，不用再填。"
    GUESSED = "“{said}”是按{name}记的，不对请说全名。"
    UNKNOWN = "“{said}”没有这一项，没有记。"
    FOREIGN = "{name}由{leads}报，您单位不用报。"
    NO_LAST = "没有上期数，请报一下：{names}。"
    BY_STAGE = "{name}按阶段报：未启动、推进中、已完成。"
    LEFT = "还有{count}件没报：{names}。接着说就行，也可以先交这几件。"
    ASK = "{name}：{question}"
    GOT = "记下{count}件，还要问一下。"
    DONE = "收到{count}件，编号{receipts}{to}"
    DONE_ONE = "收到，编号{receipts}{to}"
    TO_OFFICE, THANKS = "，已交办公室，有问题会来问您。", "，谢谢。"
    TO: Mapping[State, str] = {
        State.SIGNING: "，已请您单位负责人先看。",
        State.SECOND: "。暂时没有能复核的同志，记为“已报·待复核”。",
    }
    DONE_OUT = "记为“数据未出”：{names}。出来后直接发我就行，不算逾期。"
    TAKEN = "{name}同事已先报了，编号{receipt}，您这份没有重复记。"
    AGAIN = "已经交过了，编号{receipts}。"
    MORE, ALL_DONE = "还剩{count}件。", "本期都报完了，谢谢。"
    CONTINUE, EDIT, PARK = "继续", "改一下", "先放着"
    ONE, RUN, NUMBER, JOINED, SHOWN = "第{number}号", "{first}至{last}号", "号", "、", 8
    CONFLICT, CONFLICTS = "{name}：{line}", 2
    ROW, ROWS = r"(\D+\d*)第(\d+)项", "{table}第{rows}项"
    GONE = "这张卡片里的填报没有找到。说“填报”看现在要报的。"


def remarks(told: Told) -> list[str]:
    """What of a message was not taken as said; of very many the first."""
    lines = all_remarks(told)
    return lines if len(lines) <= Say.REMARKS else [*lines[: Say.REMARKS], Say.MORE_REMARKS.format(count=len(lines))]


def all_remarks(told: Told) -> list[str]:
    """A line for each thing that was not taken as said."""
    lines = [Say.GUESSED.format(said=said, name=name) for said, name in told.guessed]
    lines += [Say.UNKNOWN.format(said=said) for said in told.unknown]
    lines += [Say.FOREIGN.format(name=m.name, leads=Say.JOINED.join(m.lead_units)) for m in told.foreign]
    lines += [Say.BY_STAGE.format(name=item.stored.name) for item in told.stages]
    return lines + ([Say.NO_LAST.format(names=names(told.no_last[: Say.SHOWN]))] if told.no_last else [])


def names(items: Iterable[Item]) -> str:
    return Say.JOINED.join(item.stored.name for item in items)


async def desks_of(turn: Turn, ids: Sequence[int]) -> list[Desk]:
    """The open drafts of these ids that are still the sender's to fill."""
    drafts = [await turn.work.drafts.get(number) for number in ids]
    desks = [await find_desk(turn, draft) for draft in drafts if draft and draft.state == "open"]
    return [d for d in desks if d and reporting_unit(turn.person, d.item.stored) == d.draft.unit]


async def show(turn: Turn, ids: Sequence[int], notes: Sequence[str] = (), *, before: str = "") -> Reply:
    """The first open question of the list, else the check list."""
    desks = await desks_of(turn, ids)
    await turn.hold(FORM, {"drafts": [desk.draft.id for desk in desks]})
    asking = next((desk for desk in desks if not desk.ready), None)
    if asking:
        asked = asking.question
        text = (
            asked.text
            if asking.facts.name in asked.text
            else Say.ASK.format(name=asking.facts.name, question=asked.text)
        )
        got = [Say.GOT.format(count=len(desks) - 1)] if len(desks) > 1 and not notes else []
        return replace(asked, text="\n".join((*notes, *got, text)))
    return await check_list(turn, desks, notes, before=before)


async def check_list(turn: Turn, desks: Sequence[Desk], notes: Sequence[str], *, before: str = "") -> Reply:
    """Every item with old → new, the rows that move with them, what was not said; [全部提交]."""
    lines = [before] if before else []
    lines += [Say.READY.format(count=len(desks)) if len(desks) > 1 else Say.READY_ONE]
    lines += [row(number, desk) for number, desk in enumerate(desks, 1)]
    lines += linked(turn, desks) + contradictions(turn, desks)
    lines += notes
    owing = await owed(turn, period=await past_period(turn, desks[0]))
    left = [item for item in owing if item.open and item.stored.id not in {d.draft.matter_id for d in desks}]
    if left and not any(note.startswith(Say.NO_LAST[:3]) for note in notes):
        shown = names(left[: Say.SHOWN])
        lines.append(Say.LEFT.format(count=len(left), names=shown))
    tag = f" #{desks[0].draft.id}.{revision_of(desks)}"
    buttons = (Button(Say.SUBMIT_ALL, Say.SUBMIT_ALL + tag), Button(Say.EDIT), Button(Say.PARK))
    return Reply("\n".join(lines), buttons)


def row(number: int, desk: Desk) -> str:
    """1 智慧校园　32→35所｜新增三所已验收; a long line is cut here, not where it is kept."""
    line = str(desk.state.answers.get("line") or "")
    line = line if len(line) <= Say.LINE_SHOWN else f"{line[: Say.LINE_SHOWN]}…"
    values = moved(desk.item, desk.facts, desk.state.answers)
    shown = Say.WITH_LINE.format(line=line) if line else ""
    return Say.LINE.format(number=number, name=desk.facts.name, values=values, line=shown)


def revision_of(desks: Sequence[Desk]) -> int:
    """Counts every change of any of them."""
    return sum(desk.state.revision + 1 for desk in desks)


def linked(turn: Turn, desks: Sequence[Desk]) -> list[str]:
    """The other rows that say the same things: they need no report of their own."""
    own = {str(m.refs[0]) for m in turn.library.matters()}
    tables: dict[str, list[str]] = {}
    for desk in desks:
        for ref in desk.item.facts.refs[1:]:
            place = turn.library.show(ref, desk.item.stored.notice)
            if str(ref) not in own and (found := re.fullmatch(Say.ROW, place)):
                tables.setdefault(found[1], []).append(found[2])
    rows = Say.JOINED.join(
        Say.ROWS.format(table=table, rows=Say.JOINED.join(sorted(set(numbers), key=int)))
        for table, numbers in tables.items()
    )
    return [Say.LINKED.format(rows=rows)] if rows else []


def contradictions(turn: Turn, desks: Sequence[Desk]) -> list[str]:
    """Where the notice says two things about a target of the list."""
    found = [(d.facts.name, conflict_line(d.item.stored, d.item.facts, turn.library).strip()) for d in desks]
    return [Say.CONFLICT.format(name=name, line=line) for name, line in found if line][: Say.CONFLICTS]


async def show_ids(turn: Turn, desks: Sequence[Desk]) -> Reply:
    """The list as it stands."""
    return await show(turn, [desk.draft.id for desk in desks])


async def receipts(turn: Turn, handed: Sequence[Handed]) -> Reply:
    """One receipt for all, and what is left."""
    made = [h for h in handed if not h.other and h.desk.out]
    out = [h.desk.item for h in handed if not h.other and not h.desk.out]
    lines = []
    if made:
        words, states = Say.DONE if len(made) > 1 else Say.DONE_ONE, {h.made.state for h in made}
        to = Say.TO.get(states.pop(), Say.TO_OFFICE) if len(states) == 1 else Say.TO_OFFICE
        to = Say.THANKS if to == Say.TO_OFFICE and any(h.made.late for h in made) else to
        lines.append(words.format(to=to, count=len(made), receipts=numbers(turn, [h.made for h in made])))
    lines += [Say.DONE_OUT.format(names=names(out))] if out else []
    lines += [Say.TAKEN.format(name=h.desk.facts.name, receipt=number_of(turn, h.made)) for h in handed if h.other]
    past = await past_period(turn, handed[0].desk) if handed else None
    left = sum(item.open for item in await owed(turn, period=past))
    lines.append(Say.MORE.format(count=left) if left else Say.ALL_DONE)
    return Reply("\n".join(lines), (Button(Say.CONTINUE),) if left else ())


def numbers(turn: Turn, made: Sequence[Submission]) -> str:
    """四季度第1号、第3号; 四季度第1至8号."""
    made = sorted(made, key=lambda one: one.receipt or 0)
    count = [one.receipt or 0 for one in made]
    first = number_of(turn, made[0])
    if len(made) > 2 and count == list(range(count[0], count[0] + len(made))):
        return Say.RUN.format(first=first.removesuffix(Say.NUMBER), last=count[-1])
    return Say.JOINED.join((first, *(Say.ONE.format(number=number) for number in count[1:])))


async def again(turn: Turn, ids: Sequence[int]) -> Reply:
    """The receipts of what one message handed in, with the first of these drafts."""
    drafts = [d for n in ids if (d := await turn.work.drafts.get(n)) and d.state == "submitted"]
    first = await handed_of(turn, drafts[0]) if drafts else None
    if first is None:
        return Reply(Say.GONE)
    versions = await turn.work.submissions.of_period(first.notice, first.period)
    same = [s for s in versions if s.message_id == first.message_id and s.receipt]
    return Reply(Say.AGAIN.format(receipts=numbers(turn, same)), (Button(Say.CONTINUE),))


async def handed_of(turn: Turn, draft: Draft) -> Submission | None:
    """What was last handed in of a draft."""
    versions = await turn.work.submissions.versions(draft.matter_id, draft.period)
    return next((s for s in reversed(versions) if s.draft_id == draft.id), None)
