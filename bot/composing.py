"""What delivery asks at the moment of sending: the text from its feature, the group's own robot, the books to keep."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

from bot.door import Webhook
from handlers.feature import Composing, Features, Round
from handlers.message import Announcement, Receiver
from knowledge import Library
from storage import Job, Work

log = logging.getLogger(__name__)
GROUP_GONE = ("group", "permission")  # troubles that are the group's: it refuses us, or has put us out


class Shelf(Protocol):
    """The published notices as they stand in this transaction."""

    async def library(self, work: Work) -> Library: ...


class Composers:
    """One composer for each kind of push that a feature words at the moment of sending."""

    def __init__(self, features: Features, shelf: Shelf, now: Callable[[], datetime]) -> None:
        self.shelf, self.now = shelf, now
        self.all = {kind: self._composer(compose) for kind, compose in features.compositions.items()}

    def _composer(self, compose: Composing) -> Callable[[Work, Job, Receiver], Awaitable[Announcement | None]]:
        async def say(work: Work, job: Job, to: Receiver) -> Announcement | None:
            library = await self.shelf.library(work)
            return await compose(Round(work, library, self.now(), job.kind, job.due_at, job.id), to)

        return say


async def find_hook(work: Work, to: Receiver) -> Webhook | None:
    """The group's own robot, if the office gave us one."""
    group = await work.groups.group(to.id)
    return Webhook(group.webhook_url, group.webhook_secret or "") if group and group.webhook_url else None


async def note_trouble(work: Work, job: Job, to: Receiver, trouble: str) -> None:
    """A message was given up: a group that refuses us is marked, everything else stands in the list of the dead."""
    log.error("given up", extra={"job": job.dedup_key, "trouble": trouble})
    if to.kind == "group" and trouble in GROUP_GONE:
        await work.groups.trouble(to.id, "refused", trouble, await work.engine_time())
