"""1200是人次还是人, 3-5家是啥意思: where a number that was named stands in the notice. Reads no aspects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.answering.entries import entries, line
from knowledge.answering.picking import ENOUGH, Pick
from knowledge.answering.printing import place, quoted
from knowledge.answering.saying import said
from knowledge.answering.sentences import twins
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.phrases import Aspect
from knowledge.pieces import Of, Piece
from knowledge.question import Question
from knowledge.text import normal, read_decimal

MOST = 4  # places where a number stands; one that stands in more says nothing
TELLING = re.compile(r"\d{2,}|\d[-~至到]\d|\d\.\d")
"""A number long enough to be looked for by itself."""
ABOUT = re.compile(r"什么|啥|哪|谁|怎么|单位|意思|指|还是|是不是|对吗|写")


class Say:
    PRINTED = "原文：{quote}〔{place}〕"
    NEXT = ("我的任务", "有哪些指标")


def answer_number(question: Question, catalog: Catalog, found: Sequence[Pick]) -> Answer | None:
    """The rows and sentences that state the number; with a topic only those the topic means. None when too many do."""
    numbers = [n for n in question.numbers if TELLING.search(n)]
    if (
        question.asks(Aspect.CONFLICT)
        or len(numbers) != 1
        or question.bodies
        or question.own
        or question.years.years
        or not ABOUT.search(question.text)
    ):
        return None
    stating = list(_stating(numbers[0], catalog))
    if question.topic:
        meant = {p.piece.ref for p in found if p.hit.covered >= ENOUGH}
        stating = [piece for piece in stating if piece.ref in meant]
    places = dict.fromkeys(piece.ref for piece in stating)
    if not 0 < len(places) <= MOST:
        return None
    lines = dict.fromkeys(_line(piece, catalog) for piece in stating)
    return said(list(lines), places, suggestions=Say.NEXT, route="number")


def _stating(number: str, catalog: Catalog) -> Iterator[Piece]:
    """Rows with the figure, then sentences with the number as it was typed."""
    value = read_decimal(re.sub(r"[^\d.]", "", number)) if not re.search(r"\d[-~至到]\d", number) else None
    written = re.compile(rf"(?<![\d.]){re.escape(number)}(?![\d.])")
    for piece in catalog.pieces:
        row = catalog.indicators.get(piece.ref) if piece.of == Of.INDICATOR else None
        is_figure = row is not None and value is not None and any(f.value == value for f in row.figures)
        if is_figure or (piece.of == Of.SENTENCE and written.search(normal(piece.text))):
            yield piece


def _line(piece: Piece, catalog: Catalog) -> str:
    row = next((entry for entry in entries(catalog) if entry.ref == piece.ref), None)
    if row and piece.of == Of.INDICATOR:
        return line(row, catalog)
    first = twins(piece.text, piece.ref, catalog)[0]
    return Say.PRINTED.format(quote=quoted(piece.text), place=place(first, catalog))
