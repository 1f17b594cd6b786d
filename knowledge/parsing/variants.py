"""A document in traditional characters, turned into simplified ones before it is read. Formats are not known here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from opencc import OpenCC

from knowledge.parsing.blocks import Block, Cell, Grid, GridRow

SAMPLE = 3000
"""Characters by which a document is judged."""
OFTEN = 0.05
"""The share of changed characters from which on a document is written in traditional ones."""


def simplified(blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks in simplified characters; the very same blocks where they are so already."""
    sample = "".join(b if isinstance(b, str) else "".join(r.printed for r in b.rows) for b in blocks)[:SAMPLE]
    turned = _turned(sample)
    changed = sum(a != b for a, b in zip(sample, turned, strict=False))
    hanzi = sum("\u4e00" <= char <= "\u9fff" for char in sample)
    if changed < OFTEN * hanzi or not changed:
        return blocks
    return [_turned(block) if isinstance(block, str) else _grid(block) for block in blocks]


def _grid(grid: Grid) -> Grid:
    return Grid(
        tuple(
            GridRow(tuple(Cell(_turned(cell.text), cell.own) for cell in row.cells), _turned(row.printed))
            for row in grid.rows
        )
    )


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


def _turned(text: str) -> str:
    return str(_converter().convert(text))
