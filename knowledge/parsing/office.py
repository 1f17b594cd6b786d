"""docx into lines and grids, numbers of automatic lists printed out. Headers and footers of pages are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Protocol
from zipfile import BadZipFile
from zlib import error as ZlibError

from docx import Document
from docx.oxml.ns import qn

from knowledge.parsing.blocks import Block, Cell, Grid, Unreadable, grid_of
from knowledge.parsing.grids import with_grids
from knowledge.text import print_numeral

CHINESE = frozenset(
    [
        "chineseCounting",
        "chineseCountingThousand",
        "ideographDigital",
        "japaneseCounting",
        "taiwaneseCountingThousand",
        "japaneseDigitalTenThousand",
    ]
)
MOST_CELLS = 40_000
BROKEN = (
    *(BadZipFile, ZlibError, SyntaxError, KeyError, ValueError, OSError, AttributeError),
    *(NotImplementedError, EOFError, IndexError, TypeError, RuntimeError, AssertionError),
)
"""What the zip, XML and Word libraries raise on damaged files; lxml's errors are SyntaxErrors."""


class Element(Protocol):
    """What is used of an XML element of the document."""

    tag: str
    text: str | None

    def __iter__(self) -> Iterator[Element]: ...
    def iter(self, *tags: str) -> Iterator[Element]: ...
    def find(self, path: str) -> Element | None: ...
    def findall(self, path: str) -> list[Element]: ...
    def get(self, key: str) -> str | None: ...
    def getparent(self) -> Element | None: ...


def read_docx(source: bytes) -> list[Block]:
    """Paragraphs and tables in order. Raises: `Unreadable`."""
    try:
        document = Document(BytesIO(source))
        body: Element = document.element.body
        numbering: Element | None = _numbering_part(document)
        styles = _numbered_styles(document.styles.element)
    except BROKEN as error:
        raise Unreadable("broken") from error
    lists = _Lists(numbering, styles)
    blocks: list[Block] = []
    lines: list[str] = []
    for part in _flow(body):
        if part.tag == qn("w:p"):
            lines += _lines(part, lists)
            continue
        blocks += with_grids(lines)
        lines = []
        blocks.append(_grid(part, lists))
    blocks += with_grids(lines)
    if not any(block.strip() if isinstance(block, str) else block.rows for block in blocks):
        raise Unreadable("scan" if any(True for _ in body.iter(qn("w:drawing"))) else "empty")
    return blocks


def _numbering_part(document: object) -> Element | None:
    part = getattr(document, "part", None)
    for relation in getattr(part, "rels", {}).values():
        if relation.reltype.endswith("/numbering") and not relation.is_external:
            element: Element = relation.target_part.element
            return element
    return None


