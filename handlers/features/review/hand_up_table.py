"""汇总表: what stands at this moment, as workbook and document, to whoever may have it. Making files is an errand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.arrivals import tell
from handlers.errands import Arrived, Errand
from handlers.feature import Feature, Round, Turn
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.papers import Paper
from handlers.past import period_meant
from handlers.rights import about_matter, allowed
from handlers.rules.permissions import Action
from handlers.snapshot import Snapshot
from handlers.table_papers import progress_chart, read_snapshot, table_papers
from handlers.taking import Wanted
from storage import StoredMatter

feature = Feature("hand_up_table", dict.fromkeys(("办公室", "审计", "领导", "单位负责人"), ("汇总表",)))
MADE = "汇总表做好"


class Say:
    MAKING = "正在做汇总表（{period}），马上发到您的单聊。"
    DONE = "汇总表（{period}）做好了：{matters}件事，审核通过{approved}件{others}。表里只有审核通过的数，其余注明状态。"
    OTHERS = "，{state}{count}件"
    NO_RIGHT = "汇总表由办公室、领导、审计和责任单位导出，您这里没有这个权限。看本人单位请说“我的进展”。"
    NOTHING = "还没有可以导出的事项。"
    FAILED = "汇总表没有做成，请再说一次“汇总表”；还不行请联系管理员。"
    CHART, AGAIN = "进展图", "汇总表"
    HOW = "汇总表 {period}"
    APPROVED = "通过"


@dataclass(frozen=True, slots=True)
class Extent:
    """How much somebody may have."""

    wanted: Wanted | None
    approved_only: bool
    colours: bool


def extent(turn: Turn) -> Extent:
    """Everything for the office and audit, what was approved for leaders, the unit's own for a unit."""
    if allowed(turn, Action.EXPORT):
        return Extent(None, approved_only=False, colours=True)
    if allowed(turn, Action.EXPORT_APPROVED):
        return Extent(None, approved_only=True, colours=True)

    def own(matter: StoredMatter) -> bool:
        return allowed(turn, Action.EXPORT, about_matter(matter))

    return Extent(own, approved_only=False, colours=False)


@feature.command("汇总表", "导出汇总表", "导出", "一键汇总", takes=True)
async def hand_up(turn: Turn) -> Reply:
    """Take the snapshot now; the files follow within seconds, 1:1."""
    snapshots = await snapshots_of(turn, turn.rest)
    if isinstance(snapshots, Reply):
        return snapshots
    allowance = extent(turn)
    papers: list[Paper] = []
    for snapshot in snapshots:
        papers += table_papers(snapshot, colours=allowance.colours, internal=not allowance.approved_only)
    turn.send_for(
        Errand(
            MADE, turn.person.staff_id or "",
            {"text": "\n".join(map(done_words, snapshots)), "chart": any(map(has_chart, snapshots))},
            papers=tuple(papers),
        )
    )  # fmt: skip
    return Reply(Say.MAKING.format(period=snapshots[0].period_name))


async def snapshots_of(turn: Turn, said: str) -> list[Snapshot] | Reply:
    """A snapshot of each notice the sender may have something of; or why there is none."""
    allowance = extent(turn)
    if not turn.person.staff_id or not turn.person.seats:
        return Reply(Say.NO_RIGHT)
    period = await period_meant(turn, said, Say.AGAIN)
    if isinstance(period, Reply):
        return period
    found: list[Snapshot] = []
    for notice in turn.library.notices:
        snapshot = await read_snapshot(
            turn.work, turn.library, notice.key, turn.now, turn.workdays, period=period, wanted=allowance.wanted,
            approved_only=allowance.approved_only,
        )  # fmt: skip
        found += [snapshot] if snapshot.matters else []
    return found or Reply(Say.NOTHING if allowance.wanted is None else Say.NO_RIGHT)


def done_words(snapshot: Snapshot) -> str:
    """How many stand how, names of states as printed."""
    states = [row.state for row in snapshot.matters]
    rest = [
        Say.OTHERS.format(state=s, count=states.count(s)) for s in dict.fromkeys(states) if s != Say.APPROVED
    ]  # fmt: skip
    return Say.DONE.format(
        period=snapshot.period_name, matters=len(states), approved=states.count(Say.APPROVED), others="".join(rest)
    )


def has_chart(snapshot: Snapshot) -> bool:
    """Whether a picture of it would show anything: a value that stands, of what has a target."""
    return any(bar.share is not None for bar in progress_chart(snapshot, colours=False).bars)


@feature.awaits(MADE)
async def send(round: Round, arrived: Arrived) -> None:
    """The files to whoever asked."""
    if arrived.trouble:
        return tell(round, arrived, Say.FAILED, [Button(Say.AGAIN)])
    words = str(arrived.errand.note.get("text", ""))
    to = Receiver("person", arrived.errand.person)
    buttons: Sequence[Button] = (Button(Say.CHART),) if arrived.errand.note.get("chart") else ()
    return round.tell(to, Announcement(words, tuple(buttons), files=arrived.files), "made")
