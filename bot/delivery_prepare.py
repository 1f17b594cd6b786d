"""From claimed jobs to letters: permits reserved, texts composed, and the jobs marked as being sent. Sends nothing."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.delivery_kinds import ANNOUNCE
from bot.delivery_send import Letter, Ways, facts
from bot.delivery_tally import Tally
from bot.door import Webhook
from bot.letters import read_announcement, read_answer, read_receiver
from handlers.message import Announcement, Receiver, Reply
from storage import JSON, REPLY, Job, Work

log = logging.getLogger(__name__)
SHORTEST_LEAD, LONGEST_LEAD = timedelta(milliseconds=50), timedelta(seconds=2)
AFTER_BUG = timedelta(minutes=1)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class NoPermit(Exception):
    """The group must wait until `slot`."""

    def __init__(self, slot: datetime) -> None:
        super().__init__(slot)
        self.slot = slot


@dataclass(frozen=True, slots=True)
class Draft:
    """A claimed job as far as it is known without the database; `message` None: composed at the last moment."""

    job: Job
    to: Receiver
    message: Reply | Announcement | None
    metered: bool
    parts: int
    done: int
    hook: Webhook | None = None


class Preparer:
    """Turns a batch of claimed jobs into letters, in one or two short transactions."""

    def __init__(self, ways: Ways, tally: Tally) -> None:
        self.ways, self.tally = ways, tally
        self.slots: deque[datetime] = deque()
        """Moments reserved for calls of this process and not used yet."""
        self.lead = SHORTEST_LEAD
        """How long before its moment a call must be asked for, as preparing has taken lately."""

    async def prepare(self, jobs: Sequence[Job], until: datetime) -> list[Letter]:
        """Those that may be sent, each at its moment; the others are settled or back in the queue."""
        began = self.ways.clock.engine_now()
        drafts = await self._reserve([self._draft(job) for job in jobs])
        letters: list[Letter] = []
        async with self.ways.database.work() as work:
            held = await work.outbox.still_mine(jobs)
            for draft in drafts:
                if draft.job.id not in held:
                    log.warning("lease lost", extra=facts(draft.job))
                elif letter := await self._letter(work, draft, until):
                    letters.append(letter)
            first = [letter.job for letter in letters if not letter.job.resent]
            await work.outbox.start(first, self.ways.clock.engine_now())
        took = self.ways.clock.engine_now() - began
        self.lead = min(LONGEST_LEAD, max(SHORTEST_LEAD, (self.lead * 3 + took * 1.5) / 4))
        return letters

    def _draft(self, job: Job) -> Draft:
        kept = job.result or {}
        done = taken if isinstance(taken := kept.get("done"), int) else 0
        if job.kind == REPLY:
            answer = read_answer(job.payload)
            metered = self.ways.door.needs_permit(answer.route, answer.route_expires, self.ways.clock.engine_now())
            return Draft(job, answer.to, answer.reply, metered, self._parts(answer.to, answer.reply, done), done)
        to, message = read_receiver(job.payload), self._text(job, kept.get("said"))
        return Draft(job, to, message, True, self._parts(to, message, done) if message else 1, done)

    def _text(self, job: Job, said: JSON) -> Announcement | None:
        if job.kind == ANNOUNCE:
            return read_announcement(job.payload.get("announcement"))
        return read_announcement(said) if said else None

    def _parts(self, to: Receiver, message: Reply | Announcement, done: int) -> int:
        return max(1, self.ways.door.parts(to, message) - done)

    async def _reserve(self, drafts: Sequence[Draft]) -> list[Draft]:
        """With the groups' own robots known, and as many moments reserved as metered calls will be made."""
        now = self.ways.clock.engine_now()
        while self.slots and self.slots[0] < now:
            self.slots.popleft()
        if not any(draft.metered for draft in drafts):
            return list(drafts)
        async with self.ways.database.work() as work:
            known = [await self._with_hook(work, draft) for draft in drafts]
            wanted = sum(draft.parts for draft in known if draft.metered) - len(self.slots)
            if wanted > 0:
                self.slots.extend(await self.ways.permits.reserve(work, now + self.lead, [1] * wanted))
        return known

    async def _with_hook(self, work: Work, draft: Draft) -> Draft:
        if draft.job.kind == REPLY or draft.to.kind != "group":
            return draft
        hook = await self.ways.hook_of(work, draft.to)
        return replace(draft, hook=hook, metered=hook is None)

    async def _letter(self, work: Work, draft: Draft, until: datetime) -> Letter | None:
        at = self._moment(draft)
        try:
            if draft.message is not None:
                await self._permit(work, draft, at, draft.parts)
                return self._sealed(draft, draft.message, draft.parts, at, until)
            async with work.connection.begin_nested():
                return await self._composed(work, draft, at, until)
        except NoPermit as denied:
            self.tally.count("waited", draft.job.kind)
            log.info("waits for its group", extra=facts(draft.job))
            await work.outbox.postpone(draft.job, denied.slot, promised=True)
        except SQLAlchemyError:
            raise
        except Exception:  # noqa: BLE001  # an edge: a bug in one text must not stop the others (style.md §5)
            await self._failed(work, draft)
        return None

    async def _composed(self, work: Work, draft: Draft, at: datetime, until: datetime) -> Letter | None:
        await self._permit(work, draft, at, 1)
        message = await self.ways.composers[draft.job.kind](work, draft.job, draft.to)
        if message is None:
            await self.ways.permits.give_back(work, draft.to, at, 1)
            self.tally.count("cancelled", draft.job.kind)
            log.info("nothing left to say", extra=facts(draft.job))
            await work.outbox.end(draft.job, "cancelled", "nothing left to say", self.ways.clock.engine_now())
            return None
        if (parts := self._parts(draft.to, message, 0)) > 1:
            await self._permit(work, draft, at, parts - 1)
        return self._sealed(draft, message, parts, at, until)

    async def _permit(self, work: Work, draft: Draft, at: datetime, parts: int) -> None:
        slot = await self.ways.permits.take(
            work,
            draft.to,
            at,
            parts,
            reply=draft.job.kind == REPLY,
            promised=draft.job.promised_at is not None,
        )
        if slot is not None:
            raise NoPermit(slot)

    def _moment(self, draft: Draft) -> datetime:
        """When the call may be made: the next of the reserved moments, which `_sealed` takes out."""
        now = self.ways.clock.engine_now()
        if not draft.metered or not self.slots:
            return now
        return max(now, self.slots[min(draft.parts, len(self.slots)) - 1])

    def _sealed(self, draft: Draft, message: Reply | Announcement, parts: int, at: datetime, until: datetime) -> Letter:
        if draft.metered and len(self.slots) < parts:
            at = LONG_AGO  # the sender asks for moments of its own
        elif draft.metered:
            at = max(at, *(self.slots.popleft() for _ in range(parts)))
        return Letter(draft.job, draft.to, message, parts, draft.metered, at, until, draft.hook, draft.done)

    async def _failed(self, work: Work, draft: Draft) -> None:
        job, now = draft.job, self.ways.clock.engine_now()
        log.exception("composing failed", extra=facts(job))
        if job.attempts < job.max_attempts:
            await work.outbox.release(job, now + AFTER_BUG, "bug")
            return
        self.tally.count("dead", job.kind)
        await work.outbox.end(job, "dead", "bug", now)
        await self.ways.trouble(work, job, draft.to, "bug")
