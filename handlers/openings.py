"""底数: the values of last period in a table of any sensible shape → opening values, with a line for what does not fit.

Reading is pure; keeping and taking back write through storage. Who may is asked before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from handlers.rules.checks import plain
from handlers.rules.lights import Stage
from handlers.rules.periods import span
from knowledge import Kind, Library, Matter, Measure, Notice, read_quantity
from storage import Actor, AlreadyLive, Entry, State, StoredMatter, Work

HEADER_WITHIN = 12  # rows from the top in which the header is looked for
LIKELY, CLEAR, WITH_NUMBER = 0.62, 0.04, 0.4
DAY = re.compile(r"(\d{4})\D+(\d{1,2})(?:\D+(\d{1,2}))?")
Rows = Sequence[Sequence[str]]


class Say:
    COLUMNS: Mapping[str, tuple[str, ...]] = {
        "name": ("指标", "指标名称", "事项", "事项名称", "项目名称", "项目", "任务", "任务名称", "名称", "内容与要求",
        "工作内容"),
        "value": (
            "现值", "本期值", "本期数", "数值", "底数", "完成值", "完成数", "累计完成", "累计", "累计数", "当前值",
            "实际完成", "实际值",
            "完成情况",
            "期末数", "现有数", "值",
        ),
        "number": ("序号", "编号", "附件序号"),
        "as_of": ("数据截至", "截至", "截至日期", "数据截至日期", "统计时间", "数据时间"),
        "unit": ("单位", "计量单位"),
        "measure": ("量", "分项", "口径"),
        "line": ("进展", "进展情况", "说明", "情况说明"),
        "origin": ("来源", "数据来源"),
    }  # fmt: skip
    NO_HEADER = "没找到表头：要有一列事项（或指标），一列现值（或完成数）。"
    NO_MATCH = "第{row}行“{name}”：通知里没有这件事。"
    UNSURE = "第{row}行“{name}”：像{options}，请写全名称。"
    NO_VALUE = "第{row}行“{name}”：“{value}”不是一个确定的数。"
    MEASURE = "第{row}行“{name}”：有{count}个数（{names}），请加一列“量”写明是哪一个。"
    WHOLE = "第{row}行“{name}”：按“{unit}”计，应是整数，表里是{value}。"
    SHARE = "第{row}行“{name}”：占比应在0到100之间，表里是{value}。"
    TWICE = "第{row}行“{name}”：和第{other}行重复。"
    FLOW = "第{row}行“{name}”：通知没有数，只能填未启动、推进中或已完成。"
    OR = "或"


@dataclass(frozen=True, slots=True)
class Opening:
    """A value of a row that fits: which matter and measure (`stage` for one without a figure)."""

    row: int
    matter: str
    name: str
    measure: str
    value: str
    unit: str = ""
    as_of: date | None = None
    line: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class OpeningTable:
    """What a table says of a notice."""

    notice: str
    openings: tuple[Opening, ...]
    problems: tuple[str, ...]


def read_openings(rows: Rows, library: Library) -> OpeningTable:
    """The table read for the notice most of it fits."""
    found = [read_for(rows, library, notice) for notice in library.notices]
    return max(found, key=lambda table: len(table.openings), default=OpeningTable("", (), (Say.NO_HEADER,)))


def read_for(rows: Rows, library: Library, notice: Notice) -> OpeningTable:
    """The table read for one notice."""
    head = header_of(rows)
    if head is None:
        return OpeningTable(notice.key, (), (Say.NO_HEADER,))
    top, columns = head
    openings: list[Opening] = []
    problems: list[str] = []
    taken: dict[tuple[str, str], int] = {}
    for row, cells in enumerate(rows[top + 1 :], top + 2):
        line = {name: cells[place].strip() if place < len(cells) else "" for name, place in columns.items()}
        if not line["name"] or not line["value"]:
            continue
        read = read_row(row, line, library, notice)
        if isinstance(read, Opening) and (other := taken.get((read.matter, read.measure))):
            read = Say.TWICE.format(row=row, name=short(line["name"]), other=other)
        if isinstance(read, str):
            problems.append(read)
        else:
            taken[read.matter, read.measure] = row
            openings.append(read)
    return OpeningTable(notice.key, tuple(openings), tuple(problems))


def header_of(rows: Rows) -> tuple[int, dict[str, int]] | None:
    """(row, column by meaning) of the header: it names the matter and its value."""
    for number, cells in enumerate(rows[:HEADER_WITHIN]):
        columns: dict[str, int] = {}
        for name, words in Say.COLUMNS.items():
            heads = [bare(cell) for cell in cells]
            place = next((heads.index(word) for word in words if word in heads), None)
            if place is not None:
                columns[name] = place
        if {"name", "value"} <= columns.keys():
            return number, columns
    return None


def bare(head: str) -> str:
    """A head without blanks, brackets and what is in them."""
    return re.sub(r"[（(].*?[）)]|\s", "", head)


def short(name: str) -> str:
    """The first line of a name."""
    return name.split("\n")[0][:30]


def read_row(row: int, line: Mapping[str, str], library: Library, notice: Notice) -> Opening | str:
    """The value of a row, or why it does not fit."""
    name = short(line["name"])
    matter = matched(row, name, line.get("number", ""), library, notice)
    if isinstance(matter, str):
        return matter
    words = {"row": row, "name": name}
    as_of, note, origin = day_of(line.get("as_of", "")), line.get("line", "")[:300], line.get("origin", "")[:60]
    if not matter.measures:
        if line["value"] not in set(Stage):
            return Say.FLOW.format(**words)
        return Opening(row, matter.key, matter.name, "stage", line["value"], "", as_of, note, origin)
    measure = measure_of(matter, name, line)
    if measure is None:
        names = "、".join(m.name for m in matter.measures)
        return Say.MEASURE.format(**words, count=len(matter.measures), names=names)
    value = value_of(line["value"])
    if value is None:
        return Say.NO_VALUE.format(**words, value=line["value"][:20])
    if measure.whole and value != value.to_integral_value():
        return Say.WHOLE.format(**words, unit=measure.unit, value=plain(value))
    if measure.kind is Kind.SHARE and not 0 <= value <= 100:
        return Say.SHARE.format(**words, value=plain(value))
    return Opening(row, matter.key, matter.name, measure.key, plain(value), measure.unit, as_of, note, origin)


def matched(row: int, name: str, number: str, library: Library, notice: Notice) -> Matter | str:
    """The matter of a name, the number beside it helping; or why there is none."""
    scored = library.find_matters(name, library.matters(notice.key))
    best = scored[0][1] if scored else 0.0
    numbered = numbered_as(number, notice)
    by_number = [(m, score) for m, score in scored if set(m.refs) & numbered and score >= WITH_NUMBER]
    if by_number and by_number[0][1] >= best - 0.3:
        return by_number[0][0]
    close = [m for m, score in scored if score >= best - CLEAR]
    if best < LIKELY:
        return Say.NO_MATCH.format(row=row, name=name)
    if len(close) > 1:
        return Say.UNSURE.format(row=row, name=name, options=Say.OR.join(m.name for m in close[:3]))
    return close[0]


def numbered_as(number: str, notice: Notice) -> set[str]:
    """The rows of the notice's tables that carry a number."""
    rows = [(i.ref, i.number) for i in notice.indicators] + [(p.ref, p.number) for p in notice.projects]
    return {str(ref) for ref, printed in rows if number and printed.strip() == number.strip(". 、")}


