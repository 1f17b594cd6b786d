"""Notices as Word, PDF, pages and wrapped text, their facts written down by hand before they were first read."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from knowledge import read_notice
from knowledge.notice import Figure, Notice
from tests.knowledge.test_written import Facts, facts

FRESH = Path(__file__).parent.parent / "data" / "fresh"


class Fresh(Facts, total=False):
    pfigures: list[tuple[str, str, str, int | None, str | None]]
    """(ref, value, unit, year, bound) of projects."""
    pdues: list[tuple[str, str]]
    owed: list[tuple[str, str, str]]
    """(unit, value, counted in) of tables of units by targets."""


EXPECTED: dict[str, Fresh] = json.loads((FRESH / "expected.json").read_text("utf-8"))


def all_facts(gold: Fresh, notice: Notice) -> Iterator[tuple[str, object, object]]:
    """(what, as written, as read) of every fact."""
    yield from facts(gold, notice)
    rows = {str(project.ref): project.figures for project in notice.projects}
    for ref, value, unit, year, bound in gold.get("pfigures", []):
        yield f"{ref} {value}{unit}", True, any(_is(f, value, unit, year, bound) for f in rows.get(ref, ()))
    for ref, day in gold.get("pdues", []):
        yield f"{ref} due", True, any(str(figure.due) == day for figure in rows.get(ref, ()))
    owed = {
        (unit, t.value, t.unit)
        for m in notice.matters
        for unit in m.lead_units
        for measure in m.measures
        for t in measure.targets
    }
    for unit, value, counted in gold.get("owed", []):
        yield f"{unit} {value}{counted}", True, (unit, Decimal(value), counted) in owed


def _is(figure: Figure, value: str, unit: str, year: int | None, bound: str | None) -> bool:
    return (
        figure.value == Decimal(value)
        and figure.unit == unit
        and year in {None, figure.year}
        and (bound or "") in (figure.bound or "")
    )


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_fact_written_down_beforehand_is_read(name: str) -> None:
    notice = read_notice((FRESH / name).read_bytes(), name)
    wrong = [(what, gold, read) for what, gold, read in all_facts(EXPECTED[name], notice) if gold != read]
    assert wrong == []
