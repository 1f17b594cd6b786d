"""The asker's rights in a turn: the rules' table applied to the person's seats. Default deny."""

from __future__ import annotations

from handlers.feature import Turn
from handlers.rules.permissions import CLERKS, About, Action, SeatHeld, may
from storage import Actor, Person, StoredMatter


def seats_of(person: Person) -> tuple[SeatHeld, ...]:
    """The person's seats as the rules want them."""
    return tuple(SeatHeld(seat.post, seat.unit) for seat in person.seats)


def allowed(turn: Turn, action: Action, about: About | None = None) -> bool:
    """Whether the sender may do this."""
    return may(seats_of(turn.person), action, about)


def about_matter(matter: StoredMatter) -> About:
    """What an action on this matter is about."""
    return About(lead_units=matter.lead_units, support_units=matter.support_units)


def reporting_unit(person: Person, matter: StoredMatter) -> str | None:
    """The unit for which the person reports this matter: the first lead among the units he is a clerk of."""
    mine = {seat.unit for seat in person.seats if seat.post in CLERKS}
    return next((unit for unit in matter.lead_units if unit in mine), None)


def clerk_units(person: Person) -> tuple[str, ...]:
    """Units the person reports for."""
    return tuple(dict.fromkeys(seat.unit for seat in person.seats if seat.post in CLERKS))


def actor(turn: Turn, post: str | None = None) -> Actor:
    """Who acts, for the audit: staff id, the seat's post and unit, the message."""
    seat = next((s for s in turn.person.seats if post is None or s.post == post), None)
    return Actor(turn.person.staff_id or "", seat.post if seat else "", seat.unit if seat else None, turn.message.id)
