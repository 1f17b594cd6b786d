"""Which of a grid's first rows are its title and its header. Columns are named elsewhere."""

from __future__ import annotations

import re

from knowledge.parsing import blocks
from knowledge.parsing.columns import is_header
from knowledge.text import read_numeral, squeeze


def caption_size(grid: blocks.Grid) -> int:
    """How many rows above the header hold the table's title, one merged cell each."""
    size = 0
    while size < min(2, len(grid.rows) - 1) and grid.width > 2 and len(set(filter(None, grid.rows[size].texts()))) == 1:
        size += 1
    return size if size and is_header(grid.rows[size].texts()) else 0


def header_size(grid: blocks.Grid) -> int:
    """How many of the first rows are the header; 0 when none is."""
    for index, row in enumerate(grid.rows[:3]):
        if is_header(row.texts()):
            below = grid.rows[index + 1] if index + 1 < len(grid.rows) else None
            return index + 2 if below and _second_header(row, below) else index + 1
    return int(_heads_numbers(grid))


def _heads_numbers(grid: blocks.Grid) -> bool:
    """Whether words stand over columns of numbers: a table of units by what each has to do."""
    first, *others = (row.texts() for row in grid.rows)
    if len(others) < 2 or len(first) < 3 or not all(first) or any(re.fullmatch(r"[\d.,%％/—-]+", t) for t in first):
        return False
    return all(sum(bool(re.match(r"\d", text)) for text in row[1:]) * 2 > len(row) - 1 for row in others)


def _second_header(first: blocks.GridRow, second: blocks.GridRow) -> bool:
    """A lower header row repeats merged cells of the upper one and names parts of the others."""
    repeated = sum(not cell.own for cell in second.cells)
    own = [squeeze(cell.text) for cell in second.cells if cell.own and cell.text.strip()]
    return (
        repeated >= 1
        and bool(own)
        and all(len(text) <= 14 for text in own)
        and not any(read_numeral(text) for text in own[:1] if len(text) < 4)
    )
