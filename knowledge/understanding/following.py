"""What an earlier turn leaves understood, as strings, and how the next turn leans on it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from knowledge.catalog import Catalog
from knowledge.notice import Article, Indicator, Project, Ref
from knowledge.phrases import Aspect
from knowledge.question import LIST_NOUNS, Question
from knowledge.understanding.places import Years

MORE = re.compile(r"^(下一页|下页|还有呢|还有吗|继续|更多|接着|往下|后面的?|再看|下面的?)$")
PRONOUN = re.compile(r"它|他们|她|该单位|这个单位|那个单位|这家|那家|这个局|该局|它们")
THEM = re.compile(r"他们|它们|她们|该(?:局|单位|部门)|[这那]个?(?:局|单位|部门|家)")
CARRIED = re.compile(r"呢[?？]?$|^那|^还有|^然后|^另外")
ROW = re.compile(r"annex(\d+):\d+$")
NTH = re.compile("第[^条款(]{1,4}[项个]")
SEPARATOR = "\t"


def facts_of(question: Question) -> dict[str, str]:
    """The question as strings for the next turn."""
    facts = {
        "topic": SEPARATOR.join(question.topic),
        "units": SEPARATOR.join(question.bodies),
        "aspects": " ".join(sorted(question.aspects)),
        "nouns": " ".join(sorted(question.nouns)),
        "roles": " ".join(sorted(question.roles)),
        "conditions": " ".join(sorted(question.conditions)),
        "years": " ".join(map(str, question.years.years)),
        "members": " ".join(sorted(question.members)),
        "said": question.text,
        "page": str(question.page) if question.page > 1 else "",
    }
    return {k: v for k, v in facts.items() if v}


def asks_for_more(text: str) -> bool:
    """Whether the turn only asks for the next page."""
    return bool(MORE.match(re.sub(r"[^\w]", "", text)))


def restored(question: Question, facts: Mapping[str, str]) -> Question:
    """The question of the turn before with all that it leaned on."""
    return replace(
        question,
        units=_listed(facts, "units"),
        topic=_listed(facts, "topic"),
        aspects=_aspects(facts),
        nouns=_words(facts, "nouns"),
        roles=_words(facts, "roles"),
        conditions=_words(facts, "conditions"),
    )


def followed(question: Question, facts: Mapping[str, str], catalog: Catalog) -> Question:
    """The question with what it leaves out taken from the turn before; itself when it stands alone."""
    question = _same_table(question, facts)
    if not facts or _stands_alone(question, facts):
        return question
    theirs = _their_duties(question, facts, catalog)
    if theirs:
        return theirs
    if question.topic:
        return _new_topic(question, facts)
    if question.units and not (question.aspects or question.nouns & LIST_NOUNS or question.roles):
        return _new_unit(question, facts)
    if question.years.spans and not question.aspects - {Aspect.TARGET}:
        return _same(question, facts, aspects=_aspects(facts) | question.aspects)
    return _new_aspect(question, facts)


def _their_duties(question: Question, facts: Mapping[str, str], catalog: Catalog) -> Question | None:
    """他们还负责啥, after one row, is of the units that lead the row."""
    row = _row(facts.get("refs", ""), catalog)
    lists = question.nouns & LIST_NOUNS and not (question.topic or question.units or question.asks(Aspect.LEAD))
    if not (row and row.lead_units and lists and THEM.search(question.text)):
        return None
    return replace(question, units=row.lead_units)


def _row(ref: str, catalog: Catalog) -> Indicator | Project | Article | None:
    place = Ref(ref)
    return catalog.indicators.get(place) or catalog.projects.get(place) or catalog.articles.get(place)


def _same_table(question: Question, facts: Mapping[str, str]) -> Question:
    """那第8项呢, after a row of a table, is the table's eighth row."""
    row = ROW.match(facts.get("refs", ""))
    spot = question.spots[0] if len(question.spots) == 1 else None
    if (
        not row
        or not spot
        or not spot.item
        or spot.section
        or not (CARRIED.search(question.text) and NTH.search(question.text))
    ):
        return question
    return replace(question, spots=(replace(spot, annex=int(row[1]), row=spot.item, item=None),))


