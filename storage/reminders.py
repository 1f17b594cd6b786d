"""Who is owed a reminder of what: facts first, written by a tick, carried by a job, closed by a report.

Every receiver gets one job for a moment; the text is composed only when that job is sent. It knows no wording.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import RowMapping, Select, and_, bindparam, exists, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from storage.dialect import among, engine_now, insert
from storage.jobs import NewJob
from storage.outbox import Outbox
from storage.repository import Repository
from storage.tables_engine import outbox_job, reminder

REMIND = "remind"
"""The kind of the jobs that carry reminders."""
CHUNK = 500  # keys in one statement; SQLite allows 32,766 values
TRIES = 60  # about a day and a half of back-off; what it carries expires by its own date


@dataclass(frozen=True, slots=True)
class Owed:
    """A reminder as a tick finds it owed: one stage of one plan and period for one receiver. Times: business."""

    plan_id: int | None
    notice: str
    period: str
    unit: str
    matters: tuple[int, ...]
    seat: str
    stage: str
    receiver_kind: str
    receiver: str
    due_at: datetime
    expires_at: datetime | None = None

    @property
    def key(self) -> str:
        """The same for the same fact, whoever finds it."""
        matters = ",".join(str(m) for m in sorted(self.matters))
        parts = (self.plan_id, self.notice, self.period, self.unit, matters, self.seat, self.stage)
        return "\x1f".join(str(p) for p in (*parts, self.receiver_kind, self.receiver))

    @property
    def job_key(self) -> str:
        """The same for everything this receiver is told at this moment."""
        return _look(self.receiver_kind, self.receiver, self.due_at).dedup_key


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that was owed. `state`: open said closed superseded snoozed expired; `job_id`: what carried it."""

    id: int
    plan_id: int | None
    notice: str
    period: str
    unit: str
    matters: tuple[int, ...]
    seat: str
    stage: str
    receiver_kind: str
    receiver: str
    due_at: datetime
    expires_at: datetime | None
    state: str
    snoozed_until: datetime | None
    job_id: int | None


_M = reminder.c
_PUT = insert(reminder).values(state="open", changed_at=engine_now()).on_conflict_do_nothing(index_elements=["key"])
_KNOWN = select(_M.key.label("known")).where(_M.key.in_(bindparam("keys", expanding=True)))
_JOBS = select(outbox_job.c.dedup_key.label("known")).where(
    outbox_job.c.dedup_key.in_(bindparam("keys", expanding=True)), outbox_job.c.state != "ready"
)
_CHANGE = update(reminder).values(changed_at=engine_now())
_UNSAID = among(_M.state, "open", "snoozed")  # the words of ix_reminder_open: in no other is it used
_LIVES = among(_M.state, "open", "snoozed", "said")
_SUPERSEDE = _CHANGE.where(
    _UNSAID,
    _M.plan_id.is_not_distinct_from(bindparam("plan")),
    _M.notice == bindparam("of_notice"),
    _M.period == bindparam("of_period"),
    _M.unit == bindparam("of_unit"),
    _M.seat == bindparam("of_seat"),
    _M.receiver == bindparam("to"),
    _M.receiver_kind == bindparam("to_kind"),
    _M.due_at < bindparam("due"),
).values(state="superseded")
_EXPIRE = _CHANGE.where(_UNSAID, _M.expires_at <= bindparam("now")).values(state="expired")
_TO = and_(_M.receiver_kind == bindparam("kind"), _M.receiver == bindparam("to"))
_DUE: ColumnElement[bool] = or_(
    and_(among(_M.state, "open"), _M.due_at <= bindparam("now")),
    and_(among(_M.state, "snoozed"), _M.snoozed_until <= bindparam("now")),
)
_FRESH = or_(_M.expires_at.is_(None), _M.expires_at > bindparam("now"))
_OWED = (
    select(reminder)
    .where(_TO, or_(_DUE, and_(among(_M.state, "said"), _M.job_id == bindparam("job"))), _FRESH)
    .order_by(_M.due_at, _M.id)
)
_THESE = _M.id.in_(bindparam("ids", expanding=True))
_CARRY = _CHANGE.where(_THESE, _LIVES).values(state="said", job_id=bindparam("job"))
_HIS = select(outbox_job.c.group_key).where(outbox_job.c.id == bindparam("job")).scalar_subquery()
_LAY_DOWN = _CHANGE.where(  # by the receiver of the job: job_id has no index of its own
    _M.receiver == _HIS, among(_M.state, "said"), _M.job_id == bindparam("job")
).values(state="open", job_id=None)
_SNOOZE = _CHANGE.where(_THESE, _LIVES).values(state="snoozed", snoozed_until=bindparam("until"), job_id=None)
_LIVE = select(reminder).where(_LIVES)
_OF_UNIT = _LIVE.where(_M.unit == bindparam("of_unit"), _M.period == bindparam("of_period")).with_for_update()
_OF_PLAN = _CHANGE.where(_UNSAID, _M.plan_id == bindparam("plan")).values(state="closed")
_ASLEEP = select(reminder).where(
    _UNSAID,
    or_(
        and_(among(_M.state, "snoozed"), _M.snoozed_until > bindparam("now")),
        and_(among(_M.state, "open"), _M.due_at > bindparam("now")),
    ),
)
_OVERDUE = (_UNSAID, among(_M.state, "open"), _M.due_at <= bindparam("now"))
_WITHHELD = select(reminder).where(*_OVERDUE, _FRESH).order_by(_M.due_at, _M.id)
_WAITING = _WITHHELD.where(
    exists().where(
        outbox_job.c.kind == REMIND,
        outbox_job.c.group_key == _M.receiver,
        among(outbox_job.c.state, "ready", "leased"),
        outbox_job.c.due_at > bindparam("since"),
        outbox_job.c.due_at <= bindparam("until"),
    )
)
_TO_RECEIVER = _LIVE.where(_TO).order_by(_M.due_at, _M.id)
_KEEP = _CHANGE.where(_M.id == bindparam("row")).values(state=bindparam("new"), matters=bindparam("left"))


