"""Who leads and who supports one thing. Lists of a unit's duties stand in `lists`."""

from __future__ import annotations

import re

from knowledge.answering.entries import short
from knowledge.answering.picking import kin
from knowledge.answering.printing import names, place, quoted
from knowledge.answering.saying import Part
from knowledge.answering.sentences import best_sentences, focused, weigher
from knowledge.catalog import Catalog
from knowledge.notice import Clause, Ref
from knowledge.phrases import Aspect
from knowledge.pieces import Of, Piece, sentences_in
from knowledge.question import Question
from knowledge.text import normal, squeeze

WHO = re.compile("牵头|负责|会同|组长|主任|召集|统筹|联系人|转发")


class Say:
    LEAD = "{name}：由{units}负责（牵头）{joint}〔{place}〕"
    JOINT = "，共同负责"
    SUPPORT = "配合单位：{units}〔{place}〕"
    OF = "{name}：{line}"
    NO_SUPPORT = "{name}没有列配合单位〔{place}〕"
    NO_LEAD = "{name}没有单独写责任单位〔{place}〕"
    PRINTED = "原文：{quote}〔{place}〕"


def lead(piece: Piece, question: Question, catalog: Catalog) -> Part:
    """Who leads, with the supporting units; for a sentence, the sentence too."""
    ref, leads, support = duty(piece, catalog)
    article = catalog.articles.get(ref)
    headed = piece.of == Of.SENTENCE and article and article.heading and len(catalog.clauses.get(ref, ())) == 1
    name = article.heading if headed and article else name_of(piece, catalog)
    if not leads:
        naming = _naming(piece, question, catalog)
        alone = not naming or question.aspects <= {Aspect.LEAD}
        none = [Say.NO_LEAD.format(name=name, place=place(ref, catalog))] if alone else []
        return Part([*naming, *none], [ref])
    joint = Say.JOINT if len(leads) > 1 else ""
    lines = [Say.LEAD.format(name=name, units=names(leads), joint=joint, place=place(ref, catalog))]
    if support:
        lines.append(Say.SUPPORT.format(units=names(support), place=place(ref, catalog)))
    return Part([*lines, *_words(piece, question, catalog)], [ref, *([piece.ref] if piece.ref != ref else [])])


def is_blank(part: Part) -> bool:
    """Whether a part only says that no unit is written."""
    return all(Say.NO_LEAD.partition("{name}")[2].partition("〔")[0] in line for line in part.lines)


def _naming(piece: Piece, question: Question, catalog: Catalog) -> list[str]:
    """The sentences of a passage without a clause that name somebody all the same."""
    every = [s for s in sentences_in(piece) if WHO.search(s.text)]
    weigh = weigher(question, catalog)
    shown = sorted(every, key=lambda s: -weigh(s.text))[:2] if question.topic else every[:2]
    return [Say.PRINTED.format(quote=quoted(focused(s, weigh)), place=place(piece.ref, catalog)) for s in shown]


def _words(piece: Piece, question: Question, catalog: Catalog) -> list[str]:
    if piece.of not in (Of.SENTENCE, Of.CLAUSE, Of.ARTICLE) or not question.topic:
        return []
    weigh = weigher(question, catalog)
    found = [s for s in best_sentences(piece, question, catalog, 1) if weigh(s.text) > 0.5]
    return [Say.PRINTED.format(quote=quoted(focused(s, weigh)), place=place(piece.ref, catalog)) for s in found]


def supporters(piece: Piece, question: Question, catalog: Catalog) -> Part:
    """Who supports it: its own row or item, else another place of the same matter."""
    name = name_of(piece, catalog)
    own = duty(piece, catalog)
    others = [duty(Piece(piece.of, r, "", ""), catalog) for r in kin(piece.ref, catalog)[1:]]
    found = next(((ref, support) for ref, _, support in (own, *others) if support), None)
    if found is None:
        return Part([Say.NO_SUPPORT.format(name=name, place=place(own[0], catalog))], [own[0]])
    line = Say.SUPPORT.format(units=names(found[1]), place=place(found[0], catalog))
    return Part([Say.OF.format(name=name, line=line)], [found[0]])


def duty(piece: Piece, catalog: Catalog) -> tuple[Ref, tuple[str, ...], tuple[str, ...]]:
    """(where, lead units, supporting units) of the piece: its row, else the clause that closes its text."""
    row = catalog.indicators.get(piece.ref) or catalog.projects.get(piece.ref)
    if row:
        return row.ref, row.lead_units, row.support_units
    clause = clause_of(piece, catalog)
    if clause:
        return clause.ref, clause.lead_units, clause.support_units
    article = catalog.articles.get(piece.ref)
    return piece.ref, article.lead_units if article else (), article.support_units if article else ()


def clause_of(piece: Piece, catalog: Catalog) -> Clause | None:
    """The duty clause whose item holds the piece's words; the nearest above it when its own item has none."""
    words = normal(piece.text).rstrip("。；;")
    near: list[Clause] = []
    ref = str(piece.ref)
    while ref and not near:
        near = catalog.clauses.get(Ref(ref), [])
        ref = ref.rpartition(".")[0] if "." in ref.partition("body:")[2] else ""
    holding = [c for c in near if words[:40] in normal(c.quote)] or near
    return holding[0] if holding else None


def name_of(piece: Piece, catalog: Catalog) -> str:
    """What the piece is called: its printed name, else the head of its text."""
    if piece.name:
        return squeeze(piece.name)
    project = catalog.projects.get(piece.ref)
    return squeeze(project.name) if project else short(piece.text)
