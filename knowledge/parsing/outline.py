"""The numbering of a text: 第一章 一、 （一） 1. （1） ① 第一条 一是 — marks, their rank and the number as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from knowledge.text import NUMERAL, normal, read_numeral


class Rank(IntEnum):
    """Kinds of marks, the one that stands higher first."""

    PART = 0
    CHAPTER = 1
    SUBCHAPTER = 2
    COUNT = 3
    CLAUSE = 4
    BRACKET = 5
    DIGIT = 6
    DECIMAL = 7
    SUBDECIMAL = 8
    DIGIT_BRACKET = 9
    CIRCLE = 10
    SPOKEN = 11


CN = rf"[{NUMERAL}]{{1,4}}"
CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
MARKS: tuple[tuple[Rank, str], ...] = (
    (Rank.PART, rf"第({CN})[编篇部](?:分)?[\s\u3000、：:]*"),
    (Rank.CHAPTER, rf"第({CN}|\d{{1,3}})章[\s\u3000、：:]*"),
    (Rank.SUBCHAPTER, rf"第({CN}|\d{{1,3}})节[\s\u3000、：:]*"),
    (Rank.CLAUSE, rf"第({CN}|[\d０-９]{{1,3}})条[\s\u3000、：:]*"),
    (Rank.COUNT, rf"({CN})[、．][\s\u3000]*"),
    (Rank.BRACKET, rf"[（(〔][\s\u3000]*({CN})[\s\u3000]*[）)〕][\s\u3000、.．]*"),
    (Rank.SUBDECIMAL, r"\d{1,2}[.．]\d{1,2}[.．](\d{1,2})(?!\d|[.．%％])[\s\u3000、]+"),
    (Rank.DECIMAL, r"\d{1,2}[.．](\d{1,2})(?!\d|[.．%％])[\s\u3000、]+"),
    (Rank.DIGIT, r"([\d０-９]{1,3})(?:[.．](?![\d０-９]|$)|[.．](?=20\d\d年)|、)[\s\u3000]*"),
    (
        Rank.DIGIT_BRACKET,
        r"(?:[（(][\s\u3000]*([\d０-９]{1,3})[\s\u3000]*[）)]|(?<![\d（(])(\d{1,2})[）)])[\s\u3000、.．]*",
    ),
    (Rank.CIRCLE, rf"([{CIRCLES}])[\s\u3000]*"),
    (Rank.SPOKEN, r"([一二三四五六七八九十]{1,2})(?:是|要)"),
)
COMPILED = tuple((rank, re.compile(pattern)) for rank, pattern in MARKS)
FREE = re.compile(r"^[#*\s\u3000>]*")
"""Markdown before a heading."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A number at the beginning of a piece: its rank, value, where it starts and where the words begin."""

    rank: Rank
    number: int
    begin: int
    end: int


def mark_at(text: str, begin: int) -> Mark | None:
    """The mark that stands at `begin`, if one does."""
    for rank, pattern in COMPILED:
        found = pattern.match(text, begin)
        if found and (number := _number(rank, next(g for g in found.groups() if g))) is not None and number > 0:
            return Mark(rank, number, begin, found.end())
    return None


def mark_at_start(text: str) -> Mark | None:
    """The mark a paragraph begins with, Markdown signs skipped."""
    free = FREE.match(text)
    return mark_at(text, free.end() if free else 0)


def _number(rank: Rank, printed: str) -> int | None:
    if rank is Rank.CIRCLE:
        return CIRCLES.index(printed) + 1
    return read_numeral(normal(printed))


def marks_inside(text: str, rank: Rank, *, after: str = "。；：！？）)】”;:") -> Iterator[Mark]:
    """Marks of a rank inside a text that follow the end of a sentence."""
    pattern = dict(COMPILED)[rank]
    for found in pattern.finditer(text):
        begin = found.start()
        before = text[:begin].rstrip()[-1:]
        if begin and after and before not in after:
            continue
        number = _number(rank, next(g for g in found.groups() if g))
        if number:
            yield Mark(rank, number, begin, found.end())
