"""Drafts: one per unit, matter and period; answers are never deleted, a save from an old revision is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import bindparam, select, update

from storage.dialect import insert
from storage.errors import Stale
from storage.records_people import Actor
from storage.records_reports import Draft
from storage.repository import JSON, Repository
from storage.tables import draft

_FIELDS = [draft.c[f.name] for f in fields(Draft)]
_LIST = select(*_FIELDS).order_by(draft.c.touched_at, draft.c.id)
_GET = _LIST.where(draft.c.id == bindparam("draft_id"))
_FIND = _LIST.where(
    draft.c.unit == bindparam("unit"),
    draft.c.matter_id == bindparam("matter_id"),
    draft.c.period == bindparam("period"),
)
_OF_UNIT = _LIST.where(draft.c.unit == bindparam("unit"), draft.c.state == "open")
_OF_PERIOD = _LIST.where(draft.c.notice == bindparam("notice"), draft.c.period == bindparam("period"))
_OPEN = (
    insert(draft)
    .values(answers={}, revision=1, state="open", writers=(), behalf_of=None)
    .on_conflict_do_nothing(index_elements=["unit", "matter_id", "period"])
)
_SAVE = (
    update(draft)
    .where(draft.c.id == bindparam("draft_id"), draft.c.revision == bindparam("seen"), draft.c.state != "submitted")
    .values(
        state="open",
        answers=bindparam("new_answers"),
        writers=bindparam("new_writers"),
        behalf_of=bindparam("on_behalf"),
        revision=draft.c.revision + 1,
        touched_by=bindparam("by"),
        touched_at=bindparam("at"),
    )
    .returning(*_FIELDS)
)
_REOPEN = (
    update(draft)
    .where(draft.c.id == bindparam("draft_id"), draft.c.state != "open")
    .values(state="open", revision=draft.c.revision + 1, touched_at=bindparam("at"))
)
_DROP = (
    update(draft)
    .where(draft.c.id == bindparam("draft_id"), draft.c.revision == bindparam("seen"), draft.c.state == "open")
    .values(state="dropped", revision=draft.c.revision + 1, touched_by=bindparam("by"), touched_at=bindparam("at"))
)


class Drafts(Repository):
    """Opens, saves and finds drafts."""

    async def open(self, unit: str, matter_id: int, notice: str, period: str, by: Actor, at: datetime) -> Draft:
        """The draft of that unit, matter and period, made if new; a submitted or dropped one comes as it is."""
        await self._do(
            _OPEN, unit=unit, matter_id=matter_id, notice=notice, period=period, opened_by=by.who, opened_at=at,
            touched_by=by.who, touched_at=at,
        )  # fmt: skip
        found = await self.find(unit, matter_id, period)
        assert found is not None
        return found

    async def save(
        self, seen: Draft, answers: Mapping[str, JSON], by: Actor, at: datetime, *, behalf_of: str | None = None
    ) -> Draft:
        """Keep these answers as the next revision; a dropped draft is open again. `behalf_of`: 代填, on whose word.

        Raises: Stale if it was saved or submitted since `seen`.
        """
        writers = tuple(dict.fromkeys((*seen.writers, by.who)))
        row = await self._one(
            _SAVE, draft_id=seen.id, seen=seen.revision, new_answers=dict(answers), new_writers=writers,
            on_behalf=behalf_of or seen.behalf_of, by=by.who, at=at,
        )  # fmt: skip
        if row is None:
            raise await self._stale(seen.id)
        return Draft(**row)

    async def get(self, draft_id: int) -> Draft | None:
        """The draft of that id."""
        row = await self._one(_GET, draft_id=draft_id)
        return Draft(**row) if row else None

    async def find(self, unit: str, matter_id: int, period: str) -> Draft | None:
        """The draft of that unit, matter and period, in any state."""
        row = await self._one(_FIND, unit=unit, matter_id=matter_id, period=period)
        return Draft(**row) if row else None

    async def open_of(self, unit: str) -> Sequence[Draft]:
        """The unit's open drafts of all periods, longest untouched first."""
        return [Draft(**row) for row in await self._all(_OF_UNIT, unit=unit)]

    async def of_period(self, notice: str, period: str) -> Sequence[Draft]:
        """All drafts of a period, in any state."""
        return [Draft(**row) for row in await self._all(_OF_PERIOD, notice=notice, period=period)]

    async def reopen(self, draft_id: int, at: datetime) -> Draft:
        """The draft open again, answers kept, old cards outdated (for a correction; review reopens by itself)."""
        await self._do(_REOPEN, draft_id=draft_id, at=at)
        found = await self.get(draft_id)
        assert found is not None
        return found

    async def drop(self, seen: Draft, by: Actor, at: datetime) -> None:
        """Put it away, answers kept. Raises: Stale."""
        if not await self._do(_DROP, draft_id=seen.id, seen=seen.revision, by=by.who, at=at):
            raise await self._stale(seen.id)

    async def _stale(self, draft_id: int) -> Stale:
        found = await self.get(draft_id)
        return Stale("draft", found.revision if found else None)
