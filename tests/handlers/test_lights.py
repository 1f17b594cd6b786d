"""Lights, percent, pace and their explanations."""

from datetime import date
from decimal import Decimal

import pytest

from handlers.rules.lights import Bounds, Light, Stage, in_words, pace, stage_light, standing, why
from knowledge import Kind

CAMPUS = {2021: Decimal(30), 2022: Decimal(59)}
NEW_YEAR_EVE, JULY = date(2021, 12, 31), date(2022, 7, 2)


def light(kind: Kind, targets: dict[int, Decimal], value: str | None, day: date) -> Light:
    return standing(kind, "所", targets, None if value is None else Decimal(value), day).light


@pytest.mark.parametrize(
    ("value", "day", "found"),
    [
        ("30", NEW_YEAR_EVE, Light.DONE),
        ("29", NEW_YEAR_EVE, Light.WATCH),
        ("26", NEW_YEAR_EVE, Light.SLOW),
        ("45", JULY, Light.NORMAL),
        ("40", JULY, Light.WATCH),
        ("35", JULY, Light.SLOW),
        ("59", JULY, Light.DONE),
        ("59", date(2023, 3, 1), Light.DONE),
        ("50", date(2023, 3, 1), Light.SLOW),
        (None, JULY, Light.NONE),
        ("0", date(2020, 5, 1), Light.NORMAL),
    ],
)
def test_a_total_is_measured_against_the_elapsed_year(value: str | None, day: date, found: Light) -> None:
    assert light(Kind.STOCK, CAMPUS, value, day) is found


def test_a_target_of_nothing_is_not_due() -> None:
    targets = {2021: Decimal(0), 2022: Decimal(1)}
    found = standing(Kind.STOCK, "个", targets, None, NEW_YEAR_EVE)
    assert found.light is Light.NOT_DUE
    assert found.percent is None
    assert in_words(found) == "2022年任务"


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        (Kind.SHARE, "80", Light.NORMAL),
        (Kind.SHARE, "72", Light.WATCH),
        (Kind.SHARE, "71.9", Light.SLOW),
        (Kind.GROWTH, "-3", Light.SLOW),
    ],
)
def test_a_rate_is_measured_by_its_level(kind: Kind, value: str, found: Light) -> None:
    assert light(kind, {2021: Decimal(80), 2022: Decimal(80)}, value, date(2021, 2, 1)) is found


def test_a_flow_is_measured_by_the_share_of_the_year() -> None:
    targets = {2022: Decimal(100)}
    assert light(Kind.FLOW, targets, "51", JULY) is Light.NORMAL
    assert light(Kind.FLOW, targets, "45", JULY) is Light.WATCH
    assert light(Kind.FLOW, targets, "30", JULY) is Light.SLOW
    assert light(Kind.FLOW, targets, "100", JULY) is Light.DONE


def test_without_a_target_nothing_is_slow() -> None:
    assert light(Kind.STOCK, {}, "3", JULY) is Light.NORMAL


def test_the_bound_is_a_setting() -> None:
    wide = standing(Kind.STOCK, "所", CAMPUS, Decimal(35), JULY, Bounds(Decimal("0.5")))
    assert wide.light is Light.WATCH


def test_words_and_reasons() -> None:
    found = standing(Kind.STOCK, "所", CAMPUS, Decimal(35), JULY)
    assert found.percent == Decimal("59.3")
    assert in_words(found) == "慢于时间进度，差10所"
    assert why(found) == (
        "按时间进度，7月2日应达到44.5所（2022年目标59所，上年目标30所，全年已过50.1%），现在35所，差9.5所。"
        "差距占目标10%以内为关注，超过为偏慢。达到45所即转为正常。"
    )
    rate = standing(Kind.SHARE, "%", {2022: Decimal(80)}, Decimal(70), JULY)
    assert in_words(rate) == "比目标低10个百分点"
    assert why(rate).endswith("达到80%即转为正常。")
    assert why(standing(Kind.STOCK, "所", CAMPUS, None, JULY)) == "还没有审核通过的数"
    assert why(standing(Kind.STOCK, "所", CAMPUS, Decimal(50), JULY)).startswith("按时间进度")


def test_the_pace_that_is_needed() -> None:
    due = date(2022, 12, 31)
    found = standing(Kind.STOCK, "个", {2022: Decimal(80)}, Decimal(62), date(2022, 6, 30))
    assert pace(found, due) == "已完成62/80个，剩余7个月，需每月新增3个"
    assert pace(found, date(2022, 6, 1)) == "已完成62/80个，还差18个"
    assert pace(standing(Kind.SHARE, "%", {2022: Decimal(80)}, Decimal(62), JULY), due) is None
    assert pace(standing(Kind.STOCK, "个", {2022: Decimal(80)}, Decimal(80), JULY), due) == "已完成80/80个"
    assert pace(standing(Kind.STOCK, "个", {2021: Decimal(0)}, Decimal(1), NEW_YEAR_EVE), due) is None


def test_a_duty_without_a_figure_has_stages() -> None:
    due = date(2022, 12, 31)
    assert stage_light(None, due, JULY) is Light.NONE
    assert stage_light(Stage.IDLE, due, JULY) is Light.WATCH
    assert stage_light(Stage.RUNNING, due, JULY) is Light.NORMAL
    assert stage_light(Stage.RUNNING, due, date(2023, 1, 1)) is Light.SLOW
    assert stage_light(Stage.FINISHED, due, date(2023, 1, 1)) is Light.DONE
