"""Answers about the coordinating body: who sits on it, in which role, for which unit, where its office is."""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.answering.leaders import led_by
from knowledge.answering.printing import names, place, quoted
from knowledge.answering.saying import refused, said
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.notice import Member, Ref
from knowledge.phrases import Aspect
from knowledge.pieces import SENTENCE
from knowledge.question import Question
from knowledge.text import squeeze

OFFICE = re.compile("办公室(?:设在|放在|设|挂)|下设办公室|办公室设")
CHIEF = re.compile("办公室主任")
CHANGE = re.compile("变动|更替|调整")
POST = re.compile("(?:副)?(?:局长|部长|厅长|市长|县长|区长|行长|镇长|科长|处长|书记|秘书长)")

FEW = 3
MOST_LED = 6  # places where a person is named beside a clause


class Say:
    PERSON = "{name}：{position}，{role}。"
    ROLE = "{role}（{n}人）：{who}。"
    WHO = "{name}（{position}）"
    OF_UNIT = "{unit}的成员：{who}。"
    NOT_OF_UNIT = "{unit}没有列入成员名单。"
    PARTLY = "{unit}没有列入成员名单，名单里没有它的人。"
    UNITS = "成员单位共{n}家：{units}。"
    TOTAL = "名单共{n}人：{parts}。"
    PART = "{role}{n}人"
    PLACE = "〔{place}〕"
    PRINTED = "原文：{quote}〔{place}〕"
    NONE = "这份通知没有成员名单。可以问：某项目标、谁负责、原文。"
    NOT_SAID = "通知没有写这一点。成员名单里有姓名、单位和职务。"
    NEXT = ("成员有哪些单位", "组长是谁")


def answer_members(question: Question, catalog: Catalog) -> Answer | None:
    """Who is who in the coordinating body; None when that is not asked."""
    members = catalog.notice.members
    if question.unstated:
        return None
    if _is_listed(question, catalog):
        return _roles(question, catalog, frozenset({"body"}))
    if question.person:
        return _persons([n for n in catalog.people if n in question.text] or [question.person], catalog)
    if (
        question.units
        and not question.topic
        and question.aspects == {Aspect.LEAD}
        and not (question.nouns | question.roles)
    ):
        return _of_units(question, catalog) if members else None
    post = POST.search(question.text) if re.search("谁|哪位|姓名|叫", question.text) else None
    asked = question.members | (
        frozenset({"post"}) if POST.search(question.text) and not _is_name(question, catalog) else frozenset()
    )
    if post and not question.units and not question.own:
        return _of_post(post.group(), catalog)
    if not asked or (asked <= {"body"} and not _about_people(question)):
        return None
    office = _office(question, catalog) if asked & {"office", "chief", "change"} else None
    if office:
        return office
    if not members or (
        asked <= {"office", "chief", "change", "body"}
        and not (
            question.units
            or question.own
            or question.counting
            or "unit" in question.nouns
            or "member" in question.nouns
        )
    ):
        return None
    if question.units or question.own or question.strangers:
        return _of_units(question, catalog)
    return _roles(question, catalog, asked)


def _of_post(post: str, catalog: Catalog) -> Answer | None:
    found = [m for m in catalog.notice.members if re.search(rf"(?<!副){post}$", squeeze(m.position))]
    if not found or len(found) > FEW:
        return None
    lines = [Say.PERSON.format(name=squeeze(m.name), position=squeeze(m.position), role=m.role) for m in found]
    return said(lines, [m.ref for m in found], suggestions=Say.NEXT, route="members", members="ordinary")


def _is_listed(question: Question, catalog: Catalog) -> bool:
    """Whether the annex that holds the list is named, and nothing else asked."""
    tables = {catalog.table_of(s.annex) for s in question.spots if s.annex and not s.row}
    return bool(tables & {m.ref.split(":")[0] for m in catalog.notice.members}) and not (
        question.topic or question.bodies or question.members
    )


def _about_people(question: Question) -> bool:
    """Whether a question that only names the coordinating body asks who sits on it."""
    if question.topic and "名单" in question.text and not re.search("成员|联席|小组|专班", question.text):
        return False
    people = question.counting or bool(question.units) or bool(question.nouns & {"unit"})
    return people or bool(re.search("在不在|有没有|有人|参加|派谁|代表|名单|哪些人|谁", question.text))


def _persons(names_said: list[str], catalog: Catalog) -> Answer:
    answers = [_person(n, catalog) for n in names_said]
    if len(answers) == 1:
        return answers[0]
    return replace(answers[0], text="\n".join(dict.fromkeys(line for a in answers for line in a.text.splitlines())))


def _is_name(question: Question, catalog: Catalog) -> bool:
    return not catalog.notice.members or not (question.units or question.own)


