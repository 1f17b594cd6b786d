"""Plain searches that a bot could use instead: made of passages, asked for the best one. Measures nothing."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

Find = Callable[[str, int], int]
"""(question, notice) → the place of the best passage, -1 when there is none."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Passages of many notices in one row; those of notice n stand in [starts[n], starts[n + 1])."""

    texts: tuple[str, ...]
    starts: tuple[int, ...]

    def span(self, notice: int) -> tuple[int, int]:
        return self.starts[notice], self.starts[notice + 1]


@lru_cache(maxsize=32768)
def words(text: str) -> tuple[str, ...]:
    """What jieba cuts a text into, for search."""
    import jieba

    jieba.setLogLevel("WARNING")
    return tuple(w for w in jieba.cut_for_search(text) if w.strip())


@lru_cache(maxsize=32768)
def grams(text: str, shortest: int, longest: int) -> tuple[str, ...]:
    """Runs of so many characters."""
    plain = "".join(c for c in text if c.isalnum())
    return tuple(plain[i : i + n] for n in range(shortest, longest + 1) for i in range(len(plain) - n + 1))


def jieba_bm25(shelf: Shelf) -> Find:
    """jieba's words, BM25 by bm25s."""
    import bm25s

    known = {w for text in shelf.texts for w in words(text)}
    engine = bm25s.BM25()
    engine.index([list(words(text)) for text in shelf.texts], show_progress=False)

    def find(question: str, notice: int) -> int:
        asked = [w for w in words(question) if w in known]
        if not asked:
            return -1
        start, end = shelf.span(notice)
        return start + int(engine.get_scores(asked)[start:end].argmax())

    return find


def fts5(shelf: Shelf) -> Find:
    """SQLite's full-text search on trigrams, any of them."""
    base = sqlite3.connect(":memory:")
    base.execute("create virtual table passages using fts5(notice unindexed, text, tokenize='trigram')")
    for notice in range(len(shelf.starts) - 1):
        rows = ((at + 1, notice, shelf.texts[at]) for at in range(*shelf.span(notice)))
        base.executemany("insert into passages (rowid, notice, text) values (?, ?, ?)", rows)

    def find(question: str, notice: int) -> int:
        query = " OR ".join(f'"{part}"' for part in dict.fromkeys(grams(question, 3, 3))) or '"-"'
        where = "text match ? and rowid between ? and ?"
        start, end = shelf.span(notice)
        found = base.execute(
            f"select rowid from passages where {where} order by rank limit 1", (query, start + 1, end)
        ).fetchone()
        return int(found[0]) - 1 if found else -1

    return find


def fuzzy(shelf: Shelf) -> Find:
    """rapidfuzz: the passage that holds most of the question in one place."""
    from rapidfuzz import process
    from rapidfuzz.fuzz import partial_ratio

    def find(question: str, notice: int) -> int:
        start, end = shelf.span(notice)
        best = process.extractOne(question, shelf.texts[start:end], scorer=partial_ratio)
        return start + int(best[2]) if best else -1

    return find


def tfidf(shelf: Shelf) -> Find:
    """Cosine of the runs of one to three characters, weighed by how rare they are."""
    import numpy as np

    places: dict[str, list[int]] = {}
    counts: dict[str, list[int]] = {}
    for at, text in enumerate(shelf.texts):
        for gram, count in Counter(grams(text, 1, 3)).items():
            places.setdefault(gram, []).append(at)
            counts.setdefault(gram, []).append(count)
    total = len(shelf.texts)
    rarity = {g: float(np.log((1 + total) / (1 + len(p))) + 1) for g, p in places.items()}
    where = {g: np.array(p, np.uint32) for g, p in places.items()}
    often = {g: np.array(c, np.float32) * rarity[g] for g, c in counts.items()}
    length = np.zeros(total, np.float32)
    for gram, at in where.items():
        length[at] += often[gram] ** 2
    length = np.sqrt(np.maximum(length, 1e-9))

    def find(question: str, notice: int) -> int:
        start, end = shelf.span(notice)
        scores = np.zeros(end - start, np.float32)
        for gram, count in Counter(grams(question, 1, 3)).items():
            if gram in where:
                low, high = np.searchsorted(where[gram], (start, end))
                scores[where[gram][low:high] - start] += often[gram][low:high] * (count * rarity[gram])
        return start + int((scores / length[start:end]).argmax()) if scores.any() else -1

    return find


def tantivy(shelf: Shelf) -> Find:
    """tantivy on single characters and pairs, the notice as a filter."""
    from tantivy import Document, Index, Occur, Query, SchemaBuilder

    builder = SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="whitespace")
    builder.add_text_field("notice", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("at", stored=True)
    schema = builder.build()
    index = Index(schema)
    writer = index.writer(64_000_000, 1)
    for notice in range(len(shelf.starts) - 1):
        for at in range(*shelf.span(notice)):
            writer.add_document(Document(text=" ".join(grams(shelf.texts[at], 1, 2)), notice=str(notice), at=at))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def find(question: str, notice: int) -> int:
        asked = [(Occur.Should, Query.term_query(schema, "text", g)) for g in dict.fromkeys(grams(question, 1, 2))]
        if not asked:
            return -1
        here = (Occur.Must, Query.term_query(schema, "notice", str(notice)))
        both = Query.boolean_query([here, (Occur.Must, Query.boolean_query(asked))])
        hits = searcher.search(both, 1).hits
        return int(searcher.doc(hits[0][1])["at"][0]) if hits else -1

    return find


ENGINES: Sequence[tuple[str, Callable[[Shelf], Find]]] = (
    ("jieba words, BM25 (bm25s)", jieba_bm25),
    ("SQLite FTS5, trigrams", fts5),
    ("rapidfuzz partial_ratio", fuzzy),
    ("TF-IDF of 1-3 characters (numpy)", tfidf),
    ("tantivy, characters and pairs", tantivy),
)
