"""Replies a second in a burst, and the time of one under a steady load: ours beside the SDK's stock echo bot.

Ours reads the notice to answer, and every message and reply is on disk before the robot speaks; the echo keeps nothing.
"""

from __future__ import annotations

import asyncio
import statistics

from bench.crowd import Crowd, Heard, Robot, crowd, robot
from bench.table import Row, quantile, spread

PEOPLE = 400
BURST: dict[Robot, int] = {"ours": 400, "stock": 60}
WARM = 60  # questions before anything is measured
ROUNDS = 3
PACE = 20  # messages a second
STEADY = 300  # messages
GOAL_RATE = {0.05: "8 x", 0.02: ""}


async def measure() -> list[Row]:
    """A row of throughput for each round trip, a row of latency for the short one."""
    rows: list[Row] = []
    for rtt in (0.05, 0.02):
        rows += [await asyncio.to_thread(throughput, rtt)]
    return [*rows, await asyncio.to_thread(latency, 0.02)]


def throughput(rtt: float) -> Row:
    """Bursts, ours and the stock bot in turn."""
    rates: dict[Robot, list[float]] = {"ours": [], "stock": []}
    with crowd(PEOPLE, rtt) as people:
        for _ in range(ROUNDS):
            for which, measured in rates.items():
                measured.append(burst(people, which))
    ratio = statistics.median(rates["ours"]) / statistics.median(rates["stock"])
    return Row(
        f"replies a second, RTT {rtt * 1000:.0f} ms, all at once, SQLite, every message durable",
        spread(rates["ours"], "/s"),
        f"stock echo {spread(rates['stock'], '/s')}",
        f"{ratio:.1f} x",
        GOAL_RATE[rtt],
    )


def burst(people: Crowd, which: Robot) -> float:
    """Replies a second of a robot that has warmed up."""
    with robot(which, people.dingtalk):
        people.burst(WARM)
        heard = people.burst(BURST[which])
    return len(heard) / (max(h.heard for h in heard) - min(h.said for h in heard))


def latency(rtt: float) -> Row:
    """A steady load that both can carry."""
    found: dict[Robot, list[float]] = {}
    with crowd(PEOPLE, rtt) as people:
        for which in BURST:
            with robot(which, people.dingtalk):
                people.burst(WARM)
                found[which] = times(people.stream(STEADY, 1 / PACE))
    here, beside = found["ours"], found["stock"]
    return Row(
        f"from said to seen, {PACE} messages/s, RTT {rtt * 1000:.0f} ms (all of it on the way): p50 / p99",
        f"{quantile(here, 0.5):.0f} / {quantile(here, 0.99):.0f} ms",
        f"stock echo {quantile(beside, 0.5):.0f} / {quantile(beside, 0.99):.0f} ms",
        f"{quantile(here, 0.5) / quantile(beside, 0.5):.1f} x",
        "40 / 120 ms",
    )


def times(heard: list[Heard]) -> list[float]:
    """Milliseconds."""
    return [h.took * 1000 for h in heard]
