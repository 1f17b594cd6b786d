"""What the office adds to a notice: rulings on contradictions, answers of its own. Never instead of the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from knowledge.notice import Matter, Ref
from knowledge.phrases import hear
from knowledge.search import Index
from knowledge.text import letters

ALIKE = 0.7  # share of the question that an answered one must explain
SAME = 0.6  # share of the answered one that must have been said


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

    @property
    def ref(self) -> Ref:
        """Its place: faq:12."""
        return Ref(f"faq:{self.id}")


@dataclass(frozen=True, slots=True)
class Own:
    """A matter the office added to a notice (自设事项), and on what basis. Its key is its one ref: own:7."""

    notice: str
    matter: Matter
    basis: str
    on: date

    @property
    def ref(self) -> Ref:
        """Its place: own:7."""
        return self.matter.refs[0]


class Answered:
    """The questions the office has answered, found by likeness."""

    def __init__(self, faqs: Iterable[Faq]) -> None:
        self.faqs: Sequence[Faq] = tuple(faqs)

    @cached_property
    def _index(self) -> Index:
        return Index([(hear(f.question), "") for f in self.faqs])

    def like(self, said: str) -> Faq | None:
        """The answered question that this one repeats in other words; None when none is like it."""
        if not self.faqs:
            return None
        hits = self._index.search(self._index.query([letters(hear(said))]))
        found = [h for h in hits if h.covered >= ALIKE and h.named >= SAME]
        return self.faqs[found[0].item] if found else None
