"""Pictures: every sign drawn (a missing one warns, and warnings are errors), phone width, made outside the bot."""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sheets_chart import draw
from handlers.papers import Bar, Chart, chart_json
from tests.conversations.stage import InProcess
from tests.handing_up.quarter import Keeper, quarter, staged

LINES = ("数据截至2021-12-20，均为审核通过的数", "来源：各责任单位填报；《通知》；制图2021-12-20")


def size(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG, in pixels."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_bars_are_drawn_at_phone_width_without_a_missing_sign() -> None:
    names = (
        "智慧(数字)校园",
        "公交出行移动支付扫码“一码通”覆盖率",
        "社区数字生活服务中心(含农村社区)",
        "诸暨枫桥—㎡％±",
    )
    bars = tuple(
        Bar(name, 26.7, "8/30所", tone) for name, tone in zip(names, ("ahead", "watch", "behind", ""), strict=True)
    )
    width, height = size(draw(chart_json(Chart("各项指标完成情况", LINES, bars))))
    assert width == 1080
    assert height > 400


def test_a_course_is_drawn_with_its_way_to_the_target() -> None:
    chart = Chart(
        "智慧(数字)校园（所）", LINES, course=(("2021-09-20", 12.0), ("2021-12-20", 20.0)),
        pace=(("2020-12-31", 0.0), ("2021-12-31", 30.0)), unit="所", legend=("实际（审核通过）", "按目标的进度"),
    )  # fmt: skip
    assert size(draw(chart_json(chart)))[0] == 1080


def test_a_course_of_one_value_below_nothing_is_drawn() -> None:
    chart = Chart(
        "增速（%）", LINES, course=(("2021-09-20", -3.5),), unit="%", legend=("实际（审核通过）", "按目标的进度")
    )
    assert size(draw(chart_json(chart)))[0] == 1080


def test_the_bot_loads_none_of_the_libraries() -> None:
    code = (
        "import sys, bot.app, bot.sheets; print([m for m in ('matplotlib', 'docx', 'xlsxwriter') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[InProcess]:
    async with staged(tmp_path) as stage:
        async with stage.database.work() as work:
            await quarter(work, await stage.core.shelf.library(work), stage.core.clocks.now())
        yield stage


@pytest.mark.parametrize("words", ["进展图", "走势 智慧(数字)校园"])
async def test_a_picture_comes_into_the_chat(stage: InProcess, words: str) -> None:
    await stage.say("u-leader", "领导", words, None)
    assert isinstance(stage.door, Keeper)
    to, name, key = stage.door.handed[-1]
    assert (to, name[-4:]) == ("u-leader", ".png")
    assert size(await stage.core.files.read(key))[0] == 1080


async def test_another_unit_sees_no_course(stage: InProcess) -> None:
    await stage.say("u-shangwu", "商务局", "走势 智慧(数字)校园", None)
    assert "您这里看不到" in stage.door.said["u-shangwu"][-1].text
    assert isinstance(stage.door, Keeper)
    assert not stage.door.handed
