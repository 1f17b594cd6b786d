"""The finished 进展情况 paragraph of a matter, to paste into a weekly; the same words stand in the office's table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from handlers.rules.checks import plain
from knowledge import Kind


class Say:
    HEAD = "{name}："
    AS_OF = "截至{year}年{month}月{day}日，"
    STOCK = "{about}累计{value}{unit}"
    FLOW = "{about}本年新增{value}{unit}"
    GROWTH = "{about}增长{value}%"
    FALL = "{about}下降{value}%"
    SHARE = "{about}达{value}%"
    STAGE = "{stage}"
    OF_TARGET = "，完成{year}年目标{target}的{percent}%"
    TARGET = "，{year}年目标{target}"
    BOUND_BEHIND, BOUND_BEFORE, STRIVEN_FOR = "{value}{unit}{bound}", "{bound}{value}{unit}", "（{bound}{value}{unit}）"
    BOTH = "；"
    STOP = "。"
    SOURCE = "（数据来源：{source}）"
    NO_DATA = "本期数据尚未产生{expected}。"
    EXPECTED = "，预计{month}月{day}日"
    NOT_REPORTED = "本期尚未报送。"
    ENDS = "。！？；"
    BEHIND = ("以上", "左右", "以下", "以内")
    SUPPORT = "{unit}配合：{line}"


@dataclass(frozen=True, slots=True)
class Amount:
    """One value with the target that it is measured by."""

    kind: Kind
    value: Decimal
    unit: str
    about: str = ""
    """What is counted, when the matter has several measures."""
    target: Decimal | None = None
    year: int | None = None
    bound: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """What was reported on a matter for a period. Nothing in it: 未报."""

    name: str
    as_of: date | None = None
    amounts: tuple[Amount, ...] = ()
    stage: str = ""
    line: str = ""
    source: str = ""
    no_data: bool = False
    expected: date | None = None
    """When the data are expected (数据未出)."""
    support: tuple[tuple[str, str], ...] = ()
    """(unit, line) of those who support it."""


def paragraph(progress: Progress) -> str:
    """智慧校园：截至2021年9月24日，累计35所，完成2022年目标59所的59.3%。新增三所已验收。（数据来源：学校上报）"""
    head = Say.HEAD.format(name=progress.name)
    if progress.no_data:
        day = progress.expected
        return head + Say.NO_DATA.format(expected=Say.EXPECTED.format(month=day.month, day=day.day) if day else "")
    facts = Say.BOTH.join([*map(_amount, progress.amounts), *([progress.stage] if progress.stage else [])])
    if not facts and not progress.line:
        return head + Say.NOT_REPORTED
    day = progress.as_of
    as_of = Say.AS_OF.format(year=day.year, month=day.month, day=day.day) if day and facts else ""
    source = Say.SOURCE.format(source=progress.source) if progress.source else ""
    return head + _sentences([as_of + facts if facts else "", progress.line, *_support(progress.support)]) + source


def _support(lines: Sequence[tuple[str, str]]) -> list[str]:
    return [Say.SUPPORT.format(unit=unit, line=line) for unit, line in lines if line]


def _sentences(parts: Sequence[str]) -> str:
    """Joined, each ending in one stop."""
    clean = (part.strip() for part in parts)
    return "".join(part if part.endswith(tuple(Say.ENDS)) else part + Say.STOP for part in clean if part)


def _amount(amount: Amount) -> str:
    words = {
        Kind.STOCK: Say.STOCK,
        Kind.FLOW: Say.FLOW,
        Kind.GROWTH: Say.FALL if amount.value < 0 else Say.GROWTH,
        Kind.SHARE: Say.SHARE,
        Kind.STATUS: Say.STOCK,
    }[amount.kind]
    value = abs(amount.value) if amount.kind is Kind.GROWTH else amount.value
    return words.format(about=amount.about, value=plain(value), unit=amount.unit) + _target(amount)


def _target(amount: Amount) -> str:
    """The target with its qualifier on the side it is printed on; percent only of counts."""
    if amount.target is None or amount.year is None or not amount.target:
        return ""
    share = (amount.value / amount.target * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    counted = amount.kind in {Kind.STOCK, Kind.FLOW}
    line = Say.OF_TARGET if counted else Say.TARGET
    before = Say.STRIVEN_FOR if counted and amount.bound else Say.BOUND_BEFORE
    words = Say.BOUND_BEHIND if amount.bound in Say.BEHIND else before
    return line.format(
        year=amount.year,
        target=words.format(value=plain(amount.target), unit=amount.unit, bound=amount.bound),
        percent=plain(share),
    )
