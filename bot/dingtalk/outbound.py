"""DingTalk as a Door: how a Reply or Announcement goes out, part by part. Takes no permits and repeats nothing."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import aiohttp
from dingtalk_stream import Credential

from bot.dingtalk.api import LARGEST_FILE, Api
from bot.dingtalk.http import Endpoints, Http
from bot.dingtalk.tokens import Tokens
from bot.dingtalk.translate import Body, Post, by_api, by_webhook, file_by_api, picture_by_api, posts
from bot.dingtalk.webhook import Webhooks
from bot.door import GiveUp, Known, Retry, Sent, Webhook
from handlers.message import Announcement, Attachment, Receiver, Reply, SentFile

MARGIN = timedelta(minutes=1)  # their clock and ours
KEPT = 256  # media ids remembered, so that a file for forty people is uploaded once

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Upload:
    """A part that is a file or a picture."""

    kind: Literal["file", "image"]
    file: SentFile


@dataclass(frozen=True, slots=True)
class Way:
    """How the parts go: by a live session, else by a group's own robot, else by the open API."""

    session: str = ""
    webhook: Webhook | None = None
    mentions: Sequence[str] = ()
    millis: int = 0
    key: str = ""


Part = Post | Upload


class Outbound:
    """The Door to DingTalk. `files` reads the bytes of a SentFile by its key; `now` is engine time."""

    def __init__(
        self,
        api: Api,
        webhooks: Webhooks,
        files: Callable[[str], Awaitable[bytes]],
        now: Callable[[], datetime],
    ) -> None:
        self._api, self._webhooks, self._files, self._now = api, webhooks, files, now
        self._media: OrderedDict[str, str] = OrderedDict()

    def needs_permit(self, route: str, expires: datetime | None, now: datetime) -> bool:
        """Will a reply by this route need a metered call?"""
        return not route or (expires is not None and expires - MARGIN <= now)

    def parts(self, to: Receiver, message: Reply | Announcement) -> int:
        """How many messages it becomes."""
        return len(in_parts(message, to))

    async def reply(
        self,
        route: str,
        route_expires: datetime | None,
        to: Receiver,
        message: Reply,
        *,
        engine_now: datetime,
        done: int = 0,
    ) -> Sent:
        """Answer in the session while it lives, else by the open API."""
        alive = not self.needs_permit(route, route_expires, engine_now)
        return await self._send(to, in_parts(message, to), Way(session=route if alive else ""), done)

    async def push(
        self,
        receiver: Receiver,
        announcement: Announcement,
        *,
        webhook: Webhook | None = None,
        key: str = "",
        done: int = 0,
    ) -> Sent:
        """Say something unasked; only a group's own robot can @ people."""
        mentions = announcement.mentions if webhook and receiver.kind == "group" else ()
        way = Way("", webhook if receiver.kind == "group" else None, mentions, int(self._now().timestamp() * 1000), key)
        return await self._send(receiver, in_parts(announcement, receiver, mentions), way, done)

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes of what somebody sent us."""
        return await self._api.download(attachment.code, LARGEST_FILE)

    async def find_by_mobile(self, mobile: str) -> str | None:
        """Staff id of the member with this mobile number; None when there is none."""
        return await self._api.find_by_mobile(mobile)

    async def find(self, staff_id: str) -> Known | None:
        """The member with this staff id; None when there is none."""
        return await self._api.find(staff_id)

    async def _send(self, to: Receiver, parts: Sequence[Part], way: Way, done: int) -> Sent:
        sent = Sent("session" if way.session else "webhook" if way.webhook else "open")
        for number, part in enumerate(parts[done:], done):
            try:
                one = await self._send_part(to, part, way, number)
            except (Retry, GiveUp) as problem:
                problem.done = number - done
                raise
            if way.session and one.kind == "open" and isinstance(part, Post):
                way = Way()  # a dead session stays dead for the rest
            sent = together(sent, one)
        return sent

    async def _send_part(self, to: Receiver, part: Part, way: Way, number: int) -> Sent:
        if isinstance(part, Upload):
            return await self._by_api(to, *await self._uploaded(part), calls=2)
        if way.webhook:
            key = f"{way.key}/{number}" if way.key else ""
            await self._webhooks.by_robot(way.webhook, by_webhook(part, way.mentions), way.millis, key)
            return Sent("webhook")
        if way.session and await self._in_session(way.session, part):
            return Sent("session")
        return await self._by_api(to, *by_api(part))

    async def _in_session(self, session: str, part: Post) -> bool:
        try:
            await self._webhooks.by_session(session, by_webhook(part))
        except GiveUp as problem:
            if problem.trouble != "route":
                raise
            log.info("session is dead", extra={"why": problem.why})
            return False
        return True

    async def _by_api(self, to: Receiver, key: str, param: Body, *, calls: int = 1) -> Sent:
        if not to.id:
            raise GiveUp("nobody to send to", "route")
        send = self._api.to_person if to.kind == "person" else self._api.to_group
        return Sent("open", calls, await send(to.id, key, param))

    async def _uploaded(self, part: Upload) -> tuple[str, Body]:
        media_id = self._media.get(part.kind + part.file.key) or await self._upload(part)
        return picture_by_api(media_id) if part.kind == "image" else file_by_api(part.file, media_id)

    async def _upload(self, part: Upload) -> str:
        try:
            data = await self._files(part.file.key)
        except OSError as error:
            raise GiveUp(type(error).__name__, "file") from error
        media_id = await self._api.upload(part.kind, part.file.name, data)
        self._media[part.kind + part.file.key] = media_id
        while len(self._media) > KEPT:
            self._media.popitem(last=False)
        return media_id


def in_parts(message: Reply | Announcement, to: Receiver, mentions: Sequence[str] = ()) -> list[Part]:
    """The messages it becomes, in order: its text, its pictures, its files."""
    pictures = [Upload("image", picture) for picture in message.pictures]
    files = [Upload("file", file) for file in message.files]
    return [*posts(message, to.kind == "group", mentions), *pictures, *files]


def together(all_so_far: Sent, one: Sent) -> Sent:
    """Two parts as one: metered if any was, with all receipts."""
    receipt = ",".join(part for part in (all_so_far.receipt, one.receipt) if part)
    kind = "open" if one.kind == "open" else all_so_far.kind
    return Sent(kind, all_so_far.calls + one.calls, receipt)


def open_door(
    session: aiohttp.ClientSession,
    endpoints: Endpoints,
    credential: Credential,
    robot: str,
    *,
    files: Callable[[str], Awaitable[bytes]],
    now: Callable[[], datetime],
    monotonic: Callable[[], float],
) -> Outbound:
    """The Door to DingTalk over a session of http.open_session()."""
    http = Http(session)
    tokens = Tokens(http, endpoints, credential.client_id, credential.client_secret, monotonic)
    return Outbound(Api(http, endpoints, tokens, robot), Webhooks(http, endpoints), files, now)
