"""Answers from the columns of a table that are neither target nor unit: 总投资, 建设年限, 属性, a base year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.answering.duties import lead
from knowledge.answering.entries import numbered
from knowledge.answering.picking import ENOUGH
from knowledge.answering.printing import place
from knowledge.answering.saying import asked_back, said
from knowledge.answering.targets import target
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.notice import Indicator, Project, Ref, Row
from knowledge.parsing.columns import YEAR, Role, role_of
from knowledge.phrases import Aspect
from knowledge.pieces import Of
from knowledge.question import LIST_NOUNS, Question
from knowledge.text import letters, normal, read_decimal, squeeze

SIDE = frozenset({Role.OTHER, Role.DUE, Role.BASE, Role.GROUP})
"""Columns that no other answer reads."""
UNITS = re.compile(r"[（(][^（）()]*[）)]")
LEAST = re.compile("最(?:少|小|低)")
FEW = 2
IDLE = frozenset({"备注", "说明"})


class Say:
    CELL = "{name}的{column}：{cell}〔{place}〕"
    OWN = "{unit}的{name}：{value}〔{place}〕"
    MOST = "{unit}最{most}："
    ROW = "{name}〔{place}〕"
    HEAD = "“{column}”写“{value}”的有{n}项："
    WHICH = "请问您问的是哪一项的{column}？"
    TITLE = "所在表：{title}"
    NEXT = ("我的任务", "有哪些指标")


def answer_cells(question: Question, catalog: Catalog) -> Answer | None:
    """The row of a place, the cell of a column that was named, or the rows with a value that was named."""
    return (
        _of_place(question, catalog)
        or _of_unit(question, catalog)
        or _most_of_all(question, catalog)
        or _of_column(question, catalog)
        or _of_value(question, catalog)
    )


def _of_place(question: Question, catalog: Catalog) -> Answer | None:
    """Where each row is a town: the row of the town asked for."""
    named = {i.name: i for i in catalog.notice.indicators if i.lead_units == (i.name,)}
    unit = next((u for u in question.bodies if u in named), None)
    if unit is None or not (question.asks(Aspect.TARGET) or question.counting):
        return None
    row = named[unit]
    piece = next(p for p in catalog.pieces if p.ref == row.ref and p.of == Of.INDICATOR)
    told = target(piece, question, catalog)
    if isinstance(told, Answer):
        return told
    title = next((t.title for t in catalog.notice.tables if row.ref.startswith(f"{t.ref}:")), "")
    return said(
        [*told.lines, *([Say.TITLE.format(title=squeeze(title))] if title else [])],
        told.cites,
        suggestions=Say.NEXT,
        route="item",
        refs=row.ref,
    )


def _of_unit(question: Question, catalog: Catalog) -> Answer | None:
    """A unit's own targets in a table of units by targets, of the columns that were named."""
    topic = letters("".join(question.topic))
    if not question.bodies or len(topic) < FEW or not (question.asks(Aspect.TARGET) or question.counting):
        return None
    cells = [c for c in catalog.cells if c.unit in question.bodies]
    exact = [c for c in cells if letters(c.name) == topic]
    found = exact or [c for c in cells if topic in letters(c.name) or letters(c.name) in topic]
    if not found:
        return None
    lines = [
        Say.OWN.format(unit=c.unit, name=c.name, value=c.printed + c.counted, place=place(c.ref, catalog))
        for c in found
    ]
    return said(lines, dict.fromkeys(c.ref for c in found), suggestions=Say.NEXT, route="item", refs=found[0].ref)


def _most_of_all(question: Question, catalog: Catalog) -> Answer | None:
    """外资谁最多: of a column of a table of units by targets the unit with the largest, then the others in order."""
    topic = letters("".join(question.topic))
    if question.bodies or not question.asks(Aspect.MOST) or len(topic) < FEW:
        return None
    valued = [(v, c) for c in catalog.cells if topic in letters(c.name) and (v := read_decimal(c.printed)) is not None]
    if len({c.name for _, c in valued}) != 1 or len(valued) < FEW:
        return None
    least = bool(LEAST.search(question.text))
    ranked = [c for _, c in sorted(valued, key=lambda pair: pair[0] if least else -pair[0])]
    lines = [
        Say.OWN.format(unit=c.unit, name=c.name, value=c.printed + c.counted, place=place(c.ref, catalog))
        for c in ranked
    ]
    head = Say.MOST.format(unit=ranked[0].unit, most="少" if least else "多")
    return said([head, *lines], dict.fromkeys(c.ref for c in ranked), suggestions=Say.NEXT, route="item")


