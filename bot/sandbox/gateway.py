"""The Stream gateway: tickets, sockets, pushes, acks. Says nothing back; replies come by the open API."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import secrets
import time
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import WSCloseCode, WSMsgType, web

from bot.sandbox.body import Body, as_body, body_of, items, number, parsed, string
from bot.sandbox.clock import wall_ms
from bot.sandbox.faults import Faults
from bot.sandbox.wire import BOT_TOPIC, frame, robot_message
from bot.sandbox.world import Entry, World

log = logging.getLogger(__name__)
GRACE = 10.0  # seconds a connection stays up, silent, after SYSTEM disconnect


@dataclass(frozen=True)
class App:
    """The credentials of the robot's application."""

    client_id: str = "dingsandbox"
    client_secret: str = "sandbox-secret"

    def knows(self, client_id: str, secret: str) -> bool:
        """Are these ours?"""
        return (client_id, secret) == (self.client_id, self.client_secret)


@dataclass(slots=True)
class Socket:
    """One open connection. `leaving` ones have been told to disconnect and get nothing any more."""

    id: str
    ws: web.WebSocketResponse
    transport: asyncio.Transport | None
    topics: frozenset[str]
    opened: int
    leaving: bool = False
    last_echo: str = ""


@dataclass
class Switchboard:
    """The present faults, replaced as a whole so that every room sees the same; and what they were at the start."""

    faults: Faults = field(default_factory=Faults)
    healthy: Faults = field(default_factory=Faults)


