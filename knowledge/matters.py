"""What speaks of the same thing. First cut: every indicator and every project."""

from __future__ import annotations

from knowledge.figures import is_whole
from knowledge.notice import Matter, Measure, Notice


def find_matters(notice: Notice) -> tuple[Matter, ...]:
    """Matters of the notice."""
    matters = []
    for row in notice.indicators:
        kind = row.figures[-1].kind if row.figures else None
        measures = (Measure("1", row.name, row.unit, kind, row.figures, (row.ref,), is_whole(row.unit)),) if kind else ()
        matters.append(Matter(row.ref, row.name, (row.ref,), row.lead_units, row.support_units, measures))
    return tuple(matters)
