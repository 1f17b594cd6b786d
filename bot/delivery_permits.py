"""Asks for permits in the database: the app's first, in batches and a little ahead, then each group's at sending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.permits import Limit, block, give_back, reserve, take
from handlers.message import Receiver
from storage import Work

APP = "app"


def bucket_of(to: Receiver) -> str | None:
    """The group's bucket; persons have none of their own."""
    return f"group:{to.id}" if to.kind == "group" else None


@dataclass(frozen=True, slots=True)
class Permits:
    """The limits, asked in the running transaction. All moments are engine time."""

    group: Limit
    app: Limit

    async def reserve(self, work: Work, start: datetime, parts: Sequence[int]) -> list[datetime]:
        """For each of several calls the moment it may be made, none before `start`; nobody else gets these."""
        bucket, slots = reserve(await work.rates.open(APP), self.app, start.timestamp(), list(parts))
        await work.rates.save(APP, bucket)
        return [moment(slot) for slot in slots]

    async def take(
        self, work: Work, to: Receiver, at: datetime, parts: int, *, reply: bool, promised: bool
    ) -> datetime | None:
        """None: may be said at `at`. Else the moment promised instead."""
        key = bucket_of(to)
        if key is None:
            return None
        bucket, slot = take(
            await work.rates.open(key), self.group, at.timestamp(), parts, reply=reply, promised=promised
        )
        await work.rates.save(key, bucket)
        return None if slot <= at.timestamp() else moment(slot)

    async def give_back(self, work: Work, to: Receiver, at: datetime, parts: int) -> None:
        """The message is not sent after all."""
        if key := bucket_of(to):
            await work.rates.save(key, give_back(await work.rates.open(key), at.timestamp(), parts))

    async def block(self, work: Work, to: Receiver, scope: str, now: datetime, after: timedelta | None) -> datetime:
        """Nothing may be sent to the group, or by the app, until the moment returned."""
        key = APP if scope == "app" else bucket_of(to) or APP
        until = (now + after).timestamp() if after is not None else None
        bucket = block(await work.rates.open(key), now.timestamp(), until)
        await work.rates.save(key, bucket)
        return moment(bucket.blocked_until)


def moment(seconds: float) -> datetime:
    """Engine time of seconds since 1970, never earlier than they are."""
    return datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=1)
