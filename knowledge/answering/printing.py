"""How refs, figures and quotes are printed in an answer. Chooses nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import ClassVar

from knowledge.catalog import Catalog
from knowledge.notice import Figure, Kind, Ref
from knowledge.text import print_numeral, squeeze

ABOUT = ["左右", "以上", "以下", "以内", "及以上", "及以下", "之内", "上下"]
LONGEST_QUOTE = 130
_ROW = re.compile(r"^(annex|table)(\d+):(.+)$")
_BODY = re.compile(r"^body:(\d+)(?:\.(\d+))?(?:\.(\d+))?([a-z])?$")
_PLAIN_ARTICLE = re.compile(r"^\s*第[〇零一二三四五六七八九十百]+条")


class Say:
    OPENING, BODY, INNER = "正文开头", "正文", "所附文件"
    PARTS: ClassVar[dict[str, str]] = {
        "head": "文件头",
        "body:end": "正文末尾",
        "signature": "落款",
        "imprint": "附注",
        "attachments": "附件说明",
        "source": "来源",
    }
    ANNEX, TABLE, ROW, LINE, NOTE, TITLE = "附件", "表", "第{row}项", "第{row}行", "备注", "标题"
    FAQ, RULING, WORD = "办公室答复", "办公室暂按口径", "办公室"
    STOCK, RATE = "累计", "比率，不累加"
    QUARTERS: ClassVar[dict[int, str]] = {3: "一季度", 6: "二季度", 9: "三季度", 12: "四季度"}
    NO_FIGURE = "没有写数字"


def place(ref: Ref, catalog: Catalog | None = None) -> str:
    """`ref` as the document prints it: 附件1第5项, 正文二(一)."""
    if ref.startswith("inner."):
        return Say.INNER + place(Ref(ref.removeprefix("inner.")), catalog)
    if ref in Say.PARTS:
        return Say.PARTS[ref]
    row = _ROW.match(ref)
    if row:
        return _row_place(row[1], row[2], row[3])
    body = _BODY.match(ref)
    if body:
        return _body_place(ref, body, catalog)
    if ref.startswith(("annex", "table")):
        return (Say.ANNEX if ref.startswith("annex") else Say.TABLE) + ref.removeprefix("annex").removeprefix("table")
    return Say.FAQ if ref.startswith("faq") else Say.RULING if ref.startswith("ruling") else str(ref)


def _row_place(kind: str, number: str, row: str) -> str:
    table = (Say.ANNEX if kind == "annex" else Say.TABLE) + number
    if row == "note":
        return table + Say.NOTE
    return table + (Say.ROW if kind == "annex" else Say.LINE).format(row=row)


def _body_place(ref: Ref, body: re.Match[str], catalog: Catalog | None) -> str:
    section, item, task, again = body.groups()
    if section == "0" and item is None:
        return Say.OPENING
    text = catalog.passages.get(ref, "") if catalog else ""
    if item is None and _PLAIN_ARTICLE.match(text):
        return f"{Say.BODY}第{print_numeral(int(section))}条" if int(section) < 100 else f"{Say.BODY}第{section}条"
    inside = f"({print_numeral(int(item))})" if item and item != "0" else ""
    return f"{Say.BODY}{print_numeral(int(section))}{inside}{task or ''}{again or ''}"


def places(refs: Iterable[Ref], catalog: Catalog) -> str:
    """Places in order, each once, joined: 附件1第7、8、13项，正文二(三)."""
    rows: dict[str, list[str]] = {}
    others: list[str] = []
    for ref in dict.fromkeys(refs):
        row = _ROW.match(ref)
        if row and row[3].isdigit():
            rows.setdefault(f"{Say.ANNEX if row[1] == 'annex' else Say.TABLE}{row[2]}", []).append(row[3])
        else:
            others.append(place(ref, catalog))
    printed = [f"{table}第{'、'.join(numbers)}项" for table, numbers in rows.items()]
    return "，".join([*printed, *dict.fromkeys(others)])


def number(value: Decimal) -> str:
    """`value` without idle zeros."""
    plain = format(value.normalize(), "f")
    return plain if plain != "-0" else "0"


def figure(target: Figure) -> str:
    """A figure with its qualifier and unit: 10家以上, 3-5家, 力争100%."""
    if target.value is None:
        return target.quote or Say.NO_FIGURE
    span = f"{number(target.value)}-{number(target.high)}" if target.high is not None else number(target.value)
    bound = target.bound or ""
    if re.search(r"\d", bound) or not bound:
        return f"{span}{target.unit}"
    return f"{span}{target.unit}{bound}" if bound in ABOUT else f"{bound}{span}{target.unit}"


def by_year(figures: Sequence[Figure], years: Sequence[int] = (), *, quarters: bool = False) -> str:
    """2021年30所、2022年59所; of `years` only, if any are given."""
    wanted = [f for f in figures if not years or f.year in years]
    quarters = quarters or len({f.year for f in wanted}) < len(wanted)
    said: list[str] = []
    for i, f in enumerate(wanted):
        year = f"{f.year}年" if f.year and (i == 0 or wanted[i - 1].year != f.year) else ""
        quarter = Say.QUARTERS.get(f.due.month, "") if quarters and f.due else ""
        said.append(f"{year}{quarter}{figure(f)}")
    return "、".join(said)


LIMIT = re.compile("以下|以内|之内|不超过|不高于|不大于|低于|≤|<|控制")
"""A number that is not to be passed is no total to be filled up."""


def kind_note(figures: Sequence[Figure]) -> str:
    """（累计） for stocks, （比率，不累加） for rates; nothing for limits from above, per-unit levels and the rest."""
    kinds = {f.kind for f in figures}
    if kinds == {Kind.STOCK}:
        if any(LIMIT.search(f.bound or "") or "/" in f.unit for f in figures):
            return ""
        return f"（{Say.STOCK}）"
    return f"（{Say.RATE}）" if kinds and kinds <= {Kind.GROWTH, Kind.SHARE} else ""


ITEM_NUMBER = re.compile(r"^\d{1,2}[．.](?=\D|\d{4}年)")
"""The number of a task stands in its place beside the quote; before a year it would read as a decimal."""


def quoted(text: str, longest: int = LONGEST_QUOTE) -> str:
    """`text` in quotation marks, cut at a clause when too long."""
    bare = ITEM_NUMBER.sub("", squeeze(text).rstrip("；;，,"))
    if len(bare) > longest:
        cut = max(bare.rfind(mark, 0, longest) for mark in "。；，,、")
        bare = bare[: cut + 1 if cut > longest // 2 else longest].rstrip("，,、") + "…"
    return f"“{bare}”"


def names(units: Iterable[str]) -> str:
    """Units joined as notices join them."""
    return "、".join(units)
