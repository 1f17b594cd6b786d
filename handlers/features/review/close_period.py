"""封存: a period closed on its snapshot, with an archive to hand over; opened again for a reason, under four eyes."""

from __future__ import annotations

from dataclasses import replace

from handlers.arrivals import tell
from handlers.errands import Arrived, Errand
from handlers.feature import Feature, Round, Turn
from handlers.handing_in import seated, tell_all
from handlers.message import Announcement, Button, Receiver, Reply, SentFile
from handlers.owing import span_of
from handlers.rights import actor, allowed
from handlers.rules.periods import is_key, span
from handlers.rules.periods import name as period_name
from handlers.rules.permissions import Action, Post
from handlers.sealing import sealed
from handlers.snapshot import Snapshot, from_json, to_json
from handlers.taking import take
from handlers.wording import one_line
from storage import AlreadyDecided, Person, Request

feature = Feature("close_period", {"办公室": ("封存",)})
MADE = "封存包做好"


class Say:
    NOT_OFFICE = "封存和重开由办公室来办，请在单聊里说。"
    SURE = "封存{period}：{matters}件事，{states}。封存后的汇总表不再变；没通过的按现状留存。确定封存吗？"
    STATE = "{state}{count}件"
    YES, NO = "确认封存", "不封存"
    KEPT = "好的，没有封存。"
    CLOSED = "已封存{period}，正在做封存包，马上发您。"
    ALREADY = "{period}已于{at:%m月%d日}封存。"
    AGAIN, REOPEN = "再发封存包", "重开"
    DONE = "封存包（{period}）：表、填报、审核、口径、名册、消息、附件都在里面，核对办法见说明。\n审计链头：{head}"
    FAILED = "封存已记下，封存包没有做成。请说“再发封存包”再试。"
    NOT_YET = "{period}还没有开始（{first.year}年{first.month}月{first.day}日起），不能封存。"
    NOT_OVER = "这一期到{last.month}月{last.day}日才结束。"
    NO_PERIOD = "没有“{said}”这个报送期。例如：封存 三季度。"
    NOT_CLOSED = "{period}没有封存，不用重开。"
    WHY = "请写明重开的理由，例如：重开 三季度 统计口径有误，需更正社零数。"
    ASKED = "已请{names}复核；他们同意后才重开。"
    NOBODY = "要重开须由与责任单位无关的审核员或办公室同志复核，现在没有这样的人。已记下：待复核。"
    TOLD = "{who}申请重开{period}，理由：{why}"
    AGREE, REFUSE = "同意重开", "不同意重开"
    NOT_YOU = "重开要由没有参与、也不在责任单位的另一位同志复核。"
    GONE = "这件已经办过了。"
    OPENED = "{period}已重开（理由：{why}）。原来的封存留档。"
    REFUSED = "{who}不同意重开{period}。"
    FILE = "封存包_{period}.zip"
    LIST, JOIN = "、", "，"


@feature.command("封存", "封存本期", "期末封存", takes=True)
async def ask_to_close(turn: Turn) -> Reply:
    """Say what would be sealed, and ask."""
    found = await chosen(turn, turn.rest)
    if isinstance(found, Reply):
        return found
    notice, period = found
    name = period_name(period, turn.now.date())
    if closing := await turn.work.closings.closed(notice, period):
        buttons = (Button(Say.AGAIN, f"再发封存包 {period}"),)
        return Reply(Say.ALREADY.format(period=name, at=closing.closed_at.astimezone(turn.now.tzinfo)), buttons)
    snapshot = await take(turn.work, turn.library, notice, turn.now, turn.workdays, period=period)
    words = Say.SURE.format(period=name, matters=len(snapshot.matters), states=states_of(snapshot))
    last = span(period)[1]
    words = (Say.NOT_OVER.format(last=last) if turn.now.date() <= last else "") + words
    return Reply(words, (Button(Say.YES, f"确认封存 {period}"), Button(Say.NO, "不封存")))


