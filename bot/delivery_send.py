"""One message on its way out: prepared in a transaction just before the call, sent, and settled by what came back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.clock import Clock
from bot.delivery_kinds import ANNOUNCE, Kind, Kinds
from bot.delivery_permits import Permits
from bot.delivery_record import AGAIN, AWAY, Noting, Record, Recorder, Said, result
from bot.delivery_tally import Tally
from bot.door import Door, GiveUp, Retry, Sent, Webhook
from bot.letters import read_answer, write_announcement
from handlers.message import Announcement, Receiver, Reply
from storage import JSON, REPLY, Database, Finished, Gate, Job, Work

log = logging.getLogger(__name__)
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(hours=1)
LATE = timedelta(milliseconds=20)  # a moment missed by more is given up for a new one; what SLACK of permits allows for
AN_OUTAGE = timedelta(seconds=30)  # what one job alone suffers for less is its own trouble, not the platform's
PATIENCE = 5  # new moments asked for before calling anyway
MARGIN = timedelta(seconds=2)  # of a lease left over after the longest call

Composer = Callable[[Work, Job, Receiver], Awaitable[Announcement | None]]
"""What a job says now; it marks what it carries. None: nothing is left to say."""
HookOf = Callable[[Work, Receiver], Awaitable[Webhook | None]]
"""The group's own robot, if the office gave us one."""
Trouble = Callable[[Work, Job, Receiver, str], Awaitable[None]]
"""Told, in the transaction that gives a message up, whom it would have reached and whose fault it is."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A job ready to be said: `at` is the moment of its permits, engine time."""

    job: Job
    to: Receiver
    message: Reply | Announcement
    parts: int
    metered: bool
    at: datetime
    until: datetime
    """End of the lease."""
    hook: Webhook | None = None
    done: int = 0
    """Parts taken already."""


@dataclass(frozen=True, slots=True)
class Ways:
    """What a Sender is given: the way out and everything it asks on the way."""

    database: Database
    door: Door
    clock: Clock
    rng: Random
    kinds: Kinds
    permits: Permits
    composers: Mapping[str, Composer]
    gate: Gate
    """Holds pushes back (hours, workdays); replies and other jobs pass it by."""
    note: Noting
    hook_of: HookOf
    trouble: Trouble

    def may_pass(self, job: Job, now: datetime) -> datetime | None:
        """The `Gate` over all kinds."""
        if job.kind != ANNOUNCE and job.kind not in self.kinds.composed:
            return None
        later = self.gate(job, now)
        return later if later is not None and later > now else None


