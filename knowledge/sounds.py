"""How characters sound: toneless pinyin, with the mix-ups of southern speakers folded. No meaning here."""

from __future__ import annotations

import os
import re
import unicodedata
from functools import lru_cache

os.environ.setdefault(
    "PYPINYIN_NO_PHRASES", "true"
)  # 60 ms to import instead of 180: only the table of characters is used
from pypinyin.constants import PINYIN_DICT

LATIN = re.compile(r"[a-z]{2,}")
INITIAL = re.compile(r"^([zcs])h")
FINAL = re.compile(r"(?<=[aei])ng$")


PRIVATE = 0xE000  # no notice prints these
LONGEST = 48  # letters; no term is longer, and each syllable is a call


@lru_cache(maxsize=16384)
def sound(char: str) -> str:
    """The folded syllable of one Chinese character (zh = z, ing = in); any other character is its own sound."""
    readings = PINYIN_DICT.get(ord(char))
    return folded(plain(readings.split(",")[0])) if readings else char


@lru_cache(maxsize=1)
def _syllable_signs() -> dict[str, str]:
    """Every folded syllable with a character of the private area that stands for it."""
    readings = {r.split(",")[0] for r in PINYIN_DICT.values()}
    heard = sorted({folded(plain(r)) for r in readings})
    return {syllable: chr(PRIVATE + i) for i, syllable in enumerate(heard) if len(syllable) > 1}


def sign(syllable: str) -> str:
    """The one character that stands for a folded syllable; a sound of one letter stands for itself."""
    return _syllable_signs().get(syllable, syllable[:1])


class _Signs(dict[int, int]):
    """Characters with their signs, each found once."""

    def __missing__(self, char: int) -> int:
        self[char] = ord(sign(sound(chr(char))))
        return self[char]


_SIGNS = _Signs()


def signs(text: str) -> str:
    """`text` by its sound: one sign per character, equal where the characters sound alike."""
    return text.translate(_SIGNS)


def plain(reading: str) -> str:
    """`reading` without tone marks: zhōng → zhong."""
    return "".join(c for c in unicodedata.normalize("NFD", reading) if not unicodedata.combining(c))


def folded(syllable: str) -> str:
    """`syllable` with flat and retroflex initials and front and back nasals made equal."""
    return FINAL.sub("n", INITIAL.sub(r"\1", syllable))


def sounds(text: str) -> tuple[str, ...]:
    """One syllable per character of `text`."""
    return tuple(sound(c) for c in text)


@lru_cache(maxsize=1)
def syllables() -> frozenset[str]:
    """Every plain syllable of the language, unfolded."""
    return frozenset(plain(r.split(",")[0]) for code, r in PINYIN_DICT.items() if 0x4E00 <= code <= 0x9FA5)


@lru_cache(maxsize=256)
def typed_syllables(word: str) -> tuple[str, ...] | None:
    """The folded syllables of typed pinyin (zhihui → zi hui), longest first; None when `word` is not pinyin."""
    if not word:
        return ()
    if len(word) > LONGEST:
        return None
    for size in range(min(6, len(word)), 0, -1):
        rest = typed_syllables(word[size:]) if word[:size] in syllables() else None
        if rest is not None:
            return (folded(word[:size]), *rest)
    return None
