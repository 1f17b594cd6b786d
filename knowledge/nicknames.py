"""Everything that a body is called, told from its own name and the office's aliases. Knows no notice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import groupby

from knowledge.sounds import signs
from knowledge.terms import lines_of, words_of
from knowledge.text import normal

GENERAL = re.compile(
    r"^(?:各|相关|有关|其他|全体|全市|全县|全区|国务院(?:相关|有关)|市级(?:相关|有关)|省级(?:相关|有关)|区级(?:相关|有关)|县级(?:相关|有关)|市有关|市直|县直|区直|属地)"
)
"""Names that stand for many bodies; they are not shortened, mended or resolved."""
ENDS = r"(?:委员会|办公室|管理局|管理中心|中心|总局|分局|局|委|办|部|厅|署|组|会|支行|分行|中心支行|公司|总社|社|处|院)"
ENDING = re.compile(rf"{ENDS}$")
TOWNS = 4
"""The last layer: words for all towns, which mean the first of the units that is one."""

Owner = tuple[int, str]
"""(layer, unit): a form of an earlier layer is the surer one."""


@lru_cache(maxsize=1)
def _groups() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    kept = [line.split("｜") for line in lines_of("bodies")]
    return tuple((tuple(stems.split()), tuple(alone.split())) for stems, alone in kept)


def core_of(unit: str) -> str:
    """What a body works on, region and kind left out: 市文广旅游局 → 文广旅游."""
    name = re.sub(r"[（(].*?[）)]", "", normal(unit))
    bare = re.sub(rf"{ENDS}$", "", name)
    stripped = re.sub(r"^(?:国家|中国|中央|[省市县区州旗](?=.{2}))", "", bare)
    return stripped or bare or name


def same_body(one: str, other: str) -> bool:
    """Whether one name shortens the other: 县发展和改革局, 县发改局. 县公安局交警支队 is a body of its own."""
    short, long = sorted((normal(one), normal(other)), key=len)
    letters = iter(long)
    held = all(letter in letters for letter in short)
    return short == long or (held and short[:1] == long[:1] and short[-1:] == long[-1:] and not long.startswith(short))


class Nicknames:
    """The forms of many units, found by themselves, by sound and by their ends. Learns a unit once, for all notices.

    Layers: the office's aliases, the own name, systematic forms, those of its kind, words for all towns.
    """

    def __init__(self, aliases: Mapping[str, str] | None = None) -> None:
        self._aliases = tuple((aliases or {}).items())
        self._layers: dict[str, tuple[tuple[str, ...], ...]] = {}
        self.owners: dict[str, tuple[Owner, ...]] = {}
        """Form → who is called so."""
        self.sounding: dict[str, tuple[str, ...]] = {}
        """Signs of sound → forms that end like a body and sound so."""
        self.ending: dict[str, tuple[str, ...]] = {}
        """First and last character → forms that end like a body and have them."""

    def learn(self, units: Iterable[str]) -> None:
        """Takes in the forms of the units that it does not know yet."""
        for unit in units:
            if unit not in self._layers:
                self._layers[unit] = (self._given(unit), *layers(unit))
                for layer, forms in enumerate(self._layers[unit]):
                    self._enter(layer, unit, forms)

    def _given(self, unit: str) -> tuple[str, ...]:
        given = (normal(short) for short, full in self._aliases if full == unit)
        return tuple(short for short in given if len(short) > 1)

    def _enter(self, layer: int, unit: str, forms: Iterable[str]) -> None:
        alone = ((layer, unit),)  # one for all its forms
        for form in forms:
            known = self.owners.get(form)
            self.owners[form] = (*known, *alone) if known else alone
            if not known and len(form) > 2 and ENDING.search(form):
                for table, key in ((self.sounding, signs(form)), (self.ending, form[0] + form[-1])):
                    table[key] = (*table.get(key, ()), form)

    def of(self, unit: str) -> tuple[tuple[str, ...], ...]:
        """The forms of a unit, layer by layer."""
        return self._layers.get(unit, ())


class UnitNames:
    """The units of a notice by everything people call them; finds names in a question."""

    def __init__(
        self, units: Iterable[str], aliases: Mapping[str, str] | None = None, nicknames: Nicknames | None = None
    ) -> None:
        self.units = tuple(dict.fromkeys(units))
        self.nicknames = nicknames or Nicknames(aliases)
        self.nicknames.learn(self.units)
        self._forms: dict[str, tuple[str, ...]] = {}
        self.order = {unit: place for place, unit in enumerate(self.units)}
        self._longest = max((longest(forms) for u in self.units for forms in self.nicknames.of(u)), default=0)

    def owner(self, form: str) -> str | None:
        """The unit that `form` means here; None when none or several."""
        found = self._owner(form)
        return found[1] if found else None

    def _owner(self, form: str) -> Owner | None:
        """Earlier layers win; within a layer a form of two units means neither."""
        found = [o for o in self.nicknames.owners.get(form, ()) if o[1] in self.order]
        if len(found) < 2:
            return found[0] if found else None
        for layer, group in groupby(sorted(found, key=lambda o: (o[0], self.order[o[1]])), key=lambda o: o[0]):
            same = list(group)
            if len(same) == 1 or layer == TOWNS:
                return same[0]
        return None

    def resolve(self, text: str) -> str | None:
        """The unit that the whole text names in any way; None when none or not clear."""
        name = re.sub(r"[的呢吗?？。!！]+$", "", re.sub(r"[（(].*?[）)]", "", normal(text)))
        whole = self.owner(normal(text)) or self.owner(name)
        if whole:
            return whole
        found = {unit for unit, begin, end in self.find(name) if end - begin >= len(name) - 4 and end == len(name)}
        return found.pop() if len(found) == 1 else None

    def find(self, text: str) -> list[tuple[str, int, int]]:
        """(unit, start, end) of every name, the longest first, from the left; places are those of `normal(text)`."""
        plain, hits, at = normal(text), [], 0
        known = self.nicknames.owners
        while at < len(plain):
            for end in range(min(at + self._longest, len(plain)), at + 1, -1):
                if plain[at:end] in known and (unit := self.owner(plain[at:end])):
                    hits.append((unit, at, end))
                    at = end
                    break
            else:
                at += 1
        return hits

    def forms_of(self, unit: str) -> tuple[str, ...]:
        """Every form that means this unit, its own name first."""
        if unit not in self._forms:
            told = enumerate(self.nicknames.of(unit))
            forms = (f for layer, some in told for f in some if self._owner(f) == (layer, unit))
            self._forms[unit] = tuple(dict.fromkeys([unit, *forms]))
        return self._forms[unit]

    def holding(self, part: str) -> set[str]:
        """The units with a form that holds `part`."""
        return {
            unit
            for unit in self.units
            if any(part in f and self.owner(f) == unit for forms in self.nicknames.of(unit) for f in forms)
        }


@lru_cache(maxsize=4096)
def layers(unit: str) -> tuple[tuple[str, ...], ...]:
    """The forms of a unit that its name tells: own, systematic, of its kind, as one of the towns."""
    own = normal(unit)
    towns = words_of("towns")
    is_town = normal(re.sub(r"[（()）]", "", unit)) in towns
    found = ([own], _short_forms(own), _kin(unit), [normal(w) for w in towns] if is_town else [])
    return tuple(tuple(dict.fromkeys(form for form in forms if len(form) > 1)) for forms in found)


@lru_cache(maxsize=16384)
def longest(forms: tuple[str, ...]) -> int:
    """Characters of the longest form."""
    return max(map(len, forms), default=0)


def _short_forms(unit: str) -> list[str]:
    """Region dropped or added, kind of body exchanged: 市商务局 → 商务局."""
    if GENERAL.match(unit):
        return []
    bare = re.sub(r"^(?:国家|中国|[省市县区州旗])(?=.{2})", "", unit)
    forms = [unit, bare, *(region + bare for region in ("市", "县", "区", "省", "国家", "我市", "全市"))]
    core, end = core_of(unit), re.search(rf"{ENDS}$", unit)
    if (
        len(core) > 1
        and end
        and end.group() in {"局", "委", "办", "部", "厅", "中心", "委员会", "办公室", "总局", "管理局", "管理中心"}
    ):
        forms += [core + other for other in ("局", "委", "办", "中心", "部门", "厅", "办公室", "委员会")]
        forms += ["市" + core + other for other in ("局", "委", "办", "中心", "办公室", "委员会")]
    return forms


def _kin(unit: str) -> list[str]:
    core = core_of(unit)
    found: list[str] = []
    for stems, alone in _groups():
        rank = next(
            (
                i
                for i, stem in enumerate(stems)
                if stem == core or (len(stem) > 1 and core.startswith(stem) and len(core) <= len(stem) + 2)
            ),
            None,
        )
        named = normal(unit).replace("人民政府", "政府")  # it holds 民政 only by its letters
        if rank is None and not any(stem in named and len(stem) > 1 for stem in alone):
            continue
        for stem in stems:
            found += [
                form
                for end in ("局", "委", "办", "部门", "中心", "厅", "部", "系统", "总局")
                for form in (stem + end, "市" + stem + end, "县" + stem + end)
            ]
        found += alone
    return found
