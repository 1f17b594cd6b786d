"""What stands before every route: strangers' pages are kept out, faults are injected. Knows no route by heart."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.sandbox.clock import wall_ms
from bot.sandbox.control import Control
from bot.sandbox.openapi import failed

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LOCAL = ("127.0.0.1", "localhost")
OURS = ("/v1.0/", "/gettoken", "/robot/", "/media/", "/topapi/", "/files/")
OPEN = "/v1.0/gateway/connections/open"


class Say:
    FOREIGN = "只接受本机访问"


@web.middleware
async def same_machine(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse other Host names (DNS rebinding) and other origins (cross-site requests)."""
    origin = request.headers.get("Origin")
    if request.host.partition(":")[0] not in LOCAL or (origin is not None and origin != f"http://{request.host}"):
        raise web.HTTPForbidden(text=Say.FOREIGN)
    if request.path.startswith("/sandbox/") and request.headers.get("Sec-Fetch-Site", "none") not in (
        "same-origin",
        "none",
    ):
        raise web.HTTPForbidden(text=Say.FOREIGN)
    return await handler(request)


def faulty(control: Control) -> Middleware:
    """Delays and outages of the calls DingTalk answers, and a log of them (without their query)."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(OURS):
            return await handler(request)
        faults, wall = control.gateway.switches.faults, wall_ms()
        if faults.rtt or faults.api_slow:
            await asyncio.sleep(faults.rtt + faults.api_slow)
        body = "" if request.content_type.startswith("multipart/") else await request.text()
        if faults.api_status and request.path != OPEN:
            answer: web.StreamResponse = failed("ServiceUnavailable", status=faults.api_status)
        else:
            answer = await handler(request)
        if request.path != OPEN:
            control.log_call(wall, request.path, answer.status, body)
        return answer

    return middleware
