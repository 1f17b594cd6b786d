"""自设事项: a matter the office adds to a notice, with its basis; shown before it is added, stopped at a word."""

from __future__ import annotations

from collections.abc import Mapping

from handlers import tray
from handlers.as_printed import wanted_of
from handlers.feature import Feature, Turn
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.own_matters import MEASURES, Wish, document_of, read_wish
from handlers.plan_terms import plan_of
from handlers.rights import actor, allowed
from handlers.rules.permissions import CLERKS, Action, Post
from handlers.wording import key
from knowledge import Matter, Notice, Ref
from storage import JSON, StoredMatter

feature = Feature("add_matter", {"办公室": ("自设事项",)})
TRAY = "own matter"


class Say:
    NOT_OFFICE = "自设事项由办公室来定。"
    ALONE = "请在单聊里办。"
    HOW = (
        "增加请说：自设事项 名称 牵头 {unit} 目标 2021年30个、2022年60个 依据 某次会议纪要（配合单位、目标可以不写）。"
    )
    NO_NOTICE = "还没有发布的通知，请先把通知发给我。"
    WHICH = "记在哪份通知下面？"
    SAME = "{notice}里已经有“{name}”（{places}），不用另设。"
    CARD = "请核对自设事项：{name}"
    LEADS, SUPPORTS, TARGETS, STAGES = (
        "牵头：{units}",
        "配合：{units}",
        "目标：{words}（{kind}）",
        "没有数字目标，按进度报",
    )
    BASIS = "依据：{basis}"
    AFTER = "加上后从本期起要报，任务、提醒和各种表里都有它。现在还没有加。"
    YES, NO = "加上", "不加"
    DONE = "已加上：{name}（{leads}牵头）。{told}"
    TOLD, NOBODY = "已告诉{count}位填报的同志。", "牵头单位还没有登记联络人，暂时没人能告诉。"
    OUTSIDE = "\n报送安排只管指定的几件，这件不在里面；要定期报请改报送安排。"
    NEWS = "办公室请您单位多报一件事：{name}。{wanted}依据：{basis}。本期起在“我的任务”里。"
    WANTED = "目标：{words}。"
    LEFT = "好的，没有加。"
    GONE = "没有等着确认的自设事项。"
    OLD = "这是旧的一张，请看最新的。"
    STOP = "停用"
    STOPPED = "已停用：{name}。不再要报，也不再提醒；报过的数都留着。"
    UNKNOWN = "没有叫“{said}”的自设事项。回“自设事项”看有哪些。"
    LIST, NONE = "自设事项{count}件：", "还没有自设事项。"
    LINE = "- {name}（{leads}；依据：{basis}）"
    MORE = "…另有{count}件"
    STOP_HOW = "不再要报请说：停用事项 名称"
    JOIN = "、"
    SHOWN = 8


def refused(turn: Turn) -> Reply | None:
    """Why the sender may not; None when he may."""
    if not allowed(turn, Action.ADD_MATTER):
        return Reply(Say.NOT_OFFICE)
    return None if turn.private else Reply(Say.ALONE)


@feature.command("自设事项", "增加事项", takes=True)
async def add(turn: Turn) -> Reply:
    """Read what is wanted and show it; without words, the list."""
    if (no := refused(turn)) is not None:
        return no
    if not turn.library.notices:
        return Reply(Say.NO_NOTICE)
    if not turn.rest:
        return await listed(turn)
    wish = read_wish(turn.rest, turn.library)
    if isinstance(wish, str):
        return Reply("\n".join([wish, how(turn)]))
    notices = [n for n in turn.library.notices if key(wish.notice) in key(n.key + n.title)]
    if len(notices) != 1:
        return which(turn, notices or turn.library.notices)
    return await card(turn, wish, notices[0])


def how(turn: Turn) -> str:
    """How to say it."""
    return Say.HOW.format(unit=next(iter(turn.library.units()), ""))


def which(turn: Turn, notices: list[Notice] | tuple[Notice, ...]) -> Reply:
    """Ask for the notice, the words repeated on each button."""
    return Reply(Say.WHICH, tuple(Button(n.title[:20], f"自设事项 {turn.rest} 通知 {n.key}") for n in notices[:3]))


async def card(turn: Turn, wish: Wish, notice: Notice) -> Reply:
    """What would be added; nothing is kept but this."""
    same = next((m for m in turn.library.matters(notice.key) if key(m.name) == key(wish.name)), None)
    if same:
        places = Say.JOIN.join(turn.library.show(ref, notice.key) for ref in same.refs[:2])
        return Reply(Say.SAME.format(notice=notice.title, name=wish.name, places=places))
    document: dict[str, JSON] = {
        "notice": notice.key, "name": wish.name, "leads": wish.leads, "supports": wish.supports, "basis": wish.basis,
        **document_of(wish, turn.now),
    }  # fmt: skip
    version = await tray.lay(turn.work, turn.person.staff_id or "", TRAY, document, turn.now)
    lines = [Say.CARD.format(name=wish.name), Say.LEADS.format(units=Say.JOIN.join(wish.leads))]
    lines += [Say.SUPPORTS.format(units=Say.JOIN.join(wish.supports))] if wish.supports else []
    lines += [targets_of(wish), Say.BASIS.format(basis=wish.basis), Say.AFTER]
    return Reply("\n".join(lines), (Button(Say.YES, f"加上事项 #{version}"), Button(Say.NO, f"不加事项 #{version}")))


