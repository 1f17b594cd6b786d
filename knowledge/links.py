"""Which passage states which figure series: rows, projects and articles joined by what they count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from knowledge.likeness import SAME, amount, comparable, likeness, overlap, same_scope, same_words
from knowledge.notice import Article, Figure, Indicator, Notice, Project, Ref

RETOLD = 0.4
"""The share of a project's phrases that an article repeats when it tells of the same work."""


@dataclass(slots=True)
class Series:
    """One figure series and every statement of it, the defining one first."""

    name: str
    owner: Ref
    said: list[tuple[Ref, Figure]] = field(default_factory=list)

    @property
    def refs(self) -> tuple[Ref, ...]:
        return tuple(dict.fromkeys(ref for ref, _ in self.said))

    def score(self, figure: Figure, about: str) -> float:
        """How well a figure fits in [0, 1]; 0 when it counts something else, or what is narrower in another number."""
        if not any(comparable(figure, known) for _, known in self.said):
            return 0.0
        alike = likeness(self.name, about)
        if alike >= SAME and not (same_scope(self.name, about) or same_words(self.name, about) or self._states(figure)):
            return 0.0
        return alike

    def _states(self, figure: Figure) -> bool:
        """Whether the number already stands in the series, or lies in the range said."""
        low, high = amount(figure), amount(figure, high=True)
        numbers = [number for _, known in self.said if (number := amount(known)) is not None]
        return low is not None and high is not None and any(low <= number <= high for number in numbers)


@dataclass(frozen=True, slots=True)
class Links:
    """Everything that was joined."""

    rows: dict[Ref, list[Series]]
    """Series by the indicator, project or article that owns them."""
    retold: dict[Ref, Ref]
    """Project → the article that tells of the same work."""

    def all(self) -> Iterator[Series]:
        """Every series, indicators first, then projects, then articles."""
        for found in self.rows.values():
            yield from found

    def stating(self, ref: Ref) -> tuple[Series, ...]:
        """The series a passage states."""
        return tuple(series for series in self.all() if ref in series.refs)


def find_links(notice: Notice) -> Links:
    """Join the figures of the notice into series."""
    links = Links({}, _retold(notice))
    for row in notice.indicators:
        _join_row(row, links)
    for project in notice.projects:
        _join_text(project.ref, project.figures, (project.name,), links)
    for article in notice.articles:
        _join_text(article.ref, article.figures, (), links)
    return links


def _join_row(row: Indicator, links: Links) -> None:
    """A row is a series of its own unless another table's row says the very same."""
    for series in links.all():
        known = {figure.year: figure.value for _, figure in series.said}
        again = {figure.year: figure.value for figure in row.figures}
        other_table = series.owner.split(":")[0] != row.ref.split(":")[0]
        if other_table and likeness(series.name, row.name) >= 0.95 and known == again:
            series.said += [(row.ref, figure) for figure in row.figures]
            links.rows[row.ref] = []
            return
    links.rows[row.ref] = [Series(row.name, row.ref, [(row.ref, figure) for figure in row.figures])]


def _join_text(ref: Ref, figures: Sequence[Figure], names: Sequence[str], links: Links) -> None:
    """Each figure of a text goes to the series it fits best; what fits none opens its own."""
    valued = [figure for figure in figures if figure.value is not None]
    table = ref.partition(":")[0] if "body" not in ref else None
    known = [series for series in links.all() if series.owner.partition(":")[0] != table]
    fits = sorted(
        (
            (_fit(series, figure, names if len(valued) == 1 else ()), s, f)
            for s, series in enumerate(known)
            for f, figure in enumerate(valued)
        ),
        key=lambda fit: (-fit[0], fit[1], fit[2]),
    )
    taken: dict[int, int] = {}
    used: set[tuple[int, int | None, date | None]] = set()
    for score, s, f in fits:
        if (
            score < SAME
            or f in taken
            or (s, valued[f].year, valued[f].due) in used
            or (s in taken.values() and not _same_words(valued, taken, s, f))
        ):
            continue
        taken[f] = s
        used.add((s, valued[f].year, valued[f].due))
        known[s].said.append((ref, valued[f]))
    links.rows[ref] = _own(ref, [figure for f, figure in enumerate(valued) if f not in taken])


def _fit(series: Series, figure: Figure, names: Sequence[str]) -> float:
    return max(series.score(figure, about) for about in (figure.about, *names))


def _same_words(valued: Sequence[Figure], taken: dict[int, int], s: int, f: int) -> bool:
    """A passage may state a series for several years, in the same words."""
    return all(likeness(valued[f].about, valued[other].about) >= 0.9 for other, series in taken.items() if series == s)


def _own(ref: Ref, figures: Sequence[Figure]) -> list[Series]:
    own: list[Series] = []
    for figure in figures:
        fitting = next(
            (s for s in own if likeness(s.name, figure.about) >= 0.95 and comparable(s.said[0][1], figure)), None
        )
        if fitting and figure.year not in {known.year for _, known in fitting.said}:
            fitting.said.append((ref, figure))
        else:
            own.append(Series(figure.about or figure.quote[:30], ref, [(ref, figure)]))
    return own


def _retold(notice: Notice) -> dict[Ref, Ref]:
    found: dict[Ref, Ref] = {}
    for project in notice.projects:
        scored = [(overlap(project.content or project.name, article.text), article.ref) for article in notice.articles]
        best = max(scored, key=lambda pair: pair[0], default=(0.0, Ref("")))
        if best[0] >= RETOLD:
            found[project.ref] = best[1]
    return found


Duty = Indicator | Project | Article


def duties_of(notice: Notice) -> dict[Ref, Duty]:
    """Everything that names units, by ref; two articles of one ref cannot be."""
    items: tuple[Duty, ...] = (*notice.articles, *notice.projects, *notice.indicators)
    return {item.ref: item for item in items}
