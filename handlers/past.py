"""Periods that are over: which one somebody means, and what a unit still lacks in it. Reads only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from handlers.drafting import Desk
from handlers.feature import Turn
from handlers.message import Reply
from handlers.owing import Item, Span, span_of
from handlers.rules.periods import before, is_key
from handlers.rules.periods import name as period_name
from handlers.whole_report import owed

BACK = 8  # periods back that are known by their names


class Say:
    LAST = r"(?:上期|上一期|上次|上个?季度|上个?月|上个?半年|上半期|上年|去年|上年度)(?:度)?"
    OF = r"[的\s:：，,]*"
    THIS = r"(?:(?:本|这|这个|当前)(?:期|季度?|月|半年|年度?)|今年|目前|现在)?(?:度)?"
    NO_PERIOD = "没有“{said}”这个报送期。可以说：{known}。"
    LIST = "、"


async def past_period(turn: Turn, desk: Desk) -> str | None:
    """The period of a draft that is not of the present one; None for the present one's."""
    present = await present_of(turn, desk.draft.notice)
    return desk.draft.period if desk.draft.period != present.key else None


async def present_of(turn: Turn, notice: str) -> Span:
    """The period people report for now."""
    return span_of(await turn.work.plans.current(notice), turn.now.date(), turn.workdays)


def periods_before(span: Span) -> Iterator[str]:
    """The periods before this one, latest first."""
    key = before(span.key)
    for _ in range(BACK):
        if key is None:
            return
        yield key
        key = before(key)


def said_period(turn: Turn, span: Span, said: str) -> tuple[str | None, str]:
    """The past or overdue period that the words begin with, the last one if they name none; and the other words.
    None where there is no period before."""
    due, today = span.due, turn.now.date()
    over = bool(due and turn.now.tzinfo and turn.now > due.moment(turn.now.tzinfo))
    keys = [*([span.key] if over else []), *periods_before(span)]
    for key in keys:
        for word in {period_name(key, today), period_name(key), key}:
            if said.upper().startswith(word.upper()):
                return key, re.sub(f"^{Say.OF}", "", said[len(word) :])
    if keys and (found := re.match(Say.LAST, said)):
        return next(periods_before(span), keys[0]), re.sub(f"^{Say.OF}", "", said[found.end() :])
    return (keys[0] if keys else None), said


async def still_lacking(turn: Turn, span: Span) -> tuple[str, list[Item]]:
    """The period just past and what the sender's units did not report in it; nothing where the plan is younger."""
    key = before(span.key)
    if key is None or span.plan is None:
        return "", []
    items = [item for item in await owed(turn, period=key) if item.open and item.stored.notice == span.plan.notice]
    asked = [i for i in items if i.span.due and i.span.due.day >= span.plan.made_at.date()]
    return key, asked


async def period_meant(turn: Turn, said: str, without: str) -> str | Reply | None:
    """The key of a period that was reported for, or is a key; None = the present one. `without`: what to say then."""
    plain, today = said.replace(" ", ""), turn.now.date()
    if re.fullmatch(Say.THIS, plain):
        return None
    if re.fullmatch(Say.LAST, plain):
        spans = [await present_of(turn, notice.key) for notice in turn.library.notices]
        return next((key for span in spans for key in periods_before(span)), None)
    keys = sorted({s.period for n in turn.library.notices for s in await turn.work.submissions.of_period(n.key)})
    names = {period_name(key, date.min): key for key in keys} | {period_name(key, today): key for key in keys}
    if plain in names:
        return names[plain]
    if is_key(plain.upper()):
        return plain.upper()
    known = Say.LIST.join(period_name(key, today) for key in keys)
    return Reply(Say.NO_PERIOD.format(said=said[:20], known=known or without))
