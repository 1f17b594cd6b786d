"""Whom a stage reaches: the persons who still owe, the groups with room in their week, the office for the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from handlers.group_names import group_name
from handlers.owing import Item, Owes
from handlers.remind_facts import TOLD, TRIAL, UNREACHED, Fire, Owing, Sight, Spared, fact_of, local
from handlers.rules.permissions import Post
from handlers.rules.stages import CALLS, group_posts, stages_of, why_in_words
from handlers.rules.workdays import DAY
from handlers.standing import Staff, Standing, waits


class Say:
    WAITS = "已同意缓交到{day}"
    NO_DATA = "数据未出，不算逾期"
    FIRST = "共同负责的事项先问{unit}"
    NOT_REACHED: Mapping[str, str] = {
        "nobody seated": "没有填报岗位的人，列入电话名单",
        "no account": "岗位上的人没有钉钉账号，列入电话名单",
        "on leave": "请假且没有人代，列入电话名单",
        "undeliverable": "钉钉发不进去，列入电话名单",
    }
    GROUP = "群 {title}"
    ALL_IN = "都已收到"
    NO_OFFICE = "没有办公室岗位的人"
    ITEMS = "{unit}：{names}"
    JOINED = "、"


def owe_persons(owing: Owing, fire: Fire, standing: Standing, sight: Sight) -> None:
    """One fact for each unit that still owes and each who is reminded for it; the others with the reason."""
    owed = [item for item in standing.open() if not waits(item, fire.at.date())]
    wanted = asked_units(owed, fire.stage.offset, sight.staff)
    owing.spared += not_owing(standing, wanted)
    lost = []
    for unit, items in wanted.items() if fire.stage.offset != CALLS else ():
        found = sight.staff.reach(unit)
        if not found.staff_ids:
            lost.append(unit)
            owing.spared.append(Spared(in_short(unit, items), Say.NOT_REACHED[found.why or "nobody seated"]))
        for staff_id in found.staff_ids:
            owe_person(owing, fire, unit, items, (found.post, staff_id), sight)
    if lost and first_stage(fire, sight):
        owe_office(owing, fire, UNREACHED, sight)
    if fire.stage.offset == CALLS and owed:
        owe_office(owing, fire, fire.name, sight)


def owe_towns(owing: Owing, fire: Fire, standing: Standing, sight: Sight) -> None:
    """Towns hear of what the office put on them, until they have said their line; nothing after the deadline."""
    for town, items in standing.towns.items() if fire.stage.offset >= 0 else ():
        found = sight.staff.reach(town)
        for staff_id in found.staff_ids:
            owe_person(owing, fire, town, items, (found.post, staff_id), sight)


def first_stage(fire: Fire, sight: Sight) -> bool:
    """Whether no stage of this deadline has been due before, since the plan was made."""
    stages = stages_of(fire.stage.plan, fire.terms, fire.stage.due, sight.workdays)
    dated = [s for s in stages if datetime.combine(s.day, s.at, sight.zone) >= fire.plan.made_at]
    return not dated or dated[0].offset <= fire.stage.offset


def owe_postponed(owing: Owing, fire: Fire, standing: Standing, sight: Sight) -> None:
    """On the day up to which the office agreed to wait (缓交), its units are reminded once more."""
    day = fire.at.date()
    due = [item for item in standing.open() if item.until and sight.workdays.on_or_after(item.until) == day]
    for unit, items in asked_units(due, fire.stage.offset, sight.staff).items():
        found = sight.staff.reach(unit)
        for staff_id in found.staff_ids:
            owe_person(owing, fire, unit, items, (found.post, staff_id), sight)


def owe_person(owing: Owing, fire: Fire, unit: str, items: Sequence[Item], to: tuple[str, str], sight: Sight) -> None:
    """What one person is told for one unit: at the day's moment, what he put off at his own."""
    seat, staff_id = to
    for at, some in moments_of(fire, unit, items, staff_id, sight).items():
        ids = tuple(item.stored.id for item in some)
        fact = fact_of(fire, unit, seat, fire.name, ("person", staff_id), sight, ids)
        expires = max(fact.expires_at or at, at + DAY) if at > fire.at else fact.expires_at
        owing.owed.append(replace(fact, due_at=at, expires_at=expires))
        if local(at, sight.zone).date() > fire.at.date():
            until = f"{local(at, sight.zone):%m-%d %H:%M}"
            owing.spared.append(Spared(in_short(unit, some), why_in_words("snoozed", until=until)))


