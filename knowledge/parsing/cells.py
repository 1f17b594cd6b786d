"""Figures of an indicator's row, told by its columns: years, quarters, a total beside them. No rows are found here."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from knowledge.figures import UNIT, kind_of
from knowledge.notice import Figure, Kind, Row
from knowledge.parsing.columns import HEADED, YEAR, Columns, Role
from knowledge.parsing.targets import plan_year, quarter_end, read_targets, read_value
from knowledge.text import normal, squeeze

NOTHING = re.compile(r"[-—–－/／\\*、\s]*|无")
"""A cell that says there is no target."""
COUNTED = re.compile(r"[（(]([^（）()]{1,8})[）)]$")
WHOLE_YEAR = re.compile(r"年度|全年|本年|今年|季度|半年")
MONTH = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月(?:底|末|份)?")
SHARE = re.compile(r"(?:率|比例|比重|占比|增速|增长|增幅)$")
THING = 4
"""Letters of the name of a thing counted."""
SUM = re.compile(r"合计|总计|小计|总数|总量")


@dataclass(frozen=True, slots=True)
class Naming:
    """What the row counts and what stands around its table."""

    name: str
    unit: str
    title: str = ""
    note: str = ""


def name_and_unit(printed: str, counted: str) -> tuple[str, str]:
    """社区中心(含农村社区)(家) → the name without its unit, and the unit."""
    found = COUNTED.search(printed)
    words = normal(found.group(1)) if found else ""
    if found and (re.fullmatch(rf"(?:[百千万亿]{{0,2}}{UNIT}(?:/.{{1,3}})?|%|‰|分|位)", words)):
        return printed[: found.start()], counted or words
    return printed, "" if counted in {"-", "—", "/"} else counted.replace("％", "%")


def cell_figures(
    row: Row, columns: Columns, naming: Naming, issued: date | None, when: Figure | None
) -> tuple[Figure, ...]:
    """One figure a value cell; `when` is what the row's own column of times says."""
    figures = tuple(_figures(row, columns, naming, issued))
    if when:
        figures = tuple(replace(f, year=f.year or when.year, due=f.due or when.due) for f in figures)
    if not naming.unit and _are_parts(naming.name, figures):
        figures = tuple(_in_percent(f) for f in figures)
    return tuple(replace(f, kind=Kind.FLOW) for f in figures) if _adds_up(row, columns, figures) else figures


def _are_parts(name: str, figures: Sequence[Figure]) -> bool:
    """Whether a row of shares without a unit is said in parts of one, as a sheet keeps them: 0.35."""
    values = [f.value for f in figures if f.value is not None]
    plain = not any(f.unit for f in figures)
    return plain and bool(SHARE.search(name)) and any(v % 1 for v in values) and all(0 <= v <= 1 for v in values)


def counted_columns(rows: Sequence[Row], columns: Columns) -> tuple[int, ...]:
    """Columns that count a thing of their own by their headers, as 投资额（万元）; all cells are figures."""
    found = []
    for at, role in enumerate(columns.roles):
        cells = [squeeze(row.cells[at][1]) for row in rows if at < len(row.cells)]
        said = [cell for cell in cells if not NOTHING.fullmatch(cell)]
        if role is Role.OTHER and counted_in(normal(columns.names[at])) and said and all(map(read_value, said)):
            found.append(at)
    return tuple(found)


def counted_figures(row: Row, columns: Columns, naming: Naming, issued: date | None) -> tuple[Figure, ...]:
    """The figures of a row that counts several things, each named by the row and its column."""
    figures = []
    for at in counted_columns([row], columns):
        if not NOTHING.fullmatch(squeeze(row.cells[at][1])):
            thing = HEADED.sub("", columns.names[at])
            figure = _figure(row.cells[at][1], columns, at, replace(naming, name=naming.name + thing), issued)
            figures.append(replace(figure, quote=f"{columns.names[at]}{figure.quote}"))
    return tuple(figures)


def says_things(text: str, issued: date | None) -> bool:
    """Whether a cell names what it counts: 培育百亿级产业集群5个; a plain figure, 达到95%, does not."""
    said = read_targets(text, issued) if read_value(text) is None else ()
    return any(figure.value is not None and len(figure.about) >= THING for figure in said)


def stated_figures(row: Row, columns: Columns, issued: date | None) -> tuple[Figure, ...]:
    """The figures that a row's columns of targets state in words, each for the year of its column."""
    figures: list[Figure] = []
    for at in columns.all(Role.VALUE):
        said = read_targets(row.cells[at][1], issued) if at < len(row.cells) else ()
        figures += [replace(figure, year=columns.years[at] or figure.year) for figure in said]
    return tuple(figures)


def _in_percent(figure: Figure) -> Figure:
    if figure.value is None:
        return figure
    high = figure.high * 100 if figure.high is not None else None
    kind = kind_of("%", figure.about)
    return replace(figure, value=(figure.value * 100).normalize() + 0, high=high, unit="%", kind=kind)


def _figures(row: Row, columns: Columns, naming: Naming, issued: date | None) -> Iterator[Figure]:
    for at in columns.all(Role.VALUE):
        text = row.cells[at][1] if at < len(row.cells) else ""
        if not NOTHING.fullmatch(squeeze(text)):
            yield _figure(text, columns, at, naming, issued)


def _figure(text: str, columns: Columns, at: int, naming: Naming, issued: date | None) -> Figure:
    header = normal(columns.names[at])
    year = columns.years[at] or plan_year(header) or _year_around(header, naming.title, issued)
    unit = naming.unit or counted_in(header)
    value = read_value(text)
    if value is None:
        return Figure(None, unit, Kind.STATUS, year, None, None, _day(header, year), text, naming.name)
    amount, printed, bound, high = value
    kind = kind_of(printed or unit, naming.name + header, naming.note + header)
    return Figure(amount, printed or unit, kind, year, bound, high, _day(header, year), text, naming.name)


def counted_in(header: str) -> str:
    """What a column is counted in by its header: 投资额（万元）; empty when it does not say."""
    found = HEADED.search(header)
    return found.group(1) if found else ""


def _year_around(header: str, title: str, issued: date | None) -> int | None:
    """The year of a column that names none: the title's only one; the year of issue for 全年 and quarters."""
    titled = {int(year) for year in YEAR.findall(normal(title))}
    if len(titled) == 1:
        return titled.pop()
    return issued.year if issued and WHOLE_YEAR.search(header) and not titled else None


def _day(header: str, year: int | None) -> date | None:
    if year is None:
        return None
    named = MONTH.search(header)
    month = int(named[1]) if named else quarter_end(header)
    if month:
        return date(year, month, monthrange(year, month)[1])
    return date(year, 12, 31) if re.search("底|末", header) else None


def _adds_up(row: Row, columns: Columns, figures: Sequence[Figure]) -> bool:
    """Whether a column of sums shows that the years are counted each for itself."""
    values = [f.value for f in figures if f.value is not None]
    sums = [
        read
        for name, cell in row.cells
        if SUM.fullmatch(squeeze(name)) and (read := read_value(cell)) is not None and read[0] != 0
    ]
    return len(values) > 1 and bool(sums) and sums[0][0] == sum(values) != max(values)
