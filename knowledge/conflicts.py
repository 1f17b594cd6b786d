"""Passages that differ about one thing: numbers, qualifiers, lead units. Which side counts is for the office."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from knowledge.likeness import amount, same_scope
from knowledge.links import Duty, Links, Series, duties_of
from knowledge.nicknames import same_body
from knowledge.notice import Article, Conflict, Figure, Indicator, Kind, Matter, Notice, Project, Ref, Row, Side
from knowledge.parsing.columns import Role, role_of
from knowledge.text import squeeze, tidy

AT_LEAST = re.compile(r"以上|不低于|不少于|不小于|至少|超过|突破|高于|大于|≥|>")
AT_MOST = re.compile(r"以下|以内|之内|不超过|不高于|不大于|低于|≤|<|控制在")
NEAR = re.compile(r"左右|约|近|上下")
Teams = tuple[frozenset[str], frozenset[str]]
"""Leading and supporting units."""


def find_conflicts(notice: Notice, links: Links, matters: Sequence[Matter]) -> tuple[Conflict, ...]:
    """Figures first, then units; hard before soft within a series."""
    duties = duties_of(notice)
    home = {ref: matter.key for matter in reversed(matters) for ref in matter.refs}
    home |= {matter.refs[0]: matter.key for matter in reversed(matters)}
    found: list[Conflict] = []
    for series in links.all():
        found += _figures(series, notice, duties, home.get(series.owner))
    found += _units(links, duties, notice, matters)
    return tuple(found)


def _figures(series: Series, notice: Notice, duties: dict[Ref, Duty], matter: str | None) -> Iterator[Conflict]:
    owner = [figure for ref, figure in series.said if ref == series.owner]
    others = [(ref, figure) for ref, figure in series.said if ref != series.owner]
    hard = [(ref, figure) for ref, figure in others if _differs(series, owner, figure) == "hard"]
    soft = [(ref, figure) for ref, figure in others if _differs(series, owner, figure) == "soft"]
    own = Side(series.owner, _quote(series.owner, notice, duties, owner))
    for places, is_soft in ((hard, False), (soft, True)):
        if places:
            sides = {ref: Side(ref, tidy(figure.quote)) for ref, figure in places}
            yield Conflict(series.name, "figure", is_soft, (own, *sides.values()), matter)


def _differs(series: Series, owner: Sequence[Figure], figure: Figure) -> str:
    """`hard` another number for the same year, `soft` another qualifier or time, else nothing."""
    numbered = [known for known in owner if known.value is not None]
    if not numbered or figure.value is None:
        return ""
    same = [known for known in numbered if known.year == figure.year or known.year is None]
    known = (
        _at_that_time(same, figure)
        if same
        else max(numbered, key=lambda f: f.year or 0)
        if figure.year is None
        else None
    )
    if known is None:
        return ""
    if not _equal(known, figure):
        if figure.year is None and any(_equal(other, figure) for other in numbered):
            return "soft"
        allowed = not any(_both_bounded(one, figure) for one in _alike(known, series)) and (
            _agree(known, figure) or _agree(figure, known)
        )
        return "soft" if allowed or not same_scope(series.name, figure.about) else "hard"
    qualified = all(_qualified(one, figure) for one in same or [known] if _equal(one, figure))
    return "soft" if qualified or _earlier(numbered, figure) else ""


def _alike(known: Figure, series: Series) -> list[Figure]:
    """The figure with all that state the same: a table loses the 以上 that the text gives its number."""
    return [known, *(f for _, f in series.said if f is not known and f.year == known.year and _equal(f, known))]


def _at_that_time(known: Sequence[Figure], figure: Figure) -> Figure:
    """Of a year's quarters the one that ends on the day said, else the last."""
    same = [k for k in known if k.due and k.due == figure.due]
    return same[0] if same else max(known, key=lambda k: k.due.toordinal() if k.due else 0)


def _equal(one: Figure, other: Figure) -> bool:
    return (
        amount(one) == amount(other)
        and (one.high is None) == (other.high is None)
        and amount(one, high=True) == amount(other, high=True)
    )


def _agree(plain: Figure, bounded: Figure) -> bool:
    """Whether the bounded figure allows the plain one."""
    value, low, high = amount(plain), amount(bounded), amount(bounded, high=True)
    if value is None or low is None or high is None:
        return False
    if bounded.high is not None:
        return low <= value <= high
    bound = bounded.bound or ""
    if AT_LEAST.search(bound):
        return value >= low
    if AT_MOST.search(bound):
        return value <= low
    return bool(NEAR.search(bound)) and abs(value - low) * 10 <= abs(low)


