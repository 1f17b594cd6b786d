"""A notice made askable: its pieces in an index, its bodies, which piece is of which matter. Built once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from knowledge.matrix import Cell, matrix_cells
from knowledge.nicknames import Nicknames
from knowledge.notice import Article, Clause, Conflict, Figure, Indicator, Matter, Notice, Project, Ref
from knowledge.office import Ruling
from knowledge.pieces import Of, pieces_of, unwrapped, without
from knowledge.runs import Beside, Heard, Runs
from knowledge.search import ASKED, Hit, Index
from knowledge.sounds import sounds
from knowledge.text import letters, normal
from knowledge.understanding.bodies import Bodies

PLACE = re.compile(r"([\u4e00-\u9fff]{2,5}?)(?:省|市|县|区|州|盟|旗)(?=人民政府|委|政府|关于)")
MENDED = "unit name mended: "
BRACKETED = re.compile(r"[(（][^()（）]*[)）]")


class Catalog:
    """One notice and what is needed to answer from it."""

    def __init__(
        self,
        notice: Notice,
        nicknames: Nicknames | None = None,
        rulings: Mapping[str, Ruling] | None = None,
        remembered: int = ASKED,
    ) -> None:
        self.notice = notice
        self.rulings = dict(rulings or {})
        self.bodies = Bodies(notice.units, nicknames=nicknames)
        self.indicators = {i.ref: i for i in notice.indicators}
        self.projects = {p.ref: p for p in notice.projects}
        self.articles = {a.ref: a for a in notice.articles}
        self.rows = {r.ref: r for t in notice.tables for r in t.rows}
        self.passages = {p.ref: p.text for p in notice.passages}
        self.clauses: dict[Ref, list[Clause]] = defaultdict(list)
        for clause in notice.clauses:
            self.clauses[clause.ref].append(clause)
        self.matters = {m.key: m for m in notice.matters}
        self._matters_at: dict[Ref, list[Matter]] = defaultdict(list)
        for matter in notice.matters:
            for ref in matter.refs:
                self._matters_at[ref].append(matter)
        self.pieces = tuple(pieces_of(notice))
        self.index = Index(((p.name, f"{p.searched} {BRACKETED.sub('', p.name)}") for p in self.pieces), remembered)
        sentences: dict[Ref, set[int]] = defaultdict(set)
        for item, piece in enumerate(self.pieces):
            if piece.of == Of.SENTENCE:
                sentences[piece.ref].add(item)
        self._sentences = {ref: frozenset(items) for ref, items in sentences.items()}

    def find(self, segments: Iterable[str], among: frozenset[int] | None = None) -> tuple[list[Hit], float]:
        """Hits for the segments of a topic, best first, with the topic's weight."""
        query = self.index.query(segments)
        return self.index.search(query, among), query.total

    def sentences_at(self, ref: Ref) -> frozenset[int]:
        """The sentences of a passage, as items of the index."""
        return self._sentences.get(ref, frozenset())

    def matters_at(self, ref: Ref) -> list[Matter]:
        """The matters that the passage speaks of, the one it defines first."""
        return sorted(self._matters_at.get(ref, []), key=lambda m: m.refs[0] != ref)

    def matter_of(self, ref: Ref) -> Matter | None:
        """The matter defined by this row, or the only one it speaks of."""
        found = self.matters_at(ref)
        return found[0] if found and (len(found) == 1 or found[0].refs[0] == ref) else None

    def conflicts_of(self, matter: Matter, kind: str | None = None, *, soft: bool = False) -> list[Conflict]:
        """What the notice says in two ways about the matter; the soft ones only if asked."""
        return [
            c
            for c in self.notice.conflicts
            if c.matter == matter.key and (soft or not c.soft) and kind in (None, c.kind)
        ]

    def conflicts_at(self, ref: Ref, kind: str | None = None, *, soft: bool = False) -> list[Conflict]:
        """What this passage says differently from another."""
        return [
            c
            for c in self.notice.conflicts
            if any(s.ref == ref for s in c.sides) and (soft or not c.soft) and kind in (None, c.kind)
        ]

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years the notice sets targets for, soonest first."""
        return tuple(sorted({f.year for f in self.figures() if f.year}))

    def figures(self) -> Iterable[Figure]:
        """Every target figure of the notice."""
        owners: tuple[Indicator | Project | Article, ...] = (
            *self.notice.indicators,
            *self.notice.projects,
            *self.notice.articles,
        )
        return (f for owner in owners for f in owner.figures)

    @cached_property
    def misprints(self) -> dict[str, tuple[Ref, str]]:
        """Names of units as misprinted → (the place, the name that is meant)."""
        mended = ((d, d.why.removeprefix(MENDED)) for d in self.notice.doubts if d.why.startswith(MENDED))
        return {normal(doubt.quote): (doubt.ref, unit) for doubt, unit in mended}

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every unit's own target of a table of units by targets."""
        return tuple(matrix_cells(self.notice))

    @cached_property
    def _named(self) -> tuple[str, ...]:
        """The letters of every name, each once."""
        return tuple(dict.fromkeys(letters(p.name) for p in self.pieces if p.name))

    @cached_property
    def names(self) -> Runs:
        """Characters in a row of any name: what noise words may not tear."""
        return Runs(self._named)

    @cached_property
    def spelling(self) -> tuple[Beside, Beside]:
        """(what follows two characters, what stands before two) in names."""
        return Beside(self._named, 2), Beside(self._named, -1)

    @cached_property
    def runs(self) -> Runs:
        """Characters in a row of any sentence or project."""
        return Runs((letters(p.text) for p in self.pieces if p.of in (Of.SENTENCE, Of.PROJECT)), self.index.known)

    @cached_property
    def lettered(self) -> dict[Ref, str]:
        """Passages of the body and rows by their letters alone."""
        return {r: letters(t) for r, t in self.passages.items() if r != "head" and ":" in r}

    def bare(self, ref: Ref) -> str:
        """The text at the place without its duty clauses; a project's content."""
        project = self.projects.get(ref)
        if project:
            return project.content
        return unwrapped(without(self.passages.get(ref, ""), [c.printed for c in self.clauses.get(ref, ())]))

    @cached_property
    def full_text(self) -> str:
        """All passages in one normal string."""
        return "\n".join(normal(t) for t in self.passages.values())

    @cached_property
    def people(self) -> dict[str, str]:
        """Names of members, by their characters without blanks."""
        return {normal(m.name): m.name for m in self.notice.members}

    @cached_property
    def people_heard(self) -> dict[tuple[str, ...], str]:
        """Names of members by sound."""
        return {sounds(normal(m.name)): normal(m.name) for m in self.notice.members if len(normal(m.name)) > 2}

    @cached_property
    def names_heard(self) -> Heard:
        """Runs of characters of names and units, by sound."""
        forms = (f for u in self.bodies.units for f in (normal(u), *self.bodies.names.forms_of(u)[:12]))
        return Heard((*self._named, *dict.fromkeys(map(letters, forms))))

    @cached_property
    def places(self) -> tuple[str, ...]:
        """How the notice's own place is called: 诸暨市, 诸暨."""
        return places_of(self.notice)

    def table_of(self, number: int) -> str:
        """The head of the refs of 附件 `number`."""
        return f"annex{number}"


def places_of(notice: Notice) -> tuple[str, ...]:
    """The place whose notice it is: in full and as people say it; empty when it is nobody's own."""
    found = PLACE.match(normal(notice.title)) or PLACE.match(normal(notice.issuer or ""))
    return (found.group(), found.group(1)) if found else ()
