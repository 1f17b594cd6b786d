"""The 汇总表 equals the approved snapshot cell by cell, is safe, print-ready, and reaches only who may have it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.sheets import make_papers
from handlers.own_matters import Wish, document_of, read_wish
from handlers.papers import Grid, Paper
from handlers.rules.workdays import Workdays
from handlers.snapshot import Snapshot, from_json, to_json
from handlers.table_papers import table_papers
from handlers.tables import sheets, summary
from handlers.taking import take
from tests.conversations.stage import InProcess
from tests.handing_up.quarter import REVIEWER, Keeper, quarter, staged

DETAIL = "出处 事项 责任单位 报送期 数值 单位 数据截至 进展 来源 状态 填报岗位 提交时间 审核岗位 审核时间 附件数 备注"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[InProcess]:
    """A stage where a quarter was reported."""
    async with staged(tmp_path) as stage:
        async with stage.database.work() as work:
            await quarter(work, await stage.core.shelf.library(work), stage.core.clocks.now())
        yield stage


async def snapshot_of(stage: InProcess) -> Snapshot:
    async with stage.database.read() as work:
        library = await stage.core.shelf.library(work)
        return await take(work, library, library.notices[0].key, stage.core.clocks.now(), Workdays())


def read(sheet: Worksheet, grid: Grid) -> list[tuple[object, ...]]:
    """The rows under the header of the grid."""
    rows = [row[: len(grid.columns)] for row in sheet.iter_rows(values_only=True)]
    start = rows.index(tuple(head for head, _ in grid.columns)) + 1
    return list(rows[start : start + len(grid.rows)])


def as_read(row: tuple[object, ...]) -> tuple[object, ...]:
    """A row as it is read back: no empty texts, and nothing that begins like a formula."""
    return tuple(None if c in ("", None) else "'" + c if isinstance(c, str) and c[0] in "=+-@" else c for c in row)


async def test_the_workbook_holds_what_was_approved_cell_by_cell(stage: InProcess) -> None:
    snapshot = await snapshot_of(stage)
    (data,) = await make_papers(table_papers(snapshot, colours=True)[:1])
    book = load_workbook(io.BytesIO(data))
    for grid, name in zip(sheets(snapshot, colours=True), book.sheetnames, strict=True):
        assert read(book[name], grid) == [as_read(row) for row in grid.rows], grid.name


async def test_only_approved_values_go_up(stage: InProcess) -> None:
    snapshot = await snapshot_of(stage)
    assert not [n for row in snapshot.matters for n in row.numbers if n.value == 99]
    assert not [row for row in summary(snapshot).rows if "99" in str(row[2])]
    waiting = [row for row in snapshot.matters if row.state == "待审核"]
    assert waiting
    assert all(row.period == "2021Q3" and row.paragraph.startswith("本期已报，待审核。") for row in waiting)


async def test_the_first_sheet_is_the_annex_and_the_detail_has_its_columns(stage: InProcess) -> None:
    grids = sheets(await snapshot_of(stage), colours=True)
    heads = [head for head, _ in grids[0].columns]
    assert heads[:5] == ["序号", "指标", "2021年", "2022年", "责任单位"]
    assert [head for head, _ in grids[1].columns][:4] == ["序号", "内容与要求", "进展情况", "责任单位"]
    detail = next(grid for grid in grids if grid.name == "填报明细")
    assert [head for head, _ in detail.columns] == DETAIL.split()
    assert all(isinstance(row[4], int | float | None) and str(row[11]).endswith("+08:00") for row in detail.rows)


async def test_no_cell_is_or_begins_like_a_formula(stage: InProcess) -> None:
    (data,) = await make_papers(table_papers(await snapshot_of(stage), colours=True)[:1])
    book = load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [c for c in cells if c.data_type == "f"]
    assert not [c.value for c in cells if isinstance(c.value, str) and c.value.lstrip().startswith(tuple("=+-@"))]
    assert any("HYPERLINK" in str(c.value) for c in cells)


async def test_the_workbook_is_ready_to_print(stage: InProcess) -> None:
    (data,) = await make_papers(table_papers(await snapshot_of(stage), colours=True)[:1])
    for sheet in load_workbook(io.BytesIO(data)):
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows
        assert sheet.page_setup.fitToHeight == 0


async def test_the_document_holds_the_same_rows_and_the_chain_head(stage: InProcess) -> None:
    snapshot = await snapshot_of(stage)
    (data,) = await make_papers(table_papers(snapshot, colours=True)[1:])
    document = Document(io.BytesIO(data))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    grid = summary(snapshot)
    wanted = [tuple("" if c is None else c if isinstance(c, str) else str(c) for c in row) for row in grid.rows]
    assert [tuple(text.removeprefix("'") for text in row) for row in rows[1:]] == wanted
    assert "tblHeader" in document.tables[0].rows[0]._tr.xml
    assert document.sections[0].orientation == WD_ORIENT.LANDSCAPE
    assert snapshot.head in document.sections[0].footer.paragraphs[0].text
    assert len(document.inline_shapes) == 2
    assert "仿宋_GB2312" in zipfile.ZipFile(io.BytesIO(data)).read("word/fontTable.xml").decode()


async def test_a_snapshot_survives_json(stage: InProcess) -> None:
    snapshot = await snapshot_of(stage)
    assert from_json(to_json(snapshot)) == snapshot


async def test_what_is_not_due_has_no_colour_and_a_value_is_judged_by_its_own_day(stage: InProcess) -> None:
    snapshot = await snapshot_of(stage)
    assert not [n for row in snapshot.matters for n in row.numbers if n.light and n.value is None]


async def test_bad_orders_are_refused_not_hung(stage: InProcess) -> None:
    from bot.sheets import NotMade

    with pytest.raises(NotMade):
        await make_papers([Paper("x", "zip", {"members": [{"path": "a", "key": "0" * 64}]})], stage.core.files.path)


@pytest.mark.parametrize(
    ("who", "sheet_count", "sees_waiting"), [("u-office", 8, True), ("u-leader", 7, False), ("u-jiaoti", 8, True)]
)
async def test_each_gets_what_he_may_have(stage: InProcess, who: str, sheet_count: int, sees_waiting: bool) -> None:
    await stage.say(who, who, "汇总表", None)
    await stage.settle()
    assert isinstance(stage.door, Keeper)
    files = [(name, key) for to, name, key in stage.door.handed if to == who]
    assert [name.rsplit(".", 1)[1] for name, _ in files] == ["xlsx", "docx"]
    book = load_workbook(io.BytesIO(await stage.core.files.read(files[0][1])))
    assert len(book.sheetnames) == sheet_count
    states = {row[9].value for row in book["填报明细"].iter_rows(min_row=3)}
    assert ("待审核" in states) is sees_waiting
    units = {row[2].value for row in book["填报明细"].iter_rows(min_row=3) if row[2].value}
    assert who != "u-jiaoti" or all("市教体局" in str(unit) for unit in units)


@pytest.mark.parametrize("who", ["u-review", "u-admin", "u-town"])
async def test_others_get_no_table(stage: InProcess, who: str) -> None:
    await stage.say(who, who, "汇总表", None)
    assert isinstance(stage.door, Keeper)
    assert not stage.door.handed


async def test_an_office_matter_stands_in_the_tables_like_the_others(stage: InProcess) -> None:
    said = "快递站点共配 牵头 市邮政管理局 目标 2021年30个 依据 专题会议纪要"
    async with stage.database.read() as work:
        wish = read_wish(said, await stage.core.shelf.library(work))
    assert isinstance(wish, Wish)
    async with stage.database.work() as work:
        notice = (await work.notices.published())[0].notice
        await work.matters.add_own(
            notice, wish.name, basis=wish.basis, lead_units=wish.leads, by=REVIEWER, at=stage.core.clocks.now(),
            document=document_of(wish, stage.core.clocks.now()),
        )  # fmt: skip
        await work.notices.bump()
    row = summary(await snapshot_of(stage)).rows[-1]
    assert row[1:] == ("快递站点共配\n依据：专题会议纪要\n目标：2021年30个", "本期未报。", "市邮政管理局", "未报")