def _person(name: str, catalog: Catalog) -> Answer:
    found = [m for m in catalog.notice.members if squeeze(m.name) == name]
    lines = [Say.PERSON.format(name=squeeze(m.name), position=squeeze(m.position), role=m.role) for m in found]
    refs = [m.ref for m in found]
    lines += [
        Say.PRINTED.format(quote=quoted(s), place=place(r, catalog))
        for r, s in _sentences(catalog, CHIEF)
        if name in squeeze(s)
    ]
    led = led_by(name, catalog)[:MOST_LED]
    return said(
        [*lines, Say.PLACE.format(place=place(refs[0], catalog)), *(line for _, line in led)],
        [*refs, *(ref for ref, _ in led)],
        suggestions=Say.NEXT,
        route="members",
        members="ordinary",
    )


def _sentences(catalog: Catalog, wanted: re.Pattern[str]) -> list[tuple[Ref, str]]:
    refs = dict.fromkeys([m.ref for m in catalog.notice.members] + list(catalog.passages))
    return [
        (r, m.group().strip())
        for r in refs
        for m in SENTENCE.finditer(catalog.passages.get(r, ""))
        if wanted.search(squeeze(m.group()))
    ]


def _office(question: Question, catalog: Catalog) -> Answer | None:
    wanted = CHANGE if "change" in question.members else CHIEF if "chief" in question.members else OFFICE
    found = _sentences(catalog, wanted) or _sentences(catalog, OFFICE)
    found = [(r, s) for r, s in found if re.search("联席会议|领导小组|专班|指挥部|办公室|成员|小组", s)]
    if not found:
        return None
    ref, sentence = found[0]
    return said(
        [Say.PRINTED.format(quote=quoted(sentence), place=place(ref, catalog))],
        [ref],
        suggestions=Say.NEXT,
        route="members",
        members="office",
    )


def _of_units(question: Question, catalog: Catalog) -> Answer | None:
    lines, members = [], catalog.notice.members
    post = POST.search(question.text)
    for unit in (*question.bodies, *question.strangers):
        found = [m for m in members if m.unit == unit or (m.unit is None and squeeze(m.position).startswith(unit))]
        found = [m for m in found if not post or post.group() in m.position] if post else found
        if post and not found:
            return refused([Say.NOT_SAID], Say.NEXT)
        lines.append(
            Say.OF_UNIT.format(unit=unit, who="；".join(map(_who, found)))
            if found
            else Say.NOT_OF_UNIT.format(unit=unit)
        )
    if not lines:
        return None
    refs = [members[0].ref]
    return said(
        [*lines, Say.PLACE.format(place=place(refs[0], catalog))],
        refs,
        suggestions=Say.NEXT,
        route="members",
        members="ordinary",
    )


def _who(member: Member) -> str:
    return Say.WHO.format(name=squeeze(member.name), position=squeeze(member.position))


def _roles(question: Question, catalog: Catalog, asked: frozenset[str]) -> Answer:
    members = catalog.notice.members
    roles = list(dict.fromkeys(m.role for m in members))
    wanted = [r for r in roles if (_is_deputy(r) and "deputy" in asked) or (_is_head(r) and "head" in asked)]
    if not wanted and ("unit" in question.nouns and not asked & {"head", "deputy"}):
        return _units(question, catalog)
    if not wanted and asked & {"head", "deputy"}:
        return refused([Say.NOT_SAID], Say.NEXT)
    wanted = (
        wanted
        or [
            r
            for r in roles
            if "ordinary" in asked and not (_is_deputy(r) or _is_head(r)) and not question.nouns & {"member"}
        ]
        or roles
    )
    lines = [
        Say.ROLE.format(role=r, n=len(of), who="、".join(map(_who, of)))
        for r in wanted
        for of in [[m for m in members if m.role == r]]
    ]
    if len(wanted) > 1:
        parts = "，".join(Say.PART.format(role=r, n=sum(m.role == r for m in members)) for r in wanted)
        lines.insert(0, Say.TOTAL.format(n=len(members), parts=parts))
    refs = dict.fromkeys(m.ref for m in members)
    return said(
        [*lines, Say.PLACE.format(place=place(members[0].ref, catalog))],
        refs,
        suggestions=Say.NEXT,
        route="members",
        members=" ".join(sorted(asked)),
    )


def _units(question: Question, catalog: Catalog) -> Answer:
    members = catalog.notice.members
    ordinary = [m for m in members if not (_is_head(m.role) or _is_deputy(m.role))] or members
    units = list(dict.fromkeys(m.unit for m in ordinary if m.unit))
    line = Say.UNITS.format(n=len(units), units=names(units))
    return said(
        [line, Say.PLACE.format(place=place(members[0].ref, catalog))],
        [members[0].ref],
        suggestions=Say.NEXT,
        route="members",
        members="ordinary",
    )


def _is_deputy(role: str) -> bool:
    return "副" in role


def _is_head(role: str) -> bool:
    return "副" not in role and bool(re.search("组长|召集人|主任|指挥|总", role))
