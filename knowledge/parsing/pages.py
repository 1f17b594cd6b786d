"""HTML into lines and grids: what a reader sees, top to bottom. Scripts and styles are no text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from knowledge.parsing.blocks import Block, Cell, Grid, grid_of
from knowledge.parsing.grids import with_grids
from knowledge.text import tidy

UNSEEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "head",
        "template",
        "iframe",
        "object",
        "svg",
        "select",
        "option",
        "textarea",
        "button",
        "input",
    ]
)
INLINE = frozenset(
    [
        "span",
        "a",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "s",
        "font",
        "sup",
        "sub",
        "small",
        "big",
        "label",
        "code",
        "q",
        "mark",
        "ins",
        "del",
        "abbr",
        "cite",
        "tt",
        "o:p",
        "st1:chsdate",
        "img",
        "wbr",
        "bdo",
        "ruby",
        "v:shape",
        "nobr",
        "-text",
    ]
)
BLANKS = re.compile(r"[ \t\r\n]+")
MOST_CELLS = 40_000
LONG_CELL = 1200
"""Characters; a cell with more holds a page, not a value."""


def read_page(html: str) -> list[Block]:
    """The visible lines and tables of a page."""
    root = LexborHTMLParser(html).root
    blocks: list[Block] = []
    lines: list[str] = []
    for part in _walk(root):
        if isinstance(part, str):
            lines.append(part)
            continue
        blocks += with_grids(lines)
        lines = []
        blocks.append(part)
    return blocks + with_grids(lines)


def _walk(root: LexborNode | None) -> Iterator[str | Grid]:
    """Lines and grids in the order of the page; without recursion, as pages nest without end."""
    node, words = root, ""
    while node is not None:
        tag = node.tag or ""
        grid = _grid(node) if tag == "table" else None
        if tag == "-text":
            words += BLANKS.sub(" ", node.text_content or "")
        elif tag not in INLINE:
            yield from _line(words)
            words = ""
        if grid:
            yield grid
        enters = node.child is not None and grid is None and tag not in UNSEEN and tag != "-comment"
        following, left = (node.child, []) if enters else _next(node, root)
        if any(end not in INLINE for end in left):
            yield from _line(words)
            words = ""
        node = following
    yield from _line(words)


def _next(node: LexborNode, root: LexborNode | None) -> tuple[LexborNode | None, list[str]]:
    """The node after this one and the tags that end before it."""
    left: list[str] = []
    at: LexborNode | None = node
    while at is not None and (root is None or at.mem_id != root.mem_id):
        left.append(at.tag or "")
        if at.next is not None:
            return at.next, left
        at = at.parent
    return None, left


def _line(words: str) -> Iterator[str]:
    line = words.strip(" ")
    if line:
        yield line


def _grid(table: LexborNode) -> Grid | None:
    """The table as a grid; None when it only arranges the page."""
    rows = [row for row in table.css("tr") if (owner := _owner(row)) and owner.mem_id == table.mem_id]
    if len(rows) < 2 or len(table.css("table")) > 1:
        return None
    grid: list[list[Cell]] = []
    below: dict[int, tuple[int, str]] = {}
    for row in rows:
        cells = _row(row, below)
        if sum(map(len, grid)) + len(cells) > MOST_CELLS:
            break
        grid.append(cells)
    texts = [cell.text for row in grid for cell in row]
    if max((len(row) for row in grid), default=0) < 2 or max(map(len, texts), default=0) > LONG_CELL:
        return None
    return grid_of(grid)


def _owner(row: LexborNode) -> LexborNode | None:
    at = row.parent
    while at is not None and at.tag != "table":
        at = at.parent
    return at


def _row(row: LexborNode, below: dict[int, tuple[int, str]]) -> list[Cell]:
    """A row's cells; `below` holds what cells above still cover, by column."""
    cells: list[Cell] = []
    for node in [n for n in row.iter() if n.tag in {"td", "th"}]:
        _covered(cells, below)
        text = tidy(" ".join(line for line in _walk(node) if isinstance(line, str)))
        across, down = _span(node, "colspan"), _span(node, "rowspan")
        for step in range(across):
            if down > 1:
                below[len(cells)] = (down - 1, text)
            cells.append(Cell(text, step == 0))
    _covered(cells, below)
    return cells


def _covered(cells: list[Cell], below: dict[int, tuple[int, str]]) -> None:
    while len(cells) in below:
        rest, text = below.pop(len(cells))
        if rest > 1:
            below[len(cells)] = (rest - 1, text)
        cells.append(Cell(text, own=False))
        if rest > 1:
            continue


def _span(node: LexborNode, name: str) -> int:
    value = (node.attributes.get(name) or "1").strip()
    return min(max(int(value), 1), 200) if value.isascii() and value.isdigit() and len(value) < 6 else 1
