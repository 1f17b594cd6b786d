"""What comes next while the office sets everything up; silent once there is a plan."""

from __future__ import annotations

from datetime import datetime

from handlers.rules.permissions import CLERKS
from storage import Work


class Say:
    ROSTER = "下一步：把人员名单发给我（xlsx，列名：称呼、单位、岗位、手机，顺序随意）。"
    VALUES = "下一步：把上期的表发给我作底数（xlsx，要有事项和现值两列，顺序随意）。没有就跳过，直接说报送安排。"
    PLAN = "下一步：用一句话说报送安排，例如：每季度最后一个月25日17点前报送，提前5、2、0个工作日提醒"
    GROUP = "还没有绑定的群：把我加进工作群，在群里@我说“绑定本群”。"


async def after_notice(work: Work, at: datetime) -> list[str]:
    """The roster, unless somebody reports already; then the values."""
    if await work.plans.all_current():
        return []
    people = await work.directory.people(at)
    return [Say.VALUES if any(seat.post in CLERKS for who in people for seat in who.seats) else Say.ROSTER]


async def after_roster(work: Work) -> list[str]:
    """The values of last time."""
    return [] if await work.plans.all_current() else [Say.VALUES]


async def after_values(work: Work) -> list[str]:
    """The plan."""
    return [] if await work.plans.all_current() else [Say.PLAN]


async def after_plan(work: Work) -> list[str]:
    """A group, if none is bound."""
    return [] if any(group.bindings for group in await work.groups.groups()) else [Say.GROUP]
