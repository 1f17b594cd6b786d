"""五大行动是哪五个: the sections that a number in front of a noun counts. Lists headings; knows no figures."""

from __future__ import annotations

import re

from knowledge.answering.printing import place
from knowledge.answering.saying import said
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.phrases import Aspect
from knowledge.question import Question
from knowledge.text import NUMERAL, read_numeral, squeeze

COUNTED = re.compile(
    rf"(?P<n>\d{{1,2}}|[{NUMERAL}]{{1,3}})(?:大|项|个)(?P<what>[\u4e00-\u9fff]{{2,4}}?)(?=都|是|有|包|分|具|指|哪|怎|各|[,?]|$)"
)
NUMBERED = re.compile(rf"^[{NUMERAL}\d]+[、.．]\s*")


class Say:
    HEAD = "{what}共{n}个："
    LINE = "{number}. {heading}〔{place}〕"
    NEXT = ("有哪些指标", "我的任务")


def answer_counted(question: Question, catalog: Catalog) -> Answer | None:
    """The headings that hold the noun, when there are exactly as many as were said."""
    found = COUNTED.search(question.text)
    if not found or question.bodies or not (question.asks(Aspect.CONTENT) or question.defines):
        return None
    what, n = found["what"], read_numeral(found["n"])
    named = [s for s in catalog.notice.sections if what in s.heading]
    if n is None or len(named) != n or not n > 1:
        return None
    lines = [
        Say.LINE.format(number=i, heading=NUMBERED.sub("", squeeze(s.heading)), place=place(s.ref, catalog))
        for i, s in enumerate(named, 1)
    ]
    return said(
        [Say.HEAD.format(what=what, n=n), *lines], [s.ref for s in named], suggestions=Say.NEXT, route="counted"
    )
