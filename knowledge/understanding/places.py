"""Places of a document and times as people say them: 附1第5项, 第六条, (九), 22年, 两年. Nothing is looked up here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.text import NUMERAL, read_numeral

_N = rf"(?:\d{{1,3}}|[{NUMERAL}]{{1,4}})"
_ROW = re.compile(
    rf"(?:附(?:件|表)?(?P<annex>[1-9一二三四五六七八九])|(?P<kind>指标|项目)(?:分解)?(?:表|清单)?)(?:表|里|中|的|那|这|\))*"
    rf"(?:(?:序号|编号|第|[-#.])(?P<row>{_N})(?:号|项|条|行|个|款)?(?![0-9年])|(?<=指标)(?P<bare>\d{{1,2}})(?![0-9个项条年月%.家所])|(?<=项目)(?P<bare2>\d{{1,2}})(?![0-9个项条年月%.家所]))"
)
_NTH = re.compile(
    rf"(?:第(?P<a>{_N})(?:个|项|号|条)(?P<kinda>指标|项目))|(?:序号(?:是|为)?(?P<c>{_N}))|(?:(?P<b>{_N})号(?P<kindb>指标|项目))"
)
_ANNEX = re.compile(
    r"附(?:件|表)(?P<annex>[1-9一二三四五六七八九])(?![0-9.个份条项])|附(?P<short>[1-3一二三])(?=里|中|的|有|上|那)"
)
_ITEM = re.compile(
    rf"(?:正文)?(?:第)?(?P<section>[{NUMERAL}]{{1,3}})(?:部分|章|节|大条|、)?(?:的|里|中)?(?:第)?\((?P<item>{_N})\)(?:条|项|点|款)?"
)
_PAREN = re.compile(rf"(?:正文|第)?\((?P<item>[{NUMERAL}]{{1,3}}|\d{{1,2}})\)(?:条|项|点|款)?")
_ARTICLE = re.compile(rf"(?:正文)?(?:的)?第(?P<item>{_N})(?:条|款|点|小?项)(?!指标|项目)")
_SECTION = re.compile(rf"第(?P<section>{_N})(?:部分|章|节|大块|大条|大点|块)|(?:^|正文)(?P<lead>[{NUMERAL}]{{1,3}})、")
_YEAR = re.compile(
    rf"(?<!\d)(?P<full>(?:19|20)\d\d)(?!\d)(?:年底|年末|年度?)?|(?<!\d)(?P<short>\d\d)年度?(?!前|内|后|期|来)|(?P<hanzi>二[〇零0o][一二三四五六七八九〇零]{{2}})年?|(?<![{NUMERAL}第])(?P<brief>二[〇零一二三四五六七八九])年"
)
_PAIR = re.compile(r"(?<!\d)(?P<one>(?:20)?\d\d)(?:年)?(?=(?:、|和|与|及|到|至|-|/|,|跟|比|较)(?:20)?\d\d年)")
_RELATIVE = {
    "前年": -2,
    "去年": -1,
    "上年": -1,
    "今年": 0,
    "本年": 0,
    "当年": 0,
    "明年": 1,
    "来年": 1,
    "后年": 2,
    "大后年": 3,
}
YEAR_END = re.compile(r"(?<![今明去后前年])(?:到|在)?(?:年底|年末|年终)之?前?")
"""年底 without a year."""
_FIRST = re.compile(r"第一年|头一年|首年|前一年|头年|起步年")
_LAST = re.compile(
    r"第二年|次年|后一年|最后一年|最终|到最后|两年后|两年下来|到期(?=.{0,3}[要达])|末年|最后(?=要|达|完成|是|做到|建)"
)
_EVERY = re.compile(
    r"(?<![0-9第〇零二后])(?:这)?(?:两|2|二|三|几)(?:个)?(?:年度?|年)(?!内|后|一共|总共|前|下来)|每年|各年度?|分年度?|逐年|历年|年年|分年|两个年头"
)


_QUARTER = re.compile(r"第?([一二三四1-4])季度?末?(?:前|底)?|q([1-4])(?![a-z0-9])|([上下前]半年)末?(?:前|底)?")
_QUARTER_ENDS = dict(zip("一1二2三3四4", (3, 3, 6, 6, 9, 9, 12, 12), strict=True)) | {
    "上半年": 6,
    "前半年": 6,
    "下半年": 12,
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place said at [start, end): a row of a table, a table, an item, a section."""

    start: int
    end: int
    annex: int | None = None
    row: int | None = None
    noun: str | None = None
    section: int | None = None
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Years:
    """The years a question is about, with the spans that say so."""

    years: tuple[int, ...] = ()
    first: bool = False
    last: bool = False
    every: bool = False
    spans: tuple[tuple[int, int], ...] = ()
    quarters: tuple[int, ...] = ()
    """The last months of the quarters named."""


