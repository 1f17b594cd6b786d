"""Which of several notices a question is about: by number, title, place, topic. Answers nothing."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import chain

from knowledge.catalog import places_of
from knowledge.notice import Notice
from knowledge.phrases import hear
from knowledge.search import Hit, Index, pairs
from knowledge.text import letters, normal

NUMBER = re.compile(r"(\d{4})\D{0,2}(\d{1,4})号|(\d{1,4})号文")
PRINTED = re.compile(r"(?:(?P<year>\d{4})\D{0,2})?(?<!\d)(?P<number>\d{1,4})号$")
TITLED = 0.35  # share of a title that names it
SPOKEN = 0.6  # share of a topic that a notice must speak of
CLEAR = 0.12  # lead of the best over the next
LONG = 8  # characters of a title that is nothing but a title
NAMED = 4  # characters of a unit that is named in full: 市教育局
MOST = 4  # notices to choose from


class Shelf:
    """The notices side by side, by what they are called and what they speak of."""

    def __init__(self, notices: Sequence[Notice]) -> None:
        self.notices = tuple(notices)

    def named(self, said: str) -> list[str]:
        """Keys of the notices that the words name by number or title, the best first."""
        text = hear(said)
        numbered = self._numbered(text)
        if numbered:
            return numbered
        if len(letters(text)) < TITLED * self._shortest:
            return []
        whole = self._titled(letters(text))
        if whole:
            return whole
        query = self._titles.query([letters(text)])
        shared = Counter(chain.from_iterable(map(self._titles.holders, pairs(query.chars))))
        near = frozenset(i for i, n in shared.items() if n >= TITLED * len(pairs(self._titles.names[i])))
        hits = self._titles.search(query, near) if near else []
        return [self.notices[h.item].key for h in _clear(hits)]

    def _titled(self, text: str) -> list[str]:
        """Keys of the notices whose whole title is said, the longest one."""
        windows = (text[i : i + size] for size in self._sizes for i in range(len(text) - size + 1))
        return next((list(self._by_title[w][:MOST]) for w in windows if w in self._by_title), [])

    def titled_alike(self, key: str) -> int:
        """How many notices have the title of this one."""
        return len(self._by_title[letters(self.notices[self._item[key]].title)])

    def placed(self, said: str) -> list[str]:
        """Keys of the notices of the place that the words name."""
        text = hear(said)
        return list(dict.fromkeys(k for place, keys in self._by_place.items() if place in text for k in keys))

    def about(self, topic: Sequence[str], among: Sequence[str] = ()) -> list[str]:
        """Keys of the notices (of `among`, if any) that speak of the topic, the best first; only the clear best."""
        items = frozenset(self._item[k] for k in among) or None
        hits = self._contents.search(self._contents.query(topic), items, least=SPOKEN)
        hits = sorted((h for h in hits if h.covered >= SPOKEN), key=lambda h: -(h.covered + h.joined))
        near = [h for h in hits if h.covered + h.joined >= hits[0].covered + hits[0].joined - CLEAR]
        return [self.notices[h.item].key for h in near[:MOST]]

    def naming(self, text: str) -> tuple[str, list[str]]:
        """The longest full name of a unit that is said, and the keys of the notices that have it; ("", []) without."""
        plain, (names, sizes) = normal(text), self._unit_names
        for size in sizes:
            for at in range(len(plain) - size + 1):
                if unit := names.get(plain[at : at + size]):
                    return unit, self._by_unit[unit]
        return "", []

    def holding(self, unit: str) -> list[str]:
        """Keys of the notices that name the unit."""
        return self._by_unit.get(unit, [])

    def _numbered(self, text: str) -> list[str]:
        """Keys by the number of a document: the one whose whole 文号 is said, else all of that year and number."""
        keys: list[str] = []
        for found in NUMBER.finditer(text):
            year, number, short = found.groups()
            keys += self._by_number.get((year or "", number or short), ())
        if len(keys) < 2:
            return keys
        whole = [k for k in keys if letters(self._doc_nos[k]) in letters(text)]
        return list(dict.fromkeys(whole or keys))

    @cached_property
    def _doc_nos(self) -> dict[str, str]:
        return {n.key: normal(n.doc_no) for n in self.notices if n.doc_no}

    @cached_property
    def _by_number(self) -> dict[tuple[str, str], list[str]]:
        """(year, number) → keys; the year is also left out, as in 17号文."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for key, doc_no in self._doc_nos.items():
            for printed in PRINTED.finditer(doc_no):
                for year in (printed["year"] or "", ""):
                    if key not in found[year, printed["number"]]:
                        found[year, printed["number"]].append(key)
        return dict(found)

    @cached_property
    def _by_title(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for notice in self.notices:
            found[letters(notice.title)].append(notice.key)
        return dict(found)

    @cached_property
    def _sizes(self) -> tuple[int, ...]:
        """Characters of the titles that are long enough to be said by chance of nothing else, most first."""
        return tuple(sorted({len(t) for t in self._by_title if len(t) >= LONG}, reverse=True))

    @cached_property
    def _item(self) -> dict[str, int]:
        return {n.key: item for item, n in enumerate(self.notices)}

    @cached_property
    def _by_place(self) -> dict[str, list[str]]:
        """Places as their names are said → keys of their notices."""
        found: dict[str, list[str]] = defaultdict(list)
        for notice in self.notices:
            for place in places_of(notice)[1:]:
                found[place].append(notice.key)
        return dict(found)

    @cached_property
    def _by_unit(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for notice in self.notices:
            for unit in dict.fromkeys(notice.units):
                found[unit].append(notice.key)
        return dict(found)

    @cached_property
    def _unit_names(self) -> tuple[dict[str, str], tuple[int, ...]]:
        """Normal full names → units, and how long the names are, longest first."""
        names = {normal(unit): unit for unit in self._by_unit if len(unit) >= NAMED}
        return names, tuple(sorted({len(name) for name in names}, reverse=True))

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


def is_number(said: str) -> bool:
    """Whether the words are nothing but the number of a document: 国办发〔2020〕43号."""
    return bool(re.fullmatch(r"[\u4e00-\u9fff]{0,8}[〔\[(（【]?\d{4}[〕\])）】]?\d{1,4}号[文的]?", hear(said)))


def _clear(hits: Sequence[Hit]) -> list[Hit]:
    """The best alone when it leads clearly, else those near it."""
    if not hits:
        return []
    near = [h for h in hits if h.score >= hits[0].score - CLEAR]
    return near[:1] if len(near) == 1 else near[:MOST]
