"""Whether a figure is a total or an increase: said with the row and the note under its table. Computes nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.answering.conflicts import cited, sides
from knowledge.answering.picking import ENOUGH, Pick
from knowledge.answering.printing import by_year, kind_note, place, quoted
from knowledge.answering.saying import said
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.figures import read_quantity
from knowledge.notice import Indicator
from knowledge.pieces import Of
from knowledge.question import Question
from knowledge.text import squeeze

ASKED = re.compile(
    "(新增|当年|增量|一年|每年).{0,4}还是.{0,4}(累计|总数|总共|存量|合计)|(累计|总数|存量|合计).{0,4}还是"
    "|(新增|新建|建成|累计|总数).{0,3}还是.{0,3}(新增|新建|建成|累计|总数|存量)"
    "|是(不是)?(两年|三年)?(累计|总数|新增)(数|的|值)?(吗|么|吧|呢)?$|(累计|总数|新增)(数|的|值)?(吗|么)"
)


class Say:
    ROW = "{name}：{figures}{kind}〔{place}〕"
    NOTE = "原文：{quote}〔{place}〕"
    NO_NOTE = "通知没有另外写明是累计还是新增。"
    NEXT = ("有哪些指标", "我的任务")


def answer_kind(question: Question, catalog: Catalog, found: Sequence[Pick]) -> Answer | None:
    """The row meant, by its name or by its number, with the note under its table."""
    if not ASKED.search(question.text):
        return None
    rows = _meant(_by_number(question, catalog), _by_name(catalog, found))
    if len(rows) != 1:
        return None
    row = rows[0]
    table = next((t for t in catalog.notice.tables if row.ref.startswith(f"{t.ref}:")), None)
    note = f"{table.ref}:note" if table and table.note else ""
    lines = [
        Say.ROW.format(
            name=squeeze(row.name),
            figures=by_year(row.figures),
            kind=kind_note(row.figures),
            place=place(row.ref, catalog),
        )
    ]
    other = [c for c in catalog.conflicts_at(row.ref, "figure", soft=True) if c.soft]
    lines += [line for c in other for line in sides(c, catalog)]
    noted = next((r for r in catalog.passages if r == note), None)
    if table and noted:
        return said(
            [*lines, Say.NOTE.format(quote=quoted(table.note), place=place(noted, catalog))],
            [row.ref, noted, *cited(other)],
            suggestions=Say.NEXT,
            route="item",
            refs=row.ref,
        )
    return said([*lines, Say.NO_NOTE], [row.ref, *cited(other)], suggestions=Say.NEXT, route="item", refs=row.ref)


def _meant(numbered: list[Indicator], named: list[Indicator]) -> list[Indicator]:
    """The row that is named, where its number is said too or the number says too little alone."""
    return named if named and (named[0] in numbered or len(numbered) != 1) else numbered


def _by_number(question: Question, catalog: Catalog) -> list[Indicator]:
    """The rows that state a number said, of the year said."""
    values = {q.value for n in question.numbers if (q := read_quantity(n))}
    years = set(question.years.years)
    return [
        i
        for i in catalog.notice.indicators
        if any(f.value in values and (not years or f.year in years) for f in i.figures)
    ]


def _by_name(catalog: Catalog, found: Sequence[Pick]) -> list[Indicator]:
    named = [p for p in found if p.piece.of == Of.INDICATOR and p.hit.covered >= ENOUGH]
    return [catalog.indicators[named[0].piece.ref]] if named else []
