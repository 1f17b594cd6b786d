"""One normal form of a string: width, blanks, Chinese numerals. No words, no meaning."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

BLANK = re.compile(r"[\s\u3000\u00a0\u200b-\u200f\u2028\u2029\u2060\ufeff]+")
"""Everything that prints nothing."""
NO_LETTER = re.compile(r"[\W_]+")
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "两": 2,
    "俩": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
}
TENS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
WHOLES = {"万": 10_000, "亿": 100_000_000}
NUMERAL = "零〇○一二两俩三四五六七八九十百千万亿廿卅"
QUOTES = tuple(zip("「」『』《》〈〉", "“”“”<><>", strict=True))
LONGEST_NUMERAL = 30


def squeeze(text: str) -> str:
    """The text without any blanks, width untouched."""
    return BLANK.sub("", text)


def tidy(text: str) -> str:
    """The text on one line with single blanks, none at its ends."""
    return BLANK.sub(" ", text).strip()


def normal(text: str) -> str:
    """What two spellings are compared by: NFKC, no blanks, lower case, one kind of quotes."""
    plain = squeeze(unicodedata.normalize("NFKC", text)).casefold()
    again = unicodedata.normalize("NFKC", plain)
    plain = plain if again == plain else squeeze(again)
    for printed, compared in QUOTES:  # most texts have none: a tenth of what translate costs
        if printed in plain:
            plain = plain.replace(printed, compared)
    return plain


@lru_cache(maxsize=8192)
def letters(text: str) -> str:
    """The normal form without punctuation: hanzi, letters and digits only."""
    return NO_LETTER.sub("", normal(text))


def read_numeral(text: str) -> int | None:
    """The whole number a string of digits (either width) or Chinese numerals means; None when it is neither.

    三百五 is 350 and 一千二 is 1200, as people say it; 二〇二一 is 2021.
    """
    plain = normal(text)
    if not plain or len(plain) > LONGEST_NUMERAL:
        return None
    if plain.isascii():
        return int(plain) if plain.isdigit() else None
    plain = plain.replace("廿", "二十").replace("卅", "三十")
    if all(c in DIGITS for c in plain):
        return int("".join(str(DIGITS[c]) for c in plain))
    return _spoken(plain)


def _spoken(text: str) -> int | None:
    total = section = digit = 0
    last = 1
    for char in text:
        if char in DIGITS:
            digit, last = DIGITS[char], 1 if char in "零〇" else last
        elif char in TENS:
            last = TENS[char]
            section, digit = section + (digit or 1) * last, 0
        elif char in WHOLES:
            last = WHOLES[char]
            total, section, digit = (
                (total + section + digit) * last if last > total else total + (section + digit) * last,
                0,
                0,
            )
        else:
            return None
    colloquial = digit * last // 10 if last >= 100 and not text.endswith(("零", "〇")) else digit
    return total + section + colloquial


def print_numeral(number: int) -> str:
    """1..99 as 一、 counts them: 二十一."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{'零一二三四五六七八九'[tens]}十"
    return head + ("" if ones == 0 and tens else "零一二三四五六七八九"[ones])


def read_decimal(text: str) -> Decimal | None:
    """The value of 1,200 or 13.5 or 三十五 or 三点五; None when the text is no number."""
    plain = normal(text).replace(",", "")
    if re.fullmatch(r"[+-]?\d{1,18}(\.\d{1,9})?", plain, re.ASCII):
        return Decimal(plain)
    head, point, tail = plain.partition("点")
    whole = read_numeral(head)
    if whole is None or (point and not (tail and all(c in DIGITS for c in tail))):
        return None
    return Decimal(whole) if not point else Decimal(f"{whole}.{''.join(str(DIGITS[c]) for c in tail)}")
