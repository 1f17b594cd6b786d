"""A conversation in this process: real pipeline, database, delivery and scheduler, and a door that only listens."""

from __future__ import annotations

import csv
import itertools
import re
import shlex
import subprocess
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from bot.app import Core, build_clocks, build_core, publish_built_in
from bot.door import Known, Retry, Sent, Webhook
from bot.settings import Settings
from handlers.message import Announcement, Attachment, Chat, Message, Receiver, Reply, Sender
from storage import Database

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "bot" / "sandbox" / "demo"
START = "2021-12-20T09:00"
PLAN = "每季度最后一个月25日17点前报送，提前5、2、0个工作日提醒"
GROUPS = {
    "工作群": "cidDemoWork/+Group0001==",
    "镇街群": "cidDemoTown/+Group0002==",
    "外部群": "cidDemoOpen/+Group0003==",
}
STRANGERS = {"还没有岗位的同志": "u-fresh"}  # of world.json, on no roster
SPANS = {"天": timedelta(days=1), "小时": timedelta(hours=1), "分钟": timedelta(minutes=1)}


@dataclass(frozen=True, slots=True)
class Heard:
    """Something the bot said: its text and buttons (label, words)."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()


def roles() -> dict[str, str]:
    """Name of the seat → staff id, of the demo's roster."""
    with (DEMO / "staff.csv").open(encoding="utf-8-sig") as file:
        return {row["称呼"]: row["userid"] for row in csv.DictReader(file)} | STRANGERS


@dataclass
class Listener:
    """A Door that keeps what was said; it can be away."""

    said: dict[str, list[Heard]] = field(default_factory=lambda: defaultdict(list))
    away: bool = False
    files: dict[str, bytes] = field(default_factory=dict)

    def needs_permit(self, route: str, expires: datetime | None, now: datetime) -> bool:
        return not route

    def parts(self, to: Receiver, message: Reply | Announcement) -> int:
        return 1

    async def reply(
        self,
        route: str,
        route_expires: datetime | None,
        to: Receiver,
        message: Reply,
        *,
        engine_now: datetime,
        done: int = 0,
    ) -> Sent:
        return self.hear(to, message)

    async def push(
        self,
        receiver: Receiver,
        announcement: Announcement,
        *,
        webhook: Webhook | None = None,
        key: str = "",
        done: int = 0,
    ) -> Sent:
        return self.hear(receiver, announcement)

    def hear(self, to: Receiver, message: Reply | Announcement) -> Sent:
        if self.away:
            raise Retry("away", timedelta(milliseconds=1))
        self.said[to.id].append(Heard(message.text, tuple((b.label, b.words) for b in message.buttons)))
        return Sent("session")

    async def fetch(self, attachment: Attachment) -> bytes:
        return self.files.get(attachment.code, b"data")

    async def find_by_mobile(self, mobile: str) -> str | None:
        return None

    async def find(self, staff_id: str) -> Known | None:
        return None


