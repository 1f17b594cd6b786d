"""Keeps the house of delivery: says that this process lives, takes back lost leases, prunes. It sends nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Set
from datetime import datetime, timedelta

from bot.delivery_send import Ways
from bot.delivery_tally import Tally
from storage import Job, Recovered

log = logging.getLogger(__name__)
BEAT = timedelta(seconds=2)
SILENCE = timedelta(seconds=10)  # of another process, after which its leases are taken back
PRUNE = timedelta(hours=1)
KEPT = timedelta(days=35)  # jobs done; their keys keep a turned clock from saying things again


class Keeper:
    """One for each process. `boot` names this run of it in every lease token."""

    def __init__(self, ways: Ways, tally: Tally, boot: str, version: str, under_way: Callable[[], Set[int]]) -> None:
        """`under_way`: jobs this process is sending; however far a clock jumps, it does not send them beside itself."""
        self.database, self.clock, self.kinds, self.tally = ways.database, ways.clock, ways.kinds, tally
        self.boot, self.version, self.under_way = boot, version, under_way
        self.beaten: datetime | None = None
        self.pruned: datetime | None = None

    async def start(self) -> None:
        """Before anything is claimed: on SQLite every lease is void, as the lock file proves."""
        await self.clock.sample(self.database)
        now = self.clock.engine_now()
        async with self.database.work() as work:
            if self.database.is_sqlite:
                self._tell(await work.replicas.void_all(now, self.kinds.may_revive))
            await work.replicas.beat(self.boot, self.version, now)
        self.beaten = now

    def is_live(self) -> bool:
        """Whether our leases are still ours: others take them when we were silent (paused, cut off) for too long."""
        if self.database.is_sqlite or self.beaten is None:
            return True
        return self.clock.engine_now() - self.beaten < SILENCE - BEAT

    async def tend(self) -> None:
        """Every two seconds: say so, look after the others; every hour: prune."""
        await self.clock.sample(self.database)
        now = self.clock.engine_now()
        if self.beaten is not None and now - self.beaten < BEAT:
            return
        async with self.database.work() as work:
            await work.replicas.beat(self.boot, self.version, now)
            self._tell(await work.replicas.recover(now, now - SILENCE, self.kinds.may_revive, self.under_way()))
            if self.pruned is None or now - self.pruned >= PRUNE:
                await work.replicas.prune(now - KEPT)
                self.pruned = now
        self.beaten = now

    async def leave(self) -> None:
        """This process ends; whoever finds a lease of it need not wait."""
        async with self.database.work() as work:
            await work.replicas.leave(self.boot)

    def _tell(self, found: Recovered) -> None:
        for what, jobs in (("fresh", found.fresh), ("again", found.again), ("held", found.held)):
            for job in jobs:
                self._tell_one(what, job)

    def _tell_one(self, what: str, job: Job) -> None:
        self.tally.count("lease_lost", job.kind)
        if what == "held":
            self.tally.count("uncertain", job.kind)
        log.warning("lease lost", extra={"job": job.id, "dedup_key": job.dedup_key, "kind": job.kind, "then": what})
