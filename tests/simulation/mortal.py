"""What can die in a simulation: a process's database and door, which fail, crash and lie as the seed says."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from bot.door import Known, Retry, Sent, Webhook
from handlers.message import Announcement, Attachment, Receiver, Reply
from storage import Database, DatabaseUnreadable, Work
from tests.bot.fake_door import SetClock


class Crash(BaseException):
    """The process is gone, in the middle of whatever it did."""


@dataclass(frozen=True)
class Chances:
    """How likely each misfortune is, at each opportunity."""

    before_commit: float = 0.002
    after_commit: float = 0.002
    before_taking: float = 0.004
    after_taking: float = 0.004
    silent_taking: float = 0.005
    throttled: float = 0.003


@dataclass(frozen=True)
class Call:
    """A message that reached the platform: when by either clock, to whom, what; `taken` False: refused."""

    at: datetime
    business: datetime
    to: str
    kind: str
    text: str
    taken: bool


@dataclass
class Platform:
    """The chat platform of the whole simulation: remembers every call."""

    clock: SetClock
    away: list[tuple[datetime, datetime]] = field(default_factory=list)
    """Spans of business time."""
    calls: list[Call] = field(default_factory=list)

    def is_away(self) -> bool:
        return any(start <= self.clock.now() < end for start, end in self.away)

    def note(self, to: Receiver, text: str, kind: str, *, taken: bool) -> None:
        self.calls.append(Call(self.clock.engine_now(), self.clock.now(), f"{to.kind}:{to.id}", kind, text, taken))


class MortalDatabase:
    """A process's view of the database. After a crash nothing of this process reaches it any more."""

    def __init__(self, real: Database, clock: SetClock, rng: Random, chances: Chances) -> None:
        self.real, self.clock, self.rng, self.chances = real, clock, rng, chances
        self.is_sqlite = real.is_sqlite
        self.dead = False
        self.away: list[tuple[datetime, datetime]] = []

    def live(self, chance: float = 0.0) -> None:
        """Raises: Crash when the process is dead, or dies now."""
        self.dead = self.dead or self.rng.random() < chance
        if self.dead:
            raise Crash

    def reach(self) -> None:
        """Raises: Crash, DatabaseUnreadable."""
        self.live()
        if any(start <= self.clock.now() < end for start, end in self.away):
            raise DatabaseUnreadable("away")

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        self.reach()
        async with self.real.work() as work:
            yield work
            self.live(self.chances.before_commit)
        self.live(self.chances.after_commit)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Work]:
        self.reach()
        async with self.real.read() as work:
            yield work


class MortalDoor:
    """A process's way to the platform."""

    def __init__(self, platform: Platform, database: MortalDatabase, rng: Random, chances: Chances) -> None:
        self.platform, self.database, self.rng, self.chances = platform, database, rng, chances

    def needs_permit(self, route: str, expires: datetime | None, now: datetime) -> bool:
        return False

    def parts(self, to: Receiver, message: Reply | Announcement) -> int:
        return 1

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
        return self._take(to, message.text, "reply", Sent("session"))

    async def push(
        self, receiver: Receiver, announcement: Announcement, *, webhook: Webhook | None = None, done: int = 0
    ) -> Sent:
        return self._take(receiver, announcement.text, "push", Sent("open", 1))

    async def fetch(self, attachment: Attachment) -> bytes:
        raise NotImplementedError

    async def find_by_mobile(self, mobile: str) -> str | None:
        raise NotImplementedError

    async def find(self, staff_id: str) -> Known | None:
        raise NotImplementedError

    def _take(self, to: Receiver, text: str, kind: str, sent: Sent) -> Sent:
        self.database.live(self.chances.before_taking)
        if self.platform.is_away():
            raise Retry("away")
        if to.kind == "group" and self.rng.random() < self.chances.throttled:
            self.platform.note(to, text, kind, taken=False)
            raise Retry("130101", blocked="group")
        self.platform.note(to, text, kind, taken=True)
        self.database.live(self.chances.after_taking)
        if self.rng.random() < self.chances.silent_taking:
            raise Retry("timeout", uncertain=True)
        return sent


def tell(**facts: object) -> str:
    """A text that says to the simulation what it carries."""
    return json.dumps(facts, ensure_ascii=False)
