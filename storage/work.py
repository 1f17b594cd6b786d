"""One transaction and the repositories that write in it. Opened by `Database.work()` or `.read()` only."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.audit import Audit
from storage.claims import Claims
from storage.closings import Closings
from storage.contributions import Contributions
from storage.counters import Counters
from storage.dialect import engine_time, lock_key
from storage.dialogues import Dialogues
from storage.directory import Directory
from storage.drafts import Drafts
from storage.feedback import Feedbacks
from storage.files import Files
from storage.groups import Groups
from storage.inbox import Inbox
from storage.ledger import Ledger
from storage.matters import Matters
from storage.misses import Misses
from storage.notices import Notices
from storage.outbox import Outbox
from storage.plans import Plans
from storage.rates import Rates
from storage.reminders import Reminders
from storage.replicas import Replicas
from storage.requests import Requests
from storage.reviews import Reviews
from storage.rulings import Rulings
from storage.schedule import Schedule
from storage.settings import OfficeSettings


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
    def audit(self) -> Audit:
        return Audit(self.connection)

    @cached_property
    def claims(self) -> Claims:
        return Claims(self.connection)

    @cached_property
    def counters(self) -> Counters:
        return Counters(self.connection)

    @cached_property
    def dialogues(self) -> Dialogues:
        return Dialogues(self.connection)

    @cached_property
    def directory(self) -> Directory:
        return Directory(self.connection)

    @cached_property
    def drafts(self) -> Drafts:
        return Drafts(self.connection)

    @cached_property
    def groups(self) -> Groups:
        return Groups(self.connection)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self.connection)

    @cached_property
    def matters(self) -> Matters:
        return Matters(self.connection)

    @cached_property
    def notices(self) -> Notices:
        return Notices(self.connection)

    @cached_property
    def plans(self) -> Plans:
        return Plans(self.connection)

    @cached_property
    def submissions(self) -> Reviews:
        return Reviews(self.connection)

    @cached_property
    def closings(self) -> Closings:
        return Closings(self.connection)

    @cached_property
    def contributions(self) -> Contributions:
        return Contributions(self.connection)

    @cached_property
    def feedback(self) -> Feedbacks:
        return Feedbacks(self.connection)

    @cached_property
    def files(self) -> Files:
        return Files(self.connection)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.connection)

    @cached_property
    def misses(self) -> Misses:
        return Misses(self.connection)

    @cached_property
    def requests(self) -> Requests:
        return Requests(self.connection)

    @cached_property
    def rulings(self) -> Rulings:
        return Rulings(self.connection)

    @cached_property
    def settings(self) -> OfficeSettings:
        return OfficeSettings(self.connection)

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
