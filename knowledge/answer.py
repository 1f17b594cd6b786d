"""Chooses who answers a question: header, members, lists, a place, a topic. The answers stand in `answering`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.answering.bodies import answer_bodies
from knowledge.answering.cells import answer_cells
from knowledge.answering.comparisons import answer_without
from knowledge.answering.conflicts import answer_overview
from knowledge.answering.counted import answer_counted
from knowledge.answering.dated import answer_dated
from knowledge.answering.due_by import answer_due_by
from knowledge.answering.filters import answer_filtered
from knowledge.answering.forms import answer_form, answer_help
from knowledge.answering.header import answer_header
from knowledge.answering.items import answer_item
from knowledge.answering.kinds import answer_kind
from knowledge.answering.leaders import answer_leader
from knowledge.answering.lists import answer_lists
from knowledge.answering.members import answer_members
from knowledge.answering.numbers import answer_number
from knowledge.answering.overview import answer_outline
from knowledge.answering.picking import ENOUGH, Pick, picks
from knowledge.answering.rarely import answer_rarely
from knowledge.answering.reasons import answer_reason
from knowledge.answering.sameness import answer_sameness
from knowledge.answering.saying import refused
from knowledge.answering.several import answer_several
from knowledge.answering.spots import answer_spot, piece_at
from knowledge.answering.topics import Say as TopicSay
from knowledge.answering.topics import answer_topic, not_stated
from knowledge.answering.validity import answer_validity
from knowledge.asking import Answer, Outcome
from knowledge.catalog import Catalog
from knowledge.phrases import Aspect
from knowledge.question import LIST_NOUNS, Question

CHINESE, LATIN = re.compile("[\u4e00-\u9fff]"), re.compile("[a-z<>{}=/\\\\]")
LATIN_ENOUGH, MOSTLY = 12, 2
ANNEXES = re.compile("(?:附件|附表|表格|清单)(?:里|中|上|内|一共|总共|共|有)")
ITEMS = re.compile("(几|多少)(条|项|个)")
ASKS_ALL = re.compile(
    "(哪些|什么|啥|哪几项?)(要求|任务|事|安排|工作|内容|要做)|(要求|任务|安排|工作)(有|是)?(哪些|什么|啥)"
)
DUE = re.compile(
    "(完成|做到|实现|到位|达到|要做|落实|建成).{0,3}(哪些|什么|啥)|(哪些|什么|啥).{0,14}(完成|做到|实现|到位|达到|建成)"
)


class Say:
    NOT_SPLIT = "通知没有写{town}要完成多少，没有分到镇街，只写了总的："


def answer(question: Question, catalog: Catalog) -> Answer:
    """The answer to one question, from one notice."""
    greeting = answer_help(question.text)
    if greeting:
        return greeting
    if is_junk(question.text):
        return refused([TopicSay.NOT_HERE], TopicSay.NEXT)
    found = picks(question, catalog) if question.topic else []
    form = answer_form(question, catalog, found)
    if form:
        return form
    told = (
        answer_outline(question, catalog)
        or answer_validity(question, catalog)
        or answer_sameness(question, catalog)
        or answer_filtered(question, catalog)
        or answer_bodies(question, catalog)
        or answer_cells(question, catalog)
        or answer_counted(question, catalog)
    )
    if told:
        return told
    if any(not group.search(catalog.full_text) for group in question.unstated):
        return not_stated(question, catalog, found)
    if question.focus and not question.topic:
        return answer_item(piece_at(question.focus, catalog), question, catalog)
    return _routed(question, catalog, found)


def _routed(question: Question, catalog: Catalog, found: Sequence[Pick]) -> Answer:
    strong = is_strong(found)
    routes = [answer_members] if strong else [answer_reason, answer_header, answer_members, answer_overview]
    for route in (*routes, answer_spot):
        answered = route(question, catalog)
        if answered:
            return answered
    question = _of_table(question, catalog)
    if not strong and _means_own(question):
        question = replace(question, own=True)
    early = (
        answer_number(question, catalog, found)
        or answer_leader(question, catalog, found)
        or answer_rarely(question, catalog, found)
        or answer_due_by(question, catalog)
        or answer_dated(question, catalog)
        or answer_kind(question, catalog, found)
        or answer_without(question, catalog)
    )
    if early:
        return early
    several = _of_town(question, catalog, found) or answer_several(question, catalog, found)
    if several:
        return several
    if not question.topic and not question.rest:
        question = _of_whole(question, catalog)
    listed = answer_lists(question, catalog) if not strong and wants_list(question) else None
    return listed or answer_topic(question, catalog, found)


def _of_town(question: Question, catalog: Catalog, found: Sequence[Pick]) -> Answer | None:
    """A number asked of one town where the notice only sets one for the whole: no, and the whole."""
    if not (question.towns and is_strong(found) and (question.asks(Aspect.TARGET) or question.counting)):
        return None
    whole = answer_topic(replace(question, units=(), towns=()), catalog, found)
    if whole.outcome != Outcome.ANSWER:
        return None
    town = "、".join(question.towns)
    return refused([Say.NOT_SPLIT.format(town=town), whole.text], whole.suggestions, 0.9, **whole.context.facts)


def _of_whole(question: Question, catalog: Catalog) -> Question:
    """一共几条, asked of a notice without tables, read as of its items; 年底前要完成哪些 as of all duties."""
    plain = not (question.bodies or question.nouns or question.own or catalog.indicators or catalog.projects)
    if plain and question.counting and ITEMS.search(question.text):
        return replace(question, nouns=frozenset({"article"}))
    if question.years.years and (DUE.search(question.text) or ASKS_ALL.search(question.text)) and not question.nouns:
        return replace(question, nouns=frozenset({"duty"}))
    return question


def _of_table(question: Question, catalog: Catalog) -> Question:
    """The question with 附件1 read as what that table lists, 附件里 as what any does."""
    tables = {catalog.table_of(s.annex) for s in question.spots if s.annex and not s.row}
    if not question.spots and ANNEXES.search(question.text) and not question.topic:
        nouns = {"indicator"} if catalog.indicators else set()
        nouns |= {"project"} if catalog.projects else set()
        return replace(question, nouns=frozenset(nouns)) if nouns else question
    nouns = {"indicator" for r in catalog.indicators if r.partition(":")[0] in tables}
    nouns |= {"project" for r in catalog.projects if r.partition(":")[0] in tables}
    return replace(question, nouns=question.nouns | nouns) if nouns else question


def _means_own(question: Question) -> bool:
    """Whether a list without a unit is of the asker's own: 指标和牵头项目列一下."""
    named = question.bodies or question.strangers or question.asks(Aspect.MOST, Aspect.LEAD) or "unit" in question.nouns
    return bool(question.asker and question.roles and not named and "joint" not in question.conditions)


def is_junk(text: str) -> bool:
    """Whether it is a log, code or an address rather than words: hardly a Chinese character in much else."""
    chinese, latin = len(CHINESE.findall(text)), len(LATIN.findall(text))
    return latin >= LATIN_ENOUGH and latin > MOSTLY * chinese


def is_strong(found: Sequence[Pick]) -> bool:
    """Whether the words left over are something the notice speaks of."""
    return bool(found) and max(p.hit.covered for p in found) >= ENOUGH


def wants_list(question: Question) -> bool:
    """Whether rows are asked for: of a unit, of a kind, or by a condition."""
    noun = bool(question.nouns & LIST_NOUNS)
    if question.unstated:
        return False
    if question.bodies or question.own or question.strangers:
        return noun or bool(question.roles) or question.asks(Aspect.MOST) or not question.topic
    if question.asks(Aspect.MOST) and (question.roles or "unit" in question.nouns) and not question.topic:
        return True
    plain = bool(question.conditions & {"same", "rise", "zero"}) and not question.topic
    return noun or ((plain or "joint" in question.conditions) and question.asks(Aspect.CONTENT))
