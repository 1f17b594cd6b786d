"""Numbers that only count up, safe between replicas: receipts of a period, the library's generation."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from storage.dialect import insert
from storage.repository import Repository
from storage.tables import counter

_NEXT = (
    insert(counter)
    .values(name=bindparam("name"), number=1)
    .on_conflict_do_update(index_elements=["name"], set_={"number": counter.c.number + 1})
    .returning(counter.c.number)
)
_READ = select(counter.c.number).where(counter.c.name == bindparam("name"))


class Counters(Repository):
    """Counts. A number is handed out once; a transaction rolled back gives it back."""

    async def next(self, name: str) -> int:
        """The next number, from 1; others wait until this transaction ends."""
        return await self._number(_NEXT, name=name)

    async def read(self, name: str) -> int:
        """The last number handed out, 0 if none."""
        row = await self._one(_READ, name=name)
        return row["number"] if row else 0
