"""How a deadline stands: who owes which matters and who of a unit can be reached. Reads only; decides nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from handlers.owing import Item, Span, covers, sent_back, waits_of
from handlers.plan_terms import plan_of
from handlers.rules.periods import Due
from handlers.rules.periods import Plan as Terms
from handlers.rules.permissions import CLERKS, Post
from handlers.rules.receivers import Absence, Clerk, Reach, reach
from knowledge import Library
from storage import Draft, Job, Leave, Person, Plan, StoredMatter, Submission, Work

ACTIVE = ("published", "trial")
MANY = 500  # messages given up that are looked at for people who cannot be reached
NOBODY = "receiver"  # how an outbox job begins that the platform refused for the person's sake


@dataclass(frozen=True, slots=True)
class Standing:
    """One period of a notice's plan with all its matters."""

    plan: Plan
    terms: Terms
    due: Due
    items: tuple[Item, ...]
    title: str = ""
    towns: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)
    """Town → what the office put on it and it has said no line about in this period."""

    @property
    def notice(self) -> str:
        """Key of the notice."""
        return self.plan.notice

    @property
    def key(self) -> tuple[str, str]:
        """Notice and period."""
        return self.plan.notice, self.due.period

    def open(self, units: Sequence[str] | None = None) -> tuple[Item, ...]:
        """What is still owed (by these units)."""
        return tuple(item for item in self.of(units) if item.open)

    def owed_by(self, unit: str) -> tuple[Item, ...]:
        """What a unit still reports, or a town still has to say a line about."""
        return self.open((unit,)) or self.towns.get(unit, ())

    def of(self, units: Sequence[str] | None = None) -> tuple[Item, ...]:
        """Its matters (led by one of these units), without those nobody reports (`unled`)."""
        mine = (i for i in self.items if units is None or not set(units).isdisjoint(i.stored.lead_units))
        return tuple(i for i in mine if i.stored.lead_units or not i.open)

    @property
    def unled(self) -> tuple[Item, ...]:
        """What no unit leads, so that nobody is asked for it, unless it was reported all the same."""
        return tuple(i for i in self.items if i.open and not i.stored.lead_units)


async def standing_of(
    work: Work, library: Library, plan: Plan, terms: Terms, due: Due, only: Sequence[int] | None = None
) -> Standing:
    """How the period stands now (for the matters of these ids only)."""
    notice = next((n for n in library.notices if n.key == plan.notice), None)
    facts = {m.key: m for m in library.matters(plan.notice)}
    span = Span(due.period, due, plan, terms)
    stored = await stored_of(work, plan.notice, only)
    wanted = [m for m in stored if m.key and m.key in facts and not m.retired_at and covers(span, m.key)]
    drafts, handed_in = await reports_of(work, wanted, span, some=only is not None)
    waits = waits_of(await work.requests.of_period(plan.notice, due.period))
    lives = {s.matter_id: s for s in handed_in if s.live}
    ends = {s.matter_id: s for s in handed_in} | lives
    items = [
        Item(m, facts[m.key or ""], span, drafts.get(m.id), lives.get(m.id), None, sent_back(ends.get(m.id)),
             waits.get(m.id))
        for m in wanted
    ]  # fmt: skip
    title = notice.title if notice else ""
    return Standing(plan, terms, due, tuple(items), title, await lines_owed(work, items, due.period))


async def lines_owed(work: Work, items: Sequence[Item], period: str) -> dict[str, tuple[Item, ...]]:
    """Town → the matters assigned to it on which it has said nothing in the period."""
    mine = {item.stored.id: item for item in items}
    owed: defaultdict[str, list[Item]] = defaultdict(list)
    for row in await work.matters.towns():
        if row.matter_id in mine:
            said = await work.contributions.of(row.matter_id, period)
            if not any(one.unit == row.town for one in said):
                owed[row.town].append(mine[row.matter_id])
    return {town: tuple(found) for town, found in owed.items()}


async def stored_of(work: Work, notice: str, only: Sequence[int] | None) -> Sequence[StoredMatter]:
    """The matters of a notice, or those of the ids."""
    if only is None:
        return await work.matters.current(notice)
    found = [await work.matters.get(number) for number in only]
    return [matter for matter in found if matter]


