"""The routes of the chat page: its files, its news, the clock, the robot's process. What people do is in control.py."""

from __future__ import annotations

import asyncio
import importlib.util
import signal
import time
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path

from aiohttp import web

from bot.sandbox.body import Body, body_of, number, string, strings
from bot.sandbox.child import Robot
from bot.sandbox.clock import read_time
from bot.sandbox.control import LONGEST_WAIT
from bot.sandbox.server import StandIn
from bot.sandbox.world import Person, World, preview

HERE = Path(__file__).parent
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FONT = ("pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf")  # asked for only where the system has no Chinese font
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; font-src 'self'"
)
MORNING = 9
FASTEST = 3600.0


class Say:
    BAD_TIME = "时间没有看懂，例如 2021-12-24T16:50"
    BAD_DO = "没有这个操作"
    OUTSIDE = "外部"


class Holidays:
    """Which days the demo's people work: Monday to Friday, but for the days its seed names."""

    def __init__(self, off: set[date], on: set[date]) -> None:
        self.off, self.on = off, on

    def works(self, day: date) -> bool:
        """Is it a working day?"""
        return day in self.on or (day.weekday() < 5 and day not in self.off)

    def next_morning(self, now: datetime) -> datetime:
        """9:00 of the first working day whose 9:00 is still to come."""
        moment = now.replace(hour=MORNING, minute=0, second=0, microsecond=0)
        while moment <= now or not self.works(moment.date()):
            moment += timedelta(days=1)
        return moment


