"""A month of a county: weekly reports of many units, reminders, chatter; outages, crashes, days of silence."""

from __future__ import annotations

import asyncio
import heapq
import json
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random

from bot.delivery import Delivery
from bot.delivery_kinds import Kinds
from bot.delivery_permits import Permits
from bot.delivery_record import write_ledger
from bot.delivery_send import Ways
from bot.permits import Limit
from bot.scheduler import Recurring, Scheduler
from handlers.message import Announcement, Message, Receiver, Reply
from storage import REMIND, Database, DatabaseUnreadable, Job, Owed, Work
from tests.bot.fake_door import ZONE, SetClock, message
from tests.simulation.mortal import Chances, Crash, MortalDatabase, MortalDoor, Platform, tell

START = datetime(2021, 11, 29, 7, 0, tzinfo=ZONE)
UNITS, GROUPS = 40, 5
SHORTEST = timedelta(seconds=2)  # between two rounds
OPEN, CLOSE = time(8, 30), time(17, 30)
STAGES = {1: "T-3", 2: "T-2", 4: "T-0"}
Fact = tuple[str, int, str]
"""(unit, matter, period)"""


@dataclass
class Process:
    """One run of the bot."""

    database: MortalDatabase
    delivery: Delivery
    scheduler: Scheduler


@dataclass(order=True)
class Event:
    at: datetime
    number: int
    do: Callable[[Process], Coroutine[None, None, None]] = field(compare=False)


def allowed(now: datetime) -> datetime | None:
    """The gate: Monday to Friday within hours."""
    local = now.astimezone(ZONE)
    if local.weekday() < 5 and OPEN <= local.time() < CLOSE:
        return None
    day = local.date() if local.time() < OPEN else local.date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, OPEN, ZONE)


def period_of(day: date) -> str:
    return f"{day.isocalendar().year}W{day.isocalendar().week}"


