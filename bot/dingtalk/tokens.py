"""Access tokens, one for each of DingTalk's two APIs: kept, renewed early, dropped when refused. Calls nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.dingtalk.failures import failure
from bot.dingtalk.frames import as_text
from bot.dingtalk.http import Answer, Endpoints, Http
from bot.door import GiveUp, Retry

EARLY = 300.0  # seconds before its end, or a quarter of a short life
REFUSED = timedelta(minutes=5)  # wrong credentials are put right by people


class Token:
    """One token; many may ask at once, one call is made. `monotonic` in seconds."""

    def __init__(self, ask: Callable[[], Awaitable[tuple[str, float]]], monotonic: Callable[[], float]) -> None:
        self._ask, self._monotonic = ask, monotonic
        self._value, self._until = "", 0.0
        self._lock = asyncio.Lock()

    async def get(self) -> str:
        """A token that is still good for a while. Raises: Retry."""
        async with self._lock:
            if not self._value or self._monotonic() >= self._until:
                self._value, life = await self._ask()
                self._until = self._monotonic() + life - min(EARLY, life / 4)
            return self._value

    def drop(self, value: str) -> None:
        """It was refused; the next one to ask gets another, unless somebody already has."""
        if value == self._value:
            self._value = ""


class Tokens:
    """The token of the new API (`api`) and of the old (`oapi`); sources differ on whether one serves both."""

    def __init__(
        self, http: Http, endpoints: Endpoints, client_id: str, client_secret: str, monotonic: Callable[[], float]
    ) -> None:
        self._http, self._endpoints = http, endpoints
        self._client_id, self._client_secret = client_id, client_secret
        self.api = Token(self._ask_api, monotonic)
        self.oapi = Token(self._ask_oapi, monotonic)

    async def _ask_api(self) -> tuple[str, float]:
        body = {"appKey": self._client_id, "appSecret": self._client_secret}
        answer = await self._http.post(self._endpoints.api + "/v1.0/oauth2/accessToken", body)
        return read_token(answer, "accessToken", "expireIn")

    async def _ask_oapi(self) -> tuple[str, float]:
        params = {"appkey": self._client_id, "appsecret": self._client_secret}
        answer = await self._http.get(self._endpoints.oapi + "/gettoken", params)
        return read_token(answer, "access_token", "expires_in")


def read_token(answer: Answer, name: str, life: str) -> tuple[str, float]:
    """(token, seconds it lives). Raises: Retry, after minutes when the credentials are refused."""
    problem = failure(answer)
    if isinstance(problem, GiveUp):
        raise Retry("token refused: " + problem.why, REFUSED, "app")
    value, seconds = as_text(answer.body.get(name)), as_text(answer.body.get(life))
    if problem or not value:
        raise problem or Retry("no token in the answer")
    return value, float(seconds) if seconds.isascii() and seconds.isdecimal() else 7200.0
