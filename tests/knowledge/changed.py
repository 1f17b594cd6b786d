"""Copies of the first notice with places, units, figures, years and row order changed, and their facts."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from knowledge.notice import Indicator, Notice

PLACES = ("义乌", "海宁", "桐乡", "慈溪", "余姚", "瑞安", "乐清", "兰溪", "温岭", "龙泉")
CITIES = ("金华", "嘉兴", "宁波", "温州", "台州", "丽水")
SWAPPED = (
    ("市商务局", "市财政局"),
    ("市民政局", "市公安局"),
    ("市教体局", "市农业农村局"),
    ("市卫健局", "市科技局"),
    ("市文广旅游局", "市建设局"),
)
ROW = re.compile(r"^(\d+) \| (.*)$", re.M)


@dataclass(frozen=True, slots=True)
class Changed:
    """A changed text and how its facts differ from the original's."""

    text: str
    years: int
    place: str
    units: dict[str, str]
    values: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Name of an indicator → its two figures as printed."""


def changed(text: str, seed: int) -> Changed:
    """A copy of the notice that says other things, the same ones for the same seed."""
    chance = random.Random(seed)
    years = chance.choice((1, 2, 3, -1))
    units = _swaps(chance)
    place = chance.choice(PLACES)
    text = _renamed(text.replace("诸暨", place).replace("绍兴", chance.choice(CITIES)), units)
    text = re.sub(r"(?<!\d)(20[12]\d)(?!\d)", lambda m: str(int(m[1]) + years), text)
    head, first, rest = text.partition("序号 | 指 标")
    table, note, tail = rest.partition("备注")
    table, values = _figures(table, chance)
    table = _shuffled(table, chance)
    before, title, projects = tail.partition("序号 | 项目名称")
    rows, annex, members = projects.partition("附件3\n")
    return Changed(
        head + first + table + note + before + title + _shuffled(rows, chance) + annex + members,
        years,
        place,
        units,
        values,
    )


def _swaps(chance: random.Random) -> dict[str, str]:
    pairs = chance.sample(SWAPPED, 3)
    return {a: b for x, y in pairs for a, b in ((x, y), (y, x))}


def _renamed(text: str, units: dict[str, str]) -> str:
    found = re.compile("|".join(sorted(units, key=len, reverse=True)))
    return found.sub(lambda m: units[m.group()], text)


def _figures(table: str, chance: random.Random) -> tuple[str, dict[str, tuple[str, str]]]:
    values: dict[str, tuple[str, str]] = {}

    def another(row: re.Match[str]) -> str:
        name, one, two, rest = row[2].split(" | ", 3)
        unit = re.sub(r"[\d.]", "", one)
        low = chance.randrange(3, 60)
        high = low if one == two else low + chance.randrange(2, 40)
        values[name] = (f"{low}{unit}", f"{high}{unit}")
        return f"{row[1]} | {name} | {low}{unit} | {high}{unit} | {rest}"

    return ROW.sub(another, table), values


def _shuffled(table: str, chance: random.Random) -> str:
    rows = [m[2] for m in ROW.finditer(table)]
    chance.shuffle(rows)
    left = iter(enumerate(rows, 1))
    return ROW.sub(lambda _: "{} | {}".format(*next(left)), table)


def expected(original: Notice, changed: Changed, fresh: Notice) -> Notice:
    """The original's facts as the changed copy must state them; only the order of rows is taken from the copy."""
    order = {_key(r.name): str(r.ref) for r in fresh.indicators}
    places = {_key(p.name): p.ref for p in fresh.projects}
    units = {u: changed.units.get(u, u.replace("诸暨", changed.place)) for u in original.units}

    def renamed(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(units.get(n, n) for n in names)

    rows = tuple(_row(i, changed, order, renamed(i.lead_units)) for i in original.indicators)
    projects = tuple(
        replace(
            p,
            ref=places.get(_key(p.name), p.ref),
            lead_units=renamed(p.lead_units),
            support_units=renamed(p.support_units),
        )
        for p in original.projects
    )
    return replace(
        original, indicators=rows, projects=projects, units=renamed(original.units), members=(), date=None, doc_no=None
    )


def _key(name: str) -> str:
    return re.sub(r"(?:[（(][^（）()]{1,8}[）)])+$", "", re.sub(r"\s", "", name))


def _row(row: Indicator, changed: Changed, order: dict[str, str], lead: tuple[str, ...]) -> Indicator:
    printed = next(v for k, v in changed.values.items() if _key(k) == _key(row.name))
    figures = tuple(
        replace(f, year=(f.year or 0) + changed.years, value=Decimal(re.sub(r"[^\d.]", "", said)))
        for f, said in zip(row.figures, printed, strict=True)
    )
    return replace(row, ref=order.get(_key(row.name), row.ref), lead_units=lead, figures=figures)  # type: ignore[arg-type]
