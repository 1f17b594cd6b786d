"""Takes the snapshot of a notice's matters from storage at one moment. Only approved values stand. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from handlers.as_printed import content_of, differs_of, printed, wanted_of
from handlers.bounds import bounds_of
from handlers.exempting import exempt_of, other_exempt
from handlers.meanwhile import disputed_of, ruling_of
from handlers.owing import Item as Owed
from handlers.owing import Span, last_before, sent_back, span_at, span_of, waits_of
from handlers.report_facts import number, target_of
from handlers.rules.lights import Bounds, in_words, standing
from handlers.rules.paragraphs import Amount, Progress, paragraph
from handlers.rules.periods import name as period_name
from handlers.rules.receipts import receipt
from handlers.rules.workdays import Workdays
from handlers.snapshot import Difficulty, MatterRow, Number, Snapshot, Version
from knowledge import Library, Matter, Measure, Notice
from storage import Contribution, Draft, Paragraph, Review, State, StoredMatter, Submission, Work

Wanted = Callable[[StoredMatter], bool]


class Say:
    STATES: Mapping[State, str] = {
        State.SIGNING: "待审签",
        State.PENDING: "待审核",
        State.SECOND: "待复核",
        State.APPROVED: "通过",
        State.RETURNED: "退回补充",
        State.WITHDRAWN: "撤回",
        State.CORRECTED: "已更正",
        State.NO_DATA: "数据未出",
    }
    NOTHING = "本期未报。"
    WAITS = "本期已报，{state}。"
    LAST = "上次审核通过的：{text}"
    LIST = "、"


@dataclass(frozen=True, slots=True)
class Books:
    """What storage knows of the notice, read at once."""

    span: Span
    now: datetime
    versions: Mapping[int, Sequence[Submission]]
    """By matter, oldest first."""
    drafts: Mapping[int, Draft]
    waits: Mapping[int, date]
    reworded: Mapping[int, Paragraph]
    reviews: Mapping[int, Sequence[Review]]
    files: Mapping[int, int]
    said: Mapping[int, Sequence[Contribution]] = field(default_factory=dict)
    """Other hands of the period, by matter."""
    bounds: Bounds = field(default_factory=Bounds)
    submitted: bool = False


async def take(
    work: Work,
    library: Library,
    notice: str,
    now: datetime,
    workdays: Workdays,
    *,
    period: str | None = None,
    wanted: Wanted | None = None,
    approved_only: bool = False,
    submitted: bool = False,
    head: str | None = None,
) -> Snapshot:
    """The snapshot for the present period, or for `period` alone. `wanted`: which matters; all without it.

    `submitted`: what was handed in stands before it is approved, for the eyes of its own unit.
    """
    facts = library.notice(notice)
    books = replace(await read_books(work, notice, now, workdays, period), submitted=submitted)
    known = {m.key: m for m in library.matters(notice)}
    pairs = [
        (m, known[m.key])
        for m in await work.matters.current(notice)
        if m.key and m.key in known and (wanted is None or wanted(m))
    ]
    rows = tuple(row_of(m, matter, books, library, facts) for m, matter in pairs)
    versions = tuple(
        version_of(s, row, matter, books, library.passage(matter.refs[0], notice)[:200])
        for row, (_, matter) in zip(rows, pairs, strict=True)
        for s in books.versions.get(row.id, ())
        if period in (None, s.period) and (not approved_only or s.state is State.APPROVED)
    )
    due = books.span.due.moment(now.tzinfo) if books.span.due and now.tzinfo else None
    exempt = (
        () if approved_only else (*exempt_of(versions), *other_exempt(rows, books.span.key, books.waits, books.said))
    )
    return Snapshot(
        notice, facts.title, books.span.key, period_name(books.span.key, now.date()), due, now,
        await work.audit.head() if head is None else head, printed(facts, library), rows, versions, exempt,
        facts.doc_no or "", facts.addressees or "",
        () if approved_only or wanted else await difficulties_of(work, notice),
    )  # fmt: skip


async def difficulties_of(work: Work, notice: str) -> tuple[Difficulty, ...]:
    """What units said they need help with and nobody has settled, oldest first."""
    asked = [r for r in await work.requests.open("difficulty") if r.notice in (None, notice)]
    return tuple(Difficulty(r.unit, str(r.body.get("matter", "")), str(r.body.get("words", ""))) for r in asked)


async def read_books(work: Work, notice: str, now: datetime, workdays: Workdays, period: str | None) -> Books:
    """Everything of the notice's submissions, for the present period or the given one."""
    plan = await work.plans.current(notice)
    span = span_at(plan, period, workdays) if period else span_of(plan, now.date(), workdays)
    versions = await work.submissions.of_period(notice)
    reviews: defaultdict[int, list[Review]] = defaultdict(list)
    for key in sorted({s.period for s in versions}):
        for review in await work.submissions.reviews_of_period(notice, key):
            reviews[review.submission_id].append(review)
    reported = sorted({s.matter_id for s in versions if s.period == span.key})
    by_matter: defaultdict[int, list[Submission]] = defaultdict(list)
    for s in versions:
        by_matter[s.matter_id].append(s)
    return Books(
        span, now, by_matter,
        {d.matter_id: d for d in sorted(await work.drafts.of_period(notice, span.key), key=lambda d: bool(d.answers))},
        waits_of(await work.requests.of_period(notice, span.key)),
        await work.submissions.paragraphs(notice), reviews, await work.files.counts(notice),
        {number: await work.contributions.of(number, span.key) for number in reported},
        await bounds_of(work),
    )  # fmt: skip


