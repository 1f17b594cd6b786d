"""The year that a whole notice is about: 2024年工作要点. Times in its text are read elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.notice import Figure
from knowledge.text import normal

YEAR = re.compile(r"(?<!\d)(20\d\d)年")
SPAN = re.compile(r"[一二两三四五六七八九十\d]年(?:行动|计划|规划|攻坚|实施)|20\d\d年?[-—–～~至]")


def year_of(title: str) -> int | None:
    """The one year a title names; None when it names none or several, or a span of years."""
    years = {int(year) for year in YEAR.findall(normal(title))}
    return years.pop() if len(years) == 1 and not SPAN.search(title) else None


def timed(figures: tuple[Figure, ...], year: int) -> tuple[Figure, ...]:
    """The figures, those without a time in `year`."""
    return tuple(figure if figure.year else replace(figure, year=year) for figure in figures)