class Campaign:
    """Played by `play`; afterwards its books are compared."""

    def __init__(self, database: Database, seed: int, *, days: int, replicas: int, chances: Chances) -> None:
        self.database, self.days, self.chances = database, days, chances
        self.rng = Random(seed)
        self.clock = SetClock(START)
        self.platform = Platform(self.clock)
        self.end = START + timedelta(days=days)
        self.reported: dict[Fact, datetime] = {}
        self.said_by_us: dict[str, list[str]] = {}
        """chat → replies in the order of their commits"""
        self.processes: list[Process | None] = [None] * replicas
        self.rebirth = [START] * replicas
        self.database_away: list[tuple[datetime, datetime]] = []
        self.events: list[Event] = []
        self.numbers, self.crashes, self.silent_until = count(1), 0, START
        self._misfortunes()
        self._lives()

    def matters(self, unit: int) -> tuple[int, ...]:
        return tuple(range(unit * 10, unit * 10 + 1 + unit % 4))

    async def play(self) -> None:
        """The days as the seed has them, then calm until all is said."""
        while self.clock.now() < self.end:
            await self._round()
            self.clock.forward(max(SHORTEST, await self._idle()))
        self.chances = Chances(0, 0, 0, 0, 0, 0)
        for process in self.processes:
            if process:
                process.database.chances = self.chances
                process.delivery.ways.door.chances = self.chances  # type: ignore[attr-defined]
        calm = self.clock.now() + timedelta(days=5)
        while self.clock.now() < calm:
            await self._round()
            self.clock.forward(max(SHORTEST, await self._idle()))

    async def _round(self) -> None:
        for place, process in enumerate(self.processes):
            if process is None and self.rebirth[place] <= self.clock.now():
                self.processes[place] = await self._born(place)
        for place in self.rng.sample(range(len(self.processes)), len(self.processes)):
            if process := self.processes[place]:
                await self._live(place, process)

    async def _live(self, place: int, process: Process) -> None:
        with suppress(Crash, DatabaseUnreadable):
            await process.delivery.keeper.tend()
            while self.events and self.events[0].at <= self.clock.now():
                event = heapq.heappop(self.events)
                await self._happen(event, process)
            await process.scheduler.fire_all()
            await process.delivery.step()
        if process.database.dead:
            await self._bury(place, process)

    async def _happen(self, event: Event, process: Process) -> None:
        """Once more in five minutes if it did not come through, as DingTalk delivers again."""
        again = Event(self.clock.now() + timedelta(minutes=5), next(self.numbers), event.do)
        heapq.heappush(self.events, again)
        await event.do(process)
        self.events.remove(again)
        heapq.heapify(self.events)

    async def _bury(self, place: int, process: Process) -> None:
        self.crashes += 1
        tasks = set(process.delivery.tasks)
        if writing := process.delivery.recorder.writing:
            tasks.add(writing)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.processes[place] = None
        pause = timedelta(seconds=self.rng.choice((1, 20, 200, 7200)))
        self.rebirth[place] = max(self.clock.now() + pause, self.silent_until)

    async def _born(self, place: int) -> Process | None:
        rng = Random(self.rng.random())
        database = MortalDatabase(self.database, self.clock, rng, self.chances)
        database.away = self.database_away
        door = MortalDoor(self.platform, database, rng, self.chances)
        ways = Ways(
            database,  # type: ignore[arg-type]
            door,
            self.clock,
            rng,
            Kinds((REMIND,)),
            Permits(Limit(20, 63), Limit(20, 1)),
            {REMIND: self._compose},
            lambda job, now: allowed(now),
            write_ledger,
            self._hook,
            self._trouble,
        )
        delivery = Delivery(ways, f"{place}-{next(self.numbers)}", "simulated")
        tick = Recurring("reminders", "0 9 * * *", self._tick)
        scheduler = Scheduler(database, self.clock, ZONE, [tick])  # type: ignore[arg-type]
        try:
            await delivery.start()
        except (Crash, DatabaseUnreadable):
            self.rebirth[place] = self.clock.now() + timedelta(seconds=5)
            return None
        return Process(database, delivery, scheduler)

    async def _hook(self, work: Work, to: Receiver) -> None:
        return None

    async def _trouble(self, work: Work, job: Job, to: Receiver, trouble: str) -> None:
        return None

    async def _tick(self, work: Work, tick: datetime) -> None:
        """What the office's plan owes on this morning."""
        stage = STAGES.get(tick.weekday())
        if stage is None:
            return
        period, deadline = period_of(tick.date()), tick + timedelta(days=4 - tick.weekday(), hours=8)
        late = deadline + timedelta(days=4)
        owed = []
        for unit in range(UNITS):
            left = tuple(m for m in self.matters(unit) if (f"U{unit}", m, period) not in self.reported)
            if left:
                owed.append(Owed(1, "n", period, f"U{unit}", left, "填报员", stage, "person", f"p{unit}", tick, late))
        for group in range(GROUPS):
            owed.append(Owed(1, "n", period, f"组{group}", (0,), "", stage, "group", f"g{group}", tick, late))
        await work.reminders.owe_all(owed)

    async def _compose(self, work: Work, job: Job, to: Receiver) -> Announcement | None:
        found = await work.reminders.owed(to.kind, to.id, self.clock.now(), job.id)
        await work.reminders.carry([r.id for r in found], job.id)
        if not found:
            return None
        return Announcement(
            tell(job=job.id, facts=[r.id for r in found], items=[[r.unit, list(r.matters), r.period] for r in found])
        )

    def _lives(self) -> None:
        """When every unit reports what, and who says something besides."""
        for week in range(self.days // 7 + 1):
            monday = START.replace(hour=9) + timedelta(days=7 * week)
            for unit in range(UNITS):
                for matter in self.matters(unit):
                    if self.rng.random() < 0.85:
                        at = monday + timedelta(days=6) * self.rng.random()
                        self._plan(at, self._report_of(unit, matter, period_of(monday.date())))
        for _ in range(self.days * 10):
            at = START + timedelta(days=self.days) * self.rng.random()
            group = f"g{self.rng.randrange(GROUPS)}" if self.rng.random() < 0.3 else ""
            self._plan(at, self._chat_of(f"p{self.rng.randrange(UNITS)}", group))
        burst = START + timedelta(days=self.days / 2)
        for _ in range(30):
            self._plan(burst, self._chat_of("p1", "g1"))

    def _misfortunes(self) -> None:
        span = timedelta(days=self.days)
        for _ in range(4):
            start = START + span * self.rng.random()
            self.platform.away.append((start, start + timedelta(hours=5) * self.rng.random()))
        for _ in range(6):
            start = START + span * self.rng.random()
            self.database_away.append((start, start + timedelta(minutes=3) * self.rng.random()))
        morning = START.replace(hour=8, minute=59) + timedelta(days=self.rng.randrange(self.days))
        self.platform.away.append((morning, morning + timedelta(minutes=25)))
        self._plan(START + span * self.rng.random(), self._silence)

    async def _silence(self, process: Process) -> None:
        """Everything is down for 41 hours."""
        self.silent_until = self.clock.now() + timedelta(hours=41)
        self.events = [e for e in self.events if e.do != self._silence]
        for other in self.processes:
            if other:
                other.database.dead = True
        raise Crash

    def _plan(self, at: datetime, do: Callable[[Process], Coroutine[None, None, None]]) -> None:
        heapq.heappush(self.events, Event(at, next(self.numbers), do))

    def _report_of(self, unit: int, matter: int, period: str) -> Callable[[Process], Coroutine[None, None, None]]:
        number = next(self.numbers)

        async def report(process: Process) -> None:
            async def close(work: Work) -> None:
                await work.reminders.close(f"U{unit}", matter, period)

            def reported() -> None:
                self.reported[f"U{unit}", matter, period] = self.clock.now()

            await self._hear(process, message(number, f"p{unit}"), close, reported)

        return report

    def _chat_of(self, person: str, group: str) -> Callable[[Process], Coroutine[None, None, None]]:
        number = next(self.numbers)

        async def chat(process: Process) -> None:
            async def nothing(work: Work) -> None:
                return None

            await self._hear(process, message(number, person, group), nothing, lambda: None)

        return chat

    async def _hear(
        self,
        process: Process,
        heard: Message,
        act: Callable[[Work], Coroutine[None, None, None]],
        committed: Callable[[], None],
    ) -> None:
        """A message in one transaction, as the pipeline handles it; heard once only."""
        said, key = tell(message=heard.id), f"reply:{heard.robot}:{heard.id}"
        try:
            async with process.database.work() as work:
                if await self._known(work, key):
                    return
                await act(work)
                job = await process.delivery.put_reply(work, heard, Reply(said))
        except Crash:
            async with self.database.read() as work:
                if await self._known(work, key):
                    self.said_by_us.setdefault(heard.chat.id, []).append(said)
                    committed()
            raise
        self.said_by_us.setdefault(heard.chat.id, []).append(said)
        committed()
        process.delivery.send_now(job)

    async def _known(self, work: Work, key: str) -> bool:
        rows = await work.connection.exec_driver_sql(f"SELECT 1 FROM outbox_job WHERE dedup_key = '{key}'")
        return rows.first() is not None

    async def _idle(self) -> timedelta:
        """How long nothing can happen."""
        if not any(self.processes):
            return min(self.rebirth) - self.clock.now()
        async with self.database.read() as work:
            jobs = await work.connection.exec_driver_sql(
                "SELECT due_at, not_before, state FROM outbox_job WHERE state IN ('ready', 'leased')"
            )
            rows = jobs.all()
        spans = [timedelta(hours=1)]
        for due, start, state in rows:
            if state == "leased":
                spans.append(timedelta(seconds=11))
            else:
                spans.append(max(_from(due) - self.clock.now(), _from(start) - self.clock.engine_now()))
        if self.events:
            spans.append(self.events[0].at - self.clock.now())
        spans.append((await self._next_tick()) - self.clock.now())
        spans += [
            moment - self.clock.now() for moment, p in zip(self.rebirth, self.processes, strict=True) if p is None
        ]
        return min(spans)

    async def _next_tick(self) -> datetime:
        now = self.clock.now()
        nine = now.replace(hour=9, minute=0, second=0, microsecond=0)
        return nine if now < nine else nine + timedelta(days=1)


def _from(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1_000_000, ZONE)


def carried(text: str) -> dict[str, list[object]]:
    """What a text of the simulation carries."""
    found: dict[str, list[object]] = json.loads(text)
    return found
