"""jieba with the notices' own terms: words for cards and statistics. Answers never wait for it, nor depend on it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from knowledge.notice import Notice
from knowledge.phrases import noise
from knowledge.text import letters

if TYPE_CHECKING:
    from jieba import Tokenizer

SHORTEST, LONGEST = 2, 8  # characters of a term worth teaching
OFTEN = 100_000  # a frequency that keeps a taught term whole
WARNING = 30
FIGURE = re.compile(r"[\d.%]+")


class Words:
    """A tokenizer that knows the terms of the notices. Its dictionary takes a second: call `load` in a thread."""

    def __init__(self, notices: Iterable[Notice] = ()) -> None:
        self._terms = frozenset(t for n in notices for t in terms(n))

    def load(self) -> None:
        """Loads the dictionary now, so that the first cut does not."""
        self._cutter.initialize()

    def cut(self, text: str) -> list[str]:
        """The words of `text` in order, punctuation left out."""
        return [w for w in self._cutter.cut(text) if letters(w)]

    def keywords(self, text: str, most: int = 8) -> list[str]:
        """The words that tell most of what `text` is about, the commonest first."""
        told = (w for w in self.cut(text) if len(w) > 1 and w not in noise() and not FIGURE.fullmatch(w))
        return [w for w, _ in Counter(told).most_common(most)]

    @cached_property
    def _cutter(self) -> Tokenizer:
        import jieba  # here: 0.1 s that only those pay who cut words

        jieba.setLogLevel(WARNING)
        cutter = jieba.Tokenizer()
        for term in self._terms:
            cutter.add_word(term, OFTEN)
        return cutter


def terms(notice: Notice) -> set[str]:
    """Names a tokenizer would cut apart: units, short names of rows and items, members."""
    named = [*notice.units, *(i.name for i in notice.indicators), *(p.name for p in notice.projects)]
    named += [*(m.name for m in notice.members), *(a.heading for a in notice.articles)]
    return {t for name in named if SHORTEST <= len(t := letters(name)) <= LONGEST}
