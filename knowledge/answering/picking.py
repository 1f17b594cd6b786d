"""Which piece of the notice a topic means, for what is asked of it. Says nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from knowledge.catalog import Catalog
from knowledge.notice import Ref
from knowledge.phrases import Aspect
from knowledge.pieces import Of, Piece
from knowledge.question import Question
from knowledge.search import Hit

ENOUGH = 0.62  # share of the topic that must be explained to answer
WEAK = 0.42  # … to ask back
NEAR = 0.06
APART = 0.15
EVERY = re.compile("每年|每季度|每半年|每月(?!几)")
CONSIDERED = 60
GROWTH = re.compile("增速|增长|增幅|涨|增加百分")
GROWN = re.compile("增长|增速|提高|增幅")
WHEN = re.compile(r"\d{4}年|年底|月底|今年|明年|\d+月|\d+日|\d+个?(?:工作日|小时|天)内")
DIGIT = re.compile(r"(?<![a-zA-Z+])\d|[一二三四五六七八九十两百千]+(?:个|家|项|所|条|批)")


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
    wanted = _wanted(question)
    found = [
        Pick(piece, h, h.score + _bonus(piece, question, wanted, catalog))
        for h in hits[:CONSIDERED]
        for piece in (catalog.pieces[h.item],)
    ]
    if question.topic:
        best = _best_sentences(found)
        found = [_held_together(p, best) for p in found]
    found.sort(key=lambda p: (-p.rank, p.hit.item))
    bare = not (question.aspects or question.nouns or question.roles or question.units)
    return _promoted(found, catalog, bare=bare) if bare or question.asks(Aspect.TARGET, Aspect.DIFFERENCE) else found


def _best_sentences(found: Sequence[Pick]) -> dict[Ref, float]:
    """How much of the topic the best sentence of each passage explains."""
    best: dict[Ref, float] = {}
    for pick in found:
        if pick.piece.of == Of.SENTENCE:
            best[pick.piece.ref] = max(best.get(pick.piece.ref, 0.0), pick.hit.covered)
    return best


def _held_together(pick: Pick, sentences: Mapping[Ref, float]) -> Pick:
    """An article explains little more than its best sentence does: words far apart in a long text mean nothing."""
    if pick.piece.of not in (Of.ARTICLE, Of.CLAUSE):
        return pick
    excess = max(0.0, pick.hit.covered - sentences.get(pick.piece.ref, 1.0) - APART)
    return (
        replace(pick, hit=replace(pick.hit, covered=pick.hit.covered - excess), rank=pick.rank - excess)
        if excess
        else pick
    )


def _promoted(found: list[Pick], catalog: Catalog, *, bare: bool) -> list[Pick]:
    """The indicator first when the best pick speaks of the same matter."""
    if not found or found[0].piece.of == Of.INDICATOR:
        return found
    keys = {m.key for m in catalog.matters_at(found[0].piece.ref)}
    for pick in found:
        if (
            pick.piece.of == Of.INDICATOR
            and pick.piece.ref in keys
            and pick.hit.covered >= ENOUGH
            and (pick.hit.named >= 0.3 or (bare and pick.hit.covered >= found[0].hit.covered))
        ):
            return [pick, *(p for p in found if p is not pick)]
    return found


def _wanted(question: Question) -> dict[Of, float]:
    """What each kind of piece gains by the aspects asked."""
    gains = dict.fromkeys(Of, 0.0)
    asked: list[dict[Of, float]] = []
    if question.asks(Aspect.TARGET, Aspect.DIFFERENCE) or question.years.spans:
        asked.append({Of.INDICATOR: 0.25})
    if question.asks(Aspect.LEAD):
        asked.append({Of.INDICATOR: 0.08, Of.PROJECT: 0.06, Of.ARTICLE: 0.05})
    if question.asks(Aspect.SUPPORT):
        asked.append({Of.PROJECT: 0.12, Of.ARTICLE: 0.08})
    if question.aspects <= {Aspect.CONTENT, Aspect.SOURCE, Aspect.WHERE}:
        asked.append({Of.PROJECT: 0.05, Of.ARTICLE: 0.03, Of.SENTENCE: 0.04})
    if "indicator" in question.nouns:
        asked.append({Of.INDICATOR: 0.2})
    if "project" in question.nouns:
        asked.append({Of.PROJECT: 0.2})
    for gain in asked:
        gains = {of: gains[of] + gain.get(of, 0.0) for of in gains}
    return gains


@lru_cache(maxsize=8192)
def _speaks(pattern: re.Pattern[str], text: str) -> bool:
    return bool(pattern.search(text))


def _bonus(piece: Piece, question: Question, wanted: dict[Of, float], catalog: Catalog) -> float:
    bonus, of = wanted[piece.of], piece.of
    if of not in (Of.INDICATOR, Of.ARTICLE) and question.asks(Aspect.TARGET, Aspect.DIFFERENCE):
        bonus += 0.08 if _speaks(DIGIT, piece.text) else -0.15
        bonus += 0.1 if _speaks(GROWTH, question.text) and _speaks(GROWN, piece.text) else 0.0
    if question.asks(Aspect.CONFLICT):
        bonus += 0.2 if of == Of.INDICATOR and catalog.conflicts_at(piece.ref) else 0.0
        bonus += 0.3 if of == Of.INDICATOR and _holds(piece, question, catalog) else 0.0
    if question.asks(Aspect.DEADLINE):
        bonus += 0.08 if _speaks(WHEN, piece.text) else 0.02 if of == Of.INDICATOR else 0.0
    for spot in question.spots:
        bonus += 0.2 if spot.annex and piece.ref.startswith(f"{catalog.table_of(spot.annex)}:") else 0.0
    for year in question.years.years:
        bonus += 0.1 if str(year) in piece.text else 0.0
    for every in EVERY.findall(question.text) if "每" in question.text else ():
        bonus += 0.25 if every in piece.text else -0.25 if of == Of.INDICATOR else 0.0
    return bonus + _by_unit(piece, question, catalog)


def _holds(piece: Piece, question: Question, catalog: Catalog) -> bool:
    """Whether every number said stands in a contradiction of the row: 13和10哪个对."""
    quotes = " ".join(s.quote for c in catalog.conflicts_at(piece.ref, "figure") for s in c.sides)
    digits = [re.sub(r"[^\d.]", "", n) for n in question.numbers]
    return bool(digits and quotes) and all(re.search(rf"(?<![\d.]){re.escape(d)}(?![\d.])", quotes) for d in digits)


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
