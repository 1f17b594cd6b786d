"""One turn of a talk: several questions in a message, what earlier turns left open, the next page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from knowledge.answer import answer
from knowledge.answering.entries import PAGE, paged
from knowledge.answering.forms import wants_form
from knowledge.answering.printing import place
from knowledge.asking import Answer, Context, Outcome
from knowledge.catalog import Catalog
from knowledge.phrases import hear, introductions, noise, pattern
from knowledge.question import Question, understand
from knowledge.understanding.following import asks_for_more, facts_of, followed, restored

ROWS = "rows"
"""The fact by which a chat asks for shorter pages."""
MORE_ROWS = re.compile("下一页")
COMMAS = re.compile("[,，、]|顺便")
STOPS = re.compile(r"[?？。!！;；\n]+")
MOST_QUESTIONS = 3


class Say:
    TAKEN_AS = "按“{unit}”理解。"
    MISPRINT = "按“{unit}”理解（{place}原文如此）。"
    NEXT_PAGE = "下一页"


def converse(said: str, catalog: Catalog, asker: str | None, year: int | None, facts: Mapping[str, str]) -> Answer:
    """The answer to a message, leaning on what the turn before left understood."""
    asker, told = asker or facts.get("me"), _unit_said(said, catalog)
    rows = int(facts.get(ROWS, PAGE))
    answered = _converse(said, catalog, asker, year, {k: v for k, v in facts.items() if k not in (ROWS, "me")}, rows)
    me = told or facts.get("me")
    return replace(answered, context=Context({**answered.context.facts, "me": me})) if me else answered


def _converse(
    said: str, catalog: Catalog, asker: str | None, year: int | None, facts: Mapping[str, str], rows: int
) -> Answer:
    pending = _unit_for(said, catalog, facts)
    if pending:
        return _one(facts["pending"], catalog, pending, year, {}, rows)
    if asks_for_more(hear(said)) and facts.get("said"):
        again = restored(understand(facts["said"], catalog, asker, year), facts)
        return _finished(replace(again, page=int(facts.get("page", "1")) + 1), catalog, rows)
    answers: list[Answer] = []
    for part in _parts(said, catalog):
        answers.append(_one(part, catalog, asker, year, answers[-1].context.facts if answers else facts, rows))
    return answers[0] if len(answers) == 1 else _joined(answers)


def _one(
    said: str, catalog: Catalog, asker: str | None, year: int | None, facts: Mapping[str, str], rows: int
) -> Answer:
    answered = _finished(followed(understand(said, catalog, asker, year), facts, catalog), catalog, rows)
    strange = answered.outcome == Outcome.REFUSE and "refs" not in answered.context.facts and bool(facts.get("refs"))
    return replace(answered, context=Context(facts)) if strange else answered


def _finished(question: Question, catalog: Catalog, rows: int) -> Answer:
    answered = _taken(question, catalog, _paged(answer(question, catalog), question.page, rows))
    left = {**facts_of(question), **answered.context.facts}
    if answered.outcome in (Outcome.HELP, Outcome.REFUSE):
        left = {k: v for k, v in left.items() if k in ("topic", "refs", "units", "route")}
    return replace(answered, context=Context(left))


def _taken(question: Question, catalog: Catalog, answered: Answer) -> Answer:
    """The answer under a line that says for whom a name was taken that is more than shortened."""
    if answered.outcome != Outcome.ANSWER or not question.renamed:
        return answered
    lines = []
    for told, unit in question.renamed:
        printed = next((p for p, (_, meant) in catalog.misprints.items() if told in p and meant == unit), None)
        where = place(catalog.misprints[printed][0], catalog) if printed else ""
        lines.append((Say.MISPRINT if printed else Say.TAKEN_AS).format(unit=unit, place=where))
    return replace(answered, text="\n".join(dict.fromkeys([*lines, answered.text])))


def _paged(answered: Answer, page: int, rows: int) -> Answer:
    """The answer with one page of its rows; the next one offered."""
    lines = answered.text.split("\n")
    shown = paged(lines, page, rows)
    if answered.outcome != Outcome.ANSWER or shown == lines:
        return answered
    more = (Say.NEXT_PAGE,) if MORE_ROWS.search(shown[-1]) else ()
    return replace(answered, text="\n".join(shown), suggestions=(*more, *answered.suggestions)[:MOST_QUESTIONS])


def _unit_said(said: str, catalog: Catalog) -> str | None:
    """The unit of somebody who introduces himself: 我是民政局的."""
    intro = re.search(introductions()[0], hear(said))
    return catalog.bodies.resolve(intro["who"]) if intro else None


def _unit_for(said: str, catalog: Catalog, facts: Mapping[str, str]) -> str | None:
    """The unit this turn names in answer to which unit it is."""
    if not facts.get("pending"):
        return None
    text = hear(said)
    intro = next((m for p in introductions() if (m := re.search(p, text))), None)
    return catalog.bodies.resolve(intro["who"]) if intro else catalog.bodies.resolve(text.rstrip("的。.!,"))


def _parts(said: str, catalog: Catalog) -> list[str]:
    """The questions of a message; greetings and thanks beside a question are dropped."""
    pieces = [p for p in STOPS.split(said) if p.strip()]
    if wants_form(hear(said)):
        return [said]
    if len(pieces) < 2:
        halves = [h for h in COMMAS.split(said) if h.strip()]
        return halves if 1 < len(halves) <= MOST_QUESTIONS and _apart(halves, catalog) else [said]
    telling = [p for p in pieces if not _is_small_talk(re.sub(r"[^\w]", "", hear(p)))]
    return telling[:MOST_QUESTIONS] or [said]


def _apart(halves: Sequence[str], catalog: Catalog) -> bool:
    """Whether each half asks of something of its own, one of the document or its people: 组长是谁,文号多少."""
    asked = [understand(h, catalog) for h in halves]
    ours = [bool(q.header or q.members - {"body"}) for q in asked]
    return any(ours) and all(o or q.topic or q.units or q.person for o, q in zip(ours, asked, strict=True))


def _is_small_talk(text: str) -> bool:
    """Whether a piece of a message only greets, thanks or hurries: 急."""
    return text in noise() or bool(pattern("help", "patterns").search(text))


def _joined(answers: Sequence[Answer]) -> Answer:
    good = [a for a in answers if a.outcome == Outcome.ANSWER]
    if not good:
        return answers[-1]
    return replace(
        good[-1],
        text="\n\n".join(a.text for a in answers),
        cites=tuple(dict.fromkeys(c for a in good for c in a.cites)),
        related=tuple(dict.fromkeys(r for a in good for r in a.related)),
        context=answers[-1].context,
    )
