"""How near three replicas come to the permitted rate when everything is due at once: tests/kill has the fleet."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from bench.table import Row
from tests.kill.test_limits import Drained, drain_many
from tests.postgres import postgres

JOBS, RATE = 10_000, 200
GOAL = "95 %"


async def measure() -> list[Row]:
    """One row: 10,000 due reminders in 500 groups, three processes, PostgreSQL."""
    found = await asyncio.to_thread(drained)
    share = JOBS / RATE / found.seconds
    said = f"{share:.1%} of it, {found.seconds:.1f} s" if len(found.copies) == JOBS else f"{len(found.copies)} SAID"
    what = f"{JOBS:,} due reminders in 500 groups, PostgreSQL, 3 replicas"
    return [Row(what, said, f"permitted {RATE}/s", "", GOAL)]


def drained() -> Drained:
    """On a server of its own."""
    with postgres() as server, tempfile.TemporaryDirectory(prefix="dingban-bench-") as logs:
        return drain_many(server, Path(logs))
