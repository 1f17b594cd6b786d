"""How long an answer takes and what a notice weighs, of one notice and of a thousand, and how often it is right."""

from __future__ import annotations

import asyncio
import gc
import math
import os
import pickle
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from bench.table import Row, quantile
from knowledge import Asked, Library, Notice, read_notice
from tests.evaluate import FIRST, lines_of, results, score
from tests.knowledge.changed import changed

NOTICES = Path("tests/data/notices")
MANY = 1000
TEXTS = 20
"""Different texts among the many; the others are copies with another number that share nothing in memory."""
ASKED = 3000
UNSCOPED = 300
SETS = ("own_dev", "own_more", "own_fresh")


async def measure() -> list[Row]:
    """Rows of speed, growth, first questions, choosing a notice, memory, and of how many answers are right."""
    return await asyncio.to_thread(rows)


def rows() -> list[Row]:
    one = Library(shelf(1))
    alone = timed(one, asked_of(one.notices, ASKED // 2))
    before = own_memory()
    many = Library(shelf(MANY))
    read = own_memory() - before
    first = timed(
        many, [replace(a, notice=n.key) for a, n in zip(asked_of(many.notices, MANY), many.notices, strict=True)]
    )
    among = timed(many, asked_of(many.notices, ASKED))
    askable = own_memory() - before - read
    growth = math.log(quantile(among, 0.5) / quantile(alone, 0.5)) / math.log(MANY)
    right = " / ".join(f"{score(results(name)):.0f}%" for name in SETS)
    return [
        Row("an answer, one notice: p50 / p99", said(alone), "", "", "1 / 5 ms"),
        Row(f"an answer, {MANY} notices, each asked alike", said(among), "", f"exponent {growth:.2f}", "2 / 10 ms"),
        Row("the first question to a notice", said(first)),
        *choosing(many),
        Row(f"{MANY} notices in memory: read / made askable", f"{read:.0f} / {askable:.0f} MB"),
        Row(f"answers right, {' / '.join(SETS)}", right, "", "", "95%"),
    ]


def choosing(library: Library) -> list[Row]:
    """Rows of questions that say themselves, or do not say, which of the notices they mean."""
    chance, found = random.Random(11), [0, 0]
    chosen = [(chance.choice(library.notices), question) for question in questions()[:UNSCOPED]]

    def ask(asked: Asked) -> str | None:
        return library.ask(asked).notice

    times: list[float] = []
    for notice, question in chosen:
        began = time.perf_counter()
        key = ask(Asked(f"{notice.doc_no}，{question}"))
        times.append(time.perf_counter() - began)
        found[key == notice.key] += 1
    library.ask(Asked(questions()[0]))
    open_ones = timed(library, [Asked(question) for _, question in chosen])
    return [
        Row(f"the notice named by its number among {MANY}", said(times), f"{found[1]} of {len(chosen)} found"),
        Row(f"no notice named among {MANY}", said(open_ones)),
    ]


@lru_cache(maxsize=1)
def questions() -> list[str]:
    """The last turns of the question sets."""
    return [str(line["turns"][-1]) for name in SETS for line in lines_of(name) if isinstance(line["turns"], list)]


def shelf(count: int) -> list[Notice]:
    """So many notices, each with a number of its own."""
    text = (NOTICES / FIRST).read_text("utf-8")
    read = [pickle.dumps(read_notice(changed(text, seed).text, f"{seed}.txt")) for seed in range(min(count, TEXTS))]
    copies: Sequence[Notice] = [pickle.loads(read[i % len(read)]) for i in range(count)]
    return [replace(notice, doc_no=f"测政办发〔2021〕{i + 1}号") for i, notice in enumerate(copies)]


def asked_of(notices: Sequence[Notice], count: int) -> list[Asked]:
    """So many questions, each to one of the notices."""
    chance = random.Random(7)
    return [Asked(chance.choice(questions()), notice=chance.choice(notices).key) for _ in range(count)]


def timed(library: Library, asked: Sequence[Asked]) -> list[float]:
    """Seconds of each answer."""
    return list(map(clocked(library.ask), asked))


def clocked(answer: Callable[[Asked], object]) -> Callable[[Asked], float]:
    def seconds(asked: Asked) -> float:
        began = time.perf_counter()
        answer(asked)
        return time.perf_counter() - began

    return seconds


def own_memory() -> float:
    """MB this process holds (Linux), what is no longer used left out."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def said(times: Sequence[float]) -> str:
    return f"{quantile(times, 0.5) * 1e3:.2f} / {quantile(times, 0.99) * 1e3:.2f} ms"
