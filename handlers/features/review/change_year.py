"""年度切换: last year's final totals become this year's opening values; levels and yearly flows begin anew."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from handlers.feature import Feature, Turn
from handlers.handing_in import clerks, tell_all
from handlers.message import Announcement, Button, Reply
from handlers.owing import last_before
from handlers.rights import actor, allowed, clerk_units
from handlers.rules.permissions import Action, Post
from knowledge import Kind, Matter
from storage import AlreadyLive, Entry, State, StoredMatter, Submission

feature = Feature("change_year", {"办公室": ("年度切换",)})
YEAR = re.compile(r"(20\d\d)")


class Say:
    NOT_OFFICE = "年度切换由办公室来办，请在单聊里说。"
    SURE = (
        "{year}年的年末数转为{next}年的年初数：累计的{count}件结转（{rows}）；增速、占比和本年新增不结转。\n"
        "转好后请各单位核对。确定切换吗？"
    )
    EARLY = "{year}年还没有过完，{next}年1月1日以后再切换。"
    NOTHING = "{year}年没有可以结转的累计数（要审核通过，且还没有结转过）。"
    YES, NO = "确认年度切换", "不切换"
    DONE = "已结转{count}件，并请{units}家单位核对。"
    UNDO = "撤回年度切换"
    UNDONE = "已撤回{count}件的年初数。"
    KEPT = "好的，没有切换。"
    TOLD = "{year}年的年末数已作为{next}年年初数：{rows}。您单位看对吗？"
    RIGHT, DIFFERENT = "对", "有不同"
    THANKS = "谢谢，已记下。"
    DIFFERS = "已记下有不同，办公室会联系您；更正请说“更正 事项”。"
    TO_OFFICE = "{unit}对年初数有不同：{rows}，请联系核对。"
    NONE = "没有等您核对的年初数。"
    ROW = "{name}{value}{unit}"
    LIST, MORE = "、", "等"
    SHOWN = 3


@dataclass(frozen=True, slots=True)
class Final:
    """A matter's last approved totals of the year."""

    stored: StoredMatter
    facts: Matter
    last: Submission

    @property
    def totals(self) -> dict[str, str]:
        """Only what is counted up (累计)."""
        kept = {m.key for m in self.facts.measures if m.kind is Kind.STOCK}
        return {key: value for key, value in self.last.figures.items() if key in kept}

    @property
    def words(self) -> str:
        """智慧校园30所."""
        first = next(m for m in self.facts.measures if m.key in self.totals)
        return Say.ROW.format(name=self.stored.name, value=self.totals[first.key], unit=first.unit)


def end_of(year: int) -> str:
    """The period an opening value of the next year belongs to: the last day, before every period of that year."""
    return f"{year}-12-31"


async def finals(turn: Turn, year: int) -> list[Final]:
    """The matters with a total to carry over, not carried yet."""
    found: list[Final] = []
    for notice in turn.library.notices:
        facts = {m.key: m for m in turn.library.matters(notice.key)}
        approved = await turn.work.submissions.approved(notice.key)
        last = last_before(approved, f"{year + 1}-01-01")
        carried = {s.matter_id for s in approved if s.period == end_of(year)}
        for stored in await turn.work.matters.current(notice.key):
            value = last.get(stored.id)
            if stored.key in facts and value and value.period.startswith(str(year)) and stored.id not in carried:
                final = Final(stored, facts[stored.key], value)
                found += [final] if final.totals else []
    return found


def refused(turn: Turn) -> Reply | None:
    """Why not."""
    return None if allowed(turn, Action.CLOSE_PERIOD) and turn.private else Reply(Say.NOT_OFFICE)


def year_said(turn: Turn) -> int:
    """The year to end: the one said, else last year."""
    found = YEAR.search(turn.rest)
    return int(found[1]) if found else turn.now.year - 1


