"""How things stand, asked in everyday words: handed to the command that answers it. Knows no figure itself."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.everyday import Wanted, wanted
from handlers.feature import Feature, Turn
from handlers.message import Button, Reply
from handlers.naming import Naming
from handlers.past import present_of
from handlers.rights import allowed, clerk_units
from handlers.rules.periods import name as period_name
from handlers.rules.permissions import About, Action

feature = Feature("hear_everyday")
SHOWN = 3  # notices whose deadline is told at once


class Say:
    NOT_SET = "通知没有规定报送时间。"
    DUE = "办公室定的{period}报送截止是{day}{at:%H:%M}，{left}。"
    OF_NOTICE = "{title}：{line}"
    LEFT, TODAY, OVER = "还有{days}天", "就在今天", "已经过了{days}天，仍可以补报"
    NO_PLAN = "办公室还没有定报送安排，随时可以报，不催也不算逾期。"
    PLAN, TASKS = Button("报送安排"), Button("我的任务")


@feature.guess
async def hear(turn: Turn) -> Reply | None:
    """The answer of the command that the words stand for; None where they are no question of this kind."""
    for want in wanted(turn.text):
        if said := meant(turn, want):
            return await say(turn, said, want)
    return None


def meant(turn: Turn, want: Wanted) -> str | None:
    """The command in the words that it is typed in."""
    if not want.rest:
        return want.wish.command_of(frozenset(seat.post for seat in turn.person.seats))
    if unit := turn.library.unit(want.rest):
        sees = allowed(turn, Action.SEE_APPROVED, About(lead_units=(unit,)))
        return want.wish.unit.format(name=unit) if sees or want.wish.any else None
    found = Naming(turn.library, turn.library.matters(), retold=True).find(want.rest) if want.wish.matter else ()
    counted = [named for named in found if named.matter.measures] or found
    return want.wish.matter.format(name=counted[0].matter.name if len(counted) == 1 else want.rest) if found else None


async def say(turn: Turn, said: str, want: Wanted) -> Reply | None:
    """What the command answers, as if it had been typed."""
    if want.period:
        return await turn.open("那一期", period=want.period, said=want.rest)
    if said in turn.features.openings:
        return await turn.open(said)
    turn.text = said
    if found := turn.features.command(said):
        command, turn.rest = found
        return await command.answer(turn)
    hears = turn.features.listener(said)
    return await hears(turn) if hears else None


@feature.opens("报送截止")
async def tell_due(turn: Turn, _: Mapping[str, str]) -> Reply:
    """The office's deadline of the present period, with the days left; said to be the office's."""
    lines = [(n.title, await due_line(turn, n.key)) for n in turn.library.notices]
    told = [(title, line) for title, line in lines if line][:SHOWN]
    buttons = (Say.PLAN, *([Say.TASKS] if clerk_units(turn.person) else []))
    if not told:
        return Reply(f"{Say.NOT_SET}\n{Say.NO_PLAN}", buttons)
    one = len(told) == 1
    said = [line if one else Say.OF_NOTICE.format(title=title, line=line) for title, line in told]
    return Reply("\n".join([Say.NOT_SET, *said]), buttons)


async def due_line(turn: Turn, notice: str) -> str:
    """One notice's deadline; "" without a plan."""
    span, today = await present_of(turn, notice), turn.now.date()
    if span.due is None:
        return ""
    days = (span.due.day - today).days
    left = Say.TODAY if not days else Say.LEFT.format(days=days) if days > 0 else Say.OVER.format(days=-days)
    day = turn.workdays.spoken(span.due.day, today)
    return Say.DUE.format(period=period_name(span.key, today), day=day, at=span.due.at, left=left)
