"""暂按口径 in words: which side of a contradiction the office uses meanwhile, and whether it settles a target."""

from __future__ import annotations

from handlers.snapshot import MatterRow
from knowledge import Library, Matter


class Say:
    RULING = "暂按{place}（办公室{on.year}年{on.month}月{on.day}日，依据：{basis}）"
    FIGURE, UNIT, AND, OPEN = "目标", "责任单位", "、", "（"


def disputed_of(facts: Matter, library: Library) -> str:
    """What the contradictions are about: 目标, 责任单位."""
    kinds = {conflict.kind for conflict in library.conflicts_of(facts) if not conflict.soft}
    return Say.AND.join(word for kind, word in (("figure", Say.FIGURE), ("unit", Say.UNIT)) if kind in kinds)


def ruling_of(facts: Matter, library: Library, notice: str) -> str:
    """The side the office uses meanwhile, with date and basis; "" while it has not said."""
    found = [r for r in library.rulings if (r.notice, r.matter) == (notice, facts.key)]
    return "".join(Say.RULING.format(place=library.show(r.chosen, notice), on=r.on, basis=r.basis) for r in found[-1:])


def target_ruling_of(facts: Matter, library: Library, notice: str) -> str:
    """The same where it says which target counts; "" where none is in dispute."""
    return ruling_of(facts, library, notice) if Say.FIGURE in disputed_of(facts, library) else ""


def target_ruling(row: MatterRow) -> str:
    """The ruling of a row of a snapshot where it says which target counts."""
    return row.ruling if Say.FIGURE in row.disputed else ""


def shortly(ruling: str) -> str:
    """暂按正文一(二): without date and basis."""
    return ruling.split(Say.OPEN)[0]
