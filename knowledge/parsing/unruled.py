"""Characters of a PDF's page into lines, and tables without lines drawn: cells told by the white between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypedDict

from knowledge.parsing.blocks import Cell, GridRow, printed_row
from knowledge.parsing.columns import Role, is_header, role_of
from knowledge.text import squeeze

SAME_LINE = 0.45
"""Of a character's height: how far the middles of two on one line may be apart; fonts sit differently."""
BLANK = 3.0
"""Points between two characters that print as a blank."""
APART = 0.7
"""Of a character's height: white between two cells."""
FEWEST = 3
"""Columns of a table without lines; two may be a list with its posts."""


class Char(TypedDict):
    """What is used of a character of the page."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that stand together on a line."""

    text: str
    x0: float
    x1: float
    top: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a page and the runs between its white."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    runs: tuple[Run, ...]

    @property
    def size(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Unruled:
    """A table without lines, header first, and the height of the page it begins at."""

    rows: tuple[GridRow, ...]
    top: float


@dataclass(slots=True)
class _Band:
    """Lines that stand side by side: the lines of one row's cells."""

    lines: list[TextLine]
    bottom: float

    def runs(self) -> list[Run]:
        return [run for line in self.lines for run in line.runs]

    def size(self) -> float:
        return max(line.size for line in self.lines)


Span = tuple[float, float]


def lines_of(chars: Iterable[Char]) -> list[TextLine]:
    """The lines of a page from top to bottom; characters of several fonts on one line stay together."""
    rows: list[tuple[float, list[Char]]] = []
    for char in sorted(chars, key=lambda c: (c["top"] + c["bottom"]) / 2):
        middle, height = (char["top"] + char["bottom"]) / 2, char["bottom"] - char["top"]
        near = rows[-1] if rows else None
        if near and abs(middle - near[0]) <= min(height, near[1][0]["bottom"] - near[1][0]["top"]) * SAME_LINE:
            near[1].append(char)
        else:
            rows.append((middle, [char]))
    lines = (_line(sorted(row, key=lambda c: c["x0"])) for _, row in rows)
    return sorted((line for line in lines if line), key=lambda line: line.top)


def _line(chars: Sequence[Char]) -> TextLine | None:
    inked = [char for char in chars if char["text"].strip()]
    if not inked:
        return None
    words = chars[0]["text"]
    for last, char in pairwise(chars):
        words += (" " if char["x0"] - last["x1"] > BLANK else "") + char["text"]
    top, bottom = min(c["top"] for c in inked), max(c["bottom"] for c in inked)
    runs: list[list[Char]] = [[inked[0]]]
    for char in inked[1:]:
        if char["x0"] - runs[-1][-1]["x1"] > (char["bottom"] - char["top"]) * APART:
            runs.append([])
        runs[-1].append(char)
    cut = tuple(Run("".join(c["text"] for c in run), run[0]["x0"], run[-1]["x1"], top) for run in runs)
    return TextLine(words.strip(), inked[0]["x0"], inked[-1]["x1"], top, bottom, cut)


def tables_among(lines: Sequence[TextLine]) -> list[TextLine | Unruled]:
    """The lines in order, those of tables without lines drawn put together."""
    bands = _bands(lines)
    found: list[TextLine | Unruled] = []
    at = 0
    while at < len(bands):
        end = _end_of_table(bands, at)
        table = _table(bands[at:end]) if end - at > 2 else None
        if table:
            found.append(table)
            at = end
        else:
            found += bands[at].lines
            at += 1
    return found


def _bands(lines: Sequence[TextLine]) -> list[_Band]:
    bands: list[_Band] = []
    for line in lines:
        if bands and line.top < bands[-1].bottom - line.size * 0.05:
            bands[-1].lines.append(line)
            bands[-1].bottom = max(bands[-1].bottom, line.bottom)
        else:
            bands.append(_Band([line], line.bottom))
    return bands


def _end_of_table(bands: Sequence[_Band], at: int) -> int:
    """Where the table that the band at `at` heads ends; `at` when it heads none."""
    columns = _columns(bands[at].runs(), bands[at].size())
    if len(columns) < FEWEST or not is_header([squeeze(text) for text in _texts(bands[at], columns)]):
        return at
    end = at + 1
    while end < len(bands):
        filled = sum(bool(text) for text in _texts(bands[end], columns))
        alone = filled == 1 and not (end + 1 < len(bands) and _inside(bands[end], columns))
        if not filled or alone:
            break
        end += 1
    while end > at + 1 and sum(bool(text) for text in _texts(bands[end - 1], columns)) < 2:
        end -= 1
    return end


def _inside(band: _Band, columns: Sequence[Span]) -> bool:
    """Whether a band is one short run in the room of a single column, not a line of text."""
    runs = band.runs()
    return len(runs) == 1 and runs[0].x1 - runs[0].x0 < (columns[-1][1] - columns[0][0]) * 0.4


def _table(bands: Sequence[_Band]) -> Unruled | None:
    head = _columns(bands[0].runs(), bands[0].size())
    whole = _columns([run for band in bands for run in band.runs()], bands[0].size())
    columns = whole if len(whole) == len(head) else head
    rows: list[list[str]] = []
    for band in bands:
        texts = _texts(band, columns)
        if rows and not texts[0] and role_of(rows[0][0]) is Role.NUMBER:
            rows[-1] = [above + more for above, more in zip(rows[-1], texts, strict=True)]
        else:
            rows.append(texts)
    if len(rows) < 2:
        return None
    cells = [tuple(Cell(text) for text in row) for row in rows]
    return Unruled(tuple(GridRow(row, printed_row(c.text for c in row)) for row in cells), bands[0].lines[0].top)


def _columns(runs: Iterable[Run], size: float) -> list[Span]:
    """The spans of ink from left to right, with white between them all the way down."""
    spans: list[Span] = []
    for run in sorted(runs, key=lambda run: run.x0):
        if spans and run.x0 - spans[-1][1] < size * APART / 2:
            spans[-1] = (spans[-1][0], max(spans[-1][1], run.x1))
        else:
            spans.append((run.x0, run.x1))
    return spans


def _texts(band: _Band, columns: Sequence[Span]) -> list[str]:
    """The text of each cell of a band, its lines joined."""
    texts = [""] * len(columns)
    for run in sorted(band.runs(), key=lambda run: (run.top, run.x0)):
        texts[max(range(len(columns)), key=lambda at: _nearness(run, columns[at]))] += run.text
    return texts


def _nearness(run: Run, column: Span) -> float:
    """How much of the run stands in the column; below nothing, how far off it is."""
    shared = min(run.x1, column[1]) - max(run.x0, column[0])
    return shared if shared > 0 else -abs((run.x0 + run.x1) / 2 - (column[0] + column[1]) / 2)
