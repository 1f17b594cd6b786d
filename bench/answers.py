"""How long an answer takes, of one notice and of a thousand, and how often it is right, beside plain searches."""

from __future__ import annotations

import asyncio
import math
import os
import random
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.fuzz import partial_ratio

from bench.table import Row, quantile
from knowledge import Asked, Library, Notice, read_notice
from tests.evaluate import FIRST, lines_of, results, score
from tests.knowledge.changed import changed

NOTICES = Path("tests/data/notices")
MANY = 1000
TEXTS = 20
"""Different texts among the many; the others carry another number."""
WARM = 40
"""Notices that are asked about, out of the many."""
ASKED = 1500
SETS = ("own_dev", "own_more", "own_fresh")


async def measure() -> list[Row]:
    """Rows of speed, growth, first question, memory, and of what peers find."""
    return await asyncio.to_thread(rows)


def rows() -> list[Row]:
    questions = [str(line["turns"][-1]) for name in SETS for line in lines_of(name) if isinstance(line["turns"], list)]
    one, many = shelf(1), shelf(MANY)
    before = own_memory()
    library = Library(many)
    loaded = own_memory() - before
    began = time.perf_counter()
    library.ask(Asked(questions[0], notice=many[-1].key))
    first = time.perf_counter() - began
    alone, among = timed(Library(one), one, questions), timed(library, many[:WARM], questions)
    growth = math.log(quantile(among, 0.5) / quantile(alone, 0.5)) / math.log(MANY)
    return [
        Row("an answer, one notice: p50 / p99", said(alone), "", "", "1 / 5 ms"),
        Row(f"an answer, {MANY} notices, {WARM} of them asked", said(among), "", f"exponent {growth:.2f}", "2 / 10 ms"),
        Row("first question to a notice not asked before", f"{first * 1e3:.0f} ms"),
        Row(f"a library of {MANY} notices, not yet asked", f"{loaded:.0f} MB"),
        *beside(),
    ]


def shelf(count: int) -> list[Notice]:
    """So many notices, each with a number of its own."""
    text = (NOTICES / FIRST).read_text("utf-8")
    read = [read_notice(changed(text, seed).text, f"{seed}.txt") for seed in range(min(count, TEXTS))]
    return [replace(read[i % len(read)], doc_no=f"测政办发〔2021〕{i + 1}号") for i in range(count)]


def timed(library: Library, notices: Sequence[Notice], questions: Sequence[str]) -> list[float]:
    """Seconds of each answer, every notice asked once before."""
    for notice in notices:
        for question in questions[:12]:
            library.ask(Asked(question, notice=notice.key))
    chance, times = random.Random(7), []
    for _ in range(ASKED):
        asked = Asked(chance.choice(questions), notice=chance.choice(notices).key)
        began = time.perf_counter()
        library.ask(asked)
        times.append(time.perf_counter() - began)
    return times


def own_memory() -> float:
    """MB this process holds (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def said(times: Sequence[float]) -> str:
    return f"{quantile(times, 0.5) * 1e3:.2f} / {quantile(times, 0.99) * 1e3:.2f} ms"


def beside() -> list[Row]:
    """Our share of right answers, and how often a plain search ranks a passage that must be cited first."""
    texts = {str(p.ref): p.text for p in read_notice((NOTICES / FIRST).read_bytes(), FIRST).passages}
    asked = [
        (str(line["turns"][0]), {str(c) for c in line["cites_all"]})
        for name in SETS
        for line in lines_of(name)
        if isinstance(line["turns"], list) and len(line["turns"]) == 1
        if isinstance(line["cites_all"], list) and line["cites_all"]
    ]
    peers = (("SQLite FTS5, trigrams", fts5(texts)), ("rapidfuzz partial_ratio", fuzzy(texts)))
    right = {name: score(results(name)) for name in SETS}
    ours = " / ".join(f"{value:.0f}%" for value in right.values())
    found = "; ".join(f"{name} {top(search, asked)}" for name, search in peers)
    return [Row(f"answers right, {' / '.join(SETS)}", ours, f"a cited passage first: {found}", "", "95%")]


def top(search: Callable[[str], str], asked: Sequence[tuple[str, set[str]]]) -> str:
    """Share of the questions whose first passage is one to be cited, and the middle time."""
    times, hits = [], 0
    for question, cites in asked:
        began = time.perf_counter()
        hits += search(question) in cites
        times.append(time.perf_counter() - began)
    return f"{100 * hits / len(asked):.0f}% in {quantile(times, 0.5) * 1e3:.2f} ms"


def fts5(texts: dict[str, str]) -> Callable[[str], str]:
    base = sqlite3.connect(":memory:")
    base.execute("create virtual table passages using fts5(ref unindexed, text, tokenize='trigram')")
    base.executemany("insert into passages values (?, ?)", texts.items())

    def search(question: str) -> str:
        parts = {question[i : i + 3] for i in range(len(question) - 2)}
        query = " OR ".join('"' + part.replace('"', "") + '"' for part in parts if '"' not in part)
        found = base.execute("select ref from passages where text match ? order by rank limit 1", (query or '"-"',))
        return str((found.fetchone() or ("",))[0])

    return search


def fuzzy(texts: dict[str, str]) -> Callable[[str], str]:
    def search(question: str) -> str:
        best = process.extractOne(question, texts, scorer=partial_ratio)
        return str(best[2]) if best else ""

    return search
