"""What units owe for the present period: matters, drafts, submissions and plan read together. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from handlers.plan_terms import plan_of
from handlers.rules.periods import Due, Frequency, current, due_of, frequency_of, key_of, span
from handlers.rules.periods import Plan as Terms
from handlers.rules.workdays import Workdays
from knowledge import Library, Matter
from storage import Draft, Plan, Request, State, StoredMatter, Submission, Work

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
    returned: Submission | None = None
    """Handed in and sent back with a word (请补一句), not handed in again yet."""
    until: date | None = None
    """The day the office agreed to wait for (缓交)."""

    @property
    def owes(self) -> Owes:
        """Its state in the words of the tables."""
        if self.live:
            return STATES[self.live.state]
        if self.returned:
            return Owes.RETURNED
        return Owes.DRAFT if self.draft and self.draft.state == "open" and self.draft.answers else Owes.NOTHING

    @property
    def open(self) -> bool:
        """Still to be reported: nothing handed in that stands."""
        return self.owes in (Owes.NOTHING, Owes.DRAFT, Owes.RETURNED)

    @property
    def begun(self) -> bool:
        """Somebody filled something in that is not handed in: a first report, or a correction."""
        return self.draft is not None and self.draft.state == "open" and bool(self.draft.answers)

    def due_at(self, zone: tzinfo) -> datetime | None:
        """The moment it is due, the office's 缓交 counted in; None without a plan."""
        moment = self.span.due.moment(zone) if self.span.due else None
        return datetime.combine(self.until, moment.timetz()) if moment and self.until else moment

    def late(self, now: datetime) -> bool:
        """Whether it is overdue at this moment if handed in now."""
        due = self.due_at(now.tzinfo) if now.tzinfo else None
        return due is not None and now > due


def span_of(plan: Plan | None, today: date, workdays: Workdays) -> Span:
    """The period of a day by the plan; by quarter, with nothing due, without one."""
    terms = plan_of(plan.terms) if plan and plan.state in ("published", "trial") else None
    if plan is None or terms is None:
        return Span(key_of(Frequency.QUARTER, today), None)
    due = current(terms, today, workdays, plan.made_at.date())
    return Span(due.period, due, plan, terms)


def span_at(plan: Plan | None, period: str, workdays: Workdays) -> Span:
    """A given period by the plan; a period the plan does not know (it was changed meanwhile) has nothing due."""
    terms = plan_of(plan.terms) if plan and plan.state in ("published", "trial") else None
    if plan is None or terms is None or frequency_of(period) is not terms.frequency:
        return Span(period, None, plan, terms)
    return Span(period, due_of(terms, period, workdays), plan, terms)


def covers(span: Span, key: str) -> bool:
    """Whether the plan asks for a matter."""
    return span.terms is None or not span.terms.covers or key in span.terms.covers


async def items_of(
    work: Work,
    library: Library,
    notice: str,
    now: datetime,
    *,
    unit: str | None = None,
    period: str | None = None,
    workdays: Workdays,
) -> list[Item]:
    """The matters that the unit (every unit) leads, in printed order, each with its report of the present period (of
    `period`)."""
    plan = await work.plans.current(notice)
    span = span_at(plan, period, workdays) if period else span_of(plan, now.date(), workdays)
    stored = [m for m in await work.matters.current(notice) if unit is None or unit in m.lead_units]
    if not stored:
        return []
    found = [d for d in await work.drafts.of_period(notice, span.key) if unit in (None, d.unit)]
    drafts = {d.matter_id: d for d in sorted(found, key=lambda d: bool(d.answers))}
    versions = await work.submissions.of_period(notice, span.key)
    lives = {s.matter_id: s for s in versions if s.live}
    backs = {s.matter_id: s for s in versions} | lives
    lasts = last_before(await work.submissions.approved(notice), span.key)
    waits = waits_of(await work.requests.of_period(notice, span.key))
    facts = {m.key: m for m in library.matters(notice)}
    return [
        Item(
            m, facts[m.key], span, drafts.get(m.id), lives.get(m.id), lasts.get(m.id), sent_back(backs.get(m.id)),
            waits.get(m.id),
        )
        for m in stored
        if m.key and m.key in facts and covers(span, m.key)
    ]  # fmt: skip


async def item_of(
    work: Work,
    library: Library,
    stored: StoredMatter,
    now: datetime,
    workdays: Workdays,
    *,
    unit: str | None = None,
    period: str | None = None,
    draft: Draft | None = None,
) -> Item | None:
    """One matter with its report of the present period (of `period`), and the draft of `unit` (of any lead unit; the
    given one, if it was read already); None when its text is in no published version."""
    facts = next((m for m in library.matters(stored.notice) if m.key == stored.key), None)
    if facts is None:
        return None
    plan = await work.plans.current(stored.notice)
    span = span_of(plan, now.date(), workdays)
    span = span if period in (None, span.key) else span_at(plan, period or "", workdays)
    units = () if draft else (unit,) if unit else stored.lead_units
    drafts = [draft, *[await work.drafts.find(lead, stored.id, span.key) for lead in units]]
    versions = await work.submissions.versions(stored.id)
    here = [s for s in versions if s.period == span.key]
    live = next((s for s in here if s.live), None)
    waits = waits_of([r for r in await work.requests.of_period(stored.notice, span.key) if r.matter_id == stored.id])
    return Item(
        stored, facts, span, next((d for d in drafts if d), None), live, last_before(versions, span.key).get(stored.id),
        sent_back(here[-1] if here else None), waits.get(stored.id),
    )  # fmt: skip


def sent_back(last: Submission | None) -> Submission | None:
    """The last version of a period, if it was returned."""
    return last if last and last.state is State.RETURNED else None


def waits_of(requests: Sequence[Request]) -> dict[int, date]:
    """Per matter the last day the office granted."""
    granted = [r for r in requests if r.kind == "postpone" and r.state == "granted" and r.body.get("until")]
    return {r.matter_id: date.fromisoformat(str(r.body["until"])) for r in granted if r.matter_id}


def last_before(submissions: Iterable[Submission], period: str) -> dict[int, Submission]:
    """Per matter the approved value of the latest period before this one; an opening balance counts."""
    start = span(period)[0]
    found = [s for s in submissions if s.state is State.APPROVED and s.live and span(s.period)[0] < start]
    return {s.matter_id: s for s in sorted(found, key=lambda s: (span(s.period)[0], s.version))}
