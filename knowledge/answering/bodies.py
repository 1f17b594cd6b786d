"""Which units the notice gives work to, and how many: 涉及多少个部门, 责任单位有哪些."""

from __future__ import annotations

import re

from knowledge.answering.entries import entries
from knowledge.answering.printing import names
from knowledge.answering.saying import said
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.phrases import Aspect
from knowledge.question import Question

UNITS = re.compile("(单位|部门|委办局|局委办)")
ALL = re.compile(
    "(多少|几|哪些|哪几|所有|全部|名单|清单).{0,4}(单位|部门|委办局|局委办)|(单位|部门|委办局|局委办).{0,6}(多少|几|哪些|哪几|名单|清单|都有谁|列)"
)
TOGETHER = re.compile("共同|一起|联合|两家|多家|不止|合着|合作")
WITHOUT = re.compile("没有|没|不")


class Say:
    HEAD = "通知里有任务的单位共{n}家（据各表和正文责任单位统计）。"
    LEAD = "牵头（负责）的{n}家：{units}。"
    SUPPORT, ONLY = "配合的{n}家：{units}。", "只列为配合的{n}家：{units}。"
    NEXT = ("有哪些指标", "有哪些项目", "我的任务")


def answer_bodies(question: Question, catalog: Catalog) -> Answer | None:
    """All units that lead or support; None when it is about one matter, one unit or those without work."""
    named = question.topic or question.bodies or question.strangers or question.spots or question.header
    free = not (named or question.own)
    narrow = question.asks(Aspect.MOST, Aspect.CONFLICT, Aspect.DEADLINE) or TOGETHER.search(question.text)
    of_rows = question.nouns & {"indicator", "project", "article", "member", "conflicts"}
    if not free or narrow or of_rows or not ALL.search(question.text) or WITHOUT.search(question.text):
        return None
    every = entries(catalog)
    lead = list(dict.fromkeys(u for e in every for u in e.lead_units))
    support = list(dict.fromkeys(u for e in every for u in e.support_units))
    only = [u for u in support if u not in lead]
    if question.roles == {"lead"}:
        lines = [Say.LEAD.format(n=len(lead), units=names(lead))]
    elif question.roles == {"support"}:
        lines = [Say.SUPPORT.format(n=len(support), units=names(support))]
    else:
        lines = [Say.HEAD.format(n=len(lead) + len(only)), Say.LEAD.format(n=len(lead), units=names(lead))]
        lines += [Say.ONLY.format(n=len(only), units=names(only))] if only else []
    return said(lines, dict.fromkeys(e.ref for e in every), suggestions=Say.NEXT, route="lists") if every else None
