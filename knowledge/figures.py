"""Quantities as people write them: 13%以上, 三十五所, 1.2万, 八成, 35-40. What they count is for others to say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from knowledge.notice import Kind
from knowledge.terms import words_of
from knowledge.text import NUMERAL, normal, read_decimal

WHOLE_UNITS = words_of("counters")
"""Units of things that are never halved."""
PARTED_UNITS = words_of("measures")
"""Units of what can be parted."""
SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}
TIME_UNITS = frozenset(["个月", "个工作日", "工作日", "小时", "分钟", "天", "年", "日"])
_UNITS = sorted({*WHOLE_UNITS, *PARTED_UNITS}, key=len, reverse=True)
UNIT = rf"(?:{'|'.join(map(re.escape, _UNITS))})"
ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,15}(?:\.\d{1,6})?"
SCALE = r"(?:百万|千万|[百千万亿])"
AFTER = r"(?:及?以上|及?以下|以内|之内|左右|上下|出头)"
BEFORE = (
    "(?:不少于|不低于|不小于|不高于|不超过|不大于|至少|超过|突破|低于|高于|大于|小于|"
    "力争|努力|争取|确保|约|大约|大概|近|将近|接近|达到|达)"
)
ABOUT = frozenset(["左右", "上下", "出头", "约", "大约", "大概", "近", "将近", "接近"])
_NUMBER = rf"(?:{ARABIC}|[{NUMERAL}]+(?:点[零〇一二三四五六七八九]+)?)"
_SAID = re.compile(
    rf"(?P<before>{BEFORE})?(?P<sign>[-+]|负)?(?:(?P<percent>百分之)?(?P<low>{_NUMBER})(?P<scale0>{SCALE})?(?P<unit0>{UNIT})?"
    rf"(?:(?:[-~—–至到]|——)(?P<high>{_NUMBER}))?(?P<few0>多|几|余|来)?(?P<scale>{SCALE})?(?P<share>成[半1-9一二三四五六七八九]?)?(?P<few>多|几|余|来)?(?P<unit>{UNIT})?)(?P<after>{AFTER})?",
    re.ASCII,
)
_FILLER = re.compile(
    r"^(?:(?:目前|现在|已经?|累计|一共|总共|共计?|合计|到现在|本期|本季度?|本月|今年|完成了?|建成了?|实现了?|增长|增加|新增|就|是|有|为|报|填|了|做了|到了?)[,:]?)*"
)
_ONES = "一二三四五六七八九"
_BETWEEN = re.compile(
    rf"(?<![{NUMERAL}\d])(?P<tens>[{_ONES}]?十)?(?P<low>[两{_ONES}])(?P<high>[{_ONES}])(?P<scale>[十百千万亿]?)"
    rf"(?![{NUMERAL}\d])"
)
"""七八成, 三四十个, 十七八家: two neighbours are the ends of a range."""
_SHORT = re.compile(
    r"(?<![\d.])(?P<head>\d{1,6})(?P<scale>[亿万千百])(?P<next>[1-9])(?P<said>千万|[千百十])?(?![\d.万千百十亿])"
)
"""1万2, 1万2千: the last figure counts the next smaller power of ten."""
_NEXT = {"亿": "千万", "万": "千", "千": "百", "百": "十"}
_PART = re.compile(rf"^(?P<of>{_NUMBER})分之(?P<share>{_NUMBER})$")
_HALF = re.compile("^一半$|^半数$")
_TAIL = re.compile(r"(?:了|吧|的|呢|啊|哦|。|\.|!|,|;|~)*$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value as said. Shares come as percent: 八成 is 80 %."""

    value: Decimal
    unit: str = ""
    bound: str | None = None
    """The qualifier as said: 以上 左右 约 …"""
    high: Decimal | None = None
    """Upper end of 35-40."""
    approximate: bool = False