def _both_bounded(one: Figure, other: Figure) -> bool:
    """60公里以上 and 80公里以上 are two numbers, not one that allows the other."""
    if one.high is not None or other.high is not None:
        return False
    return any(bound.search(one.bound or "") and bound.search(other.bound or "") for bound in (AT_LEAST, AT_MOST))


def _qualified(one: Figure, other: Figure) -> bool:
    """One side says 以上, 力争, the other says the number alone."""
    return bool(one.bound) != bool(other.bound)


def _earlier(numbered: Sequence[Figure], figure: Figure) -> bool:
    """A share the text wants by the last year that the table wants from the first."""
    years = sorted({known.year for known in numbered if known.year})
    level = figure.kind is Kind.SHARE and len({amount(known) for known in numbered}) == 1
    return level and len(years) > 1 and figure.year == years[-1]


def _quote(ref: Ref, notice: Notice, duties: dict[Ref, Duty], figures: Sequence[Figure]) -> str:
    """A row as its cells, a text as the phrase that says it."""
    row = next((row for table in notice.tables for row in table.rows if row.ref == ref), None)
    if row and not isinstance(duties.get(ref), Article) and all(len(cell) < 60 for _, cell in row.cells):
        return _read(row, duties.get(ref))
    return tidy("；".join(dict.fromkeys(figure.quote for figure in figures)))


def _read(row: Row, item: Duty | None) -> str:
    """A row as one reads it: its name with the years' figures; of a project its name and content."""
    if isinstance(item, Project):
        return f"{squeeze(item.name)}：{squeeze(item.content)}"
    said = [f"{squeeze(c)}{squeeze(cell)}" for c, cell in row.cells if role_of(c) is Role.VALUE and squeeze(cell)]
    return f"{squeeze(item.name) if isinstance(item, Indicator) else ''}：{'、'.join(said)}"


def _units(links: Links, duties: dict[Ref, Duty], notice: Notice, matters: Sequence[Matter]) -> Iterator[Conflict]:
    """Leads that differ between passages of one matter; where they agree, supporting units that differ."""
    home = {ref: matter.key for matter in reversed(matters) for ref in matter.refs}
    for matter in matters:
        if places := _differing(matter, duties):
            sides = tuple(Side(ref, _duty_quote(ref, duties, notice)) for ref in places)
            yield Conflict(matter.name, "unit", False, sides, matter.key)
    for project in notice.projects:
        article = _article_of(project.ref, links, duties)
        if (
            article
            and set(article.lead_units) == set(project.lead_units)
            and set(article.support_units) != set(project.support_units)
        ):
            sides = tuple(Side(ref, _duty_quote(ref, duties, notice)) for ref in (project.ref, article.ref))
            yield Conflict(project.name, "unit", True, sides, home.get(project.ref))


def _differing(matter: Matter, duties: dict[Ref, Duty]) -> tuple[Ref, ...]:
    """Every passage of the matter that names leads, its own first; empty when all name the same."""
    named = {ref: duties[ref] for ref in matter.refs if ref in duties and duties[ref].lead_units}
    if matter.refs[0] not in named:
        return ()
    apart = any(not (_covers(a, b) or _covers(b, a)) for a, b in combinations(map(_teams, named.values()), 2))
    return tuple(named) if apart else ()


def _teams(duty: Duty) -> Teams:
    return frozenset(duty.lead_units), frozenset(duty.support_units)


def _covers(one: Teams, other: Teams) -> bool:
    """Whether both name the same leads, or one is a plain list of all concerned, of whom the other names the lead."""
    leads, others, beside = one[0], _as_in(one[0], other[0]), _as_in(one[0], other[1])
    plain = len(leads) > 1 and not one[1]
    if leads == others or (plain and others < leads):
        return True
    return plain and bool(leads & others) and leads <= others | beside


def _as_in(known: frozenset[str], units: frozenset[str]) -> frozenset[str]:
    """The units, one that is known by a longer or shorter name by that name."""
    return frozenset(next((name for name in known if same_body(name, unit)), unit) for unit in units - known) | (
        units & known
    )


def _article_of(project: Ref, links: Links, duties: dict[Ref, Duty]) -> Article | None:
    """The article with duties that tells of the project's work."""
    place = links.retold.get(project)
    found = duties.get(place) if place else None
    return found if isinstance(found, Article) and found.lead_units and found.support_units else None


def _duty_quote(ref: Ref, duties: dict[Ref, Duty], notice: Notice) -> str:
    clause = next((clause for clause in notice.clauses if clause.ref == ref), None)
    if clause:
        return tidy(clause.printed)
    return f"{_name(duties[ref])}：{'、'.join(duties[ref].lead_units)}"


def _name(item: Duty) -> str:
    return item.heading if isinstance(item, Article) else item.name
