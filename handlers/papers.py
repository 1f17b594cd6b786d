"""Papers to be made outside this process: what is on them, as plain documents. Making them is bot's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from storage import JSON

Form = Literal["xlsx", "docx", "png", "zip"]
Cell = str | int | float | None
Place = Literal["mark", "title", "to", "head", "subhead", "text", "annex", "sign"]


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to be made: its name, its form, what is on it."""

    name: str
    form: Form
    content: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: columns with their widths (in characters), rows of texts and numbers, lines above and below."""

    name: str
    title: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a bar chart: a share of 100 with the words beside it."""

    label: str
    share: float | None
    words: str
    tone: str = ""
    """`ahead watch behind` or "" when it is not judged."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture: bars of all matters, or the course of one with its target and the pace needed."""

    title: str
    lines: tuple[str, ...]
    """Date and source, under the picture."""
    bars: tuple[Bar, ...] = ()
    course: tuple[tuple[str, float], ...] = ()
    """(ISO day, value), oldest first."""
    pace: tuple[tuple[str, float], ...] = ()
    """The way to the targets: (ISO day, value)."""
    unit: str = ""
    legend: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of a letter's text; `note` tells where it is from, at the foot of the page ("" = none)."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A paragraph of an official letter: what it is in it, and its words."""

    place: Place
    words: tuple[Words, ...]


def grid_json(grid: Grid) -> dict[str, JSON]:
    """The table as a document."""
    return {
        "name": grid.name,
        "title": grid.title,
        "columns": [list(column) for column in grid.columns],
        "rows": [list(row) for row in grid.rows],
        "notes": list(grid.notes),
        "foot": list(grid.foot),
    }


def chart_json(chart: Chart) -> dict[str, JSON]:
    """The picture as a document."""
    return {
        "title": chart.title,
        "lines": list(chart.lines),
        "bars": [{"label": b.label, "share": b.share, "words": b.words, "tone": b.tone} for b in chart.bars],
        "course": [list(point) for point in chart.course],
        "pace": [list(point) for point in chart.pace],
        "unit": chart.unit,
        "legend": list(chart.legend),
    }


def book(name: str, grids: Sequence[Grid]) -> Paper:
    """A workbook."""
    return Paper(name, "xlsx", {"sheets": [grid_json(grid) for grid in grids]})


def report(name: str, grids: Sequence[Grid], foot: str, charts: Sequence[Chart] = ()) -> Paper:
    """A document of tables and pictures; `foot` on every page."""
    content: dict[str, JSON] = {
        "grids": [grid_json(grid) for grid in grids],
        "charts": [chart_json(chart) for chart in charts],
        "foot": foot,
    }
    return Paper(name, "docx", content)


def letter(name: str, written: Sequence[Written], mark: str, grids: Sequence[Grid], foot: str) -> Paper:
    """An official letter: `mark` above every page, its tables on pages of their own, `foot` under those."""
    content: dict[str, JSON] = {
        "letter": [
            {"place": w.place, "words": [{"text": part.text, "note": part.note} for part in w.words]} for w in written
        ],
        "mark": mark,
        "grids": [grid_json(grid) for grid in grids],
        "foot": foot,
    }
    return Paper(name, "docx", content)


def picture(name: str, chart: Chart) -> Paper:
    """A picture."""
    return Paper(name, "png", chart_json(chart))


def paper_json(paper: Paper) -> dict[str, JSON]:
    """The paper as a document."""
    return {"name": paper.name, "form": paper.form, "content": paper.content}


def paper_of(document: Mapping[str, JSON]) -> Paper:
    """The paper of a document. Raises: KeyError, ValueError."""
    forms: Mapping[str, Form] = {"xlsx": "xlsx", "docx": "docx", "png": "png", "zip": "zip"}
    content = document["content"]
    if not isinstance(content, Mapping):
        raise ValueError("content")
    return Paper(str(document["name"]), forms[str(document["form"])], content)
