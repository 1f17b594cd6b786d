"""我接替……: a seat is taken over or claimed; office or the unit's head confirms; it moves with all open work."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handlers.feature import Feature, Turn
from handlers.handing_over import (
    Load,
    confirmers,
    holders,
    listed_without_account,
    load_of,
    may_confirm,
    seat,
)
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.rights import actor
from handlers.roster import unit_of
from handlers.rules.permissions import Post
from handlers.wording import key, plain
from storage import AlreadyDecided, Claim, Person

feature = Feature("hand_over", {"单位负责人": ("待确认岗位",), "办公室": ("待确认岗位",)})


class Say:
    POSTS = "|".join(sorted((post.value for post in Post), key=len, reverse=True))
    TAKES = (
        rf"(?:现在)?(?:由)?我?(?:来|已)?(?:接替|接任|接手|顶替|接)(?P<unit>.{{2,20}}?)的?(?P<post>{POSTS})(?:了|的?岗位|工作)*",
    )
    TAKES_FROM = r"我?(?:来|已)?(?:接替|接任|接手|顶替|替)(?P<name>[\u4e00-\u9fff（）()]{2,20}?)(?:了|的?岗位|的?工作)*"
    CLAIMS = (rf"(?:我是|我就是)(?P<unit>.{{2,20}}?)的?(?P<post>{POSTS})",)
    HOW = "请说：认领 单位 岗位，例如：认领 {unit} 联络人。岗位有：填报员、联络人、备用联络人、单位负责人。"
    EXAMPLE = "某某局"
    NO_UNIT = "通知和名单里没有“{unit}”这个单位，请写单位全称。"
    WHO = "{unit}的{post}有{count}位，您接替哪一位？"
    REPLACES = "我接替{name}"
    MINE = "您已经是{unit}的{post}，不用再办。"
    ASKED = "收到。您说要{what}{unit}的{post}{now}，已请{by}确认，确认后就能填报。"
    NOBODY = "收到，已记下。现在还没有人能确认，请联系办公室。"
    TAKE, CLAIM = "接替", "认领"
    NOW = "（现在是{names}）"
    PLEASE = "{name}说要{what}{unit}的{post}{now}。"
    LISTED = "名单上这个岗位登记的是{name}（手机尾号{tail}）。"
    MOVES = "随岗位一起移交：待报{waiting}件、没填完{half}件、需补一句{returned}件。"
    IS_IT = "是本人，也该由他来报吗？"
    YES, NO = "同意", "不同意"
    CONFIRMED = "已确认：{name}为{unit}的{post}。"
    DECIDED = "这件已经办过了（{state}）。"
    STATES: Mapping[str, str] = {"confirmed": "已同意", "refused": "没有同意", "gone": "已取消"}
    NOT_YOURS = "这个岗位由办公室或该单位负责人确认，本人不能确认自己的。"
    SEATED = "您已接任{unit}的{post}。交接单：待报{waiting}件、没填完{half}件、需补一句{returned}件{due}。"
    DUE = "，下次截止{due:%m月%d日 %H:%M}"
    EACH, TASKS, TRY = "逐项看", "我的任务", "试填"
    REPLACED = "{unit}的{post}已由{name}接任，您经手的记录都保留着您的名字。谢谢。"
    REFUSED_SAID = "已回复{name}：没有同意。"
    REFUSED = "您要{what}{unit}的{post}，对方没有同意。有疑问请联系办公室。"
    LIST = "待确认的岗位{count}个："
    LINE = "{name}：{unit} {post}"
    NONE = "没有待确认的岗位。"
    STRANGER = "没有认出您的身份，请在单位内部的钉钉里说。"
    IN_GROUP = "岗位交接请单独找我说。"
    GIVES = (r"(?:我)?(?:要|想|需要|准备)?(?:交接|换人|移交)(?:一下)?(?:工作|岗位)?(?:怎么办|怎么弄)?",)
    HOW_TO = (
        "请接手的同志对我说：我接替{unit}的{post}。{by}确认后，待报的、没填完的一起移交，您经手的记录保留您的名字。"
    )
    BY = "办公室或单位负责人"


@feature.hears(*Say.TAKES)
async def take_over(turn: Turn) -> Reply | None:
    """“我接替市教体局的联络人”."""
    found = next((m for p in Say.TAKES if (m := re.fullmatch(p, key(turn.text)))), None)
    return await claimed(turn, found["unit"], found["post"], takes=True) if found else None


@feature.hears(Say.TAKES_FROM)
async def take_over_from(turn: Turn) -> Reply | None:
    """“我接替张三”: the clerk's seat of that person."""
    found = re.fullmatch(Say.TAKES_FROM, key(turn.text))
    people = await turn.work.directory.by_name(found["name"], turn.now) if found else []
    seats = [(person, held) for person in people for held in person.seats]
    if len(seats) != 1:
        return None
    person, held = seats[0]
    return await ask(turn, held.unit, held.post, person) if turn.private else Reply(Say.IN_GROUP)


