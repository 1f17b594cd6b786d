"""What a clerk or a group is told now for the reminder facts: all is looked at again at the moment of sending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from handlers.message import Announcement, Receiver
from handlers.plan_terms import plan_of
from handlers.remind_facts import DIGEST, TOLD
from handlers.remind_targets import targets_line
from handlers.remind_words import Part, group_words, person_words
from handlers.reminding import MENTION
from handlers.rules.periods import current, due_of
from handlers.rules.workdays import Workdays
from handlers.standing import ACTIVE, Standing, staff_on, standing_of, waits
from knowledge import Library
from storage import Group, Reminder, Work

MOST_MENTIONED = 50  # the channel's limit for one message


class Fact(Protocol):
    """A reminder fact, kept or only planned."""

    @property
    def notice(self) -> str: ...
    @property
    def period(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def matters(self) -> tuple[int, ...]: ...
    @property
    def seat(self) -> str: ...
    @property
    def stage(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What all texts of a moment are made with."""

    work: Work
    library: Library
    now: datetime
    workdays: Workdays
    job: int = 0


async def said_plainly(desk: Desk, to: Receiver, facts: Sequence[Fact]) -> Announcement | None:
    """What a clerk or a group is told; None when nothing is left to say. The office's own part is remind_office's."""
    if to.kind == "group":
        return await said_to_group(desk, to, facts)
    parts = await clerk_parts(desk, to, facts)
    if not parts:
        return None
    said = person_words(parts, desk.now, desk.workdays, desk.job)
    told = await told_before(desk, to, facts)
    new = [part for part in parts if (*part.standing.key, part.unit) not in told]
    opening = [part for part in new if not part.town and not part.over(desk.now)]
    more = targets_line(opening, desk.now.date(), desk.library, desk.workdays)
    return replace(said, text=f"{said.text}\n{more}") if more else said


async def told_before(desk: Desk, to: Receiver, facts: Sequence[Fact]) -> set[tuple[str, str, str]]:
    """(notice, period, unit) of which the person was reminded already, by messages before this one."""
    mine = {fact.id for fact in facts if isinstance(fact, Reminder)}
    live = await desk.work.reminders.live(to.kind, to.id)
    return {(row.notice, row.period, row.unit) for row in live if row.state == "said" and row.id not in mine}


async def clerk_parts(desk: Desk, to: Receiver, facts: Sequence[Fact]) -> list[Part]:
    """What the person is still to be reminded of, by unit and deadline."""
    wanted: dict[tuple[str, str, str], set[int]] = {}
    for fact in facts:
        if fact.unit:
            wanted.setdefault((fact.notice, fact.period, fact.unit), set()).update(fact.matters)
    units = list(dict.fromkeys(unit for _, _, unit in wanted))
    staff = await staff_on(desk.work, desk.now, desk.now.date(), units) if units else None
    parts = []
    for (notice, period, unit), ids in wanted.items():
        standing = await standing_at(desk, notice, period, sorted(ids))
        items = tuple(i for i in standing.owed_by(unit) if not waits(i, desk.now.date())) if standing else ()
        if standing and items and staff and to.id in staff.reach(unit).staff_ids:
            parts.append(Part(standing, unit, items, town=not standing.open((unit,))))
    return [part for part in parts if not part.town or not part.over(desk.now)]


async def said_to_group(desk: Desk, to: Receiver, facts: Sequence[Fact]) -> Announcement | None:
    """One post over the deadlines of the notices the group is still bound to, if anything is owed."""
    group = await desk.work.groups.group(to.id)
    bound = {b.notice: b for b in group.bindings} if group else {}
    outside = group is not None and group.outsiders
    parts: dict[tuple[str, str], Part] = {}
    for fact in facts:
        if fact.notice not in bound:
            continue
        period = None if fact.stage == DIGEST else fact.period
        standing = await standing_at(desk, fact.notice, period)
        units = bound[fact.notice].units
        if standing and standing.open(units):
            parts.setdefault(standing.key, Part(standing, "", (), units, fact.seat == TOLD, outside))
    if not parts or group is None:
        return None
    week = all(fact.stage == DIGEST for fact in facts)
    said = group_words(list(parts.values()), desk.now, desk.workdays, week=week)
    return replace(said, mentions=await mentioned(desk, group, list(parts.values())))


async def mentioned(desk: Desk, group: Group, parts: Sequence[Part]) -> tuple[str, ...]:
    """Whom to @: those who still owe, if the office switched it on and the group's own robot can; else nobody."""
    if not group.webhook_url or group.outsiders or await desk.work.settings.get(MENTION, False) is not True:
        return ()
    units = [unit for part in parts for item in part.standing.open(part.units) for unit in item.stored.lead_units[:1]]
    staff = await staff_on(desk.work, desk.now, desk.now.date(), units)
    found = [staff_id for unit in dict.fromkeys(units) for staff_id in staff.reach(unit).staff_ids]
    return tuple(dict.fromkeys(found))[:MOST_MENTIONED]


async def standing_at(
    desk: Desk, notice: str, period: str | None, only: Sequence[int] | None = None
) -> Standing | None:
    """The period (None: the present one) by the plan in force; None without a plan."""
    plan = await desk.work.plans.current(notice)
    if plan is None or plan.state not in ACTIVE:
        return None
    terms = plan_of(plan.terms)
    today = desk.now.date()
    due = due_of(terms, period, desk.workdays) if period else current(terms, today, desk.workdays, plan.made_at.date())
    return await standing_of(desk.work, desk.library, plan, terms, due, only)
