"""The processes that send, and what becomes of the leases of those that died; the outbox as operators see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, update

from storage.dialect import among, insert
from storage.jobs import Job, Load, read_job
from storage.repository import Repository
from storage.tables_engine import outbox_job, replica

_J, _R = outbox_job.c, replica.c
_BEAT = insert(replica)
_BEAT = _BEAT.on_conflict_do_update(index_elements=["id"], set_={"heartbeat": _BEAT.excluded.heartbeat})
_SILENT = select(_R.id).where(_R.heartbeat < bindparam("before")).with_for_update(skip_locked=True)
_LIVE = select(_R.id, _R.heartbeat, _R.version).order_by(_R.id)
_BURY = delete(replica).where(_R.id.in_(bindparam("ids", expanding=True)))
_LEASED = (
    select(outbox_job)
    .where(among(_J.state, "leased"))
    .order_by(_J.lease_until, _J.id)
    .limit(500)
    .with_for_update(skip_locked=True)
)
_LOST = _LEASED.where(_J.lease_until < bindparam("now"))
_HERS = _LEASED.where(_J.lease_token.startswith(bindparam("boot")))
_READY = (
    update(outbox_job)
    .where(_J.id == bindparam("job"))
    .values(
        state=bindparam("final"),
        resent=_J.resent + bindparam("again"),
        not_before=bindparam("at"),
        done_at=bindparam("over"),
        last_error=bindparam("error"),
        lease_token=None,
        lease_until=None,
        send_started_at=None,
        promised_at=None,
    )
)
_COUNTS = select(_J.state, _J.kind, func.count()).group_by(_J.state, _J.kind)
_OPEN_COUNTS = _COUNTS.where(among(_J.state, "ready", "leased"))
_TROUBLE_COUNTS = _COUNTS.where(among(_J.state, "dead", "uncertain"))
_OLDEST = select(_J.due_at, _J.not_before).where(
    among(_J.state, "ready"), _J.due_at <= bindparam("now"), _J.not_before <= bindparam("engine")
)
_OLDEST_DUE = _OLDEST.order_by(_J.not_before).limit(1)
_TROUBLE = select(outbox_job).where(among(_J.state, "dead", "uncertain")).order_by(_J.id.desc())
_REPLAY = (
    update(outbox_job)
    .where(_J.id == bindparam("job"), among(_J.state, "dead", "uncertain"))
    .values(state="ready", attempts=0, resent=0, not_before=bindparam("now"), expires_at=None, done_at=None)
)
_DROP = (
    update(outbox_job)
    .where(_J.id == bindparam("job"), among(_J.state, "dead", "uncertain"))
    .values(state="cancelled", last_error=bindparam("error"))
)
_OLD = (
    select(_J.id)
    .where(_J.done_at.is_not(None), _J.done_at < bindparam("before"), _J.state.in_(("done", "cancelled")))
    .limit(1000)
)
_PRUNE = delete(outbox_job).where(_J.id.in_(_OLD.scalar_subquery()))


@dataclass(frozen=True, slots=True)
class Replica:
    """A process that sends, and when it last said so (engine time)."""

    id: str
    heartbeat: datetime
    version: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """Jobs whose lease was lost: never begun, sent once more though perhaps taken, held for a person."""

    fresh: tuple[Job, ...] = ()
    again: tuple[Job, ...] = ()
    held: tuple[Job, ...] = ()

    def __add__(self, other: Recovered) -> Recovered:
        """Both together."""
        return Recovered(self.fresh + other.fresh, self.again + other.again, self.held + other.held)


MayResend = Callable[[Job], bool]
"""Whether a job that may have been taken already is sent once more."""


class Replicas(Repository):
    """Processes and their leases, in the running transaction."""

    async def beat(self, boot: str, version: str, now: datetime) -> None:
        """This process lives."""
        await self._do(_BEAT, id=boot, heartbeat=now, version=version)

    async def leave(self, boot: str) -> None:
        """This process ends in order."""
        await self._do(_BURY, ids=[boot])

    async def all(self) -> tuple[Replica, ...]:
        """Those that have said they live and have not left."""
        return tuple(Replica(row["id"], row["heartbeat"], row["version"]) for row in await self._all(_LIVE))

    async def recover(
        self, now: datetime, silent: datetime, may_resend: MayResend, but: Set[int] = frozenset()
    ) -> Recovered:
        """Take back the leases that ran out, and those of processes silent since `silent`, which are forgotten.

        `but`: what the asking process is doing itself, whatever the clock says.
        """
        rows = [row for row in await self._all(_LOST, now=now) if row["id"] not in but]
        taken = await self._take_back({row["id"]: read_job(row) for row in rows}, now, may_resend)
        gone = [row["id"] for row in await self._all(_SILENT, before=silent)]
        for boot in gone:
            while rows := list(await self._all(_HERS, boot=f"{boot}:")):
                taken += await self._take_back({row["id"]: read_job(row) for row in rows}, now, may_resend)
        if gone:
            await self._do(_BURY, ids=gone)
        return taken

    async def void_all(self, now: datetime, may_resend: MayResend) -> Recovered:
        """Take back every lease: on SQLite the lock file proves that whoever held one is dead."""
        taken = Recovered()
        while found := await self._all(_LEASED):
            taken += await self._take_back({row["id"]: read_job(row) for row in found}, now, may_resend)
        return taken

    async def load(self, now: datetime, engine: datetime) -> Load:
        """Counts and age of what waits, what failed and what is doubtful."""
        rows = [*await self._all(_OPEN_COUNTS), *await self._all(_TROUBLE_COUNTS)]
        oldest = await self._one(_OLDEST_DUE, now=now, engine=engine)
        age = min(now - oldest["due_at"], engine - oldest["not_before"]).total_seconds() if oldest else 0.0
        return Load({(row["state"], row["kind"]): row["count"] for row in rows}, age)

    async def trouble(self, most: int = 50) -> tuple[Job, ...]:
        """Jobs given up or doubtful, newest first."""
        return tuple(read_job(row) for row in await self._all(_TROUBLE.limit(most)))

    async def replay(self, job_id: int, now: datetime) -> bool:
        """Try a job given up or doubtful from the start. False: it is neither."""
        return bool(await self._do(_REPLAY, job=job_id, now=now))

    async def drop(self, job_id: int, why: str) -> bool:
        """Let a job given up or doubtful rest. False: it is neither."""
        return bool(await self._do(_DROP, job=job_id, error=why))

    async def prune(self, before: datetime) -> int:
        """Delete up to 1,000 jobs done or cancelled before that moment; the ledger keeps what was said."""
        return await self._do(_PRUNE, before=before)

    async def _take_back(self, jobs: Mapping[int, Job], now: datetime, may_resend: MayResend) -> Recovered:
        doubtful = [j for j in jobs.values() if j.send_started_at is not None]
        again = tuple(j for j in doubtful if may_resend(j))
        held = tuple(j for j in doubtful if j not in again)
        fresh = tuple(j for j in jobs.values() if j.send_started_at is None)
        await self._settle(fresh, now, "ready", "lease lost")
        await self._settle(again, now, "ready", "uncertain")
        await self._settle(held, now, "uncertain", "uncertain")
        return Recovered(fresh, again, held)

    async def _settle(self, jobs: Sequence[Job], now: datetime, state: str, error: str) -> None:
        facts = {"final": state, "again": int(error == "uncertain"), "at": now, "error": error}
        over = now if state == "uncertain" else None
        await self._do_many(_READY, [{"job": job.id, "over": over, **facts} for job in jobs])
