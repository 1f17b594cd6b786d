"""The office's call list: which units still owe, whom to phone, and who has been phoned. For the office only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.message import Button
from handlers.owing import Item
from handlers.remind_whom import asked_units
from handlers.remind_words import short_title
from handlers.rules.periods import Due, before, current, due_of, name
from handlers.rules.receivers import Reach
from handlers.rules.workdays import Workdays
from handlers.standing import Staff, Standing, active_plans, staff_on, standing_of
from knowledge import Library
from storage import Actor, Work

BEFORE = 1  # of joint leads only the first is phoned about, as before the deadline
STILL = 10  # workdays after a deadline for which the list is about it rather than about the period that runs


class Say:
    HEAD = "{title}{period}报送还差{count}家，{due}："
    DUE, OVER = "{day}{at}截止", "{day}{at}已截止"
    LINE = "- {unit}　{who}　{names}{called}"
    WHO = "{name} {phone}"
    NOBODY, NO_PHONE = "还没有联络人，请指定", "（没有登记电话）"
    WHY: Mapping[str, str] = {"no account": "没有钉钉账号", "on leave": "请假中", "undeliverable": "钉钉发不进去"}
    WHY_SHOWN = "（{why}）"
    COUNT = "{count}件"
    NAMED = "{name}等{count}件"
    CALLED = "（{day}已联系）"
    MORE = "- 还有{count}家，说“谁还没报 全部”都列出来。"
    HINT = "打过电话可以回：已联系 {unit}；替单位填可以说：代填 {unit} 事项 值。"
    ALL_IN = "{title}{period}报送{count}件都收到了。"
    UNLED = "另有{count}件没有牵头单位，未计入：{names}。"
    NO_PLAN = "还没有定报送安排，没有到期一说。说“报送安排”可以定。"
    UNREACHED = "提醒不到这几家，请打个电话，或指定联络人："
    FILL_FOR, PHONED, LETTER = Button("代填"), Button("已联系"), Button("发提醒函草稿", "提醒函草稿")
    MARK = "{month}月{day}日"
    JOINED = "、"
    AND_MORE = "等"
    SHOWN, UNLED_SHOWN = 8, 3


@dataclass(frozen=True, slots=True)
class Call:
    """A unit to phone: what is missing, whom to ask for, and since when the office has noted a call."""

    unit: str
    items: tuple[Item, ...]
    reach: Reach
    called: date | None = None


@dataclass(frozen=True, slots=True)
class CallList:
    """The calls for one deadline."""

    standing: Standing
    calls: tuple[Call, ...]


async def call_lists(work: Work, library: Library, now: datetime, workdays: Workdays) -> list[CallList]:
    """For each notice with a plan the deadline that is to be phoned about, in order of the days."""
    staff = await staff_on(work, now, now.date())
    lists = []
    for plan, terms in await active_plans(work):
        due = current(terms, now.date(), workdays, plan.made_at.date())
        standing = await standing_of(work, library, plan, terms, due)
        last = before(due.period)
        if last and 0 < workdays.between(passed := due_of(terms, last, workdays).day, now.date()) <= STILL:
            earlier = await standing_of(work, library, plan, terms, due_of(terms, last, workdays))
            standing = earlier if earlier.open() and passed >= plan.made_at.date() else standing
        lists.append(await call_list(work, standing, staff))
    return sorted(lists, key=lambda found: found.standing.due.day)


async def call_list(work: Work, standing: Standing, staff: Staff) -> CallList:
    """Every unit that still owes for this deadline."""
    called = await calls_noted(work, standing)
    wanted = asked_units(standing.open(), BEFORE, staff)
    calls = [Call(unit, tuple(items), staff.reach(unit), called.get(unit)) for unit, items in wanted.items()]
    return CallList(standing, tuple(sorted(calls, key=lambda call: call.called is not None)))


def chain_of(notice: str) -> str:
    """Where calls and letters about a notice's deadlines are noted."""
    return f"calls:{notice}"


