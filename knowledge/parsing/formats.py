"""Bytes of any format into lines and grids. What they mean is not known here."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.parsing.blocks import Block, Unreadable
from knowledge.parsing.grids import with_grids

LARGEST = 20 * 1024 * 1024
"""Bytes; a notice of a hundred pages with pictures stays below."""
LONGEST = 2_000_000
"""Characters of text."""


def read_blocks(source: bytes | str, name: str = "") -> Sequence[Block]:
    """The lines and grids of a document. Raises: `Unreadable`."""
    if len(source) > LARGEST:
        raise Unreadable("too_big")
    text = source if isinstance(source, str) else source.decode("utf-8-sig", errors="strict")
    if not text.strip():
        raise Unreadable("empty")
    if len(text) > LONGEST:
        raise Unreadable("too_big")
    return with_grids(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