class Page:
    """Serves the page and what it polls."""

    def __init__(self, stand_in: StandIn, robot: Robot, holidays: Holidays, quick: Body) -> None:
        self.stand_in, self.robot, self.holidays, self.quick = stand_in, robot, holidays, quick
        self.world, self.clock, self.bell = stand_in.world, stand_in.clock, stand_in.bell
        self.bare = False
        """Without demo data: what the robot prints for its operator is shown too."""
        self._turning = asyncio.Lock()

    def routes(self) -> list[web.RouteDef]:
        """What the browser asks for."""
        return [
            web.get("/", self.file),
            web.get("/page/font.otf", self.font),
            web.get("/page/{name}", self.file),
            web.get("/sandbox/news", self.news),
            web.post("/sandbox/read", self.read),
            web.post("/sandbox/follow", self.follow),
            web.post("/sandbox/clock", self.turn_clock),
            web.post("/sandbox/robot", self.command_robot),
        ]

    async def file(self, request: web.Request) -> web.Response:
        """A file of the page; nothing else of the package."""
        name = request.match_info.get("name", "chat.html")
        path = HERE / name
        if path.suffix not in TYPES or not path.is_file() or path.parent != HERE:
            raise web.HTTPNotFound
        headers = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
        return web.Response(body=path.read_bytes(), content_type=TYPES[path.suffix], charset="utf-8", headers=headers)

    async def font(self, request: web.Request) -> web.StreamResponse:
        """A Chinese font, from the package that brings it for charts; 404 without it."""
        found = importlib.util.find_spec(FONT[0])
        path = Path(found.origin).with_name(FONT[1]) if found and found.origin else HERE / FONT[1]
        if not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={"Content-Type": "font/otf", "Cache-Control": "max-age=86400"})

    async def news(self, request: web.Request) -> web.Response:
        """`?as=USER&since=SEQ&rung=N&wait=S`: entries of the person's chats, and the state; waits for a change."""
        query = request.query
        userid, since, rung = query.get("as", ""), int(number(query, "since")), int(number(query, "rung", -1))
        until = time.monotonic() + min(number(query, "wait"), LONGEST_WAIT)
        while self.bell.count == rung and until > time.monotonic():
            await self.bell.wait(until - time.monotonic())
        mine = set(self.world.chats_of(userid)) if userid in self.world.people else set()
        entries = [asdict(entry) for entry in self.world.since(since) if entry.chat in mine]
        news = {"entries": entries, "cursor": self.world.seq, "rung": self.bell.count, "state": self.state(userid)}
        return web.json_response(news)

    def state(self, userid: str) -> Body:
        """Everything on the page that is not a message."""
        stand_in = self.stand_in
        return {
            "assistant": self.world.assistant,
            "people": [person_row(self.world, person) for person in self.world.people.values()],
            "chats": chat_rows(self.world, userid),
            "clock": {"now": self.clock.now().isoformat(), "speed": self.clock.speed},
            "faults": stand_in.gateway.switches.faults.shown(),
            "robot": {
                "state": self.robot.state,
                "running": self.robot.running,
                "sockets": len(stand_in.gateway.sockets),
                "printed": self.robot.printed() if self.bare else [],
            },
            "quick": self.words_for(userid),
        }

    def words_for(self, userid: str) -> list[str]:
        """What a person of this seat may say first, as the seed has it; "" are all others."""
        person = self.world.people.get(userid)
        seat = (Say.OUTSIDE if person.outsider else next(iter(person.seats), "")) if person else ""
        return strings(self.quick, seat) or strings(self.quick, "")

    async def read(self, request: web.Request) -> web.Response:
        """`{as, chat}`: the person has seen the chat."""
        body = await body_of(request)
        self.world.mark_read(string(body, "as"), string(body, "chat"))
        return web.json_response({})

    async def follow(self, request: web.Request) -> web.Response:
        """`{as, chat, url}`: a tap on a link in a message."""
        body = await body_of(request)
        return self.stand_in.control.follow(string(body, "as"), string(body, "chat"), string(body, "url"))

    async def turn_clock(self, request: web.Request) -> web.Response:
        """`{now?, hours?, next?, speed?}`: to a moment, on by hours, to the next working day's 9:00; how fast."""
        body = await body_of(request)
        async with self._turning:
            try:
                self.clock.turn(self._moment(body), self._speed(body))
            except (ValueError, OverflowError) as error:
                raise web.HTTPBadRequest(text=Say.BAD_TIME) from error
            self.world.sink("clock", {"now": self.clock.now().isoformat()})
            heard = await self.robot.turn_clock()
        return web.json_response({"now": self.clock.now().isoformat(), "heard": heard})

    def _moment(self, body: Body) -> datetime:
        if string(body, "now"):
            return read_time(string(body, "now"))
        now = self.clock.now()
        return self.holidays.next_morning(now) if body.get("next") else now + timedelta(hours=number(body, "hours"))

    def _speed(self, body: Body) -> float:
        return min(max(number(body, "speed", self.clock.speed), 0.0), FASTEST)

    async def command_robot(self, request: web.Request) -> web.Response:
        """`{do}`: start, stop, restart (SIGTERM) or kill (SIGKILL and a new child)."""
        what = string(await body_of(request), "do")
        if what not in ("start", "stop", "restart", "kill"):
            raise web.HTTPBadRequest(text=Say.BAD_DO)
        async with self._turning:
            if what != "start":
                await self.robot.stop(signal.SIGKILL if what == "kill" else signal.SIGTERM)
            if what != "stop":
                await self.robot.start()
        return web.json_response({"state": self.robot.state})


def person_row(world: World, person: Person) -> Body:
    """Somebody one can be, with what they have not seen."""
    unread = sum(world.unread(person.userid).values())
    return {"userid": person.userid, "name": person.name, "unit": person.unit, "unread": unread}


def chat_rows(world: World, userid: str) -> list[Body]:
    """A person's conversations as the list shows them."""
    if userid not in world.people:
        return []
    unread, rows = world.unread(userid), []
    for chat in world.chats_of(userid):
        group, last = world.groups.get(chat), world.last(chat)
        rows.append(
            {
                "id": chat,
                "title": group.title if group else world.assistant,
                "group": group is not None,
                "members": len(group.members) if group else 0,
                "robot": group.robot_name if group else "",
                "unread": unread[chat],
                "last": preview(last) if last else "",
                "by": world.people[last.sender].name if last and group and last.sender in world.people else "",
                "at": last.at if last else "",
                "mentioned": mentioned(world, chat, userid) if group else False,
            }
        )
    return rows


def mentioned(world: World, chat: str, userid: str) -> bool:
    """Does something unseen @ the person?"""
    seen, robots = world.reads.get((userid, chat), 0), ("assistant", "robot")
    fresh = [e for e in world.entries.values() if e.chat == chat and e.id > seen and e.sender in robots]
    return any(userid in str(entry.body.get("at", "")) or entry.body.get("at_all") is True for entry in fresh)
