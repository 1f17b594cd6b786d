"""通报 and 督查专报: a snapshot as the draft of an official letter, a note for every number. Pure.

Only what was approved in the period stands in it as a number; whoever runs the office edits, dates and signs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from handlers.circular_matters import (
    BEHIND,
    OVERVIEW,
    approved,
    items,
    leads,
    light_of,
    listed,
    names,
    nobodys,
    overdue,
    plain,
    unclear,
    units_of,
    whose,
    without_data,
)  # fmt: skip
from handlers.circular_notes import (
    day_words,
    first_place,
    moment_words,
    of_counts,
    of_due,
    of_lights,
    of_need,
    of_rows,
    of_units,
)
from handlers.owing import Owes
from handlers.papers import Cell, Grid, Paper, Words, Written, letter
from handlers.rules.lights import Light
from handlers.rules.numerals import in_chinese
from handlers.rules.periods import name as period_name
from handlers.snapshot import Difficulty, MatterRow, Snapshot
from handlers.tables import foot, summary


class Say:
    CIRCULAR, BRIEF = "通报", "督查专报"
    FILE = "{kind}稿_{period}{open}_{made:%Y%m%d-%H%M}.docx"
    OPEN = "_未封存"
    MARK_OPEN = "稿（未封存，截至{at}；由办公室修改、签发后生效）"
    MARK_SEALED = "稿（{period}已封存，据{at}封存的数；由办公室修改、签发后生效）"
    TITLE = "关于《{subject}》{period}落实情况的{kind}"
    ISSUED, ITSELF = r"印发《(.+)》的通知$", r"(关于.+)"
    NUMBER = "（{number}）"
    UNITS, LEADER = "各责任单位：", "（主送由办公室填写）："
    OPENING = "现将《{subject}》{number}{period}落实情况{verb}如下。"
    VERBS = {"通报": "通报", "督查专报": "报告"}  # noqa: RUF012  # a constant of words
    OVERALL, PROBLEMS, NEXT = "一、总体情况", "二、存在问题", "三、下步要求"
    COUNTS = "{period}共有事项{matters}件，责任单位{units}家。截至{at}，{states}。"
    STATE, APPROVED = "{state}{count}件", "审核"
    DUE = "本期报送截止时间为{at}。"
    JUDGED = "审核通过的{count}件，对照时间进度：{parts}。"
    PART = "{words}{count}件"
    NONE_YET = "还没有审核通过的数。"
    GROUPS = {  # noqa: RUF012  # a constant of words
        Light.DONE: "已达到目标的", Light.NORMAL: "符合时间进度的", Light.NOT_DUE: "本年没有目标任务的",
        Light.NONE: "没有定量目标或不作比较的", Light.WATCH: "与时间进度略有差距的", Light.SLOW: "慢于时间进度的",
    }  # fmt: skip
    SUBHEAD = "（{number}）{words}"
    STOP, LIST, JOIN, ALSO = "。", "、", "，", "；"
    NOT_HERE = "还没有收到填报的"
    NOT_HERE_ROWS = "以下{count}件已过报送时间，请补报：{rows}。"
    NO_DATA = "数据还没有产生的"
    NEEDS = "需要协调的"
    NEED = "{unit}{about}：{words}"
    ABOUT = "（{name}）"
    WITH_FIGURES = "原话里有未经审核的数，见办公室的需协调事项"
    UNCLEAR = "须由联席会议办公室明确的"
    UNCLEAR_ROWS = "目标写法不一致的{count}件：{rows}。"
    WHOSE_ROWS = "责任单位写法不一致的{count}件：{rows}。"
    NOBODYS_ROWS = "没有写责任单位的{count}件：{rows}。"
    NO_PROBLEM = "审核通过的数里没有慢于时间进度的，也没有过了报送时间还没有收到的。"
    FASTER, OF_UNIT = "对照目标加快推进。{units}。", "请{unit}推进{names}"
    REPORT_DUE = "按时报送。还没有报的，请在{at}前报送。"
    REPORT_NOW = "补报。请{units}补报上面列出的事项。"
    DATA_SOON = "数据产生后补报。请{units}在数据产生后报送。"
    HELP = "协调困难。请有关单位一起研究{units}反映的困难。"
    CLEAR = "明确口径。上面写法不一致、没有写责任单位的事项，请联席会议办公室明确。"
    CHECK = "核对数据。请各责任单位核对本单位的数，有不同意见的请在印发前告诉办公室。"
    TASK = "（{number}）{words}"
    ANNEX = "附件：{period}进展情况汇总表"
    FROM, DATE = "（发文单位由办公室填写）", "　　　　年　　月　　日"
    BASIS = ("依据", 24)
    EARLIER = "{period}的数"
    FIGURE = re.compile(r"\d|[〇零一二两三四五六七八九十百千万亿]+(?:多|余)?(?:[个家所件名人项元吨%％]|成|万|亿)")


class Sort(StrEnum):
    """Which letter: to the units, or up to those who lead."""

    CIRCULAR = Say.CIRCULAR
    BRIEF = Say.BRIEF


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to be: which, on what, whether the period is sealed."""

    sort: Sort
    snapshot: Snapshot
    sealed_at: datetime | None = None

    @property
    def period(self) -> str:
        """2021年四季度: the year is always said."""
        return period_name(self.snapshot.period, date.min)

    @property
    def subject(self) -> str:
        """What the notice issues, or its title without who issued it; marks inside a title are the small ones."""
        title = self.snapshot.title
        found = re.search(Say.ISSUED, title) or re.search(Say.ITSELF, title)
        return (found[1] if found else title).replace("《", "〈").replace("》", "〉")


