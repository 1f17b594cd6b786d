"""What the text says of a day that was named: 3月20日前报什么. Reads no years."""

from __future__ import annotations

import re

from knowledge.answering.printing import places, quoted
from knowledge.answering.saying import refused, said
from knowledge.answering.sentences import twins
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.pieces import Of
from knowledge.question import Question
from knowledge.text import normal

DAY = re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})[日号]")
MOST = 3


class Say:
    PRINTED = "原文：{quote}〔{places}〕"
    NONE = "通知里没有写到{month}月{day}日。"
    NEXT = ("我的任务", "有哪些指标")


def answer_dated(question: Question, catalog: Catalog) -> Answer | None:
    """The sentences that name the day; None when no day is named or units are."""
    day = DAY.search(question.text)
    if not day or question.bodies or question.header:
        return None
    written = re.compile(rf"(?<!\d){day[1]}月{day[2]}日")
    found = [p for p in catalog.pieces if p.of == Of.SENTENCE and written.search(normal(p.text))][:MOST]
    if not found:
        return refused([Say.NONE.format(month=day[1], day=day[2])], Say.NEXT, 0.6)
    lines = [
        Say.PRINTED.format(quote=quoted(p.text), places=places(twins(p.text, p.ref, catalog)[:1], catalog))
        for p in found
    ]
    return said(lines, [p.ref for p in found], suggestions=Say.NEXT, route="dated")
