"""A whole report in one message: 校园35，场地7，其他和上期一样 → (name, value) pieces.

Also many lines, blanks between pieces, voice. Values stay as said: knowledge reads them, checks checks them. Which
matter a name means is asked of others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from knowledge import read_quantity

LONGEST = 120  # characters of one piece; longer ones are sentences
LONGEST_VALUE = 30


class Say:
    BREAKS = r"[，,;；。\n、]+|(?<=[\d%个家所点条人次])\s*(?:另外|还有|以及)"
    SINCE = r"(?:和|跟|与|同|按|照)?(?:上期|上次|上季度|上个月|上月|以前|原来|之前)?的?数?"
    ALIKE = r"(?:一样|相同|不变|没变化|没有变化|没变|未变|一致|持平|照旧|沿用|没动)"
    OTHERS = r"(?:其他|其它|其余|别的|剩下|剩余|余下)(?:的|几项|几件|各项|事项|指标|项目)*"
    REST = rf"{OTHERS}(?:都|均|全部|全)?(?:还是|还|先)?{SINCE}{ALIKE}(?:了|吧)?"
    ZERO_ALL = rf"(?:{OTHERS}(?:都|均)?)?(?:是|报)?(?:零报告|(?:本期|这期|本季度|本月)?(?:无|没有)(?:变化|新进展|新增))"
    SAME_ALL = rf"(?:都|全部|全|所有)?(?:和|跟|与|同)?(?:上期|上次|上季度|上个月|上月)(?:都|全)?{ALIKE}"
    SAME = rf"(?:还是|还|仍然|仍是|仍)?{SINCE}{ALIKE}"
    NOT_GIVEN = (
        r".{0,8}?(?:还|一直|仍)?没(?:有)?(?:给|发|提供|反馈|回|核定|核完|核出来|报上来|统计完|汇总完|算出来)"
        r"(?:过来|我们|到|出来|来)?"
    )
    NOT_YET = r"(?:没有出来|没出来|没出|未出|没有出|出不来|还没有|未产生|没有数据|没数据|没统计出来|还没统计)"
    NO_DATA = rf"(?:的?(?:数据|数字|数)?(?:还|暂时|目前|暂)?{NOT_YET}(?:来)?|的?(?:数据|数字|数){NOT_GIVEN})"
    REST_OUT = rf"(?:{OTHERS}|(?:全部|所有|全|都))(?:都|均|全)?{NO_DATA}(?:了|呢)?"
    STAGE = (
        r"(?:还在|正在|正|在|已经|已|也|仍在|仍|都|全部|基本)*(?:还没(?:启动|开始|动)|未启动|没启动|未开始|没开始|没动|推进中|推进|进行中|"
        r"(?:启动|开工|动工)了|在建|(?:完成|做完|办完|办结|弄好|搞好|做好|建好|建成|办好|搞定|弄完|完工|竣工|结束|落地|验收)了?)"
    )
    NOW = r"现在|目前|到现在|这个月|本月|本期|本季度|今年|已经|已|共|合计|一共|数值|值"
    LINK = rf"(?>(?:{NOW}|是|为|达到|到|达|有|填|报|[：:＝=\s—-])+)$"
    ADDED = r"(?:新增|新建|增加|多)了?\s*$"
    ADDING = r"新增|新建|增加"
    LEAD = (
        r"^(?:请|帮我|麻烦)?(?:填报|上报|汇报|报一下|报|我们单位|我们局|我局|我们|本单位|那个|嗯|另外|还有|以及|和|一是|二是|三是|四是)+"
        r"[：:，,\s]*"
    )
    NUMBERED = r"^\s*(?:[(（]?\d{1,2}[)）.、]|[一二三四五六七八九十]{1,2}、|[-*•·])\s*(?=\D)"
    THOUSANDS = r"(?<=\d)[,，](?=\d{3}(?!\d))"
    ENDS = "。.!！~，, "


@dataclass(frozen=True, slots=True)
class Item:
    """One piece: the name as said and what was said of it. Exactly one of value, same, no_data holds."""

    name: str
    value: str = ""
    same: bool = False
    no_data: bool = False
    added: bool = False
    """The value was said to be an increase (新增3)."""
    line: str = ""
    """A sentence that followed it: its 进展."""


class Rest(StrEnum):
    """What is said of all that is not named."""

    SAME = "same"
    ZERO = "zero"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class WholeReport:
    """All pieces in the order said."""

    items: tuple[Item, ...] = ()
    rest_same: bool = False
    """其他和上期一样."""
    rest_zero: bool = False
    """零报告: nothing new since last time, of whatever was not named."""
    rest_out: bool = False
    """其他还没出来."""
    unread: tuple[str, ...] = ()
    """Pieces that belong to nothing, as typed."""

    @property
    def rest(self) -> Rest | None:
        """What was said of whatever was not named."""
        said = ((self.rest_same, Rest.SAME), (self.rest_zero, Rest.ZERO), (self.rest_out, Rest.OUT))
        return next((rest for was, rest in said if was), None)


def guess(name: str) -> bool:
    """Whether a piece of text can be a name at all, when nobody knows the matters."""
    return 1 <= len(name) <= 40


def says_no_data(text: str) -> bool:
    """数据还没出来, said of whatever is asked."""
    return re.fullmatch(Say.NO_DATA, _bare(text)) is not None


def says_same(text: str) -> bool:
    """和上期一样, said of whatever is asked."""
    return re.fullmatch(f"{Say.SAME}|{Say.SAME_ALL}", _bare(text)) is not None


def says_zero(text: str) -> bool:
    """零报告."""
    return re.fullmatch(Say.ZERO_ALL, _bare(text)) is not None


def _bare(text: str) -> str:
    return "".join(text[:60].split()).strip(Say.ENDS + "了呢吧")


def read_report(text: str, knows: Callable[[str], bool] = guess) -> WholeReport:
    """The pieces of a report. `knows`: whether a text names a matter; it decides where a name ends (5G基站20)."""
    report = WholeReport()
    for piece in _pieces(text[:4000]):
        report = _with(report, piece, knows)
    return report


def _pieces(text: str) -> Iterator[str]:
    joined = re.sub(Say.NUMBERED, "", re.sub(Say.THOUSANDS, "", text), flags=re.M)
    for raw in re.split(Say.BREAKS, joined):
        piece = re.sub(Say.LEAD, "", raw.strip()).strip(Say.ENDS)
        if piece:
            yield piece


def _with(report: WholeReport, piece: str, knows: Callable[[str], bool]) -> WholeReport:
    flat = "".join(piece.split())
    if re.fullmatch(Say.REST, flat) or re.fullmatch(Say.SAME_ALL, flat):
        return replace(report, rest_same=True)
    if re.fullmatch(Say.ZERO_ALL, flat):
        return replace(report, rest_zero=True)
    if re.fullmatch(Say.REST_OUT, flat):
        return replace(report, rest_out=True)
    found, left = _items(piece, knows) if len(piece) <= LONGEST else ((), "")
    if found:
        unread = (*report.unread, left) if left else report.unread
        return replace(report, items=(*report.items, *found), unread=unread)
    if report.items and len(flat) >= 4 and (knows is guess or not (knows(flat) or _looks_like_item(flat))):
        last = report.items[-1]
        lined = replace(last, line=f"{last.line}，{piece}" if last.line else piece)
        return replace(report, items=(*report.items[:-1], lined))
    return replace(report, unread=(*report.unread, piece))


def _looks_like_item(flat: str) -> bool:
    """88号5: a short name nobody knows with a bare value; 新增三所已验收 and longer ones are sentences."""
    item = _item(flat, guess)
    return item is not None and not item.added and len(item.name) <= 4


def _items(piece: str, knows: Callable[[str], bool]) -> tuple[tuple[Item, ...], str]:
    """One item, or several parted by blanks (特色镇2 新零售4); and what is left of the piece."""
    whole = _item("".join(piece.split()), knows)
    if whole and not (len(piece.split()) > 2 and re.search(r"\d", whole.name)):
        return (whole,), ""
    tokens, items, name = piece.split(), list[Item](), ""
    for token in tokens:
        item = _item(name + token, knows)
        if item is None and items and not name and _is_unit_tail(items[-1], token):
            items[-1] = replace(items[-1], value=items[-1].value + token)
            continue
        items += [item] if item else []
        name = "" if item else name + token
    if items and (not name or whole is None):
        return tuple(items), name
    return ((whole,) if whole else ()), ""


def _is_unit_tail(item: Item, token: str) -> bool:
    """校园 35 所: the unit stands apart."""
    return bool(item.value) and len(token) <= 3 and read_quantity(item.value + token) is not None


def _item(flat: str, knows: Callable[[str], bool]) -> Item | None:
    said = ((Say.NO_DATA, Item("", no_data=True)), (Say.SAME, Item("", same=True)), (Say.STAGE, Item("")))
    for pattern, made in said if knows is not guess else said[:2]:
        found = re.search(f"(?:{pattern})$", flat)
        name = re.sub(Say.LINK, "", flat[: found.start()]) if found else ""
        if found and name and knows(name):
            return replace(made, name=name, value="" if made.same or made.no_data else found[0])
    found_values = list(_values(flat))
    known = [item for item in found_values if knows(item.name)]
    return known[0] if known else None


def _values(flat: str) -> Iterator[Item]:
    """Ways to part a name from the value at the end, longest value first."""
    for start in range(max(1, len(flat) - LONGEST_VALUE), len(flat)):
        value = flat[start:]
        if read_quantity(value) is None or (flat[start - 1].isdigit() and flat[start].isdigit()):
            continue
        before = flat[:start]
        added = bool(re.search(Say.ADDED, before)) or bool(re.match(Say.ADDING, value))
        name = re.sub(Say.LINK, "", re.sub(Say.ADDED, "", before))
        name = re.sub(Say.LINK, "", name)
        if name:
            yield Item(name, value, added=added)
