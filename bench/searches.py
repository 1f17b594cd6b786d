"""Ours and plain searches on the same questions: how often a passage to be cited comes first, time, memory, growth."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import accumulate
from multiprocessing import get_context

from bench.answers import MANY, SETS, own_memory, said, shelf
from bench.peers import ENGINES, Find, Shelf
from bench.table import Row, quantile
from knowledge import Asked, Library, Notice
from tests.evaluate import FIRST, library, lines_of

ROUNDS = 3
Question = tuple[str, frozenset[str]]
Found = tuple[float, list[float], float]
"""(share found, seconds of each, MB)."""
OURS, RANKED = "ours, the whole answer", "ours, the index alone"


async def measure() -> list[Row]:
    """A row for ours and for each plain search, asked of the first notice alone and as one of a thousand."""
    return [await asyncio.to_thread(row, name) for name in (OURS, RANKED, *(name for name, _ in ENGINES))]


def row(name: str) -> Row:
    """One search, each size in a process of its own, so that memory is its own."""
    found = []
    for count in (1, MANY):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as aside:
            found.append(aside.submit(tried, name, count).result())
    growth = math.log(quantile(found[1][1], 0.5) / quantile(found[0][1], 0.5)) / math.log(MANY)
    one, many = (f"{share:.0f}%, {said(times)}, {weight:.0f} MB" for share, times, weight in found)
    return Row(f"a passage to be cited first: {name}", one, f"{MANY} notices: {many}", f"exponent {growth:.2f}")


def tried(name: str, count: int) -> Found:
    """What one search finds in the first notice among so many, how fast, and what it weighs."""
    notices = [library(FIRST).notices[0], *shelf(count - 1)]
    asked = questions()
    before = own_memory()
    find = ours(notices, name) if name in (OURS, RANKED) else engine(name, notices)
    for question, _ in asked[:20]:
        find(question)
    times, hits = [], 0
    for turn in range(ROUNDS):
        for question, cites in asked:
            began = time.perf_counter()
            ref = find(question)
            times.append(time.perf_counter() - began)
            hits += turn == 0 and ref in cites
    return 100 * hits / len(asked), times, own_memory() - before


def questions() -> list[Question]:
    """Questions of one turn with the passages that must be cited."""
    return [
        (str(line["turns"][0]), frozenset(map(str, line["cites_all"])))
        for name in SETS
        for line in lines_of(name)
        if isinstance(line["turns"], list) and len(line["turns"]) == 1
        if isinstance(line["cites_all"], list) and line["cites_all"]
    ]


def ours(notices: Sequence[Notice], name: str) -> Callable[[str], str]:
    """The first place an answer cites, or only the index ranks, all notices being ready to be asked."""
    shelf, key = Library(notices), notices[0].key
    catalogs = [shelf.catalog(n.key) for n in notices]

    def find(question: str) -> str:
        return str(next(iter(shelf.ask(Asked(question, notice=key)).cites), ""))

    def rank(question: str) -> str:
        hits, _ = catalogs[0].find([question])
        return str(catalogs[0].pieces[hits[0].item].ref) if hits else ""

    return find if name == OURS else rank


def engine(name: str, notices: Sequence[Notice]) -> Callable[[str], str]:
    """The place of the passage that a plain search finds first in the first notice."""
    texts = tuple(p.text for n in notices for p in n.passages)
    starts = tuple(accumulate((len(n.passages) for n in notices), initial=0))
    search: Find = dict(ENGINES)[name](Shelf(texts, starts))
    refs = [str(p.ref) for p in notices[0].passages]

    def find(question: str) -> str:
        at = search(question, 0)
        return refs[at] if at >= 0 else ""

    return find
