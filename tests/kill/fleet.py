"""Real processes that are killed with SIGKILL again and again while they hear, answer and remind."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from storage import Database
from tests.bot.fake_door import ZONE
from tests.kill.receiver import Copy, Platform

ROOT = Path(__file__).resolve().parents[2]
MORNING = datetime(2021, 12, 20, 8, 59, 57, tzinfo=ZONE)


@dataclass(frozen=True)
class Size:
    """How much is said and how often somebody dies."""

    messages: int
    reminders: int
    groups: int
    kills: int
    patience: float
    """Seconds until it must all be said."""
    app_rate: int = 200
    group_rate: int = 20


@dataclass
class Outcome:
    """What a run left behind."""

    copies: list[Copy]
    killed: dict[str, float]
    """Process → when, on the clock of the copies."""
    hole: dict[str, set[str]]
    """Process → keys of the jobs it had begun to send and not recorded when it died, as the database has it."""
    states: dict[tuple[str, str], int]
    unsure: set[str]
    """Keys of the jobs that wait for a person."""
    acknowledged: int
    seconds: float

    def counts(self) -> Counter[str]:
        """Text → how often it was taken."""
        return Counter(copy.key for copy in self.copies)

    def doubles(self) -> list[Copy]:
        """All but the last copy of what was taken more than once."""
        counts, seen, found = self.counts(), Counter[str](), []
        for copy in self.copies:
            seen[copy.key] += 1
            if seen[copy.key] < counts[copy.key]:
                found.append(copy)
        return found


@dataclass
class Fleet:
    """The processes of one run, all on one database."""

    url: str
    platform: Platform
    size: Size
    replicas: int
    logs: Path
    rng: Random
    began: float = field(default_factory=time.monotonic)
    born: int = 0
    alive: list[tuple[str, subprocess.Popen[bytes]]] = field(default_factory=list)
    killed: dict[str, float] = field(default_factory=dict)
    hole: dict[str, set[str]] = field(default_factory=dict)

    def run(self) -> Outcome:
        """Kill as often as asked, then let the last ones finish. Every process is gone at the end."""
        try:
            for _ in range(self.replicas):
                self.spawn()
            while len(self.killed) < self.size.kills and not self.over():
                time.sleep(self.rng.uniform(0.3, 4.0 / self.replicas))
                self.over()
                self.kill()
                self.spawn()
            while not asyncio.run(self.finished()):
                if self.over():
                    raise TimeoutError(asyncio.run(self.states()))
                time.sleep(0.5)
        finally:
            self.end()
        states, unsure = asyncio.run(self.states()), asyncio.run(self.unsure())
        took = time.monotonic() - self.began
        heard = len(self.platform.acknowledged)
        return Outcome(self.platform.copies, self.killed, self.hole, states, unsure, heard, took)

    def over(self) -> bool:
        """Whether patience is at its end. Raises: RuntimeError when a process ended by itself."""
        for name, process in self.alive:
            if process.poll() is not None:
                raise RuntimeError(f"{name} ended by itself: {(self.logs / f'{name}.log').read_text()[-2000:]}")
        return time.monotonic() - self.began > self.size.patience

    def spawn(self) -> None:
        self.born += 1
        name = f"w{self.born}"
        start = MORNING + timedelta(seconds=time.monotonic() - self.began)
        config = {
            "name": name,
            "database": self.url,
            "receiver": self.platform.url,
            "reminders": self.size.reminders,
            "groups": self.size.groups,
            "app_rate": self.size.app_rate,
            "group_rate": self.size.group_rate,
            "start": start.isoformat(),
        }
        with (self.logs / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.kill.worker", json.dumps(config)],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONWARNINGS": "default"},
            )
        self.alive.append((name, process))

    def kill(self) -> None:
        """SIGKILL, whatever it is doing; nobody has taken over what it held when the database is looked at."""
        name, process = self.alive.pop(self.rng.randrange(len(self.alive)))
        process.kill()
        process.wait()
        self.killed[name] = time.monotonic()
        self.hole[name] = asyncio.run(self.begun_by(name))

    def end(self) -> None:
        for name, process in self.alive:
            process.kill()
            process.wait()
            self.killed.setdefault(name, time.monotonic())
        self.alive.clear()

    async def finished(self) -> bool:
        """Everything was heard and reminded, and nothing waits."""
        states = await self.states()
        waiting = sum(number for (_, state), number in states.items() if state in ("ready", "leased"))
        jobs = sum(number for (kind, _), number in states.items())
        heard = len(self.platform.acknowledged) == self.size.messages
        return heard and waiting == 0 and jobs >= self.size.messages + self.size.reminders

    async def states(self) -> dict[tuple[str, str], int]:
        rows = await self.rows("SELECT kind, state, COUNT(*) FROM outbox_job GROUP BY kind, state")
        return {(str(kind), str(state)): int(str(number)) for kind, state, number in rows}

    async def unsure(self) -> set[str]:
        return await self.keys("state = 'uncertain'")

    async def begun_by(self, name: str) -> set[str]:
        """What a dead process had begun. On PostgreSQL its last commit may still be under way: look until it stays."""
        mine = f"state = 'leased' AND send_started_at IS NOT NULL AND lease_token LIKE '{name}:%'"
        before, found = {""}, await self.keys(mine)
        while found != before:
            await asyncio.sleep(0.05)
            before, found = found, await self.keys(mine)
        return found

    async def keys(self, condition: str) -> set[str]:
        return {str(key) for (key,) in await self.rows(f"SELECT dedup_key FROM outbox_job WHERE {condition}")}

    async def rows(self, statement: str) -> list[tuple[object, ...]]:
        database = Database(self.url)
        try:
            async with database.read() as work:
                return [tuple(row) for row in await work.connection.exec_driver_sql(statement)]
        finally:
            await database.close()
