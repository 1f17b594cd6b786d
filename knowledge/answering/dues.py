"""What is due by a year, in the words of the text. What each row asks by then stands in its row."""

from __future__ import annotations

import re

from knowledge.answering.entries import short
from knowledge.answering.printing import place
from knowledge.answering.saying import refused, said
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.parsing.columns import Role, role_of
from knowledge.pieces import UNDER, Of, Piece
from knowledge.question import Question
from knowledge.text import normal, squeeze

MOST = 25
ROWS = (Of.INDICATOR, Of.PROJECT)


class Say:
    HEAD = "通知里写明{year}年完成的有{n}处："
    LINE = "{i}. {when}：{what}〔{place}〕"
    MORE = "其余见原文；也可以按单位或事项问。"
    NONE = "通知里没有写明{year}年完成的事项。"
    NEXT = ("我的任务", "有哪些指标")


def answer_due(question: Question, catalog: Catalog) -> Answer:
    """The sentences whose own time lies in the year asked."""
    year = question.years.years[0]
    found = [(p, when) for p in catalog.pieces if p.of == Of.SENTENCE for when in [_time(p, year, catalog)] if when]
    found += [(p, when) for p in catalog.pieces if p.of in ROWS for when in [_cell(p, year, catalog)] if when]
    if not found:
        return refused([Say.NONE.format(year=year)], Say.NEXT, 0.6)
    lines = [
        Say.LINE.format(i=i, when=when, what=called_at(p, when), place=place(p.ref, catalog))
        for i, (p, when) in enumerate(found[:MOST], 1)
    ]
    more = [Say.MORE] if len(found) > MOST else []
    return said(
        [Say.HEAD.format(year=year, n=len(found)), *lines, *more],
        [p.ref for p, _ in found],
        suggestions=Say.NEXT,
        route="lists",
    )


def _cell(piece: Piece, year: int, catalog: Catalog) -> str | None:
    """The cell of the row's own column of times when it lies in the year."""
    row = catalog.rows.get(piece.ref)
    cells = [squeeze(cell) for name, cell in row.cells if role_of(name) is Role.DUE] if row else []
    return next((c for c in cells if re.search(rf"{year}(?!年?[-—–～~至])", c)), None)


def called_at(piece: Piece, when: str) -> str:
    """What is due: a row's name, else the words behind the time."""
    if piece.of in ROWS:
        return squeeze(piece.name)
    behind = normal(piece.text).partition(when)[2].lstrip(",，、 ")
    return short(behind or piece.text)


def _time(piece: Piece, year: int, catalog: Catalog) -> str | None:
    """The time of the sentence when it lies in the year: 到2021年底, or 今年底 in the year of issue."""
    issued = catalog.notice.date
    own = [
        t
        for t in UNDER.findall(normal(piece.text))
        if t.startswith(("到", "在", "于", "截至")) or t.endswith(("前", "底", "末"))
    ]
    if issued and issued.year == year and "今年底" in piece.text:
        own.append("今年底")
    return next((t for t in own if str(year) in t or t == "今年底"), None)
