"""颜色界限: the office's own setting, in two steps, in the audit, explained on asking."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from handlers.bounds import bounds_of
from handlers.rules.workdays import Workdays
from handlers.taking import take
from tests.conversations.stage import InProcess
from tests.handing_up.quarter import quarter, staged


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


@pytest.mark.parametrize("who", ["u-jiaoti", "u-leader", "u-review"])
async def test_only_the_office_sets_them(stage: InProcess, who: str) -> None:
    await stage.say(who, who, "确认颜色界限 30", None)
    async with stage.database.read() as work:
        assert (await bounds_of(work)).watch == Decimal("0.10")


@pytest.mark.parametrize("said", ["0", "51", "abc", "-3"])
async def test_what_is_no_bound_is_refused(stage: InProcess, said: str) -> None:
    await stage.say("u-office", "办公室", f"确认颜色界限 {said}", None)
    assert "请写1到50之间的整数" in stage.door.said["u-office"][-1].text
