"""Receipts as said and as read."""

import pytest

from handlers.rules.receipts import SpokenReceipt, read_receipt, receipt


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("三季度第12号", SpokenReceipt(12, "Q3")),
        ("2021年三季度第12号", SpokenReceipt(12, "2021Q3")),
        ("3季度12号", SpokenReceipt(12, "Q3")),
        ("第十二号", SpokenReceipt(12)),
        ("12号", SpokenReceipt(12)),
        (" 12 ", SpokenReceipt(12)),
        ("一百零五号", SpokenReceipt(105)),
        ("上半年第3号", SpokenReceipt(3, "H1")),
        ("7月第2号", SpokenReceipt(2, "-07")),
        ("2021年度第2号", SpokenReceipt(2, "2021")),
        ("校园35", None),
        ("十二号楼", None),
        ("", None),
    ],
)
def test_a_receipt_is_read(text: str, read: SpokenReceipt | None) -> None:
    assert read_receipt(text) == read


@pytest.mark.parametrize("period", ["2021Q3", "2021H1", "2021-07", "2021", "2021-12-20"])
def test_a_receipt_is_read_as_it_is_said(period: str) -> None:
    said = receipt(period, 12)
    again = read_receipt(said)
    assert again is not None
    assert again.number == 12
    assert again.is_of(period), said


def test_a_receipt_of_another_period_is_told_apart() -> None:
    assert receipt("2021Q3", 12) == "三季度第12号"
    assert not SpokenReceipt(12, "Q3").is_of("2021Q4")
    assert not SpokenReceipt(12, "2020Q3").is_of("2021Q3")
    assert SpokenReceipt(12).is_of("2021Q3")
