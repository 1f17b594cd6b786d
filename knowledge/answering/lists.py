"""Lists and their counts: whose indicators, projects and duties, by condition, and who has more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from knowledge.answering.comparisons import answer_joint, answer_most
from knowledge.answering.conditions import VALUE, answer_by_condition
from knowledge.answering.entries import Entry, entries, line, numbered
from knowledge.answering.entries import Say as RowSay
from knowledge.answering.printing import names, place, places, quoted
from knowledge.answering.saying import asked_back, refused, said
from knowledge.answering.texts import due_cell, times_at
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.notice import Member, Ref
from knowledge.phrases import Aspect
from knowledge.pieces import SENTENCE, Of
from knowledge.question import Question
from knowledge.text import letters, squeeze

ASKS_SUPPORTERS = re.compile("配合单位(都|分别|各|各自|有|是|为)*(谁|哪)|谁配合")
TAKES_PART = re.compile("参与|参加")
WITH = re.compile("(和|跟|与|同).{2,10}(一起|共同|联合|合作|一块)")
WITH_OTHERS = re.compile("(和|跟|与|同)(其他|其它|另外|兄弟|人家|别(?:的|家|人|局|部门|单位))")
TIMES = 2  # times of one item that are shown in a list
LONG, MOST = 200, 3  # characters of a sentence that names a unit, and how many such sentences are shown
PRINTED = "原文：{quote}〔{place}〕"
OFS = {"indicator": Of.INDICATOR, "project": Of.PROJECT, "article": Of.ARTICLE}


class Say:
    WHICH_UNIT = "请问您是哪个单位？告诉我单位名称（例如“{unit}”），我就把对应的任务列出来。"
    I_AM = "我是{unit}的"
    HEAD: ClassVar[dict[str, str]] = {
        "lead": "{unit}牵头（负责）的{what}共{n}{measure}：",
        "support": "{unit}配合的{what}共{n}{measure}：",
    }
    NONE: ClassVar[dict[str, str]] = {
        "lead": "{unit}没有牵头（负责）的{what}。",
        "support": "{unit}没有列为配合单位的{what}。",
    }
    WITH = "{line}　配合：{units}"
    NOT_NAMED = "这份通知没有提到{unit}，没有它的任务。任务由哪家做，请问牵头单位或联席会议办公室。"
    ONLY_NAMED = "通知没有把{unit}列为责任单位或配合单位，但写到了它："
    DUE = "　{column}：{cell}"
    TIMES, NO_TIME = "　时间：{times}", "　没有写完成时间"
    SEAT = "{unit}在成员名单里（{who}）〔{place}〕"
    OTHERS = "另有{parts}。"
    PARTS: ClassVar[dict[str, str]] = {
        "indicator": "指标{n}项",
        "project": "牵头项目{n}个",
        "article": "正文责任{n}条",
        "support": "配合{n}项",
    }
    TOWNS = "通知只写“{unit}”，没有点名到哪个镇街，具体由牵头单位或联席会议办公室明确。"
    DIFFERS = "注意：“{about}”的责任单位，{places}写得不一致。"
    DIFFER = "注意：{about}，文件里不同地方写的责任单位不一致，可逐项问“谁负责”。"
    HORIZON = "通知的目标只定了{first}年到{last}年，没有{year}年的目标。"
    ONE_YEAR = "通知的目标只定了{last}年，没有{year}年的目标。"
    AND_MORE = "等{n}项"
    NEXT = ("我的任务", "有哪些指标", "有哪些项目")
    NEXT_OF = ("{unit}牵头哪些项目", "{unit}配合哪些项目", "{unit}有哪些指标")


def answer_lists(question: Question, catalog: Catalog) -> Answer | None:
    """A list of rows and items, or how many; None when no list is asked."""
    if question.own and not question.asker and not question.units:
        return asked_back(
            [Say.WHICH_UNIT.format(unit=(catalog.bodies.units or ("",))[0])],
            suggestions=[Say.I_AM.format(unit=u) for u in catalog.bodies.units],
            route="lists",
            pending=question.text,
        )
    if question.strangers and not question.units:
        return _only_named(question.strangers, catalog) or _unnamed(question.strangers)
    ofs, role = wanted(question)
    strange = [y for y in question.years.years if y not in catalog.years]
    if catalog.years and strange and len(strange) == len(question.years.years) and not _is_written(strange, catalog):
        first, last = catalog.years[0], catalog.years[-1]
        line = Say.HORIZON if first != last else Say.ONE_YEAR
        return refused([line.format(first=first, last=last, year=strange[0])], Say.NEXT, 0.9)
    if question.asks(Aspect.MOST) and (len(question.bodies) > 1 or "unit" in question.nouns or not question.bodies):
        compared = "support" if question.roles == {"support"} else role
        return answer_most(question, catalog, ofs, compared)
    if question.bodies and WITH_OTHERS.search(question.text):
        return answer_joint(question, catalog, ofs)
    if question.own and question.asker and question.units and WITH.search(question.text):
        units = tuple(dict.fromkeys((question.asker, *question.units)))
        return answer_joint(replace(question, units=units), catalog, ofs)
    if len(question.bodies) > 1 and "joint" in question.conditions | _jointly(question):
        return answer_joint(question, catalog, ofs)
    if question.bodies and VALUE.search(question.text) and catalog.indicators:
        return answer_by_condition(question, catalog, ofs)
    if question.own and question.years.years and not (ofs or question.nouns or question.roles):
        ofs = (
            (Of.INDICATOR,)
            if any(e.of == Of.INDICATOR and e.is_of(question.bodies[0], "lead") for e in entries(catalog))
            else ofs
        )
    if question.bodies:
        return _of_units(question, catalog, ofs, role)
    return answer_by_condition(question, catalog, ofs)


def _is_written(years: Sequence[int], catalog: Catalog) -> bool:
    """Whether the notice names one of the years at all, the year of its issue aside."""
    issued = catalog.notice.date
    return any(issued and y == issued.year for y in years) or any(f"{y}年" in catalog.full_text for y in years)


def wanted(question: Question) -> tuple[tuple[Of, ...], str]:
    """Which kinds of rows, in which role."""
    ofs = [OFS[n] for n in ("indicator", "project", "article") if n in question.nouns]
    supports = "support" in question.roles and "lead" not in question.roles
    role = "support" if supports and not ASKS_SUPPORTERS.search(question.text) else "lead"
    return tuple(ofs), role


def _jointly(question: Question) -> frozenset[str]:
    return frozenset({"joint"}) if re.search("共同|一起|联合|都(负责|牵头|参与)", question.text) else frozenset()


def _of_units(question: Question, catalog: Catalog, ofs: tuple[Of, ...], role: str) -> Answer:
    lines: list[str] = []
    cites: list[Ref] = []
    related: list[Ref] = []
    for unit in question.bodies:
        own = _roles_of(unit, catalog, ofs, role, question)
        lines += own[0]
        cites += own[1]
        related += own[2]
    named = not question.bodies[0] or any(u in catalog.bodies.units for u in question.bodies)
    if not cites and not related and not (ofs or question.nouns or question.roles):
        return refused(lines, Say.NEXT)
    if not named and not cites:
        return _only_named(question.bodies, catalog) or _unnamed(question.bodies)
    seats = [] if cites or related else [m for m in catalog.notice.members if m.unit in question.bodies]
    if seats:
        lines += [Say.SEAT.format(unit=m.unit, who=_who(m), place=place(m.ref, catalog)) for m in seats]
        cites = list(dict.fromkeys(m.ref for m in seats))
    next_steps = _steps(question.bodies[0], ofs, role, cites, catalog)
    searched = [] if cites or related else [t.ref for t in catalog.notice.tables]
    return said(lines, cites or searched, related, next_steps, route="lists")


def _who(member: Member) -> str:
    return f"{squeeze(member.name)}，{squeeze(member.position)}"


def _unnamed(units: Sequence[str]) -> Answer:
    return refused([Say.NOT_NAMED.format(unit=names(units))], Say.NEXT)


def _only_named(units: Sequence[str], catalog: Catalog) -> Answer | None:
    """The sentences that name a unit which no responsibility clause and no row lists; None when nothing names it."""
    found = [
        (ref, sentence)
        for ref, text in catalog.lettered.items()
        if any(letters(u) in text for u in units)
        for sentence in SENTENCE.findall(catalog.passages[ref])
        if any(letters(u) in letters(sentence) for u in units)
    ]
    if not found:
        return None
    lines = [PRINTED.format(quote=quoted(s, LONG), place=place(r, catalog)) for r, s in found[:MOST]]
    head = Say.ONLY_NAMED.format(unit=names(units))
    return said([head, *lines], [r for r, _ in found[:MOST]], suggestions=Say.NEXT, route="lists")


def _steps(unit: str, ofs: tuple[Of, ...], role: str, shown: Sequence[Ref], catalog: Catalog) -> list[str]:
    """The other lists of the unit that are not empty and were not just shown."""
    every = entries(catalog)
    wanted = zip(Say.NEXT_OF, (("lead", Of.PROJECT), ("support", None), ("lead", Of.INDICATOR)), strict=True)
    return [
        text.format(unit=unit)
        for text, (part, of) in wanted
        if any(e.is_of(unit, part) and of in (None, e.of) and e.ref not in shown for e in every)
    ]


def _roles_of(
    unit: str, catalog: Catalog, ofs: tuple[Of, ...], role: str, question: Question
) -> tuple[list[str], list[Ref], list[Ref]]:
    every = entries(catalog)
    both = (
        question.roles >= {"lead", "support"}
        or bool(TAKES_PART.search(question.text))
        or (not question.roles and not ofs and not any(e.is_of(unit, "lead") for e in every))
    )
    lines: list[str] = []
    shown: list[Entry] = []
    for one in ("lead", "support") if both else (role,):
        mine = [e for e in every if e.is_of(unit, one) and (not ofs or e.of in ofs)]
        shown += mine
        lines += _block(unit, one, mine, ofs, catalog, question)
    rest = [e for e in every if (e.is_of(unit, "lead") or e.is_of(unit, "support")) and e not in shown]
    lines += _others(unit, rest, shown) + _warnings(unit, shown, catalog)
    if unit == catalog.bodies.town:
        lines.insert(0, Say.TOWNS.format(unit=unit))
    return lines, [e.ref for e in shown], [e.ref for e in rest]


def _block(
    unit: str, role: str, mine: Sequence[Entry], ofs: tuple[Of, ...], catalog: Catalog, question: Question
) -> list[str]:
    kinds = ofs or tuple(dict.fromkeys(e.of for e in mine))
    if not mine:
        return [Say.NONE[role].format(unit=unit, what=names(RowSay.WHAT[k] for k in kinds) or RowSay.EVERYTHING)]
    lines: list[str] = []
    for kind in kinds:
        some = [e for e in mine if e.of == kind]
        if not some:
            lines.append(Say.NONE[role].format(unit=unit, what=RowSay.WHAT[kind]))
            continue
        lines.append(
            Say.HEAD[role].format(unit=unit, what=RowSay.WHAT[kind], n=len(some), measure=RowSay.MEASURE[kind])
        )
        if ASKS_SUPPORTERS.search(question.text):
            lines += numbered(
                [Say.WITH.format(line=line(e, catalog, unit), units=names(e.support_units)) for e in some]
            )
            continue
        told = [line(e, catalog, unit, question.years) for e in some]
        if question.asks(Aspect.DEADLINE):
            told = [t + _due(e, catalog) for t, e in zip(told, some, strict=True)]
        lines += numbered(told)
    return lines


def _due(entry: Entry, catalog: Catalog) -> str:
    column, cell = due_cell(entry.ref, catalog)
    if cell or entry.of == Of.INDICATOR:
        return Say.DUE.format(column=column, cell=cell) if cell else ""
    times = times_at(entry.ref, catalog)[:TIMES]
    return Say.TIMES.format(times="、".join(times)) if times else Say.NO_TIME


def _others(unit: str, rest: Sequence[Entry], shown: Sequence[Entry]) -> list[str]:
    counts = {k: sum(e.of == OFS[k] and e.is_of(unit, "lead") for e in rest) for k in OFS}
    counts["support"] = sum(not e.is_of(unit, "lead") for e in rest)
    parts = [Say.PARTS[k].format(n=n) for k, n in counts.items() if n]
    return [Say.OTHERS.format(parts="、".join(parts))] if parts else []


def _warnings(unit: str, shown: Sequence[Entry], catalog: Catalog) -> list[str]:
    found = dict.fromkeys(c for e in shown if e.of == Of.INDICATOR for c in catalog.conflicts_at(e.ref, "unit"))
    about = [c.about for c in found]
    if len(about) < 2:
        return [Say.DIFFERS.format(about=c.about, places=places([s.ref for s in c.sides], catalog)) for c in found]
    more = Say.AND_MORE.format(n=len(about)) if len(about) > 3 else ""
    return [Say.DIFFER.format(about="、".join(about[:3]) + more)]
