"""The given of these tests: the demo's stage with a quarter reported in every state, and a door that keeps files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.door import Sent
from handlers.message import Announcement, Receiver, Reply
from knowledge import Library, Matter
from storage import Actor, Decision, Entry, State, StoredMatter, Work
from tests.conversations.stage import InProcess, Listener, seed

REVIEWER = Actor("u-review", "审核员", "市政府办公室")
EVIL = '=HYPERLINK("http://x")'
OLD, NOW = "2021Q3", "2021Q4"


@dataclass
class Keeper(Listener):
    """Also keeps the names and keys of files that were handed over: (receiver, name, key)."""

    handed: list[tuple[str, str, str]] = field(default_factory=list)

    def hear(self, to: Receiver, message: Reply | Announcement) -> Sent:
        sent = super().hear(to, message)
        self.handed += [(to.id, file.name, file.key) for file in (*message.files, *message.pictures)]
        return sent


@asynccontextmanager
async def staged(folder: Path) -> AsyncIterator[InProcess]:
    """An open stage with the demo's people whose door keeps files."""
    seed(folder)
    stage = InProcess(folder)
    stage.door = Keeper()
    await stage.open()
    try:
        yield stage
    finally:
        await stage.close()


def clerk_of(unit: str) -> Actor:
    """Somebody who reports for a unit."""
    return Actor(f"clerk of {unit}", "填报员", unit)


async def report(
    work: Work, stored: StoredMatter, facts: Matter, period: str, value: str, at: datetime, *, line: str = "",
    approve: bool = True, late: bool = False, state: State = State.PENDING,
) -> int:  # fmt: skip
    """A submission with this value in every measure, approved if wanted; its id."""
    by = clerk_of(stored.lead_units[0])
    draft = await work.drafts.open(by.unit or "", stored.id, stored.notice, period, by, at)
    draft = await work.drafts.save(draft, {"value": value}, by, at)
    figures = {m.key: value for m in facts.measures} or {"stage": "推进中"}
    entry = Entry(figures if state is not State.NO_DATA else {}, line, at.date(), "单位上报", late=late, state=state)
    made, _ = await work.submissions.submit(draft, entry, by, at)
    if approve and state is State.PENDING:
        await work.submissions.decide(made.id, Decision.APPROVE, REVIEWER, at + timedelta(hours=1))
    return made.id


async def quarter(work: Work, library: Library, now: datetime) -> None:
    """The quarter before: all approved. This one: approved, waiting, 待复核, 数据未出, and nothing, in turn."""
    notice = library.notices[0]
    facts = {m.key: m for m in notice.matters}
    stored = [m for m in await work.matters.current(notice.key) if m.key in facts and m.lead_units]
    before = now.replace(month=9, day=20)
    for number, matter in enumerate(stored):
        await report(work, matter, facts[matter.key or ""], OLD, str(number % 30 + 1), before)
        match number % 5:
            case 0 | 1:
                line = EVIL if number == 0 else "新增三所已验收"
                await report(work, matter, facts[matter.key or ""], NOW, str(number % 30 + 2), now, line=line)
            case 2:
                await report(work, matter, facts[matter.key or ""], NOW, "99", now, approve=False)
            case 3:
                await report(work, matter, facts[matter.key or ""], NOW, "", now, state=State.NO_DATA)


def day(text: str) -> date:
    """A day of a cell."""
    return date.fromisoformat(text)
