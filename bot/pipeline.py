"""A Message in, its Reply in the outbox: one message, one transaction. Knows no platform and no feature by name."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random
from typing import Protocol

from bot.errands import put_errands
from bot.logs import bind
from handlers.dispatch import Dispatch
from handlers.feature import Turn
from handlers.message import Announcement, Message, Receiver, Reply
from knowledge import Library
from storage import AlreadyDecided, Database, DatabaseUnreadable, Job, Person, Stale, Work

log = logging.getLogger(__name__)
PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)  # seconds between attempts while the database is away


class Say:
    APOLOGY = "抱歉，这条消息处理时出了点问题（编号{incident}），已记下来请管理员看。您填过的内容都在，请稍后再发一次。"
    DECIDED = "这件刚才已经有人办过了，没有重复办。"
    PARKED = "抱歉，这一步连着两次没处理好（编号{incident}），已经先放着，填过的内容都在。说“填报”可以接着来。"


class Shelf(Protocol):
    """The published notices as they stand in this transaction."""

    async def library(self, work: Work) -> Library: ...


class Mouth(Protocol):
    """The way out: what is put in a transaction is said after its commit."""

    async def put_reply(self, work: Work, message: Message, reply: Reply) -> Job: ...

    async def tell(
        self, work: Work, to: Receiver, announcement: Announcement, *, key: str, waited_for: bool = False
    ) -> None: ...

    def send_now(self, job: Job) -> None: ...

    def wake(self) -> None: ...


class Pipeline:
    """Handles messages. Order within one person and chat is kept by the caller here, by a lock across replicas."""

    def __init__(
        self,
        database: Database,
        dispatch: Dispatch,
        shelf: Shelf,
        mouth: Mouth,
        now: Callable[[], datetime],
        rng: Random,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self.database, self.dispatch, self.shelf, self.mouth, self.now, self.rng = (
            database, dispatch, shelf, mouth, now, rng,
        )  # fmt: skip
        self.pauses = tuple(pauses)

    async def handle(self, message: Message) -> None:
        """Returns once the message and its reply are committed, or it turned out to be handled before."""
        with bind(message=message.id, chat=message.chat.id, person=message.sender.staff_id or ""):
            await asyncio.shield(self._handle(message))

    async def _handle(self, message: Message) -> None:
        if said := await self._patiently(message):
            self.mouth.send_now(said)
            self.mouth.wake()

    async def _patiently(self, message: Message) -> Job | None:
        """A database that is away for some seconds costs nobody an answer: nothing was written, so it is tried again.

        Raises: DatabaseUnreadable when it stays away; the message is not acknowledged then.
        """
        for pause in self.pauses:
            try:
                return await self._or_sorry(message)
            except DatabaseUnreadable as away:
                log.warning("database away", extra={"error": type(away.__cause__).__name__, "again_in": pause})
                await asyncio.sleep(pause)
        return await self._or_sorry(message)

    async def _or_sorry(self, message: Message) -> Job | None:
        try:
            return await self._once_more_if_late(message)
        except AlreadyDecided:
            return await self._decided(message)
        except DatabaseUnreadable:
            raise
        except Exception as bug:  # noqa: BLE001  # an edge: roll back, log, apologise once, go on (style.md §5)
            return await self._apologise(message, bug)

    async def _once_more_if_late(self, message: Message) -> Job | None:
        """Somebody else saved or decided in between: what stands now is looked at afresh, and the answer fits it."""
        try:
            return await self._once(message)
        except (Stale, AlreadyDecided):
            log.info("handled once more", extra={"why": "somebody else saved first"})
            return await self._once(message)

    async def _once(self, message: Message) -> Job | None:
        async with self.database.work() as work:
            await work.one_at_a_time(message.chat.id, message.sender.staff_id or message.sender.nick)
            if not await claim(work, message):
                log.info("heard before")
                return None
            turn = Turn(
                message, await self._identify(work, message), work, await self.shelf.library(work), self.now(),
                self.dispatch.features,
            )  # fmt: skip
            reply = await self.dispatch.answer(turn)
            for number, (to, announcement) in enumerate(turn.outbound):
                key, asked = f"tell/{message.robot}/{message.id}/{number}", to.id == message.sender.staff_id
                await self.mouth.tell(work, to, announcement, key=key, waited_for=asked)
            await put_errands(work, turn.errands, f"{message.robot}/{message.id}")
            return await self.mouth.put_reply(work, message, reply)

    async def _identify(self, work: Work, message: Message) -> Person:
        """Who speaks; somebody without staff id is nobody we keep."""
        sender = message.sender
        if sender.staff_id is None:
            return Person(0, None, sender.nick)
        known = await work.directory.identify(sender.staff_id, self.now())
        return known or await work.directory.meet(sender.staff_id, sender.nick, self.now())

    async def _decided(self, message: Message) -> Job | None:
        """A plain line where a feature found no words of its own for a decision that came second."""
        async with self.database.work() as work:
            if not await claim(work, message):
                return None
            return await self.mouth.put_reply(work, message, Reply(Say.DECIDED))

    async def _apologise(self, message: Message, bug: Exception) -> Job | None:
        """One apology with a number that the log carries too; a step that failed twice is parked."""
        incident = f"{self.rng.randrange(36**5):05d}"
        log.error("message failed", exc_info=bug, extra={"incident": incident})
        async with self.database.work() as work:
            if not await claim(work, message, incident):
                return None
            failures = await work.dialogues.fail(message.sender.staff_id or "", message.chat.id)
            line = Say.PARKED if failures > 1 else Say.APOLOGY
            return await self.mouth.put_reply(work, message, Reply(line.format(incident=incident)))


async def claim(work: Work, message: Message, incident: str = "") -> bool:
    """True when the message is ours to handle: nobody handled it before."""
    facts = {"robot": message.robot, "chat": message.chat.id, "sender": message.sender.staff_id or ""}
    if incident:
        return await work.inbox.fail(message.id, incident, said_at=message.at, **facts)
    return await work.inbox.claim(message.id, said_at=message.at, **facts)
