"""附件2第5项和附件1第7项是不是一回事: whether two places, or a place and a table, speak of one matter."""

from __future__ import annotations

import re

from knowledge.answering.printing import place
from knowledge.answering.saying import said
from knowledge.answering.spots import refs_of
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.notice import Matter, Ref
from knowledge.question import Question
from knowledge.text import squeeze

SAME = re.compile(
    "(一|同一?)(回|码|件|个)(事|东西|任务|指标|项目)|同一(项|件|个|回)|重复(的|了|吗)|是一样的(吗|么|吧)?$"
    "|对应(哪|的是|附件|什么)"
)


class Say:
    SAME = "是同一件事：{name}。两处填一次就行。"
    OTHER = "不是同一件事。"
    PLACE = "{place}：{name}"
    KIN = "{place}说的是{name}，同一件事还写在：{others}。"
    ALONE = "{place}说的是{name}，别处没有写同一件事。"
    JOINED = "、"
    NEXT = ("有哪些指标", "有哪些项目")


def answer_sameness(question: Question, catalog: Catalog) -> Answer | None:
    """One matter or two; where the matter of one place stands else; None when no row was named for it."""
    if not SAME.search(question.text):
        return None
    refs = list(dict.fromkeys(r for s in question.spots if s.row for r in refs_of(s, catalog)))
    if not refs:
        return None
    if len(refs) == 1:
        return _kin(refs[0], catalog)
    one, two = refs[:2]
    shared = [m for m in catalog.matters_at(one) if m in catalog.matters_at(two)]
    lines = [Say.PLACE.format(place=place(r, catalog), name=_name(r, catalog)) for r in (one, two)]
    verdict = Say.SAME.format(name=shared[0].name) if shared else Say.OTHER
    return said([verdict, *lines], [one, two], suggestions=Say.NEXT, route="item", refs=one)


def _kin(ref: Ref, catalog: Catalog) -> Answer:
    found: Matter | None = next(iter(catalog.matters_at(ref)), None)
    others = [r for r in (found.refs if found else ()) if r != ref]
    said_as = {"place": place(ref, catalog), "name": _name(ref, catalog)}
    if not others:
        return said([Say.ALONE.format(**said_as)], [ref], suggestions=Say.NEXT, route="item", refs=ref)
    line = Say.KIN.format(**said_as, others=Say.JOINED.join(place(r, catalog) for r in others))
    return said([line], [ref, *others], suggestions=Say.NEXT, route="item", refs=ref)


def _name(ref: Ref, catalog: Catalog) -> str:
    row = catalog.indicators.get(ref) or catalog.projects.get(ref)
    return squeeze(row.name) if row else place(ref, catalog)