def _of_column(question: Question, catalog: Catalog) -> Answer | None:
    for column, word in _named_columns(question, catalog):
        topic = tuple(s for t in question.topic for s in (t.split(word) if word else [t]) if len(letters(s)) >= FEW)
        rows = [r for r in catalog.rows.values() if _cell(r, column)]
        found = _row(topic, rows, question, catalog)
        if found:
            return _told(found, column, question, catalog)
        whole = question.asks(Aspect.TARGET) and _is_told(word, catalog)
        if not topic and len(rows) > 1 and not question.bodies and not whole:
            names = [_name(r.ref, catalog) for r in rows[:3]]
            return asked_back(
                [Say.WHICH.format(column=column), *names], [r.ref for r in rows[:3]], [n + word for n in names]
            )
    return None


def _is_told(word: str, catalog: Catalog) -> bool:
    """Whether the body itself gives a number for what the column counts."""
    return bool(word) and any(letters(f.about) == word for a in catalog.articles.values() for f in a.figures)


def _named_columns(question: Question, catalog: Catalog) -> Iterator[tuple[str, str]]:
    """(column, the word that named it)."""
    for column in dict.fromkeys(c for t in catalog.notice.tables for c in t.columns):
        if role_of(column) not in SIDE or squeeze(column) in IDLE:
            continue
        key = letters(UNITS.sub("", normal(column)))
        year = YEAR.search(normal(column))
        if year and question.years.years == (int(year.group(1)),) and int(year.group(1)) not in catalog.years:
            yield column, ""
        elif not year:
            words = [w for w in (key, key[-2:]) if len(w) >= FEW and w in question.text]
            yield from ((column, w) for w in words[:1])


def _row(topic: Sequence[str], rows: Sequence[Row], question: Question, catalog: Catalog) -> Row | None:
    """The row that the topic names; of the talk when it names none."""
    if not topic:
        return next((r for r in rows if r.ref == question.focus), None)
    refs = {r.ref: r for r in rows}
    hits, _ = catalog.find(topic)
    good = [h for h in hits if catalog.pieces[h.item].ref in refs and h.covered >= ENOUGH and h.named > 0]
    best = max(good, key=lambda h: h.score, default=None)
    return refs[catalog.pieces[best.item].ref] if best else None


def _cell(row: Row, column: str) -> str:
    return squeeze(next((cell for name, cell in row.cells if name == column), ""))


def _told(row: Row, column: str, question: Question, catalog: Catalog) -> Answer:
    name = _name(row.ref, catalog)
    line = Say.CELL.format(name=name, column=squeeze(column), cell=_cell(row, column), place=place(row.ref, catalog))
    piece = next((p for p in catalog.pieces if p.ref == row.ref and p.of != Of.SENTENCE), None)
    more = lead(piece, question, catalog).lines if piece and question.asks(Aspect.LEAD) else []
    return said([line, *more], [row.ref], suggestions=Say.NEXT, route="item", refs=row.ref)


def _name(ref: Ref, catalog: Catalog) -> str:
    row: Indicator | Project | None = catalog.indicators.get(ref) or catalog.projects.get(ref)
    return squeeze(row.name) if row else place(ref, catalog)


def _of_value(question: Question, catalog: Catalog) -> Answer | None:
    """The rows in whose side column stands what was said: 约束性指标有哪些."""
    said_value = letters("".join(question.topic))
    if len(said_value) < FEW or question.bodies or not (question.nouns & LIST_NOUNS or question.counting):
        return None
    for column in dict.fromkeys(c for t in catalog.notice.tables for c in t.columns if role_of(c) in SIDE):
        rows = [r for r in catalog.rows.values() if letters(_cell(r, column)) == said_value]
        if rows:
            lines = [Say.ROW.format(name=_name(r.ref, catalog), place=place(r.ref, catalog)) for r in rows]
            head = Say.HEAD.format(column=squeeze(column), value=_cell(rows[0], column), n=len(rows))
            return said([head, *numbered(lines)], [r.ref for r in rows], suggestions=Say.NEXT, route="lists")
    return None
