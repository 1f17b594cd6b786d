"""Targets against values: expected today, percent, light, pace, and why. Units see words; office and leaders colours.

累计: expected = T(Y−1) + (T(Y) − T(Y−1)) × elapsed share of Y; lag = (expected − value) / T(Y). 新增: T × share.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from enum import StrEnum

from knowledge import Kind

ZERO, ONE = Decimal(0), Decimal(1)


class Say:
    NORMAL, WATCH, SLOW = "正常", "关注", "偏慢"
    NOT_DUE, DONE, NONE = "未到期", "完成", "未报"
    IDLE, RUNNING, FINISHED = "未启动", "推进中", "已完成"
    IN_TIME = "符合时间进度"
    BEHIND = "慢于时间进度，差{gap}{unit}"
    BELOW = "比目标低{gap}{points}"
    POINTS = "个百分点"
    REACHED = "已达到{year}年目标{target}{unit}"
    TASK_OF = "{year}年任务"
    NOT_REPORTED = "还没有审核通过的数"
    LEFT = "已完成{value}/{target}{unit}，剩余{months}个月，需每月新增{pace}{unit}"
    LEFT_NONE = "已完成{value}/{target}{unit}"
    LEFT_LATE = "已完成{value}/{target}{unit}，还差{left}{unit}"
    WHY_STOCK = (
        "按时间进度，{day}应达到{expected}{unit}（{year}年目标{target}{unit}，上年目标{before}{unit}，全年已过{share}%），"
        "现在{value}{unit}，{gap}。"
    )
    WHY_FLOW = (
        "按时间进度，{day}应完成{expected}{unit}（全年目标{target}{unit}，已过{share}%），现在{value}{unit}，{gap}。"
    )
    WHY_RATE = "目标{target}%，现在{value}%，{gap}。"
    WHY_RULE = "差距占目标{watch}%以内为关注，超过为偏慢。"
    WHY_RATE_RULE = "低于目标不超过目标的{watch}%为关注，再低为偏慢。"
    TURNS = "达到{expected}{unit}即转为正常。"
    AHEAD, BEHIND_BY = "快{gap}{unit}", "差{gap}{unit}"
    EVEN = "正好相当"
    DAY = "{month}月{day}日"
    COLOURED = "{light}（{colour}）"
    COLOURS: Mapping[str, str] = {NORMAL: "绿", DONE: "绿", WATCH: "黄", SLOW: "红"}


class Light(StrEnum):
    """Where a measure stands."""

    NORMAL = Say.NORMAL
    WATCH = Say.WATCH
    SLOW = Say.SLOW
    NOT_DUE = Say.NOT_DUE
    DONE = Say.DONE
    NONE = Say.NONE


class Stage(StrEnum):
    """How far a duty without a figure is."""

    IDLE = Say.IDLE
    RUNNING = Say.RUNNING
    FINISHED = Say.FINISHED


@dataclass(frozen=True, slots=True)
class Bounds:
    """The office's settings: up to so large a share of the target behind is 关注, more is 偏慢."""

    watch: Decimal = Decimal("0.10")
    """Of what is counted (累计, 新增): behind the time that has passed."""
    level: Decimal = Decimal("0.10")
    """Of levels (增速, 占比): below the target."""

    def of(self, kind: Kind) -> Decimal:
        """The one that holds for a kind."""
        return self.level if kind in {Kind.GROWTH, Kind.SHARE} else self.watch