def circular_paper(draft: Draft) -> Paper:
    """The letter with the table behind it."""
    name = Say.FILE.format(
        kind=draft.sort.value, period=draft.period, open="" if draft.sealed_at else Say.OPEN,
        made=draft.snapshot.made_at,
    )  # fmt: skip
    return letter(name, written(draft), mark(draft), [table(draft.snapshot)], foot(draft.snapshot))


def mark(draft: Draft) -> str:
    """That it is a draft, on which numbers."""
    if draft.sealed_at:
        return Say.MARK_SEALED.format(period=draft.period, at=moment_words(draft.sealed_at))
    return Say.MARK_OPEN.format(at=moment_words(draft.snapshot.made_at))


def written(draft: Draft) -> list[Written]:
    """All paragraphs, first to last."""
    number = Say.NUMBER.format(number=draft.snapshot.doc_no) if draft.snapshot.doc_no else ""
    words = {"subject": draft.subject, "number": number, "period": draft.period, "kind": draft.sort.value}
    return [
        plain("title", Say.TITLE.format(**words)),
        plain("to", to_words(draft)),
        plain("text", Say.OPENING.format(verb=Say.VERBS[draft.sort.value], **words)),
        plain("head", Say.OVERALL),
        *overall(draft),
        plain("head", Say.PROBLEMS),
        *problems(draft.snapshot),
        plain("head", Say.NEXT),
        *tasks(draft.snapshot),
        plain("annex", Say.ANNEX.format(period=draft.period)),
        plain("sign", Say.FROM),
        plain("sign", Say.DATE),
    ]


def to_words(draft: Draft) -> str:
    """主送: whom the notice was addressed to; who gets a 专报 only the office knows."""
    if draft.sort is Sort.BRIEF:
        return Say.LEADER
    return f"{draft.snapshot.addressees}：" if draft.snapshot.addressees else Say.UNITS


def overall(draft: Draft) -> Iterator[Written]:
    """How many stand how, what that is against time, then each matter that is as it should be."""
    snapshot = draft.snapshot
    units = {unit for row in snapshot.matters for unit in row.leads}
    states = [row.state for row in snapshot.matters]
    counts = Say.COUNTS.format(
        period=draft.period, matters=len(states), units=len(units), at=moment_words(snapshot.made_at),
        states=Say.JOIN.join(Say.STATE.format(state=said(s), count=states.count(s)) for s in dict.fromkeys(states)),
    )  # fmt: skip
    due = [Words(Say.DUE.format(at=moment_words(snapshot.due)), of_due())] if snapshot.due else []
    yield Written("text", (Words(counts, of_counts(snapshot)), *due))
    found = approved(snapshot)
    if not found:
        yield plain("text", Say.NONE_YET)
        return
    groups = {light: [row for row in found if light_of(row) is light] for light in (*OVERVIEW, *BEHIND)}
    parts = [Say.PART.format(words=Say.GROUPS[x], count=len(rows)) for x, rows in groups.items() if rows]
    yield plain("text", Say.JUDGED.format(count=len(found), parts=Say.JOIN.join(parts)), of_lights())
    yield from sections([(Say.GROUPS[x], items(groups[x], snapshot)) for x in OVERVIEW if groups[x]])


def said(state: str) -> str:
    """A state in a sentence."""
    return Say.APPROVED + state if state == Owes.APPROVED.value else state


def sections(found: Sequence[tuple[str, Sequence[Written]]]) -> Iterator[Written]:
    """（一）… with what belongs under it."""
    for number, (words, lines) in enumerate(found, 1):
        yield plain("subhead", Say.SUBHEAD.format(number=in_chinese(number), words=words))
        yield from lines


