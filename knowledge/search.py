"""Ranks short texts by how much of a question each explains: by characters, sound, synonyms. No intent here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from sys import intern

from knowledge.phrases import synonyms
from knowledge.sounds import LATIN, sound, typed_syllables
from knowledge.text import letters

BY_CHAR, BY_SYNONYM, BY_SOUND, ALONE = 1.0, 0.92, 0.8, 0.25
"""How well a character counts as explained: in a shared pair, by a synonym, by sound, or alone."""
WORD, HALF = 3, 0.5
FLOOR = 0.25  # the weight of a character that stands in every text; an unknown one weighs 1


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that explains the share `covered` of the question; `named` is the share of its name that was said."""

    item: int
    covered: float
    named: float
    joined: float
    """Share of the question's neighbouring characters that stand together in the text."""

    @property
    def score(self) -> float:
        """The rank among hits, in [0, 1]."""
        return 0.65 * self.covered + 0.2 * self.named + 0.15 * self.joined


@dataclass(frozen=True, slots=True)
class Query:
    """The words of a question in an index's terms: characters, their sounds, their weights."""

    chars: str
    sounds: tuple[str, ...]
    weights: tuple[float, ...]
    pairs: tuple[int, ...]
    """Positions i where i and i+1 stand in one segment."""
    words: tuple[int, ...]
    """Masks of the segments of three characters: one word each, known as a whole or not at all."""

    @property
    def total(self) -> float:
        return sum(self.weights) or 1.0


def pairs(text: str) -> set[str]:
    """Neighbouring characters of `text`."""
    return {text[i : i + 2] for i in range(len(text) - 1)}


class Index:
    """Names and texts made searchable. Items keep the order they came in."""

    def __init__(self, items: Sequence[tuple[str, str]]) -> None:
        self.names = [letters(name) for name, _ in items]
        self.texts = [letters(name) + " " + letters(text) for name, text in items]
        self._name_pairs = [pairs(n) for n in self.names]
        by_char: dict[str, list[int]] = defaultdict(list)
        by_sound: dict[str, list[int]] = defaultdict(list)
        self._holders: dict[str, tuple[int, ...]] = {}
        for item, text in enumerate(self.texts):
            _post(item, text, by_char, by_sound)
        self._by_char = _packed(by_char)
        self._by_sound = _packed(by_sound)
        self._weights = self._rarity()
        self.known = self._by_char.keys()

    def _rarity(self) -> dict[str, float]:
        count: dict[str, int] = defaultdict(int)
        for text in self.texts:
            for char in set(text):
                count[char] += 1
        most = log(len(self.texts) + 1) or 1.0
        return {c: max(FLOOR, log((len(self.texts) + 1) / n) / most) for c, n in count.items()}

    def query(self, segments: Iterable[str]) -> Query:
        """`segments` of a question as this index weighs them; typed pinyin becomes its syllables."""
        chars: list[str] = []
        heard: list[str] = []
        joined: list[int] = []
        words: list[int] = []
        for segment in segments:
            start = len(chars)
            for char, syllable in _spelled(segment):
                chars.append(char)
                heard.append(syllable)
            joined += range(start, len(chars) - 1)
            words += [7 << start] if len(chars) - start == WORD else []
        weights = tuple(self._weights.get(c, 0.6 if c == "?" else 1.0) for c in chars)
        return Query("".join(chars), tuple(heard), weights, tuple(joined), tuple(words))

    def search(self, query: Query, among: frozenset[int] | None = None) -> list[Hit]:
        """Every item (of `among`, if given) that shares more than single characters with the query, best first."""
        by_char, by_synonym, by_sound = self._masks(query)
        found = by_char.keys() | by_synonym.keys() | by_sound.keys()
        said = pairs(query.chars)
        cache: dict[tuple[int, int, int, int], float] = {}
        hits: list[Hit] = []
        for item in found if among is None else found & among:
            together = by_char[item]
            exact = together | together << 1
            heard = _long_runs(exact | by_sound[item], exact)
            masks = (exact, by_synonym[item], heard, self._alone(query, item))
            if masks not in cache:
                cache[masks] = _covered(query, masks)
            hits.append(
                Hit(item, cache[masks], self._named(item, said), together.bit_count() / (len(query.pairs) or 1))
            )
        return sorted(hits, key=lambda h: (-h.score, h.item))

    def _masks(self, query: Query) -> tuple[defaultdict[int, int], ...]:
        by_char: defaultdict[int, int] = defaultdict(int)
        by_sound: defaultdict[int, int] = defaultdict(int)
        for i in query.pairs:
            both = 3 << i
            for item in self._by_char.get(query.chars[i : i + 2], ()):
                by_char[item] |= 1 << i
            for item in self._by_sound.get(f"{query.sounds[i]} {query.sounds[i + 1]}", ()):
                by_sound[item] |= both
        return by_char, self._synonym_masks(query), by_sound

    def _synonym_masks(self, query: Query) -> defaultdict[int, int]:
        masks: defaultdict[int, int] = defaultdict(int)
        for start, typed in _typed_synonyms(query.chars):
            span = ((1 << len(typed)) - 1) << start
            for printed in synonyms()[typed]:
                for item in self.holders(printed):
                    masks[item] |= span
        return masks

    def holders(self, printed: str) -> tuple[int, ...]:
        """The items whose text holds `printed`."""
        if printed not in self._holders:
            self._holders[printed] = tuple(i for i, text in enumerate(self.texts) if printed in text)
        return self._holders[printed]

    def _alone(self, query: Query, item: int) -> int:
        text = self.texts[item]
        return sum(1 << i for i, c in enumerate(query.chars) if c in text)

    def _named(self, item: int, said: set[str]) -> float:
        own = self._name_pairs[item]
        return len(own & said) / len(own) if own else 0.0


