"""Where each number of a 通报 is from: who reported it, its receipt, the day it stands for, who approved it. Pure."""

from __future__ import annotations

from datetime import date, datetime

from handlers.snapshot import Difficulty, MatterRow, Snapshot, Version


class Say:
    REPORTED = "{name}：{units}填报（{marks}）"
    RECEIPT, AS_OF, ORIGIN = "{receipt}", "数据截至{day}", "来源：{origin}"
    APPROVED = "{reviewer}{at}审核通过"
    OPENING, BEHALF, CORRECTED = "底数", "代填", "更正后"
    PLACES = "目标见{places}"
    SEEN = "见{places}"
    DIFFERS = "通知对{about}写法不同：{differs}"
    COUNTED = "按{at}的快照逐件计数，状态以当时为准；审计链头：{head}"
    JUDGED = (
        "按各件自己的数据截至日计：累计数由上年目标到本年目标按已过天数折算，本年新增数按全年目标折算，"
        "增速、占比对照目标；界限由办公室设定"
    )
    DUE = "截止时间由办公室设定，通知本身没有规定报送时间"
    NEEDS = "{unit}反映，原话未经审核"
    DAY = "{day.year}年{day.month}月{day.day}日"
    MOMENT = "{at.year}年{at.month}月{at.day}日{at:%H:%M}"
    TWICE = "按通知各处写的责任单位逐件比对，各处原文见例外清单"
    TARGET = "目标"
    JOIN, LIST, STOP, ALSO = "，", "、", "。", "；"


def of_row(row: MatterRow, snapshot: Snapshot) -> str:
    """Source of the numbers of a matter: its report, and where its target stands."""
    version = next((v for v in snapshot.versions if v.id == row.submission), None)
    said = [reported(row, version)] if version else []
    said += [(Say.PLACES if row.numbers else Say.SEEN).format(places=first_place(row))]
    return sentences([*said, *(differing(row) if Say.TARGET in row.disputed else [])])


def first_place(row: MatterRow) -> str:
    """The passage that defines it."""
    return row.places.split(Say.LIST)[0]


def reported(row: MatterRow, version: Version) -> str:
    """智慧校园：市教体局填报（四季度第12号，数据截至…），市政府办公室审核员…审核通过."""
    kinds = {"opening": Say.OPENING, "behalf": Say.BEHALF}
    marks = [
        version.receipt,
        kinds.get(version.kind, ""),
        Say.CORRECTED if version.corrects else "",
        Say.AS_OF.format(day=day_words(version.as_of)) if version.as_of else "",
        Say.ORIGIN.format(origin=version.origin) if version.origin else "",
    ]
    words = Say.REPORTED.format(
        name=row.name, units=Say.LIST.join(version.leads), marks=Say.JOIN.join(filter(None, marks))
    )
    if not version.reviewed_at:
        return words
    return words + Say.JOIN + Say.APPROVED.format(reviewer=version.reviewer, at=day_words(version.reviewed_at))


def differing(row: MatterRow) -> list[str]:
    """Both quotes where the notice says two things, and the side the office uses meanwhile."""
    if not row.differs:
        return []
    return [Say.DIFFERS.format(about=row.disputed, differs=row.differs), *([row.ruling] if row.ruling else [])]


def of_rows(rows: list[MatterRow]) -> str:
    """What the notice says differently of each of them."""
    return sentences([f"{row.name}：{Say.ALSO.join(differing(row))}" for row in rows])


def of_units() -> str:
    """How those with other units elsewhere were counted."""
    return sentences([Say.TWICE])


def of_counts(snapshot: Snapshot) -> str:
    """Source of what was counted."""
    return sentences([Say.COUNTED.format(at=moment_words(snapshot.made_at), head=snapshot.head)])


def of_lights() -> str:
    """How a value is measured against time."""
    return sentences([Say.JUDGED])


def of_due() -> str:
    """Whose the deadline is."""
    return sentences([Say.DUE])


def of_need(need: Difficulty) -> str:
    """Whose words they are."""
    return sentences([Say.NEEDS.format(unit=need.unit)])


def sentences(parts: list[str]) -> str:
    """Each ending in one stop."""
    return "".join(part.rstrip(Say.STOP) + Say.STOP for part in parts if part)


def day_words(day: date | None) -> str:
    """2021年12月20日."""
    return Say.DAY.format(day=day) if day else ""


def moment_words(at: datetime) -> str:
    """2021年12月20日09:00."""
    return Say.MOMENT.format(at=at)