def states_of(snapshot: Snapshot) -> str:
    """How many in each state."""
    states = [row.state for row in snapshot.matters]
    return Say.JOIN.join(Say.STATE.format(state=s, count=states.count(s)) for s in dict.fromkeys(states))


async def chosen(turn: Turn, said: str) -> tuple[str, str] | Reply:
    """(notice, period) that is meant: the present one, or the one said."""
    if not allowed(turn, Action.CLOSE_PERIOD) or not turn.private:
        return Reply(Say.NOT_OFFICE)
    plain = said.replace(" ", "").upper()
    for notice in turn.library.notices:
        present = span_of(await turn.work.plans.current(notice.key), turn.now.date(), turn.workdays).key
        keys = {present, *(s.period for s in await turn.work.submissions.of_period(notice.key))}
        names = {period_name(key, turn.now.date()): key for key in keys} | {key: key for key in keys}
        if not plain or plain in names:
            key = names.get(plain, present)
            return not_yet(turn, key) or (notice.key, key)
        if is_key(plain):
            return not_yet(turn, plain) or (notice.key, plain)
    return Reply(Say.NO_PERIOD.format(said=said[:20]))


def not_yet(turn: Turn, period: str) -> Reply | None:
    """That the period is still to come; None when it has begun."""
    first = span(period)[0]
    if first <= turn.now.date():
        return None
    return Reply(Say.NOT_YET.format(period=period_name(period, turn.now.date()), first=first))


@feature.command("不封存")
async def leave(turn: Turn) -> Reply:
    """Nothing is closed."""
    return Reply(Say.KEPT)


@feature.command("确认封存", takes=True)
async def close(turn: Turn) -> Reply:
    """Close on the snapshot of this moment; the archive follows."""
    found = await chosen(turn, turn.rest)
    if isinstance(found, Reply):
        return found
    notice, period = found
    name, by = period_name(period, turn.now.date()), actor(turn, Post.OFFICE)
    snapshot = await take(turn.work, turn.library, notice, turn.now, turn.workdays, period=period)
    if await turn.work.closings.closed(notice, period) is None:
        await send_for_archive(turn, snapshot)
    try:
        closing = await turn.work.closings.close(notice, period, to_json(snapshot), snapshot.head, by, turn.now)
    except AlreadyDecided as already:
        at = (already.at or turn.now).astimezone(turn.now.tzinfo)
        return Reply(Say.ALREADY.format(period=name, at=at), (Button(Say.AGAIN, f"再发封存包 {period}"),))
    assert closing.period == period
    return Reply(Say.CLOSED.format(period=name))


async def send_for_archive(turn: Turn, snapshot: Snapshot) -> None:
    """Have the archive made of what storage holds at this moment."""
    paper = await sealed(turn.work, snapshot, turn.now)
    note = {"notice": snapshot.notice, "period": snapshot.period, "name": snapshot.period_name, "head": snapshot.head}
    turn.send_for(Errand(MADE, turn.person.staff_id or "", note, papers=(paper,)))


@feature.command("再发封存包", takes=True)
async def send_again(turn: Turn) -> Reply:
    """The archive that was made; made anew when it never was, with what the audit holds now."""
    found = await chosen(turn, turn.rest)
    if isinstance(found, Reply):
        return found
    closing = await turn.work.closings.closed(*found)
    name = period_name(found[1], turn.now.date())
    if closing is None:
        return Reply(Say.NOT_CLOSED.format(period=name))
    if closing.archive:
        file = SentFile(closing.archive, Say.FILE.format(period=closing.period))
        return Reply(Say.DONE.format(period=name, head=closing.head), files=(file,))
    await send_for_archive(turn, replace(from_json(closing.snapshot), head=await turn.work.audit.head()))
    return Reply(Say.CLOSED.format(period=name))