def _stands_alone(question: Question, facts: Mapping[str, str]) -> bool:
    if question.spots or question.person or question.own or (question.header and "topic" not in facts):
        return True
    if question.topic:
        return bool(question.aspects or question.nouns or question.roles or question.unstated) or not (
            CARRIED.search(question.text) or facts.get("choose")
        )
    if (
        question.conditions
        and question.aspects == {Aspect.CONTENT}
        and not (CARRIED.search(question.text) or PRONOUN.search(question.text))
    ):
        return True
    if question.members and question.members != {"chief"}:
        return True
    if question.nouns & LIST_NOUNS and not (CARRIED.search(question.text) or PRONOUN.search(question.text)):
        return True
    return bool(question.units and (question.aspects or question.nouns or question.roles) and not facts.get("topic"))


def _years(facts: Mapping[str, str]) -> Years:
    years = tuple(map(int, facts.get("years", "").split()))
    return Years(years, spans=((0, 0),) if years else ())


def _aspects(facts: Mapping[str, str]) -> frozenset[Aspect]:
    return frozenset(map(Aspect, facts.get("aspects", "").split()))


def _words(facts: Mapping[str, str], key: str) -> frozenset[str]:
    return frozenset(facts.get(key, "").split())


def _listed(facts: Mapping[str, str], key: str) -> tuple[str, ...]:
    return tuple(s for s in facts.get(key, "").split(SEPARATOR) if s)


def _article(facts: Mapping[str, str]) -> Ref | None:
    """The item of the body that was named by its number: 第六条."""
    ref = facts.get("refs", "")
    return Ref(ref) if not facts.get("topic") and re.match(r"body:\d+\.\d", ref) else None


def _focus(facts: Mapping[str, str]) -> Ref | None:
    ref = facts.get("refs", "")
    return Ref(ref) if re.match(r"(annex|table)\d+:\d", ref) else None


def _new_topic(question: Question, facts: Mapping[str, str]) -> Question:
    return replace(question, aspects=_aspects(facts), years=question.years if question.years.spans else _years(facts))


def _new_unit(question: Question, facts: Mapping[str, str]) -> Question:
    if facts.get("route") == "members":
        return replace(question, members=question.members | {"ordinary"})
    if facts.get("topic") and facts.get("route") != "lists":
        return replace(question, topic=_listed(facts, "topic"), aspects=_aspects(facts), focus=_focus(facts))
    return replace(
        question, aspects=_aspects(facts), nouns=_words(facts, "nouns"), roles=_words(facts, "roles"),
        conditions=_words(facts, "conditions"),
    )  # fmt: skip


def _same(question: Question, facts: Mapping[str, str], aspects: frozenset[Aspect]) -> Question:
    focus = _focus(facts) or _article(facts)
    topic = () if focus else _listed(facts, "topic")
    units = question.units or (() if facts.get("topic") else _listed(facts, "units"))
    nouns = question.nouns or (frozenset() if focus or topic else _words(facts, "nouns"))
    return replace(question, topic=topic, focus=focus, aspects=aspects, units=units, nouns=nouns)


def _new_aspect(question: Question, facts: Mapping[str, str]) -> Question:
    if facts.get("route") == "members" and (question.members or question.asks(Aspect.LEAD)):
        return replace(question, members=question.members or _words(facts, "members") or frozenset({"ordinary"}))
    if facts.get("route") == "lists" and (question.nouns & LIST_NOUNS or question.roles or not facts.get("topic")):
        return replace(
            question, units=question.units or _listed(facts, "units"), nouns=question.nouns or _words(facts, "nouns")
        )
    years = (
        question.years if question.years.spans else _years(facts) if question.asks(Aspect.TARGET) else question.years
    )
    return replace(_same(question, facts, aspects=question.aspects), years=years)
