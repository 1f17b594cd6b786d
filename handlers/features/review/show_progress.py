"""我的进展, 单位进展, 进展 [事项]: how far things are, what is missing, and why. Shows only what the asker may see."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handlers.bounds import bounds_of
from handlers.everyday import split_period, without_fillers
from handlers.feature import Feature, Turn
from handlers.meanwhile import target_ruling_of
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.owing import Item, Owes, items_of
from handlers.progress_lines import by_right, measured, row
from handlers.rights import about_matter, allowed
from handlers.rules.lights import Bounds
from handlers.rules.periods import name as period_name
from handlers.rules.permissions import About, Action, Post

feature = Feature(
    "show_progress",
    {
        **dict.fromkeys(("填报员", "联络人", "备用联络人", "单位负责人"), ("我的进展",)),
        **dict.fromkeys(("办公室", "领导", "审核员", "审计"), ("单位进展", "进展")),
    },
)
SHOWN = 10  # matters in one list
LIKELY = 0.5


class Say:
    HEAD = "{unit}{period}：{count}件，已报{done}件。"
    MORE = "还有{count}件，说“进展 事项名”看单件。"
    NONE = "{unit}没有牵头的事项。"
    NO_UNIT = "还不知道您在哪个单位。说一句“我是某某局的”，或请办公室登记。"
    NO_SEAT = "报送进展要登记岗位后才能看，请联系办公室。{unit}的指标和目标可以直接问我。"
    NO_RIGHT = "{name}的进展由{leads}和办公室掌握，您这里看不到。通知里的目标可以问我。"
    HOW_MUCH = (
        r"(?P<name>.{0,30}?)(?:现在|目前|本期|这期|这次|本季度|这个季度|已经|一共|总共|都|到底)?"
        r"(?:上报|填报|报送|报)(?:的是|的|了)?(?:多少|几个|几件|哪些数|什么数)(?:个|所|家|件|了|呢|啊|呀)*"
    )
    NONE_APPROVED = "{unit}还没有审核通过的数。"
    OWN = r"(?:我们?|咱们?|本)(?:单位|局|办|镇|街道|部门)?|"
    NO_MATTER = "没有找到“{said}”这件事。"
    WHICH = "您是问哪一件？"
    ASK = "进展 {name}"
    ONE = "{name}（{leads}）"
    STAGE = "阶段：{stage}"
    LINE = "进展：{line}"
    NOT_REPORTED = "还没有审核通过的数。"
    WAITS = "另有一份{state}的，通过后更新。"
    PRIVATE = "已私信您。"
    OVERVIEW = "{period}共{count}件，已报{done}件，审核通过{approved}件。"
    OVERVIEW_ROW = "{unit}：{done}/{count}"
    ASK_ONE = "单看一件说：进展 {name}"
    RULED = "目标{ruling}。"
    NO_LIGHT = "没有数字目标，只看阶段，不评颜色。"


@feature.command("我的进展", "我们的进展", "本单位进展")
async def mine(turn: Turn) -> Reply | None:
    """The asker's own units, 1:1."""
    if not turn.person.seats:
        return Reply(Say.NO_SEAT.format(unit=turn.unit) if turn.unit else Say.NO_UNIT)
    replies = [await unit_page(turn, unit) for unit in turn.person.units]
    return privately(turn, Reply("\n".join(reply.text for reply in replies), replies[0].buttons))


def privately(turn: Turn, reply: Reply) -> Reply:
    """In a group the answer goes to the asker alone."""
    if turn.private or not turn.person.staff_id:
        return reply
    turn.tell(Receiver("person", turn.person.staff_id), Announcement(reply.text, reply.buttons))
    return Reply(Say.PRIVATE)


@feature.command("单位进展", takes=True)
async def of_unit(turn: Turn) -> Reply | None:
    """One unit's page, or all units with their counts."""
    unit = turn.library.unit(turn.rest) if turn.rest else None
    if turn.rest and unit is None:
        return Reply(Say.NO_MATTER.format(said=turn.rest[:20]))
    if unit:
        return privately(turn, await unit_page(turn, unit))
    return privately(turn, await overview(turn)) if sees_all(turn) else await mine(turn)


@feature.hears(Say.HOW_MUCH)
async def how_much(turn: Turn) -> Reply | None:
    """教体局报了多少, 校园报了多少, 我们报了多少: what was reported is never answered with a target."""
    found = re.fullmatch(Say.HOW_MUCH, turn.text.strip("。.!！?？ "))
    period, said = split_period(found["name"].strip() if found else "")
    if period:
        return await turn.open("那一期", period=period, said=said)
    if re.fullmatch(Say.OWN, said) or not without_fillers(said):
        return await mine(turn)
    if unit := turn.library.unit(said):
        return privately(turn, await unit_page(turn, unit))
    item = await chosen(turn, said)
    return privately(turn, matter_page(turn, item)) if isinstance(item, Item) else item


def sees_all(turn: Turn) -> bool:
    """Whether the asker may see approved values of every unit."""
    return any(post in turn.person.posts for post in (Post.OFFICE, Post.LEADER, Post.REVIEWER, Post.AUDITOR))


