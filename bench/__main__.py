"""Run every bench module (each has `async def measure() -> list[Row]`), print one table, keep it in bench/latest.md.

`python -m bench replies start` runs only those and keeps nothing.
"""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import bench
from bench.table import Row, render, report, today

LATEST = Path(__file__).with_name("latest.md")


def modules(wanted: Sequence[str]) -> list[str]:
    """Names of the modules that measure something, the wanted ones or all."""
    found = [name for _, name, _ in pkgutil.iter_modules(bench.__path__) if not name.startswith("_")]
    if unknown := set(wanted) - set(found):
        sys.exit(f"no such bench: {', '.join(sorted(unknown))}")
    return [
        name
        for name in found
        if (name in wanted or not wanted) and hasattr(importlib.import_module(f"bench.{name}"), "measure")
    ]


async def measure_all(names: Sequence[str]) -> list[Row]:
    """The rows of all, one module after the other."""
    rows: list[Row] = []
    for name in names:
        began = time.monotonic()
        rows += await importlib.import_module(f"bench.{name}").measure()
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return rows


def main(wanted: Sequence[str]) -> None:
    """Measure, print and, when all were measured, keep."""
    rows = asyncio.run(measure_all(modules(wanted)))
    print(render(rows))
    if not wanted:
        LATEST.write_text(report(rows, today()))


if __name__ == "__main__":
    main(sys.argv[1:])
