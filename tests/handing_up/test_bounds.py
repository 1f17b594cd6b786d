"""颜色界限: the office's own setting, in two steps, in the audit, explained on asking."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from handlers.bounds import bounds_of
from handlers.rules.lights import Bounds
from handlers.rules.workdays import Workdays
from handlers.sealing import rules_in_force
from handlers.taking import take
from tests.conversations.stage import InProcess
from tests.handing_up.quarter import REVIEWER, quarter, staged


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[InProcess]:
    """A stage where a quarter was reported."""
    async with staged(tmp_path) as stage:
        async with stage.database.work() as work:
            await quarter(work, await stage.core.shelf.library(work), stage.core.clocks.now())
        yield stage


async def lights(stage: InProcess) -> list[str]:
    """The colour of every first figure."""
    async with stage.database.read() as work:
        library = await stage.core.shelf.library(work)
        now = stage.core.clocks.now()
        snapshot = await take(work, library, library.notices[0].key, now, Workdays())
        return [row.numbers[0].light for row in snapshot.matters if row.numbers]


async def test_wider_bounds_turn_slow_into_watch_only_after_the_second_step(stage: InProcess) -> None:
    before = await lights(stage)
    await stage.say("u-office", "办公室", "颜色界限 50", None)
    assert "由10%改为50%" in stage.door.said["u-office"][-1].text
    assert await lights(stage) == before
    await stage.say("u-office", "办公室", stage.press("u-office", "确认改为50%"), None)
    after = await lights(stage)
    assert after.count("偏慢") < before.count("偏慢")
    assert after.count("关注") > before.count("关注")
    async with stage.database.read() as work:
        line = (await work.audit.of_chain("settings"))[-1]
        assert (await bounds_of(work)).watch == Decimal("0.5")
    assert (line.who, line.old, line.new) == ("u-office", {"is": None}, {"is": 50})


async def test_the_bounds_are_explained_with_what_the_office_set(stage: InProcess) -> None:
    await stage.say("u-office", "办公室", "确认颜色界限 15", None)
    await stage.say("u-leader", "领导", "颜色界限", None)
    assert "现在的颜色界限是15%" in stage.door.said["u-leader"][-1].text
    await stage.say("u-leader", "领导", "为什么偏慢", None)
    said = stage.door.said["u-leader"][-1].text
    assert "15%" in said
    assert "即转为正常" in said
    await stage.say("u-leader", "领导", "为什么 智慧(数字)校园", None)
    assert "15%以内为关注" in stage.door.said["u-leader"][-1].text


async def test_what_is_counted_and_levels_have_bounds_of_their_own(stage: InProcess) -> None:
    await stage.say("u-office", "办公室", "颜色界限 增速 5", None)
    assert "由10%改为累计、新增10%，增速、占比5%" in stage.door.said["u-office"][-1].text
    await stage.say("u-office", "办公室", stage.press("u-office", "确认改为累计、新增10%，增速、占比5%"), None)
    async with stage.database.read() as work:
        assert await bounds_of(work) == Bounds(Decimal("0.10"), Decimal("0.05"))
    await stage.say("u-office", "办公室", "确认颜色界限 累计 20", None)
    await stage.say("u-leader", "领导", "颜色界限", None)
    said = stage.door.said["u-leader"][-1].text
    assert "比时间进度差目标的20%以内为关注" in said
    assert "低于目标不超过目标的5%为关注" in said


async def test_the_archive_holds_the_bounds_and_the_other_rules_in_force(stage: InProcess) -> None:
    await stage.say("u-office", "办公室", "确认颜色界限 占比 5", None)
    async with stage.database.work() as work:
        notice = (await work.notices.published())[0].notice
        matter = (await work.matters.current(notice))[0]
        await work.matters.assign_towns(matter.id, ["甲镇"], REVIEWER, stage.core.clocks.now())
        await work.settings.set("sign/市教体局", True, REVIEWER, stage.core.clocks.now())
        rules = await rules_in_force(work, notice)
    assert rules["颜色界限"] == {
        "累计、新增": "比时间进度差目标的10%以内为关注，超过为偏慢",
        "增速、占比": "低于目标不超过目标的5%为关注，再低为偏慢",
    }
    assert rules["内部审签的单位"] == ["市教体局"]
    assert rules["指定镇街"] == {matter.name: ["甲镇"]}


@pytest.mark.parametrize(
    "said",
    [
        "为什么是黄灯 智慧(数字)校园", "为什么智慧(数字)校园是黄灯", "智慧(数字)校园为什么是黄灯",
        "智慧(数字)校园为什么偏慢", "智慧(数字)校园怎么是红灯", "为什么智慧(数字)校园亮红灯", "为什么 智慧(数字)校园",
    ],
)  # fmt: skip
async def test_why_a_light_is_what_it_is_can_be_asked_in_any_order(stage: InProcess, said: str) -> None:
    await stage.say("u-office", "办公室", said, None)
    heard = stage.door.said["u-office"][-1].text
    assert heard.startswith("智慧(数字)校园（市教体局）")
    assert "现在是偏慢（红）" in heard
    assert "12月20日应达到29.1所（2021年目标30所，上年目标0所，全年已过97%），现在8所，差21.1所" in heard
    assert "差距占目标10%以内为关注，超过为偏慢" in heard
    assert "达到30所即转为正常" in heard


async def test_why_a_yellow_light_without_a_name_tells_of_those_that_are_behind(stage: InProcess) -> None:
    for said in ("为什么是黄灯", "为什么是红灯", "为什么亮黄灯"):
        await stage.say("u-leader", "领导", said, None)
        assert "即转为正常" in stage.door.said["u-leader"][-1].text


async def test_a_unit_reads_the_rule_without_colours(stage: InProcess) -> None:
    await stage.say("u-jiaoti", "教体局", "智慧(数字)校园为什么偏慢", None)
    heard = stage.door.said["u-jiaoti"][-1].text
    assert "即转为正常" in heard
    assert "（红）" not in heard


@pytest.mark.parametrize("who", ["u-jiaoti", "u-leader", "u-review"])
async def test_only_the_office_sets_them(stage: InProcess, who: str) -> None:
    await stage.say(who, who, "确认颜色界限 30", None)
    async with stage.database.read() as work:
        assert (await bounds_of(work)).watch == Decimal("0.10")


@pytest.mark.parametrize("said", ["0", "51", "abc", "-3"])
async def test_what_is_no_bound_is_refused(stage: InProcess, said: str) -> None:
    await stage.say("u-office", "办公室", f"确认颜色界限 {said}", None)
    assert "请写1到50之间的整数" in stage.door.said["u-office"][-1].text
