"""Recurring things: each tick happens once, whoever of the replicas comes first, and late rather than never.

It knows when, not what: what happens at a tick is handed to it and runs in the tick's own transaction.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from cronsim import CronSim

from bot.clock import Clock
from storage import Database, Work

log = logging.getLogger(__name__)
POLL = 5.0  # seconds
REST = timedelta(minutes=1)  # of a tick that failed, before it is tried again
MOST = 400  # ticks of one name made up for in one go; the rest follows at the next look

Act = Callable[[Work, datetime], Awaitable[None]]
"""What happens at a tick (business time), in the transaction that marks it done."""


@dataclass(frozen=True, slots=True)
class Recurring:
    """Something that happens at the minutes of a cron line. After downtime: every tick missed, or the latest only."""

    name: str
    cron: str
    act: Act
    policy: Literal["all", "latest"] = "all"


def next_tick(cron: str, after: datetime, zone: ZoneInfo) -> datetime:
    """The first tick later than `after`, in the zone."""
    return next(CronSim(cron, after.astimezone(zone)))


def last_tick(cron: str, until: datetime, zone: ZoneInfo) -> datetime:
    """The last tick not later than `until`, in the zone."""
    local = until.astimezone(zone)
    return next(CronSim(cron, local.replace(second=0, microsecond=0) + timedelta(minutes=1), reverse=True))


class Scheduler:
    """One for each process; the row of each name decides who acts."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        zone: ZoneInfo,
        recurring: Sequence[Recurring],
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """`wake` is called after a tick: something may have been put into the outbox."""
        self.database, self.clock, self.zone, self.recurring, self.wake = database, clock, zone, recurring, wake
        self.stopped, self.stopping = asyncio.Event(), False
        self.resting: dict[str, datetime] = {}
        for thing in recurring:
            next_tick(thing.cron, clock.now(), zone)  # a cron line that cannot be read is found at start

    async def run(self) -> None:
        """Tick until `stop`."""
        while not self.stopping:
            try:
                await self.fire_all()
                due = await self.next_due()
            except Exception as failure:  # an edge (style.md §5): the database may be away for a while
                log.error("scheduler failed", exc_info=failure)
                due = None
            await self.clock.nap(self.stopped, POLL, due)

    async def stop(self) -> None:
        """Begin no further tick."""
        self.stopping = True
        self.stopped.set()

    async def fire_all(self) -> int:
        """Number of ticks that were due and are done now."""
        async with self.database.read() as work:
            known = await work.schedule.all()
        now, fired = self.clock.now(), 0
        for thing in self.recurring:
            last = known.get(thing.name)
            if last is None or next_tick(thing.cron, last, self.zone) <= now:
                fired += await self._catch_up(thing)
        return fired

    async def fire_due(self, thing: Recurring) -> bool:
        """Do the next tick that is due, in one transaction. False: none is, or another replica did it."""
        now = self.clock.now()
        async with self.database.work() as work:
            last = await work.schedule.lock(thing.name, now)
            tick = next_tick(thing.cron, last, self.zone)
            if tick > now:
                return False
            if thing.policy == "latest":
                tick = max(tick, last_tick(thing.cron, now, self.zone))
            await thing.act(work, tick)
            await work.schedule.advance(thing.name, tick)
        log.info("ticked", extra={"tick": thing.name, "due": tick.isoformat()})
        self.wake()
        return True

    async def next_due(self) -> datetime | None:
        """The next tick of all; None when nothing recurs."""
        now = self.clock.now()
        return min((next_tick(thing.cron, now, self.zone) for thing in self.recurring), default=None)

    async def _catch_up(self, thing: Recurring) -> int:
        if self.resting.get(thing.name, self.clock.engine_now()) > self.clock.engine_now():
            return 0
        try:
            for fired in range(MOST):
                if self.stopping or not await self.fire_due(thing):
                    return fired
        except Exception as bug:  # an edge: rolled back, tried again later; other ticks go on
            log.error("tick failed", exc_info=bug, extra={"tick": thing.name})
            self.resting[thing.name] = self.clock.engine_now() + REST
            return 0
        return MOST
