"""What units owe for the present period: matters, drafts, submissions and plan read together. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from handlers.plan_terms import plan_of
from handlers.rules.periods import Due, Frequency, current, key_of, span
from handlers.rules.periods import Plan as Terms
from handlers.rules.workdays import Workdays
from knowledge import Library, Matter
from storage import Draft, Plan, State, StoredMatter, Submission, Work

REPORTED = frozenset({State.PENDING, State.SECOND, State.APPROVED, State.SIGNING})


class Owes(StrEnum):
    """How a matter stands in a period, as printed in tables and exports (design.md §3)."""

    NOTHING = "未报"
    DRAFT = "草稿"
    SIGNING = "待审签"
    PENDING = "待审核"
    SECOND = "待复核"
    APPROVED = "通过"
    RETURNED = "退回补充"
    NO_DATA = "数据未出"


STATES: Mapping[State, Owes] = {
    State.SIGNING: Owes.SIGNING,
    State.PENDING: Owes.PENDING,
    State.SECOND: Owes.SECOND,
    State.APPROVED: Owes.APPROVED,
    State.RETURNED: Owes.RETURNED,
    State.NO_DATA: Owes.NO_DATA,
}


@dataclass(frozen=True, slots=True)
class Span:
    """The period people report for now; `due` None without a plan: then nothing is due."""

    key: str
    due: Due | None
    plan: Plan | None = None
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One matter in one period: its facts, and how far its report is."""

    stored: StoredMatter
    facts: Matter
    span: Span
    draft: Draft | None = None
    live: Submission | None = None
    last: Submission | None = None
    """The last approved value of an earlier period."""

    @property
    def owes(self) -> Owes:
        """Its state in the words of the tables."""
        if self.live:
            return STATES[self.live.state]
        return Owes.DRAFT if self.draft and self.draft.state == "open" and self.draft.answers else Owes.NOTHING

    @property
    def open(self) -> bool:
        """Still to be reported: nothing handed in that stands."""
        return self.owes in (Owes.NOTHING, Owes.DRAFT, Owes.RETURNED)


def span_of(plan: Plan | None, today: date, workdays: Workdays) -> Span:
    """The period of a day by the plan; by quarter, with nothing due, without one."""
    terms = plan_of(plan.terms) if plan and plan.state in ("published", "trial") else None
    if plan is None or terms is None:
        return Span(key_of(Frequency.QUARTER, today), None)
    due = current(terms, today, workdays)
    return Span(due.period, due, plan, terms)


def covers(span: Span, key: str) -> bool:
    """Whether the plan asks for a matter."""
    return span.terms is None or not span.terms.covers or key in span.terms.covers


async def items_of(
    work: Work, library: Library, notice: str, now: datetime, *, unit: str | None = None, workdays: Workdays
) -> list[Item]:
    """The matters that the unit (every unit) leads, in printed order, each with its report of the present period."""
    span = span_of(await work.plans.current(notice), now.date(), workdays)
    stored = [m for m in await work.matters.current(notice) if unit is None or unit in m.lead_units]
    if not stored:
        return []
    drafts = {d.matter_id: d for d in await work.drafts.of_period(notice, span.key)}
    lives = {s.matter_id: s for s in await work.submissions.of_period(notice, span.key) if s.live}
    lasts = last_before(await work.submissions.approved(notice), span.key)
    facts = {m.key: m for m in library.matters(notice)}
    return [
        Item(m, facts[m.key], span, drafts.get(m.id), lives.get(m.id), lasts.get(m.id))
        for m in stored
        if m.key and m.key in facts and covers(span, m.key)
    ]


async def item_of(work: Work, library: Library, stored: StoredMatter, now: datetime, workdays: Workdays) -> Item | None:
    """One matter with its report of the present period; None when its text is in no published version."""
    facts = next((m for m in library.matters(stored.notice) if m.key == stored.key), None)
    if facts is None:
        return None
    span = span_of(await work.plans.current(stored.notice), now.date(), workdays)
    drafts = [await work.drafts.find(unit, stored.id, span.key) for unit in stored.lead_units]
    live = await work.submissions.live(stored.id, span.key)
    last = last_before(await work.submissions.versions(stored.id), span.key).get(stored.id)
    return Item(stored, facts, span, next((d for d in drafts if d), None), live, last)


def last_before(submissions: Iterable[Submission], period: str) -> dict[int, Submission]:
    """Per matter the approved value of the latest period before this one; an opening balance counts."""
    start = span(period)[0]
    found = [s for s in submissions if s.state is State.APPROVED and s.live and span(s.period)[0] < start]
    return {s.matter_id: s for s in sorted(found, key=lambda s: (span(s.period)[0], s.version))}
