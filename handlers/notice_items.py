"""What the office should look at in a version before it is in force: contradictions, doubts, matters hard to recognise.

Read from the stored document, which never changes, so that an item keeps its number. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from knowledge import Library, Matter, Ref
from storage import JSON, MatterFacts, StoredMatter, StoredNotice

LIKE = 0.35  # a matter gone and a new one may be the same when their names are this like
Kind = Literal["figure", "unit", "doubt", "carry"]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at. `carry`: a matter of the new version that may be one we know, by its id."""

    key: str
    kind: Kind
    about: str
    sides: tuple[tuple[Ref, str], ...] = ()
    known: int = 0
    before: str = ""
    """Name of the known matter."""


def parts(document: Mapping[str, JSON], name: str) -> list[Mapping[str, JSON]]:
    """The list of objects under a name."""
    found = document.get(name)
    return [part for part in found if isinstance(part, Mapping)] if isinstance(found, list | tuple) else []


def texts(value: JSON) -> tuple[str, ...]:
    """A list of words."""
    return tuple(str(word) for word in value) if isinstance(value, list | tuple) else ()


def items_in(stored: StoredNotice) -> list[Item]:
    """Hard contradictions, then doubts, in the order of the document."""
    items = [
        Item(f"c{n}", "figure" if c.get("kind") == "figure" else "unit", str(c.get("about")), sides_of(c))
        for n, c in enumerate(parts(stored.document, "conflicts"))
        if not c.get("soft")
    ]
    doubts = enumerate(parts(stored.document, "doubts"))
    return items + [
        Item(f"d{n}", "doubt", str(d.get("why")), ((Ref(str(d.get("ref"))), str(d.get("quote"))),)) for n, d in doubts
    ]


def sides_of(conflict: Mapping[str, JSON]) -> tuple[tuple[Ref, str], ...]:
    """(place, quote) of each side."""
    return tuple((Ref(str(s.get("ref"))), str(s.get("quote"))) for s in parts(conflict, "sides"))


def facts_in(stored: StoredNotice) -> list[MatterFacts]:
    """The matters of the version as it states them."""
    return [
        MatterFacts(
            str(m.get("key")), str(m.get("name")), texts(m.get("lead_units")), texts(m.get("support_units"))
        )
        for m in parts(stored.document, "matters")
    ]  # fmt: skip


def soft_count(stored: StoredNotice) -> int:
    """Contradictions that are none in the number: other qualifiers or times."""
    return sum(1 for c in parts(stored.document, "conflicts") if c.get("soft"))


def same(before: Sequence[StoredMatter], facts: Sequence[MatterFacts]) -> dict[str, int]:
    """Key → id for matters of the same name and first lead as one we know."""
    known = {(m.name, m.lead_units[:1]): m.id for m in before if not m.own}
    found = {f.key: known.get((f.name, f.lead_units[:1])) for f in facts}
    return {key: number for key, number in found.items() if number is not None}


def unclear(library: Library, notice: str, before: Sequence[StoredMatter], facts: Sequence[MatterFacts]) -> list[Item]:
    """New matters that look like one that is gone: the office says which is which."""
    carried = same(before, facts)
    gone = {m.key: m for m in before if m.key and not m.own and m.id not in carried.values()}
    among = [m for m in library.matters(notice) if m.key in gone]
    items: list[Item] = []
    for fact in facts:
        found = None if fact.key in carried else nearest(library, fact, among)
        if found:
            old = gone[found.key]
            items.append(Item(f"m:{fact.key}", "carry", fact.name, (), old.id, old.name))
            among = [m for m in among if m.key != found.key]
    return items


def nearest(library: Library, fact: MatterFacts, among: Sequence[Matter]) -> Matter | None:
    """The matter whose name is most like it, same lead preferred; None when none is."""
    own = [m for m in among if set(m.lead_units) & set(fact.lead_units)] or list(among)
    scored = [(m, score) for m, score in library.find_matters(fact.name, own) if score >= LIKE] if own else []
    return scored[0][0] if scored else None


def renamed(item: Item, name: str) -> Item:
    """The item about something called otherwise."""
    return replace(item, about=name)
