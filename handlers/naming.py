"""Which matter, and which of its measures, a few words mean: by name, by place as printed, by number in a list shown.

Several equally likely ones come together; choosing among them (by the value, by asking) is the caller's affair.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers.form_words import bare
from handlers.rules.numerals import number
from knowledge import Library, Matter

LIKELY = 0.55  # below it words are no matter's name
CLOSE = 0.05  # two this near each other are equally likely


class Say:
    PLACE = r"附(?:件)?(?P<annex>[一二三四五六1-6])?(?:的|第|中|里)*(?P<row>\d{1,3})(?:项|条|个|行)?"
    KIND = r"第?(?P<kind>指标|项目)?第?(?P<row>\d{1,3})(?:项|条|个)?(?P<after>指标|项目)?"
    PROJECT = "项目"


@dataclass(frozen=True, slots=True)
class Named:
    """A matter, or one measure of several of it."""

    matter: Matter
    measure: str = ""
    """Its key; empty when the matter itself was named."""


class Naming:
    """Finds among these matters; what was asked once is remembered for as long as this lives (one message)."""

    def __init__(
        self, library: Library, matters: Sequence[Matter], shown: Sequence[Matter] = (), *, retold: bool = False
    ) -> None:
        """`shown`: the matters of a list just shown, whose numbers name them. `retold`: also by the names of the
        rows that speak of a matter (projects filled from an indicator)."""
        self.library, self.matters, self.shown = library, tuple(matters), tuple(shown)
        self._named = [Named(m) for m in self.matters]
        self._named += [Named(m, x.key) for m in self.matters for x in m.measures if x.name != m.name]
        self._words = [spoken(named) for named in self._named]
        if retold:
            self._add_rows()
        self._found: dict[str, tuple[Named, ...]] = {}

    def find(self, said: str) -> tuple[Named, ...]:
        """What the words mean, likeliest first; several when none stands out, one per matter."""
        words = bare(said[:60])
        if words not in self._found:
            self._found[words] = self._by_number(words) or self._by_place(words) or self._by_name(said[:60])
        return self._found[words]

    def knows(self, said: str) -> bool:
        """Whether the words name something here."""
        return bool(self.find(said))

    def _by_number(self, words: str) -> tuple[Named, ...]:
        at = int(words) if words.isdecimal() and len(words) <= 2 else 0
        return (Named(self.shown[at - 1]),) if 0 < at <= len(self.shown) else ()

    def _by_place(self, words: str) -> tuple[Named, ...]:
        """附1第7项, 附件2第6项, 项目5, 指标7, 第7项."""
        found = re.fullmatch(Say.PLACE, words)
        if found and (found["annex"] or not words.isdecimal()):
            heads = [f"annex{number(found['annex'])}:"] if found["annex"] else self._annexes()
        elif (found := re.fullmatch(Say.KIND, words)) and not words.isdecimal():
            heads = self._annexes({"": None, Say.PROJECT: True}.get(found["kind"] or found["after"] or "", False))
        else:
            return ()
        wanted = {f"{head}{found['row']}" for head in heads}
        return tuple(Named(m) for m in self.matters if str(m.refs[0]) in wanted)

    def _annexes(self, projects: bool | None = None) -> list[str]:
        """The tables of indicators (of projects; None: of both), as the beginnings of their rows' addresses."""
        heads: dict[str, None] = {}
        for notice in self.library.notices:
            rows = [row.ref for row in notice.projects] if projects is not False else []
            rows += [row.ref for row in notice.indicators] if projects is not True else []
            heads |= {f"{str(ref).rpartition(':')[0]}:": None for ref in rows}
        return list(heads)

    def _add_rows(self) -> None:
        names = {str(row.ref): row.name for n in self.library.notices for row in n.indicators}
        names |= {str(row.ref): row.name for n in self.library.notices for row in n.projects}
        for matter in self.matters:
            for name in (names[str(ref)] for ref in matter.refs[1:] if str(ref) in names):
                self._named.append(Named(matter))
                self._words.append(replace(matter, name=name))

    def _by_name(self, said: str) -> tuple[Named, ...]:
        scores = self.library.find_matters(said, self._words) if self._words else []
        best: dict[str, Named] = {}
        for word, score in scores:
            if score < LIKELY or score < scores[0][1] - CLOSE:
                break
            named = next(n for n, w in zip(self._named, self._words, strict=True) if w is word)
            best.setdefault(named.matter.key, named)
        return tuple(best.values())


def spoken(named: Named) -> Matter:
    """A matter whose name is what was named, for searching by name."""
    name = next((x.name for x in named.matter.measures if x.key == named.measure), named.matter.name)
    return replace(named.matter, name=name)
