"""What will be sent on a day and what not, and why: the same reading and texts as at sending. Sends nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from handlers.group_names import group_name
from handlers.message import Announcement, Receiver
from handlers.remind_digest import had_enough, said_to, stopped
from handlers.remind_facts import Owing, Spared
from handlers.remind_late import put_together
from handlers.remind_said import Desk, Fact
from handlers.reminding import BACK, fires_on, owing_between
from handlers.rules.stages import Hours, next_allowed, stage_in_words, why_in_words
from handlers.rules.workdays import DAY
from handlers.standing import active_plans
from storage import Owed, Reminder

Planned = tuple[datetime, Receiver, Fact]
AHEAD = 400  # days searched for the next reminder: a yearly plan has one in them


class Say:
    HEAD = "{day}的提醒预览"
    SENDS, SENDS_NOTHING = "将发{count}条：", "将发：没有。"
    SENT = "- {at} {who}：{text}"
    GROUP = "群 {title}"
    NOT = "不发："
    NOT_LINE = "- {why}：{who}"
    WITH_MATTER = "- {who}（{why}）"
    NEXT = "下一次提醒：{day}{at}（{stage}）。"
    NO_NEXT = "近期没有要提醒的。"
    NO_PLAN = "还没有报送安排，不会提醒。"
    OVER = "{day}已经过去，只能看今天和以后的。"
    JOINED = "、"
    MORE = "……等{count}条"
    MORE_WHO = "等{count}个"
    WHO_SHOWN, LONG = 8, 90


@dataclass(frozen=True, slots=True)
class Sending:
    """One message as it would be sent."""

    at: datetime
    to: Receiver
    text: Announcement


@dataclass(frozen=True, slots=True)
class Preview:
    """A day's messages, and who gets none."""

    day: date
    sends: tuple[Sending, ...]
    spared: tuple[Spared, ...]
    next_words: str = ""


async def preview(desk: Desk, day: date, hours: Hours) -> Preview:
    """The rest of the day if it is today; nothing for days past."""
    start = datetime.combine(day, time(), desk.now.tzinfo)
    since = max(start - timedelta(microseconds=1), desk.now) if day == desk.now.date() else start - timedelta(seconds=1)
    owing = Owing()
    if day >= desk.now.date():
        owing = await owing_between(desk.work, desk.library, since, start + DAY - timedelta(seconds=1), desk.workdays)
    facts: list[Planned] = [(o.due_at, receiver_of(o), o) for o in owing.owed]
    replaced = {(o.receiver, o.unit, o.notice, o.period) for o in owing.owed}
    for row in await desk.work.reminders.asleep(max(since, desk.now)):
        at = (row.snoozed_until or row.due_at).astimezone(desk.now.tzinfo)
        if since < at <= start + DAY and (row.receiver, row.unit, row.notice, row.period) not in replaced:
            facts.append((at, receiver_of(row), row))
    facts = [*await overdue(desk, start), *facts]
    sends, spared = await worded(desk, facts, day, hours)
    return Preview(day, sends, (*owing.spared, *spared), await next_words(desk, start + DAY))


async def overdue(desk: Desk, start: datetime) -> list[Planned]:
    """What could not be sent yet and will be tried on the day: with the day's own message if there is one."""
    now = max(desk.now, start)
    rows = await desk.work.reminders.waiting(desk.now, start if now == start else start - BACK, start + DAY)
    by: dict[Receiver, list[Reminder]] = {}
    for row in rows:
        by.setdefault(receiver_of(row), []).append(row)
    waiting: list[Planned] = []
    for to, mine in by.items():
        late = await put_together(replace(desk, now=now), to, mine, now)
        waiting += [(late.until or now, to, row) for row in late.facts]
    return waiting


def receiver_of(owed: Owed | Reminder) -> Receiver:
    """Whom a fact is for."""
    return Receiver("group" if owed.receiver_kind == "group" else "person", owed.receiver)


