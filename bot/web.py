"""Pages without login: /healthz, /readyz, /metrics (counts only) and the sandbox's clock. No values of anybody."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

BODY_LIMIT = 4096  # the largest thing asked of us is a clock setting
HOSTS = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Ready:
    """Whether the bot can serve, and the facts behind it (numbers and words, no texts)."""

    ok: bool
    facts: dict[str, object]


class TurnableClock(Protocol):
    """A business clock the sandbox may turn."""

    def now(self) -> datetime: ...

    def turn(self, now: datetime | None, speed: float | None) -> None: ...


def build_web(
    ready: Callable[[], Awaitable[Ready]], registry: CollectorRegistry, clock: TurnableClock | None
) -> web.Application:
    """The pages; `POST /clock` exists only when a turnable clock is given."""

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def readyz(_: web.Request) -> web.Response:
        state = await ready()
        return web.json_response({"ok": state.ok, **state.facts}, status=200 if state.ok else 503)

    async def metrics(_: web.Request) -> web.Response:
        await ready()
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application(client_max_size=BODY_LIMIT)
    app.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)])
    if clock:
        app.add_routes([web.post("/clock", clock_page(clock)), web.get("/clock", clock_face(clock))])
    return app


def clock_face(clock: TurnableClock) -> Callable[[web.Request], Awaitable[web.Response]]:
    """GET /clock: the present business time."""

    async def show(_: web.Request) -> web.Response:
        return web.json_response({"now": clock.now().isoformat()})

    return show


def clock_page(clock: TurnableClock) -> Callable[[web.Request], Awaitable[web.Response]]:
    """POST /clock {"now": ISO time, "speed": factor}, from this machine only; both optional."""

    async def turn(request: web.Request) -> web.Response:
        if request.host.rsplit(":", 1)[0] not in HOSTS or request.headers.get("Origin"):
            raise web.HTTPForbidden
        try:
            wanted = json.loads(await request.text())
            now = datetime.fromisoformat(wanted["now"]) if wanted.get("now") else None
            speed = float(wanted["speed"]) if wanted.get("speed") is not None else None
            clock.turn(now, speed)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            raise web.HTTPBadRequest from error
        return web.json_response({"now": clock.now().isoformat()})

    return turn
