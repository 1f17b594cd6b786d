"""Receipts as people say them: 三季度第12号. Numbers are given out by storage."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from handlers.rules.numerals import number
from handlers.rules.periods import name


class Say:
    RECEIPT = "{period}第{number}号"
    SAID = (
        r"^(?:编号|回执|收条)?(?:(?P<year>\d{4})年度?)?"
        r"(?:(?P<quarter>[一二三四1-4])季度|(?P<half>[上下])半年|(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?)?"
        r"的?第?(?P<number>\d{1,6}|[一二三四五六七八九十百零〇两]{1,7})号?$"
    )
    QUARTERS = "一二三四"
    FIRST_HALF = "上"


@dataclass(frozen=True, slots=True)
class SpokenReceipt:
    """A receipt as said: the number, and as much of the period as was said ("2021Q3", "Q3", "" = not said)."""

    number: int
    period: str = ""

    def is_of(self, key: str) -> bool:
        """Whether it can mean a receipt of this period."""
        return not self.period or key == self.period or (not self.period[:1].isdigit() and key.endswith(self.period))


def receipt(period: str, count: int, today: date | None = None) -> str:
    """三季度第12号; with the year when it is not today's."""
    return Say.RECEIPT.format(period=name(period, today), number=count)


def read_receipt(text: str) -> SpokenReceipt | None:
    """The receipt a text names (三季度第12号, 12号, 12); None when it names none."""
    found = re.match(Say.SAID, "".join(text.split()))
    count = number(found["number"]) if found else 0
    return SpokenReceipt(count, _period(found)) if found and count else None


def _period(found: re.Match[str]) -> str:
    year = found["year"] or ""
    if found["quarter"]:
        said = found["quarter"]
        return f"{year}Q{said if said.isdigit() else Say.QUARTERS.index(said) + 1}"
    if found["half"]:
        return f"{year}H{1 if found['half'] == Say.FIRST_HALF else 2}"
    if found["month"]:
        day = f"-{int(found['day']):02}" if found["day"] else ""
        return f"{year}-{int(found['month']):02}{day}"
    return year