class InProcess:
    """One stage for one transcript; `restart` builds everything anew on the same database."""

    def __init__(self, folder: Path, start: str = START, url: str = "") -> None:
        """`url`: of another database than the folder's."""
        self.folder, self.now, self.url = folder, start, url or f"sqlite+aiosqlite:///{folder}/bot.db"
        self.door = Listener()
        self.numbers = itertools.count(1)
        self.database: Database
        self.core: Core

    async def open(self) -> None:
        """Build on the database of the folder."""
        settings = Settings(
            database_url=self.url, files_dir=self.folder / "files", clock=datetime.fromisoformat(self.now)
        )
        self.database = Database(settings.database_url)
        await self.database.start()
        clocks = build_clocks(settings)
        await clocks.sample(self.database)
        await publish_built_in(self.database, clocks.now())
        self.core = build_core(settings, self.database, self.door, clocks, Random(1))
        await self.core.delivery.start()
        await self.core.scheduler.fire_all()

    async def close(self) -> None:
        """Let everything go, as a restart would."""
        await self.core.delivery.stop()
        await self.database.close()

    async def send(self, staff_id: str, name: str, file: Path) -> None:
        """Somebody sends a file 1:1; whatever follows from it is said before this returns."""
        self.door.files[file.name] = file.read_bytes()
        await self.say(staff_id, name, "", None, "file", (Attachment("file", file.name, file.name),))

    async def say(
        self,
        staff_id: str,
        name: str,
        text: str,
        group: str | None,
        kind: str = "text",
        files: tuple[Attachment, ...] = (),
    ) -> None:
        """Somebody says something; whatever follows from it is said before this returns."""
        chat = Chat(group_chat(group), "group", group) if group else Chat(f"direct:{staff_id}", "person")
        number = next(self.numbers)
        await self.core.pipeline.handle(
            Message(
                f"m{number}", "robot", chat, Sender(staff_id or None, name), text, self.core.clocks.now(),
                kind=kind, route=f"session:{number}", attachments=files,  # type: ignore[arg-type]
            )
        )  # fmt: skip
        await self.settle()

    async def settle(self) -> None:
        """Until nothing is left to be said now."""
        await self.core.scheduler.fire_all()
        await self.core.delivery.settle()
        while await self.core.delivery.step():
            pass

    async def event(self, words: str) -> None:
        """What a line that begins with ~ does. Raises: ValueError for what is none."""
        what, _, rest = words.partition(" ")
        if what == "重启":
            self.now = self.core.clocks.now().isoformat()
            await self.close()
            await self.open()
        elif what == "时钟":
            self.core.clocks.business.turn(datetime.fromisoformat(rest), None)
        elif span := read_span(what):
            self.core.clocks.business.turn(self.core.clocks.now() + span, None)
        elif what in ("钉钉故障", "钉钉恢复"):
            self.door.away = what == "钉钉故障"
        elif what == "运行":
            run_command(self.folder, shlex.split(rest), self.core.clocks.now())
        else:
            raise ValueError(words)
        await self.settle()

    def place(self, who: str, group: str | None) -> str:
        """Where the bot's words to somebody (in a group) are heard."""
        return group_chat(group) if group else who

    def press(self, place: str, label: str) -> str:
        """The words of the newest button of that label."""
        for heard in reversed(self.door.said[place]):
            for shown, words in heard.buttons:
                if shown == label:
                    return words
        raise AssertionError(f"no button {label} for {place}")


def read_span(words: str) -> timedelta | None:
    """+7天, +2小时."""
    found = re.fullmatch(r"\+(\d+)(天|小时|分钟)", words)
    return int(found[1]) * SPANS[found[2]] if found else None


def group_chat(name: str) -> str:
    """Chat id of a group by the name transcripts give it."""
    return GROUPS.get(name, f"group:{name}")


def run_command(folder: Path, arguments: list[str], now: datetime, url: str = "") -> str:
    """A command of the product on the stage's database (on `url`), in a process of its own."""
    environment = {
        "DINGBAN_DATABASE_URL": url or f"sqlite+aiosqlite:///{folder}/bot.db",
        "DINGBAN_CLOCK": now.replace(tzinfo=None).isoformat(),
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


SEED_DONE: dict[str, bytes] = {}


def seed(folder: Path) -> None:
    """A database as `make demo` has it: the demo's people, plan and groups. Made once a session, then copied."""
    if "db" not in SEED_DONE:
        seed_url(folder)
        for extra in folder.glob("bot.db-*"):
            assert not extra.stat().st_size, "the command left its log behind"
        SEED_DONE["db"] = (folder / "bot.db").read_bytes()
    (folder / "bot.db").write_bytes(SEED_DONE["db"])


def seed_url(folder: Path, url: str = "") -> None:
    """The demo's people, plan and groups, by the commands of the product."""
    now = datetime.fromisoformat(START)
    run_command(folder, ["staff", "import", str(DEMO / "staff.csv")], now, url)
    run_command(folder, ["plan", "set", PLAN, "--yes"], now, url)
    run_command(folder, ["group", "bind", GROUPS["工作群"], "--notice", "1"], now, url)


@asynccontextmanager
async def staged(folder: Path) -> AsyncIterator[InProcess]:
    """An open stage with the demo's people."""
    seed(folder)
    stage = InProcess(folder)
    await stage.open()
    try:
        yield stage
    finally:
        await stage.close()
