"""The shape of what is owed: a stage that fires, the reminder facts of it, and who is spared. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, tzinfo

from handlers.rules.periods import Plan as Terms
from handlers.rules.stages import CALLS, LATE, Stage, stages_of
from handlers.rules.workdays import DAY, Workdays
from handlers.standing import Staff, Standing
from storage import Group, Owed, Plan, Reminder

TICK = "reminders"
"""Name of the tick that writes what fell due."""
CALLED = 5  # workdays for which the call list stays worth sending
UNREACHED, DIGEST = "unreached", "digest"
"""Stages that are none of a plan's: units nobody can be reminded for, the week's count."""
TRIAL = "trial "
"""Before a stage: what would have been sent goes to the office."""
TOLD = "1:1"
"""Seat of a group's fact when those who still owe are reminded 1:1."""
WEEKLY_AT = time(9)
NAMES: Mapping[int, str] = {LATE: "late", CALLS: "calls"}
OFFSETS: Mapping[str, int] = {name: n for n, name in NAMES.items()} | {f"T-{n}": n for n in range(31)}
"""Stage's name → workdays before the deadline."""


@dataclass(frozen=True, slots=True)
class Spared:
    """Somebody or a group that is told nothing, and why."""

    who: str
    why: str


@dataclass(slots=True)
class Owing:
    """What falls due in a span: reminder facts, who is spared, and how the deadlines stand."""

    owed: list[Owed] = field(default_factory=list)
    spared: list[Spared] = field(default_factory=list)
    standings: dict[tuple[str, str], Standing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sight:
    """All that is looked at once for a day."""

    staff: Staff
    groups: Sequence[Group]
    asleep: Sequence[Reminder]
    published: Mapping[str, Terms]
    weekly: bool
    workdays: Workdays
    zone: tzinfo | None


@dataclass(frozen=True, slots=True)
class Fire:
    """A stage of a plan at the one moment of its day."""

    plan: Plan
    terms: Terms
    stage: Stage
    at: datetime

    @property
    def name(self) -> str:
        """T-5, T-0, late, calls."""
        return stage_name(self.stage.offset)


def stage_name(offset: int) -> str:
    """How a stage is written in the facts."""
    return NAMES.get(offset) or f"T-{offset}"


def fact_of(
    fire: Fire,
    unit: str,
    seat: str,
    stage: str,
    to: tuple[str, str],
    sight: Sight,
    matters: tuple[int, ...] = (),
) -> Owed:
    """The reminder fact; it is no longer worth saying when the next stage or the deadline itself has come."""
    kind, receiver = to
    return Owed(
        fire.plan.id, fire.plan.notice, fire.stage.due.period, unit, matters, seat, stage, kind, receiver,
        fire.at, expiry(fire, sight),
    )  # fmt: skip


def expiry(fire: Fire, sight: Sight) -> datetime:
    """When the stage is overtaken."""
    stage, zone = fire.stage, sight.zone
    later = [s for s in stages_of(stage.plan, fire.terms, stage.due, sight.workdays) if s.offset < stage.offset]
    if not later:
        return datetime.combine(sight.workdays.add(stage.day, CALLED), stage.at, zone)
    following = datetime.combine(later[0].day, later[0].at, zone)
    end = min(following, stage.due.moment(zone)) if stage.offset >= 0 and zone else following
    return end if end > fire.at else fire.at + DAY


def local(moment: datetime, zone: tzinfo | None) -> datetime:
    """The moment in business time."""
    return moment.astimezone(zone)