def targets_of(wish: Wish) -> str:
    """The targets and how they are counted."""
    if not wish.measures:
        return Say.STAGES
    matter = Matter("", wish.name, (Ref(""),), wish.leads, wish.supports, wish.measures)
    return Say.TARGETS.format(words=wanted_of(matter), kind=wish.measures[0].kind.value)


@feature.command("加上事项", "不加事项")
async def decide(turn: Turn) -> Reply:
    """Add it, or put it away."""
    if (no := refused(turn)) is not None:
        return no
    staff = turn.person.staff_id or ""
    lying = await tray.see(turn.work, staff, TRAY)
    if lying is None:
        return Reply(Say.GONE)
    if turn.tag and turn.tag.ref != str(lying.version):
        return Reply(Say.OLD)
    await tray.clear(turn.work, staff, TRAY, turn.now)
    return await keep(turn, lying.document) if turn.text.startswith(Say.YES) else Reply(Say.LEFT)


async def keep(turn: Turn, document: Mapping[str, JSON]) -> Reply:
    """From now on it is a matter like the others."""
    notice, name, basis = (str(document[part]) for part in ("notice", "name", "basis"))
    leads, supports = names(document["leads"]), names(document["supports"])
    made = await turn.work.matters.add_own(
        notice, name, basis=basis, lead_units=leads, support_units=supports,
        document={part: document[part] for part in ("on", "measures")}, by=actor(turn, Post.OFFICE), at=turn.now,
    )  # fmt: skip
    await turn.work.notices.bump()
    matter = await turn.work.matters.get(made)
    assert matter is not None
    count = await tell_leads(turn, matter, document)
    told = Say.TOLD.format(count=count) if count else Say.NOBODY
    words = Say.DONE.format(name=name, leads=Say.JOIN.join(leads), told=told)
    outside = Say.OUTSIDE if await not_covered(turn, notice) else ""
    return Reply(words + outside, (Button(Say.STOP, f"停用事项 #{made}"),))


def names(value: JSON) -> tuple[str, ...]:
    """A list of words."""
    return tuple(str(word) for word in value) if isinstance(value, list | tuple) else ()


async def not_covered(turn: Turn, notice: str) -> bool:
    """Whether the plan asks for some matters only."""
    plan = await turn.work.plans.current(notice)
    return plan is not None and bool(plan_of(plan.terms).covers)


async def tell_leads(turn: Turn, matter: StoredMatter, document: Mapping[str, JSON]) -> int:
    """How many clerks of the lead units were told, each once."""
    people = {p.staff_id for u in matter.lead_units for p in await turn.work.directory.people(turn.now, unit=u)
              if p.staff_id and any(s.post in CLERKS and s.unit == u for s in p.seats)}  # fmt: skip
    measures = MEASURES.validate_python(document["measures"])
    wanted = wanted_of(Matter("", matter.name, (Ref(""),), (), (), measures)) if measures else ""
    text = Say.NEWS.format(
        name=matter.name, wanted=Say.WANTED.format(words=wanted) if wanted else "", basis=matter.basis
    )
    for staff in sorted(people):
        turn.tell(Receiver("person", staff), Announcement(text, (Button("我的任务"),)))
    return len(people)


@feature.command("停用事项", "停用自设事项", takes=True)
async def stop(turn: Turn) -> Reply:
    """Nothing is due for it any more; its reports stay."""
    if (no := refused(turn)) is not None:
        return no
    said, own = turn.rest, [m for m in await turn.work.matters.current() if m.own]
    found = [m for m in own if (turn.tag and turn.tag.ref == str(m.id)) or (said and key(said) == key(m.name))]
    if not found:
        return Reply(Say.UNKNOWN.format(said=said[:20]))
    await turn.work.matters.retire(found[0].id, actor(turn, Post.OFFICE), turn.now)
    await turn.work.notices.bump()
    return Reply(Say.STOPPED.format(name=found[0].name))


async def listed(turn: Turn) -> Reply:
    """The office's own matters and how to add one."""
    own = [m for m in await turn.work.matters.current() if m.own]
    rows = [
        Say.LINE.format(name=m.name, leads=Say.JOIN.join(m.lead_units), basis=(m.basis or "")[:30])
        for m in own[: Say.SHOWN]
    ]
    more = [Say.MORE.format(count=len(own) - Say.SHOWN)] if len(own) > Say.SHOWN else []
    head = Say.LIST.format(count=len(own)) if own else Say.NONE
    return Reply("\n".join([head, *rows, *more, *([Say.STOP_HOW] if own else []), how(turn)]))
