"""Rows that meet what was said of them: 2022年要达到100%的指标, 没写配合单位的项目, 总投资超过10亿的工程, 三家一起管的.

Conditions are told by their own words, joined by 并且, and tested on the rows' cells, figures and units. Every row is
looked at, so that 没有 is an answer too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from knowledge.answering.entries import Entry, called, entries, line, numbered
from knowledge.answering.saying import said
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.figures import SCALES, UNIT, read_quantity
from knowledge.notice import Figure
from knowledge.parsing.columns import YEAR, Role, role_of
from knowledge.pieces import Of
from knowledge.question import Question
from knowledge.text import letters, normal, read_decimal, read_numeral, squeeze

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
RISING = re.compile(r"(?<!没有)(?<!没)(?<!不)(?:增加|提高|上升|变多|变大|变高|涨)了?的(?=指标|目标|有|是|哪|$)")
FIRST = re.compile(
    r"(?P<end>前|头|开头|最前面|最后|末尾|后|倒数)(?P<k>[二两三四五六七八九十]|\d{1,2})(?:个|项|条|行)(?!月|年|季)"
)
LIST = re.compile("哪些|哪几|哪个|几|多少|有没有|有吗|列|是(什么|啥)|名单|清单|都有|分别|是谁|的$")
LARGEST = re.compile(r"最(?P<most>大|多|高|长|小|少|低|短)的")
JOIN = "、"


class Say:
    HEAD = "{labels}{what}共{n}{measure}："
    NONE = "{total}{measure}{what}都看过了：{labels}，一{measure}也没有。"
    BOUND = "{column}{bound}的"
    YEARS = "{years}目标"
    UNSUPPORTED, SUPPORTED = "没有写配合单位的", "写了配合单位的"
    ALONE, SEVERAL = "只有一家牵头（负责）的", "{k}家以上牵头（负责）的"
    SILENT, SHARE, RISING = "没有写数字的", "按百分比考核的", "后一年比前一年多的"
    OF_UNIT = "{unit}牵头（负责）的"
    FIRST, LAST = "前{k}{measure}{what}：", "最后{k}{measure}{what}："
    MOST = "{column}最{most}的是："
    WITH = "{line}　{column}：{cell}"
    NEXT = ("我的任务", "有哪些指标", "有哪些项目")


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition: in words, and its test; with the column that it reads, if it is one of the table's own."""

    label: str
    test: Callable[[Entry], bool]
    column: str = ""


def answer_filtered(question: Question, catalog: Catalog) -> Answer | None:
    """The rows that meet every condition said; None when none is said, or when it is not rows that are asked."""
    if not LIST.search(question.text) or any(s.row for s in question.spots):
        return None
    word, rows = asked_rows(question, catalog)
    if not rows:
        return None
    part = _part(question, rows, catalog, word)
    if part:
        return part
    most = _largest(question, rows, catalog, word)
    if most:
        return most
    filters = list(filters_of(question, rows, catalog))
    if not filters or _leftover(question, filters, word):
        return None
    if question.bodies:
        unit = question.bodies[0]
        filters.insert(0, Filter(Say.OF_UNIT.format(unit=unit), lambda e: e.is_of(unit, "lead")))
    return _told(question, rows, filters, catalog, word)


def asked_rows(question: Question, catalog: Catalog) -> tuple[str, list[Entry]]:
    """(the word for the rows, the rows): 指标, 项目, or what the column of names is headed: 工程, 事项."""
    every = entries(catalog)
    tables = {c: t.ref for t in catalog.notice.tables for c in t.columns if role_of(c) is Role.NAME}
    for column, ref in tables.items():
        head = letters(normal(column)).removesuffix("名称").removeprefix("重点")
        if len(head) > 1 and head in question.text and head not in ("指标", "项目"):
            return head, [e for e in every if e.ref.startswith(f"{ref}:")]
    for noun, of, word in (("project", Of.PROJECT, "项目"), ("indicator", Of.INDICATOR, "指标")):
        if noun in question.nouns:
            return word, [e for e in every if e.of == of]
    if catalog.indicators and ("目标" in question.text or BOUND.search(question.text)) and not question.nouns:
        return "指标", [e for e in every if e.of == Of.INDICATOR]
    return ("任务", every) if "duty" in question.nouns else ("", [])


