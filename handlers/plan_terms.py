"""A plan's terms as the JSON document that storage keeps, there and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time

from handlers.rules.periods import Frequency, Plan, Shift
from storage import JSON


def terms_of(plan: Plan) -> dict[str, JSON]:
    """The document of a plan."""
    return {
        "frequency": plan.frequency.value,
        "month": plan.month,
        "day": plan.day,
        "at": f"{plan.at:%H:%M}",
        "offsets": list(plan.offsets),
        "shift": plan.shift.value,
        "once": plan.once.isoformat() if plan.once else None,
        "covers": list(plan.covers),
        "remind_at": f"{plan.remind_at:%H:%M}",
        "since": plan.since.isoformat() if plan.since else None,
        "until": plan.until.isoformat() if plan.until else None,
    }


def plan_of(terms: Mapping[str, JSON]) -> Plan:
    """The plan of a document that `terms_of` made. Raises: ValueError, KeyError for another shape."""
    offsets, covers = terms["offsets"], terms["covers"]
    plan = Plan(Frequency(str(terms["frequency"])), int(str(terms["month"])), int(str(terms["day"])))
    return replace(
        plan,
        at=time.fromisoformat(str(terms["at"])),
        offsets=tuple(int(str(n)) for n in offsets) if isinstance(offsets, list | tuple) else plan.offsets,
        shift=Shift(str(terms["shift"])),
        once=day(terms["once"]),
        covers=tuple(str(key) for key in covers) if isinstance(covers, list | tuple) else (),
        remind_at=time.fromisoformat(str(terms["remind_at"])),
        since=day(terms["since"]),
        until=day(terms["until"]),
    )


def day(value: JSON) -> date | None:
    """A day written as ISO date; None for nothing."""
    return date.fromisoformat(value) if isinstance(value, str) else None
