"""How long 汇总表 takes from the word to both files, and what it leaves in the robot's own memory.

Every matter is approved in every period, in a database on disk that the robot reads; files are made in its child.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from bench.crowd import Crowd, crowd, robot
from bench.table import Row, spread, today
from handlers.publishing import keep, publish
from handlers.roster import Entry, seat_all
from handlers.rules.periods import Frequency, before, key_of
from knowledge import Library, read_notice
from storage import Actor, Database, Work
from tests.handing_up.quarter import report

BUILT_IN = Path("tests/data/notices/zhuji-2021-17.txt")
MANY, EIGHT = 1000, 8  # matters and periods
OFFICE = "u0000"
GROWN = "the same: the robot's own memory before, after the first, after the third"
PATIENCE = 90.0  # seconds
LOOK = 0.1  # seconds between two looks
AGAIN = 3  # times 汇总表 is said


class Say:
    HEAD = (
        "某市人民政府办公室\n关于下达年度任务的通知\n各单位：\n现将年度任务下达如下。\n一、目标任务\n各单位按附件完成任务。\n"
        "附件1\n年度任务分解表\n序号 | 指标 | {last}年 | {this}年 | 责任单位 |\n"
    )
    LINE = "{n} | {what}工程第{n}期建设(个) | 20 | 60 | {unit} |"
    WHAT = ("校园", "商圈", "景区", "医院", "市场", "驿站", "书房", "泵站", "车站", "公园")
    UNITS = ("市甲局", "市乙局", "市丙局", "市丁局", "市戊局")
    PROGRESS = "新增三所已验收"
    TABLE, OFFICE, FILE = "汇总表", "办公室", "通知.txt"


BY = Actor(OFFICE, Say.OFFICE, Say.OFFICE)


def long_notice(rows: int) -> str:
    """The text of a notice with one table of so many rows."""
    year = today().year
    lines = [
        Say.LINE.format(n=n, what=Say.WHAT[n % len(Say.WHAT)], unit=Say.UNITS[n % len(Say.UNITS)])
        for n in range(1, rows + 1)
    ]
    return Say.HEAD.format(last=year - 1, this=year) + "\n".join(lines) + "\n"


def quarters(count: int, now: datetime) -> list[str]:
    """The last so many quarters, oldest first."""
    found = [key_of(Frequency.QUARTER, now.date())]
    while len(found) < count and (earlier := before(found[-1])):
        found.append(earlier)
    return found[::-1]


async def fill(folder: Path, text: str, periods: int) -> None:
    """A database where every matter is approved in every period, and one person is the office."""
    notice, now = read_notice(text, Say.FILE), today()
    database = Database(f"sqlite+aiosqlite:///{folder}/dingban.db")
    await database.start()
    async with database.work() as work:
        await seat_all(work, [Entry(1, OFFICE, None, Say.OFFICE, Say.OFFICE, Say.OFFICE)], BY, now)
        stored = await keep(work, notice, text.encode(), Say.FILE, BY, now)
        await publish(work, stored, notice, BY, now)
    for n, period in enumerate(quarters(periods, now), 1):
        async with database.work() as work:
            await approve_all(work, Library([notice]), period, str(5 * n), now - timedelta(days=90 * (periods - n)))
    await database.close()


async def approve_all(work: Work, library: Library, period: str, value: str, at: datetime) -> None:
    """Every matter that a unit leads reported and approved."""
    facts = {m.key: m for m in library.matters()}
    for stored in (m for m in await work.matters.current() if m.lead_units):
        await report(work, stored, facts[stored.key or ""], period, value, at, line=Say.PROGRESS)


def own_memory(pid: int) -> float:
    """MB the process itself holds, its children not counted (Linux)."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def exported(people: Crowd) -> float:
    """Seconds from the word to the second file. Raises: TimeoutError."""
    cursor, began = people.cursor(), time.monotonic()
    people.dingtalk.say(OFFICE, Say.TABLE, people.chats[OFFICE])
    while time.monotonic() - began < PATIENCE:
        if sum(entry["kind"] == "file" for entry in people.dingtalk.transcript(cursor)) == 2:
            return time.monotonic() - began
        time.sleep(LOOK)
    raise TimeoutError(Say.TABLE)


def tried(folder: Path) -> tuple[list[float], list[float]]:
    """(seconds of each time, MB of the robot before the first and after each)."""
    with crowd(1, 0.0) as people, robot("ours", people.dingtalk, folder) as process:
        people.burst(1)
        took, weights = list[float](), [own_memory(process.pid)]
        for _ in range(AGAIN):
            took.append(exported(people))
            weights.append(own_memory(process.pid))
    return took, weights


async def made(text: str, periods: int) -> tuple[list[float], list[float]]:
    """The same for a notice of this text whose matters are approved in so many periods."""
    with tempfile.TemporaryDirectory(prefix="dingban-bench-") as folder:
        await fill(Path(folder), text, periods)
        return await asyncio.to_thread(tried, Path(folder))


async def measure() -> list[Row]:
    """The notice we come with, and the largest we promise."""
    small, few = await made(BUILT_IN.read_text("utf-8"), 1)
    large, many = await made(long_notice(MANY), EIGHT)
    return [
        Row("汇总表 of 23 + 24 rows, from the word to xlsx and docx in the chat", spread(small, "s", 1), goal="3 s"),
        Row(GROWN, grown(few), goal="unchanged"),
        Row(f"汇总表 of {MANY} matters in {EIGHT} periods, likewise", spread(large, "s", 1), goal="30 s"),
        Row(GROWN, grown(many), goal="unchanged"),
    ]


def grown(weights: list[float]) -> str:
    """The robot's own memory before, after the first and after the last."""
    return f"{weights[0]:.0f} / {weights[1]:.0f} / {weights[-1]:.0f} MB"
