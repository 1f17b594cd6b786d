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

GROUND = re.compile(r"根据|依据|依照|按照《|按照[^。]{2,30}(?:要求|部署|精神)")
AIM = re.compile(r"^为(?!了?你)|为了|经[^，。]{2,12}同意|国务院决定")
SHORTEST, LONG = 12, 300
OPENINGS = 4


class Say:
    PRINTED = "{quote}〔{place}〕"
    NEXT = ("有哪些指标", "我的任务")


def answer_reason(question: Question, catalog: Catalog) -> Answer | None:
    """The sentence that says why; None when that is not asked of the notice as a whole."""
    if not question.asks(Aspect.REASON) or question.units or question.spots:
        return None
    refs = [Ref(r) for r in catalog.passages if r.split(":")[0].endswith("body")][:OPENINGS]
    told = [
        (r, m.group().strip()) for r in refs for m in SENTENCE.finditer(catalog.bare(r)) if len(m.group()) > SHORTEST
    ]
    found = [t for p in (GROUND, AIM) for t in told if p.search(t[1])]
    if not found:
        return None
    ref, sentence = found[0]
    line = Say.PRINTED.format(quote=quoted(sentence, LONG), place=place(ref, catalog))
    return said([line], [ref], suggestions=Say.NEXT, route="reason")
