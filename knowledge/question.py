"""What is asked: bodies, places, years, aspects, nouns; what is left over is the topic. Answers nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.catalog import Catalog
from knowledge.notice import Ref
from knowledge.phrases import (
    Aspect,
    aspect_patterns,
    definition,
    group_patterns,
    hear,
    noise,
    pattern,
    unstated,
)
from knowledge.sounds import folded, sound, sounds
from knowledge.text import letters
from knowledge.understanding.bodies import Mention
from knowledge.understanding.mending import mend
from knowledge.understanding.places import YEAR_END, Spot, Years, find_spots, find_years
from knowledge.understanding.positions import numbered_rows
from knowledge.understanding.topic import NUMBER, blanked, find_topic

DATED = re.compile(r"年|[到于在至](?:19|20)\d?|^\d{2,4}$")
"""A run that only says when: 到2022 is no word of the notice."""
DUTY = re.compile("单位|部门|牵头|负责|责任|配合")
ECHO = re.compile("(?<=([\u4e00-\u9fff]))([a-z]{1,6})(?![a-z0-9])")
EITHER = re.compile(r"\d[^,。\d]{0,4}还是[^,。\d]{0,2}\d")
"""20还是25: asks which of two numbers holds."""
SHORT_NAME = 2
LIST_NOUNS = frozenset({"indicator", "project", "duty", "article"})
TYPED = ("aspects", "nouns", "roles", "conditions")


@dataclass(frozen=True, slots=True)
class Question:
    """One question taken apart. `topic` holds what is neither a body, a place, a year nor a small word."""

    text: str
    topic: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    """(as said, its unit) where a name is more than a shortened one: former, misheard, the notice's own misprint."""
    strangers: tuple[str, ...] = ()
    """Bodies that the notice does not name."""
    towns: tuple[str, ...] = ()
    """Towns named that the notice only means together: 相关镇街."""
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
    unstated: tuple[re.Pattern[str], ...] = ()
    """Groups of words for what notices rarely say, of which one was said."""
    defines: bool = False
    numbers: tuple[str, ...] = ()
    rest: str = ""
    """Single characters left over that are no small words: something the notice may not know."""
    focus: Ref | None = None
    """The row that the talk is about, when this turn names none."""
    page: int = 1

    @property
    def bodies(self) -> tuple[str, ...]:
        """The units it is about, the asker's own included when meant."""
        own = (self.asker,) if self.own and self.asker and not self.units else ()
        return (*self.units, *own)

    def asks(self, *aspects: Aspect) -> bool:
        """Whether one of the aspects is asked."""
        return not self.aspects.isdisjoint(aspects)


def understand(said: str, catalog: Catalog, asker: str | None = None, this_year: int | None = None) -> Question:
    """The question in the terms of the notice."""
    text = numbered_rows(mend(without_echo(hear(said)), catalog), catalog)
    years = find_years(text, _year_end(this_year, catalog) if YEAR_END.search(text) else this_year)
    kept = _kept(text, catalog, years)
    mentions = [m for m in catalog.bodies.said(text) if not _is_topic(m, text, kept, catalog)]
    spots = tuple(s for s in find_spots(text) if not all(kept[s.start : s.end]))
    spans = [m.span() for p in catalog.places for m in re.finditer(re.escape(p), text)]
    spans += [(m.start, m.end) for m in mentions] + list(years.spans) + [(s.start, s.end) for s in spots]
    bare = blanked(text, spans)
    plain = _unkept(bare, kept)
    typed = {group: _typed(group, plain) for group in TYPED}
    if either := EITHER.search(text):
        typed["aspects"].setdefault(Aspect.CONFLICT.value, []).append(either.span())
    counting = pattern("counting", "patterns").search(plain)
    own = pattern("self", "patterns").search(plain)
    left = find_topic(blanked(bare, _open_spans(text, plain, typed, own, kept, catalog)), kept, catalog)
    units, left = _towns(tuple(dict.fromkeys(m.unit for m in mentions if m.unit)), left, typed, own, asker, catalog)
    person, town = _person(text, catalog), catalog.bodies.town
    return Question(
        text=text,
        topic=tuple(s for s in left if len(letters(s)) > 1),
        rest="".join(s for s in left if len(letters(s)) == 1 and s not in noise() and not s.isdigit()),
        units=units,
        renamed=tuple((m.said, m.unit) for m in mentions if m.unit and is_renamed(m.said, m.unit, catalog)),
        towns=tuple(m.said for m in mentions if town and m.unit == town and _is_name_of_town(m, catalog)),
        strangers=tuple(m.said for m in mentions if not m.unit),
        own=bool(own),
        asker=asker,
        aspects=frozenset(Aspect(a) for a in typed["aspects"]),
        nouns=frozenset(typed["nouns"]),
        roles=frozenset(typed["roles"]),
        conditions=frozenset(typed["conditions"]),
        counting=bool(counting),
        years=years,
        spots=spots,
        header=tuple(h for h, p in group_patterns("header") if p.search(text)),
        members=frozenset(m for m, p in group_patterns("members") if p.search(text)),
        person=person,
        unstated=tuple(g for g in unstated() if g.search(plain.replace(person or " ", ""))),
        defines=bool(definition().search(plain)) and not DUTY.search(plain),
        numbers=tuple(m.group() for m in NUMBER.finditer(bare) if not kept[m.start()]),
    )