def find_spots(text: str) -> list[Spot]:
    """Every place said in the normal text, longest reading first at each position."""
    spots: list[Spot] = []
    for reader in (_rows, _nths, _items, _sections, _annexes):
        spots += [s for s in reader(text) if all(s.end <= o.start or o.end <= s.start for o in spots)]
    return sorted(spots, key=lambda s: s.start)


def _rows(text: str) -> list[Spot]:
    return [
        Spot(
            m.start(),
            m.end(),
            annex=_number(m["annex"]),
            row=_number(m["row"] or m["bare"] or m["bare2"]),
            noun=m["kind"],
        )
        for m in _ROW.finditer(text)
    ]


def _nths(text: str) -> list[Spot]:
    return [
        Spot(m.start(), m.end(), row=_number(m["a"] or m["b"] or m["c"]), noun=m["kinda"] or m["kindb"])
        for m in _NTH.finditer(text)
    ]


def _items(text: str) -> list[Spot]:
    found = [
        Spot(m.start(), m.end(), section=_number(m["section"]), item=_number(m["item"])) for m in _ITEM.finditer(text)
    ]
    for plain in (_PAREN, _ARTICLE):
        more = [Spot(m.start(), m.end(), item=_number(m["item"])) for m in plain.finditer(text)]
        found += [s for s in more if all(s.end <= o.start or o.end <= s.start for o in found)]
    return found


def _sections(text: str) -> list[Spot]:
    return [Spot(m.start(), m.end(), section=_number(m["section"] or m["lead"])) for m in _SECTION.finditer(text)]


def _annexes(text: str) -> list[Spot]:
    return [Spot(m.start(), m.end(), annex=_number(m["annex"] or m["short"])) for m in _ANNEX.finditer(text)]


def _number(said: str | None) -> int | None:
    return read_numeral(said) if said else None


def find_years(text: str, this_year: int | None) -> Years:
    """The years named in the normal text; 今年 is `this_year`, 21年 is 2021."""
    years: list[int] = []
    spans: list[tuple[int, int]] = []
    for found in sorted([*_YEAR.finditer(text), *_PAIR.finditer(text)], key=lambda m: m.start()):
        years.append(_year(found))
        spans.append(found.span())
    for word, shift in _RELATIVE.items():
        if this_year and (at := text.find(word)) >= 0:
            years.append(this_year + shift)
            spans.append((at, at + len(word)))
    if this_year and not years and (end := YEAR_END.search(text)):
        years.append(this_year)
        spans.append(end.span())
    spans += [m.span() for p in (_FIRST, _LAST, _EVERY) for m in p.finditer(text)]
    named = list(_QUARTER.finditer(text))
    spans += [m.span() for m in named]
    quarters = tuple(_QUARTER_ENDS[next(g for g in m.groups() if g)] for m in named)
    first, last, every = (bool(p.search(text)) for p in (_FIRST, _LAST, _EVERY))
    return Years(tuple(dict.fromkeys(years)), first, last, every, tuple(spans), quarters)


def _year(found: re.Match[str]) -> int:
    said = next(g for g in found.groups() if g)
    if said.isdigit():
        return int(said) if len(said) == 4 else 2000 + int(said)
    digits = "".join(str("零一二三四五六七八九".index(c)) if c in "零一二三四五六七八九" else "0" for c in said)
    return int(digits) if len(digits) == 4 else 2000 + int(digits)