@feature.awaits(MADE)
async def hand_over(round: Round, arrived: Arrived) -> None:
    """Note the archive at its closing, hand it to whoever closed."""
    note = {name: str(value) for name, value in arrived.errand.note.items()}
    if arrived.trouble or not arrived.files:
        return tell(round, arrived, Say.FAILED, [Button(Say.AGAIN, f"再发封存包 {note['period']}")])
    closing = await round.work.closings.closed(note["notice"], note["period"])
    if closing:
        await round.work.closings.seal(closing.id, arrived.files[0].key)
    words = Say.DONE.format(period=note["name"], head=note["head"])
    to = Receiver("person", arrived.errand.person)
    return round.tell(to, Announcement(words, files=arrived.files), "archive")


@feature.command("重开", takes=True)
async def ask_to_reopen(turn: Turn) -> Reply:
    """Keep the reason and ask those who may agree."""
    said, _, why = turn.rest.partition(" ")
    found = await chosen(turn, said)
    if isinstance(found, Reply):
        return found
    notice, period = found
    name = period_name(period, turn.now.date())
    if await turn.work.closings.closed(notice, period) is None:
        return Reply(Say.NOT_CLOSED.format(period=name))
    if not why.strip():
        return Reply(Say.WHY)
    number = await turn.work.requests.ask(
        "reopen", "", actor(turn, Post.OFFICE), turn.now, notice=notice, period=period, body={"why": one_line(why)}
    )
    people = await independent(turn, notice, turn.person.staff_id)
    if not people:
        return Reply(Say.NOBODY)
    told = Say.TOLD.format(who=turn.person.name, period=name, why=one_line(why))
    buttons = (Button(Say.AGREE, f"同意重开 #{number}"), Button(Say.REFUSE, f"不同意重开 #{number}"))
    tell_all(turn, people, Announcement(told, buttons))
    return Reply(Say.ASKED.format(names=Say.LIST.join(p.name for p in people)))


async def independent(turn: Turn, notice: str, asker: str | None) -> list[Person]:
    """Reviewers and office people who did not ask and sit in no unit that leads a matter of the notice."""
    leads = {unit for m in await turn.work.matters.current(notice) for unit in m.lead_units}
    people = [*await seated(turn, None, Post.REVIEWER), *await seated(turn, None, Post.OFFICE)]
    found = {p.id: p for p in people if p.staff_id != asker and leads.isdisjoint(p.units)}
    return list(found.values())


async def pressed(turn: Turn) -> Request | Reply:
    """The request of the button, if it is open and the sender may decide it."""
    request = await turn.work.requests.get(int(turn.tag.ref)) if turn.tag and turn.tag.ref.isdecimal() else None
    if request is None or request.kind != "reopen" or request.closed_at:
        return Reply(Say.GONE)
    people = await independent(turn, request.notice or "", request.asked_by)
    me = turn.person.staff_id
    return request if any(p.staff_id == me for p in people) and turn.private else Reply(Say.NOT_YOU)


@feature.command("同意重开")
async def agree(turn: Turn) -> Reply:
    """Open it again; the old closing stays on record."""
    request = await pressed(turn)
    if isinstance(request, Reply):
        return request
    why, by = str(request.body.get("why", "")), actor(turn)
    name = period_name(request.period or "", turn.now.date())
    await turn.work.requests.close(request.id, "granted", by, turn.now)
    opened = await turn.work.closings.reopen(request.notice or "", request.period or "", why, by, turn.now)
    if not opened:
        return Reply(Say.NOT_CLOSED.format(period=name))
    words = Say.OPENED.format(period=name, why=why)
    turn.tell(Receiver("person", request.asked_by), Announcement(words))
    return Reply(words)


@feature.command("不同意重开")
async def refuse(turn: Turn) -> Reply:
    """It stays closed; whoever asked hears it."""
    request = await pressed(turn)
    if isinstance(request, Reply):
        return request
    await turn.work.requests.close(request.id, "refused", actor(turn), turn.now)
    words = Say.REFUSED.format(who=turn.person.name, period=period_name(request.period or "", turn.now.date()))
    turn.tell(Receiver("person", request.asked_by), Announcement(words))
    return Reply(words)
