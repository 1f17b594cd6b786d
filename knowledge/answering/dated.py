"""What the text says of a day that was named: 3月20日前报什么. Reads no years."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.answering.printing import places, quoted
from knowledge.answering.saying import refused, said
from knowledge.answering.sentences import twins
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.pieces import Of, Piece
from knowledge.question import Question
from knowledge.text import normal

DAY = re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})[日号]")
MOST = 3
TIME = "(什么时候|啥时候|几号|何时|哪天|多久|时间|截止)"
ASKED = re.compile(f"{TIME}.{{0,6}}(报|交)|(报|交).{{0,6}}{TIME}")
HANDED_IN = re.compile(
    r"(?:\d+日|月底|月末|季末|年底|\d+月底?|工作日内?)(?:之?前|内)[^。;]{0,90}"
    r"(?:报送|报至|报[省市县区]|上报|报告?给|报告)|每[月季年][^。;]{0,20}(?:报送|上报|报[省市县区])"
)
KINDS = re.compile("总结|方案|名单|进展|案例")


class Say:
    PRINTED = "原文：{quote}〔{places}〕"
    NONE = "通知里没有写到{month}月{day}日。"
    NEXT = ("我的任务", "有哪些指标")


def answer_dated(question: Question, catalog: Catalog) -> Answer | None:
    """The sentences that name the day; None when no day is named or units are."""
    reported = _reported(question, catalog)
    if reported:
        return reported
    day = DAY.search(question.text)
    if not day or question.bodies or question.header:
        return None
    written = re.compile(rf"(?<!\d){day[1]}月{day[2]}日")
    found = [p for p in catalog.pieces if p.of == Of.SENTENCE and written.search(normal(p.text))][:MOST]
    if not found:
        return refused([Say.NONE.format(month=day[1], day=day[2])], Say.NEXT, 0.6)
    return _told(found, catalog)


def _reported(question: Question, catalog: Catalog) -> Answer | None:
    """When something is to be handed in, where the text sets a time for that."""
    if not question.unstated or not ASKED.search(question.text) or question.bodies:
        return None
    found = [p for p in catalog.pieces if p.of == Of.SENTENCE and HANDED_IN.search(normal(p.text))]
    word = next((w for w in KINDS.findall(question.text)), "")
    return _told([p for p in found if word in p.text][:MOST], catalog) if found else None


def _told(found: Sequence[Piece], catalog: Catalog) -> Answer | None:
    if not found:
        return None
    lines = [
        Say.PRINTED.format(quote=quoted(p.text), places=places(twins(p.text, p.ref, catalog)[:1], catalog))
        for p in found
    ]
    return said(lines, [p.ref for p in found], suggestions=Say.NEXT, route="dated")
