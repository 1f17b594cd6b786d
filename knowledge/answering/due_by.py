"""6月底前完成的有啥: rows and sentences whose own time ends by a month, soonest first. Whole years are dues."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.answering.dues import called_at
from knowledge.answering.printing import place
from knowledge.answering.saying import refused, said
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.parsing.columns import Role, role_of
from knowledge.pieces import UNDER, Of, Piece
from knowledge.question import Question
from knowledge.text import normal, squeeze

MOST = 20
DONE = "完成|到位|做完|办完|建成|交付|截止|到期|达到|做好|实现|办结|结束|报"
ASKED = re.compile(
    rf"(?P<month>1[0-2]|[1-9])月(?:份|底|末|中旬|[上下]旬|\d{{1,2}}[日号])?(?P<by>之?前|以前)?[^,。]{{0,8}}(?:{DONE})[^,。]{{0,6}}(?:哪|啥|什么|几|多少)"
    rf"|(?:哪|啥|什么|几|多少)[^,。]{{0,10}}?(?P<month2>1[0-2]|[1-9])月(?:份|底|末|中旬|[上下]旬|\d{{1,2}}[日号])?(?P<by2>之?前|以前)?[^,。]{{0,6}}(?:{DONE})"
)
WRITTEN = re.compile(r"(?:(?P<year>20\d\d)年)?(?P<month>1[0-2]|[1-9])月")


class Say:
    HEAD_BY, HEAD_IN = "通知里写明{month}月底前完成的有{n}处：", "通知里写明{month}月完成的有{n}处："
    LINE = "{i}. {when}：{what}〔{place}〕"
    NONE = "通知里没有写明{month}月要完成的事项。"
    NEXT = ("我的任务", "有哪些指标")


@dataclass(frozen=True, slots=True)
class Dated:
    """A piece with its own time: the words, and (year or 0, month) to sort by."""

    piece: Piece
    when: str
    at: tuple[int, int]


def answer_due_by(question: Question, catalog: Catalog) -> Answer | None:
    """What ends by the month that was said (in it, without 前); None when no month is asked for a list."""
    found = ASKED.search(question.text)
    if not found or question.bodies or question.own or question.topic:
        return None
    month = int(found["month"] or found["month2"])
    by = bool(found["by"] or found["by2"])
    years = question.years.years
    due = [
        one
        for one in _dated(catalog)
        if (one.at[1] <= month if by else one.at[1] == month) and (not years or one.at[0] in (0, *years))
    ]
    if not due:
        return refused([Say.NONE.format(month=month)], Say.NEXT, 0.6)
    shown = sorted(due, key=lambda one: one.at)[:MOST]
    head = (Say.HEAD_BY if by else Say.HEAD_IN).format(month=month, n=len(due))
    lines = [
        Say.LINE.format(i=i, when=one.when, what=called_at(one.piece, one.when), place=place(one.piece.ref, catalog))
        for i, one in enumerate(shown, 1)
    ]
    return said([head, *lines], [one.piece.ref for one in shown], suggestions=Say.NEXT, route="lists")


def _dated(catalog: Catalog) -> Iterator[Dated]:
    """Rows by their column of times, else sentences by the time they begin with."""
    for piece in catalog.pieces:
        when = _cell(piece, catalog) if piece.of in (Of.INDICATOR, Of.PROJECT) else _words(piece)
        found = WRITTEN.search(normal(when)) if when else None
        if found:
            yield Dated(piece, squeeze(when), (int(found["year"] or 0), int(found["month"])))


def _cell(piece: Piece, catalog: Catalog) -> str:
    row = catalog.rows.get(piece.ref)
    return next((cell for name, cell in row.cells if role_of(name) is Role.DUE), "") if row else ""


def _words(piece: Piece) -> str:
    if piece.of != Of.SENTENCE:
        return ""
    times = UNDER.findall(normal(piece.text))
    return next((t for t in times if WRITTEN.search(t) and t.endswith(("前", "底", "末", "内"))), "")
