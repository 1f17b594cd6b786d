"""Places that differ: both said with both quotes, a ruling above them. Never decides which is right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.answering.printing import by_year, kind_note, place, quoted
from knowledge.answering.saying import refused, said
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.notice import Conflict, Ref
from knowledge.office import Ruling
from knowledge.question import Question
from knowledge.text import squeeze

LONG = 200


class Say:
    TWO = "文件里有{n}种说法（目标不一致），都列出："
    TWO_UNITS = "文件里写的责任单位不一致，都列出："
    SIDE = "{place}：{quote}"
    RULING = "暂按{place}（办公室{on.year}年{on.month}月{on.day}日，依据：{basis}）。"
    UNDECIDED = "通知本身没有说以哪处为准，由联席会议办公室明确。"
    ALL = "通知里有{n}处前后不一致："
    LINE = "{about}：{places}"
    NONE = "没有发现前后不一致的地方。"
    NEXT = ("看原文", "有哪些指标")


def sides(conflict: Conflict, catalog: Catalog) -> list[str]:
    """One line a place, each with its quote; a row of figures by year."""
    rows = {s.ref: catalog.indicators[s.ref] for s in conflict.sides if s.ref in catalog.indicators}
    lines = []
    for side in conflict.sides:
        row = rows.get(side.ref) if conflict.kind == "figure" else None
        figures = f"{by_year(row.figures)}{kind_note(row.figures)}" if row else ""
        quote = f"{squeeze(row.name)}{figures}" if row else quoted(side.quote, LONG)
        lines.append(Say.SIDE.format(place=place(side.ref, catalog), quote=quote))
    return lines


def both(found: Iterable[Conflict], catalog: Catalog) -> list[str]:
    """Every side of every conflict, each under its heading, a ruling above all; nothing for none."""
    rulings = dict.fromkeys(catalog.rulings[c.matter] for c in found if c.matter in catalog.rulings)
    lines = [ruled(r, catalog) for r in rulings]
    for conflict in found:
        head = Say.TWO.format(n=len(conflict.sides)) if conflict.kind == "figure" else Say.TWO_UNITS
        lines += [head, *sides(conflict, catalog)]
    return [*lines, *([] if rulings else [Say.UNDECIDED])] if lines else []


def ruled(ruling: Ruling, catalog: Catalog) -> str:
    """The line above the quotes that says what the office uses meanwhile."""
    return Say.RULING.format(place=place(ruling.chosen, catalog), on=ruling.on, basis=ruling.basis)


def cited(found: Iterable[Conflict]) -> list[Ref]:
    """Every place of the conflicts, once."""
    return list(dict.fromkeys(s.ref for c in found for s in c.sides))


def answer_overview(question: Question, catalog: Catalog) -> Answer | None:
    """All contradictions of the notice, when they are asked for in general."""
    if "conflicts" not in question.nouns or question.topic or question.bodies:
        return None
    found: Sequence[Conflict] = [c for c in catalog.notice.conflicts if not c.soft]
    if not found:
        return refused([Say.NONE], Say.NEXT)
    lines = [Say.LINE.format(about=c.about, places="；".join(place(s.ref, catalog) for s in c.sides)) for c in found]
    return said(
        [Say.ALL.format(n=len(found)), *(f"{i}. {text}" for i, text in enumerate(lines, 1))],
        cited(found),
        suggestions=Say.NEXT,
        route="conflicts",
    )
