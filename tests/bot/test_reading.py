"""Files of people, read in a child process: the same facts as here, and one word for what cannot be read."""

from __future__ import annotations

import io
import pickle
import zlib

import pytest
from openpyxl import Workbook

from bot.reading import NotReadable, read_notice_aside, read_sheets_aside
from knowledge import read_notice, unpack
from tests.knowledge.papers import as_docx, as_html


@pytest.mark.parametrize(("make", "name"), [(as_docx, "通知.docx"), (as_html, "通知.html")])
async def test_a_notice_read_aside_has_the_same_facts(make: object, name: str) -> None:
    data = as_docx() if make is as_docx else as_html()
    assert await read_notice_aside(data, name) == read_notice(data, name)


async def test_sheets_come_as_text_without_empty_rows() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["事项", "数值"], ["智慧校园", 35.0], [None, "76%"], [None, None]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    (read,) = await read_sheets_aside(out.getvalue(), "表.xlsx")
    assert read.rows == (("事项", "数值"), ("智慧校园", "35"), ("", "76%"))


async def test_a_csv_of_an_old_excel_is_read() -> None:
    (read,) = await read_sheets_aside("称呼,单位\n张三,统计局\n".encode("gb18030"), "名单.csv")
    assert read.rows == (("称呼", "单位"), ("张三", "统计局"))


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"", "a.docx", "empty"),
        (b"\x00\x01\x02", "a.docx", "format"),
        ("今天食堂吃面。".encode(), "a.txt", "not_a_notice"),
        (b"%PDF-1.4 broken", "a.pdf", "broken"),
    ],
)
async def test_what_is_no_notice_is_said_in_a_word(data: bytes, name: str, why: str) -> None:
    with pytest.raises(NotReadable) as refused:
        await read_notice_aside(data, name)
    assert refused.value.why == why


@pytest.mark.parametrize(
    "data",
    [
        "称呼;单位\n张三;统计局\n".encode(),
        "称呼\t单位\n张三\t统计局\n".encode("utf-16"),
        "称呼\t单位\n张三\t统计局\n".encode("gb18030"),
    ],
)
async def test_a_csv_with_other_marks_between_its_cells_is_read(data: bytes) -> None:
    (read,) = await read_sheets_aside(data, "名单.csv")
    assert read.rows == (("称呼", "单位"), ("张三", "统计局"))


async def test_a_table_with_more_rows_than_are_read_is_refused_whole() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.cell(5001, 1, "末行")
    out = io.BytesIO()
    book.save(out)
    for data, name in ((out.getvalue(), "表.xlsx"), (("行,数\n" * 5001).encode(), "表.csv")):
        with pytest.raises(NotReadable) as refused:
            await read_sheets_aside(data, name)
        assert refused.value.why == "too_long"


@pytest.mark.parametrize(("inside", "why"), [("EncryptedPackage", "encrypted"), ("Workbook", "old_table")])
async def test_a_locked_table_and_an_old_one_are_told_apart(inside: str, why: str) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + inside.encode("utf-16-le") + bytes(600)
    with pytest.raises(NotReadable) as refused:
        await read_sheets_aside(data, "表.xlsx")
    assert refused.value.why == why


@pytest.mark.parametrize("data", [b"PK\x03\x04broken", b"\xff\xfe\x00\xd8"])
async def test_what_is_no_table_is_said_in_a_word(data: bytes) -> None:
    with pytest.raises(NotReadable) as refused:
        await read_sheets_aside(data, "a.xlsx")
    assert refused.value.why == "format"


async def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.reading.WITHIN", 0.05)
    with pytest.raises(NotReadable) as refused:
        await read_notice_aside(as_docx(), "a.docx")
    assert refused.value.why == "effort"


class Evil:
    """Would run a command when unpickled by the usual means."""

    def __reduce__(self) -> tuple[object, ...]:
        return (print, ("owned",))


def test_nothing_but_facts_is_taken_from_the_child() -> None:
    assert unpack(zlib.compress(pickle.dumps(Evil()))) is None
