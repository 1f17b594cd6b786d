"""The year changes: totals are carried over as opening values, levels are not, and units are asked."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from handlers.own_matters import Wish, document_of
from knowledge import Figure, Kind, Measure
from storage import Work
from tests.conversations.stage import InProcess
from tests.handing_up.quarter import NOW, REVIEWER, quarter, report, staged


async def opening(stage: InProcess) -> dict[str, dict[str, str]]:
    """Name of the matter → its opening figures."""
    async with stage.database.read() as work:
        notice = (await work.notices.published())[0].notice
        names = {m.id: m.name for m in await work.matters.current(notice)}
        found = await work.submissions.of_period(notice, "2021-12-31")
        return {names[s.matter_id]: dict(s.figures) for s in found if s.live}


async def test_totals_are_carried_over_and_levels_are_not(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        async with stage.database.work() as work:
            await quarter(work, await stage.core.shelf.library(work), stage.core.clocks.now())
        await stage.say("u-office", "办公室", "年度切换 2021", None)
        assert "还没有过完" in stage.door.said["u-office"][-1].text
        await stage.event("时钟 2022-01-04T10:00")
        await stage.say("u-office", "办公室", "年度切换", None)
        assert not await opening(stage)
        await stage.say("u-office", "办公室", stage.press("u-office", "确认年度切换"), None)
        kept = await opening(stage)
        assert kept["智慧(数字)校园"] == {"1": "8"}
        assert "网络零售年均增长" not in kept
        assert "数字化学校平台覆盖率" not in kept
        assert "2022年年初数" in stage.door.said["u-jiaoti"][-1].text
        await stage.say("u-jiaoti", "教体局", stage.press("u-jiaoti", "有不同"), None)
        assert "市教体局对年初数有不同" in stage.door.said["u-office"][-1].text
        await stage.say("u-office", "办公室", stage.press("u-office", "撤回年度切换"), None)
        assert not await opening(stage)


async def test_only_the_office_changes_the_year(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.say("u-jiaoti", "教体局", "确认年度切换 2020", None)
        assert "由办公室来办" in stage.door.said["u-jiaoti"][-1].text


async def added(work: Work, kind: Kind, at: datetime) -> int:
    """A matter of the office's own with one measure of this kind."""
    figure = Figure(Decimal(30), "场", kind, 2021)
    wish = Wish(
        f"直播培训{kind.value}", ("市教体局",), (), (Measure("1", "培训", "场", kind, (figure,), ()),), "会议明确"
    )
    notice = (await work.notices.published())[0].notice
    number = await work.matters.add_own(
        notice, wish.name, basis=wish.basis, lead_units=wish.leads, by=REVIEWER, at=at, document=document_of(wish, at)
    )
    await work.notices.bump()
    return number


@pytest.mark.parametrize(("kind", "carried"), [(Kind.STOCK, {"1": "12"}), (Kind.FLOW, None), (Kind.GROWTH, None)])
async def test_a_totals_end_is_the_next_years_beginning_an_increments_is_not(
    tmp_path: Path, kind: Kind, carried: dict[str, str] | None
) -> None:
    async with staged(tmp_path) as stage:
        at = stage.core.clocks.now()
        async with stage.database.work() as work:
            number = await added(work, kind, at)
        async with stage.database.work() as work:
            library = await stage.core.shelf.library(work)
            stored = next(m for m in await work.matters.current() if m.id == number)
            facts = next(m for m in library.matters() if m.key == stored.key)
            assert facts.measures[0].kind is kind
            await report(work, stored, facts, NOW, "12", at)
        await stage.event("时钟 2022-01-04T10:00")
        await stage.say("u-office", "办公室", "确认年度切换 2021", None)
        assert (await opening(stage)).get(stored.name) == carried
