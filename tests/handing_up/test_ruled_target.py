"""The side the office chose counts in percent, light, table and the leader's lines; each says so (暂按口径)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from handlers.leading import Beside, screen
from handlers.snapshot import Snapshot
from handlers.tables import annexes, summary
from storage import Actor
from tests.conversations.stage import InProcess
from tests.handing_up.quarter import OLD, report, staged
from tests.handing_up.test_tables import snapshot_of

ROOMS, SALES = "annex1:16", "annex1:1"  # the table wants 3 rooms and 10 %, the text 2 rooms and 13 %


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[InProcess]:
    """Two rooms and 12 % approved: behind or done, as the one or the other target counts."""
    async with staged(tmp_path) as stage:
        async with stage.database.work() as work:
            library, now = await stage.core.shelf.library(work), stage.core.clocks.now()
            facts = {m.key: m for m in library.notices[0].matters}
            stored = {m.key: m for m in await work.matters.current(library.notices[0].key)}
            for key, value in ((ROOMS, "2"), (SALES, "12")):
                await report(work, stored[key], facts[key], OLD, value, now)
        yield stage


async def rule(stage: InProcess, key: str, ref: str) -> None:
    """The office rules."""
    async with stage.database.work() as work:
        library, now = await stage.core.shelf.library(work), stage.core.clocks.now()
        by = Actor("u-office", "办公室", "市商务局")
        await work.rulings.rule(library.notices[0].key, key, ref, "会议明确", date(2021, 12, 20), by, now)


def light(snapshot: Snapshot, key: str) -> str:
    """Of its only measure."""
    return next(row.numbers[0].light for row in snapshot.matters if row.key == key)


async def test_percent_and_light_follow_the_ruling(stage: InProcess) -> None:
    before = await snapshot_of(stage)
    assert light(before, SALES) == "正常"
    await rule(stage, SALES, "body:1.2")
    await rule(stage, ROOMS, "body:3.6")
    after = await snapshot_of(stage)
    assert light(after, SALES) == "关注"
    assert next(row.numbers[0].targets for row in after.matters if row.key == ROOMS) == (
        (2021, Decimal(2)),
        (2022, Decimal(2)),
    )


async def test_the_table_says_which_target_counts(stage: InProcess) -> None:
    await rule(stage, SALES, "body:1.2")
    snapshot = await snapshot_of(stage)
    (wanted,) = [row[1] for row in summary(snapshot).rows if "网络零售年均增长" in str(row[1])]
    assert "2021年13%以上，2022年13%以上（暂按正文一(二)）" in str(wanted)
    annex = annexes(snapshot, colours=True)[0]
    assert any(
        "网络零售年均增长：目标暂按正文一(二)（办公室2021年12月20日，依据：会议明确）" in note for note in annex.foot
    )
    (row,) = [row for row in annex.rows if "网络零售年均增长" in str(row)]
    assert any("目标暂按口径" in str(cell) for cell in row)
    assert "网络零售年均增长12%，目标13%（市商务局，目标暂按口径）" in screen(snapshot, Beside(), date(2021, 12, 20))


async def test_what_explains_a_light_says_it(stage: InProcess) -> None:
    await rule(stage, SALES, "body:1.2")
    for who in ("u-office", "u-leader"):
        await stage.say(who, "", "为什么 网络零售年均增长", None)
        said = stage.door.said[who][-1].text
        assert "目标13%" in said
        assert "目标暂按正文一(二)（办公室2021年12月20日，依据：会议明确）。" in said
