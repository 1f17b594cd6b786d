"""Messages by webhook: the session of a message we were sent, or a group's own robot with its signature. No tokens.

Source: open.dingtalk.com 自定义机器人安全设置 (加签).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote_plus

from bot.dingtalk.failures import DEAD_SESSION, failure
from bot.dingtalk.http import Endpoints, Http
from bot.door import GiveUp, Webhook

Body = Mapping[str, object]
GONE = (401, 404, 410)


class Webhooks:
    """Posts to addresses we were told; only at DingTalk's."""

    def __init__(self, http: Http, endpoints: Endpoints) -> None:
        self._http, self._endpoints = http, endpoints

    async def by_session(self, url: str, body: Body) -> None:
        """Answer in a session. Raises: Retry, GiveUp("route") when the session is dead, GiveUp("content")."""
        if not self._endpoints.trusts(url):
            raise GiveUp("session elsewhere", "route")
        answer = await self._http.post(url, body)
        problem = failure(answer)
        refused = isinstance(problem, GiveUp) and problem.trouble != "content"
        dead = refused or answer.code in DEAD_SESSION or answer.status in GONE
        if problem:
            raise GiveUp(problem.why, "route") if dead else problem

    async def by_robot(self, webhook: Webhook, body: Body, millis: int, key: str = "") -> None:
        """Post as a group's own robot, signed when it has a secret. Raises: Retry, GiveUp."""
        if not self._endpoints.trusts(webhook.url):
            raise GiveUp("webhook elsewhere", "settings")
        url = webhook.url + (signature(webhook.secret, millis) if webhook.secret else "")
        answer = await self._http.post(url, {**body, "msgUuid": key} if key else body)
        if problem := failure(answer):
            raise problem


def signature(secret: str, millis: int) -> str:
    """`&timestamp=…&sign=…` for a robot with 加签."""
    digest = hmac.new(secret.encode(), f"{millis}\n{secret}".encode(), hashlib.sha256).digest()
    return f"&timestamp={millis}&sign={quote_plus(base64.b64encode(digest))}"