async def worded(
    desk: Desk, facts: Sequence[Planned], day: date, hours: Hours
) -> tuple[tuple[Sending, ...], list[Spared]]:
    """One message for each receiver, at the last of his moments; what the hours hold back is said."""
    names = await names_of(desk)
    moments: dict[Receiver, datetime] = {}
    by: dict[tuple[datetime, Receiver], list[Fact]] = {}
    mine_today = [(at.astimezone(desk.now.tzinfo), to, fact) for at, to, fact in facts]
    mine_today = [(at, to, fact) for at, to, fact in mine_today if at.date() == day]
    for at, to, _ in mine_today:
        moments[to] = max(at, moments.get(to, at))
    for _, to, fact in mine_today:
        by.setdefault((moments[to], to), []).append(fact)
    sends: list[Sending] = []
    spared: list[Spared] = []
    for (at, to), mine in sorted(by.items(), key=lambda one: (one[0][0], one[0][1].kind, one[0][1].id)):
        named = Receiver(to.kind, to.id, names.get(to.id, to.id))
        goes = next_allowed(at, hours, desk.workdays)
        then = replace(desk, now=goes, job=0)
        said = await said_to(then, to, mine)
        if goes.date() != day:
            window = why_in_words("off hours", hours=hours)
            spared.append(Spared(named.name, window))
        elif said and any(sending.to == named for sending in sends):
            spared.append(Spared(named.name, why_in_words("told")))
        elif said:
            sends.append(Sending(goes, named, said))
        elif not await stopped(then) and await had_enough(then, to, mine):
            spared.append(Spared(named.name, why_in_words("cap" if to.kind == "group" else "told")))
    return tuple(sends), spared


async def names_of(desk: Desk) -> dict[str, str]:
    """Names of everybody and of every group."""
    people = await desk.work.directory.people(desk.now)
    groups = await desk.work.groups.groups()
    return {p.staff_id: p.name for p in people if p.staff_id} | {g.chat: group_name(g) for g in groups}


async def next_words(desk: Desk, after: datetime) -> str:
    """When the next reminder is due."""
    plans = await active_plans(desk.work)
    if not plans:
        return Say.NO_PLAN
    for n in range(AHEAD):
        day = (after + DAY * n).date()
        for fire in fires_on(plans, day, desk.now.tzinfo, desk.workdays):
            if fire.at >= after and fire.at >= fire.plan.made_at:
                spoken = desk.workdays.spoken(day, desk.now.date())
                stage = stage_in_words(fire.stage.offset)
                return Say.NEXT.format(day=spoken, at=f"{fire.at:%H:%M}", stage=stage)
    return Say.NO_NEXT


def preview_words(found: Preview, desk: Desk, shown: int = 0) -> str:
    """The preview as text; `shown`: messages at most, shortened (0: all, whole)."""
    spoken = desk.workdays.spoken(found.day, desk.now.date())
    if found.day < desk.now.date():
        return Say.OVER.format(day=spoken)
    lines = [Say.HEAD.format(day=spoken)]
    lines.append(Say.SENDS.format(count=len(found.sends)) if found.sends else Say.SENDS_NOTHING)
    sends = found.sends[:shown] if shown else found.sends
    lines += [sent_line(sending, Say.LONG if shown else None) for sending in sends]
    lines += [Say.MORE.format(count=len(found.sends))] if len(sends) < len(found.sends) else []
    if not found.sends and not desk.workdays.is_workday(found.day):
        lines.append(Say.NOT_LINE.format(why=why_in_words("not a workday"), who=spoken))
    lines += [Say.NOT, *spared_lines(found.spared, short=bool(shown))] if found.spared else []
    return "\n".join([*lines, found.next_words] if not found.sends else lines)


def sent_line(sending: Sending, longest: int | None) -> str:
    """9:00 群 工作群：……"""
    who = Say.GROUP.format(title=sending.to.name) if sending.to.kind == "group" else sending.to.name
    text = sending.text.text.replace("\n", " ")
    text = text if longest is None or len(text) <= longest else text[:longest] + "…"
    return Say.SENT.format(at=f"{sending.at:%H:%M}", who=who, text=text)


def spared_lines(spared: Sequence[Spared], *, short: bool) -> list[str]:
    """Those who get nothing, by the reason."""
    by: dict[str, list[str]] = {}
    for one in spared:
        by.setdefault(one.why, []).append(one.who)
    lines = []
    for why, who in by.items():
        some = list(dict.fromkeys(who))
        named = Say.JOINED.join(some[: Say.WHO_SHOWN] if short else some)
        named += Say.MORE_WHO.format(count=len(some)) if short and len(some) > Say.WHO_SHOWN else ""
        lines.append(Say.NOT_LINE.format(why=why, who=named))
    return lines