def moments_of(fire: Fire, unit: str, items: Sequence[Item], staff_id: str, sight: Sight) -> dict[datetime, list[Item]]:
    """When a person hears of what: at the day's moment, what he put off at his own; never twice a day."""
    about = (staff_id, unit, fire.plan.notice, fire.stage.due.period)
    mine = [r for r in sight.asleep if (r.receiver, r.unit, r.notice, r.period) == about]
    later = {matter: r.snoozed_until or r.due_at for r in mine for matter in r.matters}
    here = [r.snoozed_until or r.due_at for r in sight.asleep if r.receiver == staff_id]
    today = max((at for at in here if local(at, sight.zone).date() == fire.at.date()), default=fire.at)
    moments: dict[datetime, list[Item]] = {}
    for item in items:
        moments.setdefault(max(today, later.get(item.stored.id, today)), []).append(item)
    return moments


def owe_groups(owing: Owing, fire: Fire, standing: Standing, sight: Sight) -> None:
    """One post for each group bound to the notice, as far as the week has room and something is still owed."""
    for group in sight.groups:
        bound = next((b for b in group.bindings if b.notice == fire.plan.notice), None)
        if bound is None:
            continue
        who = Say.GROUP.format(title=group_name(group))
        plans = {b.notice: sight.published[b.notice] for b in group.bindings if b.notice in sight.published}
        _, dropped = group_posts(group.chat, plans, fire.stage.day, sight.workdays, digest=sight.weekly)
        if dropped:
            owing.spared.append(Spared(who, dropped[0].why))
        elif not standing.open(bound.units):
            owing.spared.append(Spared(who, Say.ALL_IN))
        else:
            told = TOLD if owing.owed else ""
            owing.owed.append(fact_of(fire, "", told, fire.name, ("group", group.chat), sight))


def owe_office(owing: Owing, fire: Fire, stage: str, sight: Sight) -> None:
    """One fact for each who runs the office."""
    for person in sight.staff.office:
        owing.owed.append(fact_of(fire, "", Post.OFFICE, stage, ("person", person.staff_id or ""), sight))
    if not sight.staff.office:
        owing.spared.append(Spared(Post.OFFICE, Say.NO_OFFICE))


def on_trial(part: Owing, fire: Fire, sight: Sight) -> Owing:
    """The same with everything but the office's own going to the office, to be looked at."""
    whole = Owing([fact for fact in part.owed if fact.seat == Post.OFFICE], [*part.spared])
    if len(whole.owed) < len(part.owed):
        owe_office(whole, fire, TRIAL + fire.name, sight)
    return whole


def asked_units(items: Sequence[Item], offset: int, staff: Staff) -> dict[str, list[Item]]:
    """Unit → what it is reminded of. Of joint leads the first that can be reached; on the last day all of them."""
    wanted: dict[str, list[Item]] = {}
    for item in items:
        leads = item.stored.lead_units
        first = next((unit for unit in leads if staff.reach(unit).staff_ids), leads[0] if leads else "")
        for unit in leads if offset <= 0 else (first,):
            if unit:
                wanted.setdefault(unit, []).append(item)
    return wanted


def not_owing(standing: Standing, wanted: Mapping[str, Sequence[Item]]) -> list[Spared]:
    """The units that owe nothing, and why."""
    units = dict.fromkeys(unit for item in standing.items for unit in item.stored.lead_units)
    return [Spared(unit, why_spared(standing, unit)) for unit in units if unit not in wanted]


def why_spared(standing: Standing, unit: str) -> str:
    """Why a unit that is not asked owes nothing."""
    still = standing.open((unit,))
    if still and still[0].until:
        return Say.WAITS.format(day=f"{still[0].until:%m-%d}")
    if still:
        return Say.FIRST.format(unit=still[0].stored.lead_units[0])
    no_data = any(item.owes is Owes.NO_DATA for item in standing.of((unit,)))
    return Say.NO_DATA if no_data else why_in_words("done")


def in_short(unit: str, items: Sequence[Item]) -> str:
    """市统计局：社会消费品零售年均增长."""
    return Say.ITEMS.format(unit=unit, names=Say.JOINED.join(item.facts.name for item in items[:3]))
