"""The notice's own target dates, said in one line of a deadline's first reminder before them. No reporting dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from handlers.remind_words import Part
from handlers.report_facts import target_words
from handlers.rules.periods import after, due_of
from handlers.rules.workdays import Workdays
from knowledge import Figure, Library, Measure

AHEAD = timedelta(days=60)  # after a deadline that no other follows


class Say:
    LINE = "另外，通知自己定的目标（和报送截止是两回事）：{list}。"
    ONE = "{name}{when}{value}（{place}）"
    BY_DAY, BY_YEAR = "到{due.year}年{due.month}月{due.day}日", "{year}年"
    MORE = "等{count}件"
    JOINED = "、"
    SHOWN = 2


def targets_line(parts: Sequence[Part], today: date, library: Library, workdays: Workdays) -> str:
    """What the notice wants reached before the next deadline, of what is still owed; "" for nothing."""
    found = [said for part in parts for said in targets_of(part, today, library, workdays)]
    more = Say.MORE.format(count=len(found)) if len(found) > Say.SHOWN else ""
    return Say.LINE.format(list=Say.JOINED.join(found[: Say.SHOWN]) + more) if found else ""


def targets_of(part: Part, today: date, library: Library, workdays: Workdays) -> Iterator[str]:
    """智慧(数字)校园2021年30所（附件1第7项）, one for each matter."""
    standing = part.standing
    following = after(standing.due.period)
    until = due_of(standing.terms, following, workdays).day if following else standing.due.day + AHEAD
    for item in part.items:
        near = [
            (measure, figure)
            for measure in item.facts.measures
            for figure in measure.targets
            if figure.year and figure.value != 0 and today <= end_of(figure) < until  # 0: nothing to be reached yet
        ]
        for measure, figure in near[:1]:
            yield in_words(item.facts.name, measure, figure, library, standing.notice)


def end_of(figure: Figure) -> date:
    """The day named, else the end of its year."""
    return figure.due or date(figure.year or date.max.year, 12, 31)


def in_words(name: str, measure: Measure, figure: Figure, library: Library, notice: str) -> str:
    """With its place; the day only if the notice names one."""
    when = Say.BY_DAY.format(due=figure.due) if figure.due else Say.BY_YEAR.format(year=figure.year)
    place = library.show(measure.refs[0], notice)
    return Say.ONE.format(name=name, when=when, value=target_words(figure, measure.unit), place=place)
