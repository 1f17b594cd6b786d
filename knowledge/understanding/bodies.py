"""Which bodies a question names: by any of their names, by sound, with one slip, or unknown to the notice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

from rapidfuzz.distance import OSA

from knowledge.nicknames import ENDING, Nicknames, UnitNames
from knowledge.phrases import unit_words, words
from knowledge.sounds import signs, sounds
from knowledge.text import normal

_SPOKEN_ENDS = frozenset(sounds("局委办部厅心行组署"))
_TOWN = re.compile(r"([\u4e00-\u9fff]{2,3})(镇|乡|街道)(?!街|村|个|级|创|建|的目标)")
_LEADING, _POINTING = re.compile("^[那在是到给由问和跟与把就像]"), re.compile("[哪这那各每某几个]")
"""What stands before the name of a town, and what makes none: 哪个乡镇."""
SHORT_TOWN = 2
LONG_NAME = 4  # 人民银行 is nobody's subject
LONGEST_HEARD = 24  # characters; no body is called by more
SHORTEST_SLIP = 4  # a name of fewer characters has too many neighbours
STATE = "国家"
GOVERNMENT = re.compile(r"人民政府(?:办公[室厅])?$")
"""Their names hold the names of others: 市人民政府 is not 民政."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A body named at `text[start:end]`; `unit` None: the notice does not know it. `bare`: without 局, 办 …"""

    unit: str | None
    start: int
    end: int
    said: str
    bare: bool = False


