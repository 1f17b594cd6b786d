"""Workbooks, documents, pictures and archives, made in a child process with little time and memory.

Their libraries never enter the bot. What is on them comes from handlers (`handlers.papers`).
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bot.aside import ChildFailed, run_aside
from handlers.papers import Paper, paper_json

WITHIN = 35.0  # seconds on the wall; > 1,000 matters in 8 periods
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}


class NotMade(Exception):
    """`why`: `effort` (too long or too much), `missing` (a kept file is gone), else the child's exit."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


async def make_papers(
    papers: Sequence[Paper], path_of: Callable[[str], Path] | None = None, aside: Mapping[str, Path] | None = None
) -> list[bytes]:
    """The files, in order. Raises: NotMade.

    For archives: `path_of` tells where the bytes of a kept file lie, `aside` where a file written for them does.
    """
    order = {
        "papers": [paper_json(paper) for paper in papers], "store": str(path_of("0" * 64)) if path_of else "",
        "aside": {name: str(path) for name, path in (aside or {}).items()},
    }  # fmt: skip
    asked = json.dumps(order, ensure_ascii=False).encode()
    try:
        out = await run_aside("bot.sheets_child", asked, WITHIN, env=ONE_THREAD)
    except ChildFailed as error:
        raise NotMade(error.why) from error
    return [b64decode(made) for made in json.loads(out)]
