"""Ready steps for forms: a measured value with its checks, a line of text, a day, one of several words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias, cast

from handlers.form_steps import JSON, Asking, Choice, F, Got, Problem, Read
from handlers.form_words import tidy
from handlers.rules.checks import Finding, Said, Series, misshapen, plain, unlikely
from handlers.rules.days import Towards, read_day
from knowledge import read_quantity

SeriesOf: TypeAlias = "Callable[[Asking[F]], Series]"
DayOf: TypeAlias = "Callable[[Asking[F]], date]"
CODES = ("below", "far", "over", "jump", "moved")
MINOR = frozenset({"jump", "moved"})
DOES = ("again", "keep", "because", "replace")
LONGEST_LINE = 300  # characters of one sentence of 进展


class Say:
    LONG = "这一句有{length}字，请在{limit}字以内说清。"
    PAST_DAY = "{day}还没有到，数据截至哪天？例如今天、9月24日。"
    OVER_DAY = "{day}已经过了，是哪天？例如下周五、9月24日。"


def problem_of(finding: Finding) -> Problem:
    """A finding of the rules as a form's problem."""
    choices = tuple(
        Choice(way.label, cast(Literal["again", "keep", "because", "replace"], way.does), way.says)
        for way in finding.ways
        if way.does in DOES
    )
    return Problem(finding.text, choices, finding.code, finding.code in MINOR)


def said_value(text: str) -> Said | None:
    """The quantity a text consists of, as the checks want it."""
    found = read_quantity(text)
    if found is None:
        return None
    return Said(found.value, found.unit, found.high, found.approximate, found.bound)


def value_reader(series_of: SeriesOf[F]) -> Callable[[str, Asking[F]], Read]:
    """Reads a value of the series into its plain number as text ("35", "12.5")."""

    def read(text: str, asking: Asking[F]) -> Read:
        said = said_value(text)
        if said is None:
            return None
        found = next(misshapen(said, series_of(asking)), None)
        return problem_of(found) if found else Got(plain(said.value))

    return read


def value_checks(series_of: SeriesOf[F]) -> tuple[Callable[[JSON, Asking[F]], Problem | None], ...]:
    """One check per doubt, gravest first, so that each can be insisted on by itself."""

    def check_of(code: str) -> Callable[[JSON, Asking[F]], Problem | None]:
        def check(value: JSON, asking: Asking[F]) -> Problem | None:
            found = (f for f in unlikely(Decimal(str(value)), series_of(asking)) if f.code == code)
            return next(map(problem_of, found), None)

        return check

    return tuple(check_of(code) for code in CODES)


def line_reader(limit: int = LONGEST_LINE) -> Callable[[str, Asking[F]], Read]:
    """Reads any sentence up to a length, as one line: nobody's words make lines of their own on a card."""

    def read(text: str, _: Asking[F]) -> Read:
        line = " ".join(tidy(text).split())
        if len(line) > limit:
            return Problem(Say.LONG.format(length=len(line), limit=limit))
        return Got(line) if line else None

    return read


def day_reader(today_of: DayOf[F], towards: Towards) -> Callable[[str, Asking[F]], Read]:
    """Reads a day into ISO text; one in the wrong direction is a problem."""

    def read(text: str, asking: Asking[F]) -> Read:
        today = today_of(asking)
        day = read_day(text, today, towards)
        if day is None:
            return None
        if towards == "past" and day > today:
            return Problem(Say.PAST_DAY.format(day=text.strip()[:20]))
        if towards == "future" and day < today:
            return Problem(Say.OVER_DAY.format(day=text.strip()[:20]))
        return Got(day.isoformat())

    return read


def choice_reader(words: Mapping[str, str]) -> Callable[[str, Asking[F]], Read]:
    """Reads one of several words (as said → value), blanks and end marks ignored."""

    def read(text: str, _: Asking[F]) -> Read:
        said = "".join(tidy(text).split()).strip("。.!！")
        return Got(words[said]) if said in words else None

    return read
