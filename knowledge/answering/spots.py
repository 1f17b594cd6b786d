"""Answers about a place that was named: 附1第5项, 第六条, (九), 第三部分. Finds it, then answers as of an item."""

from __future__ import annotations

from knowledge.answering.items import answer_item
from knowledge.answering.printing import place, quoted
from knowledge.answering.saying import asked_back, refused, said
from knowledge.asking import Answer, Outcome
from knowledge.catalog import Catalog
from knowledge.notice import Ref
from knowledge.pieces import Of, Piece
from knowledge.question import Question
from knowledge.understanding.places import Spot

MOST = 3


class Say:
    NONE = "通知里没有这一处。"
    SECTION = "{heading}〔{place}〕包括："
    ITEM = "- {heading}〔{place}〕"
    PRINTED = "{quote}〔{place}〕"
    WHICH = "通知里有几处这个编号，请问是哪一处？"
    NEXT = ("有哪些指标", "有哪些项目", "我的任务")


def answer_spot(question: Question, catalog: Catalog) -> Answer | None:
    """What stands at the place; None when no single place was named."""
    spots = [s for s in question.spots if s.row or s.item or (s.section and not question.topic)]
    if not spots:
        return None
    rows = [r for spot in spots if spot.row for r in refs_of(spot, catalog)]
    if len(rows) > 1:
        return _all(rows[:MOST], question, catalog)
    refs = refs_of(spots[0], catalog)
    if not refs:
        return refused([Say.NONE], Say.NEXT)
    if len(refs) > 1:
        return asked_back(
            [Say.WHICH, *(Say.ITEM.format(heading=_heading(r, catalog), place=place(r, catalog)) for r in refs[:3])],
            refs,
            [place(r, catalog) for r in refs],
            route="spot",
        )
    if spots[0].section and not spots[0].item:
        return _section(refs[0], catalog)
    return answer_item(piece_at(refs[0], catalog), question, catalog)


def _all(refs: list[Ref], question: Question, catalog: Catalog) -> Answer:
    answers = [answer_item(piece_at(r, catalog), question, catalog) for r in refs]
    told = [a for a in answers if a.outcome == Outcome.ANSWER] or answers[:1]
    return said(
        (a.text for a in told), (c for a in told for c in a.cites), (r for a in told for r in a.related), route="spot"
    )


def refs_of(spot: Spot, catalog: Catalog) -> list[Ref]:
    """The refs a said place may mean."""
    if spot.row:
        table = f"annex{spot.annex}" if spot.annex else _table(spot.noun, catalog)
        refs = [*catalog.indicators, *catalog.projects, *catalog.passages]
        return list(dict.fromkeys(r for r in refs if r == f"{table}:{spot.row}"))[:1]
    if spot.item and spot.section:
        return [r for r in catalog.passages if r == f"body:{spot.section}.{spot.item}"]
    if spot.item:
        items = [
            r
            for r in catalog.passages
            if r.startswith("body:") and r.count(".") == 1 and r.rpartition(".")[2] == str(spot.item)
        ]
        return items or [r for r in catalog.passages if r == f"body:{spot.item}"]
    return [r for r in [*catalog.passages, *(s.ref for s in catalog.notice.sections)] if r == f"body:{spot.section}"][
        :1
    ] or [s.ref for s in catalog.notice.sections if s.ref == f"body:{spot.section}"]


def _table(noun: str | None, catalog: Catalog) -> str:
    rows = catalog.projects if noun == "项目" else catalog.indicators
    rows = rows or catalog.indicators or catalog.projects
    return next(iter(rows), Ref("")).partition(":")[0]


def piece_at(ref: Ref, catalog: Catalog) -> Piece:
    """The piece of the index at this place, else its passage."""
    found = next((p for p in catalog.pieces if p.ref == ref and p.of != Of.SENTENCE), None)
    return found or Piece(Of.SENTENCE, ref, "", catalog.passages.get(ref, ""))


def _heading(ref: Ref, catalog: Catalog) -> str:
    article = catalog.articles.get(ref)
    return article.heading if article and article.heading else quoted(catalog.passages.get(ref, ""), 24)


def _section(ref: Ref, catalog: Catalog) -> Answer:
    items = [r for r in catalog.passages if r.startswith(f"{ref}.") and r.count(".") == 1]
    heading = next((s.heading for s in catalog.notice.sections if s.ref == ref), "")
    if items:
        lines = [
            Say.SECTION.format(heading=heading, place=place(ref, catalog)),
            *(Say.ITEM.format(heading=_heading(r, catalog), place=place(r, catalog)) for r in items),
        ]
        return said(lines, items, suggestions=Say.NEXT, route="spot", refs=ref)
    return said(
        [heading, Say.PRINTED.format(quote=quoted(catalog.passages.get(ref, ""), 400), place=place(ref, catalog))],
        [ref],
        suggestions=Say.NEXT,
        route="spot",
        refs=ref,
    )
