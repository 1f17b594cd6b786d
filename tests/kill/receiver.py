"""A tiny chat platform in a thread of its own: hands out messages until they are acknowledged, takes what is said."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import web

AGAIN = 2.0  # seconds after which a message that is not acknowledged is handed out again
DELAY = 0.005  # seconds a call takes


@dataclass(frozen=True)
class Copy:
    """Something said to somebody: by which process, when it was taken."""

    key: str
    to: str
    worker: str
    at: float


@dataclass
class Platform:
    """What the receiver knows. Read it when the workers are gone."""

    messages: int
    copies: list[Copy] = field(default_factory=list)
    acknowledged: set[int] = field(default_factory=set)
    handed: dict[int, float] = field(default_factory=dict)
    next: int = 0
    url: str = ""

    def hand_out(self) -> int | None:
        """A message nobody has acknowledged, the oldest first."""
        now = time.monotonic()
        late = [number for number, at in self.handed.items() if now - at > AGAIN and number not in self.acknowledged]
        if late:
            number = min(late)
        elif self.next < self.messages:
            number, self.next = self.next, self.next + 1
        else:
            return None
        self.handed[number] = now
        return number

    async def give(self, request: web.Request) -> web.Response:
        return web.json_response({"message": self.hand_out()})

    async def acknowledge(self, request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        self.acknowledged.add(number)
        self.handed.pop(number, None)
        return web.Response()

    async def take(self, request: web.Request) -> web.Response:
        said = json.loads(await request.text())
        self.copies.append(Copy(said["text"], said["to"], said["worker"], time.monotonic()))
        await asyncio.sleep(DELAY)
        return web.Response()


@contextmanager
def receiver(messages: int) -> Iterator[Platform]:
    """A platform with that many messages to hand out, served on loopback from a thread."""
    platform, ready, loop = Platform(messages), threading.Event(), asyncio.new_event_loop()

    async def serve() -> None:
        app = web.Application()
        app.add_routes(
            [
                web.get("/next", platform.give),
                web.post("/ack/{number}", platform.acknowledge),
                web.post("/say", platform.take),
            ]
        )
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        platform.url = f"http://{host}:{port}"
        stopped = asyncio.Event()
        stop.append(lambda: loop.call_soon_threadsafe(stopped.set))
        ready.set()
        await stopped.wait()
        await runner.cleanup()

    stop: list[object] = []
    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield platform
    finally:
        stop[0]()  # type: ignore[operator]
        thread.join(10)
        loop.close()