class Bodies:
    """The units of a notice as people name them."""

    def __init__(
        self, units: Iterable[str], aliases: Mapping[str, str] | None = None, nicknames: Nicknames | None = None
    ) -> None:
        every = tuple(dict.fromkeys(units))
        self._governments = tuple(u for u in every if GOVERNMENT.search(u))
        self.names = UnitNames([u for u in every if u not in self._governments], aliases, nicknames)
        self.units = every
        self.town = next(
            (u for u in self.units if re.search(r"镇街|镇乡|乡镇|街道", u) and self.names.resolve("镇街") == u), None
        )

    def resolve(self, text: str) -> str | None:
        """The unit that `text` as a whole names; None when it names none or several."""
        plain = normal(text)
        found = self.names.resolve(plain)
        if found:
            return found
        mentions = self.said(plain)
        whole = [m for m in mentions if m.unit and m.end - m.start >= len(plain) - 2]
        return whole[0].unit if len(whole) == 1 else None

    def said(self, text: str) -> list[Mention]:
        """Every body named in the normal text, from left to right."""
        found = [
            Mention(u, a, b, text[a:b], not ENDING.search(text[a:b]) and u != text[a:b])
            for u, a, b in self.names.find(text)
        ]
        found = [*self._governing(text), *found]
        found = [f for f in found if not any(_inside(f, m) for m in found if m is not f)]
        for more in (self._by_sound(text), self._by_slip(text), _strangers(text), self._towns(text)):
            found += [m for m in more if all(m.end <= f.start or f.end <= m.start or _inside(f, m) for f in found)]
            found = [f for f in found if not any(_inside(f, m) for m in found if m is not f)]
        found = [m if m.unit else replace(m, unit=self._by_share(m.said) or self._of_state(m.said)) for m in found]
        return sorted(found, key=lambda m: m.start)

    def _of_state(self, said: str) -> str | None:
        """国家发改委 is 国家发展改革委: a short form behind the word that the full name begins with."""
        short = said.removeprefix(STATE)
        unit = self.names.resolve(short) if short != said else None
        return unit if unit and unit.startswith(STATE) else None

    def _governing(self, text: str) -> list[Mention]:
        spoken = [
            (u, form)
            for u in self._governments
            for form in (u, u.replace("人民政府", "政府").replace("办公室", "办"), u.replace("人民政府", "政府"))
        ]
        found = [(u, f, text.find(f)) for u, f in sorted(spoken, key=lambda s: -len(s[1])) if f in text]
        return [Mention(u, at, at + len(f), f) for u, f, at in found[:1]]

    def _by_sound(self, text: str) -> list[Mention]:
        heard, found, at = signs(text), [], 0
        known = self.names.nicknames.sounding
        while at < len(heard):
            for end in range(min(at + LONGEST_HEARD, len(heard)), at + 2, -1):
                if heard[at:end] in known and (unit := self._sounding(heard[at:end])):
                    found.append(Mention(unit, at, end, text[at:end]))
                    at = end
                    break
            else:
                at += 1
        return found

    def _sounding(self, heard: str) -> str | None:
        """The first unit with a form that sounds so."""
        forms = self.names.nicknames.sounding.get(heard, ())
        found = [u for form in forms if (u := self.names.owner(form))]
        return min(found, key=self.names.order.__getitem__, default=None)

    def _by_slip(self, text: str) -> list[Mention]:
        heard = sounds(text)
        ends = [i + 1 for i, s in enumerate(heard) if s in _SPOKEN_ENDS]
        found = [m for end in ends for size in (6, 5, 4) if (m := self._slipped(text, end - size, end))]
        return found[:1]

    def _slipped(self, text: str, start: int, end: int) -> Mention | None:
        window = text[max(start, 0) : end]
        if start < 0 or len(window) < SHORTEST_SLIP or ENDING.sub("", window) == window:
            return None
        near = {
            unit
            for form in self.names.nicknames.ending.get(window[0] + window[-1], ())
            if len(form) >= SHORTEST_SLIP
            and abs(len(form) - len(window)) <= 1
            and OSA.distance(form, window, score_cutoff=1) <= 1
            and (unit := self.names.owner(form))
        }
        return Mention(near.pop(), start, end, window) if len(near) == 1 else None

    def _towns(self, text: str) -> list[Mention]:
        found = []
        for town in _TOWN.finditer(text):
            led = len(town[1]) - len(_LEADING.sub("", town[1])) if len(town[1]) > SHORT_TOWN else 0
            name = town[1][led:]
            if not _POINTING.search(name) and not any(name.endswith(w) for w in words(unit_words(), "not_towns")):
                found.append(Mention(self.town, town.start() + led, town.end(), town.group()[led:]))
        return found

    def is_bare_topic(self, mention: Mention, text: str) -> bool:
        """Whether a name without 局 is more likely a subject (数字文旅) than the body itself (文旅牵头)."""
        if not mention.bare or len(mention.said) >= LONG_NAME:
            return False
        after, before = text[mention.end :], text[: mention.start]
        led = before.endswith(("我们", "咱们", "咱", "是"))
        return bool(after) and not led and not any(after.startswith(w) for w in words(unit_words(), "bare_after"))

    def _by_share(self, stem: str) -> str | None:
        """The only unit one of whose names holds the stem of a body it does not name: 体育局 in 教育体育局."""
        bare = ENDING.sub("", re.sub(r"^[省市县区]", "", stem))
        holding = self.names.holding(bare) if len(bare) > 1 else set()
        near = {u for u in holding if set(bare) & set(u)} if len(holding) > 1 else holding
        near = {u for u in near if bare[0] in u}  # 体育局 is no part of 教育部, of 市教体局 it is
        return near.pop() if len(near) == 1 else None


def _inside(inner: Mention, outer: Mention) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end and outer.end - outer.start > inner.end - inner.start


@lru_cache(maxsize=1)
def _known() -> re.Pattern[str]:
    stems = sorted(cast("str", unit_words()["known"]).split(), key=len, reverse=True)
    endings = "|".join(words(unit_words(), "known_endings"))
    return re.compile(rf"(?:中国|国家|全国|[省市县区])?(?:{'|'.join(stems)})(?:{endings})(?!理|法|事|公|学|件|位)")


def _strangers(text: str) -> list[Mention]:
    return [Mention(None, m.start(), m.end(), m.group()) for m in _known().finditer(text)]
