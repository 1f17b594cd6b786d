"""A platform that notes what it takes, and when; it may be away, and the process may die while it is called."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.door import Known, Retry, Sent, Webhook
from handlers.message import Announcement, Attachment, Button, Receiver, Reply
from tests.bot.fake_door import SetClock
from tests.simulation.mortal import Crash


@dataclass(frozen=True)
class Taken:
    """A message taken, the moment in business time, and what was still owed then."""

    to: Receiver
    text: str
    at: datetime
    open: frozenset[tuple[str, str]]
    pushed: bool
    mentions: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    lost: bool = False
    """The process died before it knew that this was taken."""


@dataclass
class Ear:
    """A door that notes what it takes, and when; away for as long as told."""

    clock: SetClock
    open: set[tuple[str, str]] = field(default_factory=set)
    """(unit, matter) still owed in the present period, as the test knows it."""
    taken: list[Taken] = field(default_factory=list)
    away: bool = False
    life: int | None = None
    """So many pushes more, then the process dies while it calls, every second time after the push was taken."""
    dead: bool = False
    deaths: int = 0
    shared: frozenset[tuple[str, str]] = frozenset()

    def report(self, done: set[tuple[str, str]]) -> None:
        """These are owed no longer."""
        self.open -= done
        self.shared = frozenset(self.open)

    def renew(self, owed: set[tuple[str, str]]) -> None:
        """A new period owes these."""
        self.open, self.shared = owed, frozenset(owed)

    def needs_permit(self, route: str, expires: datetime | None, now: datetime) -> bool:
        return not route

    def parts(self, to: Receiver, message: Reply | Announcement) -> int:
        return 1

    async def reply(
        self, route: str, route_expires: datetime | None, to: Receiver, message: Reply, *, engine_now: datetime,
        done: int = 0,
    ) -> Sent:  # fmt: skip
        return self._take(to, message, pushed=False)

    async def push(
        self, receiver: Receiver, announcement: Announcement, *, webhook: Webhook | None = None, key: str = "",
        done: int = 0,
    ) -> Sent:  # fmt: skip
        return self._take(receiver, announcement, pushed=True)

    def _take(self, to: Receiver, message: Reply | Announcement, *, pushed: bool) -> Sent:
        if self.away:
            raise Retry("away")
        if self.dead or (pushed and self._dies(to, message)):
            raise Crash
        self._note(to, message, pushed=pushed)
        return Sent("open", 1)

    def _dies(self, to: Receiver, message: Reply | Announcement) -> bool:
        if self.life is None:
            return False
        self.life -= 1
        if self.life >= 0:
            return False
        self.life, self.dead, self.deaths = None, True, self.deaths + 1
        if self.deaths % 2:
            self._note(to, message, pushed=True, lost=True)
        return True

    def _note(self, to: Receiver, message: Reply | Announcement, *, pushed: bool, lost: bool = False) -> None:
        at = message.mentions if isinstance(message, Announcement) else ()
        self.taken.append(Taken(to, message.text, self.clock.now(), self.shared, pushed, at, message.buttons, lost))

    async def fetch(self, attachment: Attachment) -> bytes:
        return b""

    async def find_by_mobile(self, mobile: str) -> str | None:
        return None

    async def find(self, staff_id: str) -> Known | None:
        return None
