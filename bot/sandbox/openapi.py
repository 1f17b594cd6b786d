"""What the robot may call: tokens, replies, pushes, files. Contacts are contacts.py. Source: dingtalk.md §3, §8."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from bot.sandbox.body import Body, body_of, number, string, strings
from bot.sandbox.clock import wall_ms
from bot.sandbox.faults import WINDOW, Limiter
from bot.sandbox.gateway import Gateway
from bot.sandbox.post import Post
from bot.sandbox.wire import Malformed, api_entry, webhook_entry
from bot.sandbox.world import Kind, direct_chat

SESSION_BYTES = 20_000
GROUP_BYTES = 15_000
SKEW_MS = 3_600_000
RECEIVERS = 20
Host = Literal["api", "oapi"]
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Say:
    BAD_TOKEN = "不合法的access_token"
    NO_SESSION = "session 不存在"
    SIGN = "签名不匹配"


def failed(code: str, message: str = "", status: int = 400) -> web.Response:
    """An error of the new API."""
    return web.json_response(
        {"code": code, "message": message or code, "requestid": secrets.token_hex(8)}, status=status
    )


def refused(errcode: int, errmsg: str) -> web.Response:
    """An error of the old API: HTTP 200 with an errcode."""
    return web.json_response({"errcode": errcode, "errmsg": errmsg, "request_id": secrets.token_hex(8)})


def signed(secret: str, timestamp: str) -> str:
    """The custom robot's signature, not yet URL-encoded."""
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


@dataclass
class Tokens:
    """Access tokens of both hosts; they are not interchangeable, but for media/upload."""

    until: dict[str, tuple[Host, float]] = field(default_factory=dict)

    def issue(self, host: Host, life: float) -> str:
        """A new token, good for `life` seconds."""
        token = secrets.token_hex(16)
        self.until[token] = (host, time.monotonic() + life)
        return token

    def good(self, token: str, *hosts: Host) -> bool:
        """Is the token alive, on one of these hosts?"""
        host, until = self.until.get(token, ("api", 0.0))
        return until > time.monotonic() and host in hosts


