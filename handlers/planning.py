"""The office's sentence about reporting against a notice: the plan it means, or what is not understood or missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handlers.rules.periods import Plan, next_dues
from handlers.rules.plan_sentence import PlanDraft
from handlers.rules.plan_sentence import read_plan as read_sentence
from handlers.rules.plan_words import due_in_words, in_words
from handlers.rules.workdays import Workdays
from knowledge import Library

SURE = 0.6  # a matter is named by words this like its name


class Say:
    UNKNOWN = "这几个词没看懂：{words}。可以这样说：每季度最后一个月25日17点前报送，提前5、2、0个工作日提醒。"
    MISSING = "还缺{slots}。可以这样说：每季度最后一个月25日17点前报送，提前5、2、0个工作日提醒。"
    SLOTS: Mapping[str, str] = {"frequency": "多久报一次", "month": "哪个月", "day": "几号", "once": "哪一天"}
    RECORDED = "记为：{words}。"
    COVERS = "只管：{names}。"
    DATES = "最近三次：{dates}。"
    NO_DATES = "之后没有到期的日子。"
    JOINED = "、"
    UNCOVERED = "（放假和调休安排还没有公布到那时，按周一至周五推算）"


@dataclass(frozen=True, slots=True)
class PlanRead:
    """The plan, or (None) the one line that says why there is none; the draft keeps what was understood."""

    plan: Plan | None
    problem: str
    draft: PlanDraft


def read_plan(sentence: str, library: Library, notice: str, today: date | None = None) -> PlanRead:
    """What the sentence says about this notice's matters."""
    matters = library.matters(notice)

    def covers(words: str) -> tuple[str, ...] | None:
        found = library.find_matters(words, matters)
        return (found[0][0].key,) if found and found[0][1] >= SURE else None

    draft = read_sentence(sentence, today or date.min, covers)
    if draft.unknown:
        words = Say.JOINED.join(f"“{word}”" for word in draft.unknown)
        return PlanRead(None, Say.UNKNOWN.format(words=words), draft)
    if draft.missing:
        slots = Say.JOINED.join(Say.SLOTS[slot] for slot in draft.missing)
        return PlanRead(None, Say.MISSING.format(slots=slots), draft)
    return PlanRead(draft.plan(), "", draft)


def described(plan: Plan, today: date, library: Library | None = None, notice: str | None = None) -> list[str]:
    """The plan in words with its next three dates, printed and moved."""
    workdays = Workdays()
    lines = [Say.RECORDED.format(words=in_words(plan))]
    if plan.covers and library:
        names = {m.key: m.name for m in library.matters(notice)}
        lines.append(Say.COVERS.format(names=Say.JOINED.join(names.get(key, key) for key in plan.covers)))
    dues = next_dues(plan, workdays, today)
    dates = Say.JOINED.join(due_in_words(due, workdays, today) for due in dues)
    lines.append(Say.DATES.format(dates=dates) if dues else Say.NO_DATES)
    if any(not due.covered for due in dues):
        lines.append(Say.UNCOVERED)
    return lines
