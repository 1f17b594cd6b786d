"""Answers from the head of the document: 文号, date, issuer, 索引号, title, addressees, annexes."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import ClassVar

from knowledge.answering.printing import place, quoted
from knowledge.answering.saying import refused, said
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.notice import Ref
from knowledge.phrases import Aspect, group_patterns
from knowledge.question import Question
from knowledge.text import squeeze

HEAD = Ref("head")
ASKED_OF_IT = re.compile(
    "通知|文件|发文|成文|文号|索引|标题|题目|主送|抄送|落款|附件|字号|意见|方案|这份|公开|分类|日期|发布机|发布单|谁发|印发|发布|下发|叫什么|发的|几号文|的文$|(?:发|送)给(?:了)?(?:谁|哪)"
)
VAGUE = re.compile("(?:哪|什么)个?(?:文件|通知)|哪个文")
"""Asks for the document itself only when nothing else is said: 废止了哪个文件 does not."""
OPEN = re.compile("[^。\n()（）]*公开发布|公开(?:属性|方式)[^\n]{0,20}")
CATEGORY = re.compile(r"主题(?:分类|词)[:： |]*([^|\n]+)")


class Say:
    LABELS: ClassVar[dict[str, str]] = {
        "doc_no": "文号：{}",
        "date": "成文日期：{}",
        "issuer": "发布机构：{}",
        "index_no": "索引号：{}",
        "title": "标题：{}",
        "addressees": "主送：{}",
        "category": "主题分类：{}",
        "openness": "公开属性：{}",
    }
    DAY = "{0.year}年{0.month}月{0.day}日（{0:%Y-%m-%d}）"
    ANNEXES = "共{n}个附件："
    ANNEX = "{place}：{title}"
    PLACE = "〔文件头〕"
    NONE = "这份通知没有写{what}。可以问：某项目标、谁负责、原文。"
    NAMES: ClassVar[dict[str, str]] = {
        "doc_no": "文号",
        "date": "成文日期",
        "issuer": "发布机构",
        "index_no": "索引号",
        "title": "标题",
        "addressees": "主送单位",
        "category": "主题分类",
        "openness": "公开属性",
        "annexes": "附件",
    }
    NEXT = ("我的任务", "有哪些指标")


def answer_header(question: Question, catalog: Catalog) -> Answer | None:
    """The fields asked for, one a line; None when the question is not about the document itself."""
    fields = [f for f in question.header if f != "annexes" or not question.units]
    said_more = question.topic or question.rest
    if said_more and not {*fields} - {"title", "doc_no"} and not _named(VAGUE.sub("", question.text), fields):
        return None
    if not fields or not ASKED_OF_IT.search(question.text) or (question.bodies and "issuer" not in fields):
        return None
    named = {catalog.table_of(s.annex) for s in question.spots if s.annex and not s.row}
    if "annexes" in fields or ("title" in fields and named):
        return _annexes(catalog, named)
    if "title" in fields and len(fields) > 1 and not re.search("标题|题目|全称|名", question.text):
        fields.remove("title")
    if (
        "date" in fields
        and "issuer" in fields
        and not question.asks(Aspect.DEADLINE)
        and not re.search("日期|时间|什么时候|哪天|几号|哪年|何时", question.text)
    ):
        fields.remove("date")
    values = {f: _value(f, catalog) for f in fields}
    lines = [Say.LABELS[f].format(v) for f, v in values.items() if v]
    missing = [Say.NAMES[f] for f, v in values.items() if not v]
    if not lines:
        return refused([Say.NONE.format(what="、".join(missing))], Say.NEXT)
    lines += [Say.NONE.format(what="、".join(missing))] if missing else []
    return said([*lines, Say.PLACE], [HEAD], suggestions=Say.NEXT, route="header")


def _named(text: str, fields: Sequence[str]) -> bool:
    """Whether one of the fields is named in so many words."""
    return any(name in fields and p.search(text) for name, p in group_patterns("header"))


def _value(name: str, catalog: Catalog) -> str | None:
    notice = catalog.notice
    if name == "date":
        return Say.DAY.format(notice.date) if notice.date else None
    if name == "category":
        found = CATEGORY.search(catalog.passages.get(HEAD, ""))
        return found.group(1).strip() if found else None
    if name == "openness":
        found = next((m for t in catalog.passages.values() if (m := OPEN.search(t))), None)
        return squeeze(found.group()) if found else None
    return {
        "doc_no": notice.doc_no,
        "issuer": notice.issuer,
        "index_no": notice.index_no,
        "title": notice.title,
        "addressees": notice.addressees,
    }[name]


def _annexes(catalog: Catalog, named: Set[str]) -> Answer:
    """The titles of all annexes, or of those named."""
    titles = {t.ref: t.title for t in catalog.notice.tables if t.ref.startswith("annex")}
    for member in catalog.notice.members:
        titles.setdefault(Ref(member.ref.split(":")[0]), _first_line(catalog.passages.get(member.ref, "")))
    told = {ref: title for ref, title in titles.items() if not named or ref in named}
    if not told:
        return refused([Say.NONE.format(what=Say.NAMES["annexes"])], Say.NEXT)
    lines = [Say.ANNEX.format(place=place(ref, catalog), title=squeeze(title)) for ref, title in sorted(told.items())]
    return said(
        [*([] if named else [Say.ANNEXES.format(n=len(told))]), *lines],
        [HEAD, *sorted(told)],
        suggestions=Say.NEXT,
        route="header",
    )


def _first_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    named = [line for line in lines if not re.fullmatch(r"附件\s*\d+[:：]?", line)]
    return quoted(named[0], 60).strip("“”") if named else ""
