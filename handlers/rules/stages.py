"""When is reminded, how little, and why not. Plans and calendar in, stages out; who still owes is looked up elsewhere.

One digest per person a day comes by itself: one job per receiver and moment. Here: stages, the group's cap, hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from handlers.rules.periods import Due, Plan, dues
from handlers.rules.workdays import DAY, Workdays

LATE, CALLS = -1, -2
"""Stages after the deadline: 1:1 once, then the office's call list."""
DIGEST = 99
"""The weekly digest of a group, if switched on: the last to find room."""
POSTS_A_WEEK = 2
HOLIDAYS = 30  # days that the longest holiday can push a stage

Why = Literal["cap", "off hours", "not a workday", "superseded", "snoozed", "done", "stopped", "leave", "trial", "told"]


class Say:
    STAGE = "截止前{offset}个工作日"
    STAGE_DUE = "截止当天"
    STAGE_LATE = "截止后第1个工作日"
    STAGE_CALLS = "截止后第2个工作日（电话名单）"
    STAGE_DIGEST = "每周情况"
    LEFT = "还有{count}个工作日"
    LEFT_TODAY = "今天截止"
    WHY_CAP = "本周群消息已满{limit}条，优先发更临近截止的"
    WHY_TOLD = "当天已有一条提醒，每人每天最多1条"
    WHY_HOURS = "不在可发送的时间（{start}-{end}）"
    WHY_DAY = "不是工作日"
    WHY_SUPERSEDED = "已有更临近截止的提醒"
    WHY_SNOOZED = "本人要求{until}前不打扰"
    WHY_DONE = "已经报了"
    WHY_STOPPED = "办公室已停发"
    WHY_LEAVE = "请假中"
    WHY_TRIAL = "试运行，只发给办公室"


@dataclass(frozen=True, slots=True)
class Stage:
    """A moment of a plan's period: `offset` workdays before the due day; LATE and CALLS after it."""

    plan: str
    due: Due
    offset: int
    day: date
    at: time

    @property
    def key(self) -> str:
        """Names it once and for all: plan/period/offset."""
        return f"{self.plan}/{self.due.period}/{self.offset}"


@dataclass(frozen=True, slots=True)
class Post:
    """What a group would be told on a day: all its stages in one message."""

    group: str
    day: date
    stages: tuple[Stage, ...] = ()
    digest: bool = False

    @property
    def rank(self) -> int:
        """T-0 before T-2 before T-5 before the digest."""
        return min((stage.offset for stage in self.stages), default=DIGEST)


@dataclass(frozen=True, slots=True)
class Dropped:
    """What is not said, and why."""

    what: Post
    why: str


@dataclass(frozen=True, slots=True)
class Hours:
    """When anything may be pushed (SEND_HOURS); both ends included."""

    start: time = time(8, 30)
    end: time = time(17, 30)


def stages_of(name: str, plan: Plan, due: Due, workdays: Workdays) -> list[Stage]:
    """All stages of one deadline in order of days, the two after it last."""
    offsets = sorted({offset for offset in plan.offsets if offset >= 0}, reverse=True)
    before = [Stage(name, due, offset, workdays.add(due.day, -offset), plan.remind_at) for offset in offsets]
    after = [Stage(name, due, -n, workdays.add(due.day, n), plan.remind_at) for n in (1, 2)] if offsets else []
    return before + after


def stages_on(plans: Mapping[str, Plan], day: date, workdays: Workdays) -> list[Stage]:
    """What fires on a day, nearest deadline first; nothing on days off."""
    return _stages(plans, day, day, workdays)


def stages_between(plans: Mapping[str, Plan], after: date, until: date, workdays: Workdays) -> list[Stage]:
    """What fires after a day up to another, in order of days; of one deadline only the latest stage (the rest are
    superseded): for catching up."""
    found = _stages(plans, after + DAY, until, workdays)
    latest = {(stage.plan, stage.due.period): stage for stage in found}
    return sorted(latest.values(), key=lambda stage: (stage.day, stage.due.day, stage.plan))


def _stages(plans: Mapping[str, Plan], first: date, last: date, workdays: Workdays) -> list[Stage]:
    """What fires on the days from first to last, in order of days, the nearest deadline first."""
    found = [
        stage
        for name, plan in plans.items()
        for due in _dues_near(plan, first, last, workdays)
        for stage in stages_of(name, plan, due, workdays)
        if first <= stage.day <= last and workdays.is_workday(stage.day)
    ]
    return sorted(found, key=lambda stage: (stage.day, stage.due.day, stage.plan, stage.offset))


def _dues_near(plan: Plan, first: date, last: date, workdays: Workdays) -> Iterator[Due]:
    """The deadlines whose stages can touch these days."""
    reach = timedelta(days=2 * max(plan.offsets, default=0) + HOLIDAYS)
    for due in dues(plan, workdays, first - timedelta(days=HOLIDAYS)):
        if due.day > last + reach:
            return
        yield due


