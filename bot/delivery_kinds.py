"""The kinds of jobs besides messages: what each does, how long it may take, and what follows when nobody knows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from storage import JSON, REPLY, Job

ANNOUNCE = "announce"
"""A push whose text is known when it is put."""
SHORTEST_LEASE = timedelta(seconds=60)
Work = Callable[[Job], Awaitable[Mapping[str, JSON] | None]]


@dataclass(frozen=True, slots=True)
class Kind:
    """How jobs of a kind are done. `run` None: a message, which goes out by the door."""

    name: str
    run: Work | None = None
    max_attempts: int = 8
    timeout: timedelta = timedelta(seconds=10)
    on_uncertain: Literal["resend", "hold"] = "resend"
    resends: int = 1
    """How often it is sent once more after a call that nobody knows the end of; after a crash once at most."""
    doubt: timedelta = timedelta(minutes=8)
    """How long such a resend waits, the next one eight times as long; less when the platform is heard of again."""

    @property
    def lease(self) -> timedelta:
        """How long a job is ours: more than three times what it may take."""
        return max(SHORTEST_LEASE, 3 * self.timeout)

    def may_resend(self, job: Job) -> bool:
        """Whether the job is sent once more though it may have been taken."""
        return self.on_uncertain == "resend" and job.resent < self.resends

    def may_revive(self, job: Job) -> bool:
        """Whether the job is sent once more after the process died that may have sent it."""
        return self.on_uncertain == "resend" and job.resent < 1


class Kinds:
    """All kinds this process knows; others are left to replicas that do."""

    def __init__(self, composed: tuple[str, ...]) -> None:
        """`composed`: pushes whose text is made at the moment of sending."""
        messages = (
            Kind(REPLY, max_attempts=40, resends=3, doubt=timedelta(minutes=1)),
            Kind(ANNOUNCE, max_attempts=60),
        )
        self.all = {kind.name: kind for kind in (*messages, *(Kind(name, max_attempts=60) for name in composed))}
        self.composed = frozenset(composed)

    def job(
        self,
        name: str,
        *,
        max_attempts: int = 8,
        timeout: timedelta = timedelta(seconds=10),
        on_uncertain: Literal["resend", "hold"] = "resend",
    ) -> Callable[[Work], Work]:
        """Register the function that does jobs of this kind; what it returns is kept as their result."""

        def keep(run: Work) -> Work:
            self.all[name] = Kind(name, run, max_attempts, timeout, on_uncertain)
            return run

        return keep

    @property
    def longest_lease(self) -> timedelta:
        """Of all kinds: what a claim leases for."""
        return max(kind.lease for kind in self.all.values())

    def may_revive(self, job: Job) -> bool:
        """As the job's kind says; a kind nobody knows is held for a person."""
        kind = self.all.get(job.kind)
        return kind is not None and kind.may_revive(job)
