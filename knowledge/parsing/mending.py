"""Unit names of a read notice, gathered and mended against each other. Nothing is read anew here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge.notice import Clause, Doubt, Indicator, Member, Notice, Project, Ref
from knowledge.terms import words_of
from knowledge.units import GENERAL, is_unit

OFTEN = 3
"""A name written this often is right."""
_LEADS = r"(?:党组|党委|党工委|党支部)?(?:常务)?(?:第一)?(?:原)?(?:副|代)?"
POST = re.compile(rf"{_LEADS}(?:{'|'.join(sorted(words_of('posts'), key=len, reverse=True))})+.*$")


def mended(notice: Notice) -> Notice:
    """The notice with rare misspellings of its units set right and reported, its units and its members' units named."""
    written = list(_written(notice))
    counts = Counter(unit for _, unit in written)
    right = {unit: good for unit in counts if (good := _meant(unit, counts))}
    doubts = [
        Doubt(ref, unit, f"unit name mended: {right[unit]}") for ref, unit in dict.fromkeys(written) if unit in right
    ]
    fixed = _replaced(notice, right)
    units = tuple(dict.fromkeys(right.get(unit, unit) for _, unit in written))
    members = tuple(replace(m, unit=m.unit or unit_of(m.position, units)) for m in fixed.members)
    own = tuple(m.unit for m in members if m.unit)
    return replace(fixed, members=members, units=tuple(dict.fromkeys((*units, *own))), doubts=(*notice.doubts, *doubts))


def _written(notice: Notice) -> Iterator[tuple[Ref, str]]:
    items: tuple[Clause | Indicator | Project, ...] = (*notice.clauses, *notice.indicators, *notice.projects)
    for item in items:
        for unit in (*item.lead_units, *item.support_units):
            yield item.ref, unit


def _meant(unit: str, counts: Counter[str]) -> str | None:
    """The often written name that differs from this single one by a letter left out, doubled or swapped."""
    if counts[unit] > 1 or GENERAL.match(unit) or len(unit) < 4:
        return None
    near = [
        other
        for other, n in counts.items()
        if n >= OFTEN and other != unit and not GENERAL.match(other) and _slip(unit, other)
    ]
    return near[0] if len(near) == 1 else None


def _slip(wrong: str, right: str) -> bool:
    """One inner letter missing or too many, or two neighbours swapped; another letter may be another body."""
    if abs(len(wrong) - len(right)) == 1:
        short, long = sorted((wrong, right), key=len)
        return (
            short[0] == long[0]
            and short[-1] == long[-1]
            and any(long[:i] + long[i + 1 :] == short for i in range(1, len(long) - 1))
        )
    if len(wrong) != len(right):
        return False
    differing = [i for i, (a, b) in enumerate(zip(wrong, right, strict=True)) if a != b]
    if len(differing) == 2 and differing[1] == differing[0] + 1:
        return sorted(wrong) == sorted(right)
    return (
        len(differing) == 1 and 0 < differing[0] < len(wrong) - 1 and _alike(wrong[differing[0]], right[differing[0]])
    )


def _alike(one: str, other: str) -> bool:
    """Whether two letters sound the same, as a typist's slip would."""
    from pypinyin import Style, lazy_pinyin  # loading its tables takes longer than reading a notice

    return lazy_pinyin(one, style=Style.NORMAL) == lazy_pinyin(other, style=Style.NORMAL)


def _replaced(notice: Notice, right: dict[str, str]) -> Notice:
    def fix(units: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(right.get(unit, unit) for unit in units))

    if not right:
        return notice
    return replace(
        notice,
        articles=tuple(
            replace(a, lead_units=fix(a.lead_units), support_units=fix(a.support_units)) for a in notice.articles
        ),
        clauses=tuple(
            replace(c, lead_units=fix(c.lead_units), support_units=fix(c.support_units)) for c in notice.clauses
        ),
        indicators=tuple(
            replace(i, lead_units=fix(i.lead_units), support_units=fix(i.support_units)) for i in notice.indicators
        ),
        projects=tuple(
            replace(p, lead_units=fix(p.lead_units), support_units=fix(p.support_units)) for p in notice.projects
        ),
    )


def unit_of(position: str, units: Sequence[str]) -> str | None:
    """The body a post belongs to: 市邮政管理局行业监管科负责人 → 市邮政管理局."""
    first = re.split(r"[、，,；;\s]", position)[0]
    known = [unit for unit in units if position.startswith(unit)]
    if known:
        return max(known, key=len)
    bare = POST.sub("", first)
    if re.search(r"政府$", bare) or (is_unit(bare) and len(bare) > 2):
        return bare
    whole = re.match(r"^.{2,20}?(?:委员会|局|委|办公室|办|中心|部|厅|院|公司|支行|银行|街道|镇|乡|政府)", first)
    return whole.group() if whole else None


def unit_of_member(member: Member, units: Sequence[str]) -> str | None:
    """The body of a member, as its list names it."""
    return member.unit or unit_of(member.position, units)
