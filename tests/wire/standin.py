"""Starts the DingTalk stand-in (bot/sandbox) in a process of its own and talks to its control API. For tests and bench.

with stand_in() as dingtalk:            # ends the process in any case
    dingtalk.environment                # DINGBAN_* and DINGTALK_OPENAPI_ENDPOINT for a bot
    said = dingtalk.say("u-jiaoti", "...")
    answer = dingtalk.wait_for(lambda entry: entry["sender"] == "assistant")
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 15.0  # seconds


class Said(TypedDict):
    """One entry of the transcript."""

    id: int
    chat: str
    sender: str
    kind: str
    body: dict[str, object]
    at: str
    wall: int
    via: str
    msg_id: str
    delivery: str
    seq: int


@dataclass
class StandIn:
    """A running stand-in, by its control API. All calls block."""

    base: str
    client_id: str
    client_secret: str
    process: subprocess.Popen[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What a bot needs to take this for DingTalk."""
        return {
            "DINGBAN_CLIENT_ID": self.client_id,
            "DINGBAN_CLIENT_SECRET": self.client_secret,
            "DINGBAN_OAPI_ENDPOINT": self.base,
            "DINGTALK_OPENAPI_ENDPOINT": self.base,
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
        }

    def get(self, path: str) -> dict[str, object]:
        """GET a JSON object."""
        return self._call(urllib.request.Request(self.base + path))

    def post(self, path: str, body: Mapping[str, object]) -> dict[str, object]:
        """POST a JSON object. Raises: urllib.error.HTTPError."""
        data = json.dumps(body).encode()
        return self._call(urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}))

    def _call(self, request: urllib.request.Request) -> dict[str, object]:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as answer:
            found = json.loads(answer.read())
        assert isinstance(found, dict)
        return found

    def direct(self, userid: str) -> str:
        """The id of a person's 1:1 chat."""
        people = self.get("/sandbox/people")["people"]
        assert isinstance(people, list)
        return str(next(person["chats"][0] for person in people if person["userid"] == userid))

    def say(self, userid: str, text: str, chat: str = "", **more: object) -> Said:
        """Somebody says something, 1:1 if no chat is named."""
        said = {"as": userid, "chat": chat or self.direct(userid), "text": text, **more}
        return self.post("/sandbox/say", said)  # type: ignore[return-value]

    def press(self, userid: str, entry: int, button: str) -> dict[str, object]:
        """Somebody presses a button, named by its title or number."""
        return self.post("/sandbox/press", {"as": userid, "entry": entry, "button": button})

    def faults(self, **switches: object) -> dict[str, object]:
        """Turn switches of bot/sandbox/faults.py."""
        return self.post("/sandbox/faults", switches)

    def act(self, what: str) -> int:
        """drop, disconnect, close, fail, malformed, huge, ping, tokens, sessions: how many were hit."""
        return int(str(self.post("/sandbox/act", {"do": what})["hit"]))

    def transcript(self, since: int = 0, chat: str = "", wait: float = 0) -> list[Said]:
        """What was said or changed after cursor `since`."""
        query = f"?since={since}&chat={quote(chat)}&wait={wait}"
        entries = self.get("/sandbox/transcript" + query)["entries"]
        assert isinstance(entries, list)
        return entries

    def wait_for(self, wanted: Callable[[Said], bool], since: int = 0, patience: float = PATIENCE) -> Said:
        """The first entry that is wanted. Raises: TimeoutError."""
        until, cursor = time.monotonic() + patience, since
        while time.monotonic() < until:
            for entry in self.transcript(cursor, wait=min(5.0, max(0.0, until - time.monotonic()))):
                cursor = max(cursor, entry["seq"])
                if wanted(entry):
                    return entry
        raise TimeoutError("nothing like that was said")

    def answer_to(self, said: Said, patience: float = PATIENCE) -> Said:
        """The assistant's first word in the chat after what was said."""
        return self.wait_for(
            lambda e: e["chat"] == said["chat"] and e["id"] > said["id"] and e["sender"] == "assistant",
            patience=patience,
        )

    def sockets(self) -> list[dict[str, object]]:
        """The open connections of robots."""
        found = self.get("/sandbox/wire?acks=999999999&calls=999999999")["sockets"]
        assert isinstance(found, list)
        return found

    def wait_for_robot(self, count: int = 1, patience: float = PATIENCE) -> None:
        """Returns when at least `count` connections are open. Raises: TimeoutError."""
        until = time.monotonic() + patience
        while len(self.sockets()) < count:
            if time.monotonic() > until:
                raise TimeoutError("no robot connected")
            time.sleep(0.05)


@contextlib.contextmanager
def stand_in(*options: str, port: int = 0) -> Iterator[StandIn]:
    """A stand-in on a free port, ended by its pid."""
    command = [sys.executable, "-m", "bot.sandbox.server", "--port", str(port), "--control", *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        ready = json.loads(process.stdout.readline())
        yield StandIn(ready["base"], ready["client_id"], ready["client_secret"], process)
    finally:
        end(process)


def end(process: subprocess.Popen[str], grace: float = 5.0) -> None:
    """SIGTERM, then SIGKILL after `grace` seconds."""
    process.terminate()
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
