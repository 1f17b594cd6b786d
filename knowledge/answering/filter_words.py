"""The words that state a condition on rows: bounds, who leads or supports, no figure, first and last. Tests no row."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from knowledge.figures import UNIT

_N = r"(?P<n>\d[\d,]*(?:\.\d+)?|[一二两三四五六七八九十百千]+)"
_COUNTED = rf"(?P<scale>[万亿]|千万|百万)?(?P<unit>{UNIT}|元|分)?"
_COMPARED = (
    "不低于|不少于|不小于|不超过|不高于|不大于|超过|大于|高于|多于|至少|低于|小于|少于|不到|不足|达到了?|等于|满"
)
_M, _SECOND = _N.replace("<n>", "<m>"), _COUNTED.replace("e>", "e2>").replace("t>", "t2>")
BOUND = re.compile(
    rf"(?P<before>{_COMPARED}){_N}{_COUNTED}(?P<after>及?以上|及?以下|以内)?"
    rf"|{_M}{_SECOND}(?P<after2>及?以上|及?以下|以内)的"
)
ABOVE, BELOW = ("以上",), ("以下", "以内", "不超过", "不高于", "不大于")
OVER, UNDER, LEAST = (
    ("超过", "大于", "高于", "多于"),
    ("低于", "小于", "少于", "不到", "不足"),
    ("不低于", "不少于", "不小于", "至少"),
)
NO = r"(?:没有?|未|无|不)(?:写|列|标|填|定|给|带|明确|注明|安排|要求|设)*(?:了|出|上|有|明)?(?:任何|具体|明确)?的?"
UNSUPPORTED = re.compile(
    rf"{NO}(?:配合|协办|协同|协助)(?:单位|部门)?|(?:没人|没谁|没单位|没部门|无人|不用|不需要|不要)(?:来)?(?:别人|别的单位)?配合"
)
SUPPORTED = re.compile(r"(?<!没)(?:有|写了|列了|带|需要|要)(?:别的|其他|别人)?(?:的)?(?:配合|协办)(?:单位|部门)?的")
ALONE = re.compile(
    r"(?:只有?|仅|光|单独|单由)(?:由|是|归)?(?:一家|一个(?:单位|部门|局)|1家|1个(?:单位|部门))?(?:单独)?(?:负责|牵头|承担|管|做)|(?:只有?|仅)(?:一|1)(?:家|个(?:单位|部门|局))"
)
SEVERAL = re.compile(r"(?P<k>[三四五六3-6])(?:家|个(?:责任|牵头)?(?:单位|部门|局))(?:及?以上|或以上)?")
SILENT = re.compile(
    rf"{NO}(?:数字?|数值|目标值|目标数|量化(?:目标|指标|要求)?|指标值)(?=的|,|$|有|是)|(?:一个|半个|啥)数字?(?:都|也)(?:没|不)(?:有|写|填|给)*"
)
SHARE = re.compile(r"(?:按|是|用|为|写)?(?:百分比|百分率|百分数|比率|比例)(?:的|类|型|算|考核|表示)|(?:单位|数)是%")
_LATER = (
    r"(?:(?:20)?\d\d年?(?:的)?比(?:20)?\d\d年?|(?:第二|后一|次|最后一|明)年(?:的)?比(?:第一|前一|头一|今|上一?)年)"
    r"(?:的)?(?:目标)?(?:更|要)?"
)
_ASKED = r"(?=指标|目标|项|有|是|哪|啥|$)"
RISING = re.compile(
    rf"{_LATER}(?:多|高|大|增加?|涨|提高|上升)了?的?{_ASKED}"
    rf"|(?:哪些|哪几[个项]|什么|有没有)(?:指标|目标|项目)?(?:是|在|要)?(?<!没有)(?:增加|提高|上升|变多|变大|变高|涨)了?的?$"
    rf"|(?<!没有)(?<!没)(?<!不)(?:增加|提高|上升|变多|变大|变高|涨)了?的{_ASKED}"
)
FALLING = re.compile(
    rf"{_LATER}(?:少|低|小|减少?|降低?|下降)了?的?{_ASKED}"
    rf"|(?:哪些|哪几[个项]|什么|有没有)(?:指标|目标|项目)?(?:是|在|要)?(?:减少|下降|降低|压减|变少|变小|变低)了?的?$"
    rf"|(?<!没有)(?<!没)(?<!不)(?:减少|下降|降低|压减|变少|变小|变低)了?的{_ASKED}"
)
FIRST = re.compile(
    r"(?P<end>前|头|开头|最前面|最后|末尾|后|倒数)(?P<k>[二两三四五六七八九十]|\d{1,2})(?:个|项|条|行)(?!月|年|季)"
)
LIST = re.compile("哪些|哪几|哪个|几|多少|有没有|有吗|列|是(什么|啥)|名单|清单|都有|分别|是谁|的$")
LARGEST = re.compile(r"最(?P<most>大|多|高|长|小|少|低|短)的")
CONDITIONS = (BOUND, UNSUPPORTED, SUPPORTED, ALONE, SEVERAL, SILENT, SHARE, RISING, FALLING)
SHAPES = (*CONDITIONS, FIRST, LARGEST)
"""Whatever makes a question one of rows by condition."""


def comparison(before: str, after: str) -> Callable[[Decimal, Decimal], bool]:
    """The test of (value, limit) that 不少于, 以下, 超过 … say."""
    if after.endswith(ABOVE) or before in LEAST:
        return lambda value, limit: value >= limit
    if after.endswith(BELOW) or before in BELOW:
        return lambda value, limit: value <= limit
    if before in OVER:
        return lambda value, limit: value > limit
    if before in UNDER:
        return lambda value, limit: value < limit
    if before.startswith("达到") or before == "满":
        return lambda value, limit: value >= limit
    return lambda value, limit: value == limit