def _post(item: int, text: str, by_char: dict[str, list[int]], by_sound: dict[str, list[int]]) -> None:
    found = {p for p in pairs(text) if " " not in p}
    for pair in found:
        by_char[pair].append(item)
    for heard in {f"{sound(p[0])} {sound(p[1])}" for p in found}:
        by_sound[heard].append(item)


def _packed(postings: dict[str, list[int]]) -> dict[str, tuple[int, ...]]:
    """The postings in little room: a thousand notices share their keys."""
    return {intern(key): tuple(items) for key, items in postings.items()}


def _long_runs(mask: int, exact: int) -> int:
    """`mask` without what stands in a run of fewer than three: two syllables alone sound like too much."""
    if mask == exact:
        return exact
    three = mask & mask >> 1 & mask >> 2
    return exact | three | three << 1 | three << 2


def _covered(query: Query, masks: tuple[int, int, int, int]) -> float:
    degrees = (BY_CHAR, BY_SYNONYM, BY_SOUND, ALONE)
    best = [
        max((d for d, mask in zip(degrees, masks, strict=True) if mask >> i & 1), default=0.0) * w
        for i, w in enumerate(query.weights)
    ]
    known = masks[0] | masks[1] | masks[2]
    for word in query.words:
        if known & word not in (0, word):
            best = [b * HALF if word >> i & 1 else b for i, b in enumerate(best)]
    return sum(best) / query.total


def _spelled(segment: str) -> list[tuple[str, str]]:
    """(character, sound) along a segment; `?` stands for the unknown character of a typed syllable."""
    spelled: list[tuple[str, str]] = []
    at = 0
    for latin in LATIN.finditer(segment):
        spelled += [(c, sound(c)) for c in letters(segment[at : latin.start()])]
        syllables = typed_syllables(latin.group()) if len(latin.group()) > 3 else None
        spelled += [("?", s) for s in syllables] if syllables else [(c, c) for c in latin.group()]
        at = latin.end()
    return spelled + [(c, sound(c)) for c in letters(segment[at:])]


def _typed_synonyms(chars: str) -> list[tuple[int, str]]:
    known = synonyms()
    return [(i, chars[i : i + n]) for i in range(len(chars)) for n in (2, 3, 4) if chars[i : i + n] in known]
