"""PDF with text into lines and grids, page after page. A PDF of pictures is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from struct import error as StructError
from typing import cast
from zlib import error as ZlibError

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfplumber.page import Page
from pdfplumber.table import Table
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from knowledge.parsing.blocks import Block, Cell, Grid, GridRow, Unreadable, grid_of
from knowledge.parsing.columns import is_header
from knowledge.parsing.grids import with_grids
from knowledge.parsing.layout import PAGE
from knowledge.parsing.outline import mark_at_start
from knowledge.parsing.unruled import Char, TextLine, lines_of, tables_among
from knowledge.text import squeeze

MOST_PAGES = 300
MOST_INDENT = 3.0
"""Characters before the first line of a paragraph."""
BROKEN = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, RecursionError, StructError),
    *(
        OSError,
        OverflowError,
        ZeroDivisionError,
        ZlibError,
        EOFError,
        NotImplementedError,
        UnicodeError,
        StopIteration,
        MalformedPDFException,
    ),
)
"""What pdfminer raises on damaged files."""
Box = tuple[float, float, float, float]


def read_pdf(source: bytes) -> list[Block]:
    """Lines and tables in order, a table that goes on over a page made one. Raises: `Unreadable`."""
    try:
        with pdfplumber.open(BytesIO(source)) as document:
            if len(document.pages) > MOST_PAGES:
                raise Unreadable("too_big")
            pages = [list(_parts(page)) for page in document.pages]
            pictures = any(page.images for page in document.pages)
    except (PdfminerException, PDFException) as error:
        locked = isinstance(error, PDFPasswordIncorrect) or any(
            isinstance(arg, PDFPasswordIncorrect) for arg in error.args
        )
        raise Unreadable("encrypted" if locked else "broken") from error
    except BROKEN as error:
        raise Unreadable("broken") from error  # pdfminer meets broken files with any of these
    if sum(10 if isinstance(part, Grid) else len(squeeze(part.text)) for page in pages for part in page) < 20:
        raise Unreadable("scan" if pictures else "empty")
    return _blocks(_sewn(pages))


@dataclass(frozen=True, slots=True)
class Printed:
    """A line of a page. `full`: it reaches the right margin; `set_in`: it begins right of the left one."""

    text: str
    full: bool
    set_in: bool


def _parts(page: Page) -> Iterator[Printed | Grid]:
    """Lines and grids of a page from top to bottom."""
    tables = [t for t in page.find_tables() if len(t.rows) > 1 and max(len(row.cells) for row in t.rows) > 1]
    outside = page
    for table in tables:
        outside = outside.outside_bbox(_inside(table.bbox, page.bbox), strict=False)
    found = tables_among(lines_of(cast("list[Char]", outside.chars)))
    lines = [line for line in found if isinstance(line, TextLine)]
    left = min((line.x0 for line in lines if len(line.text) > 12), default=0)
    right = max((line.x1 for line in lines if len(line.text) > 20), default=page.width)
    parts: list[tuple[float, Printed | Grid]] = [(table.bbox[1], _grid(table)) for table in tables]
    for line in found:
        parts.append((line.top, _printed(line, left, right) if isinstance(line, TextLine) else Grid(line.rows)))
    for _, part in sorted(parts, key=lambda pair: pair[0]):
        yield part
    page.close()


def _printed(line: TextLine, left: float, right: float) -> Printed:
    """The line as it stands between the margins; one set far in, like a day, is never full."""
    set_in = line.x0 - left
    full = line.x1 > right - line.size * 1.6 and set_in < line.size * MOST_INDENT
    return Printed(line.text, full, set_in > line.size * 1.2)


def _inside(box: Box, page: Box) -> Box:
    return (max(box[0], page[0]), max(box[1], page[1]), min(box[2], page[2]), min(box[3], page[3]))


def _grid(table: Table) -> Grid:
    """The cells of a drawn table; a place without a cell of its own repeats the one that covers it."""
    texts = table.extract(x_tolerance=2)
    boxes = [list(row.cells) for row in table.rows]
    width = max(map(len, boxes))
    centres = [_centre([row[at] for row in boxes if at < len(row)], 0) for at in range(width)]
    rows = []
    for index, row in enumerate(boxes):
        middle = _centre(row, 1)
        rows.append([_cell(texts, boxes, (index, at), (centres[at], middle)) for at in range(width)])
    return grid_of(rows)


def _centre(boxes: Sequence[Box | None], axis: int) -> float:
    spans = [(box[axis + 2] - box[axis], (box[axis] + box[axis + 2]) / 2) for box in boxes if box]
    return min(spans)[1] if spans else 0.0


def _cell(
    texts: list[list[str | None]], boxes: list[list[Box | None]], place: tuple[int, int], point: tuple[float, float]
) -> Cell:
    row, at = place
    if at < len(boxes[row]) and boxes[row][at]:
        return Cell(_one_line(texts[row][at] or ""))
    for i in range(row, -1, -1):
        for j, box in enumerate(boxes[i]):
            if box and box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]:
                return Cell(_one_line(texts[i][j] or ""), own=False)
    return Cell("", own=False)


def _one_line(text: str) -> str:
    """A cell's lines were broken by its width: Chinese joins without a blank."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    joined = lines[0] if lines else ""
    for line in lines[1:]:
        joined += (
            " " if joined[-1:].isascii() and line[:1].isascii() and joined[-1:].isalpha() and line[:1].isalpha() else ""
        ) + line
    return joined


def _sewn(pages: Sequence[list[Printed | Grid]]) -> list[Printed | Grid]:
    """All parts in order without page numbers; a grid that ends a page and one as wide that opens the next are one."""
    sewn: list[Printed | Grid] = []
    for page in pages:
        body = [part for part in page if isinstance(part, Grid) or not PAGE.match(part.text)]
        last = sewn[-1] if sewn else None
        if body and isinstance(first := body[0], Grid) and isinstance(last, Grid) and first.width == last.width:
            sewn[-1] = Grid((*last.rows, *_without_header(first, last)))
            body = body[1:]
        sewn += body
    return sewn


def _without_header(grid: Grid, above: Grid) -> tuple[GridRow, ...]:
    same = 0
    while same < min(len(grid.rows), len(above.rows), 3) and grid.rows[same].texts() == above.rows[same].texts():
        same += 1
    return grid.rows[same:] if same and is_header(grid.rows[0].texts()) else grid.rows


def _blocks(parts: Sequence[Printed | Grid]) -> list[Block]:
    blocks: list[Block] = []
    lines: list[str] = []
    full = False
    for part in parts:
        if isinstance(part, Grid):
            blocks += [*with_grids(lines), part]
            lines, full = [], False
            continue
        if full and lines and not part.set_in and not mark_at_start(part.text):
            lines[-1] = _one_line(f"{lines[-1]}\n{part.text}")
        else:
            lines.append(part.text)
        full = part.full
    return blocks + with_grids(lines)