def filters_of(question: Question, rows: Sequence[Entry], catalog: Catalog) -> Iterator[Filter]:
    """Every condition that the words of the question state."""
    text = question.text
    tested = _bound(question, rows, catalog)
    if tested:
        yield tested
    if any(e.support_units for e in rows):
        if UNSUPPORTED.search(text):
            yield Filter(Say.UNSUPPORTED, lambda e: not e.support_units)
        elif SUPPORTED.search(text):
            yield Filter(Say.SUPPORTED, lambda e: bool(e.support_units))
    if ALONE.search(text):
        yield Filter(Say.ALONE, lambda e: len(e.lead_units) == 1)
    elif (found := SEVERAL.search(text)) and (least := read_numeral(found["k"])):
        yield Filter(Say.SEVERAL.format(k=least), lambda e: len(e.lead_units) >= least)
    figures = _figures(question, catalog)
    if SILENT.search(text):
        yield Filter(Say.SILENT, lambda e: not any(f.value is not None for f in figures(e)))
    if SHARE.search(text):
        yield Filter(Say.SHARE, lambda e: any(f.unit == "%" for f in figures(e)))
    if RISING.search(text):
        yield Filter(Say.RISING, lambda e: _rises(e, catalog))


def _figures(question: Question, catalog: Catalog) -> Callable[[Entry], list[Figure]]:
    """The figures of a row in the years asked; all of them when no year is said."""
    years = question.years.years

    def of(entry: Entry) -> list[Figure]:
        row = catalog.indicators.get(entry.ref) or catalog.projects.get(entry.ref)
        return [f for f in row.figures if not years or f.year in years] if row else []

    return of


def _rises(entry: Entry, catalog: Catalog) -> bool:
    row = catalog.indicators.get(entry.ref)
    dated = [f for f in row.figures if f.year and f.value is not None] if row else []
    values = [f.value for f in sorted(dated, key=lambda f: f.year or 0) if f.value is not None]
    return len(values) > 1 and values[0] < values[-1]


def _bound(question: Question, rows: Sequence[Entry], catalog: Catalog) -> Filter | None:
    """不少于10家的, 超过10亿的: of a column of the table when one is named, else of the targets."""
    found = BOUND.search(question.text)
    if not found:
        return None
    said_number = found["n"] or found["m"]
    numeral = read_numeral(said_number)
    value = read_decimal(said_number.replace(",", "")) if said_number[0].isdigit() else Decimal(numeral or 0)
    scale, unit = found["scale"] or found["scale2"] or "", found["unit"] or found["unit2"] or ""
    if value is None:
        return None
    compare = _comparison(found["before"] or "", found["after"] or found["after2"] or "")
    words = found.group().removesuffix("的")
    column = _column(question, rows, catalog)
    if column:
        limit = value * SCALES.get(scale, 1)
        return Filter(
            Say.BOUND.format(column=_plain(column), bound=words),
            lambda e: any(compare(v, limit) for v in [_cell_value(e, column, catalog)] if v is not None),
            column,
        )
    figures = _figures(question, catalog)
    limit = value * SCALES.get(scale, 1)
    label = Say.YEARS.format(years=JOIN.join(f"{y}年" for y in question.years.years))
    return Filter(
        Say.BOUND.format(column=label, bound=words),
        lambda e: any(
            f.value is not None and (not unit or normal(f.unit) == unit) and compare(f.value, limit) for f in figures(e)
        ),
    )


def _comparison(before: str, after: str) -> Callable[[Decimal, Decimal], bool]:
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


def _plain(column: str) -> str:
    return squeeze(re.sub(r"[（(][^（）()]*[）)]", "", column))


def _column(question: Question, rows: Sequence[Entry], catalog: Catalog) -> str:
    """The table's own column that was named, whole or by its last word, if its cells hold numbers."""
    refs = {e.ref for e in rows}
    columns = dict.fromkeys(c for ref in refs if ref in catalog.rows for c, _ in catalog.rows[ref].cells)
    for column in columns:
        key = letters(normal(_plain(column)))
        if role_of(column) not in (Role.OTHER, Role.BASE, Role.CONTENT) or len(key) < 2:
            continue
        named = key in question.text or (key[-2:] in question.text and not YEAR.search(column))
        if named and any(_cell_value(e, column, catalog) is not None for e in rows):
            return column
    return ""


def _cell(entry: Entry, column: str, catalog: Catalog) -> str:
    row = catalog.rows.get(entry.ref)
    return squeeze(next((c for name, c in row.cells if name == column), "")) if row else ""


