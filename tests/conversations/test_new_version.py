"""A notice sent anew: its changes are shown, the office says which matter is which, values stay with what goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conversations.stage import ROOT, Heard, InProcess, staged

OFFICE, CLERK = "u-office", "u-shangwu"
BUILT_IN = ROOT / "knowledge" / "data" / "notices" / "zhuji-2021-17.txt"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[InProcess]:
    async with staged(tmp_path) as opened:
        yield opened


async def say(stage: InProcess, who: str, text: str) -> Heard:
    words = stage.press(who, text[1:-1]) if text.startswith("[") else text
    await stage.say(who, who, words, None)
    return stage.door.said[who][-1]


async def send(stage: InProcess, text: str, folder: Path) -> Heard:
    file = folder / "新版.txt"
    file.write_text(text, encoding="utf-8")
    await stage.send(OFFICE, OFFICE, file)
    return stage.door.said[OFFICE][-1]


async def confirm_all(stage: InProcess) -> list[str]:
    """Say yes to every card; the cards."""
    cards = [(await say(stage, OFFICE, "[逐条看]")).text]
    while stage.door.said[OFFICE][-1].buttons[0][1].startswith(("疑点没问题", "是同一件")):
        cards.append((await say(stage, OFFICE, f"[{stage.door.said[OFFICE][-1].buttons[0][0]}]")).text)
    return cards


async def test_the_same_text_is_not_published_twice(stage: InProcess, tmp_path: Path) -> None:
    heard = await send(stage, BUILT_IN.read_text(encoding="utf-8"), tmp_path)
    assert heard.text == "这份通知和现在发布的一字不差，不用再发。"


async def test_a_renamed_matter_keeps_its_values_when_the_office_says_so(stage: InProcess, tmp_path: Path) -> None:
    for words in ("填报 特色产业直播间", "2", "无", "[提交]"):
        await say(stage, CLERK, words)
    text = BUILT_IN.read_text(encoding="utf-8").replace("特色产业直播间", "特色产业直播间和基地").replace("10%", "12%")
    heard = await send(stage, text, tmp_path)
    assert "像是改了名的事项1" in heard.text
    assert "网络零售年均增长：2021年 10% → 12%" in heard.text
    assert "直播间和基地" not in (await say(stage, "u-fagai", "特色产业直播间谁负责")).text
    cards = await confirm_all(stage)
    assert any("“特色产业直播间和基地”，是不是原来的“特色产业直播间”" in card for card in cards)
    assert "都看完了" in cards[-1]
    assert "已发布" in (await say(stage, OFFICE, "[发布]")).text
    assert "12%" in (await say(stage, "u-fagai", "网络零售目标是多少")).text
    assert "四季度第1号" in (await say(stage, CLERK, "填报 特色产业直播间和基地")).text


async def test_taking_back_brings_the_version_before_again(stage: InProcess, tmp_path: Path) -> None:
    await send(stage, BUILT_IN.read_text(encoding="utf-8").replace("10%", "12%"), tmp_path)
    await say(stage, OFFICE, "[先发布，稍后看]")
    await say(stage, OFFICE, "[收回通知]")
    await say(stage, OFFICE, "[确认收回]")
    assert "没有发布的通知" in (await say(stage, "u-fagai", "网络零售目标是多少")).text
    await say(stage, OFFICE, "[恢复上一版]")
    answer = (await say(stage, "u-fagai", "网络零售目标是多少")).text
    assert "10%" in answer
    assert "12%" not in answer


async def test_a_ruling_ends_when_another_matter_stands_at_its_place(stage: InProcess, tmp_path: Path) -> None:
    for words in ("定口径 体育场地", "[暂按附件1第13项]", "联席会议12月20日会议明确", "[确定]"):
        await say(stage, OFFICE, words)
    text = BUILT_IN.read_text(encoding="utf-8").replace("公共体育场地硬件智能化改造", "城乡健身场地数字化提升")
    await send(stage, text, tmp_path)
    heard = await say(stage, OFFICE, "[先发布，稍后看]")
    assert "暂按口径已停用" in heard.text


async def test_nobody_but_the_office_publishes(stage: InProcess, tmp_path: Path) -> None:
    await send(stage, BUILT_IN.read_text(encoding="utf-8").replace("10%", "12%"), tmp_path)
    for words in ("发布通知 #2", "看疑点 #2", "疑点没问题 #2.1", "确认收回通知 #1", "看变化 #2"):
        assert "办公室" in (await say(stage, CLERK, words)).text
    assert "10%" in (await say(stage, "u-fagai", "网络零售目标是多少")).text
