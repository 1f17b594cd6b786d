"""周四报: somebody asks not to be reminded of what he owes until a day. Bound to those matters, with its date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from handlers.feature import Feature, Turn
from handlers.message import Button, Reply
from handlers.owing import Item
from handlers.remind_said import Desk, standing_at
from handlers.remind_words import names_of
from handlers.rules.days import read_day
from handlers.rules.stages import snooze_until
from handlers.rules.workdays import DAY
from handlers.standing import Standing
from handlers.wording import key
from storage import Owed, Reminder

feature = Feature("put_off")
LIKELY = 0.6  # a matter is named by words this like its name


class Say:
    DAY = r"(?:(?:今|明|后|大后)[天日]|(?:这|本|下)?(?:周|星期|礼拜)[一二三四五六日天]|(?:\d{1,2}月)?\d{1,2}[日号])"
    HEARS = rf"(?P<what>.{{0,20}}?)(?P<day>{DAY})(?:再)?(?:报|填|交|提醒我?|说)(?:这件|这个|它)?"
    WEEK = tuple(f"{week}{day}报" for week in ("周", "下周") for day in "一二三四五")
    SOON = ("明天报", "后天报", "大后天报")
    REPORT = "报"
    ALL_OF_IT = ("我", "我们", "咱们", "都", "全部", "这几件", "我单位", "我们单位", "等", "我等")
    DONE = "好，{day}{at}前不打扰。到时再提醒您：{names}。"
    NOTHING = "您单位现在没有要提醒的事。说“我的任务”看一看。"
    MOVED = "这几件的提醒已经变了。您单位现在还有：{names}。"
    AFTER = "{day}已经过了截止（{due}）。要晚几天报，请说“缓交”，由办公室同意。"
    PAST = "这个日子不在今天之后。可以说：明天报、周四报。"
    OVER = "这期已经截止，现在报就行；要晚几天，请说“缓交”。"
    GO_ON, DELAY = Button("接着填", "填报"), Button("缓交")


@feature.command(*Say.WEEK, *Say.SOON)
async def press(turn: Turn) -> Reply | None:
    """The button of a reminder, or its words: everything that is still owed of it."""
    day = read_day(turn.text.removesuffix(Say.REPORT), turn.now.date())
    return await put_off(turn, day, "") if day else None


@feature.hears(Say.HEARS)
async def hear(turn: Turn) -> Reply | None:
    """Any day, also for one matter that is named; None when it is about something else."""
    found = re.fullmatch(Say.HEARS, key(turn.text))
    day = read_day(found["day"], turn.now.date()) if found else None
    what = "" if found and found["what"] in Say.ALL_OF_IT else found["what"] if found else ""
    return await put_off(turn, day, what) if found and day else None


@dataclass(frozen=True, slots=True)
class Owing:
    """What a unit still owes of what its clerk was reminded of."""

    standing: Standing
    unit: str
    items: tuple[Item, ...]


async def put_off(turn: Turn, day: date, what: str) -> Reply | None:
    """Move the reminders of what is owed to the morning of that day."""
    rows = [r for r in await turn.work.reminders.live("person", turn.person.staff_id or "") if r.unit]
    tagged = [row for row in rows if turn.tag and str(row.job_id) == turn.tag.ref]
    if turn.tag and not tagged:
        return await moved_on(turn, await owed_of(turn, rows))
    owed = await owed_of(turn, tagged or rows)
    if what:
        owed = named(turn, owed, what)
    if not owed:
        return Reply(Say.NOTHING) if turn.person.seats and not what else None
    return await move(turn, day, owed, rows)


async def owed_of(turn: Turn, rows: Sequence[Reminder]) -> list[Owing]:
    """What of these is still owed, by unit and period."""
    desk = Desk(turn.work, turn.library, turn.now, turn.workdays)
    ids: dict[tuple[str, str, str], set[int]] = {}
    for row in rows:
        ids.setdefault((row.notice, row.period, row.unit), set()).update(row.matters)
    found = []
    for (notice, period, unit), matters in ids.items():
        standing = await standing_at(desk, notice, period, sorted(matters))
        if standing and (items := standing.owed_by(unit)):
            found.append(Owing(standing, unit, items))
    return found


def named(turn: Turn, owed: Sequence[Owing], what: str) -> list[Owing]:
    """Only the matter that was named."""
    among = [item.facts for one in owed for item in one.items]
    best = next(iter(turn.library.find_matters(what, among)), None) if among else None
    if best is None or best[1] < LIKELY:
        return []
    kept = [replace(one, items=tuple(i for i in one.items if i.facts.key == best[0].key)) for one in owed]
    return [one for one in kept if one.items]


async def moved_on(turn: Turn, owed: Sequence[Owing]) -> Reply:
    """The button was of an older reminder: what stands now."""
    items = [item for one in owed for item in one.items]
    return Reply(Say.MOVED.format(names=names_of(items)), (Say.GO_ON,)) if items else Reply(Say.NOTHING)


async def move(turn: Turn, day: date, owed: Sequence[Owing], rows: Sequence[Reminder]) -> Reply:
    """Not before the morning of that workday, and not beyond the deadline."""
    day, at = snooze_until(day, turn.workdays)
    due = min(one.standing.due.day for one in owed)
    if day <= turn.now.date():
        return Reply(Say.PAST)
    if due < turn.now.date():
        return Reply(Say.OVER, (Say.GO_ON, Say.DELAY))
    spoken = turn.workdays.spoken
    if day > due:
        return Reply(Say.AFTER.format(day=spoken(day), due=spoken(due)), (Say.GO_ON, Say.DELAY))
    until = datetime.combine(day, at, turn.now.tzinfo)
    for one in owed:
        await sleep(turn, one, rows, until)
    names = names_of([item for one in owed for item in one.items])
    return Reply(Say.DONE.format(day=spoken(day, turn.now.date()), at=f"{at:%H:%M}", names=names), (Say.GO_ON,))


async def sleep(turn: Turn, one: Owing, rows: Sequence[Reminder], until: datetime) -> None:
    """What waits for another moment already is moved; for the rest there is a reminder of its own."""
    ids = {item.stored.id for item in one.items}
    about = (one.standing.notice, one.standing.due.period, one.unit)
    mine = [r for r in rows if (r.notice, r.period, r.unit) == about and r.state != "said" and set(r.matters) <= ids]
    await turn.work.reminders.snooze([row.id for row in mine], until)
    left = tuple(sorted(ids - {matter for row in mine for matter in row.matters}))
    if left and turn.now.tzinfo:
        end = max(one.standing.due.moment(turn.now.tzinfo), until + DAY)
        await turn.work.reminders.owe(Owed(
            one.standing.plan.id, *about, left, ",".join(map(str, left)), f"put off {turn.now:%m%d%H%M}",
            "person", turn.person.staff_id or "", until, end,
        ))  # fmt: skip