async def reports_of(
    work: Work, matters: Sequence[StoredMatter], span: Span, *, some: bool
) -> tuple[dict[int, Draft], list[Submission]]:
    """Drafts by matter (a begun one first) and submissions, of all of the notice at once or of some one by one."""
    if not matters:
        return {}, []
    notice, period = matters[0].notice, span.key
    if some:
        found = [await work.drafts.find(unit, m.id, period) for m in matters for unit in m.lead_units]
        drafts = [draft for draft in found if draft]
        handed_in = [s for m in matters for s in await work.submissions.versions(m.id, period)]
    else:
        drafts = list(await work.drafts.of_period(notice, period))
        handed_in = list(await work.submissions.of_period(notice, period))
    return {d.matter_id: d for d in sorted(drafts, key=begun)}, handed_in


def begun(draft: Draft) -> bool:
    """Whether something was filled in and not handed in."""
    return draft.state == "open" and bool(draft.answers)


def waits(item: Item, day: date) -> bool:
    """Whether the office agreed to wait beyond the day (缓交)."""
    return item.until is not None and day < item.until


async def active_plans(work: Work) -> list[tuple[Plan, Terms]]:
    """The plans in force or on trial, with their terms."""
    return [(plan, plan_of(plan.terms)) for plan in await work.plans.all_current() if plan.state in ACTIVE]


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody seated on a day, as far as reminding goes."""

    day: date
    people: Mapping[int, Person]
    away: Mapping[int, Leave]
    undeliverable: frozenset[str]
    clerks: Mapping[str, tuple[Clerk, ...]] = field(default_factory=dict)
    """Unit → those on its reporting seats."""
    known: Mapping[str, Clerk] = field(default_factory=dict)
    """Everybody by id, for deputies."""

    def reach(self, unit: str) -> Reach:
        """Who is reminded for a unit."""
        return reach(self.clerks.get(unit, ()), self.day, self.known)

    @property
    def office(self) -> tuple[Person, ...]:
        """Those who run the office and have an account."""
        return tuple(
            p for p in self.people.values() if p.staff_id and any(seat.post == Post.OFFICE for seat in p.seats)
        )

    def by_staff_id(self, staff_id: str) -> Person | None:
        """The person of an account."""
        return next((p for p in self.people.values() if p.staff_id == staff_id), None)


async def staff_on(work: Work, now: datetime, day: date, units: Sequence[str] | None = None) -> Staff:
    """Who sits where now (in these units), and who is away on that day."""
    away = await work.directory.away(day)
    people = {person.id: person for person in await seated(work, now, units, away)}
    lost = [job for job in await work.replicas.trouble(MANY) if (job.last_error or "").startswith(NOBODY)]
    refused = frozenset(filter(None, map(receiver_of, lost)))
    clerks: defaultdict[str, list[Clerk]] = defaultdict(list)
    for person in people.values():
        for seat in person.seats:
            if seat.post in CLERKS:
                clerks[seat.unit].append(clerk_of(person, seat.post, away.get(person.id), refused))
    known = {str(p.id): clerk_of(p, "", away.get(p.id), refused) for p in people.values()}
    return Staff(day, people, away, refused, {unit: tuple(found) for unit, found in clerks.items()}, known)


async def seated(work: Work, now: datetime, units: Sequence[str] | None, away: Mapping[int, Leave]) -> list[Person]:
    """Everybody on a seat, or those of the units and who stands in for somebody away."""
    if units is None:
        return list(await work.directory.people(now))
    here = [person for unit in units for person in await work.directory.people(now, unit=unit)]
    deputies = [away[person.id].deputy_id for person in here if person.id in away]
    return here + [p for number in deputies if number and (p := await work.directory.person(number, now))]


def clerk_of(person: Person, post: str, leave: Leave | None, refused: frozenset[str]) -> Clerk:
    """A person on a seat as the rules want him."""
    absences = (Absence(leave.first_day, leave.last_day, str(leave.deputy_id)),) if leave else ()
    lost = person.staff_id in refused
    return Clerk(str(person.id), person.name, post, person.staff_id, person.mobile or "", absences, lost)


def receiver_of(job: Job) -> str:
    """The account a message went to; "" for none."""
    receiver = job.payload.get("receiver")
    return str(receiver.get("id", "")) if isinstance(receiver, Mapping) else ""
