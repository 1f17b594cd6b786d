"""Records what was sent, many at once: at most 20 ms after the first of them, again and again while the lease lives."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from handlers.message import Announcement, Receiver, Reply
from storage import Database, Finished, Job, Work

log = logging.getLogger(__name__)
GATHER = 0.02  # seconds
AGAIN = 0.5  # seconds between two tries while the database is away


@dataclass(frozen=True, slots=True)
class Said:
    """What the ledger keeps of a message: to whom, in which words, what became of it. `at` is engine time."""

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

    def __init__(self, database: Database, note: Noting, now: Callable[[], datetime], month: Callable[[], str]) -> None:
        self.database, self.note, self.now, self.month = database, note, now, month
        self.waiting: list[Record] = []
        self.writing: asyncio.Task[None] | None = None

    def keep(self, record: Record) -> None:
        """Write it soon; returns at once."""
        self.waiting.append(record)
        if self.writing is None or self.writing.done():
            self.writing = asyncio.create_task(self._write_all())

    async def flush(self) -> None:
        """Return when everything kept so far is written or no longer ours."""
        while self.writing is not None and not self.writing.done():
            await asyncio.wait([self.writing])

    async def _write_all(self) -> None:
        while self.waiting:
            await asyncio.sleep(GATHER)
            batch, self.waiting = self.waiting, []
            try:
                await self._write(batch)
            except (SQLAlchemyError, OSError, TimeoutError) as failure:
                log.warning("record failed", extra={"why": type(failure).__name__, "records": len(batch)})
                self.waiting[:0] = self._still_ours(batch)
                await asyncio.sleep(AGAIN)

    async def _write(self, batch: Sequence[Record]) -> None:
        async with self.database.work() as work:
            await work.outbox.finish([record.done for record in batch])
            if said := [record.said for record in batch if record.said]:
                await self.note(work, said)
            if calls := sum(record.calls for record in batch):
                await work.rates.count_calls(self.month(), calls)

    def _still_ours(self, batch: Sequence[Record]) -> list[Record]:
        lost = [record for record in batch if record.until <= self.now()]
        for record in lost:
            log.error("record given up", extra={"job": record.done.id})
        return [record for record in batch if record not in lost]


async def note_nothing(work: Work, said: Sequence[Said]) -> None:
    """For those who keep no ledger."""


def result(kind: str, receipt: str, calls: int) -> Mapping[str, str | int]:
    """What a job keeps of its sending."""
    return {"channel": kind, "receipt": receipt, "calls": calls}
