"""A conversation over the real wire: the stand-in and `dingban run` in processes of their own, real sockets between."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tests.conversations.stage import ROOT, START, Heard, group_chat, read_span, seed, seed_url
from tests.wire.standin import Said, StandIn, stand_in

PATIENCE = 15.0  # seconds for what must come
MARK = "----a-part-of-a-transcript"
GRACE = 0.25  # seconds in which nothing more may come


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Bot:
    """`dingban run` as a child, with a clock that can be turned."""

    def __init__(self, dingtalk: StandIn, database_url: str, files: Path, start: str = START) -> None:
        self.dingtalk, self.database_url, self.files, self.clock = dingtalk, database_url, files, start
        self.port = free_port()
        self.log = (files.parent / f"bot-{self.port}.log").open("ab")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it serves and hears."""
        environment = {
            **os.environ,
            **self.dingtalk.environment,
            "DINGBAN_DATABASE_URL": self.database_url,
            "DINGBAN_FILES_DIR": str(self.files),
            "DINGBAN_WEB_PORT": str(self.port),
            "DINGBAN_CLOCK": self.clock,
            "DINGBAN_LOG_LEVEL": "INFO",
        }
        robots = len(self.dingtalk.sockets())
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], cwd=ROOT, env=environment, stderr=self.log, stdout=self.log
        )
        self.dingtalk.wait_for_robot(robots + 1)

    def stop(self, by: signal.Signals = signal.SIGTERM) -> float:
        """End it; how many seconds that took. Its clock is kept for the next start."""
        assert self.process is not None
        if self.process.poll() is None:
            self.clock = self.now().isoformat()
        began = time.monotonic()
        self.process.send_signal(by)
        self.process.wait(10)
        return time.monotonic() - began

    def now(self) -> datetime:
        """Its business time."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/clock", timeout=5) as answer:
            return datetime.fromisoformat(json.loads(answer.read())["now"])

    def turn(self, now: datetime | None = None, speed: float | None = None) -> None:
        """Turn its clock."""
        body = json.dumps({"now": now.isoformat() if now else None, "speed": speed}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/clock", body)
        urllib.request.urlopen(request, timeout=5).close()

    def close(self) -> None:
        """End it in any case."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log.close()


class OverWire:
    """The stage of one transcript; the same words as InProcess, with waiting."""

    def __init__(self, dingtalk: StandIn, bot: Bot, folder: Path) -> None:
        self.dingtalk, self.bot, self.folder = dingtalk, bot, folder
        self.said: dict[str, list[Heard]] = defaultdict(list)
        self.entries: dict[str, list[int]] = defaultdict(list)
        self.chats: dict[str, str] = {}
        self.cursor = 0

    def place(self, who: str, group: str | None) -> str:
        """Where the bot's words to somebody are heard: his staff id, or the group's chat id."""
        return group_chat(group) if group else who

    def say(self, staff_id: str, text: str, group: str | None, kind: str) -> None:
        """Somebody says something."""
        chat = group_chat(group) if group else self.direct(staff_id)
        self.dingtalk.say(staff_id, text, chat, kind=kind)

    def send(self, staff_id: str, file: Path) -> None:
        """Somebody sends a file 1:1."""
        fields = {"as": staff_id, "chat": self.direct(staff_id)}
        parts = [f'--{MARK}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
        head = f'--{MARK}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n'
        body = "".join([*parts, head, "Content-Type: application/octet-stream\r\n\r\n"]).encode()
        body += file.read_bytes() + f"\r\n--{MARK}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={MARK}"}
        request = urllib.request.Request(f"{self.dingtalk.base}/sandbox/upload", body, headers)
        urllib.request.urlopen(request, timeout=10).close()

    def press(self, staff_id: str, label: str) -> None:
        """Press the newest button of that label."""
        for entry in reversed(self.entries[staff_id]):
            try:
                self.dingtalk.press(staff_id, entry, label)
            except urllib.error.HTTPError:
                continue
            return
        raise AssertionError(f"no button {label} for {staff_id}")

    def event(self, words: str) -> None:
        """What a line that begins with ~ does. Raises: ValueError for what is none."""
        what, _, rest = words.partition(" ")
        if what == "重启":
            self.bot.stop(signal.SIGKILL)
            self.bot.start()
        elif what == "时钟":
            self.bot.turn(datetime.fromisoformat(rest))
        elif span := read_span(what):
            self.bot.turn(self.bot.now() + span)
        elif what in ("钉钉故障", "钉钉恢复"):
            self.dingtalk.faults(open_refused=what == "钉钉故障", api_status=503 if what == "钉钉故障" else 0)
        else:
            raise ValueError(words)

    def listen(self, wait: float = 0) -> None:
        """Take in what the assistant said since the last look."""
        for entry in self.dingtalk.transcript(self.cursor, wait=wait):
            self.cursor = max(self.cursor, entry["seq"])
            if entry["sender"] not in self.chats and entry["id"] not in self.entries[self.whose(entry)]:
                self.note(entry)

    def note(self, entry: Said) -> None:
        """Keep what was said; a file that follows its words is no saying of its own."""
        place, words = self.whose(entry), heard(entry)
        self.entries[place].append(entry["id"])
        self.said[place] += [words] if words.text else []

    def wait_for(self, place: str, count: int) -> None:
        """Until that many things were said there. Raises: AssertionError."""
        until = time.monotonic() + PATIENCE
        while len(self.said[place]) < count:
            assert time.monotonic() < until, f"{len(self.said[place])} of {count} said to {place}"
            self.listen(wait=1)

    def grace(self) -> None:
        """Let what should not come come."""
        time.sleep(GRACE)
        self.listen()

    def direct(self, staff_id: str) -> str:
        """A person's 1:1 chat."""
        if staff_id not in self.chats:
            self.chats[staff_id] = self.dingtalk.direct(staff_id)
        return self.chats[staff_id]

    def whose(self, entry: Said) -> str:
        """The staff id of a 1:1 chat's person, else the chat."""
        known = {chat: staff for staff, chat in self.chats.items()}
        return known.get(entry["chat"], entry["chat"])


def heard(entry: Said) -> Heard:
    """Text and buttons of something the assistant said."""
    body = entry["body"]
    buttons = body.get("buttons")
    shown = tuple((str(b["title"]), str(b["title"])) for b in buttons) if isinstance(buttons, list) else ()
    return Heard(str(body.get("text") or body.get("content") or ""), shown)


@contextmanager
def wired(folder: Path, *options: str, url: str = "") -> Iterator[OverWire]:
    """Stand-in and bot on a seeded database (on the empty one at `url`); both end by their pids."""
    if url:
        seed_url(folder, url)
    else:
        seed(folder)
    with stand_in("--redeliver", "", *options) as dingtalk:
        bot = Bot(dingtalk, url or f"sqlite+aiosqlite:///{folder}/bot.db", folder / "files")
        try:
            bot.start()
            yield OverWire(dingtalk, bot, folder)
        finally:
            bot.close()
        nothing_secret(folder, dingtalk)


def nothing_secret(folder: Path, dingtalk: StandIn) -> None:
    """No secret, ticket or token, and nothing people wrote, stands in any log of the bot."""
    for log in folder.glob("*.log"):
        text = log.read_text(encoding="utf-8")
        assert dingtalk.client_secret not in text
        for mark in ("ticket=", "access_token=", "session=", "三十五所", "新增三所已验收"):
            assert mark not in text, f"{mark} in {log.name}"
