"""Quantities people say, and figures that running text sets as targets."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import is_whole, read_quantity
from knowledge.figures import kind_of
from knowledge.notice import Kind
from knowledge.parsing.targets import read_targets, read_value

ISSUED = date(2021, 5, 16)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("三十五所", "35", "所"),
        ("1.2万", "12000", ""),
        ("80%", "80", "%"),
        ("八成", "80", "%"),
        ("百分之八十", "80", "%"),
        ("35", "35", ""),
        ("三百五", "350", ""),
        ("目前35所了", "35", "所"),
        ("下降3.5%", "-3.5", "%"),
        ("-3.5%", "-3.5", "%"),
        ("1,200人次", "1200", "人次"),
        ("３５家", "35", "家"),
        ("累计三十五", "35", ""),
        ("八成半", "85", "%"),
        ("八成五", "85", "%"),
        ("9成5", "95", "%"),
        ("1万2", "12000", ""),
        ("3千5百", "3500", ""),
        ("一半", "50", "%"),
        ("千分之五", "0.5", "%"),
        ("不少于10家", "10", "家"),
        ("0", "0", ""),
        ("零", "0", ""),
        ("2250人次。", "2250", "人次"),
    ],
)
def test_a_said_quantity_is_read(text: str, value: str, unit: str) -> None:
    quantity = read_quantity(text)
    assert quantity is not None
    assert (quantity.value, quantity.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    "text", ["", "没有", "一码通", "12个13个", "不报了", "35和36", "明天", "智慧校园35", "。", "%"]
)
def test_what_is_no_single_quantity_is_none(text: str) -> None:
    assert read_quantity(text) is None


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("七八成", 70, 80),
        ("三四十个", 30, 40),
        ("十七八家", 17, 18),
        ("三五个", 3, 5),
        ("两三百", 200, 300),
        ("两三个", 2, 3),
    ],
)
def test_two_neighbours_are_a_range(text: str, low: int, high: int) -> None:
    quantity = read_quantity(text)
    assert quantity is not None
    assert (quantity.value, quantity.high) == (low, high)


@pytest.mark.parametrize("text", ["三分之二", "100多万", "1万多", "二十来个"])
def test_what_is_no_exact_figure_is_marked(text: str) -> None:
    quantity = read_quantity(text)
    assert quantity is not None
    assert quantity.approximate


def test_ranges_and_guesses_are_marked() -> None:
    spread, guess = read_quantity("35-40"), read_quantity("三十多家")
    assert spread is not None
    assert (spread.value, spread.high) == (35, 40)
    assert guess is not None
    assert guess.approximate


@given(st.integers(0, 10**8), st.sampled_from(["所", "个", "家", "%", "", "人次", "万元"]))
def test_a_printed_quantity_reads_back(number: int, unit: str) -> None:
    quantity = read_quantity(f"{number}{unit}")
    assert quantity is not None
    factor = 10_000 if unit == "万元" else 1
    assert quantity.value == number * factor


@given(st.text(max_size=80))
def test_any_text_is_a_quantity_or_none(text: str) -> None:
    read_quantity(text)
    read_value(text)
    read_targets(text, ISSUED)


def figures(text: str) -> list[tuple[str | None, str, int | None, str | None, str]]:
    return [
        (None if f.value is None else str(f.value), f.unit, f.year, f.bound, f.about)
        for f in read_targets(text, ISSUED)
    ]


def test_a_year_governs_its_sentence_and_not_the_next() -> None:
    found = figures("推进应用，到2022年，建设智慧校园59所以上。建成智慧景区1个。")
    assert found == [("59", "所", 2022, "以上", "智慧校园"), ("1", "个", None, None, "智慧景区")]


def test_a_list_of_targets_is_several_figures() -> None:
    found = figures("到2022年,创建3个特色镇、1条步行街和2个直播间。")
    assert [(value, about) for value, _, _, _, about in found] == [("3", "特色镇"), ("1", "步行街"), ("2", "直播间")]


def test_qualifiers_are_never_lost() -> None:
    assert figures("力争建设校园59所以上")[0][3] == "力争…以上"
    assert figures("新建3-5家服务中心")[0][3] == "3-5"
    assert figures("营业收入年均增长20%左右")[0][3] == "左右"


def test_days_are_told_from_years() -> None:
    days = {
        text: read_targets(text, ISSUED)[0].due
        for text in (
            "到今年底，覆盖率达100%",
            "2020年底前完成10家改造",
            "2021年6月底前建成3个中心",
            "到2022年，建成3个中心",
        )
    }
    assert list(days.values()) == [date(2021, 12, 31), date(2020, 12, 31), date(2021, 6, 30), None]


def test_a_duty_with_a_day_but_no_number_is_a_figure_without_value() -> None:
    found = read_targets("2021年6月底前建立健全行政许可设定审查机制。", None)
    assert [(f.value, f.due, f.kind) for f in found] == [(None, date(2021, 6, 30), Kind.STATUS)]
    assert "建立健全行政许可设定审查机制" in found[0].about


def test_names_and_versions_are_no_targets() -> None:
    assert (
        figures(
            "推进政务服务2.0平台建设，加大5G应用，推行“7天无理由退货”，通过24小时药房，根据浙委办发〔2020〕24号文件"
        )
        == []
    )


@pytest.mark.parametrize(
    ("unit", "words", "note", "kind"),
    [
        ("%", "网络零售额年均增长", "", Kind.GROWTH),
        ("%", "平台覆盖率", "", Kind.SHARE),
        ("个", "物流终端新增数", "2022年为累计数", Kind.STOCK),
        ("个", "新增终端", "", Kind.FLOW),
        ("家", "示范企业数", "", Kind.STOCK),
    ],
)
def test_how_a_figure_is_counted(unit: str, words: str, note: str, kind: Kind) -> None:
    assert kind_of(unit, words, note) is kind


@pytest.mark.parametrize(
    ("unit", "whole"),
    [("所", True), ("人次", True), ("", True), ("%", False), ("亿元", False), ("万亩", False), ("公里", False)],
)
def test_whole_things_are_told_from_parted_ones(unit: str, whole: bool) -> None:
    assert is_whole(unit) is whole


def test_cells_are_read_with_their_signs() -> None:
    assert read_value("30所") == (30, "所", None, None)
    assert read_value("≥80%") == (80, "%", "≥", None)
    assert read_value("3-5") == (3, "", "3-5", 5)
    assert read_value("完成") is None