class OpenApi:
    """The outbound calls of `dingtalk.md` §8 items 9 to 11."""

    def __init__(self, gateway: Gateway, post: Post) -> None:
        self.gateway, self.post, self.tokens = gateway, post, Tokens()
        self.robots = Limiter(WINDOW)
        self.calls = Limiter(1.0)

    def routes(self) -> list[web.RouteDef]:
        """Every call, on both hosts' paths."""
        return [
            web.post("/v1.0/oauth2/accessToken", self.access_token),
            web.get("/gettoken", self.get_token),
            web.post("/v1.0/robot/oToMessages/batchSend", self.checked(self.to_people)),
            web.post("/v1.0/robot/groupMessages/send", self.checked(self.to_group)),
            web.post("/v1.0/robot/messageFiles/download", self.checked(self.download)),
            web.post("/robot/sendBySession", self.by_session),
            web.post("/robot/send", self.by_custom_robot),
            web.post("/media/upload", self.upload),
            web.get("/files/{id}", self.file),
        ]

    def checked(self, answer: Answer) -> Answer:
        """The call behind its token, its throttle and the app's rate."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            faults = self.gateway.switches.faults
            if not self.tokens.good(request.headers.get("x-acs-dingtalk-access-token", ""), "api"):
                return failed("InvalidAuthentication", Say.BAD_TOKEN, 401)
            allowed = self.calls.allows(request.path, time.monotonic(), faults.api_rate)
            if faults.throttle == "qps" or not allowed:
                return failed("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", status=403)
            return await answer(request)

        return guarded

    async def access_token(self, request: web.Request) -> web.Response:
        """The new API's token."""
        body, life = await body_of(request), self.gateway.switches.faults.token_life
        if not self.gateway.app.knows(string(body, "appKey"), string(body, "appSecret")):
            return failed("invalidClientIdOrSecret")
        return web.json_response({"accessToken": self.tokens.issue("api", life), "expireIn": int(life)})

    async def get_token(self, request: web.Request) -> web.Response:
        """The old API's token."""
        life = self.gateway.switches.faults.token_life
        if not self.gateway.app.knows(request.query.get("appkey", ""), request.query.get("appsecret", "")):
            return refused(40089, "appkey or appsecret is wrong")
        token = self.tokens.issue("oapi", life)
        return web.json_response({"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": int(life)})

    async def to_people(self, request: web.Request) -> web.Response:
        """1:1 messages to at most 20 people."""
        body, known = await body_of(request), self.post.world.people
        users = strings(body, "userIds")
        if len(users) > RECEIVERS:
            return failed("invalidParameter.userIds.overMax")
        refusal, shown = self._api_message(body)
        if shown is None:
            return refusal
        invalid = [user for user in users if user not in known or known[user].outsider]
        if users and len(invalid) == len(users):
            return failed("staffId.notExisted")
        for user in users:
            if user not in invalid:
                self.post.write(direct_chat(user), *shown, "person")
        lists = {"invalidStaffIdList": invalid, "flowControlledStaffIdList": [], "filteredStaffIdList": []}
        return web.json_response({"processQueryKey": secrets.token_hex(12)} | lists)

    async def to_group(self, request: web.Request) -> web.Response:
        """A message to a group the robot is in; cannot @."""
        body = await body_of(request)
        chat = string(body, "openConversationId")
        if chat not in self.post.world.groups:
            return failed("invalid.openConversationId")
        if len(string(body, "msgParam").encode()) > GROUP_BYTES:
            return failed("invalidParameter.msgParam.tooLong")
        refusal, shown = self._api_message(body)
        if shown is None:
            return refusal
        self.post.write(chat, *shown, "group")
        return web.json_response({"processQueryKey": secrets.token_hex(12)})

    def _api_message(self, body: Body) -> tuple[web.Response, tuple[Kind, Body] | None]:
        """What the call shows, or the refusal it gets."""
        if string(body, "robotCode") != self.gateway.app.client_id:
            return failed("invalidParameter.robotCode.notExsit"), None
        try:
            return web.Response(), api_entry(string(body, "msgKey"), string(body, "msgParam"))
        except Malformed as error:
            return failed(f"invalidParameter.{error.why}.invalid"), None

    async def download(self, request: web.Request) -> web.Response:
        """A temporary URL for what a person uploaded."""
        code = string(await body_of(request), "downloadCode")
        if code not in self.post.world.files:
            return failed("invalidParameter.downloadCode", status=400)
        return web.json_response(
            {"downloadUrl": f"{self.gateway.base}/files/{quote(code)}?expires={wall_ms() + 600_000}"}
        )

    async def file(self, request: web.Request) -> web.Response:
        """The bytes behind a download URL; never opened as a page."""
        stored, content = (
            self.post.world.files.get(request.match_info["id"]),
            self.post.content(request.match_info["id"]),
        )
        if stored is None or content is None or number(request.query, "expires") < wall_ms():
            raise web.HTTPNotFound
        return as_download(content, stored.name)

    async def by_session(self, request: web.Request) -> web.Response:
        """A reply by the webhook that came with the message."""
        chat, expires = self.gateway.sessions.get(request.query.get("session", ""), ("", 0))
        if not chat or expires < wall_ms() or self.gateway.switches.faults.session_expired:
            return refused(300001, Say.NO_SESSION)
        return await self._webhook(request, chat, "session")

    async def by_custom_robot(self, request: web.Request) -> web.Response:
        """A group's custom robot: signature, 20 a minute, then blocked."""
        faults, group = self.gateway.switches.faults, self.post.world.robot_group(request.query.get("access_token", ""))
        if group is None:
            return refused(300005, "token is not exist")
        timestamp = request.query.get("timestamp", "")
        fresh = timestamp.isdigit() and abs(int(timestamp) - wall_ms()) < SKEW_MS
        if group.robot_secret and not (fresh and request.query.get("sign") == signed(group.robot_secret, timestamp)):
            return refused(310000, Say.SIGN)
        allowed = self.robots.allows(group.id, time.monotonic(), faults.robot_rate, faults.robot_block)
        if faults.throttle == "robot" or not allowed:
            return refused(130101, "send too fast, exceed 20 times per minute")
        return await self._webhook(request, group.id, "webhook")

    async def _webhook(self, request: web.Request, chat: str, via: str) -> web.Response:
        if int(request.content_length or 0) > SESSION_BYTES:
            return refused(460101, "message too long, exceed 20000 bytes")
        if request.content_type != "application/json":
            return refused(43004, "Content-Type must be application/json")
        try:
            kind, shown = webhook_entry(await body_of(request))
        except Malformed as error:
            return refused(40035, f"invalid parameter: {error.why}")
        self.post.write(chat, kind, shown, via, sender="robot" if via == "webhook" else "assistant")
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async def upload(self, request: web.Request) -> web.Response:
        """A file of the robot's own, kept for good."""
        if not self.tokens.good(request.query.get("access_token", ""), "api", "oapi"):
            return refused(40014, Say.BAD_TOKEN)
        part = await (await request.multipart()).next()
        if not isinstance(part, BodyPartReader) or part.name != "media":
            return refused(40035, "field media is missing")
        kind, content = request.query.get("type", "file"), await part.read(decode=False)
        type_ = part.headers.get("Content-Type", "application/octet-stream")
        stored = self.post.keep(part.filename or "file", kind, type_, bytes(content), "@lAD")
        answer = {"errcode": 0, "errmsg": "ok", "type": kind, "media_id": stored.id, "created_at": wall_ms()}
        return web.json_response(answer)


def as_download(content: bytes, name: str) -> web.Response:
    """Bytes to save, never to render."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
    }
    return web.Response(body=content, content_type="application/octet-stream", headers=headers)
