"""Recognises that somebody wants to report, greet or ask for help. Checks no values; the form does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.answering.picking import ENOUGH, WEAK, Pick, rivals
from knowledge.answering.saying import asked_back, understood
from knowledge.asking import Answer, Outcome
from knowledge.catalog import Catalog
from knowledge.phrases import pattern
from knowledge.pieces import Of
from knowledge.question import Question
from knowledge.text import squeeze


class Say:
    OPEN = "填报：{name}"
    WHICH = "请问要填报哪一项？"
    SUGGEST = "填报{name}"
    HELP = (
        "您好，我是钉办，按通知原文回答问题、帮您填报进度。可以这样问：\n"
        "- 我们单位负责哪些指标\n- 某项指标目标是多少、谁负责、谁配合\n"
        "- 附件1第5项、第六条写了什么\n- 填报 事项 数值"
    )
    HELP_NEXT = ("我的任务", "有哪些指标", "填报")


def answer_help(text: str) -> Answer | None:
    """The greeting card, when the whole message is a greeting or asks what can be asked."""
    bare = re.sub(r"[^\w?]+", "", text)
    if bare and not pattern("help", "patterns").search(bare):
        return None
    return Answer(Outcome.HELP, Say.HELP, suggestions=Say.HELP_NEXT)


def wants_form(text: str) -> bool:
    """Whether the message reports or asks to report, rather than asks about reporting."""
    return bool(pattern("form", "patterns").search(text)) and not pattern("form", "not_a_form").search(text)


def answer_form(question: Question, catalog: Catalog, picked: Sequence[Pick]) -> Answer | None:
    """The form of the item named, with its value as said; a question back when the item is not clear."""
    if not wants_form(question.text):
        return None
    found = sorted(
        (p for p in picked if p.piece.of in (Of.INDICATOR, Of.PROJECT, Of.ARTICLE)),
        key=lambda p: -p.rank - (0.2 if p.piece.of == Of.INDICATOR else 0.0),
    )
    good = [p for p in found if p.hit.covered >= ENOUGH] or [p for p in found[:1] if p.hit.covered >= WEAK]
    if not good:
        mine = [i for i in catalog.notice.indicators if question.asker in i.lead_units]
        names = [Say.SUGGEST.format(name=squeeze(i.name)) for i in mine]
        return Answer(Outcome.FORM, Say.WHICH, suggestions=tuple(names[:3]), context=understood({"route": "form"}))
    close = rivals(good, catalog)
    if len(close) > 1:
        return asked_back(
            [Say.WHICH],
            [p.piece.ref for p in close],
            [Say.SUGGEST.format(name=squeeze(p.piece.name)) for p in close],
            route="form",
        )
    piece = good[0].piece
    matter = catalog.matter_of(piece.ref) or next(iter(catalog.matters_at(piece.ref)), None)
    return Answer(
        Outcome.FORM,
        Say.OPEN.format(name=squeeze(piece.name) or piece.text),
        (piece.ref,),
        context=understood({"route": "form", "refs": piece.ref}),
        matter=matter.key if matter else None,
        value=said_value(question.text, piece.name),
    )


def said_value(text: str, name: str) -> str | None:
    """The value in the message, as said; None when it says none."""
    rest = text.replace(squeeze(name).lower(), " ")
    found = list(pattern("form", "value").finditer(rest))
    if found:
        return next(g for g in found[-1].groups() if g)
    bare = re.findall(r"(?<![\d年第])[0-9][0-9.,]*(?:万|%|个|家|条|所|项|门|点|名|人次|件|处)?(?![\d年月日号])", rest)
    return str(bare[-1]) if bare else None
