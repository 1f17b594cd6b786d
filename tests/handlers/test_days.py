"""Days as people say them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.days import read_day

TODAY = date(2021, 9, 22)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "future", "past"),
    [
        ("9月24日", date(2021, 9, 24), date(2020, 9, 24)),
        ("九月二十四号", date(2021, 9, 24), date(2020, 9, 24)),
        ("2021-09-30", date(2021, 9, 30), date(2021, 9, 30)),
        ("2021年9月3日", date(2021, 9, 3), date(2021, 9, 3)),
        ("1月4日", date(2022, 1, 4), date(2021, 1, 4)),
        ("24号", date(2021, 9, 24), date(2021, 8, 24)),
        ("12号", date(2021, 10, 12), date(2021, 9, 12)),
        ("周四", date(2021, 9, 23), date(2021, 9, 16)),
        ("下周一", date(2021, 9, 27), date(2021, 9, 27)),
        ("上周五", date(2021, 9, 17), date(2021, 9, 17)),
        ("星期天", date(2021, 9, 26), date(2021, 9, 19)),
        ("月底", date(2021, 9, 30), date(2021, 9, 30)),
        ("上月底", date(2021, 8, 31), date(2021, 8, 31)),
        ("8月底", date(2022, 8, 31), date(2021, 8, 31)),
        ("今天", TODAY, TODAY),
        ("后天", date(2021, 9, 24), date(2021, 9, 24)),
        ("年底前", date(2021, 12, 31), date(2021, 12, 31)),
        ("预计下个月10号左右", date(2021, 10, 10), date(2021, 10, 10)),
        ("去年12月31日", date(2020, 12, 31), date(2020, 12, 31)),
    ],
)
def test_a_day_is_read(text: str, future: date, past: date) -> None:
    assert read_day(text, TODAY) == future
    assert read_day(text, TODAY, "past") == past


@pytest.mark.parametrize(
    ("text", "day"), [("三天后", date(2021, 9, 25)), ("再过两周", None), ("两周后", date(2021, 10, 6))]
)
def test_a_span_ahead(text: str, day: date | None) -> None:
    assert read_day(text, TODAY) == day


@pytest.mark.parametrize("text", ["", "不确定", "尽快", "2月30日", "35所", "13月1日", "2021-02-29", "周八"])
def test_no_day(text: str) -> None:
    assert read_day(text, TODAY) is None


@given(
    st.text(alphabet="0123456789年月日号底上下周一二十前后天个-./", max_size=12),
    st.dates(date(2004, 1, 1), date(2030, 1, 1)),
)
def test_any_text_is_a_day_or_none(text: str, today: date) -> None:
    for towards in ("past", "future"):
        read_day(text, today, "past" if towards == "past" else "future")
