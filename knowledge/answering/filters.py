"""Rows that meet what was said of them: 2022年要达到100%的指标, 没写配合单位的项目, 总投资超过10亿的工程, 三家一起管的.

Conditions are told by their own words, joined by 并且, and tested on the rows' cells, figures and units. Every row is
looked at, so that 没有 is an answer too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from knowledge.answering.entries import Entry, called, entries, line, numbered
from knowledge.answering.filter_words import (
    ALONE,
    BOUND,
    CONDITIONS,
    FALLING,
    FIRST,
    LARGEST,
    LIST,
    RISING,
    SEVERAL,
    SHAPES,
    SHARE,
    SILENT,
    SUPPORTED,
    UNSUPPORTED,
    comparison,
)
from knowledge.answering.saying import said
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.figures import SCALES, read_quantity
from knowledge.notice import Figure
from knowledge.parsing.columns import YEAR, Role, role_of
from knowledge.pieces import Of
from knowledge.question import Question
from knowledge.text import letters, normal, read_decimal, read_numeral, squeeze

JOIN = "、"


class Say:
    HEAD = "{labels}{what}共{n}{measure}："
    NONE = "{total}{measure}{what}都看过了：{labels}，一{measure}也没有。"
    BOUND = "{column}{bound}的"
    YEARS = "{years}目标"
    UNSUPPORTED, SUPPORTED = "没有写配合单位的", "写了配合单位的"
    ALONE, SEVERAL = "只有一家牵头（负责）的", "{k}家以上牵头（负责）的"
    SILENT, SHARE = "没有写数字的", "按百分比考核的"
    RISING, FALLING = "后一年比前一年多的", "后一年比前一年少的"
    OF_UNIT = "{unit}牵头（负责）的"
    FIRST, LAST = "前{k}{measure}{what}：", "最后{k}{measure}{what}："
    MOST = "{column}最{most}的是："
    WITH = "{line}　{column}：{cell}"
    NEXT = ("我的任务", "有哪些指标", "有哪些项目")


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition: in words, and its test; with the column that it reads, if it is one of the table's own."""

    label: str
    test: Callable[[Entry], bool]
    column: str = ""


def answer_filtered(question: Question, catalog: Catalog) -> Answer | None:
    """The rows that meet every condition said; None when none is said, or when it is not rows that are asked."""
    text = question.text
    if not any(shape.search(text) for shape in SHAPES) or not LIST.search(text) or any(s.row for s in question.spots):
        return None
    word, rows = asked_rows(question, catalog)
    if not rows:
        return None
    part = _part(question, rows, catalog, word)
    if part:
        return part
    most = _largest(question, rows, catalog, word)
    if most:
        return most
    filters = list(filters_of(question, rows, catalog))
    if not filters or _leftover(question, filters, word):
        return None
    if question.bodies:
        unit = question.bodies[0]
        filters.insert(0, Filter(Say.OF_UNIT.format(unit=unit), lambda e: e.is_of(unit, "lead")))
    return _told(question, rows, filters, catalog, word)


def asked_rows(question: Question, catalog: Catalog) -> tuple[str, list[Entry]]:
    """(the word for the rows, the rows): 指标, 项目, or what the column of names is headed: 工程, 事项."""
    every = entries(catalog)
    tables = {c: t.ref for t in catalog.notice.tables for c in t.columns if role_of(c) is Role.NAME}
    for column, ref in tables.items():
        head = letters(normal(column)).removesuffix("名称").removeprefix("重点")
        if len(head) > 1 and head in question.text and head not in ("指标", "项目"):
            return head, [e for e in every if e.ref.startswith(f"{ref}:")]
    for noun, of, word in (("project", Of.PROJECT, "项目"), ("indicator", Of.INDICATOR, "指标")):
        if noun in question.nouns:
            return word, [e for e in every if e.of == of]
    if catalog.indicators and ("目标" in question.text or BOUND.search(question.text)) and not question.nouns:
        return "指标", [e for e in every if e.of == Of.INDICATOR]
    return ("任务", every) if "duty" in question.nouns else ("", [])


