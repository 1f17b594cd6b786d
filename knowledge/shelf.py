"""Which of several notices a question is about: by number, title, place, topic. Answers nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from knowledge.notice import Notice
from knowledge.phrases import hear
from knowledge.search import Hit, Index, pairs
from knowledge.text import letters, normal

NUMBER = re.compile(r"(\d{4})\D{0,2}(\d{1,4})号|(\d{1,4})号文")
TITLED = 0.35  # share of a title that names it
SPOKEN = 0.6  # share of a topic that a notice must speak of
CLEAR = 0.12  # lead of the best over the next


class Shelf:
    """The notices side by side, by what they are called and what they speak of."""

    def __init__(self, notices: Sequence[Notice]) -> None:
        self.notices = tuple(notices)

    def named(self, said: str) -> list[str]:
        """Keys of the notices that the words name by number or title, the best first."""
        text = hear(said)
        numbered = [key for key, doc_no in self._doc_nos if _numbers(text, doc_no)] if NUMBER.search(text) else []
        if numbered:
            return numbered
        if len(letters(text)) < TITLED * self._shortest:
            return []
        hits = [h for h in self._titles.search(self._titles.query([letters(text)])) if h.named >= TITLED]
        return [self.notices[h.item].key for h in _clear(hits)]

    def about(self, topic: Sequence[str]) -> list[str]:
        """Keys of the notices that speak of the topic, the best first; only the clear best when there is one."""
        hits = [h for h in self._contents.search(self._contents.query(topic)) if h.covered >= SPOKEN]
        hits.sort(key=lambda h: -(h.covered + h.joined))
        near = [h for h in hits if h.covered + h.joined >= hits[0].covered + hits[0].joined - CLEAR]
        return [self.notices[h.item].key for h in near[:4]]

    def holding(self, unit: str) -> list[str]:
        """Keys of the notices that name the unit."""
        return [n.key for n in self.notices if unit in n.units]

    @cached_property
    def _doc_nos(self) -> tuple[tuple[str, str], ...]:
        return tuple((n.key, normal(n.doc_no)) for n in self.notices if n.doc_no)

    @cached_property
    def _shortest(self) -> int:
        """Neighbouring characters of the shortest title: a question shorter than its share names none."""
        return min((len(pairs(letters(n.title))) for n in self.notices), default=0)

    @cached_property
    def _titles(self) -> Index:
        return Index([(n.title, "") for n in self.notices])

    @cached_property
    def _contents(self) -> Index:
        return Index([(n.title, _names(n)) for n in self.notices])


def _names(notice: Notice) -> str:
    rows = [
        *(i.name for i in notice.indicators),
        *(p.name for p in notice.projects),
        *(a.heading for a in notice.articles),
    ]
    return " ".join([*rows, *(m.name for m in notice.matters), *(c.quote[:60] for c in notice.clauses)])


def _numbers(text: str, doc_no: str) -> bool:
    for found in NUMBER.finditer(text):
        year, number, short = found.groups()
        if (number and year in doc_no and doc_no.endswith(f"{number}号")) or (
            short and re.search(rf"\D{short}号$", doc_no)
        ):
            return True
    return False


def is_number(said: str) -> bool:
    """Whether the words are nothing but the number of a document: 国办发〔2020〕43号."""
    return bool(re.fullmatch(r"[\u4e00-\u9fff]{0,8}[〔\[(（【]?\d{4}[〕\])）】]?\d{1,4}号[文的]?", hear(said)))


def _clear(hits: Sequence[Hit]) -> list[Hit]:
    """The best alone when it leads clearly, else those near it."""
    if not hits:
        return []
    near = [h for h in hits if h.score >= hits[0].score - CLEAR]
    return near[:1] if len(near) == 1 else near[:4]
