"""Many people who talk to a robot at the stand-in, each in a chat of their own, and what they hear back."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.wire.standin import ROOT, StandIn, end, stand_in

Robot = Literal["ours", "stock"]
COMMANDS: Mapping[Robot, tuple[str, ...]] = {
    "ours": (sys.executable, "-m", "bot", "run"),
    "stock": (sys.executable, "-m", "bench.stock"),
}
CONNECT = 30.0  # seconds
PATIENCE = 60.0  # seconds for one burst
LOOK = 0.25  # seconds between two looks; looking costs the stand-in time that the robot wants


class Say:
    QUESTION = "网络零售的目标是多少"
    NAME = "填报员{number}"


@dataclass(frozen=True, slots=True)
class Heard:
    """One question and its answer: when it was said and when it arrived (seconds on the machine's clock)."""

    said: float
    heard: float

    @property
    def took(self) -> float:
        """Seconds between them."""
        return self.heard - self.said


@dataclass
class Crowd:
    """The people of one stand-in."""

    dingtalk: StandIn
    chats: dict[str, str]
    rtt: float

    def burst(self, count: int) -> list[Heard]:
        """`count` people ask at the same moment, one question each."""
        asked = [self.message(userid) for userid in list(self.chats)[:count]]
        cursor = self.cursor()
        self.dingtalk.post("/sandbox/say", {"messages": asked})
        return self.answers(cursor, count)

    def stream(self, count: int, every: float) -> list[Heard]:
        """`count` people ask one after the other, `every` so many seconds, whether they are answered or not."""
        cursor = self.cursor()
        self.ask(count, every)
        return self.answers(cursor, count)

    def ask(self, count: int, every: float) -> None:
        """The asking alone."""
        begin = time.monotonic()
        for number, userid in enumerate(list(self.chats)[:count]):
            time.sleep(max(0.0, begin + number * every - time.monotonic()))
            self.dingtalk.post("/sandbox/say", self.message(userid))

    def message(self, userid: str) -> dict[str, object]:
        """A person's question."""
        return {"as": userid, "chat": self.chats[userid], "text": Say.QUESTION}

    def cursor(self) -> int:
        """Where the transcript ends now."""
        return int(str(self.dingtalk.get("/sandbox/transcript?since=999999999")["cursor"]))

    def answers(self, cursor: int, count: int, patience: float = PATIENCE) -> list[Heard]:
        """What was asked and answered since the cursor. Raises: TimeoutError."""
        until = time.monotonic() + patience
        while len(found := self.pairs(cursor)) < count:
            if time.monotonic() > until:
                raise TimeoutError(f"{len(found)} of {count} answered")
            time.sleep(LOOK)
        return found

    def pairs(self, cursor: int) -> list[Heard]:
        """Each chat's first question since the cursor with the first answer after it."""
        said: dict[str, float] = {}
        heard: dict[str, float] = {}
        for entry in self.dingtalk.transcript(cursor):
            moments = heard if entry["sender"] == "assistant" else said
            moments.setdefault(entry["chat"], entry["wall"] / 1000)
        # the stand-in holds a call for the whole round trip before it looks at it; a person sees it after half of it
        return [Heard(said[chat], heard[chat] - self.rtt / 2) for chat in said if chat in heard]


@contextlib.contextmanager
def crowd(size: int, rtt: float) -> Iterator[Crowd]:
    """A stand-in with so many people, and nobody to answer them yet."""
    with tempfile.TemporaryDirectory(prefix="dingban-bench-") as folder:
        people = [{"userid": f"u{n:04d}", "name": Say.NAME.format(number=n)} for n in range(size)]
        (Path(folder) / "world.json").write_text(json.dumps({"people": people, "groups": []}))
        with stand_in("--rtt", str(rtt), "--seed", folder) as dingtalk:
            found = dingtalk.get("/sandbox/people")["people"]
            assert isinstance(found, list)
            yield Crowd(dingtalk, {p["userid"]: p["chats"][0] for p in found}, rtt)


@contextlib.contextmanager
def robot(which: Robot, dingtalk: StandIn, folder: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    """A robot of that kind, connected; ended by its pid. Ours keeps its database in `folder`, else in a new one."""
    with tempfile.TemporaryDirectory(prefix="dingban-bench-") as own:
        place = folder or Path(own)
        process = start(which, dingtalk, place)
        try:
            wait_for(dingtalk, process, place)
            yield process
        finally:
            end(process)
            dingtalk.act("drop")


def wait_for(dingtalk: StandIn, process: subprocess.Popen[str], folder: Path) -> None:
    """Returns when the robot has connected. Raises: RuntimeError with the end of its log."""
    until = time.monotonic() + CONNECT
    while not dingtalk.sockets():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"no robot ({process.poll()}): " + (folder / "log").read_text()[-1000:])
        time.sleep(0.01)


def start(which: Robot, dingtalk: StandIn, folder: Path) -> subprocess.Popen[str]:
    """The robot's process, not connected yet."""
    ours = {
        "DINGBAN_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/dingban.db",
        "DINGBAN_FILES_DIR": f"{folder}/files",
        "DINGBAN_WEB_PORT": str(free_port()),
        "DINGBAN_LOG_LEVEL": "WARNING",
    }
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DINGBAN_", "DINGTALK_"))}
    with (folder / "log").open("a") as log:
        return subprocess.Popen(
            COMMANDS[which], cwd=ROOT, env=clean | dingtalk.environment | ours, stdout=log, stderr=log, text=True
        )


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
