"""How long the tick takes that finds a deadline coming for 3,000 units, each with somebody to remind."""

from __future__ import annotations

import tempfile
import time
from datetime import datetime, timedelta

from bench.table import Row, spread
from handlers.feature import Round
from handlers.features.remind.remind_deadlines import remind
from handlers.plan_terms import terms_of
from handlers.remind_facts import TICK
from handlers.rules.periods import Frequency, Plan
from knowledge import Kind, Library, Matter, Measure, Notice, Ref
from storage import Actor, Database, MatterFacts
from tests.bot.fake_door import ZONE
from tests.postgres import postgres

UNITS, TIMES = 3000, 3
MADE = datetime(2021, 6, 1, 9, tzinfo=ZONE)
DUE = datetime(2021, 6, 18, 9, tzinfo=ZONE)  # five workdays before the 25th
SYSTEM = Actor("system")
GOAL = "1 s"


class Say:
    UNIT, MATTER, TITLE = "第{number}局", "第{number}件事", "三千家单位的通知"
    POST, OF = "填报员", "个"


async def measure() -> list[Row]:
    """A row of each database."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="dingban-bench-") as folder, postgres() as server:
        for name, url in (("SQLite", f"sqlite+aiosqlite:///{folder}/tick.db"), ("PostgreSQL", server.database())):
            database = Database(url)
            await database.upgrade()
            await database.start()
            try:
                library = await furnish(database)
                took = [await tick(database, library) for _ in range(TIMES)]
            finally:
                await database.close()
            rows.append(Row(f"the tick over {UNITS:,} units that owe, {name}", spread(took, "s", 2), goal=GOAL))
    return rows


async def furnish(database: Database) -> Library:
    """Matters, people and a plan; the library that goes with them."""
    units = [Say.UNIT.format(number=n) for n in range(UNITS)]
    notice = Notice(Say.TITLE, None, None, MADE.date(), None, None, (), matters=tuple(map(matter, range(UNITS))))
    async with database.work() as work:
        stored = await work.notices.add(
            notice.key, "hash", title=Say.TITLE, file_name="", source=b"", document={}, by=SYSTEM, at=MADE
        )
        facts = [MatterFacts(m.key, m.name, m.lead_units) for m in notice.matters]
        await work.matters.settle(stored.id, notice.key, facts, {}, SYSTEM, MADE)
        await work.notices.publish(stored.id, SYSTEM, MADE)
        plan = Plan(Frequency.QUARTER, 3, 25)
        await work.plans.publish(notice.key, "", terms_of(plan), SYSTEM, MADE)
        for number, unit in enumerate(units):
            person = await work.directory.enrol(unit + Say.POST, MADE, staff_id=f"u{number}")
            await work.directory.seat(person.id, unit, Say.POST, SYSTEM, MADE)
    return Library([notice])


def matter(number: int) -> Matter:
    """Of a unit of its own."""
    ref = Ref(f"annex1:{number + 1}")
    name, units = Say.MATTER.format(number=number), (Say.UNIT.format(number=number),)
    return Matter(f"m{number}", name, (ref,), units, (), (Measure("a", name, Say.OF, Kind.STOCK, (), (ref,)),))


class Undo(Exception):
    """Rolls a tick back, to be done once more."""


async def tick(database: Database, library: Library) -> float:
    """Seconds of one tick, all that it writes included but for the commit. Raises: RuntimeError when it found less."""
    began = time.perf_counter()
    try:
        async with database.work() as work:
            await work.schedule.lock(TICK, DUE - timedelta(minutes=5))
            await remind(Round(work, library, DUE, TICK, DUE))
            took = time.perf_counter() - began
            if (owed := len(await work.reminders.asleep(DUE - timedelta(minutes=1)))) != UNITS:
                raise RuntimeError(f"{owed} owed")
            raise Undo
    except Undo:
        return took
