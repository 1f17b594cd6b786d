"""Matters with ids that stay over versions of their notice, the office's own ones, and the towns behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import String, and_, bindparam, case, cast, literal, or_, select, update

from storage.audit import Recorded
from storage.dialect import insert
from storage.records_notices import MatterFacts, StoredMatter, Town
from storage.records_people import Actor
from storage.repository import JSON
from storage.tables import matter, matter_version, notice, town

_OWN = ("id", "notice", "own", "basis", "document", "retired_at")
_SHARED = ("name", "lead_units", "support_units")
_OWN_KEY = literal("own:") + cast(matter.c.id, String)
_LISTED = (
    select(
        *(matter.c[name] for name in _OWN),
        *(matter.c[name] for name in _SHARED),
        case((matter.c.own, _OWN_KEY), else_=matter_version.c.matter_key).label("key"),
    )
    .select_from(
        matter.outerjoin(
            matter_version.join(notice, and_(notice.c.id == matter_version.c.notice_id, notice.c.published)),
            matter_version.c.matter_id == matter.c.id,
        )
    )
    .order_by(matter.c.id)
)
_GET = _LISTED.where(matter.c.id == bindparam("matter_id"))
_CURRENT = _LISTED.where(matter.c.retired_at.is_(None), or_(matter_version.c.id.is_not(None), matter.c.own))
_CURRENT_OF = _CURRENT.where(matter.c.notice == bindparam("notice"))
_VERSION = (
    select(
        *(matter.c[name] for name in _OWN),
        *(matter_version.c[name] for name in _SHARED),
        matter_version.c.matter_key.label("key"),
    )
    .join(matter_version, matter_version.c.matter_id == matter.c.id)
    .where(matter_version.c.notice_id == bindparam("notice_id"))
    .order_by(matter_version.c.id)
)
_NEW = insert(matter).returning(matter.c.id)
_CARRY = (
    update(matter)
    .where(matter.c.id == bindparam("matter_id"))
    .values(
        name=bindparam("new_name"), lead_units=bindparam("leads"), support_units=bindparam("supports"), retired_at=None
    )
)
_LINK = insert(matter_version)
_RETIRE = (
    update(matter)
    .where(matter.c.id == bindparam("matter_id"), matter.c.retired_at.is_(None))
    .values(retired_at=bindparam("at"))
)
_TOWNS = (
    select(*(town.c[f.name] for f in fields(Town)))
    .where(town.c.ended_at.is_(None))
    .order_by(town.c.matter_id, town.c.id)
)
_ASSIGN = insert(town).on_conflict_do_nothing()
_RELEASE = (
    update(town)
    .where(town.c.matter_id == bindparam("which"), town.c.town == bindparam("name"), town.c.ended_at.is_(None))
    .values(ended_at=bindparam("at"))
)


class Matters(Recorded):
    """Gives matters their ids and finds them by notice, key or town."""

    async def settle(
        self,
        notice_id: int,
        name: str,
        facts: Iterable[MatterFacts],
        carried: Mapping[str, int],
        by: Actor,
        at: datetime,
    ) -> dict[str, int]:
        """Key → id for every matter of a version of the notice `name`; again it changes nothing.

        `carried` says which keys are matters we know (by the office's word on the diff); the others are new.
        """
        known = {row.key: row.id for row in await self.of_version(notice_id)}
        ids: dict[str, int] = {}
        for fact in facts:
            settled = known.get(fact.key)
            ids[fact.key] = settled or await self._settle(notice_id, name, fact, carried.get(fact.key), by, at)
        return ids

    async def get(self, matter_id: int) -> StoredMatter | None:
        """The matter of that id, its key in the published version (None if it is in none; own:7 for the office's)."""
        row = await self._one(_GET, matter_id=matter_id)
        return StoredMatter(**row) if row else None

    async def current(self, notice: str | None = None) -> Sequence[StoredMatter]:
        """What is reported on now: matters of the published version of the notice (of all) and the office's own."""
        rows = await (self._all(_CURRENT) if notice is None else self._all(_CURRENT_OF, notice=notice))
        return [StoredMatter(**row) for row in rows]

    async def of_version(self, notice_id: int) -> Sequence[StoredMatter]:
        """The matters of one version, published or not, with names and units as that version has them."""
        return [StoredMatter(**row) for row in await self._all(_VERSION, notice_id=notice_id)]

    async def add_own(
        self,
        notice: str,
        name: str,
        *,
        basis: str,
        lead_units: Sequence[str],
        support_units: Sequence[str] = (),
        document: Mapping[str, JSON],
        by: Actor,
        at: datetime,
    ) -> int:
        """A matter of the office's own (自设事项) with its basis; its id."""
        made = await self._make(notice, name, tuple(lead_units), tuple(support_units), by, at, True, basis, document)
        await self._record(f"matter:{made}", "own matter added", by, at, new={"name": name, "basis": basis})
        return made

    async def retire(self, matter_id: int, by: Actor, at: datetime, why: str = "") -> bool:
        """Nothing is due for it any more; False if so already. Its reports stay."""
        retired = await self._do(_RETIRE, matter_id=matter_id, at=at) == 1
        if retired:
            await self._record(f"matter:{matter_id}", "retired", by, at, why=why)
        return retired

    async def assign_towns(self, matter_id: int, towns: Sequence[str], by: Actor, at: datetime) -> Sequence[str]:
        """Put exactly these towns behind a matter; those that are new."""
        before = {row.town for row in await self.towns() if row.matter_id == matter_id}
        for gone in sorted(before - set(towns)):
            await self._do(_RELEASE, which=matter_id, name=gone, at=at)
        added = [name for name in dict.fromkeys(towns) if name not in before]
        for name in added:
            await self._do(_ASSIGN, matter_id=matter_id, town=name, assigned_by=by.who, assigned_at=at)
        if before != set(towns):
            old, new = {"towns": sorted(before)}, {"towns": list(towns)}
            await self._record(f"matter:{matter_id}", "towns assigned", by, at, old=old, new=new)
        return added

    async def towns(self) -> Sequence[Town]:
        """Every assignment in force, by matter."""
        return [Town(**row) for row in await self._all(_TOWNS)]

    async def _settle(
        self, notice_id: int, name: str, fact: MatterFacts, carried: int | None, by: Actor, at: datetime
    ) -> int:
        leads, supports = fact.lead_units, fact.support_units
        if carried is None:
            carried = await self._make(name, fact.name, leads, supports, by, at, False, None, None)
        else:
            await self._do(_CARRY, matter_id=carried, new_name=fact.name, leads=leads, supports=supports)
        await self._do(
            _LINK, matter_id=carried, notice_id=notice_id, matter_key=fact.key, name=fact.name, lead_units=leads,
            support_units=supports,
        )  # fmt: skip
        return carried

    async def _make(
        self,
        notice: str,
        name: str,
        leads: tuple[str, ...],
        supports: tuple[str, ...],
        by: Actor,
        at: datetime,
        own: bool,
        basis: str | None,
        document: Mapping[str, JSON] | None,
    ) -> int:
        return await self._number(
            _NEW, notice=notice, name=name, own=own, basis=basis, document=document, lead_units=leads,
            support_units=supports, made_by=by.who, made_at=at,
        )  # fmt: skip
