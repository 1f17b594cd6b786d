"""Tables into rows, indicators, projects and members, with refs. Where a table begins and ends stands elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from knowledge.notice import Figure, Indicator, Kind, Member, Project, Ref, Row, Table
from knowledge.parsing import blocks
from knowledge.parsing.cells import (
    Naming,
    cell_figures,
    counted_columns,
    counted_figures,
    name_and_unit,
    says_things,
    stated_figures,
)
from knowledge.parsing.columns import YEAR, Columns, Role, columns_of, is_header
from knowledge.parsing.duties import read_duties
from knowledge.parsing.heads import caption_size, header_size
from knowledge.parsing.layout import Item, Paragraph
from knowledge.parsing.outline import mark_at_start
from knowledge.parsing.targets import read_targets
from knowledge.text import normal, read_numeral, squeeze, tidy
from knowledge.units import split_units

TOTAL = re.compile(r"^(?:合计|总计|小计|共计|累计|总数|总分)$")
NOTE = re.compile(r"^(?:备注|注释|附注|说明|注)\s*\d*\s*[:：.．、\s]")
TOWN = re.compile(r"[\u4e00-\u9fff]{1,6}(?:镇|乡|街道|街道办事处|管委会)")
DITTO = re.compile(r"同上|同前|〃|″|“|”|\"")
LABELLED = re.compile(r"(?<=[^；;\s])\s+(?=(?:配合|责任|牵头|协办|参与)(?:单位|部门)[:：])")
"""Lines of a cell, each with a label of its own."""
BLANK_AS_ABOVE = re.compile(r"(?:空白|空格|未注明|未填|空着)[^。；]{0,12}(?:同上|与上|同前|同一)")
SUFFIXES = "bcdefghijklmnopqrstuvwxyz"


@dataclass(slots=True)
class Read:
    """What a table was read into; `starts` are (place, ref, kind) of its passages."""

    table: Table
    columns: Columns
    first_leads: bool = False
    """The first named of several leads, the others support."""
    starts: list[tuple[int, Ref, str]] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    gaps: list[tuple[Ref, str, str]] = field(default_factory=list)


def read_table(
    placed: blocks.Table, ref: Ref, title: str, note: str, issued: date | None, first_leads: bool = False
) -> Read:
    """The rows of a placed grid; `note` is what stands under it."""
    grid = placed.grid
    above, size = caption_size(grid), header_size(grid)
    title = title or " ".join(grid.rows[i].texts()[0] for i in range(above))
    columns = (
        columns_of([row.texts() for row in grid.rows[above:size]])
        if size
        else Columns(_numbered(grid.width), (Role.OTHER,) * grid.width)
    )
    read = Read(Table(ref, title, columns.names, ()), columns, first_leads)
    read.starts.append((placed.start, ref, "annex"))
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for row, start in zip(grid.rows[size:], placed.starts[size:], strict=True):
        _take(row, start, read, rows, seen, ref)
    read.table = Table(ref, title, columns.names, tuple(_as_above(rows, columns, note)), note)
    _understand(read, issued)
    return read


def _as_above(rows: Sequence[Row], columns: Columns, note: str) -> list[Row]:
    """Rows whose 同上 says what the row above says; blank unit cells too where the note says so."""
    blank = BLANK_AS_ABOVE.search(note)
    filled: list[Row] = []
    for row in rows:
        cells = list(row.cells)
        for i, role in enumerate(columns.roles[: len(cells)]):
            text = squeeze(cells[i][1])
            same = DITTO.fullmatch(text) or (blank and not text and role in {Role.LEAD, Role.SUPPORT})
            if same and filled and i < len(filled[-1].cells):
                cells[i] = (cells[i][0], filled[-1].cells[i][1])
        filled.append(Row(row.ref, tuple(cells)))
    return filled


def _numbered(width: int) -> tuple[str, ...]:
    return tuple(f"列{i + 1}" for i in range(width))


def _take(row: blocks.GridRow, start: int, read: Read, rows: list[Row], seen: dict[str, int], ref: Ref) -> None:
    texts = row.texts()
    filled = [squeeze(text) for text in texts if squeeze(text)]
    if not filled or texts == tuple(read.columns.names[: len(texts)]) or is_header(texts):
        read.starts.append((start, Ref(f"{ref}:header{len(read.starts)}"), "annex"))
        return
    if NOTE.match(filled[0] + " ") and len(set(filled)) <= 2 and len(filled[-1]) > 4:
        read.starts.append((start, Ref(f"{ref}:note"), "note"))
        return
    if any(TOTAL.match(text) for text in filled[:2]):
        read.starts.append((start, Ref(f"{ref}:total{'' if len(rows) else '1'}"), "total"))
        return
    if len(set(filled)) == 1 and len(read.columns.names) > 2 and (len(texts) > 2 or len(texts) == 1):
        read.starts.append((start, Ref(f"{ref}:group{len(read.starts)}"), "group"))
        return
    if _goes_on(texts, read.columns, rows):
        rows[-1] = _grown(rows[-1], texts)
        return
    key = Ref(f"{ref}:{_row_number(texts, read, len(rows), seen)}")
    rows.append(Row(key, tuple(zip(read.columns.names, (*texts, *("",) * len(read.columns.names)), strict=False))))
    read.starts.append((start, key, "row"))


def _row_number(texts: Sequence[str], read: Read, count: int, seen: dict[str, int]) -> str:
    at = read.columns.first(Role.NUMBER)
    printed = normal(texts[at]).strip(".、()") if at is not None and at < len(texts) else ""
    number = read_numeral(printed) if printed else None
    plain = re.fullmatch(r"[\w.-]{1,8}", printed, re.ASCII)
    name = str(number) if number is not None else printed if plain else str(count + 1)
    seen[name] = seen.get(name, 0) + 1
    again = seen[name] - 2
    if again < 0:
        return name
    return name + (SUFFIXES[again] if again < len(SUFFIXES) else f"b{again}")


def _goes_on(texts: Sequence[str], columns: Columns, rows: Sequence[Row]) -> bool:
    """A row cut by a page's end: no number, no name, something else."""
    at, name = columns.first(Role.NUMBER), columns.first(Role.NAME)
    if not rows or at is None or at >= len(texts) or squeeze(texts[at]):
        return False
    lead = columns.first(Role.LEAD)
    blank_lead = lead is None or lead >= len(texts) or not squeeze(texts[lead])
    blank_name = name is None or name >= len(texts) or not squeeze(texts[name])
    return blank_name or blank_lead


