"""What every format is turned into before it is understood: lines and grids, and the text that holds them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.text import tidy


class NotANotice(Exception):
    """The text was read, but nothing in it looks like a notice. `why`: not_a_notice."""

    def __init__(self, why: str = "not_a_notice") -> None:
        super().__init__(why)
        self.why = why


class Unreadable(Exception):
    """Bytes nobody here can read. `why`: empty, too_big, doc (save as docx), scan, encrypted, broken, format."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a grid. `own` False: it repeats the merged cell that covers it."""

    text: str
    own: bool = True


@dataclass(frozen=True, slots=True)
class GridRow:
    cells: tuple[Cell, ...]
    printed: str
    """The row as it stands in the document's text."""

    def texts(self) -> tuple[str, ...]:
        """Every cell's text on one line."""
        return tuple(tidy(cell.text) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as laid out, header rows included."""

    rows: tuple[GridRow, ...]

    @property
    def width(self) -> int:
        """Cells of the widest row."""
        return max((len(row.cells) for row in self.rows), default=0)


Block = str | Grid
"""A line of text without its end, or a table."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line and where it begins in the document's text."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Table:
    """A grid and where each of its rows begins in the document's text."""

    grid: Grid
    starts: tuple[int, ...]

    @property
    def start(self) -> int:
        return self.starts[0]


@dataclass(frozen=True, slots=True)
class Laid:
    """The document's text and its parts in order."""

    text: str
    parts: tuple[Line | Table, ...]


def printed_row(texts: Iterable[str]) -> str:
    """Cells as one line of the document's text."""
    return " | ".join(tidy(text) for text in texts)


def grid_of(rows: Sequence[Sequence[Cell]]) -> Grid:
    """A grid of rows of cells, each printed as the cells of its own."""
    return Grid(tuple(GridRow(tuple(row), printed_row(c.text for c in row if c.own)) for row in rows))


def lay(blocks: Sequence[Block]) -> Laid:
    """One text of all blocks, a line each, with the place of every part."""
    pieces: list[str] = []
    parts: list[Line | Table] = []
    at = 0
    for block in blocks:
        lines = [block] if isinstance(block, str) else [row.printed for row in block.rows]
        starts = []
        for line in lines:
            starts.append(at)
            pieces.append(line + "\n")
            at += len(line) + 1
        if isinstance(block, str):
            parts.append(Line(block, starts[0]))
        elif starts:
            parts.append(Table(block, tuple(starts)))
    return Laid("".join(pieces), tuple(parts))
