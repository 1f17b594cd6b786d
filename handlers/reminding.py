"""Who is reminded of what on which day, and who is not and why: one reading for the tick and for every preview.

It writes nothing: the tick puts what is owed, a preview shows it. Texts are remind_words'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta, tzinfo

from handlers.group_names import group_name
from handlers.owing import waits_of
from handlers.remind_facts import DIGEST, WEEKLY_AT, Fire, Owing, Sight, Spared
from handlers.remind_whom import on_trial, owe_groups, owe_persons, owe_postponed, owe_towns
from handlers.rules.periods import Plan as Terms
from handlers.rules.periods import before, current, due_of
from handlers.rules.stages import Stage, group_posts, merged_moment, stages_on, why_in_words
from handlers.rules.workdays import DAY, Workdays
from handlers.standing import active_plans, staff_on, standing_of
from knowledge import Library
from storage import Owed, Plan, Work

STOPPED = "reminders.stopped"
"""The office's setting that stops all reminders."""
STOPPED_AT = "reminders.stopped_at"
"""The moment since which they are stopped."""
WEEKLY = "groups.weekly"
"""The office's setting for the weekly digest in groups; off unless switched on."""
MENTION = "groups.mention"
"""The office's setting to @ in groups those who still owe, where a group's own robot can; off unless switched on."""
BACK = timedelta(days=40)  # how far a tick after downtime looks back; older deadlines have been phoned about
Plans = Sequence[tuple[Plan, Terms]]


class Say:
    JUST_SET = "安排是在这个时间之后定的"
    GROUP = "群 {title}"


async def owing_between(
    work: Work, library: Library, since: datetime, until: datetime, workdays: Workdays, *, stopped: bool | None = None
) -> Owing:
    """What fell due after `since` up to `until`; of one deadline the latest stage only. Nothing while stopped."""
    owing = Owing()
    plans = await active_plans(work)
    fires = latest(
        fire
        for day in days(since, until)
        for fire in fires_on(plans, day, until.tzinfo, workdays)
        if since < fire.at <= until
    )
    owing.spared += [Spared(fire.plan.notice, Say.JUST_SET) for fire in fires if fire.at < fire.plan.made_at]
    fires = [fire for fire in fires if fire.at >= fire.plan.made_at]
    if stopped is None:
        stopped = await work.settings.get(STOPPED, False) is True
    if stopped:
        owing.spared += [Spared(fire.plan.notice, why_in_words("stopped")) for fire in fires]
        return owing
    for day in sorted({fire.at.date() for fire in fires}):
        today = [fire for fire in fires if fire.at.date() == day]
        await owe_day(work, library, owing, today, plans, until, workdays)
    await owe_granted(work, library, owing, plans, since, until, workdays)
    if await work.settings.get(WEEKLY, False) is True:
        await owe_weekly(work, owing, plans, since, until, workdays)
    return owing


def days(since: datetime, until: datetime) -> Iterator[date]:
    """The dates of a span, the last BACK of them at most."""
    first = max(since, until - BACK).astimezone(until.tzinfo).date()
    return (first + DAY * n for n in range((until.date() - first).days + 1))


def fires_on(plans: Plans, day: date, zone: tzinfo | None, workdays: Workdays) -> list[Fire]:
    """The stages of a day, all at the earliest of their hours: nobody is told twice a day."""
    of = {plan.notice: (plan, terms) for plan, terms in plans}
    stages = stages_on({notice: terms for notice, (_, terms) in of.items()}, day, workdays)
    hour = merged_moment(stages)
    if hour is None:
        return []
    at, found = datetime.combine(day, hour, zone), []
    for stage in stages:
        plan, terms = of[stage.plan]
        if zone is None or stage.due.moment(zone) <= plan.made_at:
            continue
        found.append(Fire(plan, terms, stage, at))
    return found


def hour_of(plans: Plans, day: date, wanted: time, workdays: Workdays) -> time:
    """When whatever is no stage is said: with the day's stages if there are any, or it would be a second message."""
    return merged_moment(stages_on({plan.notice: terms for plan, terms in plans}, day, workdays)) or wanted


def latest(fires: Iterable[Fire]) -> list[Fire]:
    """Of each deadline the last stage: what was missed before it is not made up for."""
    return list({(fire.plan.notice, fire.stage.due.period): fire for fire in fires}.values())


async def owe_day(
    work: Work,
    library: Library,
    owing: Owing,
    fires: Sequence[Fire],
    plans: Plans,
    now: datetime,
    workdays: Workdays,
) -> None:
    """Add what the stages of one day owe to persons, groups and the office."""
    sight = await look(work, plans, fires[0].at, now, workdays)
    for fire in fires:
        standing = await standing_of(work, library, fire.plan, fire.terms, fire.stage.due)
        owing.standings[standing.key] = standing
        part = Owing()
        owe_persons(part, fire, standing, sight)
        owe_towns(part, fire, standing, sight)
        if fire.stage.offset >= 0:
            owe_groups(part, fire, standing, sight)
        if fire.plan.state == "trial":
            part = on_trial(part, fire, sight)
        owing.owed += part.owed
        owing.spared += part.spared


async def look(work: Work, plans: Plans, at: datetime, now: datetime, workdays: Workdays) -> Sight:
    """Read what all stages of a day share."""
    return Sight(
        await staff_on(work, max(now, at), max(now, at).date()),
        await work.groups.bound(),
        await work.reminders.asleep(at),
        {plan.notice: terms for plan, terms in plans},
        await work.settings.get(WEEKLY, False) is True,
        workdays,
        now.tzinfo,
    )


async def owe_granted(
    work: Work, library: Library, owing: Owing, plans: Plans, since: datetime, until: datetime, workdays: Workdays
) -> None:
    """Once more on the day to which the office agreed to wait (缓交)."""
    for plan, terms in plans:
        now = current(terms, until.date(), workdays, plan.made_at.date())
        for due in (now, *(due_of(terms, key, workdays) for key in [before(now.period)] if key)):
            if not waits_of(await work.requests.of_period(plan.notice, due.period)) or plan.state != "published":
                continue
            standing = await standing_of(work, library, plan, terms, due)
            for day in days(since, until):
                at = datetime.combine(day, hour_of(plans, day, terms.remind_at, workdays), until.tzinfo)
                if since < at <= until and workdays.is_workday(day):
                    stage = Stage(plan.notice, due, 0, day, terms.remind_at)
                    sight = await look(work, plans, at, until, workdays)
                    owe_postponed(owing, Fire(plan, terms, stage, at), standing, sight)


async def owe_weekly(
    work: Work,
    owing: Owing,
    plans: Plans,
    since: datetime,
    until: datetime,
    workdays: Workdays,
) -> None:
    """The week's count for groups, on the first workday, if the week has room."""
    published = {plan.notice: terms for plan, terms in plans if plan.state == "published"}
    for day in days(since, until):
        at = datetime.combine(day, hour_of(plans, day, WEEKLY_AT, workdays), until.tzinfo)
        if workdays.first_of_week(day) != day or not since < at <= until:
            continue
        for group in await work.groups.bound():
            mine = {b.notice: published[b.notice] for b in group.bindings if b.notice in published}
            posts, dropped = group_posts(group.chat, mine, day, workdays, digest=bool(mine))
            who = Say.GROUP.format(title=group_name(group))
            owing.spared += [Spared(who, d.why) for d in dropped if d.what.digest]
            for notice in mine if any(post.digest for post in posts) else ():
                owing.owed.append(
                    Owed(None, notice, f"{day:%G-W%V}", "", (), "", DIGEST, "group", group.chat, at, at + DAY)
                )