@feature.hears(*Say.CLAIMS)
async def say_so(turn: Turn) -> Reply | None:
    """“我是市统计局的联络人”."""
    found = next((m for p in Say.CLAIMS if (m := re.fullmatch(p, key(turn.text)))), None)
    return await claimed(turn, found["unit"], found["post"], takes=False) if found else None


@feature.hears(*Say.GIVES)
async def how_to_give(turn: Turn) -> Reply | None:
    """我要交接: whoever takes over says so."""
    held = next((s for s in turn.person.seats if s.unit), None)
    if held is None:
        return None
    return Reply(Say.HOW_TO.format(unit=held.unit, post=held.post, by=Say.BY)) if turn.private else Reply(Say.IN_GROUP)


@feature.command("认领", "认领岗位", takes=True)
async def claim(turn: Turn) -> Reply:
    """“认领 市统计局 联络人”."""
    found = re.fullmatch(rf"(?P<unit>.{{2,20}}?)的?(?P<post>{Say.POSTS})", key(turn.rest))
    if found is None:
        return Reply(Say.HOW.format(unit=next(iter(turn.library.units()), Say.EXAMPLE)))
    return await claimed(turn, found["unit"], found["post"], takes=False)


async def claimed(turn: Turn, said: str, post: str, *, takes: bool) -> Reply:
    """Find the seat that is meant, and ask for it."""
    if turn.person.staff_id is None:
        return Reply(Say.STRANGER)
    if not turn.private:
        return Reply(Say.IN_GROUP)
    unit = unit_of(turn.library, plain(said))
    known = unit in turn.library.units() or bool(await turn.work.directory.people(turn.now, unit=unit))
    if not known:
        return Reply(Say.NO_UNIT.format(unit=said[:20]))
    if any((s.unit, s.post) == (unit, post) for s in turn.person.seats):
        return Reply(Say.MINE.format(unit=unit, post=post))
    sitting = [p for p in await holders(turn, unit, post) if p.id != turn.person.id] if takes else []
    if len(sitting) > 1:
        buttons = tuple(Button(p.name, Say.REPLACES.format(name=p.name)) for p in sitting[:3])
        return Reply(Say.WHO.format(unit=unit, post=post, count=len(sitting)), buttons)
    return await ask(turn, unit, post, sitting[0] if sitting else None)


async def ask(turn: Turn, unit: str, post: str, replaced: Person | None) -> Reply:
    """Keep the claim and ask those who may confirm it, with what would move."""
    person = turn.person
    made = await turn.work.claims.claim(
        person.staff_id or "", person.name, unit, post, turn.now, replaces_id=replaced.id if replaced else None
    )
    facts = {"unit": unit, "post": post, "what": Say.TAKE if replaced else Say.CLAIM}
    facts["now"] = Say.NOW.format(names=replaced.name) if replaced else ""
    asked = await confirmers(turn, made)
    for one in asked:
        turn.tell(Receiver("person", one.staff_id or ""), await request(turn, made, facts))
    if not asked:
        return Reply(Say.NOBODY)
    return Reply(Say.ASKED.format(by="、".join(p.name for p in asked[:2]), **facts))