def read_quantity(text: str) -> Quantity | None:
    """The one quantity a short answer consists of; None when it says none, several, or more than a quantity."""
    plain = normal(text)
    if len(plain) > 60:
        return None
    fallen = re.match(r"^(?:同比)?(?:下降|减少|负增长)", plain)
    plain = _TAIL.sub("", _FILLER.sub("", plain[fallen.end() :] if fallen else plain))
    plain = _SHORT.sub(_written_out, _BETWEEN.sub(_as_range, _HALF.sub("50%", plain)))
    found = _SAID.fullmatch(plain) if plain else None
    quantity = _quantity(found) if found else _share(plain)
    return _negative(quantity) if quantity and fallen else quantity


def _as_range(found: re.Match[str]) -> str:
    low, high, scale, tens = found["low"], found["high"], found["scale"], found["tens"] or ""
    if _ONES.index(high) != _ONES.index(low.replace("两", "二")) + 1 and (low, high) != ("三", "五"):
        return found.group()
    return f"{tens}{low}{scale}到{tens}{high}{scale}"


def _written_out(found: re.Match[str]) -> str:
    following = _NEXT[found["scale"]]
    if found["said"] not in (None, following):
        return found.group()
    return f"{int(found['head']) * 10 + int(found['next'])}{following}"


def _share(plain: str) -> Quantity | None:
    """三分之二, to one place and about; 百分之八十五 is read as a quantity before."""
    found = _PART.match(plain)
    of, share = (read_decimal(found["of"]), read_decimal(found["share"])) if found else (None, None)
    if not of or share is None:
        return None
    value = share * 100 / of
    return Quantity(round(value, 1), "%", approximate=value != round(value, 1))


def _negative(quantity: Quantity) -> Quantity:
    return Quantity(-quantity.value, quantity.unit, quantity.bound, quantity.high, quantity.approximate)


def _quantity(found: re.Match[str]) -> Quantity | None:
    said = found.groupdict()
    low, high = read_decimal(said["low"]), read_decimal(said["high"]) if said["high"] else None
    if low is None or (said["unit0"] and not said["high"] and (said["unit"] or said["share"])):
        return None
    factor = Decimal(SCALES[said["scale"]]) if said["scale"] else Decimal(1)
    first = Decimal(SCALES[said["scale0"]]) if said["scale0"] else factor if high is not None else Decimal(1)
    low, high = low * first * (factor if high is None else 1), None if high is None else high * factor
    unit = said["unit"] or said["unit0"] or ""
    if said["share"]:
        rest = read_decimal(said["share"][1:].replace("半", "五")) or 0
        low, high, unit = low * 10 + (rest if high is None else 0), None if high is None else high * 10 + rest, "%"
    if said["percent"]:
        unit = "%"
    bound = said["after"] or (said["before"] if said["before"] not in {"达到", "达"} else None)
    about = bound in ABOUT or bool(said["few"] or said["few0"]) or (said["after"] in ABOUT)
    if high is not None and high < low:
        return None
    return Quantity(-low if said["sign"] in {"-", "负"} else low, unit, bound, high, about)


def is_whole(unit: str) -> bool:
    """Whether half a `unit` makes no sense; unknown units count as things."""
    plain = normal(unit)
    return not re.match(rf"{SCALE}.", plain) and plain not in PARTED_UNITS and "/" not in plain


GROWTH = re.compile(r"增长|增速|增幅|下降|降低|降幅|递增|提高.{0,8}个百分点|增加.{0,6}%|年均增")
FLOW = re.compile(r"新增|净增|当年|每年|全年|年内|年度新|本年")
TOTAL = re.compile(r"累计|到\d{4}年|至\d{4}年|总数|总量|存量|保有")


def kind_of(unit: str, words: str, note: str = "") -> Kind:
    """How a figure is counted, told by its unit, the words around it and the note under its table."""
    if unit in {"%", "‰", "百分点", "个百分点"}:
        return Kind.GROWTH if GROWTH.search(words) else Kind.SHARE
    if "累计" in note or TOTAL.search(words):
        return Kind.STOCK
    return Kind.FLOW if FLOW.search(words) else Kind.STOCK
