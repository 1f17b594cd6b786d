"""A year of a real notice: each lead unit with its clerks, deadlines, people who report, put off, go away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from bot.app import Core, build_core
from bot.settings import Settings
from handlers.message import Chat, Message, Sender
from handlers.plan_terms import terms_of
from handlers.publishing import keep, publish
from handlers.remind_preview import Sending, preview
from handlers.remind_said import Desk
from handlers.rules.periods import Frequency, Plan, current, due_of
from handlers.rules.stages import Hours
from handlers.rules.workdays import Workdays
from knowledge import Notice, read_notice
from storage import REMIND, Actor, Database, Entry, Said, StoredMatter
from tests.bot.fake_door import ZONE, SetClock
from tests.simulation.ear import Ear

NOTICE = Path(__file__).parents[1] / "data" / "notices" / "zhuji-2021-17.txt"
SYSTEM = Actor("system")
START = datetime(2021, 6, 1, 7, 0, tzinfo=ZONE)
ALL_UNITS, SOME_UNITS = "cid-all", "cid-some"
OFFICE = "u-office"
QUARTERLY = Plan(Frequency.QUARTER, 3, 25)
MONTHLY = Plan(Frequency.MONTH, 1, 28, offsets=(3, 0))
HOURS = ((8, 40), (9, 0), (9, 30), (11, 0), (17, 0))
SILENT = 3  # every third lead unit has nobody, or nobody with an account


@dataclass
class Year:
    """The town, its clock, and the bot on one database. `crash` leaves what was under way as it is."""

    database: Database
    folder: Path
    rng: Random
    plan: Plan = QUARTERLY
    clock: SetClock = field(default_factory=lambda: SetClock(START))
    workdays: Workdays = field(default_factory=Workdays)
    matters: dict[int, StoredMatter] = field(default_factory=dict)
    clerks: dict[str, list[str]] = field(default_factory=dict)
    """Unit → staff ids of its first reporting seat."""
    seen: dict[date, list[Sending]] = field(default_factory=dict)
    """What the preview of a morning promised."""
    changed: dict[date, dict[str, str]] = field(default_factory=dict)
    """Day → receiver → what happened after the morning's preview that changes what he hears."""
    stand_ins: dict[date, dict[str, set[str]]] = field(default_factory=dict)
    """Who went away after the morning's preview, and the others of his unit: one of them hears in his stead."""
    down: set[date] = field(default_factory=set)
    """Days on which something was away for a while."""
    expected: dict[date, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    """Morning → the units that alone owe something, with their people; nobody of them asked for quiet or is away."""
    quiet: dict[str, date] = field(default_factory=dict)
    late: set[tuple[str, str]] = field(default_factory=set)
    """(unit, matter) reported after its deadline."""
    successors: list[str] = field(default_factory=list)
    """Staff ids of those who took over a seat."""
    messages: int = 0
    period: str = ""

    def __post_init__(self) -> None:
        self.ear = Ear(self.clock)
        self.core: Core

    async def begin(self) -> None:
        """Publish the notice, seat people, bind groups, publish the plan."""
        source = NOTICE.read_bytes()
        notice = read_notice(source, NOTICE.name)
        async with self.database.work() as work:
            stored = await keep(work, notice, source, NOTICE.name, SYSTEM, START)
            await publish(work, stored, notice, SYSTEM, START)
        async with self.database.work() as work:
            self.matters = {m.id: m for m in await work.matters.current(notice.key)}
            await work.groups.see(ALL_UNITS, "全部单位群", START)
            await work.groups.bind(ALL_UNITS, notice.key, None, SYSTEM, START)
            await work.groups.see(SOME_UNITS, "两家单位群", START)
            await work.groups.bind(SOME_UNITS, notice.key, list(self.units)[:2], SYSTEM, START)
            await work.plans.publish(notice.key, "plan", terms_of(self.plan), SYSTEM, START)
        await self._seat()
        self.notice = notice.key
        self.names: Mapping[str, str] = {m.name: m.name for m in self.matters.values()}
        await self.boot()

    @property
    def units(self) -> tuple[str, ...]:
        """Every lead unit, in the order of the notice."""
        return tuple(dict.fromkeys(unit for m in self.matters.values() for unit in m.lead_units))

    async def _seat(self) -> None:
        async with self.database.work() as work:
            office = await work.directory.enrol("办公室", START, staff_id=OFFICE)
            await work.directory.seat(office.id, "办公室所在单位", "办公室", SYSTEM, START)
            for number, unit in enumerate(self.units):
                if number % SILENT == 2:
                    await self._silent(number, unit)
                    continue
                for post in ("联络人", "填报员")[number % 2 :]:
                    staff = f"u{number}-{post}"
                    person = await work.directory.enrol(f"{unit}{post}", START, staff_id=staff)
                    await work.directory.seat(person.id, unit, post, SYSTEM, START)
                    self.clerks.setdefault(unit, []).append(staff)

    async def _silent(self, number: int, unit: str) -> None:
        """Nobody, or somebody known by number only."""
        self.clerks[unit] = []

    async def boot(self) -> None:
        """The process starts (again)."""
        settings = Settings(database_url="sqlite+aiosqlite:///unused.db", files_dir=self.folder)
        self.core = build_core(settings, self.database, self.ear, self.clock, Random(self.rng.random()))  # type: ignore[arg-type]
        await self.core.delivery.start()
        await self.settle()

    async def settle(self) -> None:
        """Everything that is due now."""
        await self.core.scheduler.fire_all()
        while await self.core.delivery.step():
            pass
        await self.core.delivery.settle()
        if self.ear.dead:
            await self.rise()

    async def rise(self) -> None:
        """The process died while it spoke: two minutes later there is a new one."""
        self.ear.dead = False
        self.down.add(self.clock.now().date())
        self.clock.forward(timedelta(minutes=2))
        await self.boot()

    async def at(self, hour: int, minute: int = 0) -> None:
        """Go on to an hour of the day, and do what is due."""
        moment = self.clock.now().replace(hour=hour, minute=minute, second=0, microsecond=0)
        self.clock.forward(max(moment - self.clock.now(), timedelta()))
        await self.settle()

    async def day(self) -> None:
        """One day: the preview, the morning, some work, the evening."""
        today = self.clock.now().date()
        self.renew(today)
        await self.at(8)
        if today not in self.down:
            await self.look(today)
        for hour, minute in (
            ((8, 40), (9, 0), (9, 30), (11, 0), (17, 0)) if self.workdays.is_workday(today) else ((9, 0),)
        ):
            await self.at(hour, minute)
            if self.workdays.is_workday(today):
                await self.happen(today)
        self.ear.away = False
        self.clock.forward(datetime.combine(today + timedelta(days=1), START.time(), ZONE) - self.clock.now())

    def renew(self, today: date) -> None:
        """A new period owes everything anew."""
        period = current(self.plan, today, self.workdays).period
        if self.period != period:
            self.period = period
            self.ear.renew({(unit, m.name) for m in self.matters.values() for unit in m.lead_units})

    async def look(self, today: date) -> None:
        """Keep what the preview says of this day."""
        async with self.database.read() as work:
            library = await self.core.shelf.library(work)
            desk = Desk(work, library, self.clock.now(), self.workdays)
            self.seen[today] = list((await preview(desk, today, Hours())).sends)
        self.expected[today] = {
            unit: tuple(staff) for unit, staff in self.clerks.items() if self.waited_for(unit, today)
        }

    def waited_for(self, unit: str, today: date) -> bool:
        """Whether the unit must hear of a deadline on this day."""
        staff = self.clerks[unit]
        awake = bool(staff) and all(self.quiet.get(one, today) <= today for one in staff)
        return awake and any(m.lead_units == (unit,) and (unit, m.name) in self.ear.open for m in self.matters.values())

    async def happen(self, today: date) -> None:
        """Now and then somebody reports, puts off, goes away, comes back; never most of them."""
        for unit, staff in self.clerks.items():
            if not staff:
                continue
            if self.rng.random() < 0.02:
                await self.report(unit, today)
            elif self.rng.random() < 0.01:
                someone = self.rng.choice(staff)
                self.quiet[someone] = max(self.quiet.get(someone, today), today + timedelta(days=12))
                self.change(today, "put off", someone)
                await self.say(someone, "明天报", today)
            elif self.rng.random() < 0.003:
                last = today + timedelta(days=self.rng.randrange(1, 20))
                self.stand_ins.setdefault(today, {})[staff[0]] = set(staff[1:])
                self.change(today, "went away", staff[0], OFFICE)
                await self.say(staff[0], f"我请假到{last.month}月{last.day}日", today)
                await self.say(staff[0], "没有人代", today)
                self.quiet[staff[0]] = max(self.quiet.get(staff[0], today), last + timedelta(days=1))
            elif self.rng.random() < 0.002 and not self.ear.away:
                await self.hand_over(unit, today)

    async def report(self, unit: str, today: date) -> None:
        """Hand in one matter that the unit owes."""
        mine = [m for m in self.matters.values() if unit in m.lead_units and (unit, m.name) in self.ear.open]
        if not mine:
            return
        matter, by = self.rng.choice(mine), Actor(self.clerks[unit][0], "填报员", unit)
        now = self.clock.now()
        async with self.database.work() as work:
            draft = await work.drafts.open(unit, matter.id, self.notice, self.period, by, now)
            draft = await work.drafts.save(draft, {"value": "1"}, by, now)
            await work.submissions.submit(draft, Entry({"value": "1"}), by, now)
            await work.reminders.close(unit, matter.id, self.period)
        if today > due_of(self.plan, self.period, self.workdays).day:
            self.late.add((unit, matter.name))
        self.ear.report({(lead, matter.name) for lead in matter.lead_units})
        leads = [staff for lead in matter.lead_units for staff in self.clerks.get(lead, [])]
        self.change(today, "reported", *leads, ALL_UNITS, SOME_UNITS, OFFICE)

    def change(self, today: date, why: str, *receivers: str) -> None:
        """What these hear today may differ from what the morning's preview promised."""
        self.changed.setdefault(today, {}).update(dict.fromkeys(receivers, why))

    async def hand_over(self, unit: str, today: date) -> None:
        """Somebody new takes over the first seat of the unit, and the office confirms it."""
        old = self.clerks[unit][0]
        post = old.partition("-")[2]
        new = f"n{self.messages}-{post}"
        self.change(today, "handed over", *self.clerks[unit], new, OFFICE)
        await self.say(new, f"我接替{unit}的{post}", today)
        asked = [b.words for t in self.ear.taken if t.to.id == OFFICE for b in t.buttons if b.label == "同意"]
        await self.say(OFFICE, asked[-1], today)
        async with self.database.read() as work:
            seated = await work.directory.people(self.clock.now(), unit=unit)
        if any(person.staff_id == new for person in seated):  # he may hear of it later, after a death
            self.clerks[unit][0] = new
            self.successors.append(new)

    async def say(self, staff: str, text: str, today: date) -> None:
        """Somebody writes to the robot."""
        self.messages += 1
        await self.core.pipeline.handle(
            Message(f"m{self.messages}", "robot", Chat(f"direct:{staff}", "person"), Sender(staff, staff), text,
                    self.clock.now(), route=f"r{self.messages}")
        )  # fmt: skip
        await self.settle()

    async def reminders(self) -> list[Said]:
        """Everything that was said as a reminder, oldest first."""
        async with self.database.read() as work:
            said = await work.ledger.between(START - timedelta(days=1), self.clock.now() + timedelta(days=1))
        return [line for line in said if line.kind == REMIND and line.outcome == "sent"]


def read(path: Path = NOTICE) -> Notice:
    """The notice of the year."""
    return read_notice(path.read_bytes(), path.name)