def group_posts(
    group: str,
    plans: Mapping[str, Plan],
    day: date,
    workdays: Workdays,
    *,
    digest: bool = False,
    limit: int = POSTS_A_WEEK,
) -> tuple[list[Post], list[Dropped]]:
    """What a group is told on a day and what falls out. Looks at the whole week (Monday to Sunday): the cap keeps the
    posts nearest to their deadline, so that T-5 on Monday makes room for T-0 on Friday."""
    week = _posts_of_week(group, plans, day, workdays, digest)
    kept = sorted(week, key=lambda post: (post.rank, post.day))[:limit]
    today = [post for post in week if post.day == day]
    why = Say.WHY_CAP.format(limit=limit)
    return [post for post in today if post in kept], [Dropped(post, why) for post in today if post not in kept]


def nearer_to_come(plans: Mapping[str, Plan], rank: int, day: date, workdays: Workdays) -> int:
    """How many posts later in the week are nearer to their deadline than one of this rank that is said on a day."""
    return sum(post.day > day and post.rank < rank for post in _posts_of_week("", plans, day, workdays, digest=False))


def _posts_of_week(group: str, plans: Mapping[str, Plan], day: date, workdays: Workdays, digest: bool) -> list[Post]:
    monday = day - DAY * day.weekday()
    first = workdays.first_of_week(day) if digest else None
    found: dict[date, tuple[Stage, ...]] = {first: ()} if first else {}
    for stage in _stages(plans, monday, monday + DAY * 6, workdays):
        if stage.offset >= 0:
            found[stage.day] = (*found.get(stage.day, ()), stage)
    return [Post(group, there, stages, there == first) for there, stages in sorted(found.items())]


def superseded(stage: Stage, today: date, workdays: Workdays, plan: Plan) -> bool:
    """Whether a later stage of the same deadline has come meanwhile."""
    later = (other for other in stages_of(stage.plan, plan, stage.due, workdays) if other.offset < stage.offset)
    return any(other.day <= today for other in later)


def next_allowed(now: datetime, hours: Hours, workdays: Workdays) -> datetime:
    """The first moment from `now` on at which anything may be pushed; `now` itself if it is one."""
    local = now.timetz().replace(tzinfo=None)
    if workdays.is_workday(now.date()) and hours.start <= local <= hours.end:
        return now
    day = now.date() if local < hours.start else now.date() + DAY
    return datetime.combine(workdays.on_or_after(day), hours.start, now.tzinfo)


def why_not_now(now: datetime, hours: Hours, workdays: Workdays) -> str | None:
    """Why nothing may be pushed at this moment; None when it may."""
    if not workdays.is_workday(now.date()):
        return Say.WHY_DAY
    if not hours.start <= now.timetz().replace(tzinfo=None) <= hours.end:
        return Say.WHY_HOURS.format(start=f"{hours.start:%H:%M}", end=f"{hours.end:%H:%M}")
    return None


def snooze_until(day: date, workdays: Workdays, at: time = time(9, 30)) -> tuple[date, time]:
    """周四报: quiet until that workday's morning."""
    return workdays.on_or_after(day), at


def left_in_words(today: date, due: Due, workdays: Workdays) -> str:
    """还有2个工作日; on the due day 今天截止."""
    count = workdays.between(today, due.day)
    return Say.LEFT.format(count=count) if count else Say.LEFT_TODAY


def stage_in_words(offset: int) -> str:
    """The name of a stage in the preview."""
    fixed = {0: Say.STAGE_DUE, LATE: Say.STAGE_LATE, CALLS: Say.STAGE_CALLS, DIGEST: Say.STAGE_DIGEST}
    return fixed.get(offset) or Say.STAGE.format(offset=offset)


def why_in_words(why: Why, *, until: str = "", hours: Hours | None = None) -> str:
    """A reason of the preview in words."""
    window = hours or Hours()
    return {
        "cap": Say.WHY_CAP.format(limit=POSTS_A_WEEK),
        "off hours": Say.WHY_HOURS.format(start=f"{window.start:%H:%M}", end=f"{window.end:%H:%M}"),
        "not a workday": Say.WHY_DAY,
        "superseded": Say.WHY_SUPERSEDED,
        "snoozed": Say.WHY_SNOOZED.format(until=until),
        "done": Say.WHY_DONE,
        "stopped": Say.WHY_STOPPED,
        "leave": Say.WHY_LEAVE,
        "trial": Say.WHY_TRIAL,
        "told": Say.WHY_TOLD,
    }[why]


def merged_moment(stages: Iterable[Stage]) -> time | None:
    """When one message for all of these goes out: the earliest of their hours."""
    return min((stage.at for stage in stages), default=None)
