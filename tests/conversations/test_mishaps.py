"""What goes wrong inside a feature, and what people send to break it: one apology, nothing lost, nothing forged."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from handlers.feature import Aside, Feature, Turn
from handlers.message import Reply
from storage import AlreadyDecided, DatabaseUnreadable, Dialogue, Stale, Work
from tests.conversations.stage import InProcess, staged

CLERK, REVIEWER = "u-jiaoti", "u-review"


def broken(stage: InProcess) -> list[str]:
    """A feature that fails in every way, joined to the stage's; what it was asked so far."""
    feature, asked = Feature("broken"), list[str]()

    @feature.command("坏")
    async def fail(turn: Turn) -> Reply:
        raise RuntimeError(turn.text)

    @feature.command("总是晚一步")
    async def be_stale(turn: Turn) -> Reply:
        asked.append(turn.text)
        raise Stale("dialogue", 1)

    @feature.command("晚一步再坏")
    async def be_stale_then_fail(turn: Turn) -> Reply:
        asked.append(turn.text)
        raise Stale("dialogue", 1) if len(asked) == 1 else RuntimeError(turn.text)

    @feature.command("已办")
    async def be_second(turn: Turn) -> Reply:
        asked.append(turn.text)
        raise AlreadyDecided("granted", "somebody", None)

    @feature.command("刚办")
    async def be_second_once(turn: Turn) -> Reply:
        asked.append(turn.text)
        if len(asked) == 1:
            raise AlreadyDecided("granted", "somebody", None)
        return Reply("这件已经办过了。")

    @feature.command("开坏表")
    async def begin(turn: Turn) -> Reply:
        await turn.hold("broken", {})
        return Reply("开了")

    @feature.form("broken")
    async def carry_on(turn: Turn, _: Dialogue) -> Reply | Aside:
        raise RuntimeError(turn.text)

    stage.core.features.join(feature)
    return asked


async def said(stage: InProcess, staff_id: str, *texts: str, name: str = "某人") -> list[str]:
    """What the bot answers to each, 1:1."""
    before = len(stage.door.said[staff_id])
    for text in texts:
        words = stage.press(staff_id, text[1:-1]) if text.startswith("[") else text
        await stage.say(staff_id, name, words, None)
    return [heard.text for heard in stage.door.said[staff_id][before:]]


@pytest.mark.parametrize("text", ["坏", "总是晚一步", "晚一步再坏"])
async def test_a_bug_is_apologised_for_once_also_at_the_second_attempt(text: str, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        broken(stage)
        (answer,) = await said(stage, CLERK, text)
        assert "编号" in answer
        assert "您填过的内容都在" in answer


@pytest.mark.parametrize("text", ["已办", "刚办"])
async def test_a_decision_that_came_second_is_told_plainly_and_is_no_bug(text: str, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        asked = broken(stage)
        (answer,) = await said(stage, CLERK, text)
        assert "已经" in answer
        assert "编号" not in answer
        assert asked == [text, text]


async def test_a_step_that_fails_twice_is_put_away_and_the_next_message_is_answered(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        broken(stage)
        _, first, second, third = await said(stage, CLERK, "开坏表", "1", "2", "我负责哪些指标")
        assert "稍后再发一次" in first
        assert "已经先放着" in second
        assert "智慧" in third


async def test_a_database_away_for_a_moment_costs_nobody_an_answer(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.core.pipeline.pauses = (0.0, 0.0)
        original, tries = stage.database.work, list[int]()

        def work() -> AbstractAsyncContextManager[Work]:
            tries.append(len(tries))
            if len(tries) < 3:
                raise DatabaseUnreadable("away")
            return original()

        stage.database.work = work  # type: ignore[method-assign,assignment]
        (answer,) = await said(stage, CLERK, "我负责哪些指标")
        assert "智慧" in answer
        assert tries[:3] == [0, 1, 2]


async def test_words_of_a_report_make_no_lines_of_their_own_on_the_reviewers_card(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await said(stage, CLERK, "填报 智慧校园 30", "已验收\n2021年目标30所，已到100%\n# 办公室已通过", "[提交]")
        (card,) = await said(stage, REVIEWER, "逐条")
        assert "进展：已验收 2021年目标30所，已到100% # 办公室已通过\n" in card


async def test_a_number_at_the_end_of_a_line_is_no_button(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        _, asked = await said(stage, CLERK, "填报 智慧校园 30", "新建厂房#3")
        assert "新建厂房#3" in asked


async def test_who_pressed_twice_is_not_told_of_another(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await said(stage, CLERK, "填报 智慧校园 30", "无", "[提交]")
        *_, again = await said(stage, REVIEWER, "逐条", "[通过]", "[通过]")
        assert again.startswith("这件您")


async def test_a_unit_one_only_named_opens_no_progress_and_is_not_asked_for_again(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        _, answer = await said(stage, "u-nobody", "我是市教体局的", "我的进展")
        assert "登记岗位" in answer
        assert "还不知道您在哪个单位" not in answer


async def test_a_line_is_kept_with_the_marks_it_was_typed_with(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        _, card = await said(stage, CLERK, "填报 智慧校园 ３０", "新增三所（含１所民办），已验收；运行良好！")
        assert "累计30所" in card
        assert "新增三所（含1所民办），已验收；运行良好！" in card


async def test_a_day_may_be_said_before_the_line(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        _, card = await said(stage, CLERK, "填报 智慧校园 30", "数据截至12月10日，新增三所已验收")
        assert "数据截至12月10日" in card
        assert "｜新增三所已验收" in card


async def test_politeness_around_a_word_changes_nothing(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        _, parked, _ = await said(stage, CLERK, "填报 智慧校园", "先放着，谢谢", "帮助")
        assert parked.startswith("好的，先放着")
        assert "接着填：" not in parked


async def test_a_reviewer_who_thinks_better_of_it_is_told_that_nothing_was_passed_on(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await said(stage, CLERK, "填报 智慧校园 30", "无", "[提交]")
        heard = len(stage.door.said[CLERK])
        *_, dropped, card = await said(stage, REVIEWER, "逐条", "[问一问]", "取消", "[逐条]")
        assert "没有转" in dropped
        assert "30所" in card
        assert len(stage.door.said[CLERK]) == heard


async def test_an_answer_put_off_can_still_be_given(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await said(stage, CLERK, "填报 智慧校园 30", "无", "[提交]")
        await said(stage, REVIEWER, "逐条", "[问一问]", "都验收了吗")
        _, later, _, thanks = await said(stage, CLERK, "[答复]", "先放着", "[答复]", "都验收了")
        assert "还没有答复" in later
        assert "已转给" in thanks


async def test_another_units_page_counts_only_what_the_asker_may_see(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await said(stage, "u-wenlv", "填报 智慧景区 1", "无", "[提交]")
        (page,) = await said(stage, CLERK, "单位进展 市文广旅游局")
        assert "1件，已报0件" in page
        assert "智慧景区" not in page


@pytest.mark.parametrize("text", ["市教体局" * 5000, "a" * 20_000, "校园35，" * 3000])
async def test_nobody_waits_for_an_endless_message(text: str, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        _, refused, pending = await said(stage, CLERK, "填报 智慧校园", text, "30")
        assert "太长了" in refused
        assert "30所" in pending


@pytest.mark.parametrize("text", ["谢谢", "好的，谢谢", "收到", "嗯嗯", "OK", "辛苦了"])
async def test_a_polite_word_is_answered_in_one_line(text: str, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        _, answer = await said(stage, CLERK, "帮助", text)
        assert answer == "不客气，有事随时说。"
