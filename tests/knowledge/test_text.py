"""Widths, blanks and numerals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import letters, normal, print_numeral, read_decimal, read_numeral, squeeze


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("三十五", 35),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零五", 105),
        ("三百五", 350),
        ("一千二", 1200),
        ("两万三", 23000),
        ("二〇二一", 2021),
        ("两千二百五十", 2250),
        ("廿三", 23),
        ("一亿三千万", 130_000_000),
        ("一百二十万", 1_200_000),
        ("３５", 35),
        ("零", 0),
        ("甲", None),
        ("", None),
        ("3.5", None),
    ],
)
def test_numerals_are_read_as_people_say_them(text: str, number: int | None) -> None:
    assert read_numeral(text) == number


@given(st.integers(1, 99))
def test_a_printed_numeral_reads_back(number: int) -> None:
    assert read_numeral(print_numeral(number)) == number


@given(st.integers(0, 10**15))
def test_digits_read_back(number: int) -> None:
    assert read_numeral(str(number)) == number
    assert read_decimal(f"{number:,}") == number


@given(st.text())
def test_normal_forms_are_stable(text: str) -> None:
    assert normal(normal(text)) == normal(text)
    assert squeeze(squeeze(text)) == squeeze(text)
    assert letters(text) == letters(normal(text))


@given(st.text(alphabet="零一二两三四五六七八九十百千万亿点0123456789.", max_size=40))
def test_any_mixture_of_numerals_is_a_number_or_none(text: str) -> None:
    value = read_decimal(text)
    assert value is None or value >= 0


def test_decimals_in_words() -> None:
    assert read_decimal("三点五") == Decimal("3.5")
