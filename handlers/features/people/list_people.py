"""人员: who sits where, for the office; a seat is ended here. Seats come by import_roster and hand_over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from handlers.feature import Feature, Turn
from handlers.handing_over import close_forms
from handlers.message import Button, Reply
from handlers.rights import actor, allowed
from handlers.roster import unit_of
from handlers.rules.permissions import Action
from storage import Person, Seat

feature = Feature("list_people", {"办公室": ("人员",), "管理员": ("人员",)})


class Say:
    NOT_OFFICE = "人员名单由办公室来看。"
    ALONE = "请在单聊里看。"
    SUMMARY = "登记{people}人，{seats}个岗位，{units}个单位。"
    POSTS = "岗位：{posts}。"
    MISSING = "还没对上钉钉的{count}人：{names}。"
    EMPTY = "通知里有牵头事项、还没有人的单位：{units}。"
    HOW = "看一个单位：人员 {unit}。加人：把名单（xlsx）发给我，或请本人说“认领 单位 岗位”。"
    UNIT = "{unit}："
    LINE = "{number}. {name}　{post}{account}"
    NO_ACCOUNT = "（未对上钉钉）"
    NOBODY = "{unit}还没有登记的人。请本人说：认领 {unit} 联络人。"
    END = "解除{name}的{post}"
    SURE = "解除后，{name}不再是{unit}的{post}，不能再填报；以前的记录都留着。确定吗？"
    YES, NO = "确定解除", "不解除"
    ENDED = "已解除：{name}不再是{unit}的{post}。"
    KEPT = "好的，没有动。"
    GONE = "这个岗位已经不在了。回“人员”看现在的名单。"
    OWN = "自己的岗位请别的同志来办。"
    SHOWN = 10


def refused(turn: Turn) -> Reply | None:
    """Why the sender may not see it here; None when he may."""
    if not allowed(turn, Action.SEATS):
        return Reply(Say.NOT_OFFICE)
    return None if turn.private else Reply(Say.ALONE)


@feature.command("人员", "人员名单", "名单", takes=True)
async def people(turn: Turn) -> Reply:
    """The roster in sum, or of one unit."""
    if (no := refused(turn)) is not None:
        return no
    everybody = await turn.work.directory.people(turn.now)
    return of_unit(unit_of(turn.library, turn.rest), everybody) if turn.rest else summary(turn, everybody)


def summary(turn: Turn, everybody: Sequence[Person]) -> Reply:
    """Counts, who has no account, which lead units have nobody."""
    seats = [seat for person in everybody for seat in person.seats]
    units = list(dict.fromkeys(seat.unit for seat in seats))
    lines = [Say.SUMMARY.format(people=len(everybody), seats=len(seats), units=len(units))]
    counts = Counter(seat.post for seat in seats)
    lines.append(Say.POSTS.format(posts="、".join(f"{post}{n}" for post, n in counts.items())))
    missing = [p.name for p in everybody if not p.staff_id]
    leads = dict.fromkeys(unit for m in turn.library.matters() for unit in m.lead_units)
    empty = [unit for unit in leads if unit not in units]
    lines += [Say.MISSING.format(count=len(missing), names="、".join(missing[: Say.SHOWN]))] if missing else []
    lines += [Say.EMPTY.format(units="、".join(empty))] if empty else []
    return Reply("\n".join([*lines, Say.HOW.format(unit=next(iter(units), ""))]))


def of_unit(unit: str, everybody: Sequence[Person]) -> Reply:
    """Who sits in a unit, the first three with a button that ends the seat."""
    held = [(person, seat) for person in everybody for seat in person.seats if seat.unit == unit]
    if not held:
        return Reply(Say.NOBODY.format(unit=unit[:20]))
    lines = [
        Say.LINE.format(number=n, name=p.name, post=s.post, account="" if p.staff_id else Say.NO_ACCOUNT)
        for n, (p, s) in enumerate(held[: Say.SHOWN], 1)
    ]
    buttons = tuple(Button(Say.END.format(name=p.name, post=s.post), f"解除岗位 #{s.id}") for p, s in held[:3])
    return Reply("\n".join([Say.UNIT.format(unit=unit), *lines]), buttons)


async def pressed(turn: Turn) -> tuple[Person, Seat] | Reply:
    """The seat of the button, if the sender may end it."""
    if (no := refused(turn)) is not None:
        return no
    number = int(turn.tag.ref) if turn.tag else 0
    everybody = await turn.work.directory.people(turn.now)
    found = next(((p, s) for p in everybody for s in p.seats if s.id == number), None)
    if found is None:
        return Reply(Say.GONE)
    return Reply(Say.OWN) if found[0].id == turn.person.id else found


@feature.command("解除岗位")
async def ask_end(turn: Turn) -> Reply:
    """Say what it means, and ask."""
    found = await pressed(turn)
    if isinstance(found, Reply):
        return found
    person, seat = found
    buttons = (Button(Say.YES, f"确定解除岗位 #{seat.id}"), Button(Say.NO, "不解除岗位"))
    return Reply(Say.SURE.format(name=person.name, unit=seat.unit, post=seat.post), buttons)


@feature.command("不解除岗位")
async def leave(turn: Turn) -> Reply:
    """Nothing was done."""
    return Reply(Say.KEPT)


@feature.command("确定解除岗位")
async def end(turn: Turn) -> Reply:
    """End the seat; history keeps it."""
    found = await pressed(turn)
    if isinstance(found, Reply):
        return found
    person, seat = found
    await turn.work.directory.unseat(seat.id, actor(turn), turn.now, "ended by the office")
    await close_forms(turn, person)
    return Reply(Say.ENDED.format(name=person.name, unit=seat.unit, post=seat.post))
