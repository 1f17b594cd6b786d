"""`dingban sandbox`: the stand-in, the robot as its child and the chat page, until Ctrl-C. Imports nothing of ours."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from bot.sandbox.body import Body, as_body, items, string, strings
from bot.sandbox.child import CommandFailed, Robot
from bot.sandbox.clock import SandboxClock, read_time
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Journal
from bot.sandbox.page import Holidays, Page
from bot.sandbox.server import DEMO, FIRST_MOMENT, StandIn, bound, build, listen, seeded_world, stopped
from bot.sandbox.world import World

DEFAULT_DB = "var/sandbox.db"
START_WITHIN = 45.0  # seconds a robot may take to connect
IMPATIENT = (1.0, 3.0, 8.0, 20.0, 60.0)  # redelivery for people who wait; field reports name 16 and 60 seconds
LOOPBACK = "127.0.0.1,localhost"


class Say:
    PORT_TAKEN = "端口 {port} 已被占用，请换一个：dingban sandbox --port {other}"
    BAD_TIME = "时间没有看懂：{text}，例如 2021-12-20T09:00"
    BAD_PLACE = "{path} 不能写入，请用 --db 换一个位置"
    SEEDING, EMPTYING = "正在准备演示数据……", "正在建一个空库……"
    SEED_FAILED = "演示数据没有准备好（{command}）：{why}"
    NO_ROBOT = "助手没有启动起来（{why}），详情见 {log}"
    READY = """
钉办演示已就绪（本机，不需要钉钉账号）：  {address}

  试三件事：
  1. 以「市教体局填报员」的身份，单聊助手：我负责哪些指标
  2. 接着说：填报，按提示报一项，核对后点〔提交〕
  3. 在右侧（手机在右上角）把时钟拨到 2021-12-22 09:00，看「数字生活新服务工作群」和单聊里的提醒

  按 Ctrl-C 结束；数据留在 {db}，下次接着用，--fresh 重新开始。"""
    READY_BARE = """
钉办空库已就绪（本机，不需要钉钉账号，没有演示数据）：  {address}

  {printed}

  用办公室同志的身份单聊助手，发上面的启用码，再按提示发通知、名单、底数，说一句报送安排。

  按 Ctrl-C 结束；数据留在 {db}，下次接着用，--fresh 重新开始。"""
    BYE = "已结束。"


class CannotStart(Exception):
    """The sandbox cannot start; the line says why."""


@dataclass(frozen=True)
class Seed:
    """demo/: what a new database is given by command line, and which days are worked."""

    folder: Path
    plan: Body

    bare: bool = False

    def without_data(self) -> Seed:
        """The same days and words to say, but no people, plan or groups for the robot."""
        return replace(self, plan={**self.plan, "commands": []}, bare=True)

    @property
    def holidays(self) -> Holidays:
        """The demo's working days."""
        off, on = ({date.fromisoformat(day) for day in strings(self.plan, key)} for key in ("holidays", "workdays"))
        return Holidays(off, on)

    def commands(self) -> list[list[str]]:
        """The robot's commands that fill a new database, in order; `{demo}` is this folder."""
        lines = [[str(word) for word in line] for line in items(self.plan, "commands") if isinstance(line, list)]
        return [[word.replace("{demo}", str(self.folder)) for word in line] for line in lines]


def run_sandbox(port: int, now: str | None, db: Path | str | None, fresh: bool, bare: bool = False) -> int:
    """Runs until Ctrl-C; the exit code. `now` None: where the last run stopped, at first 2021-12-20T09:00.

    `bare`: a new database is given nothing, not even people; an old one stays what it was.
    """
    try:
        asyncio.run(serve(port, now, Path(db or DEFAULT_DB).absolute(), fresh, bare))
    except CannotStart as error:
        print(error, file=sys.stderr)  # noqa: T201  # a program says where it is
        return 1
    return 0


async def serve(port: int, now: str | None, db: Path, fresh: bool, bare: bool = False) -> None:
    """Everything, in order; the child is gone when this returns. Nothing is touched unless the port is ours."""
    asked = moment(now) if now else None
    listener = taken(port)
    seed = Seed(DEMO, as_body(json.loads(DEMO.joinpath("seed.json").read_text("utf-8"))))
    journal, world = opened_journal(db, fresh), seeded_world(DEMO)
    others = journal.replay(world)
    bare = others.get("bare") is not None or (bare and not db.exists())
    seed = seed.without_data() if bare else seed
    stand_in = build(world, SandboxClock(asked or last_moment(others, world)), Faults(redeliver=IMPATIENT), journal)
    robot = Robot(environment(db), stand_in.clock, db.with_name(db.stem + "-bot.log"))
    robot.on_change = stand_in.bell.ring
    page = Page(stand_in, robot, seed.holidays, as_body(seed.plan.get("quick")))
    page.bare = bare
    stand_in.app.add_routes(page.routes())
    runner = await listen(stand_in, listener)
    try:
        await live(stand_in, robot, seed, db, string(as_body(others.get("webhooks")), "base"))
    finally:
        await robot.stop()
        journal.note("clock", {"now": stand_in.clock.now().isoformat()})
        await stand_in.gateway.close()
        await runner.cleanup()
    print(Say.BYE)  # noqa: T201  # a program says where it is


