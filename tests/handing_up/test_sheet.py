"""The unit's own sheet: out with what is owed, back with row errors, nothing stored before the word."""

from __future__ import annotations

import io
from pathlib import Path

from openpyxl import load_workbook

from tests.conversations.stage import InProcess
from tests.handing_up.quarter import Keeper, staged
from tests.handing_up.test_openings import send_file


async def drafts(stage: InProcess) -> int:
    async with stage.database.read() as work:
        return len([d for d in await work.drafts.open_of("市教体局") if d.answers])


async def test_the_sheet_goes_out_and_comes_back(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.say("u-jiaoti", "教体局", "填报表", None)
        assert isinstance(stage.door, Keeper)
        to, name, key = stage.door.handed[-1]
        assert (to, name) == ("u-jiaoti", "填报表_市教体局_四季度.xlsx")
        book = load_workbook(io.BytesIO(await stage.core.files.read(key)))
        sheet = book.active
        assert sheet is not None
        rows = {str(row[2].value or row[1].value): row for row in sheet.iter_rows(min_row=4)}
        rows["智慧(数字)校园"][5].value = 20
        rows["智慧(数字)校园"][6].value = "新增三所已验收"
        rows["公共体育场地硬件智能化改造"][5].value = 6.5
        out = io.BytesIO()
        book.save(out)
        await send_file(stage, "u-jiaoti", name, out.getvalue())
        card = stage.door.said["u-jiaoti"][-1].text
        assert "读到1件：智慧(数字)校园20所。现在还没有记下。" in card
        assert "应是整数" in card
        assert not await drafts(stage)
        await stage.say("u-jiaoti", "教体局", stage.press("u-jiaoti", "放进填报"), None)
        assert "20所" in stage.door.said["u-jiaoti"][-1].text
        assert await drafts(stage) == 1
        await stage.say("u-jiaoti", "教体局", "全部提交", None)
        assert "收到" in stage.door.said["u-jiaoti"][-1].text


async def test_another_units_rows_are_not_taken(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await send_file(stage, "u-wenlv", "填报表_x.csv", "事项,本期值\n智慧(数字)校园,20\n".encode())
        await stage.say("u-wenlv", "文旅局", stage.press("u-wenlv", "放进填报"), None)
        assert "不由您单位报" in stage.door.said["u-wenlv"][-1].text
