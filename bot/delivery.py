"""The way out: what is put in a transaction is said after its commit, once, in order, within the limits.

Claims what is due, sends it through the door, tries again with back-off, gives up loudly. It knows no platform, no plan
and no wording: the door, the gate and the composers are handed to it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from bot.delivery_chats import Chats, Turn
from bot.delivery_keeper import Keeper
from bot.delivery_kinds import ANNOUNCE
from bot.delivery_prepare import Preparer
from bot.delivery_record import AWAY, Recorder, month_of
from bot.delivery_run import Runner
from bot.delivery_send import Letter, Sender, Ways, facts
from bot.delivery_tally import EngineStatus, Tally
from bot.letters import answer_of, read_answer, write_announcement, write_answer, write_receiver
from handlers.message import Announcement, Message, Receiver, Reply
from storage import REPLY, Claimed, Job, Lease, NewJob, Work

log = logging.getLogger(__name__)
POLL = 1.0  # seconds between two looks at the queue when nothing wakes us
BATCH = 32  # jobs of one claim
IN_FLIGHT = 64  # claimed jobs not settled yet; the global rate empties this within seconds
LAST_WORDS = 1.0  # seconds to write down what was sent and give the rest back
GRACE = 3.0  # seconds to finish what is under way
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(seconds=60)  # between two looks for a lost platform
AFTER_FAILURE = 1.0  # seconds to rest when the database is away


class Delivery:
    """One for each process; `boot` names this run of it in every lease."""

    def __init__(self, ways: Ways, boot: str, version: str = "") -> None:
        self.ways, self.boot = ways, boot
        self.tally = Tally()
        self.recorder = Recorder(ways.database, ways.clock, ways.note)
        self.keeper = Keeper(ways, self.tally, boot, version, lambda: self.sender.begun | self.recorder.unwritten)
        self.sender = Sender(ways, self.recorder, self.tally, self.keeper.is_live)
        self.runner = Runner(ways, self.recorder, self.tally)
        self.preparer = Preparer(ways, self.tally)
        self.chats = Chats()
        self.wakened, self.preparing, self.stopping = asyncio.Event(), asyncio.Lock(), False
        self.tasks: set[asyncio.Task[None]] = set()
        self.in_flight, self.tokens = 0, 0
        self.probe_at = ways.clock.engine_now()

    async def put_reply(self, work: Work, message: Message, reply: Reply) -> Job:
        """The reply in the message's own transaction; give it to `send_now` after the commit.

        It is born leased. It waits its turn ("ready") when earlier replies of the chat wait, when only a metered
        call can carry it, or when its group has no permit left.
        """
        answer = answer_of(message, reply)
        kind, now = self.ways.kinds.all[REPLY], self.ways.clock.engine_now()
        job = NewJob(
            REPLY,
            write_answer(answer),
            f"reply:{message.robot}:{message.id}",
            group_key=message.chat.id,
            max_attempts=kind.max_attempts,
        )
        if self.ways.door.needs_permit(answer.route, answer.route_expires, now):
            return await work.outbox.put(job, start=now)
        born = await work.outbox.put_reply(job, self._lease(now, kind.lease), boot=f"{self.boot}:")
        return await self._permitted(work, born, answer.to, reply, now)

    async def tell(
        self, work: Work, to: Receiver, announcement: Announcement, *, key: str, waited_for: bool = False
    ) -> None:
        """Speak to somebody unasked, in the running transaction; of one key only the first is said.

        `waited_for`: he just asked, so no hours hold it back.
        """
        await work.outbox.enqueue(
            ANNOUNCE,
            {
                "receiver": write_receiver(to),
                "announcement": write_announcement(announcement),
                "waited_for": waited_for,
            },
            dedup_key=key,
            group_key=to.id,
            max_attempts=self.ways.kinds.all[ANNOUNCE].max_attempts,
        )

    def send_now(self, job: Job) -> None:
        """Send a reply whose transaction is committed; replies of one chat keep the order of these calls."""
        if job.state != "leased":
            self.wake()
            return
        chat = job.group_key or ""
        before, mine = self.chats.enter(chat)
        self._spawn(self._send_born(job, chat, before, mine))

    def wake(self) -> None:
        """Something was put: look at the queue now."""
        self.wakened.set()

    async def run(self) -> None:
        """Deliver until `stop`; a failure of the database is waited out."""
        while not self.stopping:
            try:
                if not await self._turn():
                    await self._nap()
                self.tally.database_away = False
            except Exception as failure:  # an edge (style.md §5): delivery goes on whatever happens
                log.error("delivery failed", exc_info=failure)
                self.tally.database_away = True
                await asyncio.sleep(AFTER_FAILURE)

    async def start(self) -> None:
        """Before `run`: take back the leases of the dead."""
        await self.keeper.start()

    async def step(self) -> int:
        """Do all that is due now and wait for its end; number of jobs looked at. What `run` does, for simulations."""
        await self.keeper.tend()
        await self._hurry()
        claimed, until = await self._claim(BATCH)
        if claimed.jobs:
            self.in_flight += len(claimed.jobs)
            await self._deliver(claimed.jobs, until)
        await self.settle()
        return claimed.count

    async def settle(self) -> None:
        """Wait until nothing is under way and everything is recorded."""
        while self.tasks:
            await asyncio.wait(tuple(self.tasks))
        await self.recorder.flush()

    async def stop(self, grace: float = GRACE) -> None:
        """Claim no more, finish within `grace` seconds, give the rest back."""
        self.stopping = True
        self.wake()
        if self.tasks:
            await asyncio.wait(tuple(self.tasks), timeout=grace)
        for task in tuple(self.tasks):
            task.cancel()
        if self.tasks:
            await asyncio.wait(tuple(self.tasks), timeout=LAST_WORDS)
        with suppress(*AWAY):  # without a database the leases run out by themselves
            async with asyncio.timeout(LAST_WORDS):
                await self.recorder.flush()
                await self.keeper.leave()

    async def status(self) -> EngineStatus:
        """How the engine stands, over all replicas but for the events, which are this process's."""
        now, engine = self.ways.clock.now(), self.ways.clock.engine_now()
        async with self.ways.database.read() as work:
            return EngineStatus(
                await work.replicas.load(now, engine),
                dict(self.tally.events),
                await work.rates.calls(month_of(self.ways.clock)),
                await work.rates.blocked(engine),
                len(await work.replicas.all()),
                self.tally.away_since,
                self.tally.last_sent,
                self.tally.database_away,
            )

    async def _turn(self) -> bool:
        """Whether something was found to do."""
        self.wakened.clear()
        await self.keeper.tend()
        await self._hurry()
        room = min(BATCH, IN_FLIGHT - self.in_flight)
        if room <= 0:
            return False
        claimed, until = await self._claim(room)
        if claimed.jobs:
            self.in_flight += len(claimed.jobs)
            self._spawn(self._deliver(claimed.jobs, until))
        return claimed.count > 0

    async def _nap(self) -> None:
        async with self.ways.database.read() as work:
            due = await work.outbox.next_due(self.ways.clock.now())
        await self.ways.clock.nap(self.wakened, POLL, due)

    async def _claim(self, most: int) -> tuple[Claimed, datetime]:
        """What is ours now, and until when. While the platform takes nothing, one job now and then asks after it."""
        now = self.ways.clock.engine_now()
        lease = self._lease(now)
        if self.tally.away_since is not None:
            if now < self.probe_at:
                return Claimed(), lease.until
            self.probe_at, most = now + min(LONGEST_PAUSE, now - self.tally.away_since + SHORTEST_PAUSE), 1
        async with self.ways.database.work() as work:
            found = await work.outbox.claim(
                self.ways.clock.now(), self.ways.may_pass, lease, kinds=tuple(self.ways.kinds.all), most=most
            )
        for what, jobs in (("moved", found.moved), ("expired", found.expired)):
            for job in jobs:
                self.tally.count(what, job.kind)
                log.info(what, extra=facts(job))
        return found, lease.until

    async def _deliver(self, jobs: Sequence[Job], until: datetime) -> None:
        """Send a batch; a failure gives back what was not begun."""
        try:
            messages = [job for job in jobs if self.ways.kinds.all[job.kind].run is None]
            for job in jobs:
                if self.ways.kinds.all[job.kind].run is not None:
                    self._spawn(self.runner.run(job, until))
            letters = await self._prepare(messages, until) if messages else []
            if sending := [self._spawn(self._send(letter)) for letter in letters]:
                await asyncio.wait(sending)
        finally:
            self.in_flight -= len(jobs)
            self.wake()

    async def _prepare(self, jobs: Sequence[Job], until: datetime) -> list[Letter]:
        try:
            async with self.preparing:
                return await self.preparer.prepare(jobs, until)
        except BaseException:
            await asyncio.shield(self._give_back(jobs))
            raise

    async def _give_back(self, jobs: Sequence[Job]) -> None:
        """Nothing of these was sent; if even this fails, their leases run out."""
        with suppress(*AWAY):
            async with self.ways.database.work() as work:
                for job in jobs:
                    await work.outbox.postpone(job, self.ways.clock.engine_now())

    async def _send(self, letter: Letter) -> None:
        """One claimed letter; a reply keeps its place among those of its chat."""
        if letter.job.kind != REPLY:
            await self.sender.send(letter)
            return
        chat = letter.job.group_key or ""
        before, mine = self.chats.enter(chat)
        await self._in_turn(letter, chat, before, mine)
        await self.recorder.flush()

    async def _send_born(self, job: Job, chat: str, before: Turn | None, mine: Turn) -> None:
        answer, now = read_answer(job.payload), job.send_started_at or self.ways.clock.engine_now()
        parts = self.ways.door.parts(answer.to, answer.reply)
        until = now + self.ways.kinds.all[REPLY].lease
        await self._in_turn(Letter(job, answer.to, answer.reply, parts, False, now, until), chat, before, mine)

    async def _in_turn(self, letter: Letter, chat: str, before: Turn | None, mine: Turn) -> None:
        sent = False
        try:
            if await self._was_sent(before, letter):
                sent = await self.sender.send(letter)
            else:
                await self.sender.give_back(letter)
        finally:
            self.chats.leave(chat, mine, sent)

    async def _was_sent(self, before: Turn | None, letter: Letter) -> bool:
        """Whether nothing of the chat is left before the letter, which goes back if we are stopped meanwhile."""
        try:
            return before is None or await asyncio.shield(before)
        except asyncio.CancelledError:
            await asyncio.shield(self.sender.give_back(letter))
            raise

    async def _permitted(self, work: Work, born: Job, to: Receiver, reply: Reply, now: datetime) -> Job:
        """The job, still leased if its group has a permit for it now."""
        if born.state != "leased" or to.kind != "group":
            return born
        parts = self.ways.door.parts(to, reply)
        slot = await self.ways.permits.take(work, to, now, parts, reply=True, promised=False)
        if slot is None:
            return born
        await work.outbox.postpone(born, slot, promised=True)
        self.tally.count("waited", REPLY)
        return replace(born, state="ready")

    async def _hurry(self) -> None:
        if self.sender.back.is_set():
            self.sender.back.clear()
            async with self.ways.database.work() as work:
                await work.outbox.hurry(self.ways.clock.engine_now())

    def _lease(self, now: datetime, span: timedelta | None = None) -> Lease:
        self.tokens += 1
        return Lease(f"{self.boot}:{self.tokens}", now, now + (span or self.ways.kinds.longest_lease))

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        self.tasks.add(task := asyncio.create_task(work))
        task.add_done_callback(self._over)
        return task

    def _over(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (failure := task.exception()):
            log.error("delivery failed", exc_info=failure)
