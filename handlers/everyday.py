"""What a question of how things stand wants, said in everyday words. Answers nothing; the notice is knowledge's.

The words are in everyday.toml: cues, what may stand beside them, the command that answers.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import cast

from handlers.wording import key

ANYBODY = "*"
LONGEST = 40  # characters of a message that is one such question
ELSE = re.compile(
    r"^(?:报|填|补|代|更|撤|缓)|(?:要求?|应该?|需要?|须|计划|打算|目标)$"
)  # a report; what the notice asks for


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that is asked, and the commands that answer it."""

    name: str
    cues: tuple[re.Pattern[str], ...]
    alone: tuple[tuple[frozenset[str], str], ...]
    """(posts, command), the first one that the asker holds counts."""
    unit: str = ""
    matter: str = ""
    any: bool = False
    """Whether those who may not see a unit are told so, instead of being answered from the notice."""

    def command_of(self, posts: frozenset[str]) -> str | None:
        """The command for somebody on these posts; None where it is nothing for him."""
        return next((command for who, command in self.alone if ANYBODY in who or who & posts), None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A wish, what stood beside its cue, and the period if one was named."""

    wish: Wish
    rest: str = ""
    period: str = ""


def wanted(text: str) -> list[Wanted]:
    """What the message may want, in the order of the data; nothing for a longer text."""
    said = key(text)
    if not said or len(said) > LONGEST:
        return []
    return [found for wish in wishes() if (found := _read(said, wish))]


def split_period(said: str) -> tuple[str, str]:
    """(上季度, 校园) of 上季度校园; the first is "" where no other period is named."""
    _, period = _beside()
    found = period.search(said)
    return (found.group(), without_fillers(said[: found.start()] + said[found.end() :])) if found else ("", said)


def _read(said: str, wish: Wish) -> Wanted | None:
    found = max((m for cue in wish.cues if (m := cue.search(said))), key=lambda m: len(m.group()), default=None)
    if found is None:
        return None
    before, after = said[: found.start()], said[found.end() :]
    period, before = split_period(before)
    before, after = without_fillers(before), without_fillers(after)
    rest = before or after
    return None if (before and after) or ELSE.search(rest) else Wanted(wish, rest, period)


def without_fillers(said: str) -> str:
    """The words without the words at both ends that add nothing."""
    beside, _ = _beside()
    start = found.end() if (found := beside.match(said)) else 0
    said = said[start:]
    ends = [m.start() for m in re.finditer(".", said) if beside.fullmatch(said, m.start())]
    return said[: ends[0]] if ends else said


@lru_cache(maxsize=1)
def _document() -> Mapping[str, object]:
    return tomllib.loads((files("handlers") / "everyday.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _beside() -> tuple[re.Pattern[str], re.Pattern[str]]:
    document = cast("Mapping[str, list[str]]", _document())
    return re.compile(f"(?:{'|'.join(document['beside'])})+"), re.compile("|".join(document["period"]))


@lru_cache(maxsize=1)
def wishes() -> tuple[Wish, ...]:
    """All of them, in the order in which they are tried."""
    document = _document()
    parts = cast("Mapping[str, str]", document["parts"])
    return tuple(_wish(row, parts) for row in cast("list[Mapping[str, object]]", document["wish"]))


def _wish(row: Mapping[str, object], parts: Mapping[str, str]) -> Wish:
    cues = tuple(re.compile(_filled(cue, parts)) for cue in cast("list[str]", row["cues"]))
    alone = tuple((frozenset(who.split()), command) for who, command in cast("list[tuple[str, str]]", row["alone"]))
    unit, matter = cast("str", row.get("unit", "")), cast("str", row.get("matter", ""))
    return Wish(str(row["name"]), cues, alone, unit, matter, bool(row.get("any", False)))


def _filled(cue: str, parts: Mapping[str, str]) -> str:
    """The cue with its {PARTS} written out."""
    return re.sub(r"\{([A-Z]+)\}", lambda found: parts[found[1]], cue)
