"""The door: the published notices, ready to be asked. Holds no state of its own beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from knowledge.answering.printing import place
from knowledge.asking import Answer, Asked
from knowledge.catalog import Catalog
from knowledge.conversation import converse
from knowledge.notice import Conflict, Matter, Notice, Ref
from knowledge.search import Index
from knowledge.text import normal


@dataclass(frozen=True, slots=True)
class Ruling:
    """Which side of a contradiction the office uses meanwhile (暂按口径)."""

    matter: str
    notice: str
    chosen: Ref
    basis: str
    on: date


@dataclass(frozen=True, slots=True)
class Faq:
    """An answer given by the office to a question the notice does not settle (办公室答复)."""

    id: int
    question: str
    answer: str
    on: date


class Library:
    """Notices side by side. `aliases` are names the office gave to units: short → full."""

    def __init__(
        self,
        notices: Sequence[Notice],
        *,
        aliases: Mapping[str, str] | None = None,
        rulings: Sequence[Ruling] = (),
        faqs: Sequence[Faq] = (),
    ) -> None:
        self.notices = tuple(notices)
        self.rulings = tuple(rulings)
        self.faqs = tuple(faqs)
        self._aliases = dict(aliases or {})
        self._catalogs: dict[str, Catalog] = {}
        self._by_key = {n.key: n for n in notices}

    def ask(self, asked: Asked) -> Answer:
        """The answer, with what it leaves understood for the next turn."""
        notice = self.notice(asked.notice) if asked.notice else self.notices[0]
        catalog = self.catalog(notice.key)
        year = asked.today.year if asked.today else notice.date.year if notice.date else None
        asker = (catalog.bodies.resolve(asked.unit) or asked.unit) if asked.unit else None
        return replace(converse(asked.text, catalog, asker, year, asked.context.facts), notice=notice.key)

    def catalog(self, key: str) -> Catalog:
        """The notice made askable; built on first use."""
        if key not in self._catalogs:
            self._catalogs[key] = Catalog(self._by_key[key], self._aliases)
        return self._catalogs[key]

    def notice(self, key: str) -> Notice:
        """The notice with this key. Raises: KeyError."""
        return self._by_key[key]

    def unit(self, text: str) -> str | None:
        """The unit that the whole text names in any way; None when none, or not clear which."""
        found = {u for n in self.notices if (u := self.catalog(n.key).bodies.resolve(text))}
        return found.pop() if len(found) == 1 else None

    def units(self) -> tuple[str, ...]:
        """Every unit of every notice, in the order of the documents."""
        return tuple(dict.fromkeys(u for n in self.notices for u in n.units))

    def matters(self, notice: str | None = None) -> tuple[Matter, ...]:
        """The matters of the notice, or of all."""
        return tuple(m for n in self.notices if notice in (None, n.key) for m in n.matters)

    def matters_of(self, unit: str, *, support: bool = False) -> tuple[Matter, ...]:
        """What the unit leads, or supports."""
        return tuple(m for m in self.matters() if unit in (m.support_units if support else m.lead_units))

    def find_matters(self, text: str, among: Sequence[Matter] | None = None) -> list[tuple[Matter, float]]:
        """(matter, score in [0, 1]) for words that name one, best first; nothing that shares only single characters."""
        matters = self.matters() if among is None else tuple(among)
        if not matters:
            return []
        index = self._names if among is None else Index([(m.name, "") for m in matters])
        hits = index.search(index.query([normal(text)]))
        return [(matters[h.item], round(h.score, 4)) for h in hits]

    @cached_property
    def _names(self) -> Index:
        return Index([(m.name, "") for m in self.matters()])

    def show(self, ref: Ref, notice: str | None = None) -> str:
        """The place as printed: 附件1第5项, 正文二(一)."""
        return place(ref, self._holding(ref, notice))

    def passage(self, ref: Ref, notice: str | None = None) -> str:
        """The text at the place; empty when there is none."""
        catalog = self._holding(ref, notice)
        return catalog.passages.get(ref, "") if catalog else ""

    def _holding(self, ref: Ref, notice: str | None) -> Catalog | None:
        keys = [n.key for n in self.notices if notice in (None, n.key)]
        return next((self.catalog(k) for k in keys if ref in self.catalog(k).passages), None)

    def conflicts_of(self, matter: Matter) -> tuple[Conflict, ...]:
        """Where the notice says two things about the matter, hard ones first."""
        found = [c for n in self.notices if matter in n.matters for c in n.conflicts if c.matter == matter.key]
        return tuple(sorted(found, key=lambda c: c.soft))
