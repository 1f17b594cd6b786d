"""Small whole numbers in dates and receipts: 25, 二十五, 廿五. Values of measures are knowledge's."""

from __future__ import annotations


class Say:
    DIGITS = "零一二三四五六七八九"
    ALIKE = str.maketrans({"两": "二", "〇": "零", "廿": "二十"})
    TEN, HUNDRED = "十", "百"


def number(text: str) -> int:
    """The number, up to 999 in Chinese numerals; 0 when there is none."""
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for mark in text.translate(Say.ALIKE):
        if mark in Say.DIGITS:
            digit = Say.DIGITS.index(mark)
        elif mark in {Say.TEN, Say.HUNDRED}:
            total, digit = total + (digit or 1) * (10 if mark == Say.TEN else 100), 0
    return total + digit


def in_chinese(value: int) -> str:
    """一, 十, 十二, 二十, 三十五: 1 to 99."""
    tens, ones = divmod(value, 10)
    left = (Say.DIGITS[tens] if tens > 1 else "") + Say.TEN if tens else ""
    return left + (Say.DIGITS[ones] if ones else "")
