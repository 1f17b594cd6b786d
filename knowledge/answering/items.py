"""Answers about one thing: which of its aspects are asked, and what the notice says about it in two ways."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from knowledge.answering import conflicts
from knowledge.answering.duties import is_blank, lead, name_of, supporters
from knowledge.answering.picking import kin
from knowledge.answering.saying import Part, said
from knowledge.answering.sentences import weigher
from knowledge.answering.targets import difference, target
from knowledge.answering.texts import content, deadline, source, where
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.notice import Conflict
from knowledge.phrases import Aspect
from knowledge.pieces import Of, Piece
from knowledge.question import Question
from knowledge.text import letters

BOTH_SIDES = re.compile("正文.*(附件|表)|(附件|表).*正文")
BOTH_ROLES = re.compile("谁.{0,6}谁|(牵头|负责|责任单位).*(配合|协同|协办)")
OF_UNITS = re.compile("责任单位|负责单位|牵头单位|单位|部门|谁|哪个局|[和与跟]?[^,。]{1,6}局还是")
GROWS = re.compile("增长|增速|新增|增幅")
QUIET = frozenset({Aspect.CONTENT, Aspect.WHERE, Aspect.SOURCE, Aspect.SUPPORT, Aspect.DEADLINE})

LONG_NAME = 24
ABOUT = 0.7  # share of the topic that a contradiction of a project must be about


class Say:
    WHO, HOW_MUCH, IS = "{name}谁负责", "{name}目标是多少", "{name}是多少"
    PRINTED = "原文："
    SOURCE, FORM = "{name}原文", "填报{name}"


def answer_item(piece: Piece, question: Question, catalog: Catalog) -> Answer:
    """The aspects asked of the row or item; what is known of it when none is."""
    aspects = _aspects(piece, question)
    parts = [_PARTS[a](piece, question, catalog) for a in aspects]
    refusals = [p for p in parts if isinstance(p, Answer)]
    told = [p for p in parts if isinstance(p, Part)]
    if refusals and not (told and {Aspect.LEAD, Aspect.SUPPORT} & question.aspects):
        return refusals[0]
    told += [Part(r.text.split("\n")[:1], []) for r in refusals]
    told = [p for p in told if not is_blank(p)] or told[:1]
    found = _differing(piece, question, catalog)
    if any(c.kind == "figure" and piece.ref in {s.ref for s in c.sides} for c in found) and not question.years.spans:
        told = [p for p, aspect in zip(parts, aspects, strict=True) if aspect != Aspect.TARGET and isinstance(p, Part)]
    lines = _once([*conflicts.both(found, catalog), *(line for p in told for line in p.lines)])
    cites = [*(ref for p in told for ref in p.cites), *conflicts.cited(found)]
    next_steps = steps(piece, question, aspects, catalog) if piece.name else []
    return said(
        dict.fromkeys(lines), cites or [piece.ref], kin(piece.ref, catalog), next_steps, route="item", refs=piece.ref
    )


def _once(lines: Sequence[str]) -> list[str]:
    """The lines without those whose quote stands whole in another's."""
    bare = {line: letters(line.removeprefix(Say.PRINTED)) for line in lines}
    return [line for line in bare if not any(line != o and bare[line] in bare[o] for o in bare)]


def steps(piece: Piece, question: Question, told: Sequence[Aspect], catalog: Catalog) -> list[str]:
    """What may be asked next: not what was just asked, a form only for a unit that leads."""
    name = name_of(piece, catalog)
    row = catalog.indicators.get(piece.ref) or catalog.projects.get(piece.ref) or catalog.articles.get(piece.ref)
    if len(name) > LONG_NAME or row is None:
        return []
    found = []
    if Aspect.LEAD not in told and row.lead_units:
        found.append(Say.WHO.format(name=name))
    if Aspect.TARGET not in told and row.figures:
        found.append((Say.HOW_MUCH if not name.endswith("目标") else Say.IS).format(name=name))
    if Aspect.SOURCE not in told:
        found.append(Say.SOURCE.format(name=name))
    if question.asker and question.asker in row.lead_units and catalog.matters_at(piece.ref):
        found.insert(0, Say.FORM.format(name=name))
    return found


