"""Chooses who answers a question: header, members, lists, a place, a topic. The answers themselves stand in `answering`."""

from __future__ import annotations

from knowledge.answering.conflicts import answer_overview
from knowledge.answering.forms import answer_form, answer_help
from knowledge.answering.header import answer_header
from knowledge.answering.lists import answer_lists
from knowledge.answering.members import answer_members
from knowledge.answering.picking import ENOUGH, picks
from knowledge.answering.spots import answer_spot
from knowledge.answering.topics import answer_topic
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.phrases import Aspect
from knowledge.question import LIST_NOUNS, Question


def answer(question: Question, catalog: Catalog) -> Answer:
    """The answer to one question, from one notice."""
    greeting = answer_help(question.text)
    if greeting:
        return greeting
    form = answer_form(question, catalog)
    if form:
        return form
    strong = bool(question.topic) and is_topic(question, catalog)
    routes = [answer_overview] if strong else [answer_header, answer_members, answer_overview]
    for route in (*routes, answer_spot):
        found = route(question, catalog)
        if found:
            return found
    listed = answer_lists(question, catalog) if not strong and wants_list(question) else None
    return listed or answer_topic(question, catalog)


def is_topic(question: Question, catalog: Catalog) -> bool:
    """Whether the words left over are something the notice speaks of."""
    found = picks(question, catalog)
    return bool(found) and max(p.hit.covered for p in found) >= ENOUGH


def wants_list(question: Question) -> bool:
    """Whether rows are asked for: of a unit, of a kind, or by a condition."""
    noun = bool(question.nouns & LIST_NOUNS)
    if question.unstated and not noun:
        return False
    if question.bodies or question.own or question.strangers:
        return noun or bool(question.roles) or question.asks(Aspect.MOST) or not question.topic
    return noun or (bool(question.conditions & {"joint"}) and question.asks(Aspect.CONTENT))
