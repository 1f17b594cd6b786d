"""What is lost and what is said twice when the robot is killed at random moments while people talk to it.

First the whole robot over the wire, then the small run of tests/kill on both databases. `make soak` has the long ones.
"""

from __future__ import annotations

import asyncio
import random
import subprocess
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from bench.crowd import Crowd, crowd, start, wait_for
from bench.table import Row
from tests.soak import Failed, pytest_lines
from tests.wire.standin import end

PEOPLE = 400
PACE = 20  # messages a second
KILLS = 8
LIFE = (0.5, 2.0)  # seconds a robot lives after it has connected
PATIENCE = 100.0  # seconds; the stand-in delivers again after 15 and 60
SETTLE = 8.0  # seconds in which something might still be said a second time
RTT = 0.02
GOAL = "nothing lost, doubles only in the admitted hole"


async def measure() -> list[Row]:
    """A row of the whole robot, and one for each database."""
    return [await asyncio.to_thread(row), *await asyncio.to_thread(fleets)]


def fleets() -> list[Row]:
    """What the kill tests print of themselves."""
    try:
        lines = pytest_lines("KILL .*", "tests/kill/test_kill.py")
    except Failed:
        return [Row("kill -9 of one process and of three (tests/kill)", "FAILED", goal="nothing lost")]
    told = [line.removeprefix("KILL ").split(": ", 1) for line in lines if line.startswith("KILL ")]
    return [Row(f"kill -9 while messages and reminders are said, {where}", what, goal=GOAL) for where, what in told]


def row() -> Row:
    with crowd(PEOPLE, RTT) as people, tempfile.TemporaryDirectory(prefix="dingban-bench-") as folder:
        cursor = people.cursor()
        talk = threading.Thread(target=people.ask, args=(PEOPLE, 1 / PACE))
        talk.start()
        process = live_and_die(people, Path(folder))
        try:
            talk.join()
            lost = count_lost(people, cursor)
            time.sleep(SETTLE)
            doubled = sum(number - 1 for number in answers(people, cursor).values())
        finally:
            end(process)
    return Row(
        f"kill -9, {KILLS} times while {PEOPLE} questions come, SQLite: lost / said twice",
        f"{lost} / {doubled}",
        goal=GOAL,
    )


def live_and_die(people: Crowd, folder: Path) -> subprocess.Popen[str]:
    """Kill the robot some times at random moments; returns the one that stays."""
    moments = random.Random(1)
    for _ in range(KILLS):
        process = start("ours", people.dingtalk, folder)
        try:
            wait_for(people.dingtalk, process, folder)
            time.sleep(moments.uniform(*LIFE))
        finally:
            process.kill()
            process.wait()
        while people.dingtalk.sockets():
            time.sleep(0.01)
    return start("ours", people.dingtalk, folder)


def count_lost(people: Crowd, cursor: int) -> int:
    """Questions without an answer once everything was delivered again."""
    try:
        people.answers(cursor, PEOPLE, PATIENCE)
    except TimeoutError:
        return PEOPLE - len(people.pairs(cursor))
    return 0


def answers(people: Crowd, cursor: int) -> Counter[str]:
    """How many answers each chat got."""
    return Counter(entry["chat"] for entry in people.dingtalk.transcript(cursor) if entry["sender"] == "assistant")
