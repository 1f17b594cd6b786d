"""What is lost and what is said twice when the robot is killed at random moments while people talk to it.

A summary for the table; the long runs are in tests/kill and `make soak`.
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
from tests.wire.standin import end

PEOPLE = 400
PACE = 20  # messages a second
KILLS = 8
LIFE = (0.5, 2.0)  # seconds a robot lives after it has connected
PATIENCE = 100.0  # seconds; the stand-in delivers again after 15 and 60
SETTLE = 8.0  # seconds in which something might still be said a second time
RTT = 0.02


async def measure() -> list[Row]:
    """One row."""
    return [await asyncio.to_thread(row)]


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
        goal="0 / only in the admitted hole",
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