def _cell_value(entry: Entry, column: str, catalog: Catalog) -> Decimal | None:
    """The number in the row's cell of a column, in the unit that the head of the column names."""
    quantity = read_quantity(_cell(entry, column, catalog))
    if quantity is None:
        return None
    head = re.search(r"[（(]([^（）()]*)[）)]", column)
    scale = next((s for s in sorted(SCALES, key=len, reverse=True) if head and head[1].startswith(s)), "")
    return quantity.value * SCALES.get(scale, 1)


def _leftover(question: Question, filters: Sequence[Filter], word: str) -> bool:
    """Whether the question speaks of something else beside the conditions, so that it is no list by condition."""
    rest = "".join(question.topic)
    for known in (*(f.column and letters(normal(_plain(f.column))) for f in filters), word):
        if known:
            rest = rest.replace(known, "").replace(known[-2:], "")
    for shape in (BOUND, UNSUPPORTED, SUPPORTED, ALONE, SEVERAL, SILENT, SHARE, RISING):
        for found in shape.finditer(question.text):
            kept = letters(found.group())
            rest = "".join(c for c in rest if c not in kept)
    return len(letters(re.sub(r"[\d.%]", "", rest))) > 1


def _told(question: Question, rows: Sequence[Entry], filters: Sequence[Filter], catalog: Catalog, word: str) -> Answer:
    met = [e for e in rows if all(f.test(e) for f in filters)]
    what, measure = called(sorted({e.of for e in rows}, key=str)) if word in ("指标", "项目", "任务") else (word, "项")
    labels = JOIN.join(f.label for f in filters)
    if not met:
        none = Say.NONE.format(total=len(rows), measure=measure, what=what, labels=labels)
        return said([none], dict.fromkeys(e.ref for e in rows), suggestions=Say.NEXT, route="lists")
    column = next((f.column for f in filters if f.column), "")
    lines = [_line(e, column, question, catalog) for e in met]
    head = Say.HEAD.format(labels=labels, what=what, n=len(met), measure=measure)
    return said([head, *numbered(lines)], dict.fromkeys(e.ref for e in met), suggestions=Say.NEXT, route="lists")


def _line(entry: Entry, column: str, question: Question, catalog: Catalog) -> str:
    text = line(entry, catalog, entry.lead_units[0] if entry.lead_units else None, question.years)
    if not column:
        return text
    return Say.WITH.format(line=text, column=squeeze(column), cell=_cell(entry, column, catalog))


def _part(question: Question, rows: Sequence[Entry], catalog: Catalog, word: str) -> Answer | None:
    """前三个项目, 最后两项指标: by their order in the table."""
    found = FIRST.search(question.text)
    count = read_numeral(found["k"]) if found else None
    if not found or not count or question.topic or question.bodies:
        return None
    kinds = {e.ref.partition(":")[0] for e in rows if ":" in e.ref and e.ref in catalog.rows}
    ordered = [e for e in rows if e.ref.partition(":")[0] in sorted(kinds)[:1]]
    if not ordered:
        return None
    first = found["end"] in ("前", "头", "开头", "最前面")
    shown = ordered[:count] if first else ordered[-count:]
    what, measure = called([ordered[0].of]) if word in ("指标", "项目") else (word, "项")
    head = (Say.FIRST if first else Say.LAST).format(k=len(shown), measure=measure, what=what)
    lines = [line(e, catalog, e.lead_units[0] if e.lead_units else None, question.years) for e in shown]
    return said([head, *numbered(lines)], [e.ref for e in shown], suggestions=Say.NEXT, route="lists")


def _largest(question: Question, rows: Sequence[Entry], catalog: Catalog, word: str) -> Answer | None:
    """总投资最大的工程: by the numbers of a column of the table's own."""
    found = LARGEST.search(question.text)
    column = _column(question, rows, catalog) if found else ""
    if not found or not column:
        return None
    valued = [(v, e) for e in rows if (v := _cell_value(e, column, catalog)) is not None]
    best = (max if found["most"] in "大多高长" else min)(v for v, _ in valued)
    shown = [e for v, e in valued if v == best]
    head = Say.MOST.format(column=_plain(column), most=found["most"])
    lines = [_line(e, column, question, catalog) for e in shown]
    return said([head, *lines], [e.ref for e in shown], suggestions=Say.NEXT, route="lists", refs=shown[0].ref)
