"""A DingTalk of our own on loopback, in its own process. Imports nothing of ours: it knows only DingTalk's wire.

`python -m bot.sandbox.server --port 0 --control` is the bare stand-in for tests: no robot is started, no page served.
It prints one JSON line when it is ready: {"base", "client_id", "client_secret"}. Its people and groups are demo/.
Switches: --rtt S, --redeliver "15,60", --journal FILE (keep the transcript).

The control API (JSON; every answer 200, a mistake 400 with a line of text):
  GET  /sandbox/people                       {people: [{userid, name, chats: [1:1, groups…]}], groups, webhooks}
  POST /sandbox/say {as, chat, text, kind?}  somebody says something -> the entry. kind: text voice picture file
                                             video mixed unknown; also {code, name} of an upload, {quoted}. In
                                             groups only a text with @ and the robot's name (World.assistant)
                                             reaches it. {messages: [those]}: many at once
  POST /sandbox/upload                       multipart as, chat, file: a picture or file
  POST /sandbox/press {as, entry, button}    press a button (its number or title) of an entry
  POST /sandbox/again {entry?}               deliver once more: same data.msgId, new headers.messageId
  GET  /sandbox/transcript?since&chat&wait   {entries: [{id, chat, sender, kind, body, at, wall, via, msg_id, delivery,
                                             seq}], cursor}; waits up to `wait` seconds for something new or changed.
                                             sender "assistant" is the robot, "robot" a custom robot; via session person
                                             group webhook user; delivery waiting read lost
  GET|POST /sandbox/faults                   switches of faults.Faults; {"healthy": true} puts all back
  POST /sandbox/act {do}                     drop disconnect close fail malformed huge ping (on sockets);
                                             tokens sessions (forget)
  POST /sandbox/push {data, topic?, type?}   a frame of your own;  POST /sandbox/raw {text}: raw characters
  GET  /sandbox/wire?acks=N&calls=N          {sockets, opens, acks: [{n, wall, messageId, code, data}],
                                             calls: [{n, wall, path, status, body}]} after number N
  GET  /sandbox/media/{id}                   what was uploaded
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.sandbox.body import as_body, items
from bot.sandbox.clock import SandboxClock, read_time
from bot.sandbox.contacts import Contacts
from bot.sandbox.control import Bell, Control
from bot.sandbox.faults import Faults
from bot.sandbox.gateway import App, Gateway, Switchboard
from bot.sandbox.guard import faulty, same_machine
from bot.sandbox.journal import Journal
from bot.sandbox.openapi import OpenApi
from bot.sandbox.post import Post
from bot.sandbox.world import World, groups_from, people_from

DEMO = Path(__file__).with_name("demo")
BIGGEST_UPLOAD = 32 << 20
FIRST_MOMENT = "2021-12-20T09:00"


@dataclass
class StandIn:
    """The pieces of one stand-in, built but not yet listening."""

    world: World
    clock: SandboxClock
    gateway: Gateway
    control: Control
    bell: Bell
    app: web.Application


def seeded_world(seed: Path) -> World:
    """A world with the people and groups of a seed, nothing said yet."""
    plan = as_body(json.loads(seed.joinpath("world.json").read_text("utf-8")))
    people = {p.userid: p for p in people_from(as_body(row) for row in items(plan, "people"))}
    insiders = [p.userid for p in people.values() if not p.outsider]
    groups = {g.id: g for g in groups_from((as_body(row) for row in items(plan, "groups")), insiders)}
    return World(people=people, groups=groups)


def build(world: World, clock: SandboxClock, faults: Faults, journal: Journal | None = None) -> StandIn:
    """Everything but the socket it listens on."""
    bell, gateway = Bell(), Gateway(world, App(), Switchboard(faults, faults))
    post = Post(world, clock, journal.files if journal else None)
    control = Control(OpenApi(gateway, post), bell)
    gateway.on_change = bell.ring

    def sink(what: str, record: object) -> None:
        if journal:
            journal.note(what, record)
        bell.ring()

    world.sink = sink
    app = web.Application(middlewares=[same_machine, faulty(control)], client_max_size=BIGGEST_UPLOAD)
    app.add_routes(
        [*gateway.routes(), *control.api.routes(), *Contacts(world, control.api).routes(), *control.routes()]
    )
    return StandIn(world, clock, gateway, control, bell, app)


def bound(port: int) -> socket.socket:
    """A loopback port, taken; 0 takes a free one. Raises: OSError when somebody has it."""
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind(("127.0.0.1", port))
        taken.listen(128)
    except OSError:
        taken.close()
        raise
    return taken


async def listen(stand_in: StandIn, port: socket.socket) -> web.AppRunner:
    """Serve on a bound port."""
    runner = web.AppRunner(stand_in.app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.SockSite(runner, port).start()
    stand_in.gateway.base = f"http://127.0.0.1:{port.getsockname()[1]}"
    return runner


async def stopped() -> None:
    """Returns on Ctrl-C or SIGTERM."""
    asked, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked.set)
    await asked.wait()


async def serve_bare(options: argparse.Namespace) -> None:
    """The stand-in alone, until a signal."""
    spans = [float(span) for span in str(options.redeliver).split(",") if span]
    journal = Journal(Path(options.journal)) if options.journal else None
    world = seeded_world(Path(options.seed))
    if journal:
        journal.replay(world)
    faults = Faults(rtt=float(options.rtt), redeliver=tuple(spans))
    stand_in = build(world, SandboxClock(read_time(FIRST_MOMENT)), faults, journal)
    runner = await listen(stand_in, bound(int(options.port)))
    app = stand_in.gateway.app
    ready = {"base": stand_in.gateway.base, "client_id": app.client_id, "client_secret": app.client_secret}
    print(json.dumps(ready), flush=True)  # noqa: T201  # a program says where it is
    await stopped()
    await stand_in.gateway.close()
    await runner.cleanup()


def main(arguments: list[str]) -> None:
    """The command line of the bare stand-in."""
    parser = argparse.ArgumentParser(prog="bot.sandbox.server")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--control", action="store_true")
    parser.add_argument("--rtt", type=float, default=0)
    parser.add_argument("--redeliver", default="15,60")
    parser.add_argument("--journal", default="")
    parser.add_argument("--seed", default=str(DEMO))
    asyncio.run(serve_bare(parser.parse_args(arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