def _grown(row: Row, texts: Sequence[str]) -> Row:
    more = [*texts, *("",) * len(row.cells)]
    return Row(row.ref, tuple((column, text + more[i]) for i, (column, text) in enumerate(row.cells)))


def _understand(read: Read, issued: date | None) -> None:
    columns = read.columns
    named = [squeeze(_cell(row, columns, Role.NAME)) for row in read.table.rows]
    if named and all(re.fullmatch(r"[\d.,%％]*", name) for name in named) and Role.PERSON not in columns.roles:
        return
    if Role.PERSON in columns.roles and (Role.POST in columns.roles or Role.DUTY in columns.roles):
        _members(read)
    elif _is_indicators(read, issued):
        read.indicators = [_indicator(row, read, issued) for row in read.table.rows if _cell(row, columns, Role.NAME)]
    elif (Role.NAME in columns.roles or Role.CONTENT in columns.roles) and (
        Role.LEAD in columns.roles or Role.CONTENT in columns.roles or counted_columns(read.table.rows, columns)
    ):
        read.projects = [_project(row, read, issued) for row in read.table.rows if _cell(row, columns, Role.NAME)]


def _is_indicators(read: Read, issued: date | None) -> bool:
    """Rows whose value columns hold figures, not sentences."""
    values = read.columns.all(Role.VALUE)
    if not values or Role.NAME not in read.columns.roles or counted_columns(read.table.rows, read.columns):
        return False
    cells = [row.cells[i][1] for row in read.table.rows for i in values if i < len(row.cells) and row.cells[i][1]]
    if sum(says_things(cell, issued) for cell in cells) * 2 > len(cells):
        return False
    return bool(cells) and sum(len(cell) <= 25 and bool(re.search(r"\d|[一-十]", cell)) for cell in cells) * 2 >= len(
        cells
    )


def _cell(row: Row, columns: Columns, role: Role) -> str:
    at = columns.first(role)
    return row.cells[at][1] if at is not None and at < len(row.cells) else ""