async def request(turn: Turn, made: Claim, facts: dict[str, str]) -> Announcement:
    """What the confirmer is asked."""
    load = await load_of(turn, made.unit)
    lines = [Say.PLEASE.format(name=made.name, **facts)]
    listed = None if made.replaces_id else await listed_without_account(turn, made.unit, made.post)
    if listed:
        lines.append(Say.LISTED.format(name=listed.name, tail=(listed.mobile or "")[-4:]))
    moves = Say.MOVES.format(waiting=load.waiting, half=load.half, returned=load.returned)
    lines += [moves] if load.waiting or load.half or load.returned else []
    buttons = (Button(Say.YES, f"同意接任 #{made.id}"), Button(Say.NO, f"不同意接任 #{made.id}"))
    return Announcement("\n".join([*lines, Say.IS_IT]), buttons)


async def pressed(turn: Turn) -> Claim | Reply:
    """The claim of the button, if the sender may decide it."""
    found = await turn.work.claims.get(int(turn.tag.ref)) if turn.tag else None
    if found is None:
        return await listed(turn)
    if not may_confirm(turn, found):
        return Reply(Say.NOT_YOURS)
    if found.state != "waiting":
        return Reply(Say.DECIDED.format(state=Say.STATES.get(found.state, found.state)))
    return found


@feature.command("同意接任", "确认接任")
async def agree(turn: Turn) -> Reply:
    """The seat moves; both sides hear of it."""
    found = await pressed(turn)
    if isinstance(found, Reply):
        return found
    try:
        await turn.work.claims.decide(found.id, "confirmed", actor(turn), turn.now)
    except AlreadyDecided as decided:
        return Reply(Say.DECIDED.format(state=Say.STATES.get(decided.state, "")))
    claimer = await turn.work.directory.meet(found.staff_id, found.name, turn.now)
    replaced = await seat(turn, found, claimer)
    turn.tell(Receiver("person", found.staff_id), handover_sheet(found, await load_of(turn, found.unit)))
    if replaced and replaced.staff_id:
        said = Say.REPLACED.format(unit=found.unit, post=found.post, name=found.name)
        turn.tell(Receiver("person", replaced.staff_id), Announcement(said))
    return Reply(Say.CONFIRMED.format(name=found.name, unit=found.unit, post=found.post))


def handover_sheet(made: Claim, load: Load) -> Announcement:
    """交接单: what now is the newcomer's."""
    due = Say.DUE.format(due=load.due) if load.due else ""
    text = Say.SEATED.format(
        unit=made.unit, post=made.post, waiting=load.waiting, half=load.half, returned=load.returned, due=due
    )
    return Announcement(text, (Button(Say.EACH, "填报"), Button(Say.TASKS), Button(Say.TRY)))


@feature.command("不同意接任")
async def disagree(turn: Turn) -> Reply:
    """Nothing moves; the claimer hears of it."""
    found = await pressed(turn)
    if isinstance(found, Reply):
        return found
    await turn.work.claims.decide(found.id, "refused", actor(turn), turn.now)
    what = Say.TAKE if found.replaces_id else Say.CLAIM
    said = Say.REFUSED.format(what=what, unit=found.unit, post=found.post)
    turn.tell(Receiver("person", found.staff_id), Announcement(said))
    return Reply(Say.REFUSED_SAID.format(name=found.name))


@feature.command("待确认岗位", "岗位待确认", "待确认的岗位")
async def waiting(turn: Turn) -> Reply:
    """The claims the sender may decide."""
    return await listed(turn)


async def listed(turn: Turn) -> Reply:
    """The list, the oldest with its buttons."""
    mine = [c for c in await turn.work.claims.waiting() if may_confirm(turn, c)] if turn.private else []
    if not mine:
        return Reply(Say.NONE)
    lines = [Say.LINE.format(name=c.name, unit=c.unit, post=c.post) for c in mine[:8]]
    first = mine[0]
    yes = Button(f"{Say.YES}{first.name}", f"同意接任 #{first.id}")
    no = Button(f"{Say.NO}{first.name}", f"不同意接任 #{first.id}")
    return Reply("\n".join([Say.LIST.format(count=len(mine)), *lines]), (yes, no))
