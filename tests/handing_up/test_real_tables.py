"""底数 out of workbooks as offices keep them: formulas, percents, days, two header rows, hidden rows, other years."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.app import built_in
from bot.reading import read_sheets_aside
from handlers.openings import OpeningTable, read_openings
from knowledge import Library, read_notice
from tests.handing_up.quarter import staged
from tests.handing_up.test_openings import approved, send_file

TODAY = date(2021, 12, 20)
SEPTEMBER = datetime(2021, 9, 24)  # noqa: DTZ001  # cells know no zone
CAMPUS, SHARE, SPORTS = "智慧(数字)校园", "数字化学校平台覆盖率", "公共体育场地硬件智能化改造"


@pytest.fixture(scope="module")
def library() -> Library:
    name, source = built_in()
    return Library([read_notice(source, name)])


def workbook(fill: Callable[[Worksheet], None]) -> bytes:
    """The bytes of a workbook with one sheet."""
    book = Workbook()
    assert isinstance(book.active, Worksheet)
    fill(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def put(*rows: list[object]) -> Callable[[Worksheet], None]:
    """What writes these rows."""

    def fill(sheet: Worksheet) -> None:
        for row in rows:
            sheet.append(row)

    return fill


async def read(library: Library, fill: Callable[[Worksheet], None]) -> OpeningTable:
    """What the sheet says, as the office's file is read."""
    (sheet,) = await read_sheets_aside(workbook(fill), "上期.xlsx")
    return read_openings(sheet.rows, library, hidden=sheet.hidden, today=TODAY)


async def test_a_formula_without_its_result_is_listed_with_what_to_do(library: Library) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (["指标", "现值"], [CAMPUS, "=SUM(C2:D2)", 20, 12], [SPORTS, 6]):
            sheet.append(row)

    table = await read(library, fill)
    assert [o.value for o in table.openings] == ["6"]
    assert table.problems == (
        f"第2行“{CAMPUS}”：现值是公式，文件里没有存算出来的数。请用 WPS 或 Excel 打开这个表，保存一次再发我。",
    )


async def test_a_formula_with_its_result_is_its_result(library: Library) -> None:
    data = workbook(put(["指标", "现值"], [CAMPUS, "=20+12"]))
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb"<f>20\+12</f><v ?(/>|></v>)", b"<f>20+12</f><v>32</v>", old.read(name)))
    (sheet,) = await read_sheets_aside(out.getvalue(), "上期.xlsx")
    assert [o.value for o in read_openings(sheet.rows, library).openings] == ["32"]


async def test_percents_are_what_the_cell_shows(library: Library) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (["指标", "现值"], [SHARE, 0.76], [CAMPUS, 0.35]):
            sheet.append(row)
        sheet["B2"].number_format = sheet["B3"].number_format = "0.0%"

    table = await read(library, fill)
    assert [o.value for o in table.openings] == ["76"]
    assert table.problems == (f"第3行“{CAMPUS}”：按“所”计，表里是百分数35%。",)


async def test_a_share_below_one_is_asked_about(library: Library) -> None:
    table = await read(library, put(["指标", "现值"], [SHARE, 0.76]))
    assert table.problems == (f"第2行“{SHARE}”：0.76是0.76%还是76%？请写上百分号。",)


@pytest.mark.parametrize("value", ["３５", " 35所 ", "35.0", "三十五", "已完成35所", 35, 35.0, "1,035"])
async def test_numbers_kept_as_text_are_numbers(library: Library, value: object) -> None:
    table = await read(library, put(["指标", "现值"], [CAMPUS, value]))
    assert [o.value for o in table.openings] == ["1035" if value == "1,035" else "35"]


@pytest.mark.parametrize("said", [SEPTEMBER, date(2021, 9, 24), "2021.9.24", "2021年9月24日", 44463, "2021/9/24"])
async def test_days_are_read_in_the_ways_they_are_kept(library: Library, said: object) -> None:
    rows: tuple[list[object], ...] = (["指标", "现值", "数据截至"], [CAMPUS, 32, said])
    table = await read(library, put(*rows))
    assert [o.as_of for o in table.openings] == [date(2021, 9, 24)]
    assert not table.notes


async def test_a_day_that_is_not_understood_is_said(library: Library) -> None:
    rows: tuple[list[object], ...] = (["指标", "现值", "数据截至"], [CAMPUS, 32, "九月下旬"], [SPORTS, 6, "2022-03-01"])
    table = await read(library, put(*rows))
    assert [o.as_of for o in table.openings] == [None]
    assert "“九月下旬”没有看懂，先按期末那天" in table.notes[0]
    assert table.problems == (f"第3行“{SPORTS}”：数据截至2022-03-01还没有到。",)


async def test_a_merged_title_and_two_header_rows(library: Library) -> None:
    def fill(sheet: Worksheet) -> None:
        rows: tuple[list[object], ...] = (
            ["2021年三季度重点指标进展表"], ["序号", "指标名称", "完成情况", None, None, "责任单位"],
            [None, None, "年度目标", "现值", "数据截至", None],
            [7, CAMPUS, 30, 32, SEPTEMBER, "市教体局"], ["一、体育"],
            [13, SPORTS, 5, None, None, "市教体局"],
        )  # fmt: skip
        put(*rows)(sheet)
        for span in ("A1:F1", "C2:E2", "A2:A3", "B2:B3", "F2:F3"):
            sheet.merge_cells(span)

    table = await read(library, fill)
    assert [(o.matter, o.value, o.as_of) for o in table.openings] == [("annex1:7", "32", date(2021, 9, 24))]
    assert table.notes == (f"1件没有填现值：{SPORTS}。",)
    assert table.title.startswith("2021年三季度重点指标进展表")
    assert not table.problems


async def test_hidden_rows_are_listed_and_not_read(library: Library) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (["指标", "现值"], [CAMPUS, 32], [SPORTS, 6]):
            sheet.append(row)
        sheet.row_dimensions[3].hidden = True

    table = await read(library, fill)
    assert [o.matter for o in table.openings] == ["annex1:7"]
    assert table.problems == (f"第3行“{SPORTS}”：这一行在表里是隐藏的，没有读。要导入请取消隐藏再发。",)


async def test_a_table_of_another_year_behind_a_cover_is_said_before_it_is_imported(tmp_path: Path) -> None:
    book = Workbook()
    cover, sheet = book.active, book.create_sheet("数据")
    assert isinstance(cover, Worksheet)
    cover.append(["填表说明：请按要求填写"])
    for row in (["2020年年底重点指标完成情况"], ["指标", "现值"], [CAMPUS, 12]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    async with staged(tmp_path) as stage:
        await send_file(stage, "u-office", "去年.xlsx", out.getvalue())
        card = stage.door.said["u-office"][-1].text
        assert "读到1件事的现值，作为三季度的底数" in card
        assert "表里写的是2020年，这里会记到2021年三季度" in card
        assert not await approved(stage)
