"""The check list of several drafts: every item with old → new, what lacks something, one receipt for all.

What people say to it is report_all's; single drafts are drafting's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from handlers.drafting import Desk, desk_of, find_desk
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
MOST_LINES = 12
SHORT = 4  # items that stand on one page whatever else is said


class Say:
    SUBMIT_ALL = "全部提交"
    READY, READY_ONE = "{count}件都齐了，请核对：", "请核对："
    PAGE, UNSEEN = "还有{count}件没列完，回“下一页”接着核对，看完再一起交。", "先看完这几件，再一起交："
    CHANGED, SAME = "{count}件都齐了，请核对改过的：", "其余{count}件没动，要看回“看全部”。"
    NEXT_PAGE, ALL = "下一页", "看全部"
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


async def desks_of(turn: Turn, ids: Sequence[int], items: Sequence[Item]) -> list[Desk]:
    """The open drafts of these ids that are still the sender's to fill; `items`: what the units owe, read just now."""
    known = {item.draft.id: desk_of(turn, item, item.draft) for item in items if item.draft and item.draft.id in ids}
    desks = [known.get(number) or await desk_by_id(turn, number) for number in ids]
    open_ones = [d for d in desks if d and d.draft.state == "open"]
    return [d for d in open_ones if reporting_unit(turn.person, d.item.stored) == d.draft.unit]


async def desk_by_id(turn: Turn, number: int) -> Desk | None:
    """A draft with its form, of whatever period."""
    draft = await turn.work.drafts.get(number)
    return await find_desk(turn, draft) if draft and draft.state == "open" else None


async def show(
    turn: Turn, ids: Sequence[int], notes: Sequence[str] = (), *, before: str = "", anew: bool = False
) -> Reply:
    """The first open question of the list, else the check list; `anew`: from its beginning."""
    owing = await owed(turn)
    desks = await desks_of(turn, ids, owing)
    seen = {} if anew else seen_of(turn)
    asking = next((desk for desk in desks if not desk.ready), None)
    if asking is None:
        return await check_list(turn, desks, owing, notes, before=before, seen=seen)
    await hold(turn, desks, seen)
    asked = asking.question
    named = asking.facts.name in asked.text
    text = asked.text if named else Say.ASK.format(name=asking.facts.name, question=asked.text)
    got = [Say.GOT.format(count=len(desks) - 1)] if len(desks) > 1 and not notes else []
    return replace(asked, text="\n".join((*notes, *got, text)))


async def hold(turn: Turn, desks: Sequence[Desk], seen: Mapping[str, int]) -> None:
    """Keep the list open, with the revision of each draft that was shown."""
    await turn.hold(FORM, {"drafts": [desk.draft.id for desk in desks], "seen": dict(seen)})


def seen_of(turn: Turn) -> dict[str, int]:
    """Draft id → the revision that the open list showed last."""
    kept = turn.dialogue.state if turn.dialogue and turn.dialogue.form == FORM else None
    seen = (kept or {}).get("seen")
    return {str(number): int(str(revision)) for number, revision in seen.items()} if isinstance(seen, Mapping) else {}


def unseen(desks: Sequence[Desk], seen: Mapping[str, int]) -> list[tuple[int, Desk]]:
    """The items, numbered, whose present values no list has shown yet."""
    return [(n, desk) for n, desk in enumerate(desks, 1) if seen.get(str(desk.draft.id)) != desk.state.revision]


async def check_list(
    turn: Turn, desks: Sequence[Desk], owing: Sequence[Item], notes: Sequence[str], *, before: str, seen: dict[str, int]
) -> Reply:
    """Every item with old → new, the rows that move with them, what was not said; [全部提交]. A list longer than a
    screen goes page by page, what changed first, and is handed in only after every value was shown."""
    after = linked(turn, desks) + contradictions(turn, desks)
    left = await still_open(turn, desks, owing, notes)
    top = [before] if before else []
    if len(top) + 1 + len(desks) + len(after) + len(notes) + len(left) <= MOST_LINES or len(desks) <= SHORT:
        rows, more = list(enumerate(desks, 1)), 0
        head = Say.READY.format(count=len(desks)) if len(desks) > 1 else Say.READY_ONE
    else:
        seen = seen if unseen(desks, seen) else {}
        rows, more, head = page(desks, seen, MOST_LINES - 2 - len(top) - len(notes), len(after) + len(left))
    seen |= {str(desk.draft.id): desk.state.revision for _, desk in rows}
    await hold(turn, desks, seen)
    same = len(desks) - len(rows)
    skipped = [Say.SAME.format(count=same)] if same and head.startswith(Say.CHANGED.format(count=len(desks))) else []
    tail = [*notes, Say.PAGE.format(count=more)] if more else [*skipped, *after, *notes, *left]
    lines = [*top, head, *(row(number, desk) for number, desk in rows), *tail]
    return Reply("\n".join(lines), list_buttons(desks, more))


def page(
    desks: Sequence[Desk], seen: Mapping[str, int], room: int, tail: int
) -> tuple[list[tuple[int, Desk]], int, str]:
    """What of a long list is shown now, how many are shown after it, and what is said above. `tail`: lines that
    follow on the last page."""
    fresh = unseen(desks, seen)
    changed = len(fresh) < len(desks) and all(str(desk.draft.id) in seen for desk in desks)
    most = max(SHORT, room - tail)
    shown = fresh if len(fresh) <= most else fresh[: max(SHORT, min(room, len(fresh) - 1))]
    head = Say.CHANGED if changed else Say.READY
    return shown, len(fresh) - len(shown), head.format(count=len(desks))


def list_buttons(desks: Sequence[Desk], more: int) -> tuple[Button, ...]:
    """[全部提交] only where every value was shown."""
    tag = f" #{desks[0].draft.id}.{revision_of(desks)}"
    first = Button(Say.NEXT_PAGE) if more else Button(Say.SUBMIT_ALL, Say.SUBMIT_ALL + tag)
    return first, Button(Say.EDIT), Button(Say.PARK)


async def still_open(turn: Turn, desks: Sequence[Desk], owing: Sequence[Item], notes: Sequence[str]) -> list[str]:
    """What the units have still to report in the list's period, in one line."""
    past = await past_period(turn, desks[0])
    items = await owed(turn, period=past) if past else owing
    left = [item for item in items if item.open and item.stored.id not in {d.draft.matter_id for d in desks}]
    if not left or any(note.startswith(Say.NO_LAST[:3]) for note in notes):
        return []
    return [Say.LEFT.format(count=len(left), names=names(left[: Say.SHOWN]))]


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
