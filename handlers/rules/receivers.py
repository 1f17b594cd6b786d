"""Who of a unit is reminded: 联络人, else 填报员, else 备用, else a line on the office's call list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from handlers.rules.permissions import Post

ORDER = (Post.CONTACT, Post.FILLER, Post.STANDBY)

Reason = Literal["nobody seated", "no account", "on leave", "undeliverable"]


@dataclass(frozen=True, slots=True)
class Absence:
    """Days away, both included, and who stands in (a person's id)."""

    first: date
    last: date
    deputy: str | None = None

    def covers(self, day: date) -> bool:
        """Whether the person is away that day."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Clerk:
    """A person on a reporting seat of a unit. `staff_id` None: no account."""

    id: str
    name: str
    post: str
    staff_id: str | None = None
    phone: str = ""
    absences: tuple[Absence, ...] = ()
    undeliverable: bool = False
    """The channel refused this person for good."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Who gets it, by staff id; empty: the office phones (`callees`, best first) and reads why."""

    staff_ids: tuple[str, ...]
    post: str = ""
    stands_in: bool = False
    """A deputy gets it for somebody on leave."""
    callees: tuple[Clerk, ...] = ()
    why: Reason | None = None


def reach(clerks: Sequence[Clerk], day: date, others: Mapping[str, Clerk] | None = None) -> Reach:
    """Who is reminded on a day for a unit. `others`: people by id, among whom deputies are looked up."""
    known = (others or {}, {clerk.id: clerk for clerk in clerks})
    for post in ORDER:
        seated = [clerk for clerk in clerks if clerk.post == post]
        present = [clerk for clerk in seated if _unreachable(clerk, day) is None]
        deputies = [deputy for clerk in seated if (deputy := _deputy(clerk, day, known))]
        found = present or deputies
        if found:
            ids = tuple(dict.fromkeys(clerk.staff_id for clerk in found if clerk.staff_id))
            return Reach(ids, post, not present, (), None)
    return _call(clerks, day)


def _unreachable(clerk: Clerk, day: date) -> Reason | None:
    if not clerk.staff_id:
        return "no account"
    if clerk.undeliverable:
        return "undeliverable"
    return "on leave" if any(absence.covers(day) for absence in clerk.absences) else None


def _deputy(clerk: Clerk, day: date, known: Sequence[Mapping[str, Clerk]]) -> Clerk | None:
    """The one who stands in, if away with a deputy who can be reached."""
    names = [absence.deputy for absence in clerk.absences if absence.covers(day) and absence.deputy]
    found = [next((there[name] for there in known if name in there), None) for name in names]
    return next((deputy for deputy in found if deputy and _unreachable(deputy, day) is None), None)


def _call(clerks: Sequence[Clerk], day: date) -> Reach:
    order = {post: at for at, post in enumerate(ORDER)}
    seated = sorted((c for c in clerks if c.post in set(ORDER)), key=lambda c: order[Post(c.post)])
    why = _unreachable(seated[0], day) if seated else "nobody seated"
    return Reach((), callees=tuple(seated), why=why)
