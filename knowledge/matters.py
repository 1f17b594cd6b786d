"""Matters: the things of the world a notice wants reported, each once, with every passage that speaks of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from knowledge.figures import is_whole
from knowledge.likeness import amount
from knowledge.links import Duty, Links, Series, duties_of
from knowledge.matrix import figure_of, matrix_cells
from knowledge.notice import Article, Figure, Indicator, Kind, Matter, Measure, Notice, Project, Ref


class Say:
    OF_UNIT = "{name}（{unit}）"


def find_matters(notice: Notice, links: Links) -> tuple[Matter, ...]:
    """Indicators, then projects, then articles and headline targets of their own; each number in one measure only."""
    order = {passage.ref: place for place, passage in enumerate(notice.passages)}
    duties = duties_of(notice)
    matters = [_of_row(row, links, duties, order) for row in notice.indicators if links.rows.get(row.ref)]
    owned = {ref for matter in matters for ref in matter.refs}
    for project in notice.projects:
        if not _told_by_indicators(project, links, duties):
            matters.append(_of_project(project, links, duties, order))
            owned |= set(matters[-1].refs)
    covered = _covered(notice, links, duties)
    for article in notice.articles:
        matters += _of_article(article, links, duties, order, covered)
    return (*matters, *_of_cells(notice))


def _of_cells(notice: Notice) -> Iterable[Matter]:
    """Each unit's own target of a table of units by targets."""
    seen: Counter[Ref] = Counter()
    for cell in matrix_cells(notice):
        figure = figure_of(cell, notice)
        if figure:
            seen[cell.ref] += 1
            key = cell.ref if seen[cell.ref] == 1 else f"{cell.ref}#{seen[cell.ref]}"
            measures = tuple(_measures([Series(cell.name, cell.ref, [(cell.ref, figure)])]))
            name = Say.OF_UNIT.format(name=cell.name, unit=cell.unit)
            yield Matter(key, name, (cell.ref,), (cell.unit,), (), measures)


def _of_row(row: Indicator, links: Links, duties: dict[Ref, Duty], order: dict[Ref, int]) -> Matter:
    series = links.rows[row.ref]
    return _matter(row, row.ref, row.name, series, links, duties, order)


def _told_by_indicators(project: Project, links: Links, duties: dict[Ref, Duty]) -> bool:
    """Whether indicators of a common lead state all its figures."""
    stated = [series for series in links.stating(project.ref) if series.owner != project.ref]
    owners = [duties[series.owner] for series in stated]
    rows = [owner for owner in owners if isinstance(owner, Indicator)]
    shared = all(set(row.lead_units) & set(project.lead_units) or not project.lead_units for row in rows)
    return bool(rows) and len(rows) == len(owners) and shared and not links.rows[project.ref]


def _of_project(project: Project, links: Links, duties: dict[Ref, Duty], order: dict[Ref, int]) -> Matter:
    return _matter(project, project.ref, project.name, links.rows[project.ref], links, duties, order)


def _covered(notice: Notice, links: Links, duties: dict[Ref, Duty]) -> set[Ref]:
    """Articles whose duty rows or projects of a common lead already say."""
    covered: set[Ref] = set()
    for article in notice.articles:
        leads = set(article.lead_units)
        stated = [duties[s.owner] for s in links.stating(article.ref) if s.owner != article.ref]
        told = [duties[project] for project, place in links.retold.items() if place == article.ref]
        others = [item for item in (*stated, *told) if not isinstance(item, Article)]
        if others and (not leads or any(leads & set(item.lead_units) for item in others) or len(stated) > 0):
            covered.add(article.ref)
    return covered


def _of_article(
    article: Article, links: Links, duties: dict[Ref, Duty], order: dict[Ref, int], covered: set[Ref]
) -> list[Matter]:
    own = links.rows[article.ref]
    if not article.lead_units:
        keys = [article.ref if n == 0 else Ref(f"{article.ref}#{n + 1}") for n in range(len(own))]
        return [
            _matter(article, key, series.name, [series], links, duties, order)
            for key, series in zip(keys, own, strict=True)
        ]
    if not own and article.ref in covered:
        return []
    return [_matter(article, article.ref, article.heading, own, links, duties, order)]


def _matter(
    item: Duty,
    key: Ref,
    name: str,
    series: Sequence[Series],
    links: Links,
    duties: dict[Ref, Duty],
    order: dict[Ref, int],
) -> Matter:
    said = [ref for one in series for ref in one.refs]
    retold = [place for project, place in links.retold.items() if project == item.ref]
    refs = [item.ref, *sorted({*said, *retold} - {item.ref}, key=lambda ref: order.get(ref, 0))]
    supports = item.support_units or _supports(item, refs, duties)
    return Matter(key, name, tuple(refs), item.lead_units, supports, tuple(_measures(series)))


def _supports(item: Duty, refs: Iterable[Ref], duties: dict[Ref, Duty]) -> tuple[str, ...]:
    """Whom a row without supporting units of its own has beside it: those of its project, else of its article."""
    others = [duties[ref] for ref in refs if ref in duties and set(duties[ref].lead_units) & set(item.lead_units)]
    near: list[Duty] = [other for other in others if isinstance(other, Project)]
    near = near or [other for other in others if isinstance(other, Article)]
    units = dict.fromkeys(unit for other in near for unit in other.support_units)
    return tuple(unit for unit in units if unit not in item.lead_units)


def _measures(series: Sequence[Series]) -> Iterable[Measure]:
    for number, one in enumerate(series, 1):
        unit = next((figure.unit for _, figure in one.said if figure.unit), "")
        targets = _targets(one)
        valued = [figure for figure in targets if figure.value is not None]
        kind = (valued or targets)[-1].kind if targets else Kind.STATUS
        whole = kind in {Kind.STOCK, Kind.FLOW} and is_whole(unit) and all(_is_integer(figure) for figure in targets)
        yield Measure(str(number), one.name, unit, kind, targets, one.refs, whole)


def _is_integer(figure: Figure) -> bool:
    value = amount(figure)
    return value is None or value == value.to_integral_value()


def _targets(series: Series) -> tuple[Figure, ...]:
    """One figure a year, soonest first: the owner's where it states one, of its quarters the last."""
    by_year: dict[int | None, Figure] = {}
    for ref, figure in series.said:
        known = by_year.setdefault(figure.year, figure)
        if ref == series.owner and known.due and figure.due and figure.due > known.due:
            by_year[figure.year] = figure
    if len(by_year) > 1 and None in by_year:
        del by_year[None]
    return tuple(by_year[year] for year in sorted(by_year, key=lambda y: y or 0))
