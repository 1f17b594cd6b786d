"""这个文件讲啥的: what the document is, its parts, and what its tables hold. Says nothing of any one of them."""

from __future__ import annotations

import re

from knowledge.answering.entries import short
from knowledge.answering.printing import place
from knowledge.answering.saying import said
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.notice import Ref
from knowledge.question import Question
from knowledge.text import NUMERAL, squeeze

DOCUMENT = "(?:(?:这|该|本|此)(?:个|份|篇|件)?)?(?:文件|通知|文|公文|方案|意见|办法|计划|材料|东西)"
WHAT = "(?:什么|啥|哪些|哪几|几)(?:个|些|方面|内容|事|东西|部分)*"
OF_IT = "(?:的|了)*(?:是)?"
ASKED = re.compile(
    rf"^(?:请问)?{DOCUMENT}(?:主要|大概|都|里|里面|到底|总体)*(?:是)?"
    rf"(?:讲|说|写|关于|干|涉及|包括|有|部署|安排|要求){OF_IT}{WHAT}(?:的|吗|呢)*$"
    rf"|^(?:主要|大概|都)?(?:讲|说|写){OF_IT}{WHAT}(?:的|吗|呢)*$"
    rf"|^{DOCUMENT}?(?:的)?(?:主要|核心|大致|基本)(?:内容|意思|精神)(?:是)?(?:什么|啥)?$"
    rf"|^(?:{DOCUMENT})?(?:一共|总共|主要)?(?:讲|说|分|有|写|分成|分为)了?(?:几|哪几|哪些)(?:个)?(?:部分|方面|块|章|大块)$"
)
PART = re.compile(r"body:\d+")
NUMBERED = re.compile(rf"^[{NUMERAL}\d]+[、.．]\s*")
MOST = 12  # parts listed


class Say:
    TITLE = "《{title}》"
    PARTS = "共{n}部分："
    PART = "{i}. {heading}〔{place}〕"
    MORE = "…等{n}部分。"
    TABLES = "附表列了{tables}。"
    INDICATORS, PROJECTS, MEMBERS = "指标{n}项", "项目{n}个", "成员{n}人"
    NEXT = ("我的任务", "有哪些指标", "有哪些项目")


def answer_outline(question: Question, catalog: Catalog) -> Answer | None:
    """Title, parts in order, counts of the tables; None when something in particular is asked."""
    if not ASKED.search(question.text.strip("?？。!")) or question.bodies or question.own or question.focus:
        return None
    notice = catalog.notice
    parts = [s for s in notice.sections if PART.fullmatch(s.ref)] or list(notice.sections)
    lines = [Say.TITLE.format(title=squeeze(notice.title))] if notice.title else []
    lines += [Say.PARTS.format(n=len(parts))] if parts else []
    for i, part in enumerate(parts[:MOST], 1):
        heading = NUMBERED.sub("", squeeze(part.heading)) or short(catalog.passages.get(part.ref, ""))
        lines.append(Say.PART.format(i=i, heading=heading, place=place(part.ref, catalog)))
    lines += [Say.MORE.format(n=len(parts))] if len(parts) > MOST else []
    held = [
        words.format(n=len(rows))
        for words, rows in (
            (Say.INDICATORS, notice.indicators),
            (Say.PROJECTS, notice.projects),
            (Say.MEMBERS, notice.members),
        )
        if rows
    ]
    lines += [Say.TABLES.format(tables="、".join(held))] if held else []
    cites = [Ref("head"), *(part.ref for part in parts[:MOST]), *(table.ref for table in notice.tables)]
    return said(lines, cites, suggestions=Say.NEXT, route="outline") if parts else None
