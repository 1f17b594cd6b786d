"""The long runs: `python -m tests.soak [PART …]`. Prints their figures and writes bench/soak.md; fails if one fails.

A part is a function that returns its lines; add it to PARTS.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "bench" / "soak.md"


class Failed(Exception):
    """A part did not hold; its output is the message."""


def pytest_lines(pattern: str, *arguments: str, **environment: str) -> list[str]:
    """The lines a pytest run prints that match, and its last one. Raises: Failed."""
    command = [sys.executable, "-m", "pytest", "-s", "-p", "no:cacheprovider", *arguments]
    run = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)
    if run.returncode:
        raise Failed(run.stdout[-4000:] + run.stderr[-2000:])
    lines = [line.lstrip(". ") for line in run.stdout.splitlines() if re.search(pattern, line)]
    return [*lines, run.stdout.strip().splitlines()[-1]]


def simulation() -> list[str]:
    """20 seeds of a month of the engine and of a year of reminders, outages and crashes, on both databases."""
    return pytest_lines("^$", "tests/simulation", "-n", "2", SIMULATION_SEEDS="20")


def kills() -> list[str]:
    """5,000 messages and 1,000 reminders while processes are killed, on SQLite and on PostgreSQL × 3."""
    return pytest_lines("KILL ", "tests/kill/test_kill.py", KILL_SIZE="large")


def drain() -> list[str]:
    """10,000 due reminders in 500 groups by three replicas on PostgreSQL."""
    from tests.kill.test_limits import drain_many
    from tests.postgres import postgres

    with postgres() as server, tempfile.TemporaryDirectory() as logs:
        found = drain_many(server, Path(logs))
    share = 10_000 / 200 / found.seconds
    if share < 0.95 or len(found.copies) != 10_000:
        raise Failed(f"{len(found.copies)} said in {found.seconds:.1f} s, {share:.1%} of the permitted rate")
    return [f"10,000 said in {found.seconds:.1f} s at GLOBAL_RATE 200/s: {share:.1%} of the permitted rate"]


PARTS: dict[str, Callable[[], list[str]]] = {"simulation": simulation, "kills": kills, "drain": drain}


def machine() -> str:
    """What it ran on."""
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def main(wanted: list[str]) -> int:
    """Run the parts, report each, return the exit code."""
    report = [f"# Soak\n\n{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine()}\n"]
    failures = 0
    for name in wanted or list(PARTS):
        started = time.monotonic()
        try:
            lines = PARTS[name]()
        except Failed as failed:
            failures += 1
            lines = ["FAILED", str(failed)]
        report.append(
            f"## {name} ({time.monotonic() - started:.0f} s)\n\n" + "\n".join(f"    {li}" for li in lines) + "\n"
        )
        print(report[-1], flush=True)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text("\n".join(report), encoding="utf-8")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
