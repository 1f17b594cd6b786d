"""Contradictions the office may rule on: their sides, the units of all sides (four eyes), the ruling in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.feature import Turn
from handlers.rights import allowed
from handlers.rules.permissions import About, Action
from knowledge import Conflict, Library, Matter, Notice, Ref
from storage import Ruling


@dataclass(frozen=True, slots=True)
class Dispute:
    """A matter of a notice about which the text says two things."""

    notice: str
    matter: Matter
    conflicts: tuple[Conflict, ...]

    @property
    def sides(self) -> tuple[Ref, ...]:
        """Every place that speaks, each once."""
        return tuple(dict.fromkeys(side.ref for conflict in self.conflicts for side in conflict.sides))


def disputes(library: Library) -> list[Dispute]:
    """All matters with hard contradictions, figures first within a matter, in the order of the documents."""
    found: list[Dispute] = []
    for notice in library.notices:
        for matter in notice.matters:
            hard = tuple(c for c in library.conflicts_of(matter) if not c.soft and c.matter == matter.key)
            if hard:
                found.append(Dispute(notice.key, matter, tuple(sorted(hard, key=lambda c: c.kind))))
    return found


def units_at(notice: Notice, ref: Ref) -> tuple[str, ...]:
    """Lead units that the text names at a place."""
    found = [unit for c in notice.clauses if c.ref == ref for unit in c.lead_units]
    found += [unit for i in notice.indicators if i.ref == ref for unit in i.lead_units]
    found += [unit for p in notice.projects if p.ref == ref for unit in p.lead_units]
    return tuple(found + [unit for a in notice.articles if a.ref == ref for unit in a.lead_units])


def leads_of(library: Library, dispute: Dispute) -> tuple[str, ...]:
    """Every unit that leads it by any side: none of them rules."""
    notice = library.notice(dispute.notice)
    named = (unit for ref in dispute.sides for unit in units_at(notice, ref))
    return tuple(dict.fromkeys((*dispute.matter.lead_units, *named)))


def may_rule(turn: Turn, dispute: Dispute) -> bool:
    """Whether the sender may: an office seat, and in no lead unit of any side."""
    return allowed(turn, Action.RULE, About(lead_units=leads_of(turn.library, dispute)))


async def rulings(turn: Turn) -> dict[tuple[str, str], Ruling]:
    """(notice, matter key) → what holds now."""
    return {(r.notice, r.matter_key): r for r in await turn.work.rulings.in_force()}


def quotes(library: Library, dispute: Dispute) -> list[tuple[Ref, str, str]]:
    """(place, place as printed, quote) of each side, each place once."""
    seen: dict[Ref, tuple[Ref, str, str]] = {}
    for conflict in dispute.conflicts:
        for side in conflict.sides:
            quote = " ".join(side.quote.replace("|", " ").split())
            seen.setdefault(side.ref, (side.ref, library.show(side.ref, dispute.notice), quote))
    return list(seen.values())


def among(found: Sequence[Dispute], library: Library, said: str) -> list[Dispute]:
    """The disputes that a few words may mean, likeliest first."""
    by_key = {d.matter.key: d for d in found}
    scored = library.find_matters(said, [d.matter for d in found]) if found else []
    return [by_key[m.key] for m, score in scored if score >= max(0.5, scored[0][1] - 0.05)][:3]
