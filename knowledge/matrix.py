"""Tables of units by targets: each row a unit, each column a thing counted. No rows with names of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from knowledge.notice import Figure, Notice, Ref, Row, Table
from knowledge.parsing.columns import Role, role_of
from knowledge.parsing.targets import read_targets
from knowledge.parsing.years import year_of
from knowledge.text import normal, squeeze
from knowledge.units import is_unit, split_units

COUNTED = re.compile(r"[（(]([^（）()]{1,8})[）)]$")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
BODIES = re.compile(r"(?:责任)?单位(?:名称)?$|.{0,3}(?:乡镇|街道|镇街|县区|区县|县市|县[（(]).{0,12}$")
"""A header over names of bodies that are told nothing but their own figures."""
COLUMNS = frozenset({Role.OTHER, Role.NAME, Role.VALUE, Role.CONTENT})
SHORTEST = 2  # characters of a unit's name, and rows of such a table


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit's own target: `column` as printed, `name` without what it is counted in."""

    ref: Ref
    unit: str
    column: str
    name: str
    printed: str
    counted: str


def matrix_cells(notice: Notice) -> Iterator[Cell]:
    """Every unit's target of every such table, row by row."""
    named = {i.ref for i in notice.indicators} | {p.ref for p in notice.projects}
    for table in notice.tables:
        if not any(row.ref in named for row in table.rows) and len(table.rows) >= SHORTEST:
            yield from _of_table(table)


def _of_table(table: Table) -> Iterator[Cell]:
    heads = [c for c in table.columns if role_of(c) is Role.LEAD] or [c for c in table.columns if BODIES.match(c)][:1]
    units = [_unit(row, heads[0]) for row in table.rows] if len(heads) == 1 else []
    if not units or not all(units) or len(set(units)) < len(units):
        return
    for row, unit in zip(table.rows, units, strict=True):
        for column, cell in row.cells:
            printed = squeeze(cell)
            if role_of(column) in COLUMNS and NUMBER.fullmatch(normal(printed)):
                counted = COUNTED.search(squeeze(column))
                name = COUNTED.sub("", squeeze(column))
                yield Cell(row.ref, unit, column, name, printed, counted[1] if counted else "")


def _unit(row: Row, column: str) -> str:
    """The one body the row's first cell names; empty when it names none, or several."""
    names = split_units(squeeze(next((cell for name, cell in row.cells if name == column), "")))
    return names[0] if len(names) == 1 and len(names[0]) > SHORTEST and is_unit(names[0]) else ""


def figure_of(cell: Cell, notice: Notice) -> Figure | None:
    """The target of a cell, for the year that the table or the document is of."""
    found = read_targets(f"{cell.name}{cell.printed}{cell.counted}", notice.date)
    valued = next((f for f in reversed(found) if f.value is not None), None)
    if valued is None:
        return None
    title = next((t.title for t in notice.tables if cell.ref.startswith(f"{t.ref}:")), "")
    return replace(valued, year=year_of(title) or year_of(notice.title), about=cell.name, quote=cell.printed)