def problems(snapshot: Snapshot) -> Iterator[Written]:
    """What is behind, overdue, without data, in need of help or unclear; nobody is ranked."""
    found: list[tuple[str, Sequence[Written]]] = []
    for light in BEHIND:
        rows = [row for row in approved(snapshot) if light_of(row) is light]
        found += [(Say.GROUPS[light], items(rows, snapshot))] if rows else []
    if late := overdue(snapshot):
        found.append((Say.NOT_HERE, [listed(Say.NOT_HERE_ROWS, late, of_counts(snapshot))]))
    if rows := without_data(snapshot):
        found.append((Say.NO_DATA, [plain("text", names(rows) + Say.STOP)]))
    if snapshot.difficulties:
        found.append((Say.NEEDS, [plain("text", need(d) + Say.STOP, of_need(d)) for d in snapshot.difficulties]))
    if points := open_points(snapshot):
        found.append((Say.UNCLEAR, points))
    yield from sections(found) if found else [plain("text", Say.NO_PROBLEM)]


def open_points(snapshot: Snapshot) -> list[Written]:
    """What the notice leaves open: targets and units it states in two ways, matters of no unit."""
    targets, units, nobody = unclear(snapshot), whose(snapshot), nobodys(snapshot)
    found = [
        (Say.UNCLEAR_ROWS, targets, of_rows(targets)), (Say.WHOSE_ROWS, units, of_units()),
        (Say.NOBODYS_ROWS, nobody, of_units()),
    ]  # fmt: skip
    return [listed(words, rows, note) for words, rows, note in found if rows]


def need(difficulty: Difficulty) -> str:
    """The unit's own words; those with figures nobody approved are not repeated."""
    about = Say.ABOUT.format(name=difficulty.name) if difficulty.name else ""
    words = Say.WITH_FIGURES if Say.FIGURE.search(difficulty.words) else difficulty.words.strip().rstrip(Say.STOP)
    return Say.NEED.format(unit=difficulty.unit, about=about, words=words)


def tasks(snapshot: Snapshot) -> Iterator[Written]:
    """What is asked of whom, from what stands above."""
    made: list[tuple[str, str]] = []
    if behind := faster(snapshot):
        made.append((Say.FASTER.format(units=Say.ALSO.join(behind)), ""))
    late = overdue(snapshot)
    if late:
        made.append((Say.REPORT_NOW.format(units=units_of(late)), ""))
    elif snapshot.due and snapshot.made_at < snapshot.due:
        made.append((Say.REPORT_DUE.format(at=moment_words(snapshot.due)), of_due()))
    if rows := without_data(snapshot):
        made.append((Say.DATA_SOON.format(units=units_of(rows)), ""))
    if snapshot.difficulties:
        units = Say.LIST.join(dict.fromkeys(d.unit for d in snapshot.difficulties))
        made.append((Say.HELP.format(units=units), ""))
    if open_points(snapshot):
        made.append((Say.CLEAR, ""))
    for number, (words, note) in enumerate([*made, (Say.CHECK, "")], 1):
        yield plain("text", Say.TASK.format(number=in_chinese(number), words=words), note)


def faster(snapshot: Snapshot) -> list[str]:
    """Each unit once, with its matters that are behind."""
    rows = [row for row in approved(snapshot) if light_of(row) in BEHIND]
    return [
        Say.OF_UNIT.format(unit=unit, names=Say.LIST.join(row.name for row in rows if leads(row) == unit))
        for unit in dict.fromkeys(leads(row) for row in rows)
    ]


def table(snapshot: Snapshot) -> Grid:
    """The 汇总表 with the source of each row's numbers beside it."""
    grid = summary(snapshot)
    rows = tuple((*cells, basis(row, snapshot)) for cells, row in zip(grid.rows, snapshot.matters, strict=True))
    return replace(grid, columns=(*grid.columns, Say.BASIS), rows=rows)


def basis(row: MatterRow, snapshot: Snapshot) -> Cell:
    """Receipt and approval of the value that stands; of an earlier period, which."""
    version = next((v for v in snapshot.versions if v.id == row.submission), None)
    if version is None:
        earlier = Say.EARLIER.format(period=period_name(row.period, date.min)) if row.period else ""
        return Say.ALSO.join(filter(None, [first_place(row), earlier]))
    marks = [version.receipt, f"{version.reviewer}{day_words(version.reviewed_at)}" if version.reviewed_at else ""]
    return Say.ALSO.join(filter(None, [first_place(row), *marks]))