def measure_of(matter: Matter, name: str, line: Mapping[str, str]) -> Measure | None:
    """Which of the matter's figures is meant: the only one, the named one, the only one of that unit."""
    if len(matter.measures) == 1:
        return matter.measures[0]
    said = line.get("measure", "")
    named = [m for m in matter.measures if m.name in (said, name)]
    units = [m for m in matter.measures if m.unit == line.get("unit", "") and not said]
    return named[0] if named else units[0] if len(units) == 1 else None


def value_of(text: str) -> Decimal | None:
    """A definite number: 35, 1.2万, 80%; None for ranges and words."""
    found = read_quantity(text)
    if found is None or found.value is None or found.high is not None or found.approximate:
        return None
    return found.value


def day_of(text: str) -> date | None:
    """2021-09-24, 2021年9月24日; None without a day: none is guessed."""
    found = DAY.search(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found and found[3] else None
    except ValueError:
        return None


async def keep_openings(
    work: Work, table: OpeningTable, period: str, by: Actor, at: datetime, *, batch: str
) -> tuple[int, list[str]]:
    """(how many matters got an opening value, the names of those that have a value for the period already)."""
    by_key = {m.key: m for m in await work.matters.current(table.notice)}
    done, standing = 0, list[str]()
    for key in dict.fromkeys(o.matter for o in table.openings):
        stored = by_key.get(key)
        if stored is None:
            continue
        own = [o for o in table.openings if o.matter == key]
        try:
            await work.submissions.open_balance(
                stored.id, table.notice, unit_of(stored), period, entry_of(own, period), by, at, batch=batch
            )
            done += 1
        except AlreadyLive:
            standing.append(stored.name)
    return done, standing


def unit_of(stored: StoredMatter) -> str:
    """Whose value it is; the body's general targets have no lead."""
    return stored.lead_units[0] if stored.lead_units else ""


def entry_of(openings: Sequence[Opening], period: str) -> Entry:
    """What is kept: marked as an opening value."""
    first = openings[0]
    return Entry(
        {o.measure: o.value for o in openings}, first.line, first.as_of or span(period)[1], first.origin,
        kind="opening", state=State.APPROVED,
    )  # fmt: skip
