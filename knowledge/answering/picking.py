"""Which piece of the notice a topic means, for what is asked of it. Says nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.catalog import Catalog, Of, Piece
from knowledge.notice import Ref
from knowledge.phrases import Aspect
from knowledge.question import Question
from knowledge.search import Hit

ENOUGH = 0.62  # share of the topic that must be explained to answer
WEAK = 0.42  # … to ask back
NEAR = 0.06
WHEN = re.compile(r"\d{4}年|年底|月底|今年|明年|\d+月|\d+日|\d+个?(?:工作日|小时|天)内")
DIGIT = re.compile(r"\d|[一二三四五六七八九十两百千]+(?:个|家|项|所|条|批)")


@dataclass(frozen=True, slots=True)
class Pick:
    """A piece that a topic may mean, with how well it fits what is asked."""

    piece: Piece
    hit: Hit
    rank: float


def picks(question: Question, catalog: Catalog) -> list[Pick]:
    """Pieces for the topic, the fittest first."""
    hits, _ = catalog.find(question.topic)
    return ranked(question, catalog, hits)


def ranked(question: Question, catalog: Catalog, hits: Sequence[Hit]) -> list[Pick]:
    """The hits as picks, by score and by what fits the aspects asked."""
    found = [
        Pick(catalog.pieces[h.item], h, h.score + _bonus(catalog.pieces[h.item], question, catalog)) for h in hits[:60]
    ]
    return sorted(found, key=lambda p: (-p.rank, p.hit.item))


def _bonus(piece: Piece, question: Question, catalog: Catalog) -> float:
    of, bonus = piece.of, 0.0
    if question.asks(Aspect.TARGET, Aspect.DIFFERENCE) or question.years.spans:
        bonus += (
            0.25
            if of == Of.INDICATOR
            else 0.08
            if DIGIT.search(piece.text) and of in (Of.SENTENCE, Of.PROJECT)
            else 0.0
        )
    if question.asks(Aspect.LEAD):
        bonus += {Of.INDICATOR: 0.08, Of.PROJECT: 0.06, Of.ARTICLE: 0.05}.get(of, 0.0)
    if question.asks(Aspect.SUPPORT):
        bonus += {Of.PROJECT: 0.12, Of.ARTICLE: 0.08}.get(of, 0.0)
    if question.asks(Aspect.DEADLINE):
        bonus += 0.08 if WHEN.search(piece.text) else 0.02 if of == Of.INDICATOR else 0.0
    if question.aspects <= {Aspect.CONTENT, Aspect.SOURCE, Aspect.WHERE}:
        bonus += {Of.PROJECT: 0.05, Of.ARTICLE: 0.03, Of.SENTENCE: 0.04}.get(of, 0.0)
    bonus += (
        0.2
        if ("indicator" in question.nouns and of == Of.INDICATOR) or ("project" in question.nouns and of == Of.PROJECT)
        else 0.0
    )
    bonus += (
        0.2 if any(s.annex and piece.ref.startswith(f"{catalog.table_of(s.annex)}:") for s in question.spots) else 0.0
    )
    bonus += 0.1 if any(str(y) in piece.text for y in question.years.years) else 0.0
    return bonus + _by_unit(piece, question, catalog)


def _by_unit(piece: Piece, question: Question, catalog: Catalog) -> float:
    if not question.units:
        return 0.0
    units = {u for m in catalog.matters_at(piece.ref) for u in (*m.lead_units, *m.support_units)}
    return 0.05 if units & set(question.units) else 0.0


def unmet(question: Question, text: str) -> re.Pattern[str] | None:
    """The group of rarely stated words that was asked for and that `text` does not hold; None when all are held."""
    return next((g for g in question.unstated if not g.search(text)), None)


def rivals(found: Sequence[Pick], catalog: Catalog) -> list[Pick]:
    """Other rows that the topic means just as well, the best first; only one when it is clear."""
    best = found[0]
    if best.hit.named >= 0.5 or best.piece.of not in (Of.INDICATOR, Of.PROJECT):
        return [best]
    close = [
        p
        for p in found
        if p.piece.of == best.piece.of and p.hit.covered >= best.hit.covered - NEAR and p.hit.named < 0.5
    ]
    names: dict[str, Pick] = {}
    for pick in close:
        matter = catalog.matter_of(pick.piece.ref)
        names.setdefault(matter.key if matter else pick.piece.ref, pick)
    return [p for p in names.values() if p.hit.named >= best.hit.named / 2.5]


def kin(ref: Ref, catalog: Catalog) -> list[Ref]:
    """The passages that speak of the same matter, this one first."""
    matter = catalog.matter_of(ref)
    return list(dict.fromkeys([ref, *(matter.refs if matter else ())]))
