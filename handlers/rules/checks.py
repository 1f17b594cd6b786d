"""What is right about a reported value: type, unit, sign and range by kind, against the last value and the target.

Hard findings are refused; soft ones are asked about, and the reviewer sees what the person says. Values as Decimal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from knowledge import Kind

FAR = Decimal("1.5")  # times the last target from which a total looks like a slip
JUMP = Decimal("0.5")  # a total that grew by more than this share since last time
RATE_FAR = Decimal(30)  # points from last time that a rate rarely moves
LARGEST = Decimal(10) ** 12
PERCENT = "%"


class Say:
    UNIT = "{name}按“{unit}”计，您写的是“{said}”。例如{example}{unit}。"
    WHOLE = "{name}按“{unit}”计，是整数吧？例如{example}。"
    NEGATIVE = "{name}不会小于0。例如{example}{unit}。"
    SHARE = "{name}是占比，在0到100之间。例如{example}%。"
    HUGE = "这个数太大了，是不是多打了几位？例如{example}{unit}。"
    FRACTION = "{name}按百分比填，{said}是{percent}%吗？"
    RANGE = "您写的是{low}到{high}，请报一个确定的数。"
    ABOUT = "是正好{value}{unit}吗？请报一个确定的数。"
    BOUND = "“{bound}”是个范围，请报一个确定的数，例如{value}{unit}。"
    BELOW = "比上次的{last}少。"
    INCREMENT = "这是本期新增的"
    CORRECTION = "以前的数要更正"
    AGAIN = "重填"
    SLIP = "比{what}{against}多不少，是{tenth}还是{value}？"
    FAR = "比{what}{against}多不少，是{value}{unit}吗？"
    INSIST = "{value}，说明原因"
    REASON = "说明原因"
    OVER = "那累计是{value}{unit}，超过目标{target}{unit}，对吗？"
    YES = "对"
    JUMP = "比上次的{last}{unit}增加了{percent}%，对吗？"
    MOVED = "上次是{last}%，这次{value}%，变化较大，对吗？"
    TARGET, LAST = "目标", "上次"


@dataclass(frozen=True, slots=True)
class Said:
    """A value as it was read from a message."""

    value: Decimal
    unit: str = ""
    high: Decimal | None = None
    approximate: bool = False
    bound: str | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """What is known of the measure that the value is for."""

    name: str
    unit: str
    kind: Kind
    whole: bool = False
    last: Decimal | None = None
    """Approved or submitted value of the period before."""
    target: Decimal | None = None
    """This year's."""
    final_target: Decimal | None = None
    """The last year's; 多得离谱 is measured by it."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of a soft finding: `does` as in handlers.form_steps.Choice."""

    label: str
    does: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong: a code, one message with reason and example; no ways out = hard."""

    code: str
    text: str
    ways: tuple[Way, ...] = ()

    @property
    def soft(self) -> bool:
        """Whether the person may insist."""
        return bool(self.ways)


def plain(value: Decimal) -> str:
    """35, 35.5, 1200: no exponent, no needless zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def check(said: Said, series: Series) -> Finding | None:
    """The first finding, gravest first; None when the value can stand as it is."""
    return next(findings(said, series), None)


def findings(said: Said, series: Series) -> Iterator[Finding]:
    """All findings, gravest first."""
    yield from misshapen(said, series)
    yield from unlikely(said.value, series)


def misshapen(said: Said, series: Series) -> Iterator[Finding]:
    """What is wrong with the value by itself: not exact, another unit, out of its kind's range."""
    yield from _not_exact(said, series)
    yield from _not_this_unit(said, series)
    yield from _out_of_range(said, series)


def _example(series: Series) -> str:
    known = series.last if series.last is not None else series.target
    return plain(known) if known is not None else "35"


def _not_exact(said: Said, series: Series) -> Iterator[Finding]:
    value, unit = plain(said.value), said.unit or series.unit
    if said.high is not None:
        yield Finding("range", Say.RANGE.format(low=value, high=plain(said.high)))
    elif said.approximate:
        ways = (Way(Say.YES, "replace", value + unit), Way(Say.AGAIN, "again"))
        yield Finding("about", Say.ABOUT.format(value=value, unit=unit), ways)
    elif said.bound:
        yield Finding("bound", Say.BOUND.format(bound=said.bound, value=value, unit=unit))


