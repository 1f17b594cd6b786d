"""DingTalk's open API as far as we use it: to a person, to a group, files, members. Knows no Reply."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Literal

import aiohttp

from bot.dingtalk.failures import failure, is_stale
from bot.dingtalk.frames import as_text
from bot.dingtalk.http import STORES, Answer, Endpoints, Http, as_mapping
from bot.dingtalk.tokens import Token, Tokens
from bot.door import GiveUp, Known, Retry

LARGEST_FILE = 20 << 20  # bytes, in either direction
FLOW = timedelta(minutes=1)  # DingTalk names no span for a person it held back

Body = Mapping[str, object]


class Api:
    """Calls with a token; a token that is refused is renewed and the call made once more."""

    def __init__(self, http: Http, endpoints: Endpoints, tokens: Tokens, robot: str) -> None:
        self._http, self._endpoints, self._tokens, self._robot = http, endpoints, tokens, robot

    async def to_person(self, staff_id: str, key: str, param: Body) -> str:
        """Send to one person; the receipt. Raises: Retry, GiveUp."""
        body = {"robotCode": self._robot, "userIds": [staff_id], "msgKey": key, "msgParam": in_string(param)}
        answer = await self._api("/v1.0/robot/oToMessages/batchSend", body)
        if answer.get("flowControlledStaffIdList"):
            raise Retry("flowControlledStaffIdList", FLOW)
        if answer.get("invalidStaffIdList") or answer.get("filteredStaffIdList"):
            raise GiveUp("invalidStaffIdList", "receiver")
        return as_text(answer.get("processQueryKey"))

    async def to_group(self, conversation: str, key: str, param: Body) -> str:
        """Send to a group the robot is in; the receipt. Raises: Retry, GiveUp."""
        body = {
            "robotCode": self._robot,
            "openConversationId": conversation,
            "msgKey": key,
            "msgParam": in_string(param),
        }
        answer = await self._api("/v1.0/robot/groupMessages/send", body)
        return as_text(answer.get("processQueryKey"))

    async def upload(self, kind: Literal["image", "file"], name: str, data: bytes) -> str:
        """Keep a file at DingTalk; its media id, which does not expire. Raises: Retry, GiveUp.

        People see the name that goes with the message; here it is plain ASCII, for forms differ in how they quote.
        """
        if not data or len(data) > LARGEST_FILE:
            raise GiveUp("empty or too large", "file")

        def form() -> aiohttp.FormData:
            form = aiohttp.FormData(default_to_multipart=True)
            form.add_field(
                "media", data, filename=kind + PurePosixPath(name).suffix, content_type="application/octet-stream"
            )
            return form

        async def send(token: str) -> Answer:
            params = {"access_token": token, "type": kind}
            return await self._http.upload(self._endpoints.oapi + "/media/upload", params, form)

        answer = await self._with(self._tokens.oapi, send)
        media_id = as_text(answer.get("media_id"))
        if not media_id:
            raise Retry("no media_id in the answer")
        return media_id

    async def download(self, code: str, limit: int = LARGEST_FILE) -> bytes:
        """The bytes of a file somebody sent. Raises: Retry, GiveUp("file")."""
        answer = await self._api("/v1.0/robot/messageFiles/download", {"robotCode": self._robot, "downloadCode": code})
        place = as_text(answer.get("downloadUrl"))
        if not self._endpoints.trusts(place, STORES):
            raise GiveUp("download from elsewhere", "file")
        return await self._http.download(place, limit)

    async def find_by_mobile(self, mobile: str) -> str | None:
        """Staff id of the member with this mobile number; None when there is none. Raises: Retry, GiveUp."""
        result = await self._member("/topapi/v2/user/getbymobile", {"mobile": mobile})
        return as_text(result.get("userid")) or None

    async def find(self, staff_id: str) -> Known | None:
        """The member with this staff id; None when there is none. Raises: Retry, GiveUp."""
        result = await self._member("/topapi/v2/user/get", {"userid": staff_id, "language": "zh_CN"})
        name, title, mobile = (as_text(result.get(key)) for key in ("name", "title", "mobile"))
        return Known(staff_id, name, title, mobile) if result else None

    async def _member(self, path: str, body: Body) -> Body:
        async def send(token: str) -> Answer:
            return await self._http.post(self._endpoints.oapi + path, body, token=token)

        try:
            return as_mapping((await self._with(self._tokens.oapi, send)).get("result"))
        except GiveUp as problem:
            if problem.trouble == "receiver":
                return {}
            raise

    async def _api(self, path: str, body: Body) -> Body:
        async def send(token: str) -> Answer:
            headers = {"x-acs-dingtalk-access-token": token}
            return await self._http.post(self._endpoints.api + path, body, headers=headers)

        return await self._with(self._tokens.api, send)

    async def _with(self, token: Token, send: Callable[[str], Awaitable[Answer]]) -> Body:
        value = await token.get()
        answer = await send(value)
        if is_stale(answer):
            token.drop(value)
            answer = await send(await token.get())
        if problem := failure(answer):
            raise problem
        return answer.body


def in_string(param: Body) -> str:
    """JSON in a string, as msgParam must be; half characters are replaced."""
    return json.dumps(param, ensure_ascii=False).encode(errors="replace").decode()
