"""The two clocks: business time, which the sandbox may turn, and engine time, the database's own, which nobody turns.

No other module reads the time.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from storage import Database

SAMPLE = timedelta(minutes=1)  # between two looks at the database's clock
LOOKS = 4  # each time
LONGEST_NAP = 30.0  # seconds; the machine may sleep or be set; never trust one long wait


class Clock(Protocol):
    """What delivery and scheduler know of time; the simulation brings its own."""

    def now(self) -> datetime:
        """Business time, aware."""
        ...

    def engine_now(self) -> datetime:
        """Engine time, aware."""
        ...

    async def sleep_until(self, moment: datetime) -> None:
        """Wait for a moment of engine time."""
        ...

    async def sample(self, database: Database) -> None:
        """Look at the database's clock, if it is time to."""
        ...

    async def nap(self, wake: asyncio.Event, seconds: float, due: datetime | None) -> None:
        """Wait for the event, for seconds of real time at most, no longer than to a moment of business time."""
        ...


class BusinessClock:
    """The time people live in. Real, or started at `start` and run at `speed`, then turned at will."""

    def __init__(self, zone: ZoneInfo, start: datetime | None = None, speed: float = 1) -> None:
        self.zone, self.speed = zone, speed
        self.origin, self.started = self._aware(start) if start else None, time.monotonic()
        self.turned = asyncio.Event()

    def now(self) -> datetime:
        """In the zone of the settings."""
        if self.origin is None:
            return datetime.now(self.zone)
        return (self.origin + timedelta(seconds=(time.monotonic() - self.started) * self.speed)).astimezone(self.zone)

    def turn(self, now: datetime | None, speed: float | None) -> None:
        """Go on from `now` (naive: in our zone) at `speed`; wakes everybody who waits. Raises: ValueError."""
        if speed is not None and not 0 < speed <= 100_000:
            raise ValueError(speed)
        origin = self._aware(now) if now else self.now()
        self.origin, self.started, self.speed = origin, time.monotonic(), speed or self.speed
        self.turned.set()
        self.turned = asyncio.Event()

    def seconds_until(self, moment: datetime) -> float:
        """Real seconds until a moment of business time, as the clock runs now; negative: past."""
        return (moment - self.now()).total_seconds() / (self.speed if self.origin else 1)

    def _aware(self, moment: datetime) -> datetime:
        return moment.replace(tzinfo=self.zone) if moment.tzinfo is None else moment.astimezone(self.zone)


class EngineClock:
    """The database's time, from a look at it each minute; between two looks this machine's monotonic clock counts."""

    def __init__(self) -> None:
        self.known, self.seen = datetime.now(UTC), time.monotonic()
        self.sampled = False

    def now(self) -> datetime:
        """UTC."""
        return self.known + timedelta(seconds=time.monotonic() - self.seen)

    async def sample(self, database: Database) -> None:
        """Look at the database's clock a few times; the quickest answer counts, less half of its way."""
        looks = []
        async with database.read() as work:
            for _ in range(LOOKS):
                before = time.monotonic()
                known = await work.engine_time()
                after = time.monotonic()
                looks.append((after - before, known, (before + after) / 2))
        _, self.known, self.seen = min(looks)
        self.sampled = True

    @property
    def stale(self) -> bool:
        """It is time to look again."""
        return not self.sampled or time.monotonic() - self.seen > SAMPLE.total_seconds()


class Clocks:
    """Both clocks as delivery and scheduler see them."""

    def __init__(self, business: BusinessClock, engine: EngineClock) -> None:
        self.business, self.engine = business, engine

    def now(self) -> datetime:
        return self.business.now()

    def engine_now(self) -> datetime:
        return self.engine.now()

    async def sleep_until(self, moment: datetime) -> None:
        while (left := (moment - self.engine.now()).total_seconds()) > 0:
            await asyncio.sleep(min(left, LONGEST_NAP))

    async def sample(self, database: Database) -> None:
        if self.engine.stale:
            await self.engine.sample(database)

    async def nap(self, wake: asyncio.Event, seconds: float, due: datetime | None) -> None:
        if due is not None:
            seconds = min(seconds, max(0.0, self.business.seconds_until(due)))
        turned = asyncio.ensure_future(self.business.turned.wait())
        woken = asyncio.ensure_future(wake.wait())
        try:
            await asyncio.wait((turned, woken), timeout=min(seconds, LONGEST_NAP), return_when=asyncio.FIRST_COMPLETED)
        finally:
            turned.cancel()
            woken.cancel()
