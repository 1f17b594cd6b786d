"""A sheet becomes a roster: columns in any order, wrong rows named, units as the notice spells them."""

from __future__ import annotations

import pytest

from handlers.roster import is_roster, read_roster
from knowledge import Library, read_notice
from tests.knowledge.papers import as_html

HEAD = ("岗位", "单位名称", "姓名", "联系电话")


@pytest.fixture(scope="module")
def library() -> Library:
    return Library([read_notice(as_html(), "a.html")])


def test_columns_are_known_by_their_names_in_any_order(library: Library) -> None:
    roster = read_roster([HEAD, ("联络人", "农业农村局", "张三", "139 1111 0001"), ("", "", "", "")], library)
    (entry,) = roster.entries
    assert (entry.unit, entry.post, entry.name, entry.mobile) == ("县农业农村局", "联络人", "张三", "13911110001")
    assert not roster.errors


def test_a_town_keeps_its_own_name(library: Library) -> None:
    roster = read_roster([HEAD, ("联络人", "甲镇人民政府", "王五", "13911110003")], library)
    assert roster.entries[0].unit == "甲镇"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("联络员", "县文旅局", "张三", "13911110001"), "联络员"),
        (("联络人", "", "张三", "13911110001"), "单位没有填"),
        (("联络人", "县文旅局", "", "13911110001"), "称呼没有填"),
        (("联络人", "县文旅局", "张三", "139"), "不是11位"),
        (("联络人", "县文旅局", "张三", ""), "至少填一个"),
    ],
)
def test_a_wrong_row_is_named_with_its_reason(row: tuple[str, ...], why: str, library: Library) -> None:
    roster = read_roster([HEAD, row], library)
    assert not roster.entries
    assert roster.errors[0].startswith("第2行：")
    assert why in roster.errors[0]


def test_a_table_of_values_is_no_roster() -> None:
    assert is_roster([HEAD])
    assert not is_roster([("序号", "指标", "数值", "责任单位")])
    assert not is_roster([])