def filters_of(question: Question, rows: Sequence[Entry], catalog: Catalog) -> Iterator[Filter]:
    """Every condition that the words of the question state."""
    text = question.text
    tested = _bound(question, rows, catalog)
    if tested:
        yield tested
    if any(e.support_units for e in rows):
        if UNSUPPORTED.search(text):
            yield Filter(Say.UNSUPPORTED, lambda e: not e.support_units)
        elif SUPPORTED.search(text):
            yield Filter(Say.SUPPORTED, lambda e: bool(e.support_units))
    if ALONE.search(text):
        yield Filter(Say.ALONE, lambda e: len(e.lead_units) == 1)
    elif (found := SEVERAL.search(text)) and (least := read_numeral(found["k"])):
        yield Filter(Say.SEVERAL.format(k=least), lambda e: len(e.lead_units) >= least)
    figures = _figures(question, catalog)
    if SILENT.search(text):
        yield Filter(Say.SILENT, lambda e: not any(f.value is not None for f in figures(e)))
    if SHARE.search(text):
        yield Filter(Say.SHARE, lambda e: any(f.unit == "%" for f in figures(e)))
    if RISING.search(text):
        yield Filter(Say.RISING, lambda e: _moves(e, catalog) > 0)
    elif FALLING.search(text):
        yield Filter(Say.FALLING, lambda e: _moves(e, catalog) < 0)


def _figures(question: Question, catalog: Catalog) -> Callable[[Entry], list[Figure]]:
    """The figures of a row in the years asked; all of them when no year is said."""
    years = question.years.years

    def of(entry: Entry) -> list[Figure]:
        row = catalog.indicators.get(entry.ref) or catalog.projects.get(entry.ref)
        return [f for f in row.figures if not years or f.year in years] if row else []

    return of


def _moves(entry: Entry, catalog: Catalog) -> Decimal:
    """By how much the last year's target is above the first's; 0 where there are not two."""
    row = catalog.indicators.get(entry.ref)
    dated = [f for f in row.figures if f.year and f.value is not None] if row else []
    values = [f.value for f in sorted(dated, key=lambda f: f.year or 0) if f.value is not None]
    return values[-1] - values[0] if values else Decimal(0)


def _bound(question: Question, rows: Sequence[Entry], catalog: Catalog) -> Filter | None:
    """不少于10家的, 超过10亿的: of a column of the table when one is named, else of the targets."""
    found = BOUND.search(question.text)
    if not found:
        return None
    said_number = found["n"] or found["m"]
    numeral = read_numeral(said_number)
    value = read_decimal(said_number.replace(",", "")) if said_number[0].isdigit() else Decimal(numeral or 0)
    scale, unit = found["scale"] or found["scale2"] or "", found["unit"] or found["unit2"] or ""
    if value is None:
        return None
    compare = comparison(found["before"] or "", found["after"] or found["after2"] or "")
    words = found.group().removesuffix("的")
    column = _column(question, rows, catalog)
    if column:
        limit = value * SCALES.get(scale, 1)
        return Filter(
            Say.BOUND.format(column=_plain(column), bound=words),
            lambda e: any(compare(v, limit) for v in [_cell_value(e, column, catalog)] if v is not None),
            column,
        )
    figures = _figures(question, catalog)
    limit = value * SCALES.get(scale, 1)
    label = Say.YEARS.format(years=JOIN.join(f"{y}年" for y in question.years.years))
    return Filter(
        Say.BOUND.format(column=label, bound=words),
        lambda e: any(
            f.value is not None and (not unit or normal(f.unit) == unit) and compare(f.value, limit) for f in figures(e)
        ),
    )


def _plain(column: str) -> str:
    return squeeze(re.sub(r"[（(][^（）()]*[）)]", "", column))


def _column(question: Question, rows: Sequence[Entry], catalog: Catalog) -> str:
    """The table's own column that was named, whole or by its last word, if its cells hold numbers."""
    refs = {e.ref for e in rows}
    columns = dict.fromkeys(c for ref in refs if ref in catalog.rows for c, _ in catalog.rows[ref].cells)
    for column in columns:
        key = letters(normal(_plain(column)))
        if role_of(column) not in (Role.OTHER, Role.BASE, Role.CONTENT) or len(key) < 2:
            continue
        named = key in question.text or (key[-2:] in question.text and not YEAR.search(column))
        if named and any(_cell_value(e, column, catalog) is not None for e in rows):
            return column
    return ""


def _cell(entry: Entry, column: str, catalog: Catalog) -> str:
    row = catalog.rows.get(entry.ref)
    return squeeze(next((c for name, c in row.cells if name == column), "")) if row else ""


