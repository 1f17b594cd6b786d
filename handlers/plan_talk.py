"""Several things said about one plan, taken together: what is known so far, what is missing, what nobody understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date

from handlers.planning import read_plan
from handlers.rules.periods import Frequency
from handlers.rules.plan_sentence import PlanDraft
from knowledge import Library


class Say:
    SPANS: Mapping[Frequency, str] = {
        Frequency.MONTH: "每月",
        Frequency.QUARTER: "每季度",
        Frequency.HALF: "每半年",
        Frequency.YEAR: "每年",
        Frequency.ONCE: "只报一次",
    }
    DAY = "{number}日"


def plan_said(texts: Sequence[str], library: Library, notice: str, today: date) -> PlanDraft:
    """All slots of what was said, the later word counting; `unknown` is of the last text only."""
    draft = PlanDraft()
    for text in texts:
        draft = also(draft, text, library, notice, today)
    return draft


def also(draft: PlanDraft, text: str, library: Library, notice: str, today: date) -> PlanDraft:
    """The draft with one thing more: an answer (25, 最后一个月), a change (提前3天提醒), or a whole sentence."""
    said = Say.DAY.format(number=text.strip()) if text.strip().isdecimal() else text
    alone = read_plan(said, library, notice, today).draft
    span = Say.SPANS.get(draft.frequency, "") if draft.frequency and not alone.frequency else ""
    found = read_plan(f"{span}{said}", library, notice, today).draft if span else alone
    changed = {f.name: value for f in fields(PlanDraft) if (value := getattr(found, f.name)) is not None}
    base = draft if found.frequency in (None, draft.frequency) else replace(draft, month=None, once=None)
    return replace(base, **changed)
