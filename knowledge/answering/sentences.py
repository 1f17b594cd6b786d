"""Which sentences of a passage say most of a topic, and what of a long one to quote. Knows no aspects."""

from __future__ import annotations

import re
from collections.abc import Callable

from knowledge.catalog import Catalog
from knowledge.notice import Ref
from knowledge.phrases import synonyms
from knowledge.pieces import Piece, sentences_in
from knowledge.question import Question
from knowledge.text import letters, normal, squeeze

Weigh = Callable[[str], float]
CLAUSE = re.compile(r"[^，,；;、]+(?:、[^，,；;]+)*[，,；;]?")
TIMED = re.compile(r"\d{4}年|今年|明年|年底|月底前")
SHORT = 70  # a sentence up to this length is quoted whole
SAYS_IT = 0.5  # share of the best sentence's weight that another must reach
MOSTLY = 0.75
FAINT = 1e-9
CORE = 10  # characters that make two places the same words


def weigher(question: Question, catalog: Catalog) -> Weigh:
    """How much of the topic a text says: shared neighbours, synonyms, and a little for single characters."""
    query = catalog.index.query(question.topic)
    pairs = [(query.chars[i : i + 2], query.weights[i] + query.weights[i + 1]) for i in query.pairs]
    alike = [(p, len(k) * 0.5) for k, printed in synonyms().items() if k in query.chars for p in printed]
    singles = set(query.chars)

    def weigh(text: str) -> float:
        own = letters(text)
        shared = sum(w for pair, w in pairs if pair in own) + sum(w for printed, w in alike if printed in own)
        return shared + 0.01 * sum(c in own for c in singles)

    return weigh


def best_sentences(piece: Piece, question: Question, catalog: Catalog, most: int) -> list[Piece]:
    """The sentences that say most of the topic, in their order; the first ones when none says any."""
    weigh, every = weigher(question, catalog), sentences_in(piece)
    beyond = [c for c in letters("".join(question.topic)) if c not in piece.name]
    best = max((weigh(s.text) for s in every), default=0.0)
    if not question.topic or (piece.name and not beyond) or best < FAINT:
        return every[:most]
    return [s for s in every if weigh(s.text) >= MOSTLY * best][:most]


def telling(piece: Piece, question: Question, catalog: Catalog, wanted: re.Pattern[str]) -> list[Piece]:
    """Sentences that hold what is wanted and say about as much of the topic as any, the one that says most first."""
    weigh, every = weigher(question, catalog), sentences_in(piece)
    best = max((weigh(s.text) for s in every), default=0.0)
    named = weigh(piece.name) >= SAYS_IT * weigh("".join(question.topic))
    enough = 0.0 if named or not question.topic else SAYS_IT * best
    holding = [s for s in every if wanted.search(normal(s.under + s.text)) and weigh(s.text) >= enough]
    return sorted(holding, key=lambda s: -weigh(s.text))


def focused(piece: Piece, weigh: Weigh) -> str:
    """A long sentence cut to the clauses that say the topic, with the time they stand under; … marks a cut."""
    shown = _cut(piece.text, weigh)
    return f"{piece.under}…{shown.lstrip('…')}" if piece.under and not TIMED.search(shown) else shown


def _cut(sentence: str, weigh: Weigh) -> str:
    clauses = CLAUSE.findall(sentence)
    if len(sentence) <= SHORT or len(clauses) < 3:
        return sentence
    weights = [weigh(c) for c in clauses]
    best = max(weights)
    said = [i for i, w in enumerate(weights) if w >= SAYS_IT * best]
    if best < 0.5 or not said:
        return sentence
    first, last = said[0], said[-1]
    timed = next((i for i in range(first, -1, -1) if TIMED.search(clauses[i])), first)
    shown = "".join(clauses[first : last + 1]).rstrip("，,；;、")
    if timed < first:
        shown = clauses[timed].rstrip("，,") + ("…" if timed < first - 1 else "，") + shown
    return ("…" if timed else "") + shown + ("…" if last < len(clauses) - 1 else "")


def twins(sentence: str, ref: Ref, catalog: Catalog) -> list[Ref]:
    """This place and the others that print the same words, in the order of the document."""
    core = max((letters(c) for c in re.split(r"[，,；;。…]", sentence)), key=len, default="")
    if len(core) < CORE:
        return [ref]
    same = [r for r, text in catalog.lettered.items() if r != ref and core in text]
    return [ref, *same[:2]]


def without_dates(text: str) -> str:
    """`text` less the numbers of dates and documents, which answer no 多少."""
    return re.sub(r"\d{4}年(?:\d+月)?(?:\d+日)?|〔\d{4}〕\d*号?|\d+号|[a-zA-Z]\d\w*|\d[a-zA-Z]\w*", "", squeeze(text))