def _aspects(piece: Piece, question: Question) -> list[Aspect]:
    asked = [a for a in _PARTS if a in question.aspects]
    if question.years.spans and not set(asked) - {Aspect.SOURCE, Aspect.CONFLICT}:
        asked.append(Aspect.TARGET)
    if Aspect.DIFFERENCE in asked and not _is_increase(piece, question):
        asked[asked.index(Aspect.DIFFERENCE)] = Aspect.TARGET
        asked = list(dict.fromkeys(asked))
    if Aspect.DIFFERENCE in asked:
        asked = [a for a in asked if a != Aspect.TARGET]
    if len(asked) > 1 and Aspect.CONTENT in asked:
        asked.remove(Aspect.CONTENT)
    if asked == [Aspect.CONTENT] and piece.of == Of.INDICATOR:
        asked = [Aspect.TARGET, Aspect.CONTENT]
    if {Aspect.LEAD, Aspect.SUPPORT} <= set(asked) and not BOTH_ROLES.search(question.text):
        asked.remove(Aspect.LEAD)
    if not asked and question.roles:
        asked = [Aspect.LEAD if "lead" in question.roles else Aspect.SUPPORT]
    return asked or [Aspect.TARGET if piece.of == Of.INDICATOR else Aspect.CONTENT, Aspect.LEAD]


def _is_increase(piece: Piece, question: Question) -> bool:
    """Whether 增加多少 means from year to year, not a target that is itself an increase or of one year."""
    between = re.search("比|再|还|差|第二年|次年|两年", question.text)
    return bool(between) or not (GROWS.search(piece.name) or len(question.years.years) == 1)


def _differing(piece: Piece, question: Question, catalog: Catalog) -> Sequence[Conflict]:
    """Hard conflicts that the question touches; soft ones when it asks for the difference."""
    if piece.of not in (Of.INDICATOR, Of.PROJECT):
        return ()
    kinds = _kinds(piece, question)
    soft = question.asks(Aspect.CONFLICT) or bool(BOTH_SIDES.search(question.text))
    matter = catalog.matter_of(piece.ref)
    found = [c for k in kinds for c in catalog.conflicts_at(piece.ref, k, soft=soft)]
    found += [c for k in kinds if matter for c in catalog.conflicts_of(matter, k, soft=soft)]
    return [
        c
        for c in dict.fromkeys(found)
        if (piece.of == Of.INDICATOR or _is_about(c, question, catalog)) and _is_of_years(c, question, catalog)
    ]


def _is_of_years(conflict: Conflict, question: Question, catalog: Catalog) -> bool:
    """Whether the text's side of a contradiction of figures is about a year that was asked."""
    if conflict.kind != "figure" or not question.years.years or question.asks(Aspect.CONFLICT):
        return True
    owners = {s.ref: catalog.articles.get(s.ref) or catalog.projects.get(s.ref) for s in conflict.sides}
    years = {
        f.year
        for s in conflict.sides
        if (o := owners[s.ref])
        for f in o.figures
        if letters(f.quote) in letters(s.quote)
    }
    return not years or None in years or bool(years & set(question.years.years))


def _is_about(conflict: Conflict, question: Question, catalog: Catalog) -> bool:
    """Whether a project's contradiction is about what was asked, not about another thing the project names."""
    weigh = weigher(question, catalog)
    said = " ".join([conflict.about, *(s.quote for s in conflict.sides if s.ref not in catalog.projects)])
    return not question.topic or weigh(said) >= ABOUT * weigh("".join(question.topic))


def _kinds(piece: Piece, question: Question) -> list[str]:
    """Which contradictions matter here: of figures, of units, both, or none."""
    if question.asks(Aspect.CONFLICT):
        return (
            ["unit"]
            if OF_UNITS.search(question.text)
            else ["figure", "unit"]
            if not question.asks(Aspect.TARGET)
            else ["figure"]
        )
    if question.asks(Aspect.SUPPORT) and not question.asks(Aspect.TARGET) and not BOTH_ROLES.search(question.text):
        return []
    if question.asks(Aspect.LEAD) and not question.asks(Aspect.TARGET):
        return ["unit"]
    if question.asks(Aspect.TARGET, Aspect.DIFFERENCE) or question.years.spans:
        return ["figure", "unit"] if question.asks(Aspect.LEAD) else ["figure"]
    if not question.aspects and question.roles:
        return ["unit"]
    quiet = question.aspects and question.aspects <= QUIET and question.aspects != {Aspect.CONTENT}
    return [] if quiet or piece.of == Of.PROJECT else ["figure", "unit"]


def _conflict(piece: Piece, question: Question, catalog: Catalog) -> Part | Answer:
    """What stands beside the two sides: the row's own units or figures."""
    if piece.of == Of.INDICATOR:
        return lead(piece, question, catalog) if OF_UNITS.search(question.text) else target(piece, question, catalog)
    return lead(piece, question, catalog) if OF_UNITS.search(question.text) else content(piece, question, catalog)


_PARTS: dict[Aspect, Callable[[Piece, Question, Catalog], Part | Answer]] = {
    Aspect.TARGET: target,
    Aspect.DIFFERENCE: difference,
    Aspect.LEAD: lead,
    Aspect.SUPPORT: supporters,
    Aspect.DEADLINE: deadline,
    Aspect.CONTENT: content,
    Aspect.WHERE: where,
    Aspect.SOURCE: source,
    Aspect.CONFLICT: _conflict,
}
