"""What a workbook's cells do not tell: rows that are hidden, and formulas whose result was never kept in the file."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, iterparse
from zipfile import ZipFile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
CELL = re.compile(r"([A-Z]{1,3})(\d+)")


@dataclass(slots=True)
class Marks:
    """Of one sheet; rows and columns count from 1."""

    hidden: set[int] = field(default_factory=set)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    """(row, column) → the formula, of those without a result."""


def marks_of(data: bytes, rows: int) -> dict[str, Marks]:
    """Title of each sheet → its marks, of the first so many rows. Raises: KeyError, ValueError, OSError."""
    with ZipFile(io.BytesIO(data)) as archive:
        links = {
            link.get("Id", ""): posixpath.normpath(posixpath.join("xl", link.get("Target", "").removeprefix("/xl/")))
            for link in elements(archive.read(LINKS), "Relationship")
        }
        named = [(s.get("name", ""), links.get(s.get(LINK, ""), "")) for s in elements(archive.read(BOOK), "sheet")]
        there = set(archive.namelist())
        return {title: marks_in(archive.read(path), rows) for title, path in named if path in there}


def elements(xml: bytes, name: str) -> Iterator[Element]:
    """Every element of that name, whatever its namespace. Raises: ValueError."""
    try:
        for _, element in iterparse(io.BytesIO(xml)):
            if element.tag.rpartition("}")[2] == name:
                yield element
                element.clear()
    except SyntaxError as error:
        raise ValueError(name) from error


def marks_in(xml: bytes, rows: int) -> Marks:
    """The marks of one sheet."""
    found = Marks()
    for number, row in enumerate(elements(xml, "row"), 1):
        place = int(row.get("r") or number)
        if place > rows:
            break
        if row.get("hidden") in ("1", "true"):
            found.hidden.add(place)
        for cell in row.iter(f"{MAIN}c"):
            if (formula := cell.find(f"{MAIN}f")) is not None and not has_result(cell):
                found.formulas[place_of(cell.get("r", ""))] = formula.text or ""
    return found


def has_result(cell: Element) -> bool:
    """Whether the file keeps what the formula came to; an empty text is a result."""
    result = cell.find(f"{MAIN}v")
    return result is not None and bool(result.text or cell.get("t") == "str")


def place_of(name: str) -> tuple[int, int]:
    """(row, column) of C5."""
    found = CELL.fullmatch(name)
    if found is None:
        return 0, 0
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column