def _leads(row: Row, read: Read) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lead and supporting units of a row; 牵头 beside 责任 columns make the latter supporting."""
    leads: list[str] = []
    supports: list[str] = []
    columns = read.columns
    at = columns.all(Role.LEAD)
    headed = [i for i in at if re.search("牵头|主办|主责", columns.names[i])]
    for i in at:
        words = LABELLED.sub("；", row.cells[i][1])
        duties = read_duties(f"（{words}）") if re.search("牵头|配合|负责|协办|会同", words) else []
        if duties:
            leads += duties[0].lead_units
            supports += duties[0].support_units
        elif headed and i not in headed:
            supports += split_units(row.cells[i][1])
        else:
            leads += split_units(row.cells[i][1])
    for i in columns.all(Role.SUPPORT):
        supports += split_units(row.cells[i][1])
    if read.first_leads and not supports:
        leads, supports = leads[:1], leads[1:]
    return tuple(dict.fromkeys(leads)), tuple(unit for unit in dict.fromkeys(supports) if unit not in leads)


def _without_number(name: str) -> str:
    """A name in a cell without the number printed before it: 1.培育产业集群."""
    mark = mark_at_start(name)
    return name[mark.end :].strip() if mark and mark.end < len(name) - 1 else name


def _indicator(row: Row, read: Read, issued: date | None) -> Indicator:
    columns = read.columns
    printed = _without_number(squeeze(_cell(row, columns, Role.NAME)))
    name, unit = name_and_unit(printed, squeeze(_cell(row, columns, Role.COUNTED)))
    leads, supports = _leads(row, read)
    when = _due_of(tidy(_cell(row, columns, Role.DUE)), issued)
    figures = cell_figures(row, columns, Naming(name, unit, read.table.title, read.table.note), issued, when)
    unit = unit or next((figure.unit for figure in figures if figure.unit), "")
    number = squeeze(_cell(row, columns, Role.NUMBER)) or str(row.ref).rsplit(":", 1)[-1]
    if not leads and TOWN.fullmatch(name):
        leads = (name,)
    return Indicator(row.ref, number, name, unit, figures, leads, supports)


def _project(row: Row, read: Read, issued: date | None) -> Project:
    columns = read.columns
    name = _without_number(tidy(_cell(row, columns, Role.NAME)))
    content = "；".join(
        tidy(row.cells[i][1]) for i in columns.all(Role.CONTENT) if i < len(row.cells) and row.cells[i][1]
    )
    leads, supports = _leads(row, read)
    if not leads and TOWN.fullmatch(squeeze(name)):
        leads = (squeeze(name),)
    figures = read_targets(content or name, issued) + stated_figures(row, columns, issued)
    figures += counted_figures(row, columns, Naming(squeeze(name), "", read.table.title, read.table.note), issued)
    figures = _with_due(figures, tidy(_cell(row, columns, Role.DUE)), issued)
    number = squeeze(_cell(row, columns, Role.NUMBER)) or str(row.ref).rsplit(":", 1)[-1]
    return Project(row.ref, number, squeeze(name) if len(name) < 40 else name, content, leads, supports, figures)


def _with_due(figures: Sequence[Figure], due: str, issued: date | None) -> tuple[Figure, ...]:
    """The figures, those without a time due when the row's own column says; the day alone where there is no figure."""
    when = _due_of(due, issued)
    if when is None:
        return tuple(figures)
    timed = [
        replace(f, year=f.year or when.year, due=f.due or (when.due if f.year in {None, when.year} else None))
        for f in figures
    ]
    return tuple(timed) or (replace(when, about="", quote=due),)


def _due_of(due: str, issued: date | None) -> Figure | None:
    """The year and day a row's own column of times names."""
    if not re.search(r"\d|年底|月底", due):
        return None
    last = re.sub(r"^.*[-—–～~至](?=\s*20\d\d)", "", due)
    named = next(iter(read_targets(f"{last}前完成该项工作任务", issued)), None)
    years = YEAR.findall(normal(last))
    return named or (Figure(None, "", Kind.STATUS, int(years[-1]), quote=due) if years else None)


def noted(items: Sequence[Item]) -> list[Paragraph]:
    """The numbered lines that go on a note: 注：1.… / 2.…"""
    first = items[0]
    mark = mark_at_start(NOTE.sub("", first.text)) if isinstance(first, Paragraph) else None
    number, found = (mark.number if mark else 0), []
    for item in items[1:] if number else []:
        mark = mark_at_start(item.text) if isinstance(item, Paragraph) else None
        if not mark or mark.number != number + 1 or not isinstance(item, Paragraph):
            break
        found.append(item)
        number += 1
    return found


def _members(read: Read) -> None:
    columns, role = read.columns, ""
    for row in read.table.rows:
        role = squeeze(_cell(row, columns, Role.DUTY)) or squeeze(_cell(row, columns, Role.GROUP)) or role
        name = squeeze(_cell(row, columns, Role.PERSON))
        if name:
            read.members.append(Member(row.ref, role, name, _position(row, columns)))


def _position(row: Row, columns: Columns) -> str:
    """Body and post of a member, whether in one column or two."""
    body, post = tidy(_cell(row, columns, Role.COUNTED)), tidy(_cell(row, columns, Role.POST))
    return post if post.startswith(body) else body + post
