"""Records of who speaks and where. What is written there is the repositories' affair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from storage.repository import JSON


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, in which seat, by which message: what the audit keeps of it."""

    who: str
    """Staff id; `system` or a command's name when no person did it."""
    post: str = ""
    unit: str | None = None
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """A post of a unit that a person sits on for a time; `until` None = open end."""

    id: int
    unit: str
    post: str
    since: datetime
    until: datetime | None = None
    confirmed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A person with the seats held at the moment asked for, oldest first."""

    id: int
    staff_id: str | None
    name: str
    mobile: str | None = None
    introduced_unit: str | None = None
    """Said by the person alone: good for questions only."""
    greeted_at: datetime | None = None
    seats: tuple[Seat, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        """All units of all seats, each once."""
        return tuple(dict.fromkeys(seat.unit for seat in self.seats))

    @property
    def posts(self) -> tuple[str, ...]:
        """All posts of all seats, each once."""
        return tuple(dict.fromkeys(seat.post for seat in self.seats))


@dataclass(frozen=True, slots=True)
class PastSeat:
    """A line of a unit's history: who sat where from when to when."""

    id: int
    person_id: int
    name: str
    staff_id: str | None
    unit: str
    post: str
    since: datetime
    until: datetime | None
    source: str
    confirmed_by: str | None
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class Leave:
    """Days a person is away, both included, and who stands in."""

    id: int
    person_id: int
    first_day: date
    last_day: date
    deputy_id: int | None
    note: str
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody says a seat is theirs; somebody else must confirm."""

    id: int
    staff_id: str
    name: str
    unit: str
    post: str
    replaces_id: int | None
    state: str
    claimed_at: datetime
    decided_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What is open between a person and us in one chat: a form (or None), and what earlier turns leave understood."""

    person: str
    chat: str
    form: str | None = None
    state: Mapping[str, JSON] | None = None
    version: int = 0
    """Counts the saves; a save from an older one is refused."""
    failures: int = 0
    parked: bool = False
    context: Mapping[str, JSON] | None = None
    touched_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """A group gets the posts of a notice, for these units (None: all)."""

    id: int
    notice: str
    units: tuple[str, ...] | None
    bound_by: str
    bound_at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """A group we speak in, with its open bindings."""

    chat: str
    title: str
    outsiders: bool
    webhook_url: str | None = field(repr=False)
    webhook_secret: str | None = field(repr=False)
    trouble: str | None
    """`refused` or `removed`: the last post did not go in."""
    trouble_words: str | None
    trouble_at: datetime | None
    bindings: tuple[Binding, ...] = ()