def _not_this_unit(said: Said, series: Series) -> Iterator[Finding]:
    rate = series.kind in {Kind.GROWTH, Kind.SHARE}
    if said.unit and said.unit != series.unit and (rate or said.unit == PERCENT):
        yield Finding(
            "unit",
            Say.UNIT.format(name=series.name, unit=series.unit or PERCENT, said=said.unit, example=_example(series)),
        )
    elif said.unit and series.unit and said.unit != series.unit:
        ways = (Way(Say.YES, "replace", plain(said.value)), Way(Say.AGAIN, "again"))
        text = Say.UNIT.format(name=series.name, unit=series.unit, said=said.unit, example=plain(said.value))
        yield Finding("other unit", text, ways)


def _out_of_range(said: Said, series: Series) -> Iterator[Finding]:
    value, words = said.value, {"name": series.name, "unit": series.unit, "example": _example(series)}
    if abs(value) > LARGEST:
        yield Finding("huge", Say.HUGE.format(**words))
    if series.whole and value != value.to_integral_value():
        yield Finding("whole", Say.WHOLE.format(**words | {"example": plain(value.to_integral_value())}))
    if series.kind is Kind.SHARE and not 0 <= value <= 100:
        yield Finding("share", Say.SHARE.format(**words))
    elif series.kind in {Kind.STOCK, Kind.FLOW} and value < 0:
        yield Finding("negative", Say.NEGATIVE.format(**words))
    if series.kind is Kind.SHARE and 0 < value < 1 and not said.unit:
        percent = plain(value * 100)
        ways = (
            Way(f"{percent}{PERCENT}", "replace", percent + PERCENT),
            Way(f"{plain(value)}{PERCENT}", "replace", f"{plain(value)}{PERCENT}"),
        )
        yield Finding("fraction", Say.FRACTION.format(name=series.name, said=plain(value), percent=percent), ways)


def unlikely(value: Decimal, series: Series) -> Iterator[Finding]:
    """What is odd against the last value and the target; all of it soft."""
    if series.kind is Kind.STOCK:
        yield from _below(value, series)
        yield from _far_above(value, series)
        yield from _over(value, series)
        yield from _jump(value, series)
    elif series.kind is Kind.FLOW:
        yield from _far_above(value, series)
    elif series.kind in {Kind.GROWTH, Kind.SHARE}:
        yield from _moved(value, series)


def _below(value: Decimal, series: Series) -> Iterator[Finding]:
    if series.last is None or value >= series.last:
        return
    total = plain(value + series.last)
    ways = (Way(Say.INCREMENT, "replace", total), Way(Say.CORRECTION, "keep"), Way(Say.AGAIN, "again"))
    yield Finding("below", Say.BELOW.format(last=plain(series.last)), ways)


def _far_above(value: Decimal, series: Series) -> Iterator[Finding]:
    against = max((known for known in (series.final_target or series.target, series.last) if known), default=None)
    if against is None or value <= against * FAR:
        return
    what = Say.LAST if against == series.last else Say.TARGET
    tenth, words = value / 10, {"what": what, "against": plain(against), "value": plain(value), "unit": series.unit}
    slip = (series.last or 0) <= tenth <= against * FAR and (not series.whole or tenth == tenth.to_integral_value())
    insist = Way(Say.INSIST.format(value=plain(value)), "because")
    if slip and tenth >= 1:
        ways = (Way(plain(tenth), "replace", plain(tenth)), insist)
        yield Finding("far", Say.SLIP.format(tenth=plain(tenth), **words), ways)
    else:
        yield Finding("far", Say.FAR.format(**words), (insist, Way(Say.AGAIN, "again")))


def _over(value: Decimal, series: Series) -> Iterator[Finding]:
    target = series.final_target or series.target
    if target and target < value <= target * FAR and (series.last is None or series.last <= target):
        text = Say.OVER.format(value=plain(value), target=plain(target), unit=series.unit)
        yield Finding("over", text, (Way(Say.YES, "keep"), Way(Say.AGAIN, "again")))


def _jump(value: Decimal, series: Series) -> Iterator[Finding]:
    last = series.last
    if not last or last < 10 or value <= last * (1 + JUMP):  # below ten one more is half as much again
        return
    percent = plain(((value - last) / last * 100).quantize(Decimal(1)))
    text = Say.JUMP.format(last=plain(last), unit=series.unit, percent=percent)
    yield Finding("jump", text, (Way(Say.REASON, "because"), Way(Say.AGAIN, "again")))


def _moved(value: Decimal, series: Series) -> Iterator[Finding]:
    if series.last is not None and abs(value - series.last) > RATE_FAR:
        text = Say.MOVED.format(last=plain(series.last), value=plain(value))
        yield Finding("moved", text, (Way(Say.REASON, "because"), Way(Say.AGAIN, "again")))
