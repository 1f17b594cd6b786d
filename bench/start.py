"""How soon a robot that was just started, or just lost its connection, answers again."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from bench.crowd import CONNECT, Crowd, Robot, crowd, robot, start, wait_for
from bench.table import Row, spread
from tests.wire.standin import StandIn, end

ROUNDS = 3
RTT = 0.02
LIVED = 4.0  # seconds a connection lasted before it is cut; one that ends at once is waited out longer, by design


async def measure() -> list[Row]:
    """A row each for a first start, a later start, and a dropped socket."""
    return await asyncio.to_thread(rows)


def rows() -> list[Row]:
    with crowd(ROUNDS * 4 + 4, RTT) as people, tempfile.TemporaryDirectory(prefix="dingban-bench-") as folder:
        kept = Path(folder)
        fresh = [first_answer(people, "ours", Path(tempfile.mkdtemp(dir=kept))) for _ in range(ROUNDS)]
        first_answer(people, "ours", kept)
        again = [first_answer(people, "ours", kept) for _ in range(ROUNDS)]
        stock = [first_answer(people, "stock", kept) for _ in range(ROUNDS)]
        return [
            Row("first answer after process start, tables there", spread(again, "s", 2), beside(stock), "", "2.5 s"),
            Row("first answer after process start, new database", spread(fresh, "s", 2), beside(stock)),
            dropped(people),
        ]


def beside(seconds: list[float]) -> str:
    """The reference as shown."""
    return f"stock echo {spread(seconds, 's', 2)}"


def first_answer(people: Crowd, which: Robot, folder: Path) -> float:
    """Seconds from the start of the process to the first answer seen."""
    began = time.time()
    process = start(which, people.dingtalk, folder)
    try:
        wait_for(people.dingtalk, process, folder)
        return people.burst(1)[0].heard - began
    finally:
        end(process)
        people.dingtalk.act("drop")


def dropped(people: Crowd) -> Row:
    """Sockets cut without a word; the time until a question is answered again."""
    found: dict[Robot, list[float]] = {"ours": [], "stock": []}
    for which, measured in found.items():
        with robot(which, people.dingtalk):
            people.burst(1)
            for _ in range(ROUNDS if which == "ours" else 1):
                time.sleep(LIVED)
                began = time.time()
                cut_and_wait(people.dingtalk)
                measured.append(people.burst(1)[0].heard - began)
    shown = spread(found["ours"], "s", 2)
    return Row("heard and answered again after a dropped socket", shown, beside(found["stock"]), "", "3 s")


def cut_and_wait(dingtalk: StandIn) -> None:
    """Cut every socket; returns when there is one that was not there before. Raises: TimeoutError."""
    before, until = {str(socket["id"]) for socket in dingtalk.sockets()}, time.monotonic() + CONNECT
    dingtalk.act("drop")
    while not {str(socket["id"]) for socket in dingtalk.sockets()} - before:
        if time.monotonic() > until:
            raise TimeoutError("not connected again")
        time.sleep(0.005)
