"""What must be said or done: put, claimed under a lease, sent, settled. It knows neither words nor when one may speak.

A job is claimable when `due_at <= business now` and `not_before <= engine now`. Everything done to a claimed job is
fenced by its lease token. Replies of one chat are claimed in their order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, exists, func, or_, select, update

from storage.dialect import Time, among, engine_now, insert
from storage.jobs import AT_ONCE, REPLY, Claimed, Finished, Gate, Job, Lease, NewJob, born, read_job
from storage.repository import JSON, Repository
from storage.tables_engine import outbox_job

_J = outbox_job.c
_EARLIER = outbox_job.alias("earlier")
_UNFINISHED = ("ready", "leased")
_PUT = (
    insert(outbox_job)
    .values(
        dedup_key=bindparam("put_key"),
        state=bindparam("put_state"),
        not_before=func.coalesce(bindparam("start", type_=Time()), engine_now()),
        created_at=engine_now(),
        **{name: bindparam(name) for name in ("kind", "payload", "due_at", "group_key", "subject", "expires_at")},
        **{name: bindparam(name) for name in ("max_attempts", "attempts", "lease_token", "lease_until")},
        **{name: bindparam(name) for name in ("send_started_at", "promised_at")},
    )
    .on_conflict_do_nothing(index_elements=["dedup_key"])
)
_PUT_ONE = _PUT.returning(_J.id)
_WAITING = exists().where(
    _EARLIER.c.group_key == bindparam("group"),
    _EARLIER.c.kind == REPLY,
    among(_EARLIER.c.state, *_UNFINISHED),
    or_(_EARLIER.c.state == "ready", ~_EARLIER.c.lease_token.startswith(bindparam("boot"))),
)
_PUT_REPLY = _PUT.returning(_J.id, _WAITING.label("waiting"))
_HURRY = (
    update(outbox_job)
    .where(among(_J.state, "ready"), _J.promised_at.is_(None), _J.not_before > bindparam("now"))
    .values(not_before=bindparam("now"))
)
_HURRY_CHAT = _HURRY.where(_J.group_key == bindparam("group"), _J.kind == REPLY, among(_J.state, *_UNFINISHED))
_HURRY_TRIED = _HURRY.where(_J.attempts > 0)
_FIRST_OF_CHAT = or_(
    _J.kind != REPLY,
    ~exists().where(
        _EARLIER.c.group_key == _J.group_key,
        _EARLIER.c.kind == REPLY,
        among(_EARLIER.c.state, *_UNFINISHED),
        _EARLIER.c.id < _J.id,
    ),
)
_DUE = (
    select(outbox_job)
    .where(
        among(_J.state, "ready"),
        _J.due_at <= bindparam("now"),
        _J.not_before <= bindparam("engine"),
        _J.kind.in_(bindparam("kinds", expanding=True)),
        _FIRST_OF_CHAT,
    )
    .order_by(_J.due_at, _J.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_LEASE = (
    update(outbox_job)
    .where(_J.id.in_(bindparam("jobs", expanding=True)))
    .values(
        state="leased",
        lease_token=bindparam("token"),
        lease_until=bindparam("until"),
        send_started_at=None,
        attempts=_J.attempts + 1,
    )
)
_MOVE = update(outbox_job).where(_J.id == bindparam("job")).values(due_at=bindparam("due"))
_EXPIRE = (
    update(outbox_job)
    .where(_J.id.in_(bindparam("jobs", expanding=True)))
    .values(state="cancelled", last_error="expired", done_at=bindparam("at"))
)
_MINE = update(outbox_job).where(
    _J.id == bindparam("job"), _J.lease_token == bindparam("held"), among(_J.state, "leased")
)
_FREED = {"lease_token": None, "lease_until": None, "send_started_at": None}
_HELD = (
    select(_J.id)
    .where(
        _J.id.in_(bindparam("jobs", expanding=True)),
        _J.lease_token.in_(bindparam("tokens", expanding=True)),
        among(_J.state, "leased"),
    )
    .with_for_update()
)
_START = _MINE.values(send_started_at=bindparam("at"), promised_at=None)
_POSTPONE = _MINE.values(
    state="ready",
    attempts=_J.attempts - 1,
    not_before=bindparam("start"),
    promised_at=bindparam("promised"),
    **_FREED,
)
_RELEASE = _MINE.values(
    state="ready",
    attempts=_J.attempts - bindparam("refund"),
    resent=_J.resent + bindparam("again"),
    not_before=bindparam("start"),
    last_error=bindparam("error"),
    result=bindparam("progress"),
    promised_at=None,
    **_FREED,
)
_FINISH = _MINE.values(
    state="done", done_at=bindparam("at"), result=bindparam("back"), lease_token=None, lease_until=None
)
_END = _MINE.values(
    state=bindparam("final"), done_at=bindparam("at"), last_error=bindparam("error"), lease_token=None, lease_until=None
)
_CANCEL = (
    update(outbox_job)
    .where(_J.subject == bindparam("about"), among(_J.state, "ready"))
    .values(state="cancelled", last_error=bindparam("error"), done_at=engine_now())
)
_NEXT = select(func.min(_J.due_at)).where(among(_J.state, "ready"), _J.due_at > bindparam("now"))


class Outbox(Repository):
    """The jobs, in the running transaction. Business time: `due_at`, `expires_at`; engine time: all other moments."""

    async def put_reply(self, job: NewJob, lease: Lease, *, boot: str) -> Job:
        """The reply, born leased to be sent right after the commit; `state` is "ready" if others of its chat wait.

        These need not wait out their back-off: somebody is listening. `boot` begins the tokens of this process, which
        keeps the order of what it sends itself. Raises: ValueError when a job of that key is there already.
        """
        values = _values(job) | {
            "put_state": "leased",
            "attempts": 1,
            "start": lease.now,
            "lease_token": lease.token,
            "lease_until": lease.until,
            "send_started_at": lease.now,
        }
        found = await self._one(_PUT_REPLY, **values, group=job.group_key, boot=boot)
        if found is None:
            raise ValueError(job.dedup_key)
        mine = born(job, found["id"], "leased", lease)
        if not found["waiting"]:
            return mine
        await self._do(_HURRY_CHAT, group=job.group_key, now=lease.now)
        await self.postpone(mine, lease.now)
        return replace(mine, state="ready")

    async def put(self, job: NewJob, *, start: datetime, promised: datetime | None = None) -> Job:
        """The job as a ready row, claimable from `start` (engine time). Raises: ValueError as `put_reply`."""
        values = _values(job) | {"start": start, "promised_at": promised}
        return born(job, await self._put(values), "ready", Lease("", start, start))

    async def enqueue(
        self,
        kind: str,
        payload: Mapping[str, JSON],
        *,
        dedup_key: str,
        due_at: datetime | None = None,
        group_key: str | None = None,
        subject: str | None = None,
        expires_at: datetime | None = None,
        max_attempts: int = 8,
    ) -> bool:
        """Whether it is new: a job of the same key is put once only. `due_at` None: at once."""
        job = NewJob(kind, payload, dedup_key, due_at, group_key, subject, expires_at, max_attempts)
        return (await self._connection.execute(_PUT_ONE, _values(job))).scalar_one_or_none() is not None

    async def enqueue_all(self, jobs: Sequence[NewJob]) -> None:
        """Put many; those whose key is there already are left as they are."""
        await self._do_many(_PUT, [_values(job) for job in jobs])

    async def claim(self, now: datetime, gate: Gate, lease: Lease, *, kinds: Sequence[str], most: int) -> Claimed:
        """Lease up to `most` due jobs of the kinds, oldest first; those the gate holds back move to its time."""
        rows = await self._all(_DUE, now=now, engine=lease.now, kinds=list(kinds), most=most)
        found = [read_job(row) for row in rows]
        expired = [j for j in found if j.expires_at is not None and j.expires_at <= now]
        moves = [(j, later) for j in found if j not in expired and (later := gate(j, now)) is not None and later > now]
        away = {j.id for j in expired} | {j.id for j, _ in moves}
        jobs = [j for j in found if j.id not in away]
        await self._do_many(_MOVE, [{"job": j.id, "due": due} for j, due in moves])
        if expired:
            await self._do(_EXPIRE, jobs=[j.id for j in expired], at=lease.now)
        if jobs:
            await self._do(_LEASE, jobs=[j.id for j in jobs], token=lease.token, until=lease.until)
        mine = [replace(j, token=lease.token, attempts=j.attempts + 1, state="leased") for j in jobs]
        return Claimed(tuple(mine), tuple(j for j, _ in moves), tuple(expired))

    async def next_due(self, now: datetime) -> datetime | None:
        """The next business time after `now` at which a waiting job falls due."""
        found: datetime | None = (await self._connection.execute(_NEXT, {"now": now})).scalar_one_or_none()
        return found

    async def still_mine(self, jobs: Sequence[Job]) -> set[int]:
        """Ids of those whose lease is still ours; their rows are locked until the transaction ends."""
        tokens = sorted({job.token for job in jobs})
        rows = await self._all(_HELD, jobs=[job.id for job in jobs], tokens=tokens) if jobs else []
        return {row["id"] for row in rows}

    async def start(self, jobs: Sequence[Job], at: datetime) -> None:
        """From now on nobody can know whether it was sent, until it is settled."""
        await self._do_many(_START, [{"job": j.id, "held": j.token, "at": at} for j in jobs])

    async def postpone(self, job: Job, until: datetime, *, promised: bool = False) -> bool:
        """Back to ready, no attempt spent, not before `until`; `promised`: a permit waits for it then."""
        return bool(
            await self._do(_POSTPONE, job=job.id, held=job.token, start=until, promised=until if promised else None)
        )

    async def release(
        self,
        job: Job,
        until: datetime,
        error: str,
        *,
        refund: bool = False,
        resent: bool = False,
        progress: Mapping[str, JSON] | None = None,
    ) -> bool:
        """Back to ready after a failure; `progress` says which parts were taken. False: the lease was lost."""
        values = {"start": until, "error": error, "refund": int(refund), "again": int(resent), "progress": progress}
        return bool(await self._do(_RELEASE, job=job.id, held=job.token, **values))

    async def finish(self, jobs: Sequence[Finished]) -> None:
        """Record what was done; a job whose lease was lost is left alone."""
        await self._do_many(_FINISH, [{"job": j.id, "held": j.token, "at": j.at, "back": j.result} for j in jobs])

    async def end(self, job: Job, state: Literal["dead", "cancelled", "uncertain"], error: str, at: datetime) -> bool:
        """It will not be tried again by itself. False: the lease was lost."""
        return bool(await self._do(_END, job=job.id, held=job.token, final=state, error=error, at=at))

    async def cancel(self, subject: str, why: str) -> int:
        """Number of waiting jobs about the subject that are now cancelled."""
        return await self._do(_CANCEL, about=subject, error=why)

    async def hurry(self, now: datetime) -> int:
        """The other side is back: what failed before need not wait out its back-off. Number of jobs."""
        return await self._do(_HURRY_TRIED, now=now)

    async def _put(self, values: Mapping[str, object]) -> int:
        found: int | None = (await self._connection.execute(_PUT_ONE, dict(values))).scalar_one_or_none()
        if found is None:
            raise ValueError(values["put_key"])
        return found


def _values(job: NewJob) -> dict[str, object]:
    return {
        "put_key": job.dedup_key,
        "put_state": "ready",
        "kind": job.kind,
        "payload": job.payload,
        "due_at": job.due_at or AT_ONCE,
        "group_key": job.group_key,
        "subject": job.subject,
        "expires_at": job.expires_at,
        "max_attempts": job.max_attempts,
        "attempts": 0,
        "start": None,
        "lease_token": None,
        "lease_until": None,
        "send_started_at": None,
        "promised_at": None,
    }
