"""Answers about two or three things named in one question, each as if asked alone; compares their targets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.answering.items import answer_item
from knowledge.answering.picking import Pick, picks, rivals
from knowledge.answering.printing import figure, number
from knowledge.answering.saying import said
from knowledge.asking import Answer, Outcome
from knowledge.catalog import Catalog
from knowledge.notice import Figure
from knowledge.phrases import Aspect
from knowledge.pieces import Of, Piece
from knowledge.question import Question
from knowledge.text import letters, squeeze

WHOLE, NAMED = 0.9, 0.4  # how surely each part must mean a row of its own
MOSTLY = 0.7  # as much will do where each is asked for itself
MOST = 3
LONG = 3  # characters of a part that may name a row by its tail
COMPARES = frozenset({Aspect.DIFFERENCE, Aspect.MOST})
AND = re.compile("[和与跟及比、]|还有|以及")
ALIKE = re.compile("一样|相同|不同|一致")
SEVERALLY = re.compile("分别|各自|各(?=是|多少|要|为)")
SHORTEST = 2


class Say:
    MORE = "{year}年目标：{more}比{less}多{gap}{unit}（{high}减{low}，据表计算）。"
    SAME = "{year}年目标：{one}和{two}一样，都是{value}。"


def answer_several(question: Question, catalog: Catalog, found: Sequence[Pick]) -> Answer | None:
    """One answer for all things named; None when the words mean one thing together."""
    typed = [p for p in found if p.piece.of in (Of.INDICATOR, Of.PROJECT)]
    segments = _segments(question)
    if len(segments) < 2:
        return None
    alike = question.asks(Aspect.CONFLICT) and bool(ALIKE.search(question.text))
    compared = alike or bool(question.aspects & COMPARES)
    least = SHORTEST if compared or question.asks(Aspect.TARGET) else LONG
    texts = bool(SEVERALLY.search(question.text))
    meant = [_meant(segment, question, catalog, least, texts=texts) for segment in segments]
    pieces = [p for p in meant if p]
    if len(pieces) < 2 or len({p.ref for p in pieces}) < len(pieces) or len(pieces) < len(meant):
        return None
    rows = all(p.of == Of.INDICATOR for p in pieces)
    apart = question.asks(Aspect.DIFFERENCE) and bool(AND.search(question.text))
    if not apart and any(p.hit.covered >= WHOLE and not (rows and p.piece.of == Of.PROJECT) for p in typed):
        return None
    beside = COMPARES | ({Aspect.CONFLICT} if alike else frozenset())
    aspects = (question.aspects - beside) | {Aspect.TARGET} if compared else question.aspects
    answers = [answer_item(p, replace(question, aspects=frozenset(aspects)), catalog) for p in pieces[:MOST]]
    told = [a for a in answers if a.outcome == Outcome.ANSWER]
    lines = [_compared(pieces[0], pieces[1], catalog)] if compared else []
    if not told:
        return answers[0]
    return said(
        [*lines, *(a.text for a in told)],
        (c for a in told for c in a.cites),
        (r for a in told for r in a.related),
        route="item",
    )


def _segments(question: Question) -> list[str]:
    """The parts of the topic, one thing each; a part that joins two is parted: 物流终端和小微企业."""
    if len(question.topic) > 1:
        return list(question.topic)
    parts = [p for t in question.topic for p in AND.split(t)]
    return parts if all(len(letters(p)) >= SHORTEST for p in parts) else list(question.topic)


def _meant(segment: str, question: Question, catalog: Catalog, least: int, *, texts: bool) -> Piece | None:
    """The row that the part alone names; the sentence that speaks of it, where each is asked for itself."""
    found = picks(replace(question, topic=(segment,)), catalog)
    if found and texts and found[0].piece.of == Of.SENTENCE and found[0].hit.covered >= WHOLE:
        return found[0].piece
    if not found or found[0].piece.of not in (Of.INDICATOR, Of.PROJECT):
        return None
    best = found[0].hit
    if best.covered < WHOLE and not (texts and best.covered >= MOSTLY and best.named >= NAMED):
        return None
    clear = found[0].hit.named >= NAMED or (len(segment) >= least and len(rivals(found, catalog)) == 1)
    return found[0].piece if clear else None


def _last(piece: Piece, catalog: Catalog) -> Figure | None:
    row = catalog.indicators.get(piece.ref)
    figures = (
        sorted((f for f in row.figures if f.year and f.value is not None), key=lambda f: f.year or 0) if row else []
    )
    return figures[-1] if figures else None


def _compared(one: Piece, two: Piece, catalog: Catalog) -> str:
    """Which of the two asks more in the last year; empty when they are not of one kind."""
    first, second = _last(one, catalog), _last(two, catalog)
    if first is None or second is None or first.value is None or second.value is None:
        return ""
    if (first.unit == "%") != (second.unit == "%") or first.year != second.year:
        return ""
    if first.value == second.value:
        return Say.SAME.format(year=first.year, one=squeeze(one.name), two=squeeze(two.name), value=figure(first))
    (low, less), (high, more) = sorted(((first, one), (second, two)), key=lambda s: s[0].value or 0)
    gap = abs(first.value - second.value)
    return Say.MORE.format(
        year=high.year,
        more=squeeze(more.name),
        less=squeeze(less.name),
        gap=number(gap),
        unit=high.unit,
        high=figure(high),
        low=figure(low),
    )
