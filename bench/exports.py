"""How long the 汇总表 takes to make in its child, and what it leaves in our own memory: 47 matters, and 1,000 × 8.

The pages are taken from snapshots made here; what a database needs to read them is not in these rows.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

from bench.table import Row
from bot.sheets import make_papers
from handlers.papers import Paper
from handlers.snapshot import MatterRow, Number, Snapshot, Version
from handlers.table_papers import table_papers

AT = datetime(2021, 12, 20, 9, tzinfo=UTC)
PERIODS = ("2020Q1", "2020Q2", "2020Q3", "2020Q4", "2021Q1", "2021Q2", "2021Q3", "2021Q4")
LINE = "截至9月底，已建成35所，完成2022年目标的59%；新增三所已验收。"


def snapshot_of(matters: int, periods: tuple[str, ...]) -> Snapshot:
    """So many matters, each approved in every period."""
    rows = tuple(row_of(number) for number in range(matters))
    versions = tuple(version_of(number, period, n) for number in range(matters) for n, period in enumerate(periods, 1))
    return Snapshot("n", "通知", periods[-1], "四季度", None, AT, "0" * 64, (), rows, versions, ())


def row_of(number: int) -> MatterRow:
    """A matter with one figure."""
    figure = Number(
        "1", f"事项{number}", "个", "累计", ((2021, Decimal(30)),), Decimal(20), 2021, Decimal(30), "", Decimal(67),
        Decimal(29), "偏慢", "慢于时间进度,差9个",
    )  # fmt: skip
    return MatterRow(
        number, f"annex1:{number}", f"事项{number}", (f"annex1:{number}",), f"附件1第{number}项", "内容" * 20,
        "2021年30个", ("市甲局",), (), "通过", True, LINE, (figure,), PERIODS[-1], number, date(2021, 12, 18),
        "新增三所已验收",
    )  # fmt: skip


def version_of(number: int, period: str, n: int) -> Version:
    """A version of it in a period."""
    return Version(
        number * 10 + n, number, f"事项{number}", f"附件1第{number}项", ("市甲局",), period, 1, "通过", True, "report",
        ((f"事项{number}", "个", Decimal(n)),), "", date(2021, 12, 18), "新增三所已验收", "单位上报", "市甲局填报员",
        AT, "市乙局审核员", AT, 0, "", False, False, f"第{n}号", "原文",
    )  # fmt: skip


def resident() -> float:
    """Most memory this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def made(make: Callable[[], Snapshot]) -> tuple[float, float]:
    """(seconds from the snapshot to both files, growth of our own memory in MB)."""
    snapshot = make()
    before, began = resident(), time.perf_counter()
    papers: tuple[Paper, ...] = table_papers(snapshot, colours=True)
    await make_papers(papers)
    return time.perf_counter() - began, resident() - before


async def measure() -> list[Row]:
    """A notice as large as the built-in one, and the largest we promise."""
    small, grown = await made(lambda: snapshot_of(47, PERIODS[:1]))
    large, _ = await made(lambda: snapshot_of(1000, PERIODS))
    return [
        Row("汇总表 of 47 matters, xlsx and docx, made in the child", f"{small:.1f} s", goal="3 s"),
        Row("the same: growth of our own memory", f"{grown:.1f} MB", goal="unchanged"),
        Row("汇总表 of 1,000 matters in 8 periods, made in the child", f"{large:.1f} s", goal="30 s"),
    ]
