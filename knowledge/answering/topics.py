"""Answers about a topic in words: picks what it means, asks back when several fit, refuses when nothing does."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.answering.duties import duty, name_of
from knowledge.answering.items import Say as ItemSay
from knowledge.answering.items import answer_item
from knowledge.answering.picking import ENOUGH, WEAK, Pick, rivals, unmet
from knowledge.answering.printing import place
from knowledge.answering.saying import asked_back, refused
from knowledge.asking import Answer, Outcome
from knowledge.catalog import Catalog
from knowledge.notice import Ref
from knowledge.phrases import Aspect
from knowledge.pieces import Of, Piece
from knowledge.question import Question
from knowledge.text import letters, normal

SHORT = 2  # characters of a word that names nothing by itself
LEVEL, MOST = 0.03, 3  # texts that mean the topic as well as the best does
LIKELY, NAMED = 0.6, 0.4  # from here a weak match is worth asking back


class Say:
    NOT_HERE = (
        "这份通知里没有这个内容。可以问：我的任务、某项目标、谁负责、原文；其他事情请问牵头单位或联席会议办公室。"
    )
    HORIZON = "通知的目标只定了{first}年到{last}年，没有{year}年的目标。"
    ONE_YEAR = "通知的目标只定了{last}年，没有{year}年的目标。"
    NOT_STATED = "通知没有写“{what}”。{whom}可以问：目标、责任单位、完成时间、原文。"
    WHOM = "具体请问{units}。"
    DID_YOU_MEAN = "您是不是想问："
    CHOICE = "- {name}〔{place}〕"
    WHICH = "请问您问的是哪一项？"
    NEXT = ("我的任务", "有哪些指标", "有哪些项目")


def answer_topic(question: Question, catalog: Catalog, found: Sequence[Pick]) -> Answer:
    """What the notice says of the topic, a question back, or a plain no."""
    if not question.topic:
        return _without_topic(question, catalog)
    if not found or found[0].hit.covered < WEAK:
        return _no(question, catalog, None)
    best = max(found, key=lambda p: p.hit.covered).hit.covered
    if best < ENOUGH:
        return _meant(
            question,
            catalog,
            [p for p in found if p.hit.covered >= WEAK and (p.hit.joined >= LIKELY or p.hit.named >= NAMED)],
        )
    enough = max(ENOUGH, best - 0.2)
    good = [p for p in found if p.hit.covered >= enough or (p is found[0] and p.hit.covered >= ENOUGH)]
    stating = _stating(good, question, catalog)
    if not stating or (question.defines and not _defined(good, question)):
        return _no(question, catalog, good[0].piece)
    good = stating
    bare = _bare_word(good, question, catalog)
    if bare:
        return ask_which(bare, catalog)
    close = rivals(good, catalog)
    if len(close) > 1 and not _agree(close, question, catalog):
        return ask_which(close, catalog)
    return _first_told(good, question, catalog)


def _stating(good: Sequence[Pick], question: Question, catalog: Catalog) -> list[Pick]:
    """The picks, when the best one's passage says what notices rarely say; else those that say it."""
    if not question.unstated:
        return list(good)
    silent = {p.piece.ref for p in good if unmet(question, normal(catalog.passages.get(p.piece.ref, p.piece.text)))}
    return list(good) if good[0].piece.ref not in silent else [p for p in good if p.piece.ref not in silent]


def _first_told(good: Sequence[Pick], question: Question, catalog: Catalog) -> Answer:
    """The best pick's answer; where it has no number to give, that of a text that means the topic as well."""
    told = answer_item(good[0].piece, question, catalog)
    if told.outcome != Outcome.REFUSE or not question.asks(Aspect.TARGET) or question.years.years:
        return told
    level = [p for p in good[1:] if p.hit.covered >= good[0].hit.covered - LEVEL and p.piece.of == Of.SENTENCE]
    others = (answer_item(p.piece, question, catalog) for p in level[:MOST])
    return next((a for a in others if a.outcome == Outcome.ANSWER), told)


