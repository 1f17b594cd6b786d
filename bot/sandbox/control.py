"""The control API under /sandbox: be somebody, read the transcript, inject faults. The page and the tests speak it."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from dataclasses import asdict
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from bot.sandbox.body import Body, as_body, body_of, items, number, string
from bot.sandbox.openapi import OpenApi, as_download
from bot.sandbox.wire import BOT_TOPIC, pressed
from bot.sandbox.world import Entry, Kind

LONGEST_WAIT = 30.0
KINDS: dict[str, Kind] = {"text": "text", "voice": "voice", "picture": "picture", "file": "file", "video": "video"}
KINDS |= {"mixed": "mixed", "unknown": "unknown"}
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}


class Say:
    NOBODY = "没有这个人或会话"
    NO_BUTTON = "没有这个按钮"
    NO_FILE = "没有收到文件"


class Bell:
    """Rung on every change; those who wait for news wake."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.count = 0

    def ring(self) -> None:
        """Wake everybody."""
        self.count += 1
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        """True when it rang in time."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return False
        return True


class Control:
    """What people do, and what goes wrong."""

    def __init__(self, api: OpenApi, bell: Bell) -> None:
        self.api, self.bell, self.gateway, self.post = api, bell, api.gateway, api.post
        self.world = api.post.world
        self.calls: deque[Body] = deque(maxlen=20_000)
        self.called = 0

    def routes(self) -> list[web.RouteDef]:
        """Everything under /sandbox that needs no child process."""
        return [
            web.post("/sandbox/say", self.say),
            web.post("/sandbox/upload", self.upload),
            web.post("/sandbox/press", self.press),
            web.post("/sandbox/again", self.again),
            web.get("/sandbox/transcript", self.transcript),
            web.get("/sandbox/people", self.people),
            web.get("/sandbox/media/{id}", self.media),
            web.get("/sandbox/faults", self.faults),
            web.post("/sandbox/faults", self.turn_faults),
            web.post("/sandbox/act", self.act),
            web.post("/sandbox/push", self.push),
            web.post("/sandbox/raw", self.raw),
            web.get("/sandbox/wire", self.wire),
        ]

    def speak(self, said: Body) -> Entry:
        """Somebody says something; the robot hears it 1:1 and where it is @-ed. Raises: HTTPBadRequest."""
        userid, chat = string(said, "as"), string(said, "chat")
        if userid not in self.world.people or chat not in self.world.chats_of(userid):
            raise web.HTTPBadRequest(text=Say.NOBODY)
        kind = KINDS.get(string(said, "kind", "text"), "unknown")
        body: Body = {key: said[key] for key in ("text", "code", "name", "size", "quoted") if key in said}
        called, words = f"@{self.world.assistant}", string(said, "text")
        body["heard"] = words.replace(called, "", 1).strip()
        entry = self.post.write(chat, kind, body, "user", userid, "msg" + secrets.token_hex(12))
        if chat not in self.world.groups or called in words:
            self.gateway.hear(entry)
        self.world.mark_read(userid, chat)
        return entry

    async def say(self, request: web.Request) -> web.Response:
        """`{as, chat, text, kind?, quoted?}`, or `{messages: [those]}` for many at once."""
        body = await body_of(request)
        many = [as_body(item) for item in items(body, "messages")] or [body]
        said = [asdict(self.speak(item)) for item in many]
        return web.json_response(said[0] if "messages" not in body else {"entries": said})

    async def upload(self, request: web.Request) -> web.Response:
        """multipart: `as`, `chat`, then `file`. Pictures arrive as pictures, in groups only they arrive at all."""
        fields: Body = {}
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            if part.name != "file":
                fields[part.name or ""] = await part.text()
                continue
            content, type_ = bytes(await part.read(decode=False)), part.headers.get("Content-Type", "")
            kind = "picture" if type_ in PICTURES else "file"
            stored = self.post.keep(part.filename or "file", kind, type_, content, "code")
            fields |= {"kind": kind, "code": stored.id, "name": stored.name, "size": stored.size}
        if "code" not in fields:
            raise web.HTTPBadRequest(text=Say.NO_FILE)
        return web.json_response(asdict(self.speak(fields)))

    async def press(self, request: web.Request) -> web.Response:
        """`{as, entry, button}` (its number or title): the presser sends the dtmd text; `{"url"}` of another link."""
        body = await body_of(request)
        entry = self.world.entries.get(int(number(body, "entry")))
        buttons = [as_body(item) for item in items(entry.body, "buttons")] if entry else []
        wanted = string(body, "button")
        chosen = [b for n, b in enumerate(buttons) if wanted in (str(n), string(b, "title"))]
        if entry is None or not chosen:
            raise web.HTTPBadRequest(text=Say.NO_BUTTON)
        return self.follow(string(body, "as"), entry.chat, string(chosen[0], "url"))

    def follow(self, userid: str, chat: str, url: str) -> web.Response:
        """What a tap on a link does."""
        words = pressed(url)
        if words is None:
            return web.json_response({"url": url})
        return web.json_response(asdict(self.speak({"as": userid, "chat": chat, "text": words})))

    async def again(self, request: web.Request) -> web.Response:
        """`{entry?}`: deliver what was said once more, by default the last thing said to the robot."""
        wanted = int(number(await body_of(request), "entry"))
        said = [e for e in self.world.entries.values() if e.delivery and wanted in (0, e.id)]
        if not said:
            raise web.HTTPBadRequest(text=Say.NOBODY)
        if said[-1].delivery == "lost":
            self.gateway.hear(said[-1])
            return web.json_response({"entry": said[-1].id, "sent": True})
        return web.json_response({"entry": said[-1].id, "sent": await self.gateway.push_entry(said[-1])})

    async def transcript(self, request: web.Request) -> web.Response:
        """`?since=SEQ&chat=CID&wait=SECONDS`: entries new or changed, and the cursor for the next call."""
        since, chat = int(number(request.query, "since")), request.query.get("chat", "")
        until = time.monotonic() + min(number(request.query, "wait"), LONGEST_WAIT)
        while not (found := self.world.since(since, chat)) and until > time.monotonic():
            await self.bell.wait(until - time.monotonic())
        return web.json_response({"entries": [asdict(entry) for entry in found], "cursor": self.world.seq})

    async def people(self, request: web.Request) -> web.Response:
        """Everybody and every group."""
        people = [asdict(p) | {"chats": self.world.chats_of(p.userid)} for p in self.world.people.values()]
        groups = [{"id": g.id, "title": g.title, "members": g.members} for g in self.world.groups.values()]
        webhooks = {g.id: self.webhook(g.robot_token) for g in self.world.groups.values() if g.robot_token}
        return web.json_response({"people": people, "groups": groups, "webhooks": webhooks})

    def webhook(self, token: str) -> str:
        """The address of a custom robot."""
        return f"{self.gateway.base}/robot/send?access_token={quote(token)}"

    async def media(self, request: web.Request) -> web.Response:
        """A picture to show or a file to save."""
        stored, content = self.world.files.get(request.match_info["id"]), self.post.content(request.match_info["id"])
        if stored is None or content is None:
            raise web.HTTPNotFound
        kind = picture_type(content)
        if kind is None:
            return as_download(content, request.query.get("name") or stored.name)
        return web.Response(body=content, content_type=kind, headers={"X-Content-Type-Options": "nosniff"})

    async def faults(self, request: web.Request) -> web.Response:
        """The present switches."""
        return web.json_response(self.gateway.switches.faults.shown())

    async def turn_faults(self, request: web.Request) -> web.Response:
        """Turn some switches; `{"healthy": true}` first puts all of them back."""
        body, switches = await body_of(request), self.gateway.switches
        present = switches.healthy if body.pop("healthy", False) else switches.faults
        try:
            switches.faults = present.turned(body)
        except ValueError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        self.bell.ring()
        return web.json_response(switches.faults.shown())

    async def act(self, request: web.Request) -> web.Response:
        """`{do}`: an act of the gateway on every socket; `tokens`, `sessions`: forget them."""
        what = string(await body_of(request), "do")
        if what in ("tokens", "sessions"):
            held = self.api.tokens.until if what == "tokens" else self.gateway.sessions
            count = len(held)
            held.clear()
            return web.json_response({"hit": count})
        if what not in self.gateway.ACTS:
            raise web.HTTPBadRequest(text=what)
        return web.json_response({"hit": await self.gateway.act(what)})

    async def push(self, request: web.Request) -> web.Response:
        """`{data, topic?, type?}`: a frame of the caller's own making."""
        body = await body_of(request)
        kind = "EVENT" if string(body, "type") == "EVENT" else "CALLBACK"
        sent = await self.gateway.push(kind, string(body, "topic", BOT_TOPIC), body.get("data"))  # type: ignore[arg-type]  # any JSON
        return web.json_response({"sent": sent})

    async def raw(self, request: web.Request) -> web.Response:
        """`{text}`: these characters to every socket, whatever they are."""
        text = string(await body_of(request), "text")
        sent = [await self.gateway.send(socket, text) for socket in list(self.gateway.sockets.values())]
        return web.json_response({"hit": sum(sent)})

    async def wire(self, request: web.Request) -> web.Response:
        """What happened on the wire since `?acks=N&calls=N`: sockets, opens, acks, outbound calls."""
        gateway, since = self.gateway, request.query
        sockets = [
            {"id": s.id, "topics": sorted(s.topics), "opened": s.opened, "leaving": s.leaving, "last_echo": s.last_echo}
            for s in gateway.sockets.values()
        ]
        acks = [ack for ack in gateway.acks if int(number(ack, "n")) > number(since, "acks")]
        calls = [call for call in self.calls if int(number(call, "n")) > number(since, "calls")]
        return web.json_response({"sockets": sockets, "opens": list(gateway.opens), "acks": acks, "calls": calls})

    def log_call(self, wall: int, path: str, status: int, body: str) -> None:
        """Remember an outbound call of the robot."""
        self.called += 1
        self.calls.append({"n": self.called, "wall": wall, "path": path, "status": status, "body": body})


def picture_type(content: bytes) -> str | None:
    """The picture format by its first bytes, None for anything else."""
    if content.startswith(b"\x89PNG\r\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None
