"""底数: any sensible table is read, what does not fit is listed, nothing is kept before the word, all is taken back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.app import built_in
from bot.sheets import make_papers
from handlers.errands import Sheet
from handlers.message import Attachment, Chat, Message, Sender
from handlers.openings import best_of, read_openings
from handlers.papers import Grid, book
from knowledge import Library, read_notice
from tests.conversations.stage import InProcess
from tests.handing_up.quarter import staged


@pytest.fixture(scope="module")
def library() -> Library:
    name, source = built_in()
    return Library([read_notice(source, name)])


@pytest.mark.parametrize(
    "rows",
    [
        [["序号", "指标", "现值"], ["7", "智慧(数字)校园", "32"], ["13", "公共体育场地硬件智能化改造", "6家"]],
        [["现值（累计）", "单位", "事项名称", "责任单位"], ["三十二所", "所", "智慧校园", "市教体局"],
         ["6", "家", "体育场地智能化改造", "市教体局"]],
        [["某某局进展表"], ["填表人：张三"], ["编号", "完成情况", "数据截至", "项目"],
         ["", "32", "2021年9月24日", "智慧(数字)校园"], ["", "6", "", "公共体育场地硬件智能化改造"], ["", "", "", ""]],
    ],
)  # fmt: skip
def test_any_sensible_order_is_read(library: Library, rows: list[list[str]]) -> None:
    table = read_openings(rows, library)
    assert [(o.matter, o.value) for o in table.openings] == [("annex1:7", "32"), ("annex1:13", "6")]
    assert not table.problems


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["智慧食堂改造", "5"], "通知里没有这件事"),
        (["智慧(数字)校园", "三十多所"], "不是一个确定的数"),
        (["智慧(数字)校园", "32.5"], "应是整数"),
        (["数字化学校平台覆盖率", "180%"], "应在0到100之间"),
        (["“互联网+”教育平台", "5"], "有2个数"),
        (["激活西施文化内涵", "5"], "只能填未启动、推进中或已完成"),
    ],
)
def test_what_does_not_fit_is_listed_with_its_row(library: Library, row: list[str], why: str) -> None:
    table = read_openings([["事项", "现值"], row], library)
    assert not table.openings
    assert len(table.problems) == 1
    assert table.problems[0].startswith("第2行")
    assert why in table.problems[0]


def test_of_several_sheets_the_one_that_fits_is_read_without_its_hidden_rows(library: Library) -> None:
    cover = Sheet("说明", (("请各单位填报",),))
    values = Sheet(
        "数", (("事项", "现值"), ("智慧(数字)校园", "32"), ("公共体育场地硬件智能化改造", "6")), frozenset({3})
    )
    table = best_of([cover, values], library, date(2021, 12, 20))
    assert [(o.matter, o.value) for o in table.openings] == [("annex1:7", "32")]
    assert not best_of([], library, date(2021, 12, 20)).openings


def test_a_row_said_twice_is_listed(library: Library) -> None:
    table = read_openings([["事项", "现值"], ["智慧(数字)校园", "32"], ["智慧(数字)校园", "33"]], library)
    assert [o.value for o in table.openings] == ["32"]
    assert "重复" in table.problems[0]


def test_a_table_without_heads_is_refused_in_words(library: Library) -> None:
    assert "表头" in read_openings([["a", "b"], ["1", "2"]], library).problems[0]


async def send_file(stage: InProcess, who: str, name: str, data: bytes) -> None:
    """Somebody sends a file 1:1."""
    stage.door.files["code"] = data
    number = next(stage.numbers)
    await stage.core.pipeline.handle(
        Message(
            f"f{number}", "robot", Chat(f"direct:{who}", "person"), Sender(who, who), "", stage.core.clocks.now(),
            kind="file", attachments=(Attachment("file", "code", name),), route=f"session:{number}",
        )
    )  # fmt: skip
    await stage.settle()


async def approved(stage: InProcess) -> dict[str, str]:
    async with stage.database.read() as work:
        notice = (await work.notices.published())[0].notice
        found = await work.submissions.approved(notice)
        return {f"{s.matter_id} {s.period} {s.kind}": next(iter(s.figures.values())) for s in found}


async def test_nothing_is_kept_before_the_word_and_all_is_taken_back(tmp_path: Path) -> None:
    rows = (("7", "智慧(数字)校园", 32), ("13", "公共体育场地硬件智能化改造", 6), ("", "智慧食堂", 3))
    grid = Grid("底数", "上期进展表", (("序号", 5), ("指标", 30), ("现值", 8)), rows)
    (data,) = await make_papers([book("底数.xlsx", [grid])])
    async with staged(tmp_path) as stage:
        await send_file(stage, "u-office", "底数.xlsx", data)
        card = stage.door.said["u-office"][-1]
        assert "读到2件事的现值，作为三季度的底数" in card.text
        assert "第5行“智慧食堂”：通知里没有这件事。" in card.text
        assert not await approved(stage)
        await stage.say("u-office", "办公室", stage.press("u-office", "确认导入"), None)
        assert sorted((await approved(stage)).values()) == ["32", "6"]
        assert all(key.endswith("2021Q3 opening") for key in await approved(stage))
        await stage.say("u-jiaoti", "教体局", "填报 智慧(数字)校园", None)
        assert "上次32" in stage.door.said["u-jiaoti"][-1].text
        await stage.say("u-office", "办公室", stage.press("u-office", "撤回这次导入"), None)
        assert not await approved(stage)


async def test_only_the_office_imports(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.say("u-jiaoti", "教体局", "确认导入底数 #1", None)
        assert "由办公室来做" in stage.door.said["u-jiaoti"][-1].text