def _cell_value(entry: Entry, column: str, catalog: Catalog) -> Decimal | None:
    """The number in the row's cell of a column, in the unit that the head of the column names."""
    quantity = read_quantity(_cell(entry, column, catalog))
    if quantity is None:
        return None
    head = re.search(r"[（(]([^（）()]*)[）)]", column)
    scale = next((s for s in sorted(SCALES, key=len, reverse=True) if head and head[1].startswith(s)), "")
    return quantity.value * SCALES.get(scale, 1)


def _leftover(question: Question, filters: Sequence[Filter], word: str) -> bool:
    """Whether the question speaks of something else beside the conditions, so that it is no list by condition."""
    rest = "".join(question.topic)
    for known in (*(f.column and letters(normal(_plain(f.column))) for f in filters), word):
        if known:
            rest = rest.replace(known, "").replace(known[-2:], "")
    for shape in CONDITIONS:
        for found in shape.finditer(question.text):
            kept = letters(found.group())
            rest = "".join(c for c in rest if c not in kept)
    return len(letters(re.sub(r"[\d.%]", "", rest))) > 1


def _told(question: Question, rows: Sequence[Entry], filters: Sequence[Filter], catalog: Catalog, word: str) -> Answer:
    met = [e for e in rows if all(f.test(e) for f in filters)]
    what, measure = called(sorted({e.of for e in rows}, key=str)) if word in ("指标", "项目", "任务") else (word, "项")
    labels = JOIN.join(f.label for f in filters)
    if not met:
        none = Say.NONE.format(total=len(rows), measure=measure, what=what, labels=labels)
        return said([none], dict.fromkeys(e.ref for e in rows), suggestions=Say.NEXT, route="lists")
    column = next((f.column for f in filters if f.column), "")
    lines = [_line(e, column, question, catalog) for e in met]
    head = Say.HEAD.format(labels=labels, what=what, n=len(met), measure=measure)
    return said([head, *numbered(lines)], dict.fromkeys(e.ref for e in met), suggestions=Say.NEXT, route="lists")


def _line(entry: Entry, column: str, question: Question, catalog: Catalog) -> str:
    text = line(entry, catalog, entry.lead_units[0] if entry.lead_units else None, question.years)
    if not column:
        return text
    return Say.WITH.format(line=text, column=squeeze(column), cell=_cell(entry, column, catalog))


def _part(question: Question, rows: Sequence[Entry], catalog: Catalog, word: str) -> Answer | None:
    """前三个项目, 最后两项指标: by their order in the table."""
    found = FIRST.search(question.text)
    count = read_numeral(found["k"]) if found else None
    if not found or not count or question.topic or question.bodies:
        return None
    kinds = {e.ref.partition(":")[0] for e in rows if ":" in e.ref and e.ref in catalog.rows}
    ordered = [e for e in rows if e.ref.partition(":")[0] in sorted(kinds)[:1]]
    if not ordered:
        return None
    first = found["end"] in ("前", "头", "开头", "最前面")
    shown = ordered[:count] if first else ordered[-count:]
    what, measure = called([ordered[0].of]) if word in ("指标", "项目") else (word, "项")
    head = (Say.FIRST if first else Say.LAST).format(k=len(shown), measure=measure, what=what)
    lines = [line(e, catalog, e.lead_units[0] if e.lead_units else None, question.years) for e in shown]
    return said([head, *numbered(lines)], [e.ref for e in shown], suggestions=Say.NEXT, route="lists")


def _largest(question: Question, rows: Sequence[Entry], catalog: Catalog, word: str) -> Answer | None:
    """总投资最大的工程: by the numbers of a column of the table's own."""
    found = LARGEST.search(question.text)
    column = _column(question, rows, catalog) if found else ""
    if not found or not column:
        return None
    valued = [(v, e) for e in rows if (v := _cell_value(e, column, catalog)) is not None]
    best = (max if found["most"] in "大多高长" else min)(v for v, _ in valued)
    shown = [e for v, e in valued if v == best]
    head = Say.MOST.format(column=_plain(column), most=found["most"])
    lines = [_line(e, column, question, catalog) for e in shown]
    return said([head, *lines], [e.ref for e in shown], suggestions=Say.NEXT, route="lists", refs=shown[0].ref)
