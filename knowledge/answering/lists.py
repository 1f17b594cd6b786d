"""Lists and their counts: whose indicators, projects and duties, by condition, and who has more."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import ClassVar

from knowledge.answering.entries import Entry, entries, line
from knowledge.answering.printing import names, places
from knowledge.answering.saying import asked_back, refused, said
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.notice import Indicator, Ref
from knowledge.phrases import Aspect
from knowledge.pieces import Of
from knowledge.question import Question

PAGE = 25
VALUE = re.compile(r"(?:目标|指标|任务|数|值)?(?:为|是|等于|都是)(\d+(?:\.\d+)?)(?:个|家|所|条|项|%)?的")
ASKS_SUPPORTERS = re.compile("配合单位(都|分别|各|各自|有|是|为)*(谁|哪)|谁配合")
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
    ALL = "{what}共{n}{measure}："
    JOINT_HEAD = "{units}共同负责的{what}共{n}{measure}："
    JOINT_NONE = "没有由{units}共同负责的{what}。"
    WHERE_NAMED = "它在通知里：{places}。"
    NOT_NAMED = "这份通知没有提到{unit}，没有它的任务。任务由哪家做，请问牵头单位或联席会议办公室。"
    MORE = "还有{n}项，回“下一页”接着看。"
    OTHERS = "另有{parts}。"
    PARTS: ClassVar[dict[str, str]] = {
        "indicator": "指标{n}项",
        "project": "牵头项目{n}个",
        "article": "正文责任{n}条",
        "support": "配合{n}项",
    }
    TOWNS = "通知只写“{unit}”，没有点名到哪个镇街，具体由牵头单位或联席会议办公室明确。"
    DIFFERS = "注意：{about}，{places}写的责任单位不一致。"
    WHAT: ClassVar[dict[Of, str]] = {Of.INDICATOR: "指标", Of.PROJECT: "项目", Of.ARTICLE: "正文任务"}
    MEASURE: ClassVar[dict[Of, str]] = {Of.INDICATOR: "项", Of.PROJECT: "个", Of.ARTICLE: "条"}
    EVERYTHING = "任务"
    MOST = "{unit}最{most}，{n}{measure}{what}。"
    EACH = "{unit}：{n}{measure}{what}"
    SAME = "一样多。"
    LEADER = "{unit}更{most}。"
    CONDITIONS: ClassVar[dict[str, str]] = {
        "zero": "{year}年目标为0、以后年份才有数的",
        "same": "各年目标一样的",
        "joint": "两家以上共同负责的",
        "rise": "最后一年是第一年两倍的",
        "rate": "按比率（百分比）考核的",
        "whole": "目标为100%的",
        "due_first": "{year}年就要到位的",
    }
    COUNTED = "{condition}{what}共{n}{measure}："
    VALUE = "{years}目标为{value}的"
    NO_SUCH = "没有{condition}{what}。"
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
        return refused([Say.NOT_NAMED.format(unit=names(question.strangers))], Say.NEXT)
    ofs, role = wanted(question)
    if question.asks(Aspect.MOST) and (len(question.bodies) > 1 or "unit" in question.nouns or not question.bodies):
        return _most(question, catalog, ofs, role)
    if question.bodies and re.search("(和|跟|与|同)(其他|别的|其它|另外|别家|兄弟)", question.text):
        return _joint(question, catalog, ofs)
    if len(question.bodies) > 1 and "joint" in question.conditions | _jointly(question):
        return _joint(question, catalog, ofs)
    if question.bodies and VALUE.search(question.text) and catalog.indicators:
        return _by_condition(question, catalog, ofs)
    if question.bodies:
        return _of_units(question, catalog, ofs, role)
    return _by_condition(question, catalog, ofs)


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
    if not named and not cites:
        return refused([Say.NOT_NAMED.format(unit=names(question.bodies))], Say.NEXT)
    next_steps = [n.format(unit=question.bodies[0]) for n in Say.NEXT_OF]
    searched = [] if cites or related else [t.ref for t in catalog.notice.tables]
    return said(lines, cites or searched, related, next_steps, route="lists", units=" ".join(question.bodies))


def _roles_of(
    unit: str, catalog: Catalog, ofs: tuple[Of, ...], role: str, question: Question
) -> tuple[list[str], list[Ref], list[Ref]]:
    every = entries(catalog)
    both = question.roles >= {"lead", "support"} or (
        not question.roles and not ofs and "duty" in question.nouns and not any(e.is_of(unit, "lead") for e in every)
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
        lines.append(Say.TOWNS.format(unit=unit))
    return lines, [e.ref for e in shown], [e.ref for e in rest]


def _block(
    unit: str, role: str, mine: Sequence[Entry], ofs: tuple[Of, ...], catalog: Catalog, question: Question
) -> list[str]:
    kinds = ofs or tuple(dict.fromkeys(e.of for e in mine))
    if not mine:
        return [Say.NONE[role].format(unit=unit, what=names(Say.WHAT[k] for k in kinds) or Say.EVERYTHING)]
    lines: list[str] = []
    for kind in kinds:
        some = [e for e in mine if e.of == kind]
        if not some:
            lines.append(Say.NONE[role].format(unit=unit, what=Say.WHAT[kind]))
            continue
        lines.append(Say.HEAD[role].format(unit=unit, what=Say.WHAT[kind], n=len(some), measure=Say.MEASURE[kind]))
        if ASKS_SUPPORTERS.search(question.text):
            lines += numbered(
                [Say.WITH.format(line=line(e, catalog, unit), units=names(e.support_units)) for e in some]
            )
            continue
        lines += numbered([line(e, catalog, unit, question.years.years) for e in some])
    return lines


def numbered(lines: Sequence[str]) -> list[str]:
    """The lines with 1. 2. 3. in front."""
    return [f"{i}. {text}" for i, text in enumerate(lines, 1)]


def _others(unit: str, rest: Sequence[Entry], shown: Sequence[Entry]) -> list[str]:
    counts = {k: sum(e.of == OFS[k] and e.is_of(unit, "lead") for e in rest) for k in OFS}
    counts["support"] = sum(not e.is_of(unit, "lead") for e in rest)
    parts = [Say.PARTS[k].format(n=n) for k, n in counts.items() if n]
    return [Say.OTHERS.format(parts="、".join(parts))] if parts else []


def _warnings(unit: str, shown: Sequence[Entry], catalog: Catalog) -> list[str]:
    found = dict.fromkeys(c for e in shown if e.of == Of.INDICATOR for c in catalog.conflicts_at(e.ref, "unit"))
    return [Say.DIFFERS.format(about=c.about, places=places([s.ref for s in c.sides], catalog)) for c in found][:2]


def _joint(question: Question, catalog: Catalog, ofs: tuple[Of, ...]) -> Answer:
    units = question.bodies
    found = [
        e
        for e in entries(catalog)
        if (not ofs or e.of in ofs) and len(e.lead_units) > 1 and all(e.is_of(u, "lead") for u in units)
    ]
    kind = ofs[0] if ofs else None
    what, measure = (Say.WHAT[kind], Say.MEASURE[kind]) if kind else (Say.EVERYTHING, Say.MEASURE[Of.INDICATOR])
    if not found:
        return said(
            [Say.JOINT_NONE.format(units=names(units), what=what)],
            [e.ref for e in entries(catalog) if any(e.is_of(u, "lead") for u in units) and (not ofs or e.of in ofs)],
            suggestions=Say.NEXT,
            route="lists",
        )
    head = Say.JOINT_HEAD.format(units=names(units), what=what, n=len(found), measure=measure)
    return said(
        [head, *numbered([line(e, catalog) for e in found])],
        [e.ref for e in found],
        suggestions=Say.NEXT,
        route="lists",
        units=" ".join(units),
    )


def _most(question: Question, catalog: Catalog, ofs: tuple[Of, ...], role: str) -> Answer | None:
    kinds = ofs or ((Of.PROJECT,) if role == "support" else (Of.INDICATOR,) if catalog.indicators else (Of.ARTICLE,))
    counted = [e for e in entries(catalog) if e.of in kinds]
    counts = Counter(u for e in counted for u in (e.lead_units if role == "lead" else e.support_units))
    what, measure = Say.WHAT[kinds[0]], Say.MEASURE[kinds[0]]
    least = bool(re.search("最?少|最轻", question.text)) and not re.search("多少", question.text)
    word = "少" if least else "多"
    if len(question.bodies) > 1:
        return _between(question, counted, counts, role, what, measure, word)
    if not counts or not re.search("单位|部门|局|谁|哪家", question.text):
        return None
    top = (min if least else max)(counts.values())
    best = [u for u, n in counts.items() if n == top]
    lines = [Say.MOST.format(unit=names(best), most=word, n=top, measure=measure, what=what)]
    lines += [line(e, catalog) for e in counted if e.is_of(best[0], role)] if len(best) == 1 else []
    return said(
        lines,
        [e.ref for e in counted if any(e.is_of(u, role) for u in best)],
        suggestions=Say.NEXT,
        route="lists",
        units=best[0],
    )


def _between(
    question: Question, counted: Sequence[Entry], counts: Counter[str], role: str, what: str, measure: str, word: str
) -> Answer:
    units = question.bodies
    each = [Say.EACH.format(unit=u, n=counts[u], measure=measure, what=what) for u in units]
    best = sorted(units, key=lambda u: counts[u], reverse=word == "多")
    verdict = Say.SAME if counts[best[0]] == counts[best[1]] else Say.LEADER.format(unit=best[0], most=word)
    return said(
        ["，".join(each) + "，" + verdict],
        [e.ref for e in counted if any(e.is_of(u, role) for u in units)],
        suggestions=Say.NEXT,
        route="lists",
        units=" ".join(units),
    )


def _by_condition(question: Question, catalog: Catalog, ofs: tuple[Of, ...]) -> Answer | None:
    said_value = VALUE.search(question.text)
    if said_value and catalog.indicators and (not ofs or Of.INDICATOR in ofs):
        return _of_value(Decimal(said_value[1]), question, catalog)
    conditions = [c for c in TESTS if c in question.conditions and (c != "due_first" or question.years.years)]
    if conditions and catalog.indicators and (not ofs or Of.INDICATOR in ofs or conditions == ["joint"]):
        return _meeting(conditions[0], question, catalog, ofs)
    if question.topic:
        return None
    found = [e for e in entries(catalog) if (e.of in ofs if ofs else True)]
    if not found or not (ofs or "duty" in question.nouns):
        return None
    kind = ofs[0] if len(ofs) == 1 else None
    what, measure = (Say.WHAT[kind], Say.MEASURE[kind]) if kind else (Say.EVERYTHING, Say.MEASURE[Of.INDICATOR])
    head = Say.ALL.format(what=what, n=len(found), measure=measure)
    return said(
        [head, *numbered([line(e, catalog) for e in found])],
        [e.ref for e in found],
        suggestions=Say.NEXT,
        route="lists",
    )


def _of_value(value: Decimal, question: Question, catalog: Catalog) -> Answer:
    """The indicators with this target, in the years asked for."""
    years, units = question.years.years, question.bodies
    met = [
        i.ref
        for i in catalog.notice.indicators
        if any(f.value == value and (not years or f.year in years) for f in i.figures) and (not units or set(units) & set(i.lead_units))
    ]
    label = Say.VALUE.format(years="、".join(f"{y}年" for y in years), value=value)
    found = [e for e in entries(catalog) if e.ref in met]
    what, measure = Say.WHAT[Of.INDICATOR], Say.MEASURE[Of.INDICATOR]
    if not found:
        searched = [i.ref for i in catalog.notice.indicators]
        return said([Say.NO_SUCH.format(condition=label, what=what)], searched, suggestions=Say.NEXT, route="lists")
    head = Say.COUNTED.format(condition=label, what=what, n=len(found), measure=measure)
    return said([head, *numbered([line(e, catalog) for e in found])], met, suggestions=Say.NEXT, route="lists")


def _meeting(condition: str, question: Question, catalog: Catalog, ofs: tuple[Of, ...]) -> Answer:
    kind = ofs[0] if ofs else Of.INDICATOR
    years = catalog.years
    label = Say.CONDITIONS[condition].format(year=(question.years.years or years or (0,))[0])
    if condition == "joint":
        found = [e for e in entries(catalog) if e.of == kind and len(e.lead_units) > 1]
    else:
        test = TESTS[condition]
        met = [i.ref for i in catalog.notice.indicators if test(i)]
        found = [e for e in entries(catalog) if e.ref in met]
    if not found:
        return said(
            [Say.NO_SUCH.format(condition=label, what=Say.WHAT[kind])],
            [i.ref for i in catalog.notice.indicators],
            suggestions=Say.NEXT,
            route="lists",
        )
    head = Say.COUNTED.format(condition=label, what=Say.WHAT[kind], n=len(found), measure=Say.MEASURE[kind])
    return said(
        [head, *numbered([line(e, catalog, e.lead_units[0] if e.lead_units else None) for e in found])],
        [e.ref for e in found],
        suggestions=Say.NEXT,
        route="lists",
    )


def _values(indicator: Indicator) -> list[Decimal]:
    return [f.value for f in sorted(indicator.figures, key=lambda f: f.year or 0) if f.value is not None]


def _is_rate(indicator: Indicator) -> bool:
    return any(f.unit == "%" for f in indicator.figures)


TESTS: dict[str, Callable[[Indicator], bool]] = {
    "joint": lambda i: len(i.lead_units) > 1,
    "zero": lambda i: len(_values(i)) > 1 and _values(i)[0] == 0 < _values(i)[-1],
    "same": lambda i: len(_values(i)) > 1 and len(set(_values(i))) == 1,
    "rise": lambda i: len(_values(i)) > 1 and _values(i)[0] > 0 and _values(i)[-1] == 2 * _values(i)[0],
    "whole": lambda i: _is_rate(i) and set(_values(i)) == {Decimal(100)},
    "rate": _is_rate,
    "due_first": lambda i: len(_values(i)) > 1 and _values(i)[0] == _values(i)[-1] != 0,
}
