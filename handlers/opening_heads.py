"""The header of a table of values: which column holds what, in any order, in one row or two. Reads no values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest

HEADER_WITHIN = 12  # rows from the top in which the header is looked for
Rows = Sequence[Sequence[str]]


class Say:
    COLUMNS: Mapping[str, tuple[str, ...]] = {
        "name": ("指标", "指标名称", "事项", "事项名称", "项目名称", "项目", "任务", "任务名称", "名称", "内容与要求",
        "工作内容"),
        "value": (
            "现值", "本期值", "本期数", "数值", "底数", "完成值", "完成数", "累计完成", "累计", "累计数", "当前值",
            "实际完成", "实际值",
            "完成情况",
            "期末数", "现有数", "值",
        ),
        "number": ("序号", "编号", "附件序号"),
        "as_of": ("数据截至", "截至", "截至日期", "数据截至日期", "统计时间", "数据时间"),
        "unit": ("单位", "计量单位"),
        "measure": ("量", "分项", "口径"),
        "line": ("进展", "进展情况", "说明", "情况说明"),
        "origin": ("来源", "数据来源"),
    }  # fmt: skip


def header_of(rows: Rows) -> tuple[int, dict[str, int]] | None:
    """(its last row, column by meaning) of the header, of one row or two: it names the matter and its value."""
    for number, cells in enumerate(rows[:HEADER_WITHIN]):
        upper = [bare(cell) for cell in cells]
        lower = [bare(cell) for cell in rows[number + 1]] if number + 1 < len(rows) else []
        if goes_on(upper, lower):
            both = [low or high for high, low in zip_longest(upper, lower, fillvalue="")]
            if {"name", "value"} <= (columns := columns_of(both)).keys():
                return number + 1, columns
        if {"name", "value"} <= (columns := columns_of(upper)).keys():
            return number, columns
    return None


def goes_on(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether the second row belongs to the header: words of columns under the upper ones, nothing under the name."""
    name = columns_of(upper).get("name")
    if name is None or (name < len(lower) and lower[name]):
        return False
    return bool(columns_of(lower).keys() - {"unit"}) and not any(map(str.isdecimal, lower))


def columns_of(heads: Sequence[str]) -> dict[str, int]:
    """Column by meaning."""
    found = {name: next((heads.index(w) for w in words if w in heads), None) for name, words in Say.COLUMNS.items()}
    return {name: place for name, place in found.items() if place is not None}


def bare(head: str) -> str:
    """A head without blanks, brackets and what is in them."""
    return re.sub(r"[（(].*?[）)]|\s", "", head)
