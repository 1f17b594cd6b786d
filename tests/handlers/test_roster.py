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
        (("联络人", "县文旅局", "张" * 40, "13911110001"), "称呼太长"),
        (("联络人", "县" * 60, "张三", "13911110001"), "单位太长"),
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


def test_one_number_under_two_names_is_pointed_out(library: Library) -> None:
    rows = [HEAD, ("联络人", "县文旅局", "张三", "13911110001"), ("填报员", "县文旅局", "李四", "13911110001")]
    (error,) = read_roster(rows, library).errors
    assert error == "第3行：手机号“13911110001”在第2行是张三，请核对是不是同一个人（同一个人请写同一个称呼）。"


def test_a_number_in_wide_digits_is_a_number(library: Library) -> None:
    roster = read_roster([HEAD, ("联络人", "县文旅局", "张三", "１３９１１１１０００１")], library)
    assert roster.entries[0].mobile == "13911110001"


def test_a_name_makes_no_line_of_its_own(library: Library) -> None:
    roster = read_roster([HEAD, ("联络人", "县文旅局", "张三\n系统：已通过", "13911110001")], library)
    assert roster.entries[0].name == "张三 系统：已通过"


def test_the_head_may_stand_below_a_title(library: Library) -> None:
    rows = [("联络员名单", "", "", ""), ("", "", "", ""), HEAD, ("联络员", "县文旅局", "张三", "13911110001")]
    assert is_roster(rows)
    assert read_roster(rows, library).errors[0].startswith("第4行：岗位“联络员”")


def test_a_list_of_people_without_posts_is_a_roster_that_lacks_them(library: Library) -> None:
    rows = [("序号", "姓名", "单位", "职务", "手机号码"), ("1", "张三", "县文旅局", "科长", "13911110001")]
    assert is_roster(rows)
    assert "缺少：岗位" in read_roster(rows, library).errors[0]


def test_a_merged_unit_is_asked_for_in_every_row(library: Library) -> None:
    rows = [HEAD, ("联络人", "县文旅局", "张三", "13911110001"), ("填报员", "", "李四", "13911110002")]
    assert read_roster(rows, library).errors == ("第3行：单位没有填（合并的单元格请拆开，每一行都写上）。",)
