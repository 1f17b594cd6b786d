"""Closed periods with their snapshots. Reopening needs a reason; who may is decided in handlers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import bindparam, select, update

from storage.audit import Recorded
from storage.dialect import insert
from storage.errors import AlreadyDecided
from storage.records_notices import Closing
from storage.records_people import Actor
from storage.repository import JSON
from storage.tables import closing

_LIST = select(*(closing.c[f.name] for f in fields(Closing))).order_by(closing.c.id)
_OF = _LIST.where(closing.c.notice == bindparam("notice"))
_OPEN = _OF.where(closing.c.period == bindparam("period"), closing.c.reopened_at.is_(None))
_CLOSE = insert(closing).on_conflict_do_nothing().returning(closing.c.id)
_SEAL = update(closing).where(closing.c.id == bindparam("closing_id")).values(archive=bindparam("digest"))
_REOPEN = (
    update(closing)
    .where(closing.c.id == bindparam("closing_id"), closing.c.reopened_at.is_(None))
    .values(reopened_by=bindparam("by"), reopened_at=bindparam("at"), reason=bindparam("why"))
)


class Closings(Recorded):
    """Closes, seals, reopens."""

    async def close(
        self, notice: str, period: str, snapshot: Mapping[str, JSON], head: str, by: Actor, at: datetime
    ) -> Closing:
        """Close a period on this snapshot; `head` is the audit's. Raises: AlreadyDecided if it is closed."""
        row = await self._one(
            _CLOSE, notice=notice, period=period, snapshot=dict(snapshot), head=head, closed_by=by.who, closed_at=at
        )
        closed = await self.closed(notice, period)
        assert closed is not None
        if row is None:
            raise AlreadyDecided("closed", closed.closed_by, closed.closed_at)
        await self._record(f"period:{notice}:{period}", "closed", by, at, new={"head": head})
        return closed

    async def seal(self, closing_id: int, digest: str) -> None:
        """Note the archive (封存包) by its hash in the file store."""
        await self._do(_SEAL, closing_id=closing_id, digest=digest)

    async def reopen(self, notice: str, period: str, why: str, by: Actor, at: datetime) -> bool:
        """Open it again; the closing stays in the history. False if it is not closed."""
        closed = await self.closed(notice, period)
        if closed is None or not await self._do(_REOPEN, closing_id=closed.id, by=by.who, at=at, why=why):
            return False
        await self._record(f"period:{notice}:{period}", "reopened", by, at, old={"head": closed.head}, why=why)
        return True

    async def closed(self, notice: str, period: str) -> Closing | None:
        """The closing in force; None while the period is open."""
        row = await self._one(_OPEN, notice=notice, period=period)
        return Closing(**row) if row else None

    async def all(self, notice: str) -> Sequence[Closing]:
        """Every closing of a notice, reopened ones too, oldest first."""
        return [Closing(**row) for row in await self._all(_OF, notice=notice)]
