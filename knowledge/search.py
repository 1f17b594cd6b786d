"""Ranks short texts by how much of a question each explains: by characters, sound, synonyms. No intent here."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import log

from knowledge.phrases import synonyms
from knowledge.sounds import LATIN, sign, signs, typed_syllables
from knowledge.text import letters

BY_CHAR, BY_SYNONYM, BY_SOUND, ALONE = 1.0, 0.92, 0.8, 0.25
"""How well a character counts as explained: in a shared pair, by a synonym, by sound, or alone."""
WORD, HALF = 3, 0.5
FLOOR = 0.25  # the weight of a character that stands in every text; an unknown one weighs 1
ASKED = 4096  # parts of questions whose places an index remembers, about 0.2 kB each
EVERY = -1  # the mask of all characters
END = "\n"  # between texts: no question holds it


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
    heard: str
    """One sign per character: how it sounds."""
    weights: tuple[float, ...]
    pairs: tuple[int, ...]
    """Positions i where i and i+1 stand in one segment."""
    words: tuple[int, ...]
    """Masks of the segments of three characters: one word each, known as a whole or not at all."""

    @property
    def total(self) -> float:
        return sum(self.weights) or 1.0


Shape = tuple[int, int, int]
"""Masks of the characters explained exactly, by a synonym, by sound."""


@lru_cache(maxsize=4096)
def pairs(text: str) -> frozenset[str]:
    """Neighbouring characters of `text`."""
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))


class Index:
    """Names and texts made searchable. Items keep the order they came in.

    It is two long strings, what is written and how it sounds; where a pair stands is looked up when first asked, so
    that a text costs little more than its characters and is searchable at once.
    """

    def __init__(self, items: Iterable[tuple[str, str]], remembered: int = ASKED) -> None:
        lettered = [(letters(name), letters(text)) for name, text in items]
        self.names = tuple(name for name, _ in lettered)
        self._written = "".join(f"{name} {text}{END}" for name, text in lettered)
        self._heard = signs(self._written)
        self._starts = array("L", accumulate((len(n) + len(t) + 2 for n, t in lettered), initial=0))
        self._places: dict[str, tuple[int, ...]] = {}
        self._sounding: dict[str, tuple[int, ...]] = {}
        self._remembered = remembered
        self.known = Known(self)

    def holders(self, printed: str) -> tuple[int, ...]:
        """The items whose text holds `printed`, in their order."""
        return self._held(printed, self._written, self._places)

    def _held(self, part: str, text: str, places: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
        if part in places:
            return places[part]
        starts, found, at = self._starts, [], text.find(part)
        while at >= 0:
            found.append(bisect_right(starts, at) - 1)
            at = text.find(part, starts[found[-1] + 1])
        if len(places) >= self._remembered:
            places.clear()
        places[part] = tuple(found)
        return places[part]

    def _weight(self, char: str) -> float:
        """How rare the character is among the items, in [FLOOR, 1]."""
        among, items = len(self.holders(char)), len(self.names)
        if not among:
            return 0.6 if char == "?" else 1.0
        return max(FLOOR, log((items + 1) / among) / log(items + 1))

    def query(self, segments: Iterable[str]) -> Query:
        """`segments` of a question as this index weighs them; typed pinyin becomes its syllables."""
        chars: list[str] = []
        heard: list[str] = []
        joined: list[int] = []
        words: list[int] = []
        for segment in segments:
            start = len(chars)
            for char, heard_as in _spelled(segment):
                chars.append(char)
                heard.append(heard_as)
            joined += range(start, len(chars) - 1)
            words += [7 << start] if len(chars) - start == WORD else []
        weights = tuple(map(self._weight, chars))
        return Query("".join(chars), "".join(heard), weights, tuple(joined), tuple(words))

    def search(self, query: Query, among: frozenset[int] | None = None, least: float = 0.0) -> list[Hit]:
        """Every item (of `among`, if given) that shares more than single characters with the query, best first.

        What cannot cover `least` is left out.
        """
        by_char, by_synonym, by_sound = self._masks(query, among)
        said, most = pairs(query.chars), len(query.pairs) or 1
        shapes: dict[Shape, Shape | None] = {}
        covered: dict[tuple[Shape, int], float] = {}
        hits: list[Hit] = []
        for item in by_char.keys() | by_synonym.keys() | by_sound.keys():
            together = by_char.get(item, 0)
            marks = (together, by_synonym.get(item, 0), by_sound.get(item, 0))
            if marks not in shapes:
                full = _shape(*marks)
                shapes[marks] = full if not least or _covered(query, (*full, EVERY)) >= least else None
            shape = shapes[marks]
            if shape is None:
                continue
            key = (shape, self._alone(query, item, shape[0] | shape[1] | shape[2]))
            if key not in covered:
                covered[key] = _covered(query, (*shape, key[1]))
            hits.append(Hit(item, covered[key], self._named(item, said), together.bit_count() / most))
        return sorted(hits, key=lambda h: (-h.score, h.item))

    def _masks(self, query: Query, among: frozenset[int] | None) -> tuple[dict[int, int], ...]:
        by_char: dict[int, int] = {}
        by_sound: dict[int, int] = {}
        for i in query.pairs:
            for item in self.holders(query.chars[i : i + 2]):
                by_char[item] = by_char.get(item, 0) | 1 << i
            for item in self._held(query.heard[i : i + 2], self._heard, self._sounding):
                by_sound[item] = by_sound.get(item, 0) | 3 << i
        found = (by_char, self._synonym_masks(query), by_sound)
        return found if among is None else tuple({i: m for i, m in masks.items() if i in among} for masks in found)

    def _synonym_masks(self, query: Query) -> dict[int, int]:
        masks: dict[int, int] = {}
        for start, typed in typed_synonyms(query.chars):
            span = ((1 << len(typed)) - 1) << start
            for printed in synonyms()[typed]:
                for item in self.holders(printed):
                    masks[item] = masks.get(item, 0) | span
        return masks

    def _alone(self, query: Query, item: int, explained: int) -> int:
        """The characters not explained otherwise that stand in the item somewhere."""
        find, start, end = self._written.find, self._starts[item], self._starts[item + 1]
        alone, bit = 0, 1
        for char in query.chars:
            if not explained & bit and find(char, start, end) >= 0:
                alone |= bit
            bit <<= 1
        return alone

    def _named(self, item: int, said: frozenset[str]) -> float:
        name = self.names[item]
        if len(name) < 2:
            return 0.0
        own = pairs(name)
        return len(own & said) / len(own)


class Known:
    """The pairs of neighbouring characters that stand in the texts of an index."""

    __slots__ = ("_index",)

    def __init__(self, index: Index) -> None:
        self._index = index

    def __contains__(self, pair: object) -> bool:
        return isinstance(pair, str) and len(pair) == 2 and " " not in pair and bool(self._index.holders(pair))


def _shape(together: int, same: int, sounding: int) -> Shape:
    """What is explained exactly, by synonyms and by sound, of pairs found in these ways."""
    exact = together | together << 1
    return exact, same, _long_runs(exact | sounding, exact)


def _long_runs(mask: int, exact: int) -> int:
    """`mask` without what stands in a run of fewer than three: two syllables alone sound like too much."""
    if mask == exact:
        return exact
    three = mask & mask >> 1 & mask >> 2
    return exact | three | three << 1 | three << 2


def _covered(query: Query, masks: tuple[int, int, int, int]) -> float:
    exact, same, heard, alone = masks
    best = []
    for i, weight in enumerate(query.weights):
        bit = 1 << i
        degree = BY_CHAR if exact & bit else BY_SYNONYM if same & bit else BY_SOUND if heard & bit else 0.0
        best.append(weight * (degree or (ALONE if alone & bit else 0.0)))
    known = exact | same | heard
    for word in query.words:
        if known & word not in (0, word):
            best = [b * HALF if word >> i & 1 else b for i, b in enumerate(best)]
    return sum(best) / query.total


def _spelled(segment: str) -> list[tuple[str, str]]:
    """(character, sign of its sound) along a segment; `?` stands for the unknown character of a typed syllable."""
    spelled: list[tuple[str, str]] = []
    at = 0
    for latin in LATIN.finditer(segment):
        spelled += _signed(letters(segment[at : latin.start()]))
        syllables = typed_syllables(latin.group()) if len(latin.group()) > 3 else None
        spelled += [("?", sign(s)) for s in syllables] if syllables else [(c, c) for c in latin.group()]
        at = latin.end()
    return spelled + _signed(letters(segment[at:]))


def _signed(text: str) -> list[tuple[str, str]]:
    return list(zip(text, signs(text), strict=True))


def typed_synonyms(chars: str) -> list[tuple[int, str]]:
    """(position, word) for every word that notices may print otherwise."""
    known = synonyms()
    return [(i, chars[i : i + n]) for i in range(len(chars)) for n in (2, 3, 4) if chars[i : i + n] in known]
