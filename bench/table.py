"""Rows of the bench and the one table they make."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

HEAD = ("what", "here", "beside it", "ratio", "must reach")
NOTE = """\
Every speed stands beside a reference measured in the same run, or is a median with its range. Numbers of another
machine or another day are not comparable; ratios are, roughly."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what was measured, the result, a reference beside it, their ratio, the goal of the design."""

    what: str
    here: str
    beside: str = ""
    ratio: str = ""
    goal: str = ""


def spread(values: Sequence[float], unit: str, digits: int = 0) -> str:
    """The median and, of more than one value, the range."""
    shown = f"{statistics.median(values):.{digits}f} {unit}"
    if len(values) == 1:
        return shown
    return f"{shown} ({min(values):.{digits}f}-{max(values):.{digits}f})"


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which a share in [0, 1] of all lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def render(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    cells = [HEAD, tuple("---" for _ in HEAD)]
    cells += [(row.what, row.here, row.beside, row.ratio, row.goal) for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in cells)


def report(rows: Sequence[Row], now: datetime) -> str:
    """The page that is kept."""
    return f"# Bench\n\n{machine()}, {now:%Y-%m-%d}. Printed by `make bench`.\n\n{NOTE}\n\n{render(rows)}\n"


def machine() -> str:
    """What it ran on, without its name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{processor()}, {os.cpu_count()} cores, {memory:.0f} GB, {system}"


def processor() -> str:
    """The model of the processor as the system names it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown processor")


def today() -> datetime:
    """Now, where the product lives."""
    return datetime.now(ZoneInfo("Asia/Shanghai"))
