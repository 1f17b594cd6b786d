"""Builds everything, hands it on, starts and stops it in order. The only place where objects are made."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import signal
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from random import Random
from typing import TYPE_CHECKING

from aiohttp import web
from prometheus_client import CollectorRegistry

from bot.clock import BusinessClock, Clocks, EngineClock
from bot.composing import Composers, find_hook, note_trouble
from bot.delivery import Delivery
from bot.delivery_kinds import Kinds
from bot.delivery_permits import Permits
from bot.delivery_record import write_ledger
from bot.delivery_send import Ways
from bot.door import Door
from bot.errands import ERRAND, MAX_ATTEMPTS, TIMEOUT, Errands
from bot.files import FileStore
from bot.first_seat import offer_first_seat
from bot.library import Shelf
from bot.metrics import Metrics
from bot.nightly import Nightly
from bot.permits import Limit
from bot.pipeline import Pipeline
from bot.scheduler import Act, Recurring, Scheduler
from bot.settings import Rate, Settings
from bot.web import build_web
from handlers.dispatch import Dispatch
from handlers.feature import Features, Round, Tick, walk_features
from handlers.publishing import keep, publish
from handlers.quiet import next_allowed
from handlers.rules.stages import Hours
from handlers.rules.workdays import Workdays
from knowledge import read_notice
from storage import Actor, Database, Job, Work

if TYPE_CHECKING:
    from aiohttp import ClientSession

    from bot.dingtalk.stream import Stream

log = logging.getLogger(__name__)
BUILT_IN = Actor("system")
VERSION = "0.1.0"
STOP_WITHIN = 4.5  # seconds from SIGTERM to the end


@dataclass(slots=True)
class Core:
    """What handles messages and says things, whatever the door."""

    settings: Settings
    database: Database
    clocks: Clocks
    features: Features
    shelf: Shelf
    files: FileStore
    delivery: Delivery
    scheduler: Scheduler
    pipeline: Pipeline


def build_core(settings: Settings, database: Database, door: Door, clocks: Clocks, rng: Random) -> Core:
    """Everything but the wire; the door is handed in."""
    features, shelf, workdays = walk_features(), Shelf(), Workdays()
    features.send_hours = Hours(settings.send_hours.start, settings.send_hours.end)
    files = FileStore(settings.files_dir)
    composers = Composers(features, shelf, clocks.now)
    kinds = Kinds(tuple(composers.all))

    def gate(job: Job, now: datetime) -> datetime | None:
        if job.payload.get("waited_for"):
            return None
        return next_allowed(now.astimezone(settings.zone), settings.send_hours.start, settings.send_hours.end, workdays)

    ways = Ways(
        database, door, clocks, rng, kinds, Permits(limit(settings.group_rate), limit(settings.global_rate)),
        composers.all, gate, write_ledger, find_hook, note_trouble,
    )  # fmt: skip
    delivery = Delivery(ways, secrets.token_hex(6), VERSION)
    errands = Errands(database, door, files, features, shelf, delivery, clocks.now)
    kinds.job(ERRAND, max_attempts=MAX_ATTEMPTS, timeout=TIMEOUT)(errands.run)
    pipeline = Pipeline(database, Dispatch(features), shelf, delivery, clocks.now, rng)
    recurring = recurring_of(features, shelf, clocks, delivery)
    scheduler = Scheduler(database, clocks, settings.zone, recurring, delivery.wake)
    return Core(settings, database, clocks, features, shelf, files, delivery, scheduler, pipeline)


def recurring_of(features: Features, shelf: Shelf, clocks: Clocks, delivery: Delivery) -> list[Recurring]:
    """What features do at their ticks, each with the library of that moment."""

    def act_of(tick: Tick) -> Act:
        async def act(work: Work, due: datetime) -> None:
            round_ = Round(work, await shelf.library(work), clocks.now(), tick.name, due)
            await tick.run(round_)
            for to, announcement, key in round_.outbound:
                await delivery.tell(work, to, announcement, key=f"tick/{tick.name}/{key}")

        return act

    return [Recurring(tick.name, tick.cron, act_of(tick), tick.policy) for tick in features.ticks]


def limit(rate: Rate) -> Limit:
    """A rate of the settings as permits count it."""
    return Limit(rate.count, rate.window.total_seconds())


def build_clocks(settings: Settings) -> Clocks:
    """Business time as the settings say, engine time not yet sampled."""
    return Clocks(BusinessClock(settings.zone, settings.clock, settings.clock_speed), EngineClock())


async def publish_built_in(database: Database, now: datetime) -> None:
    """On a database that never had a notice: the one that comes with the product, in one transaction."""
    async with database.read() as work:
        if await work.notices.ever():
            return
    name, source = built_in()
    notice = await asyncio.to_thread(read_notice, source, name)
    async with database.work() as work:
        await work.one_at_a_time("built-in notice")
        if not await work.notices.ever():
            stored = await keep(work, notice, source, name, BUILT_IN, now)
            await publish(work, stored, notice, BUILT_IN, now)
            log.info("built-in notice published", extra={"notice": notice.key})


def built_in() -> tuple[str, bytes]:
    """File name and bytes of the notice that comes with the product."""
    folder = resources.files("knowledge") / "data" / "notices"
    found = min(folder.iterdir(), key=lambda f: f.name)
    return found.name, found.read_bytes()


class App:
    """The running bot: stream, delivery, scheduler, web."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.rng = settings, Random(secrets.randbits(64))
        self.database = Database(settings.database_url)
        self.clocks = build_clocks(settings)
        self.stopping = asyncio.Event()
        self.tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until SIGTERM or SIGINT. Raises: what storage, settings and the web port refuse at start."""
        self.database.lock.acquire()
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, self.stopping.set)
        try:
            await self._serve()
        finally:
            await self.database.close()

    async def _serve(self) -> None:
        from bot.dingtalk.http import open_session

        await self.database.start()
        await self.clocks.sample(self.database)
        await publish_built_in(self.database, self.clocks.now())
        async with open_session(self.settings.proxy, self.settings.ca_file) as session:
            core, stream = self._build(session)
            metrics = Metrics(CollectorRegistry(), core.delivery, stream, self.clocks)
            runner = await self._open_web(metrics)
            await core.delivery.start()
            await self._warm(core)
            await offer_first_seat(self.database, self.clocks.now())
            log.info("started", extra={"version": VERSION})
            self._spawn(core.delivery.run(), core.scheduler.run(), stream.run())
            await self.stopping.wait()
            await self._stop(core, stream, runner)

    def _build(self, session: ClientSession) -> tuple[Core, Stream]:
        from dingtalk_stream import Credential

        from bot.dingtalk.http import Endpoints
        from bot.dingtalk.outbound import open_door
        from bot.dingtalk.stream import Stream

        settings = self.settings
        endpoints = Endpoints(settings.openapi_endpoint, settings.oapi_endpoint)
        credential = Credential(settings.client_id, settings.client_secret.get_secret_value())
        files = FileStore(settings.files_dir)
        door = open_door(
            session, endpoints, credential, settings.robot,
            files=files.read, now=self.clocks.engine_now, monotonic=time.monotonic,
        )  # fmt: skip
        core = build_core(settings, self.database, door, self.clocks, self.rng)
        stream = Stream(
            credential, settings.robot, endpoints, core.pipeline.handle, session,
            now=self.clocks.engine_now, rng=self.rng,
        )  # fmt: skip
        core.features.line = stream
        backups = settings.files_dir.parent / "backups"
        nightly = Nightly(self.database, settings.files_dir, backups, self.clocks.now, settings.retention)
        nightly.register(core.delivery.ways.kinds)
        core.scheduler.recurring = [*core.scheduler.recurring, nightly.recurring()]
        return core, stream

    async def _open_web(self, metrics: Metrics) -> web.AppRunner:
        """Raises: OSError when the port is taken."""
        clock = self.clocks.business if self.settings.clock else None
        runner = web.AppRunner(build_web(metrics.ready, metrics.registry, clock), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, self.settings.web_host, self.settings.web_port).start()
        return runner

    async def _warm(self, core: Core) -> None:
        """The library is read before the first question comes."""
        async with self.database.read() as work:
            await core.shelf.library(work)
        if core.shelf.unkept:
            async with self.database.work() as work:
                await core.shelf.keep(work)

    def _spawn(self, *works: Coroutine[None, None, None]) -> None:
        for work in works:
            task = asyncio.create_task(work)
            self.tasks.add(task)
            task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        """A part that ends by itself with an error ends the bot: systemd starts a whole one."""
        self.tasks.discard(task)
        if not task.cancelled() and (failure := task.exception()):
            log.critical("part failed", exc_info=failure)
            self.stopping.set()

    async def _stop(self, core: Core, stream: Stream, runner: web.AppRunner) -> None:
        """Stop hearing, finish what is under way, say it, close the web."""
        log.info("stopping")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_WITHIN):
                await core.scheduler.stop()
                await stream.stop(2.5)
                await core.delivery.stop(1.5)
        await runner.cleanup()
        for task in self.tasks:
            task.cancel()
        log.info("stopped")
