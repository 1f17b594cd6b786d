"""How far each recurring thing has come; one row a name. It knows neither cron lines nor what happens at a tick."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select, update

from storage.dialect import insert
from storage.repository import Repository
from storage.tables_engine import schedule

_S = schedule.c
_MAKE = insert(schedule).on_conflict_do_nothing(index_elements=["name"])
_LOCK = select(_S.last_tick).where(_S.name == bindparam("known")).with_for_update()
_LOOK = select(_S.name, _S.last_tick)
_ADVANCE = (
    update(schedule)
    .where(_S.name == bindparam("known"), _S.last_tick < bindparam("tick"))
    .values(last_tick=bindparam("tick"))
)


class Schedule(Repository):
    """The ticks, in the running transaction."""

    async def lock(self, name: str, first: datetime) -> datetime:
        """The last tick done, locked until the transaction ends; a new name starts at `first`, with nothing owed."""
        row = await self._one(_LOCK, known=name)
        if row is None:
            await self._do(_MAKE, name=name, last_tick=first)
            row = await self._one(_LOCK, known=name)
        last: datetime = row["last_tick"] if row else first
        return last

    async def advance(self, name: str, tick: datetime) -> None:
        """This tick is done; never goes back."""
        await self._do(_ADVANCE, known=name, tick=tick)

    async def all(self) -> dict[str, datetime]:
        """The last tick of every name."""
        return {row["name"]: row["last_tick"] for row in await self._all(_LOOK)}
