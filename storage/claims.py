"""Claims to a seat and short names of units: what people say of themselves, until somebody else confirms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from storage.audit import Recorded
from storage.dialect import insert
from storage.errors import AlreadyDecided
from storage.records_people import Actor, Claim
from storage.tables import claim, unit_alias

_FIELDS = [claim.c[f.name] for f in fields(Claim)]
_NEW = insert(claim).values(state="waiting").on_conflict_do_nothing().returning(claim.c.id)
_GET = select(*_FIELDS).where(claim.c.id == bindparam("claim_id"))
_WAITING = select(*_FIELDS).where(claim.c.state == "waiting").order_by(claim.c.claimed_at)
_SAME = _WAITING.where(
    claim.c.staff_id == bindparam("staff_id"), claim.c.unit == bindparam("unit"), claim.c.post == bindparam("post")
)
_DECIDE = (
    update(claim)
    .where(claim.c.id == bindparam("claim_id"), claim.c.state == "waiting")
    .values(state=bindparam("new_state"), decided_by=bindparam("by"), decided_at=bindparam("at"))
)
_ALIASES = select(unit_alias.c.alias, unit_alias.c.unit).order_by(unit_alias.c.alias)
_NEW_ALIAS = insert(unit_alias).values({n: bindparam(n) for n in ("alias", "unit", "set_by", "set_at")})
_SET_ALIAS = _NEW_ALIAS.on_conflict_do_update(
    index_elements=["alias"], set_={n: _NEW_ALIAS.excluded[n] for n in ("unit", "set_by", "set_at")}
)
_DROP_ALIAS = delete(unit_alias).where(unit_alias.c.alias == bindparam("short"))


class Claims(Recorded):
    """Keeps claims until they are decided. Seating is the directory's."""

    async def claim(
        self, staff_id: str, name: str, unit: str, post: str, at: datetime, *, replaces_id: int | None = None
    ) -> Claim:
        """The waiting claim of this person to this seat, made if new."""
        values = {"staff_id": staff_id, "unit": unit, "post": post}
        await self._one(_NEW, **values, name=name, replaces_id=replaces_id, claimed_at=at)
        return Claim(**(await self._all(_SAME, **values))[0])

    async def get(self, claim_id: int) -> Claim | None:
        """The claim of that id."""
        row = await self._one(_GET, claim_id=claim_id)
        return Claim(**row) if row else None

    async def waiting(self) -> Sequence[Claim]:
        """What nobody decided yet, oldest first."""
        return [Claim(**row) for row in await self._all(_WAITING)]

    async def decide(self, claim_id: int, state: str, by: Actor, at: datetime) -> Claim:
        """Settle it as `confirmed` or `refused`. Raises: AlreadyDecided."""
        changed = await self._do(_DECIDE, claim_id=claim_id, new_state=state, by=by.who, at=at)
        found = await self.get(claim_id)
        if not changed or found is None:
            raise AlreadyDecided(
                *((found.state, found.decided_by, found.decided_at) if found else ("gone", None, None))
            )
        await self._record(
            f"seats:{found.unit}", f"claim {state}", by, at, new={"staff": found.staff_id, "post": found.post}
        )
        return found

    async def aliases(self) -> dict[str, str]:
        """Short name → unit, as the office set them."""
        return {row["alias"]: row["unit"] for row in await self._all(_ALIASES)}

    async def set_alias(self, alias: str, unit: str, by: Actor, at: datetime) -> None:
        """Let a short name mean a unit."""
        await self._do(_SET_ALIAS, alias=alias, unit=unit, set_by=by.who, set_at=at)

    async def drop_alias(self, alias: str) -> bool:
        """Forget a short name; False if there was none."""
        return await self._do(_DROP_ALIAS, short=alias) == 1
