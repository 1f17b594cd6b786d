"""One websocket to DingTalk: opened with a ticket, read frame by frame, watched for silence. Never opened again."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote_plus

import aiohttp
from dingtalk_stream import Credential
from dingtalk_stream.version import VERSION_STRING
from yarl import URL

from bot.dingtalk.failures import failure
from bot.dingtalk.frames import BadFrame, Frame, as_text, read_frame
from bot.dingtalk.http import Endpoints, Http
from bot.dingtalk.topics import SUBSCRIPTIONS, says_goodbye
from bot.door import GiveUp, Retry

CLOSE = 1.0  # seconds for the other side to say goodbye
SEND = 10.0  # seconds for an ack to leave us
ENDS = (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """Spans in seconds. DingTalk pings about every 25 s; a healthy socket answers our own ping at once."""

    ping_every: float = 10
    deaf_after: float = 25
    """Not even an answer to our ping: the socket is dead."""
    silent_after: float = 150
    """The socket answers but nobody speaks: another is opened before this one is closed."""
    linger: float = 15
    """How long a socket that was replaced is still read; DingTalk drops it after about 10 s."""
    proven: float = 3
    """Having lived so long, or having brought a message, a connection was no accident."""
    longest_wait: float = 60
    in_flight: int = 100
    largest_frame: int = 8 << 20
    """Bytes."""


class Connection:
    """A socket with its manners. `leaving` is set when another should be opened in its place."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, limits: Limits) -> None:
        self._socket, self._limits = socket, limits
        self._loop = asyncio.get_running_loop()
        self._born = self._spoken = self._loop.time()
        self._useful = False
        self.leaving = asyncio.Event()

    @property
    def proven(self) -> bool:
        """Did it live, or bring a message at least? Else opening the next must wait."""
        age = self._loop.time() - self._born
        return age >= self._limits.proven or (self._useful and age >= self._limits.proven / 3)

    async def frames(self) -> AsyncGenerator[Frame | None, None]:
        """What is said to us until the socket ends or falls deaf; None for a sign of life that is no frame."""
        pinger = asyncio.create_task(self._ping())
        try:
            while True:
                heard = await self._socket.receive(timeout=self._limits.deaf_after)
                if heard.type in ENDS:
                    return
                if heard.type is aiohttp.WSMsgType.PONG:
                    continue
                self._spoken = self._loop.time()
                if heard.type is aiohttp.WSMsgType.PING:
                    await self._socket.pong(heard.data)
                yield self._understood(heard.data) if heard.type is not aiohttp.WSMsgType.PING else None
        except ConnectionError:
            return
        except TimeoutError:
            log.warning("socket fell deaf", extra={"seconds": self._limits.deaf_after})
        finally:
            pinger.cancel()

    async def send(self, ack: Mapping[str, object]) -> None:
        """Send an ack; a socket that died has nobody to tell."""
        if self._socket.closed:
            return
        with suppress(ConnectionError, TimeoutError, aiohttp.ClientError):
            async with asyncio.timeout(SEND):
                await self._socket.send_str(json.dumps(ack, ensure_ascii=False))

    async def close(self) -> None:
        """Say goodbye; back within about a second."""
        with suppress(ConnectionError, TimeoutError, aiohttp.ClientError):
            async with asyncio.timeout(2 * CLOSE):
                await self._socket.close()

    def _understood(self, raw: str | bytes) -> Frame | None:
        try:
            frame = read_frame(raw)
        except BadFrame:
            log.warning("frame skipped", extra={"characters": len(raw)})
            return None
        self._useful = self._useful or frame.type != "SYSTEM"
        if says_goodbye(frame):
            self.leaving.set()
        return frame

    async def _ping(self) -> None:
        with suppress(ConnectionError, aiohttp.ClientError):
            while not self._socket.closed:
                await asyncio.sleep(self._limits.ping_every)
                await self._socket.ping()
                if self._loop.time() - self._spoken > self._limits.silent_after:
                    self.leaving.set()


async def open_connection(
    session: aiohttp.ClientSession, http: Http, endpoints: Endpoints, credential: Credential, limits: Limits
) -> Connection:
    """A connection with a ticket of its own. Raises: Retry, GiveUp, neither with an address or a ticket in it."""
    url = await ask_for_ticket(http, endpoints, credential)
    try:
        async with asyncio.timeout(SEND):
            socket = await session.ws_connect(
                URL(url, encoded=True),
                timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE),
                autoping=False,
                max_msg_size=limits.largest_frame,
            )
    except aiohttp.WSServerHandshakeError as error:
        raise Retry(f"handshake {error.status}") from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Retry(type(error).__name__) from None
    return Connection(socket, limits)


async def ask_for_ticket(http: Http, endpoints: Endpoints, credential: Credential) -> str:
    """The address to connect to, ticket included: good once and for 90 s. Raises: Retry, GiveUp."""
    body = {
        "clientId": credential.client_id,
        "clientSecret": credential.client_secret,
        "subscriptions": list(SUBSCRIPTIONS),
        "ua": f"dingtalk-sdk-python/v{VERSION_STRING}-union",
    }
    answer = await http.post(endpoints.api + "/v1.0/gateway/connections/open", body)
    if problem := failure(answer):
        raise problem
    place, ticket = as_text(answer.body.get("endpoint")), as_text(answer.body.get("ticket"))
    if not ticket or not endpoints.trusts_socket(place):
        raise GiveUp("no endpoint we trust", "settings")
    return f"{place}{'&' if '?' in place else '?'}ticket={quote_plus(ticket)}"
