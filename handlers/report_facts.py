"""From a matter as the notice states it to what the form asks, and from the filled form to what is handed in."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from handlers.form_state import FormState
from handlers.meanwhile import shortly, target_ruling_of
from handlers.owing import Item
from handlers.report_form import Asked, ReportFacts, field_of, show_value
from handlers.rules.checks import Series, plain
from knowledge import Figure, Library, Matter, Measure
from storage import Entry, StoredMatter


class Say:
    CONFLICT = "\n通知里目标有两种说法：{sides}{ruling}。"
    RULED = "；办公室定了{ruling}"
    SIDE = "{place}“{quote}”"
    JOINED, PLACES = "；", "、"
    MOVED = "本期截止改到了{month}月{day}日，您填的数还在。"
    CLAUSES = r"[、，,；;。]"
    LONG = 40


def facts_of(item: Item, library: Library, today: date) -> ReportFacts:
    """What the form needs to know of the matter on this day."""
    notice = item.stored.notice
    places = Say.PLACES.join(dict.fromkeys(library.show(ref, notice) for ref in item.facts.refs[:4]))
    measures = tuple(asked(measure, item, today) for measure in item.facts.measures)
    origin = item.last.origin if item.last else ""
    stage = item.last.figures.get("stage", "") if item.last else ""
    return ReportFacts(
        item.stored.name, places, today, measures, origin, conflict_line(item.stored, item.facts, library), stage
    )


def asked(measure: Measure, item: Item, today: date) -> Asked:
    """A measure with its targets and its last approved value."""
    now, final = target_of(measure, today.year), measure.targets[-1] if measure.targets else None
    last = number(item.last.figures.get(measure.key)) if item.last else None
    series = Series(
        measure.name, measure.unit, measure.kind, measure.whole, last, now.value if now else None,
        final.value if final else None,
    )  # fmt: skip
    words = target_words(now, measure.unit) if now else ""
    return Asked(measure.key, series, now.year if now else None, words)


def target_of(measure: Measure, year: int) -> Figure | None:
    """The target of this year, else of the next year that has one, else of the last."""
    dated = [t for t in measure.targets if t.year is not None]
    later = [t for t in dated if t.year and t.year >= year]
    return later[0] if later else dated[-1] if dated else (measure.targets[0] if measure.targets else None)


def target_words(figure: Figure, unit: str) -> str:
    """59所以上, 3-5家, 力争80%: the value with the printed qualifier."""
    if figure.value is None:
        return figure.quote
    value = plain(figure.value) + (f"-{plain(figure.high)}" if figure.high is not None else "")
    bound = figure.bound or ""
    before = bound.startswith(("力争", "努力", "不", "约", "近", "超", "至少", "突破"))
    return f"{bound}{value}{figure.unit or unit}" if before else f"{value}{figure.unit or unit}{bound}"


def conflict_line(stored: StoredMatter, facts: Matter, library: Library) -> str:
    """Both quotes when two passages differ hard about the target of the matter."""
    hard = [c for c in library.conflicts_of(facts) if c.kind == "figure" and not c.soft]
    if not hard:
        return ""
    sides = [
        Say.SIDE.format(place=library.show(s.ref, stored.notice), quote=clause(s.quote, facts.name))
        for s in hard[0].sides
    ]
    ruling = shortly(target_ruling_of(facts, library, stored.notice))
    ruled = Say.RULED.format(ruling=ruling) if ruling else ""
    return Say.CONFLICT.format(sides=Say.JOINED.join(sides[:3]), ruling=ruled)


def clause(quote: str, name: str) -> str:
    """The quote; of a long one the clause that speaks of the name."""
    if len(quote) <= Say.LONG:
        return quote
    pairs = {name[i : i + 2] for i in range(len(name) - 1)}
    clauses = [c.strip() for c in re.split(Say.CLAUSES, quote) if c.strip()]
    return max(clauses, key=lambda c: sum(pair in c for pair in pairs), default=quote)[: Say.LONG]


def moved_line(item: Item) -> str:
    """That the deadline is another one since the draft was last touched; empty otherwise."""
    plan, draft, due = item.span.plan, item.draft, item.span.due
    if plan is None or draft is None or due is None or plan.version < 2 or plan.made_at <= draft.touched_at:
        return ""
    return Say.MOVED.format(month=due.day.month, day=due.day.day)


def number(text: str | None) -> Decimal | None:
    """The number of a stored figure; None where there is none (a stage)."""
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def entry_of(state: FormState, item: Item, now: datetime) -> Entry:
    """What is handed in: figures by measure, the line, 数据截至, 来源, reasons; late when the deadline is past."""
    answers = state.answers
    figures = {m.key: show_value(answers.get(field_of(m.key))) for m in item.facts.measures}
    figures = {key: value for key, value in figures.items() if value}
    if stage := answers.get("stage"):
        figures["stage"] = str(stage)
    day = answers.get("as_of")
    return Entry(
        figures,
        line=str(answers.get("line") or ""),
        as_of=date.fromisoformat(str(day)) if day else now.date(),
        origin=str(answers.get("origin") or ""),
        reason="；".join(state.reasons.values()),
        late=item.late(now),
        answers=state.to_json(),
    )