@dataclass(frozen=True, slots=True)
class Standing:
    """The light of a value on a day, with all that explains it."""

    light: Light
    kind: Kind
    unit: str
    day: date
    year: int
    """Whose target is meant."""
    value: Decimal | None
    target: Decimal | None
    before: Decimal = ZERO
    """Target of the year before; 0 before the first."""
    share: Decimal = ZERO
    """Elapsed share of the year, [0, 1]."""
    expected: Decimal | None = None
    watch: Decimal = Decimal("0.10")
    first_year: int | None = None
    """The first year with a target above 0."""

    @property
    def percent(self) -> Decimal | None:
        """Of the current target, one decimal; None for rates, without value or target."""
        if self.value is None or not self.target or self.kind in {Kind.GROWTH, Kind.SHARE}:
            return None
        return (self.value / self.target * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def gap(self) -> Decimal:
        """How much is missing to what is expected today; negative when ahead."""
        return ZERO if self.value is None or self.expected is None else self.expected - self.value


def standing(
    kind: Kind,
    unit: str,
    targets: Mapping[int, Decimal],
    value: Decimal | None,
    day: date,
    bounds: Bounds | None = None,
) -> Standing:
    """Where a value stands on a day. `targets`: year → figure; a year without one is measured by the next that has."""
    watch = (bounds or Bounds()).of(kind)
    year = next((y for y in sorted(targets) if y >= day.year), max(targets, default=day.year))
    target = targets.get(year)
    before = targets[max(earlier)] if (earlier := [y for y in targets if y < year]) else ZERO
    share = elapsed(year, day)
    expected = _expected(kind, target, before, share)
    first = next((y for y in sorted(targets) if targets[y] > 0), None)
    light = _light(kind, target, expected, value, watch)
    return Standing(light, kind, unit, day, year, value, target, before, share, expected, watch, first)


def elapsed(year: int, day: date) -> Decimal:
    """The share of a year that has passed at the end of the day, [0, 1]."""
    if day.year != year:
        return ONE if day.year > year else ZERO
    return Decimal(day.timetuple().tm_yday) / (366 if calendar.isleap(year) else 365)


def _expected(kind: Kind, target: Decimal | None, before: Decimal, share: Decimal) -> Decimal | None:
    if target is None:
        return None
    if kind is Kind.STOCK:
        return before + (target - before) * share
    return target * share if kind is Kind.FLOW else target


def _light(
    kind: Kind, target: Decimal | None, expected: Decimal | None, value: Decimal | None, watch: Decimal
) -> Light:
    if target == 0:
        return Light.NOT_DUE
    if value is None:
        return Light.NONE
    if target is None or expected is None:
        return Light.NORMAL
    if kind in {Kind.STOCK, Kind.FLOW} and value >= target:
        return Light.DONE
    lag = (expected - value) / abs(target)
    return Light.NORMAL if lag <= 0 else Light.WATCH if lag <= watch else Light.SLOW


def stage_light(stage: Stage | None, due: date | None, day: date) -> Light:
    """The light of a duty without a figure."""
    if stage is None:
        return Light.NONE
    if stage is Stage.FINISHED:
        return Light.DONE
    if due is not None and day > due:
        return Light.SLOW
    return Light.NORMAL if stage is Stage.RUNNING else Light.WATCH


def in_words(found: Standing) -> str:
    """What a unit reads: no colours."""
    target = shown(found.target)
    match found.light:
        case Light.NOT_DUE:
            return Say.TASK_OF.format(year=found.first_year or found.year)
        case Light.NONE:
            return Say.NOT_REPORTED
        case Light.DONE:
            return Say.REACHED.format(year=found.year, target=target, unit=found.unit)
        case Light.NORMAL:
            return Say.IN_TIME
    if found.kind in {Kind.GROWTH, Kind.SHARE}:
        return Say.BELOW.format(gap=shown(found.gap), points=Say.POINTS)
    return Say.BEHIND.format(gap=shown(_up(found.gap)), unit=found.unit)


def why(found: Standing) -> str:
    """The rule, the inputs, and what turns it to 正常."""
    if found.value is None or found.expected is None or found.light in {Light.NOT_DUE, Light.NONE}:
        return in_words(found)
    rate = found.kind in {Kind.GROWTH, Kind.SHARE}
    line = Say.WHY_RATE if rate else Say.WHY_STOCK if found.kind is Kind.STOCK else Say.WHY_FLOW
    gap = abs(found.gap)
    said = Say.EVEN if not gap else (Say.BEHIND_BY if found.gap > 0 else Say.AHEAD).format(
        gap=shown(gap), unit=Say.POINTS if rate else found.unit
    )  # fmt: skip
    text = line.format(
        day=Say.DAY.format(month=found.day.month, day=found.day.day),
        expected=shown(found.expected), unit=found.unit, year=found.year, target=shown(found.target),
        before=shown(found.before), share=shown(found.share * 100), value=shown(found.value), gap=said,
    )  # fmt: skip
    rule = (Say.WHY_RATE_RULE if rate else Say.WHY_RULE).format(watch=shown(found.watch * 100))
    slow = found.light in {Light.WATCH, Light.SLOW}
    turns = Say.TURNS.format(
        expected=shown(found.expected if rate else _up(found.expected)), unit="%" if rate else found.unit
    )
    return text + rule + (turns if slow else "")


def coloured(light: Light) -> str:
    """关注（黄）, as office and leaders read it."""
    colour = Say.COLOURS.get(light.value)
    return Say.COLOURED.format(light=light.value, colour=colour) if colour else light.value


def pace(found: Standing, due: date, final: Decimal | None = None, *, whole: bool = True) -> str | None:
    """已完成62/80个，剩余6个月，需每月新增3个: towards `final` by its due day; None for rates and without a value."""
    target = found.target if final is None else final
    if found.value is None or not target or found.kind in {Kind.GROWTH, Kind.SHARE, Kind.STATUS}:
        return None
    left, months = target - found.value, months_left(found.day, due)
    words = {"value": shown(found.value), "target": shown(target), "unit": found.unit, "left": shown(left)}
    if left <= 0:
        return Say.LEFT_NONE.format(**words)
    if months <= 0:
        return Say.LEFT_LATE.format(**words)
    each = left / months
    return Say.LEFT.format(**words, months=months, pace=shown(_up(each) if whole else each))


def months_left(day: date, due: date) -> int:
    """Whole months until the due day, a begun one counted; 0 when it is past."""
    if due <= day:
        return 0
    whole = (due.year - day.year) * 12 + due.month - day.month
    return max(1, whole + (due.day > day.day))


def _up(value: Decimal) -> Decimal:
    return value.to_integral_value(ROUND_CEILING)


def shown(value: Decimal | None) -> str:
    """At most one decimal, no needless zeros."""
    if value is None:
        return ""
    text = f"{value.quantize(Decimal('0.1'), ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".")
