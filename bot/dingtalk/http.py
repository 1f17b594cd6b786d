"""One way to speak HTTP to DingTalk: time-outs, no redirects, own CA and proxy, no secret in an error. No tokens."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from bot.dingtalk.frames import as_text, parsed
from bot.door import GiveUp, Retry

TIMEOUT = 10.0  # seconds; below a third of delivery's lease
CONNECT = 5.0  # seconds
FETCH = 30.0  # seconds for a whole file, 10 between any two pieces of it
LARGEST_ANSWER = 1 << 20  # bytes
OURS = ("dingtalk.com",)
STORES = OURS  # its files too: a wider place would be anybody's bucket

FormMaker = Callable[[], aiohttp.FormData]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where DingTalk is: `api` the new open API and the gateway, `oapi` the old one."""

    api: str = "https://api.dingtalk.com"
    oapi: str = "https://oapi.dingtalk.com"

    def trusts(self, url: str, domains: tuple[str, ...] = OURS) -> bool:
        """May we call this address, which we were told? Https at DingTalk, or the origin of an endpoint."""
        return origin(url) in (origin(self.api), origin(self.oapi)) or is_within(url, "https", domains)

    def trusts_socket(self, url: str) -> bool:
        """May we open a websocket there? Wss at DingTalk, or the host of the endpoint."""
        parts = urlsplit(url)
        known = urlsplit(self.api)
        alike = parts.hostname == known.hostname and parts.scheme == known.scheme.replace("http", "ws")
        return (alike and not parts.username) or is_within(url, "wss", OURS)


def origin(url: str) -> tuple[str, str, int | None] | None:
    """Scheme, host and port; None for an address that hides something in them."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return None
    return None if parts.username is not None or not parts.hostname else (parts.scheme, parts.hostname, port)


def is_within(url: str, scheme: str, domains: tuple[str, ...]) -> bool:
    """Does the address lie in one of the domains, on the usual port of its scheme?"""
    place = origin(url)
    if place is None or place[0] != scheme or place[2] not in (None, 443):
        return False
    return any(place[1] == domain or place[1].endswith("." + domain) for domain in domains)


@dataclass(frozen=True, slots=True)
class Answer:
    """What DingTalk answered; `body` is {} when it is no JSON object."""

    status: int
    body: Mapping[str, object] = field(default_factory=dict, repr=False)
    after: timedelta | None = None
    """Its Retry-After."""

    @property
    def code(self) -> str:
        """The error code of the new or the old API; "" when all is well. An old one may be a string or a number."""
        code = as_text(self.body.get("code")) or as_text(self.body.get("errcode")).strip()
        banned = as_text(self.body.get("status")) if "punish" in self.body or self.status >= 300 else ""
        if 200 <= self.status < 300 and self.body and code in ("", "0") and not banned:
            return ""
        return code or (f"status {banned}" if banned else "no answer we know")


def open_session(proxy: str | None = None, ca_file: Path | None = None) -> aiohttp.ClientSession:
    """A session through the proxy, believing the CA as well; reads no environment. Raises: OSError, ssl.SSLError."""
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(cafile=ca_file)
    timeout = aiohttp.ClientTimeout(total=TIMEOUT, connect=CONNECT)
    connector = aiohttp.TCPConnector(ssl=context, limit=100)
    return aiohttp.ClientSession(
        connector=connector, timeout=timeout, proxy=proxy, trust_env=False, cookie_jar=aiohttp.DummyCookieJar()
    )


class Http:
    """Calls with a time-out each; whatever goes wrong below HTTP is a Retry without any address in it."""

    def __init__(self, session: aiohttp.ClientSession, timeout: float = TIMEOUT) -> None:
        self._session = session
        self._timeout = aiohttp.ClientTimeout(total=timeout, connect=min(CONNECT, timeout))

    async def get(self, url: str, params: Mapping[str, str]) -> Answer:
        """The answer to a GET."""
        return await self._call("GET", url, params=params)

    async def post(
        self, url: str, body: Mapping[str, object], *, headers: Mapping[str, str] | None = None, token: str = ""
    ) -> Answer:
        """The answer to a POST of JSON; `token` goes into the query as the old API wants it."""
        return await self._call(
            "POST", url, headers=headers, params={"access_token": token} if token else None, body=body
        )

    async def upload(self, url: str, params: Mapping[str, str], form: FormMaker) -> Answer:
        """The answer to a POST of a form."""
        return await self._call("POST", url, params=params, form=form)

    async def download(self, url: str, limit: int) -> bytes:
        """The bytes at an address. Raises: Retry, GiveUp("file") when gone or larger than `limit` bytes."""
        try:
            timeout = aiohttp.ClientTimeout(total=FETCH, connect=CONNECT, sock_read=TIMEOUT)
            async with self._session.get(url, timeout=timeout, allow_redirects=False) as response:
                if response.status >= 500:
                    raise Retry(f"http {response.status}")
                if response.status != 200:
                    raise GiveUp(f"http {response.status}", "file")
                return await read_up_to(response, limit)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise broken(error) from None

    async def _call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
        form: FormMaker | None = None,
    ) -> Answer:
        accept = {"Accept": "application/json", **(headers or {})}
        data = form() if form else None
        try:
            async with self._session.request(
                method,
                url,
                params=params,
                json=body,
                data=data,
                headers=accept,
                timeout=self._timeout,
                allow_redirects=False,
            ) as response:
                raw = await read_up_to(response, LARGEST_ANSWER)
                return Answer(response.status, as_mapping(parsed(raw)), pause(response.headers.get("Retry-After", "")))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise broken(error) from None


async def read_up_to(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """The body. Raises: GiveUp("file") when it is larger than `limit` bytes."""
    data = bytearray()
    async for chunk in response.content.iter_chunked(1 << 16):
        data += chunk
        if len(data) > limit:
            raise GiveUp("too large", "file")
    return bytes(data)


def as_mapping(value: object) -> Mapping[str, object]:
    """The JSON object itself; {} for anything else."""
    return value if isinstance(value, dict) else {}


def pause(header: str) -> timedelta | None:
    """The span a Retry-After in seconds asks for, an hour at most; None for a date or nonsense."""
    text = header.strip()
    return timedelta(seconds=min(int(text), 3600)) if text.isascii() and text.isdecimal() and len(text) < 9 else None


def broken(error: Exception) -> Retry | GiveUp:
    """The failure below HTTP; its class only, for its text may hold the address with its query."""
    name = type(error).__name__
    if isinstance(error, aiohttp.InvalidURL):
        return GiveUp(name, "settings")
    before = isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
    return Retry(name, uncertain=not before)