class Sender:
    """Sends letters one by one and settles their jobs."""

    def __init__(self, ways: Ways, recorder: Recorder, tally: Tally, is_live: Callable[[], bool]) -> None:
        """`is_live`: whether this process still holds its leases."""
        self.ways, self.recorder, self.tally, self.is_live = ways, recorder, tally, is_live
        self.back = asyncio.Event()
        self.failed: set[int] = set()  # jobs not taken since the last that was
        self.second_chance = asyncio.Lock()
        self.begun: set[int] = set()  # jobs whose call is open

    async def send(self, letter: Letter) -> bool:
        """Whether it was taken. Never raises, but for cancellation.

        Second chances go one at a time, marked as begun just before the call: a crash must not use up those of a
        whole batch, as there is no third.
        """
        try:
            async with self.second_chance if letter.job.resent else nullcontext():
                return await self._send(letter) if await self._may_begin(letter) else False
        except asyncio.CancelledError:
            if letter.job.id not in self.begun:
                await asyncio.shield(self.give_back(letter))
            raise
        finally:
            self.begun.discard(letter.job.id)

    async def _may_begin(self, letter: Letter) -> bool:
        """Whether it is time and the job still ours; else it is given back."""
        try:
            if await self._begin(letter) and await self._wait_for_turn(letter):
                return True
        except AWAY as failure:
            log.warning("not begun", extra=facts(letter.job) | {"why": type(failure).__name__})
        await self.give_back(letter)
        return False

    async def _begin(self, letter: Letter) -> bool:
        """Mark a second chance as being sent; all others were marked when they were prepared or born."""
        if letter.job.resent:
            async with self.ways.database.work() as work:
                if not await work.outbox.still_mine([letter.job]):
                    return False
                await work.outbox.start([letter.job], self.ways.clock.engine_now())
        return True

    async def _send(self, letter: Letter) -> bool:
        self.begun.add(letter.job.id)
        try:
            async with asyncio.timeout(self._kind(letter.job).timeout.total_seconds()):
                sent = await self._call(letter)
        except asyncio.CancelledError:
            await asyncio.shield(self._settle(letter, Retry("stopped", uncertain=True)))
            raise
        except (Retry, GiveUp) as refused:
            await self._settle(letter, refused)
        except TimeoutError:
            await self._settle(letter, Retry("timeout", uncertain=True))
        except Exception:  # an edge: a bug in one letter must not stop the others (style.md §5)
            log.exception("sending failed", extra=facts(letter.job))
            await self._settle(letter, Retry("bug", uncertain=True))
        else:
            self._taken(letter, sent)
            return True
        return False

    async def _wait_for_turn(self, letter: Letter) -> bool:
        """Sleep until the reserved moment; ask for a new one when it was missed. False: the lease is too short."""
        clock, at = self.ways.clock, letter.at
        for _ in range(PATIENCE if letter.metered else 0):
            await clock.sleep_until(at)
            if clock.engine_now() <= at + LATE:
                break
            async with self.ways.database.work() as work:
                at = (await self.ways.permits.reserve(work, clock.engine_now(), [letter.parts]))[0]
        short = clock.engine_now() + self._kind(letter.job).timeout + MARGIN > letter.until
        if short or not self.is_live() or self.ways.may_pass(letter.job, clock.now()) is not None:
            log.warning("too late to send", extra=facts(letter.job))
            return False
        return True

    async def _call(self, letter: Letter) -> Sent:
        door, message = self.ways.door, letter.message
        if isinstance(message, Reply):
            answer = read_answer(letter.job.payload)
            return await door.reply(
                answer.route,
                answer.route_expires,
                letter.to,
                message,
                engine_now=self.ways.clock.engine_now(),
                done=letter.done,
            )
        return await door.push(letter.to, message, webhook=letter.hook, done=letter.done)

    def _taken(self, letter: Letter, sent: Sent) -> None:
        now, job = self.ways.clock.engine_now(), letter.job
        self.tally.count("sent", job.kind)
        self.tally.last_sent = now
        if self.tally.away_since:
            if len(self.failed) > 1 or now - self.tally.away_since >= AN_OUTAGE:
                self.back.set()
            self.tally.away_since = None
        self.failed.clear()
        done = Finished(job.id, job.token, now, result(sent.kind, sent.receipt, sent.calls))
        said = Said(job, letter.to, letter.message, "sent", self.ways.clock.now())
        self.recorder.keep(Record(done, said, sent.calls, letter.until))
        log.info("sent", extra=facts(job) | {"channel": sent.kind})

    async def give_back(self, letter: Letter) -> None:
        """It was not sent: back to ready, no attempt spent."""
        await self._persist(letter, lambda work: self._unsay(work, letter))

    async def _unsay(self, work: Work, letter: Letter) -> bool:
        if letter.job.kind in self.ways.kinds.composed and not letter.done:
            await work.reminders.lay_down(letter.job.id)
        return await work.outbox.postpone(letter.job, self.ways.clock.engine_now())

    async def _settle(self, letter: Letter, refused: Retry | GiveUp) -> None:
        """Write what became of it; while the database is away, until the lease ends."""
        await self._persist(letter, lambda work: self._write(work, letter, refused))

    async def _persist(self, letter: Letter, write: Callable[[Work], Awaitable[bool]]) -> None:
        while True:
            try:
                async with self.ways.database.work() as work:
                    if not await write(work):
                        log.warning("lease lost", extra=facts(letter.job))
                return
            except Exception as failure:  # the same edge: whatever fails here, the lease brings the job back
                log.warning("settling failed", extra=facts(letter.job), exc_info=failure)
            if self.ways.clock.engine_now() >= letter.until:
                return
            await self.ways.clock.sleep_until(self.ways.clock.engine_now() + AGAIN)

    async def _write(self, work: Work, letter: Letter, refused: Retry | GiveUp) -> bool:
        job, now = letter.job, self.ways.clock.engine_now()
        if isinstance(refused, GiveUp):
            return await self._bury(work, letter, refused.why, refused.trouble)
        if refused.blocked:
            until = await self.ways.permits.block(work, letter.to, refused.blocked, now, refused.after)
            self.tally.count("throttled", job.kind)
            return await self._release(work, letter, refused, until, refund=True)
        self.tally.away_since = self.tally.away_since or now
        self.failed.add(job.id)
        kind = self._kind(job)
        if refused.uncertain and not kind.may_resend(job):
            return await self._hold(work, letter, refused.why)
        if job.attempts >= job.max_attempts:
            return await self._bury(work, letter, refused.why, "last attempt")
        wait = kind.doubt * 8**job.resent if refused.uncertain else back_off(self.ways.rng, job.attempts)
        wait = max(refused.after or timedelta(), wait)
        return await self._release(work, letter, refused, now + wait)

    async def _release(
        self, work: Work, letter: Letter, refused: Retry, until: datetime, *, refund: bool = False
    ) -> bool:
        job, done = letter.job, letter.done + refused.done
        if job.kind in self.ways.kinds.composed and not done and not refused.uncertain:
            await work.reminders.lay_down(job.id)
        self.tally.count("retried", job.kind)
        log.info("retried", extra=facts(job) | {"why": refused.why, "uncertain": refused.uncertain})
        return await work.outbox.release(
            job,
            until,
            refused.why,
            refund=refund,
            resent=refused.uncertain,
            progress=progress(letter, done),
        )

    async def _bury(self, work: Work, letter: Letter, why: str, trouble: str) -> bool:
        job, now = letter.job, self.ways.clock.engine_now()
        self.tally.count("dead", job.kind)
        log.error("given up", extra=facts(job) | {"why": why, "trouble": trouble})
        if not await work.outbox.end(job, "dead", f"{trouble}: {why}", now):
            return False
        await self.ways.trouble(work, job, letter.to, trouble)
        await self.ways.note(work, [Said(job, letter.to, letter.message, "dead", self.ways.clock.now(), why)])
        return True

    async def _hold(self, work: Work, letter: Letter, why: str) -> bool:
        job, now = letter.job, self.ways.clock.engine_now()
        self.tally.count("uncertain", job.kind)
        log.error("nobody knows whether it was taken", extra=facts(job) | {"why": why})
        if not await work.outbox.end(job, "uncertain", why, now):
            return False
        await self.ways.note(work, [Said(job, letter.to, letter.message, "uncertain", self.ways.clock.now(), why)])
        return True

    def _kind(self, job: Job) -> Kind:
        return self.ways.kinds.all[job.kind]


def back_off(rng: Random, attempts: int) -> timedelta:
    """Full jitter: anything up to 2 s × 2^attempts, an hour at most."""
    longest: timedelta = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(attempts, 12)))
    return longest * rng.random()


def facts(job: Job) -> dict[str, object]:
    """What a log line says of a job: never its text."""
    return {"job": job.id, "kind": job.kind, "dedup_key": job.dedup_key, "attempt": job.attempts}


def progress(letter: Letter, done: int) -> Mapping[str, JSON] | None:
    """What a letter taken in part keeps: the number of parts, and a composed text, which must not change now."""
    if not done:
        return None
    if letter.job.kind in (REPLY, ANNOUNCE):
        return {"done": done}
    return {"done": done, "said": write_announcement(as_announcement(letter.message))}


def as_announcement(message: Reply | Announcement) -> Announcement:
    """The same said as a push."""
    if isinstance(message, Announcement):
        return message
    return Announcement(message.text, message.buttons, (), message.files, message.pictures)
