"""Whether two passages speak of the same thing: names and counting units compared. No conclusions here."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from rapidfuzz.distance import LCSseq
from rapidfuzz.fuzz import partial_ratio

from knowledge.figures import SCALES
from knowledge.notice import Figure, Kind
from knowledge.text import letters, normal

SAME = 0.75
"""Names this like mean one thing."""
_BRACKET = re.compile(r"\((?:含|不含|包括|其中|以下|单位)[^()]*\)")
_PRAISE = re.compile(
    r"高品质|高质量|高水平|全[市县区省国](?!性)|我[市县区省]|累计|总共|具有[^的]{0,12}影响力的?|行业领先的?|有影响力的?"
)
_VERBS = re.compile(
    r"^(?:新建和改造|建成|创建|创成|培育壮大|培育|打造|新增|新建|建设|开展|完成|引进|实现|服务|提升改造|发展|形成|组织|推广)+(?=.{2})"
)
_TURNED = re.compile(r"^(整治|治理|打通|淘汰|改造|提升|评估|清理|更新|修复|关停|迁移|铺设|整改|排查)(?!\1)(.{3,})$")
"""整治某河道 is 某河道整治."""
_ENDS = re.compile(r"(?<=..)(?:新增数|总数|数量|个数|家数|户数|人数|项目数|数|建设|面积|新增)$")
_RATES = re.compile(r"(?:年?均?(?:增长率?|增速|增幅|递增)|同比增长|(?:下降|降低)(?:率|幅度)?)$")
LEVEL = re.compile(
    r"国家级|世界级|省市级|省级|市级|县级|区级|镇级|村级|规模以上|规上|限额以上|限上|绍兴市级|国际级|部级|星级|[AaＡ]{1,5}级|新增|重点|龙头|骨干|(?<=级)及?以上"
)
THINGS = frozenset(["个", "家", "所", "条", "处", "座", "点", "间", "项", "件", "宗", "户", "名", "只", "支"]) | {""}


@lru_cache(maxsize=4096)
def bare_name(name: str) -> str:
    """A name by which things are compared: praise, level, verbs and counting words left out."""
    plain = _BRACKET.sub("", normal(name)).replace("地区生产总值", "gdp")
    tail = plain.rsplit("的", 1)[-1]
    plain = tail if len(letters(tail)) >= 4 else plain
    for pattern in (_PRAISE, _VERBS, LEVEL):
        shorter = pattern.sub("", plain)
        plain = shorter if len(letters(shorter)) >= 2 else plain
    core = _TURNED.sub(r"\2\1", letters(plain))
    for pattern in (_ENDS, _RATES):
        core = pattern.sub("", core) if len(pattern.sub("", core)) >= 2 else core
    return core


def levels(name: str) -> frozenset[str]:
    """The levels a name limits itself to: 省级, 规上 …"""
    found = LEVEL.findall(normal(name))
    return frozenset(
        part
        for level in found
        for part in (("省级", "市级") if level == "省市级" else (level.replace("规模以上", "规上"),))
    )


@lru_cache(maxsize=16384)
def likeness(one: str, other: str) -> float:
    """How alike two names are in [0, 1]; names of different levels (省级, 国家级) are not alike."""
    a, b = bare_name(one), bare_name(other)
    if not a or not b or (levels(one) and levels(other) and not levels(one) & levels(other)):
        return 0.0
    if a == b:
        return 1.0
    common = LCSseq.similarity(a, b)
    shorter = min(len(a), len(b))
    if shorter < 3 or common < 2:
        return 0.0
    pairs = [{text[i : i + 2] for i in range(len(text) - 1)} for text in (a, b)]
    dice = 2 * len(pairs[0] & pairs[1]) / (len(pairs[0]) + len(pairs[1]))
    return common / shorter * (0.5 + 0.5 * dice)


def same_scope(one: str, other: str) -> bool:
    """Whether the names mean the very same: no level on one side only, nothing before, two letters inside at most."""
    a, b = bare_name(one), bare_name(other)
    if a != b and (abs(len(a) - len(b)) > 2 or a[:2] != b[:2] or LCSseq.similarity(a, b) < min(len(a), len(b))):
        return False
    return not one_sided(one, other)


def one_sided(one: str, other: str) -> bool:
    """Whether just one of the names limits itself to a level."""
    return bool(levels(one) - {"新增"}) != bool(levels(other) - {"新增"})


def same_words(one: str, other: str) -> bool:
    """Whether the names are one long name but for a level."""
    return bare_name(one) == bare_name(other) and len(bare_name(one)) >= 6


def comparable(one: Figure, other: Figure) -> bool:
    """Whether two figures count in the same way, so that their values can be set side by side."""
    if {one.kind, other.kind} == {Kind.GROWTH, Kind.SHARE}:
        return False
    a, b = _root(one.unit), _root(other.unit)
    return a == b or (a in THINGS and b in THINGS) or (not a and b != "%") or (not b and a != "%")


def _root(unit: str) -> str:
    plain = normal(unit)
    return re.sub(r"^(?:百万|千万|[百千万亿个])", "", plain) if len(plain) > 1 else plain


def amount(figure: Figure, *, high: bool = False) -> Decimal | None:
    """The value in single units: 1.2 亿元 is 120,000,000."""
    value = figure.high if high and figure.high is not None else figure.value
    scale = re.match(r"(?:百万|千万|[百千万亿])(?=.)", figure.unit)
    return value if value is None or not scale else value * SCALES[scale.group()]


def overlap(part: str, whole: str) -> float:
    """The share of `part`'s phrases that stand in `whole`, by length, in [0, 1]."""
    body = letters(whole)
    phrases = [phrase for piece in re.split(r"[，。；,;.、]", part) if len(phrase := letters(piece)) >= 4]
    total = sum(map(len, phrases))
    found = sum(len(p) for p in phrases if p in body or (len(p) >= 8 and partial_ratio(p, body) >= 85))
    return found / total if total else 0.0
