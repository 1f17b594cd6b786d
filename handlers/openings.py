"""底数: the values of last period in a table of any sensible shape → opening values, with a line for what does not fit.

Reading is pure; keeping and taking back write through storage. Who may is asked before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from handlers.errands import Sheet
from handlers.opening_heads import Rows, header_of
from handlers.rules.checks import plain
from handlers.rules.lights import Stage
from handlers.rules.periods import span
from knowledge import Kind, Library, Matter, Measure, Notice, read_quantity
from storage import Actor, AlreadyLive, Entry, State, StoredMatter, Work

LIKELY, CLEAR, WITH_NUMBER = 0.62, 0.04, 0.4
SERIAL, FIRST_DAY = re.compile(r"4\d{4}"), date(1899, 12, 30)  # days as table programs count them, 2009 to 2036
DAY = re.compile(r"(\d{4})\D+(\d{1,2})(?:\D+(\d{1,2}))?")


class Say:
    NO_HEADER = "没找到表头：要有一列事项（或指标），一列现值（或完成数）。"
    NO_MATCH = "第{row}行“{name}”：通知里没有这件事。"
    UNSURE = "第{row}行“{name}”：像{options}，请写全名称。"
    NO_VALUE = "第{row}行“{name}”：“{value}”不是一个确定的数。"
    MEASURE = "第{row}行“{name}”：有{count}个数（{names}），请加一列“量”写明是哪一个。"
    WHOLE = "第{row}行“{name}”：按“{unit}”计，应是整数，表里是{value}。"
    SHARE = "第{row}行“{name}”：占比应在0到100之间，表里是{value}。"
    TWICE = "第{row}行“{name}”：和第{other}行重复。"
    FLOW = "第{row}行“{name}”：通知没有数，只能填未启动、推进中或已完成。"
    FORMULA = "第{row}行“{name}”：现值是公式，文件里没有存算出来的数。请用 WPS 或 Excel 打开这个表，保存一次再发我。"
    PERCENT = "第{row}行“{name}”：{value}是{value}%还是{hundred}%？请写上百分号。"
    NOT_PERCENT = "第{row}行“{name}”：按“{unit}”计，表里是百分数{value}。"
    HIDDEN = "第{row}行“{name}”：这一行在表里是隐藏的，没有读。要导入请取消隐藏再发。"
    AHEAD = "第{row}行“{name}”：数据截至{day}还没有到。"
    NO_DAY = "第{row}行“{name}”：数据截至“{said}”没有看懂，先按期末那天；要写准请写成2021年9月24日。"
    EMPTY = "{count}件没有填现值：{names}。"
    OR, LIST, MANY = "或", "、", "等"
    SHOWN = 3


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
    notes: tuple[str, ...] = ()
    """What was read otherwise than written, or left out because nothing was written."""
    title: str = ""
    """What stands above the header."""


def read_openings(
    rows: Rows, library: Library, *, hidden: Set[int] = frozenset(), today: date | None = None
) -> OpeningTable:
    """The table read for the notice most of it fits. `hidden`: numbers of rows the file hides, from 1."""
    found = [read_for(rows, library, notice, hidden, today) for notice in library.notices]
    return max(found, key=lambda table: len(table.openings), default=OpeningTable("", (), (Say.NO_HEADER,)))


def best_of(sheets: Sequence[Sheet], library: Library, today: date) -> OpeningTable:
    """The sheet most of which fits; a cover or notes may stand before it."""
    found = [read_openings(s.rows, library, hidden=s.hidden, today=today) for s in sheets if s.rows]
    return max(found, key=lambda table: (len(table.openings), len(table.problems)), default=read_openings((), library))


def read_for(rows: Rows, library: Library, notice: Notice, hidden: Set[int], today: date | None) -> OpeningTable:
    """The table read for one notice."""
    head = header_of(rows)
    if head is None:
        return OpeningTable(notice.key, (), (Say.NO_HEADER,))
    top, columns = head
    openings: list[Opening] = []
    problems: list[str] = []
    notes: list[str] = []
    empty: list[str] = []
    taken: dict[tuple[str, str], int] = {}
    for row, cells in enumerate(rows[top + 1 :], top + 2):
        line = {name: cells[place].strip() if place < len(cells) else "" for name, place in columns.items()}
        if not line["name"]:
            continue
        if not line["value"]:
            empty += named(line, library, notice)
            continue
        read: Opening | str = Say.HIDDEN.format(row=row, name=short(line["name"]))
        if row not in hidden:
            read = read_row(row, line, library, notice)
        if isinstance(read, Opening) and today and read.as_of and read.as_of > today:
            read = Say.AHEAD.format(row=row, name=short(line["name"]), day=read.as_of)
        if isinstance(read, Opening) and (said := line.get("as_of", "")) and read.as_of is None:
            notes.append(Say.NO_DAY.format(row=row, name=short(line["name"]), said=said[:20]))
        if isinstance(read, Opening) and (other := taken.get((read.matter, read.measure))):
            read = Say.TWICE.format(row=row, name=short(line["name"]), other=other)
        if isinstance(read, str):
            problems.append(read)
        else:
            taken[read.matter, read.measure] = row
            openings.append(read)
    if empty:
        names = Say.LIST.join(empty[: Say.SHOWN]) + (Say.MANY if len(empty) > Say.SHOWN else "")
        notes.append(Say.EMPTY.format(count=len(empty), names=names))
    title = " ".join(cell for cells in rows[: max(0, top)] for cell in cells if cell)
    return OpeningTable(notice.key, tuple(openings), tuple(problems), tuple(notes), title)


def named(line: Mapping[str, str], library: Library, notice: Notice) -> list[str]:
    """The matter of a row without a value; empty for a heading between rows."""
    found = matched(0, short(line["name"]), line.get("number", ""), library, notice)
    return [] if isinstance(found, str) else [found.name]


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
    if line["value"].startswith("="):
        return Say.FORMULA.format(**words)
    value = value_of(line["value"])
    if value is None:
        return Say.NO_VALUE.format(**words, value=line["value"][:20])
    percent = "%" in line["value"] or "％" in line["value"]
    if percent and measure.unit != "%":
        return Say.NOT_PERCENT.format(**words, unit=measure.unit, value=line["value"][:20])
    if measure.kind is Kind.SHARE and not percent and 0 < value < 1:
        return Say.PERCENT.format(**words, value=plain(value), hundred=plain(value * 100))
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
    """2021-09-24, 2021年9月24日, and the number a table program keeps for it; None without a day: none is guessed."""
    if SERIAL.fullmatch(text.strip()):
        return FIRST_DAY + timedelta(days=int(text))
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
