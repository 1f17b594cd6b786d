"""The words people ask with, loaded once from data: aspects, nouns, noise, synonyms. Nothing about any one notice."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import cast

from opencc import OpenCC

from knowledge.text import normal

EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d\u2b00-\u2bff]+|\\[[\u4e00-\u9fff]{1,4}\\](?!第)")
MENTION = re.compile(r"@[^\s@,，。:：]{1,20}[\s\u2005\u3000]+|^@[^\s]{1,20}$|@(小)?(机器人|助手|钉办|小钉)")
GAP = " "


class Aspect(StrEnum):
    """What of a thing is asked."""

    LEAD = "lead"
    SUPPORT = "support"
    DEADLINE = "deadline"
    TARGET = "target"
    CONTENT = "content"
    WHERE = "where"
    SOURCE = "source"
    REASON = "reason"
    CONFLICT = "conflict"
    DIFFERENCE = "difference"
    MOST = "most"


def _document(name: str) -> Mapping[str, object]:
    return tomllib.loads((files("knowledge") / "data" / f"{name}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _asking() -> Mapping[str, object]:
    return _document("asking")


@lru_cache(maxsize=1)
def unit_words() -> Mapping[str, object]:
    """The document of unit families, endings and levels."""
    return _document("units")


def words(document: Mapping[str, object], *path: str) -> list[str]:
    """The list of strings at `path` of a data document."""
    found: object = document
    for step in path:
        found = cast("Mapping[str, object]", found)[step]
    return cast("list[str]", found)


_GROUP = re.compile(r"\?P<\w+>")


def _either(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{_GROUP.sub('', p)})" for p in patterns))


@lru_cache(maxsize=64)
def pattern(group: str, name: str) -> re.Pattern[str]:
    """One expression for all phrases of `[group] name`."""
    return _either(words(_asking(), group, name))


@lru_cache(maxsize=1)
def aspect_patterns() -> tuple[tuple[Aspect, re.Pattern[str]], ...]:
    """Every aspect with what gives it away."""
    return tuple((a, pattern("aspects", a.value)) for a in Aspect)


@lru_cache(maxsize=16)
def group_patterns(group: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Every entry of `[group]` with its expression, in the order of the file."""
    names = cast("Mapping[str, object]", _asking()[group])
    return tuple((name, pattern(group, name)) for name in names)


@lru_cache(maxsize=1)
def noise() -> frozenset[str]:
    """Words that are never what a question is about."""
    return frozenset(cast("Mapping[str, str]", _asking()["noise"])["words"].split())


@lru_cache(maxsize=1)
def unstated() -> tuple[re.Pattern[str], ...]:
    """Groups of words for what notices rarely say: an answer must hold a word of the group asked."""
    groups = cast("Mapping[str, Sequence[Sequence[str]]]", _asking()["unstated"])["groups"]
    return tuple(_either(sorted(g, key=len, reverse=True)) for g in groups)


@lru_cache(maxsize=1)
def definition() -> re.Pattern[str]:
    """What asks for a definition or for the instances of a thing."""
    return _either(words(_asking(), "unstated", "definition"))


@lru_cache(maxsize=1)
def synonyms() -> Mapping[str, tuple[str, ...]]:
    """What people type → what notices print."""
    same = cast("Mapping[str, Sequence[str]]", _document("synonyms")["same"])
    return {typed: tuple(p for p in printed if p != typed) for typed, printed in same.items()}


def typed_synonyms(text: str) -> list[tuple[int, str]]:
    """(position, word) for every word of the text that notices may print otherwise."""
    known = synonyms()
    return [(i, text[i : i + n]) for i in range(len(text)) for n in (2, 3, 4) if text[i : i + n] in known]


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=512)
def hear(text: str) -> str:
    """What was typed in its normal form: no @, no emoji, no blanks, half width, lower case, simplified."""
    bare = EMOJI.sub(GAP, MENTION.sub(GAP, text))
    return normal(_simplifier().convert(bare)).replace("“”", "")


@lru_cache(maxsize=1)
def introductions() -> tuple[str, ...]:
    """How people say which unit they are of; the group `who` holds the unit."""
    return tuple(words(_asking(), "self", "intro"))
