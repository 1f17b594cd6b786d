"""Which target counts: where the office ruled on a contradiction, the figures of the side it chose (暂按口径).

The one place that says so. What the notice prints stays as it is: answers quote both sides from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from knowledge.likeness import likeness
from knowledge.notice import Article, Conflict, Figure, Indicator, Kind, Matter, Measure, Notice, Project, Ref, Side
from knowledge.office import Ruling
from knowledge.text import tidy

EACH_YEAR = re.compile(r"年均|每年|逐年|历年")
LEVELS = frozenset({Kind.GROWTH, Kind.SHARE})


def ruled_matters(notice: Notice, rulings: Iterable[Ruling]) -> tuple[Matter, ...]:
    """The matters of the notice in its order, each with the targets that count."""
    chosen = {r.matter: r.chosen for r in rulings if r.notice == notice.key}
    if not chosen:
        return notice.matters
    return tuple(
        as_ruled(m, chosen[m.key], (c for c in notice.conflicts if c.matter == m.key), notice) if m.key in chosen else m
        for m in notice.matters
    )


def as_ruled(matter: Matter, chosen: Ref, conflicts: Iterable[Conflict], notice: Notice) -> Matter:
    """The matter with the figures of the chosen side; itself where its own row was chosen or no target is disputed."""
    measures = matter.measures
    for conflict in conflicts:
        side = chosen_side(conflict, chosen)
        if side is None or conflict.sides[0].ref == chosen:
            continue
        owner = conflict.sides[0].ref
        measures = tuple(
            with_figures(m, figures) if m.name == conflict.about and (figures := said(m, side, owner, notice)) else m
            for m in measures
        )
    return matter if measures == matter.measures else replace(matter, measures=measures)


def chosen_side(conflict: Conflict, chosen: Ref) -> Side | None:
    """The side of a hard contradiction about a target that stands at the place."""
    if conflict.kind != "figure" or conflict.soft:
        return None
    return next((side for side in conflict.sides if side.ref == chosen), None)


def said(measure: Measure, side: Side, owner: Ref, notice: Notice) -> list[Figure]:
    """The figures that the passage states for the measure: of several in one sentence those most like it by name."""
    if side.ref == owner:
        return []
    duties: tuple[Article | Project | Indicator, ...] = (*notice.articles, *notice.projects, *notice.indicators)
    there = [figure for duty in duties if duty.ref == side.ref for figure in duty.figures]
    fitting = [f for f in there if f.value is not None and f.unit == measure.unit and f.kind is measure.kind]
    quoted = [f for f in fitting if tidy(f.quote) == side.quote] or fitting
    best = max((likeness(measure.name, f.about) for f in quoted), default=0.0)
    return [f for f in quoted if likeness(measure.name, f.about) == best]


def with_figures(measure: Measure, figures: Iterable[Figure]) -> Measure:
    """The measure with these targets in the years they name; a yearly level holds in every year up to its own."""
    targets = list(measure.targets)
    for figure in figures:
        last = figure.year or max((t.year or 0 for t in targets), default=0) or None
        each = measure.kind in LEVELS and bool(EACH_YEAR.search(figure.quote))
        targets = [limited(t, figure, last, each=each) for t in targets]
        if last not in {t.year for t in targets}:
            targets.append(replace(figure, year=last))
    return replace(measure, targets=tuple(sorted(targets, key=lambda t: t.year or 0)))


def limited(target: Figure, figure: Figure, last: int | None, *, each: bool) -> Figure:
    """A year's target beside the figure that counts by `last`; no stock is wanted beyond that before it."""
    earlier = bool(target.year and last and target.year < last)
    beyond = target.value is not None and figure.value is not None and target.value > figure.value
    if target.year == last or (earlier and (each or (target.kind is Kind.STOCK and beyond))):
        return replace(figure, year=target.year, due=target.due)
    return target
