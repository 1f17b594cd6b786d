"""我局本期情况: the unit's own finished paragraphs to paste; wording one of them anew, by unit or office."""

from __future__ import annotations

import re

from handlers.feature import Aside, Feature, Turn
from handlers.form_words import Word, word_of
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.rights import about_matter, actor, allowed, reporting_unit
from handlers.rules.checks import plain
from handlers.rules.permissions import Action
from handlers.snapshot import MatterRow, Snapshot
from handlers.taking import take
from storage import Dialogue, State, StoredMatter, Submission

feature = Feature("tell_paragraphs", dict.fromkeys(("填报员", "联络人", "备用联络人", "单位负责人"), ("我局本期情况",)))
FORM = "word paragraph"
LIKELY, LONGEST = 0.5, 500
EDITS = 3  # matters with a button of their own


class Say:
    HEARS = r"(我|咱|本)(们)?(局|单位|部门|委|办|镇|街道|中心|行)?(的)?(本期|这期|本季度)?(情况|进展情况|小结)(说明)?"
    HEAD = "{unit}{period}进展情况（可直接粘贴）："
    ROW = "{n}. {name}：{text}{state}"
    STATE = "（{state}，以审核为准）"
    OPEN = "还没报的{count}件：{names}。"
    MORE = "等"
    NOTHING = "{unit}本期还没有报过，先填报就有进展情况了。"
    NO_SEAT = "这是各单位自己的进展情况，请先由办公室登记岗位。"
    EDIT = "改{name}"
    SAYS_EDIT = "改进展情况 {name}"
    REPORT = "填报"
    PRIVATE = "已私信您。"
    LIST = "、"
    NO_MATTER = "没有找到“{said}”这件事。"
    WHICH = "改哪一件？"
    NOT_YOURS = "{name}的进展情况由{leads}和办公室来改。"
    NOT_REPORTED = "{name}本期还没有报，先填报。"
    ASK = "现在写的是：{text}\n请发改好的一段（数不能变）；不改回“取消”。"
    MISSES = "这段里没有{value}。数要和报的一致，改数请说“更正 {name}”。请再发一次，或回“取消”。"
    LONG = "太长了，请在{longest}字以内。"
    KEPT = "改好了，汇总表里就用这一段。数一变会重新生成。"
    APPROVED, NO_DATA = "通过", "数据未出"


@feature.command("我局本期情况", "我单位本期情况", "本期情况", "进展情况", "本单位本期情况")
async def own_page(turn: Turn) -> Reply:
    """A paragraph for each matter the asker's units lead, 1:1."""
    if not turn.person.seats or not turn.person.staff_id:
        return Reply(Say.NO_SEAT)
    texts: list[str] = []
    names: list[str] = []
    for unit in turn.person.units:
        text, shown = await page_of(turn, unit)
        texts.append(text)
        names += shown
    buttons = tuple(Button(Say.EDIT.format(name=n[:8]), Say.SAYS_EDIT.format(name=n)) for n in names[:EDITS])
    reply = Reply("\n".join(texts), buttons or (Button(Say.REPORT),))
    if turn.private:
        return reply
    turn.tell(Receiver("person", turn.person.staff_id), Announcement(reply.text, reply.buttons))
    return Reply(Say.PRIVATE)


@feature.hears(Say.HEARS)
async def own_page_said(turn: Turn) -> Reply | None:
    """The same in other words, for who has a seat."""
    return await own_page(turn) if turn.person.seats else None


async def page_of(turn: Turn, unit: str) -> tuple[str, list[str]]:
    """The unit's text and the names that have a paragraph."""

    def mine(matter: StoredMatter) -> bool:
        return unit in matter.lead_units and allowed(turn, Action.SEE_SUBMITTED, about_matter(matter))

    lines: list[str] = []
    names: list[str] = []
    for notice in turn.library.notices:
        snapshot = await take(
            turn.work, turn.library, notice.key, turn.now, turn.workdays, wanted=mine, submitted=True
        )  # fmt: skip
        told, still = split(snapshot)
        if told:
            lines.append(Say.HEAD.format(unit=unit, period=snapshot.period_name))
            lines += [row_words(n, row) for n, row in enumerate(told, 1)]
            names += [row.name for row in told]
        if told and still:
            shown = Say.LIST.join(still[:5]) + (Say.MORE if len(still) > 5 else "")
            lines.append(Say.OPEN.format(count=len(still), names=shown))
    return "\n".join(lines) or Say.NOTHING.format(unit=unit), names


