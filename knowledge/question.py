"""What is asked: bodies, places, years, aspects, nouns, and the words left over, which are the topic. Answers nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from knowledge.catalog import Catalog
from knowledge.phrases import Aspect, aspect_patterns, definition, group_patterns, hear, noise, pattern, unstated
from knowledge.sounds import sounds
from knowledge.text import letters
from knowledge.understanding.bodies import Mention
from knowledge.understanding.places import Spot, Years, find_spots, find_years

NUMBER = re.compile(
    r"\d[\d,]*(?:\.\d+)?(?:[-~至到]\d+(?:\.\d+)?)?(?:%|个|家|条|所|项|门|点|名|人次|件|处|座|台|套|户|亿|万)?"
)
LONGEST_NOISE = 8
LIST_NOUNS = frozenset({"indicator", "project", "duty", "article"})


@dataclass(frozen=True, slots=True)
class Question:
    """One question taken apart. `topic` holds what is neither a body, a place, a year nor a small word."""

    text: str
    topic: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    """Bodies that the notice does not name."""
    own: bool = False
    asker: str | None = None
    aspects: frozenset[Aspect] = frozenset()
    nouns: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    conditions: frozenset[str] = frozenset()
    counting: bool = False
    years: Years = field(default_factory=Years)
    spots: tuple[Spot, ...] = ()
    header: tuple[str, ...] = ()
    members: frozenset[str] = frozenset()
    person: str | None = None
    unstated: tuple[tuple[str, ...], ...] = ()
    """Groups of words for what notices rarely say, of which one was said."""
    defines: bool = False
    numbers: tuple[str, ...] = ()

    @property
    def bodies(self) -> tuple[str, ...]:
        """The units it is about, the asker's own included when meant."""
        own = (self.asker,) if self.own and self.asker and not self.units else ()
        return (*self.units, *own)

    def asks(self, *aspects: Aspect) -> bool:
        """Whether one of the aspects is asked."""
        return any(a in self.aspects for a in aspects)


def understand(said: str, catalog: Catalog, asker: str | None = None, this_year: int | None = None) -> Question:
    """The question in the terms of the notice."""
    text = mend(hear(said), catalog)
    kept = _kept(text, catalog)
    mentions = [m for m in catalog.bodies.said(text) if not _is_topic(m, text, kept, catalog)]
    years = find_years(text, this_year)
    spots = tuple(s for s in find_spots(text) if not all(kept[s.start : s.end]))
    spans = [(m.start, m.end) for m in mentions] + list(years.spans) + [(s.start, s.end) for s in spots]
    bare = blanked(text, spans)
    plain = _unkept(bare, kept)
    return Question(
        text=text,
        topic=tuple(_topic(bare, kept)),
        units=tuple(dict.fromkeys(m.unit for m in mentions if m.unit)),
        strangers=tuple(m.said for m in mentions if not m.unit),
        own=bool(pattern("self", "patterns").search(plain)),
        asker=asker,
        aspects=frozenset(a for a, p in aspect_patterns() if p.search(plain)),
        nouns=frozenset(n for n, p in group_patterns("nouns") if p.search(plain)),
        roles=frozenset(r for r, p in group_patterns("roles") if p.search(plain)),
        conditions=frozenset(c for c, p in group_patterns("conditions") if p.search(plain)),
        counting=bool(pattern("counting", "patterns").search(plain)),
        years=years,
        spots=spots,
        header=tuple(h for h, p in group_patterns("header") if p.search(text)),
        members=frozenset(m for m, p in group_patterns("members") if p.search(text)),
        person=_person(text, catalog),
        unstated=tuple(g for g in unstated() if any(w in plain for w in g)),
        defines=bool(definition().search(plain)),
        numbers=tuple(m.group() for m in NUMBER.finditer(plain)),
    )


