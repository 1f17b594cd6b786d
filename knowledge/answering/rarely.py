"""What notices rarely say (资金, 补助, 考核 …), asked of nothing in particular, where this one does say it."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.answering.picking import Pick
from knowledge.answering.printing import place, quoted
from knowledge.answering.saying import said
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.phrases import Aspect
from knowledge.pieces import Of
from knowledge.question import Question
from knowledge.text import normal

MOST = 3  # sentences; a word that more of them hold tells nothing


class Say:
    PRINTED = "原文：{quote}〔{place}〕"
    NEXT = ("我的任务", "有哪些指标")


def answer_rarely(question: Question, catalog: Catalog, found: Sequence[Pick]) -> Answer | None:
    """The few sentences that hold such a word, with a number where one is asked for; None when a topic is named."""
    if not question.unstated or question.topic or found or question.bodies or question.own or question.towns:
        return None
    counted = question.counting or question.asks(Aspect.TARGET)
    holding = [
        piece
        for piece in catalog.pieces
        if piece.of == Of.SENTENCE
        and all(group.search(normal(piece.text)) for group in question.unstated)
        and (not counted or any(c.isdigit() for c in piece.text))
    ]
    if not 0 < len(holding) <= MOST:
        return None
    lines = [Say.PRINTED.format(quote=quoted(p.text), place=place(p.ref, catalog)) for p in holding]
    return said(lines, [p.ref for p in holding], suggestions=Say.NEXT, route="rarely")