def split(snapshot: Snapshot) -> tuple[list[MatterRow], list[str]]:
    """Those with something to say for this period, and the names of those without."""
    told = [row for row in snapshot.matters if row.period == snapshot.period or row.state == Say.NO_DATA]
    return told, [row.name for row in snapshot.matters if row not in told]


def row_words(n: int, row: MatterRow) -> str:
    """A numbered paragraph; what is not approved yet says so."""
    state = "" if row.state in (Say.APPROVED, Say.NO_DATA) else Say.STATE.format(state=row.state)
    return Say.ROW.format(n=n, name=row.name, text=row.paragraph, state=state)


@feature.command("改进展情况", "改进展", takes=True)
async def begin(turn: Turn) -> Reply:
    """Show the present wording and wait for the new one."""
    found = await chosen(turn, turn.rest)
    if isinstance(found, Reply):
        return found
    stored, row, submission = found
    await turn.hold(FORM, {"submission": submission.id, "matter": stored.id})
    return Reply(Say.ASK.format(text=row.paragraph))


async def chosen(turn: Turn, said: str) -> tuple[StoredMatter, MatterRow, Submission] | Reply:
    """The matter that is meant, if its paragraph may be worded by the sender now."""
    scored = [(m, score) for m, score in turn.library.find_matters(said) if score >= LIKELY] if said else []
    if not scored:
        return Reply(Say.NO_MATTER.format(said=said[:20]) if said else Say.WHICH)
    stored = next((m for m in await turn.work.matters.current() if m.key == scored[0][0].key), None)
    return await may_word(turn, stored) if stored else Reply(Say.NO_MATTER.format(said=said[:20]))


async def may_word(turn: Turn, stored: StoredMatter) -> tuple[StoredMatter, MatterRow, Submission] | Reply:
    """What is worded, or why not: a unit words its own, the office what was approved."""
    mine = reporting_unit(turn.person, stored) is not None
    if not turn.private or not (mine or allowed(turn, Action.ADD_MATTER)):
        leads = Say.LIST.join(stored.lead_units)
        return Reply(Say.NOT_YOURS.format(name=stored.name, leads=leads))
    snapshot = await take(
        turn.work, turn.library, stored.notice, turn.now, turn.workdays, wanted=lambda m: m.id == stored.id,
        submitted=mine,
    )  # fmt: skip
    row = snapshot.matters[0] if snapshot.matters else None
    submission = await turn.work.submissions.get(row.submission) if row and row.submission else None
    if row is None or submission is None or submission.period != snapshot.period:
        return Reply(Say.NOT_REPORTED.format(name=stored.name))
    return stored, row, submission


@feature.form(FORM)
async def keep(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """The next message is the new wording, unless it is a command; every value must still stand in it."""
    state = opened.state or {}
    if turn.is_command(turn.text) or word_of(turn.text) in (Word.CANCEL, Word.PARK) or turn.tag:
        await turn.release()
        return Aside()
    stored = await turn.work.matters.get(int(str(state["matter"])))
    found = await may_word(turn, stored) if stored else Reply(Say.NO_MATTER.format(said=""))
    if isinstance(found, Reply) or found[2].id != int(str(state["submission"])) or found[2].state is State.WITHDRAWN:
        await turn.release()
        return found if isinstance(found, Reply) else Reply(Say.NOT_REPORTED.format(name=found[0].name))
    text = turn.text.strip()
    if len(text) > LONGEST:
        return Reply(Say.LONG.format(longest=LONGEST))
    if missing := missed(found[1], text):
        return Reply(Say.MISSES.format(value=missing, name=found[0].name))
    await turn.release()
    await turn.work.submissions.reword(found[2].id, text, actor(turn), turn.now)
    return Reply(Say.KEPT)


def missed(row: MatterRow, text: str) -> str:
    """The first value of the matter that the text no longer says; "" when all are there."""
    said = re.findall(r"\d+(?:\.\d+)?", text.replace(",", ""))
    values = [plain(abs(n.value)) for n in row.numbers if n.value is not None]
    return next((value for value in values if value not in said), "")
