"""Names of bodies: where a list divides, what is one, which unit of a notice a short or former name means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from knowledge.terms import lines_of, words_of
from knowledge.text import normal, squeeze

_LAST = sorted(words_of("body_ends"), key=len, reverse=True)
_LIKE = re.compile(rf"^(?!谁|我|你).{{1,40}}(?:{'|'.join(_LAST)})(?:[（(][^（）()]{{1,20}}[）)])?$")
GENERAL = re.compile(
    r"^(?:各|相关|有关|其他|全体|全市|全县|全区|国务院(?:相关|有关)|市级(?:相关|有关)|省级(?:相关|有关)|区级(?:相关|有关)|县级(?:相关|有关)|市有关|市直|县直|区直|属地)"
)
"""Names that stand for many bodies; they are not shortened, mended or resolved."""
_EDGE = re.compile(
    r"^(?:由|以及|及|和|与|会同|并由|[:：、，,；;\s\u3000])+|(?:等(?:单位|部门)?|[、，,；;。.\s\u3000])+$"
)
_JOINT = re.compile(r"等(?=国务院|相关|有关|各|其他|部门|单位)")
_AND = re.compile(r"以及|及|和|与|暨")
REGION = r"(?:[\u4e00-\u9fff]{2,4}?(?:省|市|县|区|州|旗)|全?[省市县区州旗盟]|国家|中国|中央|国务院|[\u4e00-\u9fff]{2})"
ENDS = r"(?:委员会|办公室|管理局|管理中心|中心|总局|分局|局|委|办|部|厅|署|组|会|支行|分行|中心支行|公司|总社|社|处|院)"


def is_unit(text: str) -> bool:
    """Whether the words look like the name of a body, known or not."""
    return bool(_LIKE.match(squeeze(text)))


def split_units(text: str) -> tuple[str, ...]:
    """The bodies a list names, in order, as written; brackets and names with 和 inside stay whole."""
    names: list[str] = []
    for piece in _pieces(text):
        for part in _JOINT.split(piece):
            names += _apart(_EDGE.sub("", part))
    return tuple(dict.fromkeys(name for name in names if re.search(r"\w", name)))


def _pieces(text: str) -> list[str]:
    pieces, depth, begin = [], 0, 0
    for index, char in enumerate(text):
        depth += (char in "（(") - (char in "）)")
        if char in "、，,；;/\n。" and depth <= 0:
            pieces.append(text[begin:index])
            begin = index + 1
    return [part for piece in [*pieces, text[begin:]] for part in _by_blanks(piece.strip())]


def _by_blanks(piece: str) -> list[str]:
    parts = piece.split()
    if len(parts) > 1 and all(is_unit(part) for part in parts):
        return parts
    return [squeeze(piece)]


def _apart(name: str) -> list[str]:
    for found in _AND.finditer(name):
        left, right = name[: found.start()], name[found.end() :]
        general = GENERAL.match(right) and len(right) > 2
        if (
            is_unit(left)
            and len(left) > 2
            and (general or (is_unit(right) and len(right) > 3 and _complete(left, right)))
        ):
            return [left, *_apart(_EDGE.sub("", right))]
    return [name] if name else []


def _complete(left: str, right: str) -> bool:
    """国家发展和改革委 is one name: its left half ends in no 局, 委, 办, 部."""
    return bool(re.search(rf"{ENDS}$", left)) and left[:1] == right[:1]


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


class UnitNames:
    """The units of a notice and everything people call them. Built once; finds names in a question."""

    def __init__(self, units: Iterable[str], aliases: Mapping[str, str] | None = None) -> None:
        self.units = tuple(dict.fromkeys(units))
        self._forms: dict[str, str] = {}
        for forms in (self._given(aliases or {}), self._own(), self._systematic(), self._kindred()):
            self._add(forms)
        self._longest = max(map(len, self._forms), default=0)

    def resolve(self, text: str) -> str | None:
        """The unit that the whole text names in any way; None when none or not clear."""
        name = re.sub(r"[的呢吗?？。!！]+$", "", re.sub(r"[（(].*?[）)]", "", normal(text)))
        whole = self._forms.get(normal(text)) or self._forms.get(name)
        if whole:
            return whole
        found = {unit for unit, begin, end in self.find(name) if end - begin >= len(name) - 4 and end == len(name)}
        return found.pop() if len(found) == 1 else None

    def find(self, text: str) -> list[tuple[str, int, int]]:
        """(unit, start, end) of every name, the longest first, from the left; places are those of `normal(text)`."""
        plain, hits, at = normal(text), [], 0
        while at < len(plain):
            size = next(
                (n for n in range(min(self._longest, len(plain) - at), 1, -1) if plain[at : at + n] in self._forms), 0
            )
            if size:
                hits.append((self._forms[plain[at : at + size]], at, at + size))
            at += size or 1
        return hits

    def forms_of(self, unit: str) -> tuple[str, ...]:
        """Every form that means this unit, its own name first."""
        return tuple(dict.fromkeys([unit, *(form for form, owner in self._forms.items() if owner == unit)]))

    def _add(self, forms: Sequence[tuple[str, str]]) -> None:
        """Earlier layers win; within a layer a form of two units means neither."""
        owners: dict[str, set[str]] = {}
        for form, unit in forms:
            if len(form) > 1 and form not in self._forms:
                owners.setdefault(form, set()).add(unit)
        self._forms |= {form: next(iter(found)) for form, found in owners.items() if len(found) == 1}

    def _given(self, aliases: Mapping[str, str]) -> list[tuple[str, str]]:
        return [(normal(short), full) for short, full in aliases.items() if full in self.units]

    def _own(self) -> list[tuple[str, str]]:
        return [(normal(unit), unit) for unit in self.units]

    def _systematic(self) -> list[tuple[str, str]]:
        return [(form, unit) for unit in self.units for form in _short_forms(normal(unit))]

    def _kindred(self) -> list[tuple[str, str]]:
        forms = [pair for unit in self.units for pair in _kin(unit)]
        towns = [unit for unit in self.units if normal(re.sub(r"[（()）]", "", unit)) in words_of("towns")]
        return forms + [(normal(word), towns[0]) for word in words_of("towns") if towns]


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


def _kin(unit: str) -> list[tuple[str, str]]:
    core, found = core_of(unit), []
    for stems, alone in _groups():
        rank = next(
            (
                i
                for i, stem in enumerate(stems)
                if stem == core or (len(stem) > 1 and core.startswith(stem) and len(core) <= len(stem) + 2)
            ),
            None,
        )
        if rank is None and not any(stem in normal(unit) and len(stem) > 1 for stem in alone):
            continue
        for stem in stems:
            found += [
                (form, unit)
                for end in ("局", "委", "办", "部门", "中心", "厅", "部", "系统", "总局")
                for form in (stem + end, "市" + stem + end, "县" + stem + end)
            ]
        found += [(word, unit) for word in alone]
    return found
