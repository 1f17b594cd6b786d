"""What a unit has to do: its rows and items, lead or support, in the order of the document, one line each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from knowledge.answering.printing import by_year, kind_note, names, place
from knowledge.catalog import Catalog
from knowledge.notice import Indicator, Ref
from knowledge.pieces import Of
from knowledge.text import squeeze
from knowledge.understanding.places import Years

SHORT_NAME = 28
EVER = Years()
PAGE = 25
NAMED = 4  # other leaders named on a line
ROW = re.compile(r"\d+\. ")
TIME_FIRST = re.compile(r"^(?:力争)?(?:到|在)?(?:\d{4}年|今年|年)(?:底|末)?(?:之?前)?[，,]?")


class Say:
    INDICATOR = "{name}：{figures}{kind}{joint}〔{place}〕"
    OTHER = "{name}{joint}〔{place}〕"
    JOINT = "（与{units}共同负责）"
    AND_MORE = "等单位"
    NO_FIGURE = "没有写数字"
    WHAT: ClassVar[dict[Of, str]] = {Of.INDICATOR: "指标", Of.PROJECT: "项目", Of.ARTICLE: "正文任务"}
    MEASURE: ClassVar[dict[Of, str]] = {Of.INDICATOR: "项", Of.PROJECT: "个", Of.ARTICLE: "条"}
    EVERYTHING = "任务"
    MORE = "还有{n}项，回“下一页”接着看。"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row or item with its units."""

    of: Of
    ref: Ref
    name: str
    lead_units: tuple[str, ...]
    support_units: tuple[str, ...]

    def is_of(self, unit: str, role: str) -> bool:
        """Whether the unit has this role here."""
        return unit in (self.lead_units if role == "lead" else self.support_units)


def entries(catalog: Catalog) -> list[Entry]:
    """Every row and item that names a unit, indicators first."""
    notice = catalog.notice
    rows = [Entry(Of.INDICATOR, i.ref, squeeze(i.name), i.lead_units, i.support_units) for i in notice.indicators]
    rows += [Entry(Of.PROJECT, p.ref, squeeze(p.name), p.lead_units, p.support_units) for p in notice.projects]
    rows += [Entry(Of.INDICATOR, c.ref, f"{c.name}{c.printed}{c.counted}", (c.unit,), ()) for c in catalog.cells]
    return rows + list(_clauses(catalog))


def _clauses(catalog: Catalog) -> Iterable[Entry]:
    rows = {*catalog.indicators, *catalog.projects}
    for clause in catalog.notice.clauses:
        if clause.ref not in rows:
            article = catalog.articles.get(clause.ref)
            name = (
                article.heading
                if article and article.heading and len(catalog.clauses[clause.ref]) == 1
                else clause.quote
            )
            yield Entry(Of.ARTICLE, clause.ref, short(name), clause.lead_units, clause.support_units)


def short(text: str) -> str:
    """`text` cut to a name: without its number and its time, at the first stop."""
    bare = squeeze(text).lstrip("（()）一二三四五六七八九十0123456789.．、第条是 ")
    bare = TIME_FIRST.sub("", bare) or bare
    stops = [i for i in (bare.find(m) for m in "。，,；;：:") if i > 3]
    cut = min(stops, default=len(bare))
    return bare[:cut] if cut <= SHORT_NAME else bare[:SHORT_NAME] + "…"


def line(entry: Entry, catalog: Catalog, unit: str | None = None, years: Years = EVER) -> str:
    """The entry on one line, with its place and who else leads."""
    others = [u for u in entry.lead_units if u != unit] if unit in entry.lead_units else []
    more = Say.AND_MORE if len(others) > NAMED else ""
    joint = Say.JOINT.format(units=names(others[:NAMED]) + more) if others else ""
    indicator = catalog.indicators.get(entry.ref)
    where = place(entry.ref, catalog)
    if indicator is None:
        return Say.OTHER.format(name=entry.name, joint=joint, place=where)
    figures, kind = targets(indicator, years)
    return Say.INDICATOR.format(name=entry.name, figures=figures, kind=kind, joint=joint, place=where)


def targets(indicator: Indicator, years: Years = EVER) -> tuple[str, str]:
    """(2021年30所、2022年59所, （累计）) of an indicator."""
    known = {f.year for f in indicator.figures}
    wanted = tuple(y for y in years.years if y in known)
    timed = [f for f in indicator.figures if f.due and f.due.month in years.quarters]
    by_quarter = len(known) < len(indicator.figures)
    shown = timed if timed and by_quarter else indicator.figures
    return by_year(shown, wanted, quarters=by_quarter) or Say.NO_FIGURE, kind_note(indicator.figures)


def numbered(lines: Sequence[str]) -> list[str]:
    """The lines with 1. 2. 3. in front."""
    return [f"{i}. {text}" for i, text in enumerate(lines, 1)]


def called(ofs: Sequence[Of]) -> tuple[str, str]:
    """(what, measure word) for rows of one kind; 任务, 项 for several."""
    if len(ofs) == 1:
        return Say.WHAT[ofs[0]], Say.MEASURE[ofs[0]]
    return Say.EVERYTHING, Say.MEASURE[Of.INDICATOR]


def paged(lines: Sequence[str], page: int, size: int = PAGE) -> list[str]:
    """The lines of one page under the head they stand under, with a line that tells how many rows follow."""
    rows = [i for i, text in enumerate(lines) if ROW.match(text)]
    if len(rows) <= size:
        return list(lines)
    begin = min((page - 1) * size, (len(rows) - 1) // size * size)
    shown, left = rows[begin : begin + size], len(rows) - begin - size
    heads = [i for i in range(shown[0]) if i not in rows]
    before = lines[: rows[0]] if begin == 0 else [lines[i] for i in heads[-1:]]
    after = [Say.MORE.format(n=left)] if left > 0 else lines[rows[-1] + 1 :]
    return [*before, *lines[shown[0] : shown[-1] + 1], *after]