async def overview(turn: Turn) -> Reply:
    """Counts of each unit, in printed order; no ranking."""
    lines: list[str] = []
    for notice in turn.library.notices:
        items = await items_of(turn.work, turn.library, notice.key, turn.now, workdays=turn.workdays)
        if not items:
            continue
        period = period_name(items[0].span.key, turn.now.date())
        approved = sum(item.owes is Owes.APPROVED for item in items)
        done = sum(not item.open for item in items)
        lines.append(Say.OVERVIEW.format(period=period, count=len(items), done=done, approved=approved))
        units = dict.fromkeys(item.stored.lead_units[0] for item in items if item.stored.lead_units)
        for unit in units:
            own = [item for item in items if unit in item.stored.lead_units]
            lines.append(Say.OVERVIEW_ROW.format(unit=unit, done=sum(not i.open for i in own), count=len(own)))
    return Reply("\n".join(lines))


async def unit_page(turn: Turn, unit: str) -> Reply:
    """Every matter of a unit with value, words and state."""
    items: list[Item] = []
    for notice in turn.library.notices:
        items += await items_of(turn.work, turn.library, notice.key, turn.now, unit=unit, workdays=turn.workdays)
    if not items:
        return Reply(Say.NONE.format(unit=unit))
    seen = [
        item
        for item in items
        if allowed(turn, Action.SEE_STATE, about_matter(item.stored)) or any(by_right(turn, item))
    ]
    if not seen:
        sees = allowed(turn, Action.SEE_APPROVED, About(lead_units=(unit,)))
        return Reply(Say.NONE_APPROVED.format(unit=unit) if sees else Say.NO_RIGHT.format(name=unit, leads=unit))
    done = sum(not item.open for item in seen)
    period = period_name(seen[0].span.key, turn.now.date())
    lines = [Say.HEAD.format(unit=unit, period=period, count=len(seen), done=done)]
    lines += [row(turn, number_, item) for number_, item in enumerate(seen[:SHOWN], 1)]
    lines += [Say.MORE.format(count=len(seen) - SHOWN)] if len(seen) > SHOWN else []
    return Reply("\n".join(lines), tuple(Button(i.stored.name, Say.ASK.format(name=i.stored.name)) for i in seen[:3]))


@feature.command("进展", "查进展", "某事项进展", takes=True)
async def one(turn: Turn) -> Reply | None:
    """One matter: value, what remains, the pace needed; without a name the asker's page."""
    if not turn.rest:
        screen = await turn.open("领导看板")
        return screen or (privately(turn, await overview(turn)) if sees_all(turn) else await mine(turn))
    found = await chosen(turn, turn.rest)
    return privately(turn, matter_page(turn, found)) if isinstance(found, Item) else found


@feature.hears(r"(?P<name>.{2,30}?)(还差多少|进展怎么样|到哪一步了|进展如何)")
async def how_far(turn: Turn) -> Reply | None:
    """The same in a sentence, for those who may see values; others are answered from the notice."""
    if not turn.person.seats:
        return None
    said = turn.text.rstrip("？?。")
    for tail in ("还差多少", "进展怎么样", "到哪一步了", "进展如何"):
        said = said.removesuffix(tail)
    found = await chosen(turn, said)
    if not isinstance(found, Item) or not any(by_right(turn, found)):
        return None
    return privately(turn, matter_page(turn, found))


@feature.opens("为什么一件")
async def explain(turn: Turn, facts: Mapping[str, str]) -> Reply | None:
    """The rule, the inputs, what turns it normal; the colour only to who sees colours."""
    found = await chosen(turn, facts["said"])
    if not isinstance(found, Item):
        return found
    return privately(turn, matter_page(turn, found, await bounds_of(turn.work)))


async def chosen(turn: Turn, said: str) -> Item | Reply:
    """The matter that is meant; several likely ones are asked about."""
    scored = [(m, score) for m, score in turn.library.find_matters(said) if score >= LIKELY]
    close = [m for m, score in scored if score >= scored[0][1] - 0.05][:3]
    if not close:
        return Reply(Say.NO_MATTER.format(said=said[:20]))
    items = [
        item
        for notice in turn.library.notices
        for item in await items_of(turn.work, turn.library, notice.key, turn.now, workdays=turn.workdays)
        if item.facts in close
    ]
    told = [item for item in items if len(close) > 1 and any(by_right(turn, item))]
    if len(told) == 1:
        return told[0]  # of several that the words may mean the only one with anything to tell
    if len(close) > 1:
        return Reply(Say.WHICH, tuple(Button(m.name, Say.ASK.format(name=m.name)) for m in close))
    return items[0] if items else Reply(Say.NO_MATTER.format(said=said[:20]))


def matter_page(turn: Turn, item: Item, bounds: Bounds | None = None) -> Reply:
    """Name, leads, each measure's value with what remains, the line; with `bounds` why it stands so."""
    approved, waits = by_right(turn, item)
    leads = "、".join(item.stored.lead_units)
    if not allowed(turn, Action.SEE_APPROVED, about_matter(item.stored)):
        return Reply(Say.NO_RIGHT.format(name=item.stored.name, leads=leads))
    lines = [Say.ONE.format(name=item.stored.name, leads=leads)]
    shown = approved or waits
    colours = allowed(turn, Action.ASK_WORD)
    lines += measured(item, shown, turn.now.date(), bounds, colours=colours) if shown else [Say.NOT_REPORTED]
    ruling = target_ruling_of(item.facts, turn.library, item.stored.notice)
    lines += [Say.RULED.format(ruling=ruling)] if shown and ruling else []
    if shown and shown.figures.get("stage"):
        lines.append(Say.STAGE.format(stage=shown.figures["stage"]))
        lines += [Say.NO_LIGHT] if bounds else []
    lines += [Say.LINE.format(line=shown.line)] if shown and shown.line else []
    lines += [Say.WAITS.format(state=item.owes.value)] if approved and waits else []
    return Reply("\n".join(lines))
