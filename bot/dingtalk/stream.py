"""One connection to DingTalk kept open: opened again with jitter, replaced before it ends, read no faster than we work.

Not the SDK's client: that one blocks the loop, storms after a clean close and is deaf for 10 s after a drop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import aclosing, suppress
from datetime import datetime
from random import Random

import aiohttp
from dingtalk_stream import Credential

from bot.dingtalk.connection import Connection, Limits, open_connection
from bot.dingtalk.frames import Frame, RobotMessage
from bot.dingtalk.http import Endpoints, Http
from bot.dingtalk.intake import Handle, Intake
from bot.dingtalk.topics import Topics
from bot.dingtalk.translate import read_message
from bot.door import GiveUp, Retry

FIRST = 0.2  # seconds, at most, before the first attempt after a connection that had worked
GRACE = 3.5  # seconds for what is in flight; with closing, stop() is back within 5 s

log = logging.getLogger(__name__)


class Patience:
    """How long to wait before opening again: at once after a good connection, else 0 … 1, 2, 4 … seconds."""

    def __init__(self, rng: Random, longest: float) -> None:
        self._rng, self._longest, self._failures = rng, longest, 0

    def after(self, worked: bool) -> float:
        """Seconds to wait after a connection that worked, or after one that did not."""
        self._failures = 0 if worked else self._failures + 1
        longest = min(self._longest, 2.0 ** min(self._failures - 1, 30)) if self._failures else FIRST
        return self._rng.uniform(0, longest)


class Stream:
    """Hears what is said to the robot. `handle` returns once the message is committed; only then it is acknowledged.

    `now` gives engine time, for `last_frame_at` and for messages that come without a time.
    """

    def __init__(
        self,
        credential: Credential,
        robot: str,
        endpoints: Endpoints,
        handle: Handle,
        session: aiohttp.ClientSession,
        *,
        now: Callable[[], datetime],
        rng: Random,
        limits: Limits | None = None,
    ) -> None:
        self._credential, self._robot, self._endpoints, self._session = credential, robot, endpoints, session
        self._limits = limits or Limits()
        self._now, self._patience = now, Patience(rng, self._limits.longest_wait)
        self._http, self._intake, self._topics = Http(session), Intake(handle), Topics(self._take)
        self._readers: dict[asyncio.Task[None], Connection] = {}
        self._work: set[asyncio.Task[None]] = set()
        self._retiring: set[asyncio.Task[None]] = set()
        self._room, self._stopping = asyncio.Event(), asyncio.Event()
        self._room.set()
        self._opened = 0
        self._last_frame_at: datetime | None = None
        self._problem = ""

    @property
    def connected(self) -> bool:
        """Is there a socket that is not about to end?"""
        return any(not connection.leaving.is_set() for connection in self._readers.values())

    @property
    def last_frame_at(self) -> datetime | None:
        """When DingTalk last said anything, engine time."""
        return self._last_frame_at

    @property
    def reconnects(self) -> int:
        """How many connections there were after the first."""
        return max(0, self._opened - 1)

    @property
    def in_flight(self) -> int:
        """Frames taken and not yet acknowledged."""
        return len(self._work)

    @property
    def problem(self) -> str:
        """Why the last attempt to connect failed; "" once one succeeded."""
        return self._problem

    async def run(self) -> None:
        """Keep a connection open until stop(). Raises nothing that DingTalk does."""
        try:
            while not self._stopping.is_set():
                connection = await self._open()
                worked = await self._until_it_ends(connection) if connection else False
                if not (worked and connection and connection.leaving.is_set()):
                    await self._pause(self._patience.after(worked))
        finally:
            self._stopping.set()
            for task in (*self._readers, *self._retiring):
                task.cancel()

    async def stop(self, grace: float = GRACE) -> None:
        """Take nothing more, finish what is in flight, acknowledge it, hang up."""
        self._stopping.set()
        connections = list(self._readers.values())
        for reader in self._readers:
            reader.cancel()
        if self._work:
            await asyncio.wait(self._work, timeout=grace)
        self._intake.cancel()
        for task in self._work:
            task.cancel()
        await asyncio.gather(*(connection.close() for connection in connections))

    async def _open(self) -> Connection | None:
        try:
            connection = await open_connection(
                self._session, self._http, self._endpoints, self._credential, self._limits
            )
        except (Retry, GiveUp) as problem:
            self._problem = problem.why
            log.warning("not connected", extra={"why": problem.why})
            return None
        if self._stopping.is_set():
            await connection.close()
            return None
        self._problem = ""
        self._opened += 1
        log.info("connected", extra={"reconnects": self.reconnects})
        return connection

    async def _until_it_ends(self, connection: Connection) -> bool:
        """Read it in a task of its own until it dies or is about to; did it work?"""
        reader = asyncio.create_task(self._read(connection))
        self._readers[reader] = connection
        reader.add_done_callback(self._gone)
        await self._first(reader, connection.leaving.wait(), self._stopping.wait())
        if not self._stopping.is_set():
            retiring = asyncio.create_task(self._retire(reader, connection))
            self._retiring.add(retiring)
            retiring.add_done_callback(self._retiring.discard)
        return connection.proven

    async def _first(self, reader: asyncio.Task[None], *events: Coroutine[object, None, object]) -> None:
        others = [asyncio.ensure_future(event) for event in events]
        try:
            await asyncio.wait({reader, *others}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for other in others:
                other.cancel()

    async def _retire(self, reader: asyncio.Task[None], connection: Connection) -> None:
        """A connection that was replaced is read until it dies, or for a while; then its socket is let go."""
        await asyncio.wait({reader}, timeout=self._limits.linger)
        while not reader.done() and not self.connected:  # better a quiet one than none
            await asyncio.wait({reader}, timeout=self._limits.linger)
        await connection.close()

    async def _read(self, connection: Connection) -> None:
        async with aclosing(connection.frames()) as frames:
            async for frame in frames:
                self._last_frame_at = self._now()
                if frame:
                    self._serve(connection, frame)
                    await self._room.wait()

    def _serve(self, connection: Connection, frame: Frame) -> None:
        task = asyncio.create_task(self._answer(connection, frame))
        self._work.add(task)
        task.add_done_callback(self._served)
        if len(self._work) >= self._limits.in_flight:
            self._room.clear()

    async def _answer(self, connection: Connection, frame: Frame) -> None:
        await connection.send(await self._topics.acknowledge(frame))

    async def _take(self, said: RobotMessage) -> None:
        await self._intake.take(read_message(said, self._robot, self._now()))

    def _served(self, task: asyncio.Task[None]) -> None:
        self._work.discard(task)
        if len(self._work) < self._limits.in_flight:
            self._room.set()
        error = None if task.cancelled() else task.exception()
        if error:
            log.error("message not acknowledged", extra={"error": type(error).__name__, "where": where(error)})

    def _gone(self, reader: asyncio.Task[None]) -> None:
        self._readers.pop(reader, None)
        error = None if reader.cancelled() else reader.exception()
        log.info("connection ended", extra={"error": type(error).__name__ if error else ""})

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()


def where(error: BaseException) -> str:
    """File and line that raised it; never its text, which may hold what people wrote."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
