"""通报, 督查专报: the office gets the draft of the letter it writes each period, as one document to edit and sign."""

from __future__ import annotations

import re

from handlers.arrivals import tell
from handlers.circular import Draft, Sort, circular_paper
from handlers.errands import Arrived, Errand
from handlers.feature import Feature, Round, Turn
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.owing import span_of
from handlers.past import period_meant
from handlers.rights import allowed
from handlers.rules.permissions import Action
from handlers.table_papers import read_snapshot

feature = Feature("write_circular", {"办公室": ("通报", "督查专报")})
MADE = "通报做好"
APPROVED = "通过"


class Say:
    HEARS = (
        r".{0,6}?(生成|写|出|做|起草|拟|导出)(一下|一份|一个|份|个|好)?(给.{1,8}?的?)?"
        r"(?P<period>[本这上去今].{0,4}|(\d{2,4}年?)?第?.(个?季度|半年|年度)|\d{1,2}月份?|\d{4}年)?(的)?(进展|落实)?(情况)?(的)?"
        r"(?P<sort>通报|督查专报|督查通报|专报)(稿|初稿|草稿)?"
    )
    BESIDE = "的份"
    MAKING = "正在起草{sort}（{period}），马上发到您的单聊。"
    DONE = (
        "{sort}稿（{period}，{stands}）做好了：{matters}件事，审核通过的{approved}件写了数，每个数都有脚注。\n"
        "主送、发文单位和成文日期请您填，改好签发后再用。"
    )
    SEALED, OPEN = "据封存的数", "还没封存"
    NO_RIGHT = "{sort}由办公室起草。您可以说“我的进展”。"
    NOTHING = "还没有可以写进去的事项。"
    FAILED = "{sort}没有做成，请再说一次“{sort}”；还不行请联系管理员。"


@feature.command("通报", "情况通报", "督查通报", takes=True)
async def write_circular(turn: Turn) -> Reply:
    """To the units."""
    return await write(turn, Sort.CIRCULAR, turn.rest)


@feature.command("督查专报", "专报", takes=True)
async def write_brief(turn: Turn) -> Reply:
    """Up to who leads."""
    return await write(turn, Sort.BRIEF, turn.rest)


@feature.hears(Say.HEARS)
async def hear_writing(turn: Turn) -> Reply | None:
    """生成三季度的通报."""
    found = re.search(Say.HEARS, turn.text)
    sort = Sort.BRIEF if Sort.BRIEF.value[-2:] in turn.text else Sort.CIRCULAR
    return await write(turn, sort, (found["period"] or "").rstrip(Say.BESIDE) if found else "")


async def write(turn: Turn, sort: Sort, said: str) -> Reply:
    """A letter for each notice, of what stands now or, once the period is sealed, of what it was sealed on."""
    if not turn.person.staff_id or not allowed(turn, Action.CLOSE_PERIOD):
        return Reply(Say.NO_RIGHT.format(sort=sort.value))
    period = await period_meant(turn, said.strip(), sort.value)
    if isinstance(period, Reply):
        return period
    drafts = [await draft_of(turn, notice.key, sort, period) for notice in turn.library.notices]
    drafts = [draft for draft in drafts if draft.snapshot.matters]
    if not drafts:
        return Reply(Say.NOTHING)
    note = {"text": "\n".join(map(done_words, drafts)), "sort": sort.value}
    turn.send_for(Errand(MADE, turn.person.staff_id, note, papers=tuple(map(circular_paper, drafts))))
    return Reply(Say.MAKING.format(sort=sort.value, period=drafts[0].snapshot.period_name))


async def draft_of(turn: Turn, notice: str, sort: Sort, period: str | None) -> Draft:
    """On the period meant; the sealed numbers where it is sealed."""
    key = period or span_of(await turn.work.plans.current(notice), turn.now.date(), turn.workdays).key
    closed = await turn.work.closings.closed(notice, key)
    snapshot = await read_snapshot(turn.work, turn.library, notice, turn.now, turn.workdays, period=key)
    return Draft(sort, snapshot, closed.closed_at.astimezone(turn.now.tzinfo) if closed else None)


def done_words(draft: Draft) -> str:
    """What is in it and what is left to do."""
    states = [row.state for row in draft.snapshot.matters]
    return Say.DONE.format(
        sort=draft.sort.value, period=draft.snapshot.period_name, stands=Say.SEALED if draft.sealed_at else Say.OPEN,
        matters=len(states), approved=states.count(APPROVED),
    )  # fmt: skip


@feature.awaits(MADE)
async def send(round: Round, arrived: Arrived) -> None:
    """The draft to whoever asked."""
    sort = str(arrived.errand.note.get("sort", ""))
    if arrived.trouble:
        return tell(round, arrived, Say.FAILED.format(sort=sort), [Button(sort)])
    words = str(arrived.errand.note.get("text", ""))
    return round.tell(Receiver("person", arrived.errand.person), Announcement(words, files=arrived.files), "made")
