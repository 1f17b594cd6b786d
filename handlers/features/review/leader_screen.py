"""领导看板: six lines on Mondays at nine and on asking; 偏慢 with one tap to ask; the office's sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from handlers.bounds import bounds_of
from handlers.feature import Feature, Round, Turn
from handlers.leading import Asked, Beside, screen, slow_ones, worst_of
from handlers.meanwhile import target_ruling
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.rights import actor, allowed
from handlers.rules.lights import Bounds, standing, why
from handlers.rules.permissions import Action, Post
from handlers.rules.workdays import Workdays
from handlers.snapshot import MatterRow, Number, Snapshot
from handlers.taking import take
from knowledge import Kind
from storage import Person

feature = Feature("leader_screen", {"领导": ("领导看板", "看偏慢"), "办公室": ("领导看板", "领导附言")})
TICK, EVERY = "leader screen", "0 9 * * 1"
WORD = "leader/word"
LONGEST = 80
STANDS = timedelta(days=7)


class Say:
    NO_RIGHT = "领导看板给领导和办公室看。您可以说“我的进展”。"
    PRIVATE = "已私信您。"
    ASK, SAYS_ASK = "请{unit}说明", "请说明 #{id}"
    SEE, SAYS_SEE, CHART = "看偏慢{count}件", "看偏慢", "进展图"
    SLOW = "偏慢{count}件（按各自数据截至日比时间进度）："
    ROW = "{n}. {name}：{words}（{leads}，数据截至{as_of}）"
    NONE_SLOW = "没有偏慢的。"
    UNKNOWN = "没有偏慢的；{count}件还没有审核通过的数，看不出快慢。"
    HOW = "为什么：说“为什么 事项名”。"
    SET = "附言记下了，看板里显示一周：{words}"
    EMPTY = "请写在后面，例如：领导附言 物流终端两家站点本周动工。写“领导附言 无”就去掉。"
    GONE = "附言去掉了。"
    LONG = "请在{longest}字以内。"
    OFFICE_ONLY = "附言由办公室来写。"
    NONE = "无"
    RANK = (
        r"(给我)?(各单位)?(排个名|排名|排个队|排一排|后三名|前三名"
        r"|(谁|哪个单位|哪家|哪个局)(最慢|最差|最落后|落后|垫底|倒数|排最后|拖后腿)(了|的)?)"
    )
    NO_RANK = "没有启用排名；按通知顺序列出如下："
    LISTED = "{name}（{leads}）：{words}"
    NOT_REPORTED = "还没有审核通过的数"
    MORE = "…共{count}件，全部在汇总表里。"
    REASON, REASONS = "{name}：{why}", 3
    RULED = "目标{ruling}。"
    LINES, SHORT = 10, 6


@feature.command("领导看板", "看板", "领导一屏", "一屏")
async def show(turn: Turn) -> Reply:
    """The screen as it stands now."""
    return await shown(turn, turn.person)


@feature.opens("领导看板")
async def open_screen(turn: Turn, _: Mapping[str, str]) -> Reply | None:
    """The same for a feature that hands over; None for who has no right to it."""
    return await shown(turn, turn.person) if Post.LEADER in turn.person.posts else None


async def shown(turn: Turn, person: Person) -> Reply:
    """The screen, 1:1."""
    if not allowed(turn, Action.ASK_WORD) or not person.staff_id:
        return Reply(Say.NO_RIGHT)
    said = [await said_to(turn, notice.key, person) for notice in turn.library.notices]
    buttons = next((s.buttons for s in said if s.buttons), ())
    text = "\n".join(s.text for s in said)
    if turn.private:
        return Reply(text, buttons)
    turn.tell(Receiver("person", person.staff_id), Announcement(text, buttons))
    return Reply(Say.PRIVATE)


async def said_to(at: Turn | Round, notice: str, person: Person) -> Announcement:
    """The screen of one notice with its buttons."""
    snapshot = await snapshot_of(at, notice)
    text = screen(snapshot, await beside(at, notice, person), at.now.date())
    slow = slow_ones(snapshot)
    buttons = [ask_button(row) for row, _ in slow[:1] if row.leads]
    buttons += [Button(Say.SEE.format(count=len(slow)), Say.SAYS_SEE)] if slow else []
    return Announcement(text, (*buttons, Button(Say.CHART)))


async def snapshot_of(at: Turn | Round, notice: str) -> Snapshot:
    """Approved values only."""
    workdays = at.workdays if isinstance(at, Turn) else Workdays()
    return await take(at.work, at.library, notice, at.now, workdays, approved_only=True, head="")


def ask_button(row: MatterRow) -> Button:
    """One tap to ask the unit that leads it."""
    return Button(Say.ASK.format(unit=row.leads[0]), Say.SAYS_ASK.format(id=row.id))


async def beside(at: Turn | Round, notice: str, person: Person) -> Beside:
    """The leader's open questions on top, what waits for him, difficulties, the office's sentence of the week."""
    asked: list[Asked] = []
    yours = difficulties = 0
    for request in await at.work.requests.open():
        if request.notice != notice:
            continue
        if request.kind == "word" and request.asked_by == person.staff_id and request.body.get("asks") == "leader":
            asked.append(Asked(str(request.body.get("matter", "")), request.state == "answered"))
        yours += request.kind == "target"
        difficulties += request.kind == "difficulty"
    asked.sort(key=lambda one: not one.answered)
    return Beside(tuple(asked), yours, difficulties, await office_word(at))


async def office_word(at: Turn | Round) -> str:
    """What the office added, while it is fresh."""
    kept = await at.work.settings.get(WORD)
    if not isinstance(kept, Mapping) or not kept.get("words"):
        return ""
    fresh = at.now.date() - date.fromisoformat(str(kept["day"])) < STANDS
    return str(kept["words"]) if fresh else ""


@feature.every(TICK, EVERY, "latest")
async def on_monday(round: Round) -> None:
    """To every leader, once there is a published plan and anything was approved."""
    running = {plan.notice for plan in await round.work.plans.all_current() if plan.state == "published"}
    due = (round.due or round.now).date()
    for notice in round.library.notices:
        if notice.key not in running or not await round.work.submissions.approved(notice.key):
            continue
        for person in await round.work.directory.people(round.now, post=Post.LEADER):
            if person.staff_id:
                said = await said_to(round, notice.key, person)
                round.tell(Receiver("person", person.staff_id, person.name), said, f"{due}/{notice.key}/{person.id}")


@feature.command("看偏慢", "偏慢")
async def see_slow(turn: Turn) -> Reply:
    """Those behind, each in words, the first three to be asked by a tap."""
    if not allowed(turn, Action.ASK_WORD):
        return Reply(Say.NO_RIGHT)
    lines: list[str] = []
    buttons: list[Button] = []
    unknown = 0
    for notice in turn.library.notices:
        snapshot = await snapshot_of(turn, notice.key)
        slow = slow_ones(snapshot)
        unknown += sum(1 for row in snapshot.matters if not worst_of(row) and not row.stage)
        for n, (row, number) in enumerate(slow[: Say.LINES], len(lines) + 1):
            lines.append(Say.ROW.format(n=n, name=row.name, words=number.words, leads="、".join(row.leads),
                                        as_of=row.as_of))  # fmt: skip
            buttons += [ask_button(row)] if row.leads else []
    if not lines:
        return Reply(Say.UNKNOWN.format(count=unknown) if unknown else Say.NONE_SLOW)
    text = "\n".join([Say.SLOW.format(count=len(lines)), *lines, Say.HOW])
    if not turn.private:
        turn.tell(Receiver("person", turn.person.staff_id or ""), Announcement(text, tuple(buttons[:3])))
        return Reply(Say.PRIVATE)
    return Reply(text, tuple(buttons[:3]))


@feature.opens("为什么偏慢")
async def explain_slow(turn: Turn, _: Mapping[str, str]) -> Reply | None:
    """The rule, the inputs and what turns it normal, of the first that are behind; None for who sees no colours."""
    if not allowed(turn, Action.ASK_WORD):
        return None
    bounds = await bounds_of(turn.work)
    lines: list[str] = []
    for notice in turn.library.notices:
        slow = slow_ones(await snapshot_of(turn, notice.key))
        lines += [Say.REASON.format(name=row.name, why=why_slow(row, n, bounds)) for row, n in slow[: Say.REASONS]]
    text = "\n".join([*lines[: Say.REASONS], Say.HOW]) if lines else Say.NONE_SLOW
    if turn.private:
        return Reply(text)
    turn.tell(Receiver("person", turn.person.staff_id or ""), Announcement(text))
    return Reply(Say.PRIVATE)


def why_slow(row: MatterRow, n: Number, bounds: Bounds) -> str:
    """Rule and inputs of a figure, on the day it stands for."""
    if row.as_of is None:
        return n.words
    ruling = target_ruling(row)
    reason = why(standing(Kind(n.kind), n.unit, dict(n.targets), n.value, row.as_of, bounds))
    return reason + (Say.RULED.format(ruling=ruling) if ruling else "")


@feature.command("领导附言", takes=True)
async def set_word(turn: Turn) -> Reply:
    """The office's one sentence of the week."""
    if not allowed(turn, Action.SET_PLAN) or not turn.private:
        return Reply(Say.OFFICE_ONLY)
    words = turn.rest.strip()
    if not words:
        return Reply(Say.EMPTY)
    if len(words) > LONGEST:
        return Reply(Say.LONG.format(longest=LONGEST))
    words = "" if words == Say.NONE else words
    kept = {"words": words, "day": turn.now.date().isoformat()}
    await turn.work.settings.set(WORD, kept, actor(turn, Post.OFFICE), turn.now)
    return Reply(Say.SET.format(words=words) if words else Say.GONE)


@feature.hears(Say.RANK)
async def no_ranking(turn: Turn) -> Reply | None:
    """No ranks: in the notice's order."""
    if not allowed(turn, Action.ASK_WORD) or not turn.private:
        return None
    lines = [Say.NO_RANK]
    for notice in turn.library.notices:
        rows = (await snapshot_of(turn, notice.key)).matters
        lines += [listed(row) for row in rows[: Say.LINES]]
        lines += [Say.MORE.format(count=len(rows))] if len(rows) > Say.LINES else []
    return Reply("\n".join(lines))


def listed(row: MatterRow) -> str:
    """A matter with where it stands, in words."""
    words = next((n.words for n in row.numbers if n.words), "") or row.stage or Say.NOT_REPORTED
    return Say.LISTED.format(name=row.name, leads="、".join(row.leads), words=words)
