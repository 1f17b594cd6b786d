"""Why the notice was issued and on what it rests: its opening sentence. Nothing about single duties."""

from __future__ import annotations

import re

from knowledge.answering.printing import place, quoted
from knowledge.answering.saying import said
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.notice import Ref
from knowledge.phrases import Aspect
from knowledge.pieces import SENTENCE
from knowledge.question import Question

GROUND = re.compile(r"根据|按照|依据|依照|贯彻|为[^了]{0,2}|为了|经.{0,12}同意")
OPENINGS = 4


class Say:
    PRINTED = "{quote}〔{place}〕"
    NEXT = ("有哪些指标", "我的任务")


def answer_reason(question: Question, catalog: Catalog) -> Answer | None:
    """The sentence that says why; None when that is not asked of the notice as a whole."""
    if not question.asks(Aspect.REASON) or question.units or question.spots:
        return None
    refs = [r for r in catalog.passages if r.split(":")[0].endswith("body")][:OPENINGS]
    for ref in refs:
        for found in SENTENCE.finditer(catalog.passages[ref]):
            if GROUND.search(found.group()[:40]) and len(found.group()) > 12:
                line = Say.PRINTED.format(quote=quoted(found.group(), 300), place=place(Ref(ref), catalog))
                return said([line], [Ref(ref)], suggestions=Say.NEXT, route="reason")
    return None