def _flow(body: Element) -> Iterator[Element]:
    """Paragraphs and tables, also those in content controls and insertions."""
    for child in body:
        if child.tag in {qn("w:p"), qn("w:tbl")}:
            yield child
        elif child.tag in {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml"), qn("w:smartTag")}:
            yield from _flow(child)


def _lines(paragraph: Element, lists: _Lists) -> list[str]:
    """The lines of a paragraph, boxes in it behind it."""
    own, boxed = _text(paragraph)
    number = lists.number(paragraph) if own.strip() else ""
    return [*(number + own).split("\n"), *(line for box in boxed for line in box.split("\n"))]


def _text(paragraph: Element) -> tuple[str, list[str]]:
    words: list[str] = []
    boxes: list[str] = []
    stack = list(reversed(list(paragraph)))
    while stack:
        node = stack.pop()
        if node.tag == qn("w:t"):
            words.append(node.text or "")
        elif node.tag in {qn("w:br"), qn("w:cr")}:
            words.append("\n")
        elif node.tag == qn("w:tab"):
            words.append("\t")
        elif node.tag == qn("w:txbxContent"):
            boxes += [_text(inner)[0] for inner in node.iter(qn("w:p"))]
        elif node.tag not in {qn("w:pPr"), qn("w:rPr"), qn("w:del"), qn("w:instrText")} and not node.tag.endswith(
            "}Fallback"
        ):
            stack += reversed(list(node))
    return "".join(words), boxes


def _grid(table: Element, lists: _Lists) -> Grid:
    rows: list[list[Cell]] = []
    for row in [r for r in table.iter(qn("w:tr")) if _owner(r) is table]:
        cells: list[Cell] = []
        for cell in [c for c in row.iter(qn("w:tc")) if _row_of(c) is row]:
            cells += _cells(cell, rows[-1] if rows else [], len(cells), lists)
        if sum(map(len, rows)) + len(cells) > MOST_CELLS:
            raise Unreadable("too_big")
        rows.append(cells)
    return grid_of([row for row in rows if row])


def _owner(row: Element) -> Element | None:
    at = row.getparent()
    while at is not None and at.tag != qn("w:tbl"):
        at = at.getparent()
    return at


def _row_of(cell: Element) -> Element | None:
    at = cell.getparent()
    while at is not None and at.tag != qn("w:tr"):
        at = at.getparent()
    return at


def _cells(cell: Element, above: list[Cell], at: int, lists: _Lists) -> list[Cell]:
    """A cell, repeated over the columns it spans; one merged with the cell above holds that one's text."""
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    across = _int(span.get(qn("w:val")) if span is not None else None, 1)
    goes_on = merge is not None and merge.get(qn("w:val")) in {None, "continue"} and at < len(above)
    text = (
        above[at].text
        if goes_on
        else "\n".join(line for p in cell.iter(qn("w:p")) for line in _lines(p, lists) if line.strip())
    )
    return [Cell(text, own=not goes_on and step == 0) for step in range(min(across, 60))]


def _int(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else default


def _numbered_styles(styles: Element) -> dict[str, tuple[str, int]]:
    """(list, level) by style id, of the styles that number their paragraphs."""
    found = {}
    for style in styles.findall(qn("w:style")):
        numbered = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        name = style.get(qn("w:styleId"))
        if numbered is not None and name and (place := _place(numbered)):
            found[name] = place
    return found


def _place(numbered: Element) -> tuple[str, int] | None:
    identity, level = numbered.find(qn("w:numId")), numbered.find(qn("w:ilvl"))
    name = identity.get(qn("w:val")) if identity is not None else None
    return (name, _int(level.get(qn("w:val")) if level is not None else None, 0)) if name and name != "0" else None


class _Lists:
    """Counts the paragraphs of automatic lists as Word prints them."""

    def __init__(self, numbering: Element | None, styles: dict[str, tuple[str, int]]) -> None:
        self._styles = styles
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        for num in numbering.findall(qn("w:num")) if numbering is not None else []:
            link = num.find(qn("w:abstractNumId"))
            self._abstract[num.get(qn("w:numId")) or ""] = (link.get(qn("w:val")) if link is not None else None) or ""
        for abstract in numbering.findall(qn("w:abstractNum")) if numbering is not None else []:
            self._learn(abstract)

    def _learn(self, abstract: Element) -> None:
        for level in abstract.findall(qn("w:lvl")):
            values = [
                node.get(qn("w:val")) if (node := level.find(qn(tag))) is not None else None
                for tag in ("w:numFmt", "w:lvlText", "w:start")
            ]
            key = (abstract.get(qn("w:abstractNumId")) or "", _int(level.get(qn("w:ilvl")), 0))
            self._levels[key] = (values[0] or "decimal", values[1] or "", _int(values[2], 1))

    def number(self, paragraph: Element) -> str:
        """The number Word prints before the paragraph; empty when none."""
        numbered = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        place = (
            _place(numbered)
            if numbered is not None
            else self._styles.get((style.get(qn("w:val")) if style is not None else None) or "")
        )
        abstract = self._abstract.get(place[0]) if place else None
        if not place or abstract is None or (abstract, place[1]) not in self._levels:
            return ""
        counts = self._counts.setdefault(abstract, {})
        form, pattern, start = self._levels[abstract, place[1]]
        counts[place[1]] = counts.get(place[1], start - 1) + 1
        for deeper in [level for level in counts if level > place[1]]:
            del counts[deeper]
        if form in {"bullet", "none"}:
            return ""
        return re.sub(r"%(\d)", lambda m: self._printed(abstract, int(m[1]) - 1, counts), pattern)

    def _printed(self, abstract: str, level: int, counts: dict[int, int]) -> str:
        form = self._levels.get((abstract, level), ("decimal", "", 1))[0]
        count = counts.get(level, 1)
        return print_numeral(count) if form in CHINESE and count < 100 else str(count)