def _bare_word(good: Sequence[Pick], question: Question, catalog: Catalog) -> list[Pick]:
    """The rows named by a word so short that it is in several names, when nothing more is said: 企业."""
    word = letters("".join(question.topic))
    if len(word) > SHORT or question.aspects - {Aspect.TARGET} or question.units or question.spots or question.nouns:
        return []
    kinds = (Of.INDICATOR,) if question.aspects or question.years.spans else (Of.INDICATOR, Of.PROJECT)
    named: dict[str, Pick] = {}
    for pick in good:
        if pick.piece.of in kinds and word in letters(pick.piece.name):
            matter = catalog.matter_of(pick.piece.ref)
            named.setdefault(matter.key if matter else pick.piece.ref, pick)
    return list(named.values()) if len(named) > 1 else []


def _without_topic(question: Question, catalog: Catalog) -> Answer:
    if question.unstated:
        return refused([Say.NOT_STATED.format(what=_stated(question), whom="")], Say.NEXT)
    strange = [y for y in question.years.years if y not in catalog.years]
    if strange and catalog.years:
        one = catalog.years[0] == catalog.years[-1]
        line = (Say.ONE_YEAR if one else Say.HORIZON).format(
            last=catalog.years[-1], first=catalog.years[0], year=strange[0]
        )
        return refused([line], Say.NEXT, 0.8)
    if strange and not any(str(y) in catalog.full_text for y in strange):
        return refused([Say.NOT_HERE], Say.NEXT)
    if question.aspects - {Aspect.CONTENT, Aspect.WHERE, Aspect.REASON} and not question.numbers and not question.rest:
        return asked_back(
            [Say.WHICH],
            suggestions=[ItemSay.HOW_MUCH.format(name=i.name) for i in _own(question, catalog)],
            route="topic",
        )
    return refused([Say.NOT_HERE], Say.NEXT)


def _own(question: Question, catalog: Catalog) -> list[Piece]:
    return [
        p
        for p in catalog.pieces
        if p.of == Of.INDICATOR and (not question.asker or question.asker in catalog.indicators[p.ref].lead_units)
    ]


def _stated(question: Question) -> str:
    return next((m.group() for g in question.unstated if (m := g.search(question.text))), question.text)


def not_stated(question: Question, catalog: Catalog, found: Sequence[Pick]) -> Answer:
    """A plain no to what the notice nowhere says, with whom to ask."""
    return _no(question, catalog, found[0].piece if found and found[0].hit.covered >= ENOUGH else None)


def _no(question: Question, catalog: Catalog, piece: Piece | None) -> Answer:
    if piece is None and not question.unstated:
        return refused([Say.NOT_HERE], Say.NEXT)
    units = duty(piece, catalog)[1] if piece else ()
    whom = Say.WHOM.format(units="、".join(units)) if units else ""
    name = f"{name_of(piece, catalog)}：" if piece else ""
    return refused(
        [name + Say.NOT_STATED.format(what=_stated(question), whom=whom)], Say.NEXT, refs=piece.ref if piece else ""
    )


def _defined(good: Sequence[Pick], question: Question) -> bool:
    return any(w in normal(p.piece.text) for p in good[:1] for w in ("是指", "指的是", "包括", "包含"))


def _agree(close: Sequence[Pick], question: Question, catalog: Catalog) -> bool:
    if not question.asks(Aspect.LEAD) or question.asks(Aspect.TARGET):
        return False
    return len({duty(p.piece, catalog)[1] for p in close}) == 1


def ask_which(close: Sequence[Pick], catalog: Catalog) -> Answer:
    """您是不是想问, with at most three to choose from."""
    seen: dict[str, Ref] = {}
    for pick in close:
        seen.setdefault(name_of(pick.piece, catalog), pick.piece.ref)
    chosen = list(seen.items())[:3]
    lines = [Say.DID_YOU_MEAN, *(Say.CHOICE.format(name=n, place=place(r, catalog)) for n, r in chosen)]
    return asked_back(lines, [r for _, r in chosen], [n for n, _ in chosen], route="topic")


def _meant(question: Question, catalog: Catalog, found: Sequence[Pick]) -> Answer:
    if question.unstated or not found:
        return _no(question, catalog, None)
    return ask_which(found, catalog)
