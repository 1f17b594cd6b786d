"""One transaction and the repositories that write in it. Opened by `Database.work()` or `.read()` only."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import engine_time, lock_key
from storage.outbox import Outbox
from storage.rates import Rates
from storage.reminders import Reminders
from storage.replicas import Replicas
from storage.schedule import Schedule


class Work:
    """What is done between BEGIN and COMMIT; not to be used after."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    async def one_at_a_time(self, *keys: str) -> None:
        """Wait until no other transaction holds these keys, then hold them until this one ends."""
        await lock_key(self.connection, "\x1f".join(keys))

    async def engine_time(self) -> datetime:
        """The database's own clock, never turned."""
        return await engine_time(self.connection)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.connection)

    @cached_property
    def reminders(self) -> Reminders:
        return Reminders(self.connection)

    @cached_property
    def rates(self) -> Rates:
        return Rates(self.connection)

    @cached_property
    def schedule(self) -> Schedule:
        return Schedule(self.connection)

    @cached_property
    def replicas(self) -> Replicas:
        return Replicas(self.connection)
