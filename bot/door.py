"""The door to a chat platform as delivery and the pipeline see it. Knows no platform and keeps no state."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from handlers.message import Announcement, Attachment, Receiver, Reply

Channel = Literal["session", "open", "webhook"]
Scope = Literal["group", "app"]
Trouble = Literal["receiver", "group", "content", "permission", "settings", "route", "file"]


@dataclass(frozen=True, slots=True)
class Webhook:
    """A group's own robot, which can @ people. Both fields are secrets and never shown."""

    url: str = field(repr=False)
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """It was taken: by which channel, in how many metered open-API calls, under which receipt (for recalling)."""

    kind: Channel
    calls: int = 0
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the platform knows of a member."""

    staff_id: str
    name: str = ""
    title: str = ""
    mobile: str = field(default="", repr=False)


class Retry(Exception):
    """Not now. `after`: not before that; None: the caller's own back-off. `blocked`: all of the group or app waits.

    `uncertain`: the platform may have taken it all the same. `done`: parts that this very call had sent before.
    """

    def __init__(
        self,
        why: str,
        after: timedelta | None = None,
        blocked: Scope | None = None,
        *,
        uncertain: bool = False,
        done: int = 0,
    ) -> None:
        super().__init__(why)
        self.why, self.after, self.blocked, self.uncertain, self.done = why, after, blocked, uncertain, done


class GiveUp(Exception):
    """Never. `trouble` says whose it is and names the Say line; `why` is the platform's code, for the log."""

    def __init__(self, why: str, trouble: Trouble, *, done: int = 0) -> None:
        super().__init__(why)
        self.why, self.trouble, self.done = why, trouble, done


class Door(Protocol):
    """What a chat platform can do for us. Everything sent raises Retry or GiveUp when it is not taken."""

    def needs_permit(self, route: str, expires: datetime | None, now: datetime) -> bool:
        """Will a reply by this route need a metered call? False: a session webhook that still lives."""
        ...

    def parts(self, to: Receiver, message: Reply | Announcement) -> int:
        """How many messages it becomes: texts are split, files go on their own. Each takes a permit of its group."""
        ...

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
        """Answer by the route while it lives, else by the metered way.

        The first `done` parts, sent by earlier calls, are left out.
        A person without staff id has `to.id` "": only the route reaches him.
        """
        ...

    async def push(
        self,
        receiver: Receiver,
        announcement: Announcement,
        *,
        webhook: Webhook | None = None,
        key: str = "",
        done: int = 0,
    ) -> Sent:
        """Say something unasked, to a group by its webhook if it has one.

        The first `done` parts, sent by earlier calls, are left out.
        `key`: the platform is asked to take the same key once only; a channel that cannot ignores it.
        """
        ...

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes of what somebody sent us. GiveUp("file") when too large, gone, or not at the platform's place."""
        ...

    async def find_by_mobile(self, mobile: str) -> str | None:
        """Staff id of the member with this mobile number; None when there is none."""
        ...

    async def find(self, staff_id: str) -> Known | None:
        """The member with this staff id; None when there is none."""
        ...
