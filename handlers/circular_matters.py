"""What a 通报 says of matters: sentences of what was approved; which ones are behind, missing or unclear. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers.circular_notes import of_row
from handlers.leading import worst_of
from handlers.owing import Owes
from handlers.papers import Place, Words, Written
from handlers.rules.lights import Light, pace, standing
from handlers.snapshot import MatterRow, Number, Snapshot
from knowledge import Kind

OVERVIEW = (Light.DONE, Light.NORMAL, Light.NOT_DUE, Light.NONE)
BEHIND = (Light.SLOW, Light.WATCH)


class Say:
    ITEM = "{number}．{name}（{leads}）：{text}"
    DISPUTED = "（这项目标通知里写法不一致，{ruling}）"
    OPEN_POINT = "以哪处为准还没有明确"
    TARGET = "目标"
    STOP, LIST, ALSO = "。", "、", "；"
    ROW, NO_UNIT = "{name}（{leads}）", "通知没有写责任单位"


def plain(place: Place, text: str, note: str = "") -> Written:
    """A paragraph of one stretch."""
    return Written(place, (Words(text, note),))


def approved(snapshot: Snapshot) -> list[MatterRow]:
    """The matters with a value approved for this very period, as the notice has them in order."""
    return [
        row for row in snapshot.matters if row.state == Owes.APPROVED.value and row.period == snapshot.period
    ]  # fmt: skip


def light_of(row: MatterRow) -> Light:
    """Where its worst figure stands; NONE for what has none to compare."""
    worst = worst_of(row)
    return Light(worst.light) if worst else Light.NONE


def items(rows: Sequence[MatterRow], snapshot: Snapshot) -> list[Written]:
    """A paragraph for each: the 进展情况 as in the table, what is missing, what the notice says differently."""
    return [
        plain("text", Say.ITEM.format(number=n, name=row.name, leads=leads(row), text=told(row)), of_row(row, snapshot))
        for n, row in enumerate(rows, 1)
    ]


def told(row: MatterRow) -> str:
    """The sentences of a matter."""
    behind = Say.ALSO.join(missing(row, number) for number in row.numbers if number.light in set(BEHIND))
    return row.paragraph + (behind + Say.STOP if behind else "") + disputed(row)


def missing(row: MatterRow, number: Number) -> str:
    """慢于时间进度，差8个；已完成12/40个，剩余1个月，需每月新增28个."""
    about = number.name if len(row.numbers) > 1 else ""
    found = standing(Kind(number.kind), number.unit, dict(number.targets), number.value, row.as_of or date.min)
    whole = all(value == value.to_integral_value() for _, value in number.targets)
    left = pace(found, date(found.year, 12, 31), whole=whole) if row.as_of else None
    return Say.ALSO.join(filter(None, [about + number.words, left]))


def disputed(row: MatterRow) -> str:
    """That the notice states its target in two ways, and which the office uses meanwhile."""
    if not row.differs or Say.TARGET not in row.disputed:
        return ""
    return Say.DISPUTED.format(ruling=row.ruling or Say.OPEN_POINT)


def listed(words: str, rows: Sequence[MatterRow], note: str) -> Written:
    """Their number and names in one paragraph."""
    return plain("text", words.format(count=len(rows), rows=names(rows)), note)


def names(rows: Sequence[MatterRow]) -> str:
    """智慧校园（市教体局）、…"""
    return Say.LIST.join(Say.ROW.format(name=row.name, leads=leads(row)) for row in rows)


def leads(row: MatterRow) -> str:
    """The units that answer for it."""
    return Say.LIST.join(row.leads) or Say.NO_UNIT


def units_of(rows: Sequence[MatterRow]) -> str:
    """Their units, each once, in the order of the notice."""
    return Say.LIST.join(dict.fromkeys(unit for row in rows for unit in row.leads))


def overdue(snapshot: Snapshot) -> list[MatterRow]:
    """What a unit should have sent by that moment and did not."""
    missing = {Owes.NOTHING.value, Owes.DRAFT.value}
    return [row for row in snapshot.matters if row.due and row.leads and row.state in missing]


def nobodys(snapshot: Snapshot) -> list[MatterRow]:
    """Those for which the notice names no unit."""
    return [row for row in snapshot.matters if not row.leads]


def without_data(snapshot: Snapshot) -> list[MatterRow]:
    """What the units said there are no data for yet."""
    return [row for row in snapshot.matters if row.state == Owes.NO_DATA.value]


def unclear(snapshot: Snapshot) -> list[MatterRow]:
    """Those whose target the notice states in two ways, and nobody has ruled on it."""
    return [row for row in snapshot.matters if Say.TARGET in row.disputed and not row.ruling]


def whose(snapshot: Snapshot) -> list[MatterRow]:
    """Those for which the notice names other units elsewhere, and nobody has ruled on it."""
    return [row for row in snapshot.matters if row.disputed and Say.TARGET not in row.disputed and not row.ruling]
