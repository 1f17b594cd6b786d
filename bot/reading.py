"""Files from people, read in a child process with little time and memory: libraries and mishaps stay out.

`python -m bot.reading KIND NAME` is the child: bytes on stdin, facts on stdout.
"""

from __future__ import annotations

import csv
import io
import json
import resource
import sys
from datetime import datetime, time
from pathlib import PurePath

from bot.aside import ChildFailed, run_aside
from bot.reading_marks import Marks, marks_of
from handlers.errands import Sheet
from knowledge import NotANotice, Notice, Unreadable, pack, read_notice, unpack

MEMORY = 1 << 30  # bytes of address space
PROCESSOR = 15  # seconds of it
WITHIN = 20.0  # seconds on the wall
ROWS, COLUMNS, CELL = 5_000, 60, 2_000  # of one sheet: rows, columns, characters of a cell
WORKBOOKS = (".xlsx", ".xlsm")
OLD_FILE = b"\xd0\xcf\x11\xe0"  # how a file of old Office begins, and one that a password locks
LOCKED = "EncryptedPackage".encode("utf-16-le")
WIDE = (b"\xff\xfe", b"\xfe\xff")  # how a text in UTF-16 begins
DELIMITERS = (",", ";", "\t")
TOO_LONG = "too_long"
Table = tuple[str, list[list[str]], list[int]]


class NotReadable(Exception):
    """`why`: the reader's word (see `knowledge.Unreadable`), `not_a_notice`, or `effort`: too long or too much."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


async def read_notice_aside(data: bytes, name: str) -> Notice:
    """The notice in a file. Raises: NotReadable."""
    notice = unpack(await _child("notice", name, data))
    if notice is None:
        raise NotReadable("effort")
    return notice


async def read_sheets_aside(data: bytes, name: str) -> tuple[Sheet, ...]:
    """The sheets of a table file (xlsx, csv), empty rows at the end left out. Raises: NotReadable."""
    found = json.loads(await _child("table", name, data))
    return tuple(Sheet(title, tuple(map(tuple, rows)), frozenset(hidden)) for title, rows, hidden in found)


async def _child(kind: str, name: str, data: bytes) -> bytes:
    """What the child wrote. Raises: NotReadable."""
    try:
        return await run_aside("bot.reading", data, WITHIN, (kind, PurePath(name).name[-80:]))
    except ChildFailed as error:
        raise NotReadable(error.why) from error


def read_sheets(data: bytes, name: str) -> list[Table]:
    """(title, rows, numbers of hidden rows) of each sheet.

    Raises: ValueError, KeyError, OSError, csv.Error for what is no table, Unreadable for one that cannot be read.
    """
    if data.startswith(OLD_FILE):
        raise Unreadable("encrypted" if LOCKED in data else "old_table")
    if PurePath(name).suffix.lower() in WORKBOOKS:
        return sheets_of_book(data)
    return [("", rows_of_csv(data), [])]


def rows_of_csv(data: bytes) -> list[list[str]]:
    """The cells of a csv, whatever Excel made of it. Raises: ValueError, csv.Error, Unreadable."""
    text = text_of(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    rows = list(csv.reader(io.StringIO(text), delimiter=max(DELIMITERS, key=first.count)))
    if any(any(row) for row in rows[ROWS:]):
        raise Unreadable(TOO_LONG)
    return rows


def text_of(data: bytes) -> str:
    """A text in UTF-8, UTF-16 (marked) or GB18030. Raises: ValueError."""
    if data.startswith(WIDE):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def sheets_of_book(data: bytes) -> list[Table]:
    """(title, rows, numbers of hidden rows) of each sheet. Raises: ValueError, KeyError, OSError, Unreadable."""
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException) as error:
        raise ValueError from error
    marks = marks_of(data, ROWS)
    found: list[Table] = []
    for sheet in book.worksheets:
        if any(any(cell is not None for cell in row) for row in sheet.iter_rows(min_row=ROWS + 1, values_only=True)):
            raise Unreadable(TOO_LONG)
        mark = marks.get(sheet.title, Marks())
        rows = [
            [
                f"={mark.formulas[y, x]}" if (y, x) in mark.formulas else shown(cell.value, cell.number_format)
                for x, cell in enumerate(row, 1)
            ]
            for y, row in enumerate(sheet.iter_rows(max_row=ROWS), 1)
        ]
        found.append((sheet.title, rows, sorted(mark.hidden)))
    return found


def shown(cell: object, form: str = "") -> str:
    """A cell as text: 30.0 is 30, 0.76 in a column of percents is 76%, a day has no time, as Excel shows it."""
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f"{cell * 100:.12g}%" if "%" in form else f"{cell:.15g}" if isinstance(cell, float) else str(cell)
    return "" if cell is None else str(cell)


def tidied(rows: list[list[str]]) -> list[list[str]]:
    """Within the limits, without empty rows at the end."""
    kept = [[cell[:CELL].strip() for cell in row[:COLUMNS]] for row in rows[:ROWS]]
    while kept and not any(kept[-1]):
        kept.pop()
    return kept


def main(kind: str, name: str) -> int:
    """The child: exit 0 with the facts, 1 with the reason in a word."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR + 1))
    data, out = sys.stdin.buffer.read(), sys.stdout.buffer
    try:
        if kind == "notice":
            out.write(pack(read_notice(data, name)))
        else:
            sheets = [(title, tidied(rows), hidden) for title, rows, hidden in read_sheets(data, name)]
            out.write(json.dumps(sheets, ensure_ascii=False).encode())
    except (NotANotice, Unreadable) as refused:
        return _say(refused.why)
    except (MemoryError, RecursionError):
        return _say("effort")
    except (ValueError, KeyError, OSError, csv.Error):
        return _say("format")
    return 0


def _say(why: str) -> int:
    sys.stdout.buffer.write(why.encode())
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