class Reminders(Repository):
    """The reminder facts, in the running transaction. Times are business time."""

    async def owe(self, owed: Owed) -> bool:
        """Whether it is new; earlier stages of the same are superseded and the receiver has a job for the moment."""
        return bool(await self.owe_all([owed]))

    async def owe_all(self, owed: Sequence[Owed]) -> int:
        """How many are new; as `owe`, for all units of a tick at once."""
        known = await self._known(_KNOWN, [o.key for o in owed])
        new = list({o.key: o for o in owed if o.key not in known}.values())
        await self._do_many(_SUPERSEDE, [_earlier(o) for o in new])
        await self._do_many(_PUT, [_row(o) for o in new])
        await self._ensure_jobs(new)
        return len(new)

    async def owed(self, kind: str, receiver: str, now: datetime, job_id: int | None = None) -> tuple[Reminder, ...]:
        """What this person or group is to be told now, oldest first; with what the job carries already."""
        return tuple(_read(r) for r in await self._all(_OWED, kind=kind, to=receiver, now=now, job=job_id))

    async def live(self, kind: str, receiver: str) -> tuple[Reminder, ...]:
        """What this person or group is owed or was told and has not answered, oldest first."""
        return tuple(_read(r) for r in await self._all(_TO_RECEIVER, kind=kind, to=receiver))

    async def asleep(self, now: datetime) -> tuple[Reminder, ...]:
        """What people are to be told later than `now`, because they asked for it."""
        return tuple(_read(row) for row in await self._all(_ASLEEP, now=now))

    async def waiting(self, now: datetime, since: datetime, until: datetime) -> tuple[Reminder, ...]:
        """What was due before `now`, could not be sent then, and has a job in that span."""
        return tuple(_read(row) for row in await self._all(_WAITING, now=now, since=since, until=until))

    async def withheld(self, now: datetime) -> tuple[Reminder, ...]:
        """What was due before `now`, was not said and has not expired."""
        return tuple(_read(row) for row in await self._all(_WITHHELD, now=now))

    async def carry(self, ids: Iterable[int], job_id: int) -> None:
        """The job says these; other jobs need not."""
        await self._do(_CARRY, ids=list(ids), job=job_id)

    async def lay_down(self, job_id: int) -> None:
        """The job did not say what it carried: whichever goes first may."""
        await self._do(_LAY_DOWN, job=job_id)

    async def again(self, kind: str, receiver: str, at: datetime) -> None:
        """Look again then at what this person or group is owed."""
        await Outbox(self._connection).enqueue_all([_look(kind, receiver, at)])

    async def snooze(self, ids: Sequence[int], until: datetime) -> None:
        """Not before `until`; each receiver has a job for that moment."""
        await self._do(_SNOOZE, ids=list(ids), until=until)
        rows = await self._all(select(reminder).where(_M.id.in_(list(ids)), among(_M.state, "snoozed")))
        await self._ensure_jobs([_again(_read(row), until) for row in rows])

    async def close(self, unit: str, matter: int, period: str) -> None:
        """The unit has reported the matter: nothing reminds it of that any more."""
        for row in await self._all(_OF_UNIT, of_unit=unit, of_period=period):
            left = [m for m in row["matters"] if m != matter]
            if len(left) < len(row["matters"]):
                await self._do(_KEEP, row=row["id"], new=row["state"] if left else "closed", left=left)

    async def close_plan(self, plan_id: int) -> int:
        """Nothing of this plan is owed any more (stopped, replaced). Number of reminders."""
        return await self._do(_OF_PLAN, plan=plan_id)

    async def expire(self, now: datetime) -> int:
        """Reminders whose own date has passed unsaid; their number."""
        return await self._do(_EXPIRE, now=now)

    async def _known(self, statement: Select[tuple[str]], keys: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for start in range(0, len(keys), CHUNK):
            rows = await self._all(statement, keys=list(keys[start : start + CHUNK]))
            found |= {row["known"] for row in rows}
        return found

    async def _ensure_jobs(self, owed: Sequence[Owed]) -> None:
        """A job that is under way or over tells nothing new: then a further one does."""
        first = {o.job_key: o for o in reversed(owed)}
        over = await self._known(_JOBS, list(first))
        await Outbox(self._connection).enqueue_all([_job(o, further=key in over) for key, o in first.items()])


def _job(owed: Owed, *, further: bool) -> NewJob:
    mark = f"+{blake2b(owed.key.encode(), digest_size=8).hexdigest()}" if further else ""
    return _look(owed.receiver_kind, owed.receiver, owed.due_at, mark)


def _look(kind: str, receiver: str, at: datetime, mark: str = "") -> NewJob:
    """The job of a receiver at a moment; what it says is found out then."""
    key = f"{REMIND}:{kind}:{receiver}:{at.isoformat(timespec='minutes')}{mark}"
    return NewJob(REMIND, {"receiver": {"kind": kind, "id": receiver}}, key, at, receiver, max_attempts=TRIES)


def _row(owed: Owed) -> dict[str, object]:
    names = ("key", "plan_id", "notice", "period", "unit", "seat", "stage", "receiver_kind", "receiver")
    times = ("due_at", "expires_at")
    return {name: getattr(owed, name) for name in (*names, *times)} | {"matters": list(owed.matters)}


def _earlier(owed: Owed) -> dict[str, object]:
    return {
        "plan": owed.plan_id,
        "of_notice": owed.notice,
        "of_period": owed.period,
        "of_unit": owed.unit,
        "of_seat": owed.seat,
        "to": owed.receiver,
        "to_kind": owed.receiver_kind,
        "due": owed.due_at,
    }


def _again(found: Reminder, until: datetime) -> Owed:
    return Owed(
        found.plan_id,
        found.notice,
        found.period,
        found.unit,
        found.matters,
        found.seat,
        found.stage,
        found.receiver_kind,
        found.receiver,
        until,
    )


def _read(row: RowMapping) -> Reminder:
    return Reminder(
        row["id"],
        row["plan_id"],
        row["notice"],
        row["period"],
        row["unit"],
        tuple(row["matters"]),
        row["seat"],
        row["stage"],
        row["receiver_kind"],
        row["receiver"],
        row["due_at"],
        row["expires_at"],
        row["state"],
        row["snoozed_until"],
        row["job_id"],
    )