def row_of(stored: StoredMatter, facts: Matter, books: Books, library: Library, notice: Notice) -> MatterRow:
    """How the matter stands."""
    item = item_of(stored, facts, books)
    stands = standing_value(stored, books)
    numbers = tuple(number_of(measure, stands, books) for measure in facts.measures)
    shown = Say.LIST.join(dict.fromkeys(library.show(ref, stored.notice) for ref in facts.refs))
    due = item.due_at(books.now.tzinfo) if books.now.tzinfo else None
    return MatterRow(
        stored.id, facts.key, stored.name, tuple(facts.refs), shown, content_of(facts, notice, library),
        wanted_of(facts), stored.lead_units, stored.support_units, item.owes.value, due is not None and books.now > due,
        text_of(item, stands, numbers, books), numbers, stands.period if stands else "", stands.id if stands else None,
        stands.as_of if stands else None, stands.line if stands else "",
        stands.figures.get("stage", "") if stands else "", differs_of(facts, library, stored.notice),
        disputed_of(facts, library), ruling_of(facts, library, stored.notice),
    )  # fmt: skip


def item_of(stored: StoredMatter, facts: Matter, books: Books) -> Owed:
    """The matter with its report of the period."""
    here = [s for s in books.versions.get(stored.id, ()) if s.period == books.span.key]
    live = next((s for s in here if s.live), None)
    return Owed(
        stored, facts, books.span, books.drafts.get(stored.id), live, None, sent_back(here[-1] if here else None),
        books.waits.get(stored.id),
    )  # fmt: skip


def standing_value(stored: StoredMatter, books: Books) -> Submission | None:
    """The approved value that stands: the period's own, else the latest before it."""
    if books.submitted and (waits := next((s for s in books.versions.get(stored.id, ()) if counts(s, books)), None)):
        return waits
    own = [s for s in books.versions.get(stored.id, ()) if s.state is State.APPROVED]
    here = [s for s in own if s.period == books.span.key]
    return max(here, key=lambda s: s.version) if here else last_before(own, books.span.key).get(stored.id)


def counts(s: Submission, books: Books) -> bool:
    """Whether it is what the unit handed in for this period."""
    return s.live and s.period == books.span.key and s.state is not State.NO_DATA


def judged_on(stands: Submission, now: datetime) -> date:
    """The day a value is judged by: the one it stands for, not the one somebody looks."""
    return min(stands.as_of or stands.submitted_at.date(), now.date())


