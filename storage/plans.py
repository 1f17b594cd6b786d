"""The office's plans: one current per notice, with all that went before. What a sentence means is not known here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime

from sqlalchemy import bindparam, func, select, update

from storage.audit import Recorded
from storage.dialect import insert, lock_key
from storage.records_notices import Plan
from storage.records_people import Actor
from storage.repository import JSON
from storage.tables import plan

_FIELDS = [plan.c[f.name] for f in fields(Plan)]
_LIST = select(*_FIELDS).order_by(plan.c.notice, plan.c.version)
_HISTORY = _LIST.where(plan.c.notice == bindparam("notice"))
_ALL_CURRENT = _LIST.where(plan.c.ended_at.is_(None))
_CURRENT = _HISTORY.where(plan.c.ended_at.is_(None))
_GET = _LIST.where(plan.c.id == bindparam("plan_id"))
_LAST = select(func.coalesce(func.max(plan.c.version), 0)).where(plan.c.notice == bindparam("notice"))
_END = (
    update(plan)
    .where(plan.c.notice == bindparam("which"), plan.c.ended_at.is_(None))
    .values(ended_by=bindparam("by"), ended_at=bindparam("at"))
)
_WRITTEN = ("notice", "version", "state", "sentence", "terms", "trial_until", "made_by", "made_at")
_NEW = insert(plan).values({name: bindparam(name) for name in _WRITTEN}).returning(plan.c.id)
_SWITCH = (
    update(plan)
    .where(plan.c.id == bindparam("plan_id"), plan.c.ended_at.is_(None))
    .values(state=bindparam("new_state"), trial_until=bindparam("new_until"))
)


class Plans(Recorded):
    """Publishes plans and keeps their history."""

    async def publish(
        self,
        notice: str,
        sentence: str,
        terms: Mapping[str, JSON],
        by: Actor,
        at: datetime,
        *,
        state: str = "published",
        trial_until: date | None = None,
    ) -> Plan:
        """The notice's new current plan; the one before ends. `state`: published or trial."""
        await lock_key(self._connection, f"plan\x1f{notice}")
        before = await self.current(notice)
        await self._do(_END, which=notice, by=by.who, at=at)
        version = await self._number(_LAST, notice=notice) + 1
        made = await self._number(
            _NEW, notice=notice, version=version, state=state, sentence=sentence, terms=terms,
            trial_until=trial_until, made_by=by.who, made_at=at,
        )  # fmt: skip
        old = {"sentence": before.sentence} if before else None
        await self._record(f"plan:{notice}", state, by, at, old=old, new={"sentence": sentence, "version": version})
        return await self._plan(made)

    async def switch(
        self, plan_id: int, state: str, by: Actor, at: datetime, *, trial_until: date | None = None, why: str = ""
    ) -> Plan:
        """The same plan stopped, on trial or published again."""
        before = await self._plan(plan_id)
        if await self._do(_SWITCH, plan_id=plan_id, new_state=state, new_until=trial_until):
            await self._record(
                f"plan:{before.notice}", state, by, at, old={"state": before.state}, new={"state": state}, why=why
            )
        return await self._plan(plan_id)

    async def end(self, notice: str, by: Actor, at: datetime, why: str = "") -> bool:
        """Take the notice's plan away: nothing is due any more. False if there was none."""
        ended = await self._do(_END, which=notice, by=by.who, at=at) == 1
        if ended:
            await self._record(f"plan:{notice}", "ended", by, at, why=why)
        return ended

    async def current(self, notice: str) -> Plan | None:
        """The plan in force (in any state), None without."""
        row = await self._one(_CURRENT, notice=notice)
        return Plan(**row) if row else None

    async def all_current(self) -> Sequence[Plan]:
        """The current plan of each notice that has one."""
        return [Plan(**row) for row in await self._all(_ALL_CURRENT)]

    async def history(self, notice: str) -> Sequence[Plan]:
        """All plans the notice ever had, oldest first."""
        return [Plan(**row) for row in await self._all(_HISTORY, notice=notice)]

    async def get(self, plan_id: int) -> Plan | None:
        """The plan of that id."""
        row = await self._one(_GET, plan_id=plan_id)
        return Plan(**row) if row else None

    async def _plan(self, plan_id: int) -> Plan:
        found = await self.get(plan_id)
        assert found is not None
        return found
