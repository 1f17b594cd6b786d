"""A small platform for delivery's tests: keeps what it was told, refuses as it is told to. And a clock that is set."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot.delivery import Delivery
from bot.delivery_kinds import Kinds
from bot.delivery_permits import Permits
from bot.delivery_record import Said
from bot.delivery_send import Composer, Ways
from bot.door import Known, Sent, Webhook
from bot.permits import Limit
from handlers.message import Announcement, Attachment, Chat, Message, Receiver, Reply, Sender
from storage import Database, Job, Work

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2021, 12, 20, 9, 0, tzinfo=ZONE)


class SetClock:
    """Both clocks stand still until they are moved; sleeping moves engine time."""

    def __init__(self, now: datetime = START) -> None:
        self.business, self.engine = now, datetime(2030, 1, 1, tzinfo=UTC)
        self.sleepers: list[datetime] = []

    def now(self) -> datetime:
        return self.business

    def engine_now(self) -> datetime:
        return self.engine

    async def sleep_until(self, moment: datetime) -> None:
        """Whoever sleeps shortest wakes first."""
        self.sleepers.append(moment)
        try:
            while moment > self.engine:
                await asyncio.sleep(0)
                if moment == min(self.sleepers):
                    self.forward(max(moment - self.engine, timedelta()))
        finally:
            self.sleepers.remove(moment)

    async def sample(self, database: Database) -> None:
        return

    async def nap(self, wake: asyncio.Event, seconds: float, due: datetime | None) -> None:
        await asyncio.sleep(0)

    def forward(self, span: timedelta) -> None:
        """Both go on together."""
        self.business += span
        self.engine += span


@dataclass(frozen=True)
class Taken:
    """A message the platform took: to whom, what, when (engine time)."""

    to: str
    text: str
    at: datetime


@dataclass
class FakeDoor:
    """Takes everything unless `refusals` for the receiver (or "*") says otherwise; an exception is raised once."""

    clock: SetClock
    taken: list[Taken] = field(default_factory=list)
    refusals: defaultdict[str, deque[BaseException | None]] = field(default_factory=lambda: defaultdict(deque))
    after_taking: defaultdict[str, deque[BaseException]] = field(default_factory=lambda: defaultdict(deque))
    hanging: set[str] = field(default_factory=set)
    calls: int = 0

    def needs_permit(self, route: str, expires: datetime | None, now: datetime) -> bool:
        return not route or (expires is not None and expires <= now)

    def parts(self, to: Receiver, message: Reply | Announcement) -> int:
        return 1 + len(message.files)

    async def reply(
        self,
        route: str,
        route_expires: datetime | None,
        to: Receiver,
        message: Reply,
        *,
        engine_now: datetime,
        done: int = 0,
    ) -> Sent:
        return await self._take(to, message.text, "session")

    async def push(
        self, receiver: Receiver, announcement: Announcement, *, webhook: Webhook | None = None, done: int = 0
    ) -> Sent:
        return await self._take(receiver, announcement.text, "webhook" if webhook else "open")

    async def fetch(self, attachment: Attachment) -> bytes:
        raise NotImplementedError

    async def find_by_mobile(self, mobile: str) -> str | None:
        raise NotImplementedError

    async def find(self, staff_id: str) -> Known | None:
        raise NotImplementedError

    async def _take(self, to: Receiver, text: str, channel: str) -> Sent:
        at = self.clock.engine_now()
        self.calls += 1
        for key in (to.id, "*"):
            if self.refusals[key] and (refusal := self.refusals[key].popleft()) is not None:
                raise refusal
        if to.id in self.hanging:
            await asyncio.Event().wait()
        await asyncio.sleep(0)
        self.taken.append(Taken(to.id, text, at))
        if self.after_taking[to.id]:
            raise self.after_taking[to.id].popleft()
        return Sent("session", 0, "r") if channel == "session" else Sent("open", 1, "r")

    def texts(self) -> list[str]:
        """What was taken, in order."""
        return [t.text for t in self.taken]


@dataclass
class House:
    """A delivery with everything it needs, on one database."""

    database: Database
    clock: SetClock
    door: FakeDoor
    ledger: list[Said] = field(default_factory=list)
    troubles: list[tuple[str, str]] = field(default_factory=list)
    composers: dict[str, Composer] = field(default_factory=dict)
    gate_to: dict[str, datetime] = field(default_factory=dict)
    hooks: dict[str, Webhook] = field(default_factory=dict)
    group: Limit = field(default_factory=lambda: Limit(20, 63))
    app: Limit = field(default_factory=lambda: Limit(20, 1))

    def delivery(self, boot: str = "boot1", database: Database | None = None) -> Delivery:
        """A process of its own."""
        kinds = Kinds(tuple(self.composers))
        ways = Ways(
            database or self.database,
            self.door,
            self.clock,
            Random(boot),
            kinds,
            Permits(self.group, self.app),
            self.composers,
            self._gate,
            self._note,
            self._hook,
            self._trouble,
        )
        return Delivery(ways, boot, "test")

    async def _note(self, work: Work, said: Sequence[Said]) -> None:
        self.ledger += said

    async def _hook(self, work: Work, to: Receiver) -> Webhook | None:
        return self.hooks.get(to.id)

    async def _trouble(self, work: Work, job: Job, to: Receiver, trouble: str) -> None:
        self.troubles.append((to.id, trouble))

    def _gate(self, job: Job, now: datetime) -> datetime | None:
        return self.gate_to.get(job.kind)


async def states(database: Database) -> Mapping[str, int]:
    """Number of jobs in each state."""
    async with database.read() as work:
        rows = await work.connection.exec_driver_sql("SELECT state, COUNT(*) FROM outbox_job GROUP BY state")
        return {str(row[0]): int(row[1]) for row in rows}


def message(number: int, person: str = "p1", group: str = "", route: str = "route") -> Message:
    """The number-th thing a person says, 1:1 or in a group."""
    chat = Chat(group, "group") if group else Chat(f"chat-{person}", "person")
    return Message(f"m{person}{group}{number}", "robot", chat, Sender(person), "你好", START, route=route)


async def answer(delivery: Delivery, number: int, person: str = "p1", group: str = "", text: str = "") -> Job:
    """What the pipeline does with a message: the reply in its transaction, then sent."""
    async with delivery.ways.database.work() as work:
        job = await delivery.put_reply(work, message(number, person, group), Reply(text or f"答{number}"))
    delivery.send_now(job)
    return job