def number_of(measure: Measure, stands: Submission | None, books: Books) -> Number:
    """The measure with its value, target, percent; judged only where there is an approved value."""
    targets = {t.year: t.value for t in measure.targets if t.year and t.value is not None}
    blank = Number(measure.key, measure.name, measure.unit, measure.kind.value, tuple(sorted(targets.items())))
    value = number(stands.figures.get(measure.key)) if stands else None
    day = judged_on(stands, books.now) if stands else books.now.date()
    found = standing(measure.kind, measure.unit, targets, value, day, books.bounds)
    figure = target_of(measure, day.year)
    judged = value is not None and stands is not None and stands.kind != "opening"  # nobody was due to report that
    return Number(
        blank.measure, blank.name, blank.unit, blank.kind, blank.targets, value, found.year if targets else None,
        found.target, (figure.bound or "") if figure else "", found.percent if judged else None, found.expected,
        found.light.value if judged else "", in_words(found) if judged else "",
    )  # fmt: skip


def text_of(item: Owed, stands: Submission | None, numbers: Sequence[Number], books: Books) -> str:
    """The 进展情况 of the table: as somebody worded it, else made from what was reported; nothing is invented."""
    live = item.live
    if live and live.state is State.NO_DATA:
        expected = live.answers.get("expected")
        day = date.fromisoformat(str(expected)) if expected else None
        return bare(paragraph(Progress(item.stored.name, no_data=True, expected=day)), item.stored.name)
    here = stands is not None and stands.period == books.span.key
    said = worded(item, stands, numbers, books, here=here) if stands else ""
    if here:
        return said
    head = Say.WAITS.format(state=item.owes.value) if live else Say.NOTHING
    return head + (Say.LAST.format(text=said) if said else "")


def worded(item: Owed, stands: Submission, numbers: Sequence[Number], books: Books, *, here: bool) -> str:
    """The paragraph of the value that stands."""
    if stands.id in books.reworded:
        return books.reworded[stands.id].text
    return bare(paragraph(progress_of(item.facts, stands, numbers, support_of(item, books) if here else ())),
                item.stored.name)  # fmt: skip


def progress_of(
    facts: Matter, stands: Submission, numbers: Sequence[Number], support: tuple[tuple[str, str], ...] = ()
) -> Progress:
    """What the paragraph is made of."""
    kinds = {m.key: m.kind for m in facts.measures}
    several = len(facts.measures) > 1
    amounts = tuple(
        Amount(kinds[n.measure], n.value, n.unit, n.name if several else "", n.target, n.year,
               n.bound)
        for n in numbers
        if n.value is not None
    )  # fmt: skip
    return Progress(
        facts.name, stands.as_of, amounts, stands.figures.get("stage", ""), stands.line, stands.origin, support=support
    )


def bare(text: str, name: str) -> str:
    """Without the name in front: it stands in a column of its own."""
    return text.removeprefix(f"{name}：")


def support_of(item: Owed, books: Books) -> tuple[tuple[str, str], ...]:
    """What supporting units added."""
    said = books.said.get(item.stored.id, ())
    return tuple((c.unit, c.words) for c in said if c.kind in ("support", "town") and c.words)


def version_of(s: Submission, row: MatterRow, facts: Matter, books: Books, quote: str) -> Version:
    """A version as the list shows it."""
    figures = tuple(
        (m.name, m.unit, value)
        for m in facts.measures
        if (value := number(s.figures.get(m.key))) is not None
    )  # fmt: skip
    review = next((r for r in reversed(books.reviews.get(s.id, ())) if r.decision in ("approve", "return")), None)
    return Version(
        s.id, s.matter_id, row.name, row.places, s.lead_units or row.leads, s.period, s.version,
        Say.STATES[s.state], s.live, s.kind, figures, s.figures.get("stage", ""), s.as_of, s.line, s.origin,
        f"{s.unit}{s.post}", s.submitted_at.astimezone(books.now.tzinfo),
        f"{'、'.join(review.reviewer_units)}{review.post}" if review else "",
        review.decided_at.astimezone(books.now.tzinfo) if review else None,
        books.files.get(s.draft_id or 0, 0), s.reason, s.late, s.corrects_id is not None,
        receipt(s.period, s.receipt, books.now.date()) if s.receipt else "", quote,
    )  # fmt: skip
