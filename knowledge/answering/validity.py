"""Whether this notice or an earlier one holds: the sentence that repeals, replaces or limits. Nothing about duties."""

from __future__ import annotations

import re

from knowledge.answering.printing import place, quoted
from knowledge.answering.saying import refused, said
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.notice import Ref
from knowledge.pieces import SENTENCE
from knowledge.question import Question
from knowledge.text import normal

ASKED = re.compile(
    "(还|是否|仍然?|继续)?有效(吗|么|没|期|力)|有没有效|失效|作废|废止|停止执行|停用|取代|替代|还(能|可以)?(用|管用|算数|执行)吗"
    "|(管|用|执行|实施|施行|有效)到(哪|什么|啥|几)|(管|有效)几年|(什么时候|啥时候|哪天|几时|何时)(起|开始)?(施行|生效|实施|执行)"
)
TELLING = re.compile("停止执行|废止|失效|作废|有效期|同时终止|不再执行|起(?:施行|执行|实施|生效)|执行至|实施至")
LONG, MOST = 220, 2


class Say:
    PRINTED = "原文：{quote}〔{place}〕"
    NOTHING = "通知没有写哪份文件停止执行，也没有写有效期。"
    NEXT = ("文号是什么", "什么时候发的")


def answer_validity(question: Question, catalog: Catalog) -> Answer | None:
    """The sentence that says what holds or ends; None when that is not asked of a document as a whole."""
    if not ASKED.search(question.text) or question.topic or question.bodies or question.spots:
        return None
    found = [
        (Ref(ref), sentence.strip())
        for ref in catalog.passages
        if ref.split(":")[0].endswith(("body", "note"))
        for sentence in SENTENCE.findall(catalog.bare(Ref(ref)))
        if TELLING.search(normal(sentence))
    ][:MOST]
    if not found:
        return refused([Say.NOTHING], Say.NEXT)
    lines = [Say.PRINTED.format(quote=quoted(s, LONG), place=place(r, catalog)) for r, s in found]
    return said(lines, dict.fromkeys(r for r, _ in found), suggestions=Say.NEXT, route="validity")
