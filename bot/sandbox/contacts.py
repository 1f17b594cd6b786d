"""The old contacts API over the stand-in's people: who has this mobile, who is this user. Source: dingtalk.md §5."""

from __future__ import annotations

import zlib

from aiohttp import web

from bot.sandbox.body import Body, body_of, string
from bot.sandbox.openapi import Answer, OpenApi, Say, refused
from bot.sandbox.world import Person, World


class Contacts:
    """Insiders only; everybody else is 60121."""

    def __init__(self, world: World, api: OpenApi) -> None:
        self.world, self.api = world, api

    def routes(self) -> list[web.RouteDef]:
        """The calls, each behind the old token."""
        return [
            web.post("/topapi/v2/user/getbymobile", self.checked(self.by_mobile)),
            web.post("/topapi/v2/user/get", self.checked(self.user)),
        ]

    def checked(self, answer: Answer) -> Answer:
        """The call behind its token and the throttle."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            if not self.api.tokens.good(request.query.get("access_token", ""), "oapi"):
                return refused(40014, Say.BAD_TOKEN)
            if self.api.gateway.switches.faults.throttle == "qps":
                return refused(90018, "QPS limit")
            return await answer(request)

        return guarded

    async def by_mobile(self, request: web.Request) -> web.Response:
        """The user id behind a mobile number."""
        person = self.world.person_by_mobile(string(await body_of(request), "mobile"))
        return found({"userid": person.userid}) if person else refused(60121, "user not found")

    async def user(self, request: web.Request) -> web.Response:
        """What the corporation knows of a user."""
        person = self.world.people.get(string(await body_of(request), "userid"))
        if person is None or person.outsider:
            return refused(60121, "user not found")
        return found(shown(person))


def found(result: Body) -> web.Response:
    """A good answer of the old API."""
    return web.json_response({"errcode": 0, "errmsg": "ok", "result": result})


def shown(person: Person) -> Body:
    """A user as `user/get` shows one; the department number is made from the unit's name."""
    return {
        "userid": person.userid,
        "unionid": person.union_id,
        "name": person.name,
        "title": ",".join(person.seats),
        "mobile": person.mobile,
        "state_code": "86",
        "dept_id_list": [zlib.crc32(person.unit.encode())],
        "active": True,
        "admin": False,
    }
