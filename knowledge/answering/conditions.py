"""Lists by condition: all of a kind, with a target of 0, the same in all years, led by two, due in a year."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import ClassVar

from knowledge.answering.dues import answer_due
from knowledge.answering.entries import called, entries, line, numbered
from knowledge.answering.saying import said
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.notice import Indicator
from knowledge.pieces import Of
from knowledge.question import Question

VALUE = re.compile(r"(?:目标|指标|任务|数|值)?(?:为|是|等于|都是)(\d+(?:\.\d+)?)(?:个|家|所|条|项|%)?的")


class Say:
    ALL = "{what}共{n}{measure}："
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


def answer_by_condition(question: Question, catalog: Catalog, ofs: tuple[Of, ...]) -> Answer | None:
    said_value = VALUE.search(question.text)
    if said_value and catalog.indicators and (not ofs or Of.INDICATOR in ofs):
        return _of_value(Decimal(said_value[1]), question, catalog)
    if question.years.years and not ofs and not question.topic and not question.conditions & {"joint", "same", "zero"}:
        return answer_due(question, catalog)
    conditions = [c for c in TESTS if c in question.conditions and (c != "due_first" or question.years.years)]
    if conditions and catalog.indicators and (not ofs or Of.INDICATOR in ofs or conditions == ["joint"]):
        return _meeting(conditions[0], question, catalog, ofs)
    if question.topic:
        return None
    found = [e for e in entries(catalog) if (e.of in ofs if ofs else True)]
    if not found or not (ofs or "duty" in question.nouns):
        return None
    what, measure = called(ofs)
    lines = [Say.ALL.format(what=what, n=len(found), measure=measure), *numbered([line(e, catalog) for e in found])]
    return said(lines, [e.ref for e in found], suggestions=Say.NEXT, route="lists")


def _of_value(value: Decimal, question: Question, catalog: Catalog) -> Answer:
    """The indicators with this target, in the years asked for."""
    years, units = question.years.years, question.bodies
    met = [
        i.ref
        for i in catalog.notice.indicators
        if any(f.value == value and (not years or f.year in years) for f in i.figures)
        and (not units or set(units) & set(i.lead_units))
    ]
    label = Say.VALUE.format(years="、".join(f"{y}年" for y in years), value=value)
    found = [e for e in entries(catalog) if e.ref in met]
    what, measure = called([Of.INDICATOR])
    if not found:
        searched = [i.ref for i in catalog.notice.indicators]
        return said([Say.NO_SUCH.format(condition=label, what=what)], searched, suggestions=Say.NEXT, route="lists")
    head = Say.COUNTED.format(condition=label, what=what, n=len(found), measure=measure)
    return said([head, *numbered([line(e, catalog) for e in found])], met, suggestions=Say.NEXT, route="lists")


def _meeting(condition: str, question: Question, catalog: Catalog, ofs: tuple[Of, ...]) -> Answer:
    kind = ofs[0] if ofs else Of.INDICATOR
    years = catalog.years
    what, measure = called([kind])
    label = Say.CONDITIONS[condition].format(year=(question.years.years or years or (0,))[0])
    if condition == "joint":
        found = [e for e in entries(catalog) if e.of == kind and len(e.lead_units) > 1]
    else:
        test = TESTS[condition]
        met = [i.ref for i in catalog.notice.indicators if test(i)]
        found = [e for e in entries(catalog) if e.ref in met]
    if not found:
        return said(
            [Say.NO_SUCH.format(condition=label, what=what)],
            [i.ref for i in catalog.notice.indicators],
            suggestions=Say.NEXT,
            route="lists",
        )
    head = Say.COUNTED.format(condition=label, what=what, n=len(found), measure=measure)
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
