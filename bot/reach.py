"""Whether an address answers, and if not, at which step it fails. It sends nothing of ours and knows no wording."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path

import aiohttp

JSON_HEADERS = {"Accept": "application/json"}  # DingTalk answers XML without it


class Step(StrEnum):
    """Where the way to an address ended."""

    ANSWERED = "answered"
    PROXY = "proxy"
    NAME = "name"
    REFUSED = "refused"
    CERTIFICATE = "certificate"
    TLS = "tls"
    SLOW = "slow"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Reached:
    """What came back: the step, and of an answer its status, body and Date header."""

    step: Step
    status: int = 0
    body: str = ""
    date: datetime | None = None


FAILURES: tuple[tuple[type[BaseException], Step], ...] = (  # the narrower class first
    (aiohttp.ClientProxyConnectionError, Step.PROXY),
    (aiohttp.ClientHttpProxyError, Step.PROXY),
    (aiohttp.ClientConnectorDNSError, Step.NAME),
    (aiohttp.ClientConnectorCertificateError, Step.CERTIFICATE),
    (aiohttp.ClientSSLError, Step.TLS),
    (ssl.SSLError, Step.TLS),
    (TimeoutError, Step.SLOW),
    (aiohttp.ClientConnectorError, Step.REFUSED),
)


class Way:
    """The way out as the settings have it: through the proxy, trusting the given CA file. Close it after use."""

    def __init__(self, proxy: str | None, ca_file: Path | None, patience: timedelta) -> None:
        """Raises: OSError if the CA file cannot be read."""
        trust = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
        self._proxy = proxy
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=trust),
            timeout=aiohttp.ClientTimeout(total=patience.total_seconds()),
            headers=JSON_HEADERS,
        )

    async def get(self, url: str) -> Reached:
        """Any answer of any status counts as reached."""
        return await self._ask("GET", url, None)

    async def post(self, url: str, body: Mapping[str, object]) -> Reached:
        """The same with a JSON body; redirects are not followed."""
        return await self._ask("POST", url, body)

    async def close(self) -> None:
        """Let every connection go."""
        await self._session.close()

    async def _ask(self, method: str, url: str, body: Mapping[str, object] | None) -> Reached:
        try:
            async with self._session.request(
                method, url, json=body, proxy=self._proxy, allow_redirects=False
            ) as answer:
                return Reached(Step.ANSWERED, answer.status, await answer.text(), read_date(answer.headers))
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Reached(step_of(error))


def step_of(error: BaseException) -> Step:
    """Where the way ended, by the error it ended with."""
    return next((step for kind, step in FAILURES if isinstance(error, kind)), Step.BROKEN)


def read_date(headers: Mapping[str, str]) -> datetime | None:
    """The Date header, aware; None if it is missing or no date."""
    try:
        date = parsedate_to_datetime(headers["Date"])
    except (KeyError, ValueError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
