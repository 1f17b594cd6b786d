"""Who has more, and what several units lead together. Counts rows; compares no targets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from knowledge.answering.entries import Entry, called, entries, line, numbered
from knowledge.answering.printing import names
from knowledge.answering.saying import said
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.pieces import Of
from knowledge.question import Question

WITHOUT = re.compile("(?:单位|部门|谁|哪家|局).{0,4}(?:没有?|不)(?:牵头|负责|领|分到)?(?:任何)?(?:的)?(指标|项目|任务)")


class Say:
    JOINT_HEAD = "{units}共同负责的{what}共{n}{measure}："
    JOINT_NONE = "没有由{units}共同负责的{what}。"
    MOST = "{unit}最{most}，{n}{measure}{what}。"
    EACH = "{unit}：{n}{measure}{what}"
    SAME = "一样多。"
    LEADER = "{unit}更{most}。"
    WITHOUT = "文件里提到、但没有牵头{what}的单位共{n}个：{units}（据各表和正文责任单位统计）。"
    NEXT = ("我的任务", "有哪些指标", "有哪些项目")


def answer_joint(question: Question, catalog: Catalog, ofs: tuple[Of, ...]) -> Answer:
    units = question.bodies
    found = [
        e
        for e in entries(catalog)
        if (not ofs or e.of in ofs) and len(e.lead_units) > 1 and all(e.is_of(u, "lead") for u in units)
    ]
    what, measure = called(ofs[:1])
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
    )


def answer_without(question: Question, catalog: Catalog) -> Answer | None:
    """The units that lead no row of the kind asked for: 哪些单位没有指标."""
    found = WITHOUT.search(question.text)
    if not found or question.topic or question.bodies:
        return None
    kind = {"指标": Of.INDICATOR, "项目": Of.PROJECT}.get(found[1])
    every = [e for e in entries(catalog) if kind in (None, e.of)]
    leading = {u for e in every for u in e.lead_units}
    idle = [u for u in catalog.notice.units if u not in leading]
    line = Say.WITHOUT.format(what=found[1], n=len(idle), units=names(idle))
    return said([line], dict.fromkeys(e.ref for e in every), suggestions=Say.NEXT, route="lists")


def answer_most(question: Question, catalog: Catalog, ofs: tuple[Of, ...], role: str) -> Answer | None:
    kinds = ofs or ((Of.PROJECT,) if role == "support" else (Of.INDICATOR,) if catalog.indicators else (Of.ARTICLE,))
    counted = [e for e in entries(catalog) if e.of in kinds]
    counts = Counter(u for e in counted for u in (e.lead_units if role == "lead" else e.support_units))
    what, measure = called(kinds[:1])
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
    )