class Gateway:
    """Accepts the robot's connections and pushes frames to one of them at random."""

    def __init__(self, world: World, app: App, switches: Switchboard) -> None:
        self.world, self.app, self.switches = world, app, switches
        self.sockets: dict[str, Socket] = {}
        self.acks: deque[Body] = deque(maxlen=20_000)
        self.opens: deque[Body] = deque(maxlen=2_000)
        self.acked = 0
        self.base = ""
        self.sessions: dict[str, tuple[str, int]] = {}
        self.on_change: Callable[[], None] = lambda: None
        self._tickets: dict[str, tuple[float, frozenset[str]]] = {}
        self._unacked: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def routes(self) -> list[web.RouteDef]:
        """The two doors of Stream mode."""
        return [web.post("/v1.0/gateway/connections/open", self.open), web.get("/connect", self.connect)]

    def later(self, work: Coroutine[object, object, None]) -> None:
        """Do it beside; forgotten at close."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Close every socket and drop what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for socket in list(self.sockets.values()):
            await self._finish(socket)

    async def open(self, request: web.Request) -> web.Response:
        """Register a connection: endpoint and a ticket for one use."""
        body = await body_of(request)
        known = self.app.knows(string(body, "clientId"), string(body, "clientSecret"))
        refused = self.switches.faults.open_refused
        self.opens.append({"wall": wall_ms(), "ua": string(body, "ua"), "ok": known and not refused})
        if refused:
            return web.json_response({"code": "ServiceUnavailable", "message": "service unavailable"}, status=503)
        if not known:
            return web.json_response({"code": "authFailed", "message": "clientId or clientSecret is wrong"}, status=401)
        topics = frozenset(string(as_body(item), "topic") for item in items(body, "subscriptions"))
        ticket = secrets.token_hex(8) + "/+=" + secrets.token_urlsafe(8)
        self._tickets[ticket] = (time.monotonic() + self.switches.faults.ticket_life, topics)
        return web.json_response({"endpoint": self.base.replace("http", "ws", 1) + "/connect", "ticket": ticket})

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """The socket: valid for one unused ticket."""
        until, topics = self._tickets.pop(request.query.get("ticket", ""), (0.0, frozenset[str]()))
        if until < time.monotonic() or self.switches.faults.open_refused:
            return web.json_response(
                {"code": "invalidTicket", "message": "ticket is unknown, used or expired"}, status=401
            )
        ws = web.WebSocketResponse(autoping=False, max_msg_size=8 << 20)
        await ws.prepare(request)
        socket = Socket(secrets.token_hex(6), ws, request.transport, topics, wall_ms())
        self.sockets[socket.id] = socket
        self.on_change()
        self.later(self._ping(socket))
        if self.switches.faults.close_at_once:
            self.later(self._finish(socket))
        try:
            await self._listen(socket)
        finally:
            self.sockets.pop(socket.id, None)
            self.on_change()
        return ws

    async def _listen(self, socket: Socket) -> None:
        async for message in socket.ws:
            if message.type is WSMsgType.PING and not self.switches.faults.silent:
                await socket.ws.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._heard(socket, parsed(message.data))

    def _heard(self, socket: Socket, ack: Body) -> None:
        message_id, wall = string(as_body(ack.get("headers")), "messageId"), wall_ms()
        self.acked += 1
        record: Body = {"n": self.acked, "wall": wall, "socket": socket.id, "messageId": message_id}
        self.acks.append(record | {"code": ack.get("code"), "data": ack.get("data")})
        socket.last_echo = string(parsed(string(ack, "data")), "opaque") or socket.last_echo
        said = self._unacked.pop(message_id, "")
        if said and int(number(ack, "code")) == 200:
            self._settle(said)

    def _settle(self, said: str) -> None:
        entry = self.world.entries.get(int(said))
        if entry and entry.delivery != "read":
            self.world.touch(entry, "read")

    async def _ping(self, socket: Socket) -> None:
        while socket.id in self.sockets:
            await asyncio.sleep(self.switches.faults.ping_every)
            if not (self.switches.faults.silent or socket.leaving):
                await self.send(socket, self.system(socket, "ping", {"opaque": secrets.token_hex(8)}))

    def system(self, socket: Socket, topic: str, data: Body) -> str:
        """A SYSTEM frame as text."""
        return json.dumps(frame("SYSTEM", topic, data, socket.id, wall_ms()))

    async def send(self, socket: Socket, text: str) -> bool:
        """Put one text frame on a socket; False when it is gone."""
        try:
            await socket.ws.send_str(text)
        except (ConnectionError, RuntimeError):
            return False
        return True

    def hear(self, entry: Entry) -> None:
        """Tell the robot what a person said, and again while it does not acknowledge."""
        self.world.touch(entry, "waiting")
        self.later(self._deliver(entry))

    async def _deliver(self, entry: Entry) -> None:
        spent = 0.0
        for after in (0.0, *self.switches.faults.redeliver):
            await asyncio.sleep(after - spent)
            spent = after
            if entry.delivery == "read":
                return
            await self.push_entry(entry)
        await asyncio.sleep(GRACE)
        if entry.delivery == "waiting":
            self.world.touch(entry, "lost")

    async def push_entry(self, entry: Entry) -> bool:
        """One delivery of what was said: the same msgId, a new messageId."""
        robot, faults = self.app.client_id, self.switches.faults
        data = robot_message(self.world, entry, robot, *self.session(entry.chat))
        sent = [await self.push("CALLBACK", BOT_TOPIC, data, entry.id) for _ in range(2 if faults.duplicate else 1)]
        return any(sent)

    def session(self, chat: str) -> tuple[str, int]:
        """A new session webhook for the chat and when it expires (ms)."""
        token, expires = secrets.token_hex(16), wall_ms() + int(self.switches.faults.session_life * 1000)
        self.sessions[token] = (chat, expires)
        return f"{self.base}/robot/sendBySession?session={token}", expires

    async def push(self, kind: Literal["CALLBACK", "EVENT"], topic: str, data: object, said: int = 0) -> bool:
        """Push to one subscribed socket, chosen at random. False: nobody there, or lost on the way."""
        faults = self.switches.faults
        await asyncio.sleep(faults.rtt / 2) if faults.rtt else None
        heard_by = [s for s in self.sockets.values() if not s.leaving and (topic in s.topics or kind == "EVENT")]
        if not heard_by or faults.silent or faults.deaf:
            return False
        socket = random.choice(heard_by)
        made = frame(kind, topic, data, socket.id, wall_ms())
        if said:
            self._unacked[string(as_body(made["headers"]), "messageId")] = str(said)
        return await self.send(socket, json.dumps(made, ensure_ascii=False))

    async def act(self, what: str) -> int:
        """Do something to every socket (`ACTS`); how many it hit. Raises: KeyError for an unknown act."""
        act, sockets = self.ACTS[what], list(self.sockets.values())
        await asyncio.gather(*(act(self, socket) for socket in sockets))
        return len(sockets)

    async def _drop(self, socket: Socket) -> None:
        if socket.transport:
            socket.transport.abort()

    async def _disconnect(self, socket: Socket) -> None:
        socket.leaving = True
        await self.send(socket, self.system(socket, "disconnect", {"reason": "connection is expired"}))
        self.later(self._after_grace(socket))

    async def _after_grace(self, socket: Socket) -> None:
        await asyncio.sleep(GRACE)
        await self._drop(socket)

    async def _finish(self, socket: Socket) -> None:
        await socket.ws.close(code=WSCloseCode.OK, drain=False)

    async def _fail(self, socket: Socket) -> None:
        await socket.ws.close(code=WSCloseCode.INTERNAL_ERROR, drain=False)

    async def _malformed(self, socket: Socket) -> None:
        await self.send(socket, '{"specVersion":"1.0","type":"CALLBACK","headers":{')

    async def _huge(self, socket: Socket) -> None:
        await self.send(
            socket, json.dumps(frame("CALLBACK", BOT_TOPIC, {"filler": "x" * (3 << 19)}, socket.id, wall_ms()))
        )

    async def _ping_now(self, socket: Socket) -> None:
        await self.send(socket, self.system(socket, "ping", {"opaque": secrets.token_hex(8)}))

    ACTS = {  # noqa: RUF012
        "drop": _drop,
        "disconnect": _disconnect,
        "close": _finish,
        "fail": _fail,
        "malformed": _malformed,
        "huge": _huge,
        "ping": _ping_now,
    }
