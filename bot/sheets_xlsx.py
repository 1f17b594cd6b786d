"""Workbooks: print-ready sheets of texts and real numbers. No cell is a formula or begins like one."""

from __future__ import annotations

import io
import re

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.sheets_child import Document, parts

A4 = 9
FORMULA = tuple("=+-@＝＋－＠\t\r")
BAD_NAME = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME, LONGEST_CELL = 31, 32_000  # characters, as Excel has them
FONT, HEAD_FONT, TITLE_FONT = "仿宋", "黑体", "宋体"
MARGINS = {"left": 0.5, "right": 0.5, "top": 0.6, "bottom": 0.6}  # inches


class Say:
    PAGE = "&C第 &P 页，共 &N 页"
    SHEET = "表"


def make_book(content: Document) -> bytes:
    """The workbook's bytes."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    base = {"font_name": FONT, "font_size": 11, "valign": "vcenter", "text_wrap": True, "border": 1}
    formats = {
        "text": book.add_format(base),
        "number": book.add_format({**base, "align": "center", "num_format": "General"}),
        "head": book.add_format({**base, "font_name": HEAD_FONT, "align": "center", "bg_color": "#E8EEF4"}),
        "title": book.add_format({"font_name": TITLE_FONT, "font_size": 18, "bold": True, "align": "center",
                                  "valign": "vcenter", "text_wrap": True}),
        "note": book.add_format({"font_name": FONT, "font_size": 10, "valign": "vcenter"}),
    }  # fmt: skip
    names: set[str] = set()
    for sheet in parts(content, "sheets"):
        fill(book.add_worksheet(sheet_name(str(sheet["name"]), names)), sheet, formats)
    book.close()
    return out.getvalue()


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name Excel takes, each once."""
    plain = BAD_NAME.sub(" ", wanted).strip()[:LONGEST_NAME] or Say.SHEET
    name, count = plain, 2
    while name.casefold() in taken:
        mark = f" {count}"
        name, count = plain[: LONGEST_NAME - len(mark)] + mark, count + 1
    taken.add(name.casefold())
    return name


def fill(sheet: Worksheet, grid: Document, formats: dict[str, Format]) -> None:
    """Title, notes, header, rows, foot; and how it is printed."""
    columns = [(str(head), int(str(width))) for head, width in lists(grid, "columns")]
    top = 0
    if title := str(grid.get("title") or ""):
        sheet.merge_range(0, 0, 0, max(1, len(columns) - 1), "", formats["title"])
        sheet.write_string(0, 0, safe(title), formats["title"])
        sheet.set_row(0, 28 * (title.count("\n") + 1))
        top = 1
    for note in texts(grid, "notes"):
        sheet.write_string(top, 0, safe(note), formats["note"])
        top += 1
    for place, (head, width) in enumerate(columns):
        sheet.set_column(place, place, width + 2)
        sheet.write_string(top, place, safe(head), formats["head"])
    rows = lists(grid, "rows")
    for number, row in enumerate(rows, top + 1):
        write_row(sheet, number, row, formats)
        sheet.set_row(number, height(row, [width for _, width in columns]))
    for number, line in enumerate(texts(grid, "foot"), top + 1 + len(rows)):
        sheet.write_string(number, 0, safe(line), formats["note"])
    lay_out(sheet, top, len(rows), len(columns))


def write_row(sheet: Worksheet, number: int, row: list[object], formats: dict[str, Format]) -> None:
    """Numbers as numbers, everything else as text."""
    for place, cell in enumerate(row):
        if isinstance(cell, int | float):
            sheet.write_number(number, place, cell, formats["number"])
        elif cell is None or cell == "":
            sheet.write_blank(number, place, None, formats["text"])
        else:
            sheet.write_string(number, place, safe(str(cell)), formats["text"])


def height(row: list[object], widths: list[int]) -> float:
    """Points for the fullest cell: programs that don't fit rows by themselves show all of it."""
    lines = [
        sum(1 + (2 * len(line) - 1) // (width + 1) for line in str(cell).split("\n") if line)
        for cell, width in zip(row, widths, strict=False)
        if isinstance(cell, str) and cell
    ]
    return min(400.0, 15.5 * max([1, *lines]) + 3)


def lay_out(sheet: Worksheet, head: int, rows: int, columns: int) -> None:
    """A4 landscape, one page wide, the header on every page."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.freeze_panes(head + 1, 0)
    sheet.set_margins(**MARGINS)
    sheet.set_footer(Say.PAGE)
    sheet.print_area(0, 0, head + rows + 2, max(0, columns - 1))
    if rows:
        sheet.autofilter(head, 0, head + rows, max(0, columns - 1))


def safe(text: str) -> str:
    """A text no program takes for a formula: one that begins like it gets an apostrophe in front."""
    clean = "".join(c for c in text if c in "\n" or ord(c) >= 32)[:LONGEST_CELL]
    return f"'{clean}" if text.startswith(FORMULA) or clean.lstrip().startswith(FORMULA) else clean


def lists(grid: Document, name: str) -> list[list[object]]:
    """A list of lists inside a document."""
    found = grid.get(name)
    return [list(row) for row in found if isinstance(row, list)] if isinstance(found, list) else []


def texts(grid: Document, name: str) -> list[str]:
    """A list of texts inside a document."""
    found = grid.get(name)
    return [str(text) for text in found] if isinstance(found, list) else []
