"""What a question is about once bodies, places and years are out of it: its words without the small ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from knowledge.catalog import Catalog
from knowledge.phrases import noise, typed_synonyms
from knowledge.sounds import sounds
from knowledge.text import letters

NUMBER = re.compile(
    r"(?<![a-z0-9+])\d[\d,]*(?:\.\d+)?(?:[-~至到]\d+(?:\.\d+)?)?(?:%|个|家|条|所|项|门|点|名|人次|件|处|座|台|套|户|亿|万)?(?![a-z+])"
)
CHINESE = re.compile("[\u4e00-\u9fff]+")
MODAL = frozenset("要得须该被把")
"""They part two words wherever the notice has none with them: 管道要改."""
LONGEST_NOISE = 8  # characters of the longest small word


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` with the spans turned into blanks of the same length."""
    chars = list(text)
    for start, end in spans:
        chars[start:end] = " " * (min(end, len(chars)) - start)
    return "".join(chars)


def find_topic(text: str, kept: Sequence[bool], catalog: Catalog) -> list[str]:
    """What is left of the text without small words; single characters never make a topic."""
    numbers = [m.span() for m in NUMBER.finditer(text) if not all(kept[m.start() : m.end()])]
    chars = list(blanked(text, numbers))
    at = 0
    while at < len(chars):
        size = next((n for n in _noise_starts().get(chars[at], ()) if _is_noise(chars, kept, at, n)), 0)
        chars[at : at + size] = " " * size
        at += size or 1
    for i, char in enumerate(chars):
        if char in MODAL and not kept[i] and not _is_word("".join(chars), i, catalog):
            chars[i] = " "
    left = _trimmed(chars, kept, catalog)
    return [s for s in re.split(r"[^\w+.]+", left) if letters(s)]


@lru_cache(maxsize=1)
def _noise_starts() -> Mapping[str, tuple[int, ...]]:
    """How long the small words are that begin with a character, longest first; one character alone is none."""
    sizes: dict[str, set[int]] = {}
    for word in noise():
        if 1 < len(word) <= LONGEST_NOISE:
            sizes.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(found, reverse=True)) for first, found in sizes.items()}


def _is_noise(chars: list[str], kept: Sequence[bool], at: int, size: int) -> bool:
    return at + size <= len(chars) and not any(kept[at : at + size]) and "".join(chars[at : at + size]) in noise()


def _trimmed(chars: list[str], kept: Sequence[bool], catalog: Catalog) -> str:
    """The characters without one-character noise at the ends of each run that is not the notice's own."""
    whole = "".join(chars)
    meant = {i for at, typed in typed_synonyms(whole) for i in range(at, at + len(typed))}
    held = [k or i in meant or _is_word(whole, i, catalog) for i, k in enumerate(kept)]
    for order in (range(len(chars)), range(len(chars) - 1, -1, -1)):
        open_end = True
        for i in order:
            if held[i] or not chars[i].isalnum():
                open_end = True
            elif open_end and chars[i] in noise():
                chars[i] = " "
            else:
                open_end = False
    return "".join(chars)


def _is_word(text: str, at: int, catalog: Catalog) -> bool:
    """Whether the character makes a pair of the notice with a neighbour that is no small word: 岗位."""
    pairs = (
        (text[i : i + 2], text[i + 1 if i == at else i : i + 2 if i == at else i + 1]) for i in (at - 1, at) if i >= 0
    )
    return any(
        len(pair) == 2
        and other not in noise()
        and (pair in catalog.index.known or _is_misheard(pair, text[at], catalog))
        for pair, other in pairs
    )


def _is_misheard(pair: str, char: str, catalog: Catalog) -> bool:
    """Whether the pair is one of a name with the other character misheard: 式点 for 试点."""
    meant = catalog.names_heard.get(sounds(pair), "") if char in noise() and CHINESE.fullmatch(pair) else ""
    return len(meant) == len(pair) and meant[pair.index(char)] == char
