"""Records what was sent, many at once: at most 20 ms after the first of them, again and again while the lease lives."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from handlers.message import Announcement, Receiver, Reply
from storage import REPLY, Database, Finished, Job, Ledger, StorageError, Work

log = logging.getLogger(__name__)
GATHER = timedelta(milliseconds=20)
AWAY = (StorageError, SQLAlchemyError, OSError, TimeoutError)
"""What a lost database raises."""
AGAIN = timedelta(milliseconds=500)  # between two tries while the database is away


@dataclass(frozen=True, slots=True)
class Said:
    """What the ledger keeps of a message: to whom, in which words, what became of it. `at` is business time."""

    job: Job
    to: Receiver
    message: Reply | Announcement
    outcome: str
    """sent | dead | uncertain"""
    at: datetime
    why: str | None = None


Noting = Callable[[Work, Sequence[Said]], Awaitable[None]]
"""Writes into the ledger, in the transaction that settles the jobs."""


@dataclass(frozen=True, slots=True)
class Record:
    """A job that was done and what is to be kept of it."""

    done: Finished
    said: Said | None
    calls: int
    until: datetime
    """End of the lease: later the record is no longer ours to write."""


class Recorder:
    """Collects records and writes them in one transaction each time."""

    def __init__(self, database: Database, clock: Clock, note: Noting) -> None:
        self.database, self.clock, self.note = database, clock, note
        self.waiting: list[Record] = []
        self.unwritten: set[int] = set()
        """Jobs done whose record is not in the database yet."""
        self.writing: asyncio.Task[None] | None = None

    def keep(self, record: Record) -> None:
        """Write it soon; returns at once."""
        self.waiting.append(record)
        self.unwritten.add(record.done.id)
        if self.writing is None or self.writing.done():
            self.writing = asyncio.create_task(self._write_all())

    async def flush(self) -> None:
        """Return when everything kept so far is written or no longer ours."""
        while self.writing is not None and not self.writing.done():
            await asyncio.wait([self.writing])

    async def _write_all(self) -> None:
        while self.waiting:
            await self.clock.sleep_until(self.clock.engine_now() + GATHER)
            batch, self.waiting = self.waiting, []
            try:
                await self._write(batch)
                self.unwritten -= {record.done.id for record in batch}
            except AWAY as failure:
                log.warning("record failed", extra={"why": type(failure).__name__, "records": len(batch)})
                self.waiting[:0] = self._still_ours(batch)
                await self.clock.sleep_until(self.clock.engine_now() + AGAIN)

    async def _write(self, batch: Sequence[Record]) -> None:
        async with self.database.work() as work:
            await work.outbox.finish([record.done for record in batch])
            if said := [record.said for record in batch if record.said]:
                await self.note(work, said)
            if calls := sum(record.calls for record in batch):
                await work.rates.count_calls(month_of(self.clock), calls)

    def _still_ours(self, batch: Sequence[Record]) -> list[Record]:
        lost = [record for record in batch if record.until <= self.clock.engine_now()]
        self.unwritten -= {record.done.id for record in lost}
        for record in lost:
            log.error("record given up", extra={"job": record.done.id})
        return [record for record in batch if record not in lost]


async def write_ledger(work: Work, said: Sequence[Said]) -> None:
    """Keep for good what was said, and that a group takes our posts again (`Noting` of the running bot)."""
    await work.ledger.write_all([_line(one) for one in said])
    if posted := sorted(
        {s.to.id for s in said if s.outcome == "sent" and s.to.kind == "group" and s.job.kind != REPLY}
    ):
        await work.groups.posted(posted)


def _line(said: Said) -> Mapping[str, object]:
    job = said.job
    return Ledger.line(
        job.dedup_key,
        job.kind,
        receiver_kind=said.to.kind,
        receiver=said.to.id,
        text=said.message.text,
        at=said.at,
        subjects=(job.subject,) if job.subject else (),
        outcome=said.outcome,
        why=said.why,
    )


def month_of(clock: Clock) -> str:
    """The month whose metered calls are counted now."""
    return f"{clock.now():%Y-%m}"


def result(kind: str, receipt: str, calls: int) -> Mapping[str, str | int]:
    """What a job keeps of its sending."""
    return {"channel": kind, "receipt": receipt, "calls": calls}