async def calls_noted(work: Work, standing: Standing) -> dict[str, date]:
    """Unit → day of the last call noted for this period."""
    noted = await work.audit.of_chain(chain_of(standing.notice))
    mine = [line for line in noted if line.what == "phoned" and (line.new or {}).get("period") == standing.due.period]
    return {str((line.new or {}).get("unit")): line.happened_at.date() for line in mine}


async def note_call(work: Work, standing: Standing, unit: str, what: str, by: Actor, at: datetime) -> None:
    """Keep that the office phoned a unit (`phoned`) or took the text of a letter (`letter`)."""
    facts = {"unit": unit, "period": standing.due.period}
    await work.audit.record(chain_of(standing.notice), what, by, at, new=facts)


def list_words(found: CallList, staff: Staff, now: datetime, workdays: Workdays, shown: int = Say.SHOWN) -> str:
    """The list as the office reads it."""
    standing, due = found.standing, found.standing.due
    title, period = short_title(standing.title), name(due.period, now.date())
    if not found.calls:
        all_in = Say.ALL_IN.format(title=title, period=period, count=len(standing.of()))
        return "\n".join([all_in, *unled_words(standing)])
    lines = [Say.HEAD.format(title=title, period=period, count=len(found.calls), due=due_words(due, now, workdays))]
    lines += [call_words(call, staff) for call in found.calls[:shown]]
    lines += [Say.MORE.format(count=len(found.calls) - shown)] if len(found.calls) > shown else []
    return "\n".join([*lines, *unled_words(standing), Say.HINT.format(unit=found.calls[0].unit)])


def unled_words(standing: Standing) -> list[str]:
    """The line on what nobody is asked for; none when there is no such matter."""
    if not standing.unled:
        return []
    names = Say.JOINED.join(item.facts.name for item in standing.unled[: Say.UNLED_SHOWN])
    names += Say.AND_MORE if len(standing.unled) > Say.UNLED_SHOWN else ""
    return [Say.UNLED.format(count=len(standing.unled), names=names)]


def unreached_words(found: CallList, staff: Staff, shown: int | None = None) -> str:
    """Only the units nobody can be reminded for; so many of them (None: as many as of the whole list)."""
    lost, most = [call for call in found.calls if not call.reach.staff_ids], shown or Say.SHOWN
    lines = [call_words(call, staff) for call in lost[:most]]
    lines += [Say.MORE.format(count=len(lost) - most)] if len(lost) > most else []
    return "\n".join([Say.UNREACHED, *lines]) if lost else ""


def due_words(due: Due, now: datetime, workdays: Workdays) -> str:
    """12月27日（周一）17:00已截止."""
    over = now.tzinfo is not None and now > due.moment(now.tzinfo)
    line = Say.OVER if over else Say.DUE
    return line.format(day=workdays.spoken(due.day, now.date()), at=f"{due.at:%H:%M}")


def call_words(call: Call, staff: Staff) -> str:
    """A unit, whom to phone, what is missing."""
    count = len(call.items)
    names = call.items[0].facts.name if count == 1 else Say.NAMED.format(name=call.items[0].facts.name, count=count)
    day = call.called
    called = Say.CALLED.format(day=Say.MARK.format(month=day.month, day=day.day)) if day else ""
    return Say.LINE.format(unit=call.unit, who=callees(call, staff), names=names, called=called)


def callees(call: Call, staff: Staff) -> str:
    """Names and numbers, and why somebody could not be reminded."""
    people = [p for p in map(staff.by_staff_id, call.reach.staff_ids) if p]
    who = [(p.name, p.mobile or "") for p in people] or [(clerk.name, clerk.phone) for clerk in call.reach.callees]
    if not who:
        return Say.NOBODY
    said = Say.JOINED.join(Say.WHO.format(name=n, phone=phone or Say.NO_PHONE) for n, phone in who[:2])
    why = Say.WHY.get(call.reach.why or "", "")
    return said + (Say.WHY_SHOWN.format(why=why) if why else "")


def call_buttons(lists: Sequence[CallList]) -> tuple[Button, ...]:
    """What the office does with the list."""
    return (Say.FILL_FOR, Say.PHONED, Say.LETTER) if any(found.calls for found in lists) else ()