@feature.command("年度切换", takes=True)
async def ask_to_change(turn: Turn) -> Reply:
    """Say what would be carried over, and ask."""
    if no := refused(turn):
        return no
    year = year_said(turn)
    if year >= turn.now.year:
        return Reply(Say.EARLY.format(year=year, next=year + 1))
    found = await finals(turn, year)
    if not found:
        return Reply(Say.NOTHING.format(year=year))
    words = Say.SURE.format(year=year, next=year + 1, count=len(found), rows=listed(found))
    return Reply(words, (Button(Say.YES, f"确认年度切换 {year}"), Button(Say.NO, "不切换年度")))


def listed(found: list[Final]) -> str:
    """The first few."""
    rows = Say.LIST.join(f.words for f in found[: Say.SHOWN])
    return rows + (Say.MORE if len(found) > Say.SHOWN else "")


@feature.command("不切换年度")
async def leave(turn: Turn) -> Reply:
    """Nothing is carried over."""
    return Reply(Say.KEPT)


@feature.command("确认年度切换", takes=True)
async def change(turn: Turn) -> Reply:
    """Keep the totals as opening values and ask each unit whether they are right."""
    if no := refused(turn):
        return no
    year, by = year_said(turn), actor(turn, Post.OFFICE)
    by_unit: defaultdict[str, list[Final]] = defaultdict(list)
    for final in await finals(turn, year) if year < turn.now.year else []:
        s = final.last
        entry = Entry(final.totals, as_of=s.as_of, origin=s.origin, kind="opening", state=State.APPROVED)
        try:
            await turn.work.submissions.open_balance(
                final.stored.id, s.notice, s.unit, end_of(year), entry, by, turn.now, batch=f"year:{year}"
            )
        except AlreadyLive:
            continue
        by_unit[s.unit].append(final)
    for unit, own in by_unit.items():
        text = Say.TOLD.format(year=year, next=year + 1, rows=Say.LIST.join(f.words for f in own))
        buttons = (Button(Say.RIGHT, f"年初数对 {year}"), Button(Say.DIFFERENT, f"年初数有不同 {year}"))
        tell_all(turn, await clerks(turn, unit), Announcement(text, buttons))
    count = sum(map(len, by_unit.values()))
    undoing = (Button(Say.UNDO, f"撤回年度切换 {year}"),) if count else ()
    return Reply(Say.DONE.format(count=count, units=len(by_unit)), undoing)


@feature.command("撤回年度切换", takes=True)
async def undo(turn: Turn) -> Reply:
    """Take the opening values of the year back."""
    if no := refused(turn):
        return no
    batch = f"year:{year_said(turn)}"
    return Reply(Say.UNDONE.format(count=await turn.work.submissions.take_back(batch, actor(turn), turn.now)))


@feature.command("年初数对", "年初数有不同", takes=True)
async def confirm(turn: Turn) -> Reply:
    """The unit's word on its opening values; a different opinion reaches the office."""
    agrees = turn.text.startswith("年初数对")
    period, mine = end_of(year_said(turn)), set(clerk_units(turn.person))
    opened = [
        s
        for notice in turn.library.notices
        for s in await turn.work.submissions.of_period(notice.key, period)
        if s.live and s.unit in mine
    ]
    if not opened:
        return Reply(Say.NONE)
    for s in opened:
        kind = "agree" if agrees else "differ"
        await turn.work.contributions.add(s.matter_id, period, s.unit, kind, actor(turn), turn.now)
    if agrees:
        return Reply(Say.THANKS)
    await tell_office(turn, opened)
    return Reply(Say.DIFFERS)


async def tell_office(turn: Turn, opened: list[Submission]) -> None:
    """Which unit sees its opening values otherwise."""
    people = [p for p in await turn.work.directory.people(turn.now, post=Post.OFFICE) if p.staff_id]
    stored = [await turn.work.matters.get(s.matter_id) for s in opened]
    rows = Say.LIST.join(m.name for m in stored[: Say.SHOWN] if m)
    tell_all(turn, people, Announcement(Say.TO_OFFICE.format(unit=opened[0].unit, rows=rows)))
