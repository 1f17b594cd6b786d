"""The long runs: `python -m tests.soak [PART …]`. Keeps their figures in bench/soak.md, fails if one of them fails.

A part is a function that returns its lines; add it to PARTS. One that fails stops none of the others.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "bench" / "soak.md"
TITLE = "# Soak"
SEQUENCES = 2000
LAST_LINES = 60  # of a run that failed


class Failed(Exception):
    """A part did not hold; its output is the message."""


def pytest_lines(pattern: str, *arguments: str, **environment: str) -> list[str]:
    """The lines a pytest run prints that match, and its last one; shows all as they come. Raises: Failed."""
    command = [sys.executable, "-u", "-m", "pytest", "-v", "-s", "-p", "no:cacheprovider", "--color=no", *arguments]
    output: list[str] = []
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as run:
        for line in run.stdout or ():
            output.append(line.rstrip())
            print("   ", output[-1], flush=True)
    told = [found.group() for line in output if (found := re.search(pattern, line))]
    if run.returncode:
        raise Failed("\n".join([*told, *output[-LAST_LINES:]]))
    return [*told, output[-1].strip("= ")]


def simulation() -> list[str]:
    """20 seeds of a month with outages and crashes, on both databases."""
    return pytest_lines("(?!)", "tests/simulation/test_campaign.py", SIMULATION_SEEDS="20")


def years() -> list[str]:
    """20 years of reminders with outages, sudden deaths, leave and handover, and a calm one, on both databases."""
    return pytest_lines("(?!)", "tests/simulation/test_year.py", "-n", "2", SIMULATION_SEEDS="20")


def kills_on_sqlite() -> list[str]:
    """5,000 messages and 1,000 reminders while the process is killed again and again."""
    return pytest_lines("KILL .*", "tests/kill/test_kill.py", "-k", "sqlite", KILL_SIZE="large")


def kills_on_postgres() -> list[str]:
    """The same with three replicas."""
    return pytest_lines("KILL .*", "tests/kill/test_kill.py", "-k", "postgres", KILL_SIZE="large")


def submissions() -> list[str]:
    """The whole bot killed at every step of a report, over the wire."""
    return pytest_lines("(?!)", "tests/kill/test_submission.py")


def forms() -> list[str]:
    """2,000 random sequences of messages against the form engine."""
    from tests.handlers.form_sequences import play_sequences

    try:
        played = play_sequences(SEQUENCES)
    except AssertionError as broken:
        raise Failed(str(broken)) from broken
    return [f"{played.sequences:,} sequences, {played.messages:,} messages, {played.submitted:,} handed in: all held"]


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


PARTS: dict[str, Callable[[], list[str]]] = {
    "forms": forms,
    "submissions": submissions,
    "drain": drain,
    "kills-sqlite": kills_on_sqlite,
    "kills-postgres": kills_on_postgres,
    "simulation": simulation,
    "years": years,
}


def machine() -> str:
    """What it ran on."""
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def section(name: str) -> tuple[bool, str]:
    """Whether the part held, and what the report says of it. Whatever it raises is its failure, not the run's."""
    started, held = time.monotonic(), True
    print(f"{datetime.now(UTC):%H:%M:%S} {name}: {PARTS[name].__doc__}", flush=True)
    try:
        lines = PARTS[name]()
    except Failed as failed:
        held, lines = False, ["FAILED", *str(failed).splitlines()]
    except Exception:  # noqa: BLE001  # an edge: the other parts still have to be run
        held, lines = False, ["FAILED", *traceback.format_exc().splitlines()]
    head = f"## {name} ({time.monotonic() - started:.0f} s, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine()})"
    return held, f"{head}\n\n{PARTS[name].__doc__}\n\n" + "\n".join(f"    {line}" for line in lines) + "\n"


def kept(report: Path) -> dict[str, str]:
    """The sections of an earlier report by part: one run alone replaces its own only."""
    text = report.read_text(encoding="utf-8") if report.exists() else ""
    found = (f"## {part}".rstrip() + "\n" for part in text.split("\n## ")[1:])
    return {part.split()[1]: part for part in found if part.split()[1] in PARTS}


def main(wanted: list[str], report: Path = REPORT) -> int:
    """Run the parts, report each as soon as it is over, return the exit code."""
    if unknown := [name for name in wanted if name not in PARTS]:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
        return 2
    sections, failures, started = (kept(report) if wanted else {}), [], time.monotonic()
    for name in wanted or list(PARTS):
        held, sections[name] = section(name)
        failures += [] if held else [name]
        print(sections[name], flush=True)
        report.parent.mkdir(exist_ok=True)
        report.write_text(
            f"{TITLE}\n\n" + "\n".join(sections[part] for part in PARTS if part in sections), encoding="utf-8"
        )
    minutes = (time.monotonic() - started) / 60
    print(f"soak: {minutes:.1f} min, " + (f"FAILED: {', '.join(failures)}" if failures else "all held"), flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
