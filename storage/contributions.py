"""Other hands: what joint leads, supporting units and towns add to a matter's period. Never a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from storage.audit import Recorded
from storage.records_people import Actor
from storage.records_reports import Contribution
from storage.repository import JSON
from storage.tables import contribution

_ADD = insert(contribution).returning(contribution.c.id)
_OF = (
    select(*(contribution.c[f.name] for f in fields(Contribution)))
    .where(contribution.c.matter_id == bindparam("matter_id"), contribution.c.period == bindparam("period"))
    .order_by(contribution.c.id)
)


class Contributions(Recorded):
    """Adds and lists; nothing is taken back, a later word stands beside the earlier."""

    async def add(
        self,
        matter_id: int,
        period: str,
        unit: str,
        kind: str,
        by: Actor,
        at: datetime,
        *,
        words: str = "",
        draft_revision: int | None = None,
    ) -> int:
        """Keep a word; its id. `kind`: agree, differ, silent (no answer in time), support or town."""
        made = await self._number(
            _ADD, matter_id=matter_id, period=period, unit=unit, kind=kind, words=words,
            draft_revision=draft_revision, given_by=by.who, message_id=by.message_id, given_at=at,
        )  # fmt: skip
        new: dict[str, JSON] = {"unit": unit, "period": period, "words": words}
        await self._record(f"matter:{matter_id}", kind, by, at, new=new)
        return made

    async def of(self, matter_id: int, period: str) -> Sequence[Contribution]:
        """Every word of a matter's period, oldest first."""
        return [Contribution(**row) for row in await self._all(_OF, matter_id=matter_id, period=period)]
