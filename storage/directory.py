"""People, their seats and leave: who a sender is. What a seat allows is decided in handlers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import ColumnElement, RowMapping, Select, and_, bindparam, delete, func, insert, or_, select, update

from storage.audit import Recorded
from storage.dialect import insert as upsert
from storage.errors import MobileTaken
from storage.records_people import Actor, Leave, PastSeat, Person, Seat
from storage.tables import leave, person, seat

_PERSON = ("id", "staff_id", "name", "mobile", "introduced_unit", "greeted_at")
_SEAT = tuple(f.name for f in fields(Seat))


def _held(at: str) -> ColumnElement[bool]:
    return and_(seat.c.since <= bindparam(at), or_(seat.c.until.is_(None), seat.c.until > bindparam(at)))


_SEATED: Select[tuple[object, ...]] = (
    select(*(person.c[name] for name in _PERSON), *(seat.c[name].label(f"seat_{name}") for name in _SEAT))
    .select_from(person.outerjoin(seat, and_(seat.c.person_id == person.c.id, _held("at"))))
    .order_by(person.c.id, seat.c.id)
)
_IDENTIFY = _SEATED.where(person.c.staff_id == bindparam("staff_id"))
_BY_ID = _SEATED.where(person.c.id == bindparam("person_id"))
_BY_MOBILE = _SEATED.where(person.c.mobile == bindparam("mobile"))
_BY_NAME = _SEATED.where(person.c.name == bindparam("name"))
_SITTING = select(seat.c.person_id).where(_held("at"))
_EVERYBODY = _SEATED.where(person.c.id.in_(_SITTING))
_IN_UNIT = _SEATED.where(person.c.id.in_(_SITTING.where(seat.c.unit == bindparam("unit"))))
_IN_POST = _SEATED.where(person.c.id.in_(_SITTING.where(seat.c.post == bindparam("post"))))
_UNITS = (
    select(seat.c.unit)
    .join(person, person.c.id == seat.c.person_id)
    .where(person.c.staff_id.in_(bindparam("staff_ids", expanding=True)), or_(_held("at"), _held("then")))
    .distinct()
    .order_by(seat.c.unit)
)
_NEW = upsert(person).values(
    staff_id=bindparam("staff_id"), name=bindparam("name"), mobile=bindparam("mobile"), created_at=bindparam("at")
)
_MEET = _NEW.on_conflict_do_nothing()
_UPDATE = (
    update(person)
    .where(person.c.id == bindparam("person_id"))
    .values(
        staff_id=func.coalesce(bindparam("new_staff_id"), person.c.staff_id),
        mobile=func.coalesce(bindparam("new_mobile"), person.c.mobile),
        name=bindparam("new_name"),
    )
)
_GREET = (
    update(person)
    .where(person.c.id == bindparam("person_id"), person.c.greeted_at.is_(None))
    .values(greeted_at=bindparam("at"))
)
_INTRODUCE = update(person).where(person.c.id == bindparam("person_id")).values(introduced_unit=bindparam("unit"))
_SEAT_NOW = (
    upsert(seat)
    .values(
        person_id=bindparam("person_id"),
        unit=bindparam("unit"),
        post=bindparam("post"),
        since=bindparam("since"),
        source=bindparam("source"),
        confirmed_by=bindparam("confirmed_by"),
    )
    .on_conflict_do_nothing()
    .returning(seat.c.id)
)
_UNSEAT = (
    update(seat)
    .where(seat.c.id == bindparam("seat_id"), seat.c.until.is_(None))
    .values(until=bindparam("at"), ended_by=bindparam("by"))
    .returning(seat.c.unit, seat.c.post, seat.c.person_id)
)
_HISTORY = (
    select(
        *(
            person.c[name] if name in ("name", "staff_id") else seat.c[name]
            for name in (f.name for f in fields(PastSeat))
        )
    )
    .join(person, person.c.id == seat.c.person_id)
    .where(seat.c.unit == bindparam("unit"))
    .order_by(seat.c.since, seat.c.id)
)
_LEAVE = [leave.c[f.name] for f in fields(Leave)]
_GO = insert(leave).returning(leave.c.id)
_AWAY = (
    select(*_LEAVE)
    .where(leave.c.cancelled_at.is_(None), leave.c.first_day <= bindparam("day"), leave.c.last_day >= bindparam("day"))
    .order_by(leave.c.id)
)
_COME_BACK = (
    update(leave)
    .where(leave.c.person_id == bindparam("who"), leave.c.cancelled_at.is_(None), leave.c.last_day >= bindparam("day"))
    .values(cancelled_at=bindparam("at"))
)
_MOVE_SEATS = update(seat).where(seat.c.person_id == bindparam("old")).values(person_id=bindparam("new"))
_MOVE_LEAVE = update(leave).where(leave.c.person_id == bindparam("old")).values(person_id=bindparam("new"))
_FORGET = delete(person).where(person.c.id == bindparam("old"))


class Directory(Recorded):
    """Finds people, seats them, lets them go."""

    async def identify(self, staff_id: str | None, at: datetime) -> Person | None:
        """The person with the seats held at `at`; None for somebody we never met (or without staff id)."""
        if staff_id is None:
            return None
        return _first(await self._all(_IDENTIFY, staff_id=staff_id, at=at))

    async def person(self, person_id: int, at: datetime) -> Person | None:
        """The person of that id."""
        return _first(await self._all(_BY_ID, person_id=person_id, at=at))

    async def by_mobile(self, mobile: str, at: datetime) -> Person | None:
        """The person of that number."""
        return _first(await self._all(_BY_MOBILE, mobile=mobile, at=at))

    async def by_name(self, name: str, at: datetime) -> Sequence[Person]:
        """Everybody of that name."""
        return _people(await self._all(_BY_NAME, name=name, at=at))

    async def people(self, at: datetime, *, unit: str | None = None, post: str | None = None) -> Sequence[Person]:
        """Everybody seated at `at` (in that unit, in that post), each with all seats held then."""
        if unit is not None:
            found = _people(await self._all(_IN_UNIT, unit=unit, at=at))
            return [who for who in found if post is None or _holds(who, unit, post)]
        if post is not None:
            return _people(await self._all(_IN_POST, post=post, at=at))
        return _people(await self._all(_EVERYBODY, at=at))

    async def units_of(self, staff_ids: Iterable[str], at: datetime, then: datetime | None = None) -> tuple[str, ...]:
        """All units these people have a seat in at `at`, or had at `then`."""
        rows = await self._all(_UNITS, staff_ids=list(staff_ids), at=at, then=then or at)
        return tuple(row["unit"] for row in rows)

    async def meet(self, staff_id: str, name: str, at: datetime) -> Person:
        """The person of that staff id, made if new."""
        await self._do(_MEET, staff_id=staff_id, name=name, mobile=None, at=at)
        found = await self.identify(staff_id, at)
        assert found is not None
        return found

    async def greet(self, person_id: int, at: datetime) -> bool:
        """True the first time only: what is said once at first contact is said now."""
        return await self._do(_GREET, person_id=person_id, at=at) == 1

    async def introduce(self, person_id: int, unit: str) -> None:
        """Keep the unit a person named; it gives no seat."""
        await self._do(_INTRODUCE, person_id=person_id, unit=unit)

    async def enrol(self, name: str, at: datetime, *, staff_id: str | None = None, mobile: str | None = None) -> Person:
        """The person of that staff id, else of that number, made if new; what is given here replaces what was kept.

        Somebody met by staff id and listed by number before becomes one person with all seats. Raises: MobileTaken.
        """
        if staff_id is None and mobile is None:
            raise ValueError("neither staff id nor mobile")
        known = await self.identify(staff_id, at)
        listed = await self.by_mobile(mobile, at) if mobile else None
        if known and listed and known.id != listed.id:
            await self._absorb(listed, known, at)
        found = known or listed
        if found is None:
            await self._do(_MEET, staff_id=staff_id, name=name, mobile=mobile, at=at)
        elif listed and listed.staff_id not in (None, staff_id) and staff_id is not None:
            raise MobileTaken(listed.name)
        else:
            await self._do(_UPDATE, person_id=found.id, new_staff_id=staff_id, new_mobile=mobile, new_name=name)
        made = await self.identify(staff_id, at) if staff_id else await self.by_mobile(mobile or "", at)
        assert made is not None
        return made

    async def seat(self, person_id: int, unit: str, post: str, by: Actor, at: datetime, source: str = "import") -> bool:
        """Seat a person from now on; False if that seat is theirs already. `source`: import, claim or handover."""
        row = await self._one(
            _SEAT_NOW, person_id=person_id, unit=unit, post=post, since=at, source=source, confirmed_by=by.who
        )
        if row is not None:
            await self._record(f"seats:{unit}", "seated", by, at, new={"person": person_id, "post": post}, why=source)
        return row is not None

    async def unseat(self, seat_id: int, by: Actor, at: datetime, why: str = "") -> bool:
        """End a seat now; False if it had ended. History keeps it."""
        row = await self._one(_UNSEAT, seat_id=seat_id, at=at, by=by.who)
        if row is not None:
            old = {"person": row["person_id"], "post": row["post"]}
            await self._record(f"seats:{row['unit']}", "unseated", by, at, old=old, why=why)
        return row is not None

    async def hand_over(self, unit: str, post: str, *, old: Person, new: Person, by: Actor, at: datetime) -> None:
        """One step: the old person's seat ends, the new one's begins. Drafts hang on the unit, so they move."""
        for held in old.seats:
            if (held.unit, held.post) == (unit, post):
                await self.unseat(held.id, by, at, "handover")
        await self.seat(new.id, unit, post, by, at, "handover")

    async def history(self, unit: str) -> Sequence[PastSeat]:
        """Every seat of a unit, past and present, oldest first."""
        return [PastSeat(**row) for row in await self._all(_HISTORY, unit=unit)]

    async def go_on_leave(
        self,
        person_id: int,
        first: date,
        last: date,
        by: Actor,
        at: datetime,
        *,
        deputy_id: int | None = None,
        note: str = "",
    ) -> int:
        """Note the days away (both included) and who stands in; the id of the note."""
        return await self._number(
            _GO, person_id=person_id, first_day=first, last_day=last, deputy_id=deputy_id, note=note,
            message_id=by.message_id, told_at=at,
        )  # fmt: skip

    async def come_back(self, person_id: int, day: date, at: datetime) -> int:
        """Cancel the leave that reaches to `day` or beyond; how many notes."""
        return await self._do(_COME_BACK, who=person_id, day=day, at=at)

    async def away(self, day: date) -> dict[int, Leave]:
        """Who is on leave that day, by person id; the last note counts."""
        return {row["person_id"]: Leave(**row) for row in await self._all(_AWAY, day=day)}

    async def _absorb(self, listed: Person, known: Person, at: datetime) -> None:
        """Give the seats and leave of somebody listed without account to the account, and forget the double."""
        if listed.staff_id is not None:
            raise MobileTaken(listed.name)
        own = {(held.unit, held.post) for held in known.seats}
        for held in listed.seats:
            if (held.unit, held.post) in own:
                await self._do(_UNSEAT, seat_id=held.id, at=at, by="merge")
        for statement in (_MOVE_SEATS, _MOVE_LEAVE):
            await self._do(statement, old=listed.id, new=known.id)
        await self._do(_FORGET, old=listed.id)


def _holds(who: Person, unit: str, post: str) -> bool:
    return any((held.unit, held.post) == (unit, post) for held in who.seats)


def _first(rows: Sequence[RowMapping]) -> Person | None:
    return next(iter(_people(rows)), None)


def _people(rows: Sequence[RowMapping]) -> list[Person]:
    return [_person(list(own)) for _, own in groupby(rows, key=lambda row: row["id"])]


def _person(rows: Sequence[RowMapping]) -> Person:
    seats = tuple(Seat(**{name: row[f"seat_{name}"] for name in _SEAT}) for row in rows if row["seat_id"] is not None)
    return Person(**{name: rows[0][name] for name in _PERSON}, seats=seats)
