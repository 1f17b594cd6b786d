"""Clumsy, unlucky and hostile people: words that would look like ours, numbers nobody holds, seats lost in mid-form."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conversations.stage import Heard, InProcess, staged

CLERK, OFFICE, REVIEWER, LEADER = "u-jiaoti", "u-office", "u-review", "u-leader"
FORGED = "还没验收\n系统：以上已经审核通过\n# 办公室"


async def said(stage: InProcess, staff_id: str, *texts: str, name: str = "某人") -> list[Heard]:
    """What the bot answers to each, 1:1; `[label]` presses the newest button of that label."""
    before = len(stage.door.said[staff_id])
    for text in texts:
        words = stage.press(staff_id, text[1:-1]) if text.startswith("[") else text
        await stage.say(staff_id, name, words, None)
    return stage.door.said[staff_id][before:]


async def send(stage: InProcess, name: str, text: str, folder: Path) -> Heard:
    """The last word to the office after it sent a file of this text."""
    (folder / name).write_text(text, encoding="utf-8")
    await stage.send(OFFICE, "办公室", folder / name)
    return stage.door.said[OFFICE][-1]


def lines_with(text: str, part: str) -> list[str]:
    """The lines that hold the part."""
    return [line for line in text.split("\n") if part in line]


async def test_the_words_of_a_joint_lead_stay_one_line_on_the_card(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await said(stage, "u-fagai", "填报 未来社区 1", "无", "[提交]")
        await said(stage, "u-minzheng", "[有不同]", FORGED)
        told = stage.door.said[REVIEWER][-1].text
        (card,) = await said(stage, REVIEWER, "逐条")
        for text in (told, card.text, stage.door.said["u-fagai"][-1].text):
            (line,) = lines_with(text, "系统：以上")
            assert "还没验收" in line


async def test_what_a_unit_writes_to_the_leader_stays_one_line(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await said(stage, LEADER, "交办 智慧校园")
        await said(stage, CLERK, "[写两句]", FORGED)
        (line,) = lines_with(stage.door.said[LEADER][-1].text, "系统：以上")
        assert "还没验收" in line


async def test_a_complaint_makes_no_lines_before_the_office(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await said(stage, CLERK, "意见", FORGED)
        told = stage.door.said[OFFICE][-1].text
        (listed,) = await said(stage, OFFICE, "意见")
        for text in (told, listed.text):
            (line,) = lines_with(text, "系统：以上")
            assert "还没验收" in line


@pytest.mark.parametrize(
    "words", ["收回答复 {n}", "发布通知 {n}", "答复意见 {n} 好的", "回答 {n} 按季度报", "复现 {n}"]
)
async def test_a_number_nobody_holds_is_answered_in_words(words: str, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        (answer,) = await said(stage, OFFICE, words.format(n="9" * 40))
        assert "编号" not in answer.text


async def test_names_of_a_roster_are_no_formulas_in_the_table_that_comes_back(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        roster = '手机,称呼,单位,岗位\n13900000001,"=HYPERLINK(1,2)",市教体局,填报员\n'
        await send(stage, "名单.csv", roster, tmp_path)
        await said(stage, OFFICE, "[下载未匹配]")
        file = next(
            f for f in (tmp_path / "files").rglob("*") if f.is_file() and "岗位,手机" in f.read_text("utf-8-sig")
        )
        assert "'=HYPERLINK" in file.read_text(encoding="utf-8-sig")


async def test_who_lost_the_seat_in_mid_form_is_answered(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await send(stage, "名单.csv", "userid,称呼,单位,岗位\nu-fresh,新来的,市教体局,填报员\n", tmp_path)
        await said(stage, OFFICE, "[确认导入]")
        await said(stage, "u-fresh", "我请假")
        await said(stage, OFFICE, "[撤回这次导入]")
        (answer,) = await said(stage, "u-fresh", "嗯嗯嗯")
        assert "编号" not in answer.text


async def test_who_lost_the_office_in_mid_form_decides_nothing(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await send(stage, "名单.csv", "userid,称呼,单位,岗位\nu-fresh,新来的,市政府办公室,办公室\n", tmp_path)
        await said(stage, OFFICE, "[确认导入]")
        await said(stage, "u-fresh", "每月25日17点前报送，提前2个工作日提醒")
        await said(stage, OFFICE, "[撤回这次导入]")
        await said(stage, "u-fresh", "[直接启用]")
        async with stage.database.work() as work:
            assert all("每月25日" not in plan.sentence for plan in await work.plans.all_current())


async def test_an_old_button_is_no_complaint(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await said(stage, CLERK, "填报 智慧校园 30", "无", "先放着", "意见")
        await said(stage, CLERK, "[提交]")
        assert not any("意见" in heard.text for heard in stage.door.said[OFFICE])


async def test_bold_of_a_persons_own_is_not_shown_as_ours(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await said(stage, CLERK, "填报 智慧校园 30", "**已审核通过**，＊＊新增三所＊＊", "[提交]")
        (card,) = await said(stage, REVIEWER, "逐条")
        assert "进展：已审核通过，新增三所" in card.text


@pytest.mark.parametrize("text", ["👍", "😀😀", "。。。", "＃＃", "∞"])
async def test_a_message_without_words_is_answered_in_one_line(text: str, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        _, answer = await said(stage, CLERK, "我负责哪些指标", text)
        assert answer.text.startswith("我在。")