def taken(port: int) -> socket.socket:
    """The port, ours. Raises: CannotStart."""
    try:
        return bound(port)
    except (OSError, OverflowError) as error:
        raise CannotStart(Say.PORT_TAKEN.format(port=port, other=min(max(port, 8000) + 10, 60_000))) from error


async def live(stand_in: StandIn, robot: Robot, seed: Seed, db: Path, known: str) -> None:
    """Seed a new database, start the robot, wait for Ctrl-C."""
    base = stand_in.gateway.base
    robot.environment |= {"DINGBAN_OAPI_ENDPOINT": base, "DINGTALK_OPENAPI_ENDPOINT": base}
    ended = asyncio.create_task(stopped())
    ready = asyncio.create_task(prepare(stand_in, robot, seed, db, known))
    await asyncio.wait([ended, ready], return_when=asyncio.FIRST_COMPLETED)
    if ready.done():
        ready.result()
        said = Say.READY_BARE if seed.bare else Say.READY
        words = said.format(address=base, db=db, printed="\n  ".join(robot.printed()))
        print(words, flush=True)  # noqa: T201  # a program says where it is
        await ended
    ready.cancel()
    await asyncio.gather(ready, return_exceptions=True)


async def prepare(stand_in: StandIn, robot: Robot, seed: Seed, db: Path, known: str) -> None:
    """A filled database and a running robot. A half-filled new database is removed. Raises: CannotStart."""
    await robot.end_orphan()
    new = not db.exists()
    try:
        if new:
            print(Say.EMPTYING if seed.bare else Say.SEEDING, flush=True)  # noqa: T201  # a program says where it is
            first, *others = seed.commands() or [["db", "upgrade"]]
            await robot.command(first)  # makes the database; the others don't wait for each other
            await asyncio.gather(*map(robot.command, others))
        if seed.bare:
            stand_in.world.sink("bare", {})
        elif new or known != stand_in.gateway.base:
            await tell_webhooks(stand_in, robot)
    except BaseException as error:
        if new:
            remove(db)
        if isinstance(error, CommandFailed):
            raise CannotStart(Say.SEED_FAILED.format(command=error.command, why=error.why)) from error
        raise
    await robot.start()
    await connected(stand_in, robot)


async def connected(stand_in: StandIn, robot: Robot) -> None:
    """Returns when the robot listens. Raises: CannotStart when it ends or takes too long."""
    until = asyncio.get_running_loop().time() + START_WITHIN
    while not stand_in.gateway.sockets:
        if not robot.running or asyncio.get_running_loop().time() > until:
            raise CannotStart(Say.NO_ROBOT.format(why=robot.state, log=robot.log))
        await stand_in.bell.wait(0.5)


async def tell_webhooks(stand_in: StandIn, robot: Robot) -> None:
    """The custom robots' addresses, which change with our port."""
    for group in stand_in.world.groups.values():
        if group.robot_token:
            webhook = stand_in.control.webhook(group.robot_token)
            await robot.command(["group", "webhook", group.id], f"{webhook}\n{group.robot_secret}\n")
    stand_in.world.sink("webhooks", {"base": stand_in.gateway.base})


def opened_journal(db: Path, fresh: bool) -> Journal:
    """The transcript beside the database; a new database starts a new one. Raises: CannotStart."""
    try:
        journal = Journal(db.with_name(db.stem + "-chat.jsonl"))
        if fresh:
            remove(db)
        if not db.exists():
            journal.forget()
        journal.path.touch()
    except OSError as error:
        raise CannotStart(Say.BAD_PLACE.format(path=db)) from error
    return journal


def remove(db: Path) -> None:
    """The database and what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        db.with_name(db.name + suffix).unlink(missing_ok=True)


def moment(text: str) -> datetime:
    """A time somebody typed. Raises: CannotStart."""
    try:
        return read_time(text)
    except ValueError as error:
        raise CannotStart(Say.BAD_TIME.format(text=text)) from error


def last_moment(others: Body, world: World) -> datetime:
    """Where an earlier run stopped, else the demo's first morning."""
    said = max((entry.at for entry in world.entries.values()), default=FIRST_MOMENT)
    return read_time(string(as_body(others.get("clock")), "now", said))


def environment(db: Path) -> dict[str, str]:
    """What the child is told besides clock, endpoints and web port."""
    return {
        "DINGBAN_CLIENT_ID": "dingsandbox",
        "DINGBAN_CLIENT_SECRET": "sandbox-secret",
        "DINGBAN_DATABASE_URL": f"sqlite+aiosqlite:///{db}",
        "DINGBAN_FILES_DIR": str(db.with_name(db.stem + "-bot-files")),
        "DINGBAN_WEB_HOST": "127.0.0.1",
        "NO_PROXY": LOOPBACK,
        "no_proxy": LOOPBACK,
    }
