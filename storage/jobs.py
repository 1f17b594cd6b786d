"""The records of the outbox: jobs as they are put, claimed and settled. No statement lives here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping

from storage.dialect import EPOCH
from storage.repository import JSON

REPLY = "reply"
"""The kind whose jobs keep their order within a group_key."""
AT_ONCE = EPOCH
"""`due_at` of what waits for no date: before everything that has one, and untouched by a turned clock."""


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to be said or done. `result` of an unfinished job: what of it was done already."""

    id: int
    dedup_key: str
    kind: str
    group_key: str | None
    subject: str | None
    payload: Mapping[str, JSON]
    state: str
    due_at: datetime
    expires_at: datetime | None
    attempts: int
    max_attempts: int
    resent: int
    """How often it was sent once more after nobody knew whether it had been taken."""
    token: str
    """Of the lease; "" without one."""
    send_started_at: datetime | None
    promised_at: datetime | None
    """The moment a permit was promised for, engine time."""
    last_error: str | None
    result: Mapping[str, JSON] | None
    created_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to be put. `due_at` is business time; None: at once."""

    kind: str
    payload: Mapping[str, JSON]
    dedup_key: str
    due_at: datetime | None = None
    group_key: str | None = None
    subject: str | None = None
    expires_at: datetime | None = None
    max_attempts: int = 8


@dataclass(frozen=True, slots=True)
class Lease:
    """Whose a job is and until when, in engine time."""

    token: str
    now: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a claim found: jobs that are now the claimer's, and those moved to a later due time or expired."""

    jobs: tuple[Job, ...] = ()
    moved: tuple[Job, ...] = ()
    expired: tuple[Job, ...] = ()

    @property
    def count(self) -> int:
        """How many rows the claim touched."""
        return len(self.jobs) + len(self.moved) + len(self.expired)


@dataclass(frozen=True, slots=True)
class Finished:
    """A job that was done, when (engine time), and what came back."""

    id: int
    token: str
    at: datetime
    result: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Load:
    """How the outbox stands: unfinished and failed jobs by (state, kind), and how long the oldest claimable waits."""

    counts: Mapping[tuple[str, str], int]
    oldest: float
    """Seconds."""

    def of(self, state: str) -> int:
        """Jobs in a state."""
        return sum(n for (found, _), n in self.counts.items() if found == state)


Gate = Callable[[Job, datetime], datetime | None]
"""Asked with the business time: None = may be sent now, else the business time to which the job moves."""


def read_job(row: RowMapping) -> Job:
    """The record of a row."""
    return Job(
        id=row["id"],
        dedup_key=row["dedup_key"],
        kind=row["kind"],
        group_key=row["group_key"],
        subject=row["subject"],
        payload=row["payload"],
        state=row["state"],
        due_at=row["due_at"],
        expires_at=row["expires_at"],
        attempts=row["attempts"],
        max_attempts=row["max_attempts"],
        resent=row["resent"],
        token=row["lease_token"] or "",
        send_started_at=row["send_started_at"],
        promised_at=row["promised_at"],
        last_error=row["last_error"],
        result=row["result"],
        created_at=row["created_at"],
        done_at=row["done_at"],
    )


def born(job: NewJob, key: int, state: str, lease: Lease) -> Job:
    """The record of a job just put."""
    return Job(
        id=key,
        dedup_key=job.dedup_key,
        kind=job.kind,
        group_key=job.group_key,
        subject=job.subject,
        payload=job.payload,
        state=state,
        due_at=job.due_at or AT_ONCE,
        expires_at=job.expires_at,
        attempts=int(state == "leased"),
        max_attempts=job.max_attempts,
        resent=0,
        token=lease.token,
        send_started_at=lease.now if state == "leased" else None,
        promised_at=None,
        last_error=None,
        result=None,
        created_at=lease.now,
        done_at=None,
    )
