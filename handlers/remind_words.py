"""What a reminder says: to a clerk all in one, to a group counts and the deadline only. Reads nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.message import Announcement, Button
from handlers.owing import Item, Owes
from handlers.rules.periods import Due
from handlers.rules.periods import name as period_name
from handlers.rules.stages import left_in_words
from handlers.rules.workdays import Workdays
from handlers.standing import Standing


class Say:
    ABOUT = r"关于(?:做好|认真做好|印发|开展|加快|推进|实施|进一步|全面|切实|组织|下达|公布|认真|抓好|加强|\s)*"
    ENDING = r"(?:工作)?(?:的)?(?:实施方案|行动方案|工作方案|实施意见|意见|方案)?(?:的)?(?:工作)?的?通知$"
    BEFORE = r"^[^省市县区]{2,4}(?:省|市|县|区)"
    QUOTED, IN_BRACKETS = r"《([^《》]{2,40})》", r"[（(][^（）()]*[）)]$"
    YOURS, UNITS = "您单位还有{count}件待报：{names}。", "{unit}还有{count}件待报：{names}。"
    MISSED, UNITS_MISSED = "您单位还有{count}件没有收到：{names}。", "{unit}还有{count}件没有收到：{names}。"
    TOWN = "办公室指定{unit}配合的{count}件，还没有您的一句话：{names}。有进展回“配合 事项 一句话”就行，不用报数。"
    HALF, RETURNED, MORE = "（差一步）", "（请补一句）", "等{count}件"
    AGREED = "{title}{period}报送，办公室同意缓交到今天。"
    DUE = "{title}{period}报送 {day}{at}截止，{left}。"
    DUE_TODAY = "{title}{period}报送今天{at}截止。"
    OVER = "{title}{period}报送 {day}{at}已截止，现在报也可以；数据还没出来，回“数据未出”就行。"
    GROUP_COUNT = "{count}件已收到{got}件"
    GROUP_REST, GROUP_END = "，还没报的已单独提醒。", "。"
    WEEK = "本周情况："
    GO_ON, LEAVE = Button("接着填", "填报"), Button("我请假/换人", "我请假")
    LATER = "{day}报"
    WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
    NEXT_WEEK = "下"
    JOINED = "、"
    SHOWN = 6  # matters named in one line


@dataclass(frozen=True, slots=True)
class Part:
    """What one person is reminded of for one unit and deadline; or one group of one deadline."""

    standing: Standing
    unit: str
    items: tuple[Item, ...]
    units: tuple[str, ...] | None = None
    """The units a group is about; None: all."""
    told: bool = False
    """Those who still owe have been reminded 1:1."""
    public: bool = False
    """The group may hold outsiders: the deadline only."""
    town: bool = False
    """The unit is a town that owes a line, no figure."""

    def over(self, now: datetime) -> bool:
        """Whether the deadline has passed."""
        zone = now.tzinfo
        return zone is not None and now > self.standing.due.moment(zone)


def short_title(title: str) -> str:
    """What a notice is about, short enough for a line: without 关于, 的通知 and the place's name."""
    about = re.sub(Say.ENDING, "", re.split(Say.ABOUT, title, maxsplit=1)[-1])
    quoted = re.search(Say.QUOTED, title)
    named = re.sub(Say.IN_BRACKETS, "", quoted[1] if quoted else about)
    bare = re.sub(Say.BEFORE, "", named)
    return (bare if len(bare) > 3 else named)[:24]


def person_words(parts: Sequence[Part], now: datetime, workdays: Workdays, job: int = 0) -> Announcement:
    """One digest over all units and deadlines, the nearest first."""
    ordered = sorted(parts, key=lambda part: (part.standing.due.day, part.unit))
    units = {part.unit for part in parts}
    lines: list[str] = []
    for part in ordered:
        over = part.over(now) and not all(item.until == now.date() for item in part.items)
        alone, named = (Say.MISSED, Say.UNITS_MISSED) if over else (Say.YOURS, Say.UNITS)
        line = Say.TOWN if part.town else alone if len(units) == 1 else named
        lines.append(line.format(unit=part.unit, count=len(part.items), names=names_of(part.items, town=part.town)))
        if deadline(part, now, workdays) not in lines:
            lines.append(deadline(part, now, workdays))
    return Announcement("\n".join(lines), (Say.GO_ON, *put_off(ordered, now.date(), workdays, job), Say.LEAVE))


def names_of(items: Sequence[Item], *, town: bool = False) -> str:
    """平台覆盖率、体育场地（差一步）."""
    marks = {} if town else {Owes.DRAFT: Say.HALF, Owes.RETURNED: Say.RETURNED}
    names = [item.facts.name + marks.get(item.owes, "") for item in items]
    shown = Say.JOINED.join(names[: Say.SHOWN])
    return shown + (Say.MORE.format(count=len(names)) if len(names) > Say.SHOWN else "")


def deadline(part: Part, now: datetime, workdays: Workdays) -> str:
    """四季度报送 12月27日（周一）17:00截止，还有2个工作日."""
    due, today = part.standing.due, now.date()
    agreed = bool(part.items) and all(item.until == today for item in part.items)
    line = Say.AGREED if agreed else Say.OVER if part.over(now) else Say.DUE_TODAY if due.day == today else Say.DUE
    return line.format(
        title=short_title(part.standing.title), period=period_name(due.period, today),
        day=workdays.spoken(due.day, today), at=f"{due.at:%H:%M}", left=left_in_words(today, due, workdays),
    )  # fmt: skip


def put_off(parts: Sequence[Part], today: date, workdays: Workdays, job: int) -> list[Button]:
    """The button 周四报: half-way to the nearest deadline, on a workday before it; none when there is no such day."""
    due = min((part.standing.due for part in parts if part.standing.due.day > today), key=later_first, default=None)
    left = workdays.between(today, due.day) if due else 0
    if left < 2:
        return []
    day = workdays.add(today, max(1, left // 2))
    label = Say.LATER.format(day=weekday_said(day, today))
    return [Button(label, f"{label} #{job}.1" if job else label)]


def later_first(due: Due) -> date:
    """Deadlines by their day."""
    return due.day


def weekday_said(day: date, today: date) -> str:
    """周四, 下周一."""
    week = Say.WEEKDAYS[day.weekday()]
    return week if day.isocalendar()[:2] == today.isocalendar()[:2] else Say.NEXT_WEEK + week


def group_words(parts: Sequence[Part], now: datetime, workdays: Workdays, *, week: bool = False) -> Announcement:
    """Counts and the deadline, the nearest first; nobody's name, no value."""
    ordered = sorted(parts, key=lambda part: part.standing.due.day)
    lines = [deadline(part, now, workdays) + ("" if part.public else counts(part)) for part in ordered]
    return Announcement((Say.WEEK if week else "") + "\n".join(lines))


def counts(part: Part) -> str:
    """31件已收到22件."""
    mine = part.standing.of(part.units)
    got = sum(not item.open for item in mine)
    rest = Say.GROUP_REST if part.told else Say.GROUP_END
    return Say.GROUP_COUNT.format(count=len(mine), got=got) + rest