_TERMS = [
    "指标",
    "项目",
    "牵头",
    "配合",
    "负责",
    "责任单位",
    "牵头单位",
    "配合单位",
    "目标",
    "组长",
    "副组长",
    "联席会议",
    "领导小组",
    "成员单位",
    "成员名单",
    "文号",
    "发文日期",
    "索引号",
    "标题",
    "发布机构",
    "主送",
    "填报",
    "附件",
    "办公室主任",
    "召集人",
    "截止",
    "期限",
    "内容",
    "原文",
]
_HEARD = {sounds(t): t for t in _TERMS}
_SIZES = sorted({len(t) for t in _TERMS}, reverse=True)
_SHAPES = {"联系会议": "联席会议", "配和": "配合", "指标是": "指标是"}


def mend(text: str, catalog: Catalog) -> str:
    """The text with misheard words of asking written right (付组长 → 副组长); words of the notice are left alone."""
    for wrong, right in _SHAPES.items():
        if wrong not in catalog.full_text:
            text = text.replace(wrong, right)
    heard, at, out = sounds(text), 0, []
    while at < len(text):
        size = next((n for n in _SIZES if heard[at : at + n] in _HEARD), 0)
        window = text[at : at + size]
        if size and window not in _TERMS and window not in catalog.full_text and (size > 2 or window not in noise()):
            out.append(_HEARD[heard[at : at + size]])
            at += size
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def _kept(text: str, catalog: Catalog) -> list[bool]:
    """Which characters stand in a run of the notice's own words, and are no noise therefore."""
    kept = [False] * len(text)
    for size, runs in ((3, catalog.names), (4, catalog.runs)):
        for i in range(len(text) - size + 1):
            if text[i : i + size] in runs:
                kept[i : i + size] = [True] * size
    return kept


def _is_topic(mention: Mention, text: str, kept: list[bool], catalog: Catalog) -> bool:
    """Whether a body's name is part of a longer word of the notice: 文旅 in 数字文旅, 大数据中心 in 教育大数据中心."""
    if mention.bare and all(kept[mention.start : mention.end]) and catalog.bodies.is_bare_topic(mention, text):
        return True
    if mention.bare and catalog.bodies.is_bare_topic(mention, text):
        return True
    across = text[max(mention.start - 2, 0) : mention.start + 2]
    return len(across) == 4 and across in catalog.runs and not across[1] == "市"


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` with the spans turned into blanks of the same length."""
    chars = list(text)
    for start, end in spans:
        chars[start:end] = " " * (end - start)
    return "".join(chars)


def _unkept(text: str, kept: list[bool]) -> str:
    return "".join("\x00" if k else c for c, k in zip(text, kept, strict=True))


def _topic(text: str, kept: list[bool]) -> list[str]:
    numbers = [m.span() for m in NUMBER.finditer(text) if not all(kept[m.start() : m.end()])]
    chars = list(blanked(text, numbers))
    at = 0
    while at < len(chars):
        size = next((n for n in range(LONGEST_NOISE, 1, -1) if _is_noise(chars, kept, at, n)), 0)
        chars[at : at + size] = " " * size
        at += size or 1
    segments: list[str] = []
    at = 0
    for raw in re.split(r"([^\w+.]+)", "".join(chars)):
        segments.append(_trimmed(raw, kept[at : at + len(raw)]))
        at += len(raw)
    return [s for s in segments if letters(s)]


def _is_noise(chars: list[str], kept: list[bool], at: int, size: int) -> bool:
    return at + size <= len(chars) and not any(kept[at : at + size]) and "".join(chars[at : at + size]) in noise()


def _trimmed(segment: str, kept: list[bool]) -> str:
    """`segment` without one-character noise at its ends."""
    start, end = 0, len(segment)
    while start < end and not kept[start] and segment[start] in noise():
        start += 1
    while start < end and not kept[end - 1] and segment[end - 1] in noise():
        end -= 1
    return segment[start:end]


def _person(text: str, catalog: Catalog) -> str | None:
    exact = next((n for n in sorted(catalog.people, key=len, reverse=True) if n in text), None)
    if exact:
        return exact
    heard = sounds(text)
    windows = (heard[i : i + n] for n in (3, 4) for i in range(len(heard) - n + 1))
    return next((catalog.people_heard[w] for w in windows if w in catalog.people_heard), None)
