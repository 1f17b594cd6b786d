"""What is said of a matter's progress: its value, state and standing, as far as the asker may see them. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from handlers.feature import Turn
from handlers.owing import Item, Owes
from handlers.report_facts import number
from handlers.rights import about_matter, allowed
from handlers.rules.checks import plain
from handlers.rules.lights import Bounds, Standing, coloured, in_words, pace, standing, why
from handlers.rules.permissions import Action
from knowledge import Measure
from storage import State, Submission


class Say:
    ROW = "{mark}{name}：{value}{state}"
    STATE = "（{state}）"
    NOTHING_YET = "未报"
    VALUE = "{measure}：{value}{unit}（数据截至{month}月{day}日，{state}）"
    VALUE_UNDATED = "{measure}：{value}{unit}（{state}）"
    NOW = "现在是{light}。"
    APPROVED = "已审核"


def by_right(turn: Turn, item: Item) -> tuple[Submission | None, Submission | None]:
    """(the approved value, the one that waits) as far as the asker may see them."""
    about = about_matter(item.stored)
    live = item.live
    approved = live if live and live.state is State.APPROVED else item.last
    waits = live if live and live.state is not State.APPROVED else None
    may_approved = allowed(turn, Action.SEE_APPROVED, about)
    may_waiting = allowed(turn, Action.SEE_SUBMITTED, about)
    return (approved if may_approved else None), (waits if may_waiting else None)


def row(turn: Turn, number_: int, item: Item) -> str:
    """1. 智慧校园：35所 …（待审核）"""
    approved, waits = by_right(turn, item)
    shown = waits or approved
    value = value_words(item, shown) if shown else Say.NOTHING_YET
    first = first_standing(item, shown, turn.now.date()) if shown else None
    words = f"，{in_words(first)}" if first else ""
    state = Say.STATE.format(state=item.owes.value) if shown or item.owes is not Owes.NOTHING else ""
    return Say.ROW.format(mark=f"{number_}. ", name=item.stored.name, value=value + words, state=state)


def value_words(item: Item, submission: Submission) -> str:
    """35所; several measures by name; a stage as it is."""
    if submission.figures.get("stage"):
        return submission.figures["stage"]
    named = [(m, submission.figures.get(m.key)) for m in item.facts.measures]
    said = [f"{m.name if len(named) > 1 else ''}{value}{m.unit}" for m, value in named if value]
    return "，".join(said) or submission.line or Say.NOTHING_YET


def first_standing(item: Item, submission: Submission, today: date) -> Standing | None:
    """How the first measure stands today."""
    return standing_of(item.facts.measures[0], submission, today) if item.facts.measures else None


def standing_of(measure: Measure, submission: Submission, today: date, bounds: Bounds | None = None) -> Standing:
    """How a measure stands against the year's target, on the day the value stands for (not the day it is looked at)."""
    today = min(submission.as_of or today, today)
    targets: dict[int, Decimal] = {t.year: t.value for t in measure.targets if t.year and t.value is not None}
    value = number(submission.figures.get(measure.key))
    return standing(measure.kind, measure.unit, targets, value, today, bounds)


def measured(item: Item, submission: Submission, today: date, bounds: Bounds | None, *, colours: bool) -> Sequence[str]:
    """The measures one by one."""
    lines: list[str] = []
    for measure in item.facts.measures:
        stands = standing_of(measure, submission, today, bounds)
        if stands.value is None:
            continue
        words = {"measure": measure.name, "value": plain(stands.value), "unit": measure.unit}
        state = Say.APPROVED if submission.state is State.APPROVED else item.owes.value
        day = submission.as_of
        lines.append(
            Say.VALUE.format(**words, state=state, month=day.month, day=day.day)
            if day
            else Say.VALUE_UNDATED.format(**words, state=state)
        )
        lines += [why(stands) if bounds else in_words(stands)]
        lines += [Say.NOW.format(light=coloured(stands.light))] if bounds and colours else []
        final = measure.targets[-1] if measure.targets else None
        due = date(final.year, 12, 31) if final and final.year else None
        if due and final and (text := pace(stands, due, final.value, whole=measure.whole)):
            lines.append(text)
    return lines
