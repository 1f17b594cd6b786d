"""What a robot weighs after it has worked and everything it loads in the background is there."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path

from bench.crowd import Robot, crowd, robot
from bench.table import Row

PEOPLE = 400
STEADY = 1.0  # MB that two looks may differ by
LOOKS = 5
BETWEEN = 2.0  # seconds


async def measure() -> list[Row]:
    """One row."""
    return [await asyncio.to_thread(row)]


def row() -> Row:
    weights = {which: weight(which) for which in ("ours", "stock")}
    return Row(
        f"memory (RSS), steady after {PEOPLE} questions",
        f"{weights['ours']:.0f} MB",
        f"stock echo {weights['stock']:.0f} MB",
        "",
        "250 MB",
    )


def weight(which: Robot) -> float:
    """MB once it no longer grows."""
    with crowd(PEOPLE, 0.0) as people, robot(which, people.dingtalk) as process:
        people.burst(PEOPLE)
        before = resident(process.pid)
        for _ in range(LOOKS):
            time.sleep(BETWEEN)
            now = resident(process.pid)
            if abs(now - before) < STEADY:
                break
            before = now
        return resident(process.pid)


def resident(pid: int) -> float:
    """MB of a process and its children, as the kernel counts them (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text()
    own = re.search(r"VmRSS:\s+(\d+) kB", status)
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return (int(own[1]) / 1024 if own else 0.0) + sum(resident(int(child)) for child in children)
