"""What a leader sees of a snapshot: the verdict first, then what is slow, what moved, what waits for him. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.meanwhile import target_ruling
from handlers.rules.lights import Light, shown
from handlers.snapshot import MatterRow, Number, Snapshot, Version

WEEK = timedelta(days=7)
SHOWN = 3  # names on a line


class Say:
    VERDICT = "{count}件：{parts}"
    PART = "{count}{light}"
    RUNNING = "在推进"
    OPEN = "{count}件还没有可比的数"
    YOURS = "{count}件需您定"
    NONE_YET = "{count}件：都还没有审核通过的数"
    DATED = "截至{month}月{day}日，均为审核通过的数{help}"
    HELP = "；单位需协调{count}件"
    SLOW = "{light}：{rows}"
    ROW = "{name}{value}/{target}{unit}（{lead}）"
    RATE = "{name}{value}%，目标{target}%（{lead}）"
    MEANWHILE = "，目标暂按口径"
    CHANGED = "本周变化：{rows}"
    MOVED = "{name}{old}→{new}{unit}"
    FIRST = "{name}{new}{unit}"
    NO_CHANGE = "本周没有新审核通过的数"
    ASKED = "您问的：{rows}"
    ANSWERED, WAITS = "{name}已答复", "{name}还没答复"
    OFFICE = "办公室：{words}"
    AND, MORE = "、", "等{count}件"
    APPROVED = "通过"
    JOIN = "，"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the leader's that is not closed."""

    name: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the values: his open questions, what only he decides, difficulties, the office's sentence."""

    asked: tuple[Asked, ...] = ()
    yours: int = 0
    difficulties: int = 0
    office: str = ""


def judged(snapshot: Snapshot) -> list[tuple[MatterRow, Number]]:
    """The matters with an approved value, each with its worst figure; the body's headline targets first."""
    pairs = [(row, worst) for row in snapshot.matters if (worst := worst_of(row))]
    return sorted(pairs, key=lambda pair: not headline(pair[0]))


def worst_of(row: MatterRow) -> Number | None:
    """The figure that is furthest behind, among those judged."""
    order = [Light.SLOW.value, Light.WATCH.value, Light.NORMAL.value, Light.DONE.value, Light.NOT_DUE.value]
    found = [n for n in row.numbers if n.light in order]
    return min(found, key=lambda n: order.index(n.light), default=None)


def headline(row: MatterRow) -> bool:
    """Whether it is a target of the body itself, in whatever section: one that no table has a row for."""
    return bool(row.numbers) and all(ref.removeprefix("inner.").startswith("body:") for ref in row.refs)


def slow_ones(snapshot: Snapshot, light: Light = Light.SLOW) -> list[tuple[MatterRow, Number]]:
    """Those of a light."""
    return [(row, n) for row, n in judged(snapshot) if n.light == light.value]


def screen(snapshot: Snapshot, beside: Beside, today: date) -> str:
    """Six lines; the verdict is the first (and the preview)."""
    asked = [asked_words(beside.asked)] if beside.asked else []
    office = [Say.OFFICE.format(words=beside.office)] if beside.office else []
    values = [dated(snapshot, beside, today), *slow_words(snapshot), changes(snapshot, today)] if snapshot.as_of else []
    return "\n".join([verdict(snapshot, beside), *asked, *values, *office])


def verdict(snapshot: Snapshot, beside: Beside) -> str:
    """31件：27正常，3偏慢，1件需您定."""
    lights = [n.light for _, n in judged(snapshot)]
    order = (Light.DONE, Light.NORMAL, Light.WATCH, Light.SLOW, Light.NOT_DUE)
    parts = [Say.PART.format(count=lights.count(x.value), light=x.value) for x in order if x.value in lights]
    count, without = len(snapshot.matters), len(snapshot.matters) - len(lights)
    staged = sum(1 for row in snapshot.matters if not worst_of(row) and row.stage)
    missing = without - staged
    parts += [Say.PART.format(count=staged, light=Say.RUNNING)] if staged else []
    parts += [Say.OPEN.format(count=missing)] if missing else []
    parts += [Say.YOURS.format(count=beside.yours)] if beside.yours else []
    if not lights and not staged and not beside.yours:
        return Say.NONE_YET.format(count=count)
    return Say.VERDICT.format(count=count, parts=Say.JOIN.join(parts))


def dated(snapshot: Snapshot, beside: Beside, today: date) -> str:
    """The day the values stand for."""
    day = snapshot.as_of or today
    help_ = Say.HELP.format(count=beside.difficulties) if beside.difficulties else ""
    return Say.DATED.format(month=day.month, day=day.day, help=help_)


def slow_words(snapshot: Snapshot) -> list[str]:
    """偏慢 by name, then 关注, each a line while there is any."""
    return [
        Say.SLOW.format(light=light.value, rows=listed([row_words(row, n) for row, n in found]))
        for light in (Light.SLOW, Light.WATCH)
        if (found := slow_ones(snapshot, light))
    ]


def row_words(row: MatterRow, n: Number) -> str:
    """物流终端12/40个（市邮政管理局）."""
    name = n.name if len(row.numbers) > 1 else row.name
    words = Say.RATE if n.unit == "%" else Say.ROW
    lead = (row.leads[0] if row.leads else "") + (Say.MEANWHILE if target_ruling(row) else "")
    return words.format(name=name, value=shown(n.value), target=shown(n.target), unit=n.unit, lead=lead)


def listed(rows: Sequence[str]) -> str:
    """The first few; how many there are."""
    more = Say.MORE.format(count=len(rows)) if len(rows) > SHOWN else ""
    return Say.AND.join(rows[:SHOWN]) + more


def changes(snapshot: Snapshot, today: date) -> str:
    """What was approved in the last seven days, against the value before."""
    approved = [v for v in snapshot.versions if v.state == Say.APPROVED and v.figures]
    fresh = [v for v in approved if v.reviewed_at and v.reviewed_at.date() > today - WEEK]
    rows = [change_words(v, before(v, approved)) for v in fresh]
    return Say.CHANGED.format(rows=listed(rows)) if rows else Say.NO_CHANGE


def before(version: Version, approved: Sequence[Version]) -> Version | None:
    """The approved version that came before it."""
    earlier = [v for v in approved if v.matter == version.matter and v.at < version.at]
    return max(earlier, key=lambda v: v.at, default=None)


def change_words(version: Version, old: Version | None) -> str:
    """智慧校园32→35所."""
    name, unit, value = version.figures[0]
    label = version.name if len(version.figures) == 1 else name
    known = {n: v for n, _, v in old.figures} if old else {}
    if name in known:
        return Say.MOVED.format(name=label, old=shown(known[name]), new=shown(value), unit=unit)
    return Say.FIRST.format(name=label, new=shown(value), unit=unit)


def asked_words(asked: Sequence[Asked]) -> str:
    """His open questions, answered ones first."""
    rows = [(Say.ANSWERED if a.answered else Say.WAITS).format(name=a.name) for a in asked]
    return Say.ASKED.format(rows=listed(rows))
