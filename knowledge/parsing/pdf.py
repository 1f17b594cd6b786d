"""PDF with text into lines and grids, page after page. A PDF of pictures is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfplumber.page import Page
from pdfplumber.table import Table
from pdfplumber.utils.exceptions import PdfminerException

from knowledge.parsing.blocks import Block, Cell, Grid, Unreadable, grid_of
from knowledge.parsing.columns import is_header
from knowledge.parsing.grids import with_grids
from knowledge.parsing.layout import PAGE
from knowledge.text import squeeze

MOST_PAGES = 300
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
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        AssertionError,
        RecursionError,
        OSError,
        OverflowError,
        ZeroDivisionError,
    ) as error:
        raise Unreadable("broken") from error  # pdfminer meets broken files with any of these
    if sum(len(squeeze(part)) if isinstance(part, str) else 10 for page in pages for part in page) < 20:
        raise Unreadable("scan" if pictures else "empty")
    return _blocks(_sewn(pages))


def _parts(page: Page) -> Iterator[str | Grid]:
    """Lines and grids of a page from top to bottom; a line set in begins with blanks."""
    tables = [
        table for table in page.find_tables() if len(table.rows) > 1 and max(len(row.cells) for row in table.rows) > 1
    ]
    outside = page
    for table in tables:
        outside = outside.outside_bbox(_inside(table.bbox, page.bbox), strict=False)
    lines = outside.extract_text_lines(return_chars=True, strip=True) if page.chars else []
    left = min((line["x0"] for line in lines if len(line["text"]) > 12), default=0)
    parts: list[tuple[float, str | Grid]] = [(table.bbox[1], _grid(table)) for table in tables]
    for line in lines:
        size = line["chars"][0]["size"] if line["chars"] else 12
        parts.append((line["top"], ("\u3000\u3000" if line["x0"] - left > size * 1.2 else "") + str(line["text"])))
    for _, part in sorted(parts, key=lambda pair: pair[0]):
        yield part
    page.close()


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


def _sewn(pages: Sequence[list[str | Grid]]) -> Iterator[str | Grid]:
    """All parts in order; a grid that ends a page and one as wide that opens the next are one."""
    held: Grid | None = None
    for page in pages:
        body = [part for part in page if not (isinstance(part, str) and PAGE.match(part))]
        numbers = [part for part in page if isinstance(part, str) and PAGE.match(part)]
        for index, part in enumerate(body):
            if held and isinstance(part, Grid) and index == 0 and part.width == held.width:
                again = (
                    part.rows[1:]
                    if is_header(part.rows[0].texts()) and part.rows[0].texts() == held.rows[0].texts()
                    else part.rows
                )
                held = Grid((*held.rows, *again))
                continue
            if held:
                yield held
            held = part if isinstance(part, Grid) else None
            if isinstance(part, str):
                yield part
        yield from numbers if held is None else []
    if held:
        yield held


def _blocks(parts: Iterator[str | Grid]) -> list[Block]:
    blocks: list[Block] = []
    lines: list[str] = []
    for part in parts:
        if isinstance(part, str):
            lines.append(part)
            continue
        blocks += with_grids(lines)
        lines = []
        blocks.append(part)
    return blocks + with_grids(lines)
