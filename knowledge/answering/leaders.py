"""Persons named beside a clause or in a column (责任领导：…), and posts that nobody is named for. No member list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.answering.duties import name_of
from knowledge.answering.picking import ENOUGH, Pick
from knowledge.answering.printing import place
from knowledge.answering.saying import refused, said
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.notice import Ref
from knowledge.phrases import Aspect
from knowledge.pieces import Of
from knowledge.question import Question
from knowledge.text import squeeze

LABEL = "(?:责任|分管|牵头|包抓|联系|挂钩|挂联|主管|市级|县级|区级)领导|责任人|负责人"
WRITTEN = re.compile(rf"(?P<label>{LABEL})[:：]\s*(?P<who>[^；;，,。（）()\s]{{2,20}})(?=[；;，,。（）()\s]|$)")
ASKED = re.compile(LABEL)
POST = re.compile(
    r"(?P<post>主任|联系人|经办人|局长|书记|镇长|县长|区长|市长|秘书长)(?:是|叫|姓)*(?:谁|哪位|哪个|什么)"
)
MOST = 8


class Say:
    LINE = "{name}的{label}：{who}〔{place}〕"
    NO_POST = "通知里没有写这个职务是谁。可以问：某项目标、谁负责、原文。"
    NEXT = ("我的任务", "有哪些指标")


def answer_leader(question: Question, catalog: Catalog, found: Sequence[Pick]) -> Answer | None:
    """Who is named as 责任领导 of what was asked; None when nobody of that kind is asked for."""
    asked = ASKED.search(question.text)
    if asked and question.topic and not question.bodies:
        refs = {p.piece.ref for p in found if p.hit.covered >= ENOUGH}
        label = asked.group()
        told = [(ref, written) for ref, written in named(catalog) if ref in refs and label in written]
        lines = [
            Say.LINE.format(name=_called(ref, catalog), label=label, who=who[label], place=place(ref, catalog))
            for ref, who in told[:MOST]
        ]
        if lines:
            return said(lines, [ref for ref, _ in told[:MOST]], suggestions=Say.NEXT, route="leader")
    post = POST.search(question.text)
    if post is None or not question.asks(Aspect.LEAD) or question.bodies:
        return None
    stated = any(p.hit.covered >= ENOUGH and post["post"] in catalog.passages.get(p.piece.ref, "") for p in found)
    return None if stated else refused([Say.NO_POST], Say.NEXT)


def named(catalog: Catalog) -> Iterator[tuple[Ref, dict[str, str]]]:
    """(place, {label: who}) of every passage and row that names persons so."""
    for ref, text in catalog.passages.items():
        written = {m["label"]: squeeze(m["who"]) for m in WRITTEN.finditer(text)}
        row = catalog.rows.get(ref)
        cells = (
            {name: squeeze(cell) for name, cell in row.cells if ASKED.fullmatch(squeeze(name)) and cell} if row else {}
        )
        if written or cells:
            yield ref, written | cells


def led_by(person: str, catalog: Catalog) -> list[tuple[Ref, str]]:
    """(place, line) of what a person is named beside."""
    return [
        (ref, Say.LINE.format(name=_called(ref, catalog), label=label, who=who, place=place(ref, catalog)))
        for ref, labels in named(catalog)
        for label, who in labels.items()
        if person in who
    ]


def _called(ref: Ref, catalog: Catalog) -> str:
    piece = next((p for p in catalog.pieces if p.ref == ref and p.of != Of.SENTENCE), None)
    return name_of(piece, catalog) if piece else place(ref, catalog)