def _open_spans(
    text: str,
    plain: str,
    typed: Mapping[str, Mapping[str, Sequence[tuple[int, int]]]],
    own: re.Match[str] | None,
    kept: Sequence[bool],
    catalog: Catalog,
) -> Iterator[tuple[int, int]]:
    """The letters that only ask, and so are no topic: aspects, 我们局, the verbs of forms, the words of the header."""
    asked = [span for found in typed.values() for spans in found.values() for span in spans]
    asked += [own.span()] if own else []
    if pattern("form", "patterns").search(plain):
        asked += [m.span() for m in pattern("form", "verbs").finditer(plain)]
    asked += [m.span() for _, p in group_patterns("header") for m in p.finditer(plain)]
    for start, end in asked:
        for i in range(start, end):
            if not kept[i] and not (end - start == 1 and text[max(i - 1, 0) : i + 1] in catalog.index.known and i > 1):
                yield i, i + 1


def _towns(
    units: tuple[str, ...],
    left: list[str],
    typed: Mapping[str, Mapping[str, Sequence[tuple[int, int]]]],
    own: re.Match[str] | None,
    asker: str | None,
    catalog: Catalog,
) -> tuple[tuple[str, ...], list[str]]:
    """The units and what is left of the topic, once 我们镇 and "which town … most" are understood as the towns."""
    town = catalog.bodies.town
    if not town:
        return units, left
    if own and not units and not asker and pattern("self", "town").search(own.group()):
        units = (town,)
    said = [s for s in left if pattern("self", "town").fullmatch(s)]
    if said and units and "most" in typed["aspects"]:
        left, units = [s for s in left if s not in said], tuple(dict.fromkeys((*units, town)))
    return units, left


def _year_end(this_year: int | None, catalog: Catalog) -> int | None:
    """The year that 年底 means: the present one, as far as the notice goes."""
    if this_year is None or not catalog.years:
        return this_year
    return min(max(this_year, catalog.years[0]), catalog.years[-1])


def is_renamed(said: str, unit: str, catalog: Catalog) -> bool:
    """Whether people may doubt that `said` is `unit`: a misprint of the notice, or letters that the name has not."""
    if any(said in printed for printed in catalog.misprints if catalog.misprints[printed][1] == unit):
        return True
    rest = iter(unit)
    return unit != catalog.bodies.town and not all(c in rest for c in said)


def without_echo(text: str) -> str:
    """The text without typed syllables that only repeat the character before them: 景区qu几个."""
    return ECHO.sub(lambda m: "" if folded(m[2]) == sound(m[1]) else m[2], text)


def _is_name_of_town(mention: Mention, catalog: Catalog) -> bool:
    return mention.said not in catalog.full_text and not pattern("self", "town").fullmatch(mention.said)


def _typed(group: str, plain: str) -> dict[str, list[tuple[int, int]]]:
    patterns = ((a.value, p) for a, p in aspect_patterns()) if group == "aspects" else group_patterns(group)
    found = {name: [m.span() for m in p.finditer(plain) if m.group()] for name, p in patterns}
    return {name: spans for name, spans in found.items() if spans}


def _kept(text: str, catalog: Catalog, years: Years) -> list[bool]:
    """Which characters stand in a run of the notice's own words, and are no noise therefore."""
    kept, timed = [False] * len(text), {i for span in years.spans for i in range(*span)}
    for size, runs in ((3, catalog.names), (4, catalog.runs)):
        for i in range(len(text) - size + 1):
            if i in timed or i + size - 1 in timed:
                continue
            if text[i : i + size] in runs and not DATED.search(text[i : i + size]):
                kept[i : i + size] = [True] * size
    return kept


def _is_topic(mention: Mention, text: str, kept: list[bool], catalog: Catalog) -> bool:
    """Whether a body's name is part of a longer word of the notice: 文旅 in 数字文旅, 大数据中心 in 教育大数据中心."""
    if mention.bare and (
        catalog.bodies.is_bare_topic(mention, text) or all(kept[max(mention.start - 1, 0) : mention.end])
    ):
        return True
    if mention.unit and _is_other_word(mention, catalog):
        return True
    across = text[max(mention.start - 2, 0) : mention.start + 2]
    return len(across) == 4 and across in catalog.runs and across[1] not in "市县区省"


def _is_other_word(mention: Mention, catalog: Catalog) -> bool:
    """Whether a name heard with a slip begins with a word of the notice that the body's names do not hold: 社区中心."""
    forms = catalog.bodies.names.forms_of(mention.unit or "")
    head = mention.said[:2]
    return mention.said not in forms and head in catalog.index.known and not any(head in f for f in forms)


def _unkept(text: str, kept: list[bool]) -> str:
    return "".join("\x00" if k else c for c, k in zip(text, kept, strict=True))


def _person(text: str, catalog: Catalog) -> str | None:
    exact = next((n for n in sorted(catalog.people, key=len, reverse=True) if n in text), None)
    if exact:
        return exact
    heard = sounds(text)
    windows = (heard[i : i + n] for n in (3, 4) for i in range(len(heard) - n + 1))
    known = next((catalog.people_heard[w] for w in windows if w in catalog.people_heard), None)
    return known or next((n for n in catalog.people if len(n) == SHORT_NAME and _is_heard(n, text, heard)), None)


def _is_heard(name: str, text: str, heard: tuple[str, ...]) -> bool:
    """Whether a name of two characters was typed with the second misheard: 黄如 for 黄茹."""
    meant = sounds(name)
    return any(text[i] == name[0] and heard[i : i + SHORT_NAME] == meant for i in range(len(text) - 1))
