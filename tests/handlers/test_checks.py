"""Value checks: what is refused, what is asked about, in which words."""

from dataclasses import replace
from decimal import Decimal

import pytest

from handlers.rules.checks import Said, Series, check, findings, plain
from knowledge import Kind

SCHOOLS = Series("校园", "所", Kind.STOCK, True, Decimal(32), Decimal(59), Decimal(59))
COVERAGE = Series("覆盖率", "%", Kind.SHARE, False, Decimal(76), Decimal(80), Decimal(80))
GROWTH = Series("零售额", "%", Kind.GROWTH, False, Decimal("9.5"), Decimal(10), Decimal(10))
FRESH = replace(SCHOOLS, last=None)


def said(
    value: str, unit: str = "", high: str | None = None, *, approximate: bool = False, bound: str | None = None
) -> Said:
    return Said(Decimal(value), unit, Decimal(high) if high else None, approximate, bound)


@pytest.mark.parametrize(
    ("series", "value"),
    [
        (SCHOOLS, said("35", "所")),
        (SCHOOLS, said("32")),
        (SCHOOLS, said("48")),
        (COVERAGE, said("80", "%")),
        (COVERAGE, said("70")),
        (GROWTH, said("-3.2", "%")),
        (GROWTH, said("12.5")),
        (FRESH, said("0")),
        (replace(SCHOOLS, last=Decimal(1), target=Decimal(3), final_target=Decimal(3)), said("3")),
        (replace(SCHOOLS, last=None, target=Decimal(0), final_target=Decimal(1)), said("1")),
        (replace(SCHOOLS, last=None, target=None, final_target=None), said("900")),
    ],
)
def test_what_may_stand(series: Series, value: Said) -> None:
    assert check(value, series) is None


@pytest.mark.parametrize(
    ("series", "value", "code", "text"),
    [
        (SCHOOLS, said("35.5"), "whole", "校园按“所”计，是整数吧？例如36。"),
        (SCHOOLS, said("-3"), "negative", "校园不会小于0。例如32所。"),
        (SCHOOLS, said("80", "%"), "unit", "校园按“所”计，您写的是“%”。例如32所。"),
        (SCHOOLS, said("35", high="40"), "range", "您写的是35到40，请报一个确定的数。"),
        (SCHOOLS, said("35", bound="以上"), "bound", "“以上”是个范围，请报一个确定的数，例如35所。"),
        (SCHOOLS, said("9" * 14), "huge", "这个数太大了，是不是多打了几位？例如32所。"),
        (COVERAGE, said("120"), "share", "覆盖率是占比，在0到100之间。例如76%。"),
        (COVERAGE, said("35", "所"), "unit", "覆盖率按“%”计，您写的是“所”。例如76%。"),
    ],
)
def test_what_is_refused(series: Series, value: Said, code: str, text: str) -> None:
    found = check(value, series)
    assert found is not None
    assert (found.code, found.text, found.soft) == (code, text, False)


@pytest.mark.parametrize(
    ("series", "value", "code", "text", "ways"),
    [
        (SCHOOLS, said("350"), "far", "比目标59多不少，是35还是350？", ["35", "350，说明原因"]),
        (SCHOOLS, said("30"), "below", "比上次的32少。", ["这是本期新增的", "以前的数要更正", "重填"]),
        (SCHOOLS, said("62"), "over", "那累计是62所，超过目标59所，对吗？", ["对", "重填"]),
        (SCHOOLS, said("50"), "jump", "比上次的32所增加了56%，对吗？", ["说明原因", "重填"]),
        (SCHOOLS, said("35", approximate=True), "about", "是正好35所吗？请报一个确定的数。", ["对", "重填"]),
        (SCHOOLS, said("200"), "far", "比目标59多不少，是200所吗？", ["200，说明原因", "重填"]),
        (COVERAGE, said("0.8"), "fraction", "覆盖率按百分比填，0.8是80%吗？", ["80%", "0.8%"]),
        (COVERAGE, said("20"), "moved", "上次是76%，这次20%，变化较大，对吗？", ["说明原因", "重填"]),
        (SCHOOLS, said("35", "个"), "other unit", "校园按“所”计，您写的是“个”。例如35所。", ["对", "重填"]),
    ],
)
def test_what_is_asked_about(series: Series, value: Said, code: str, text: str, ways: list[str]) -> None:
    found = check(value, series)
    assert found is not None
    assert (found.code, found.text, [way.label for way in found.ways]) == (code, text, ways)


def test_an_increment_becomes_the_total() -> None:
    found = check(said("22"), replace(SCHOOLS, last=Decimal(40), target=Decimal(80), final_target=Decimal(80)))
    assert found is not None
    assert found.ways[0].says == "62"


def test_all_findings_are_told_for_the_reviewer() -> None:
    assert [found.code for found in findings(said("62"), SCHOOLS)] == ["over", "jump"]


def test_numbers_are_shown_plainly() -> None:
    assert [plain(Decimal(text)) for text in ("35", "35.50", "1E+3", "0.10", "-3.0", "100")] == [
        "35",
        "35.5",
        "1000",
        "0.1",
        "-3",
        "100",
    ]
