"""The whole product thrice on one PostgreSQL: a deadline comes, replicas are killed, each reminder is said once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest

from tests.conversations.stage import DEMO, GROUPS, PLAN, ROOT, roles
from tests.conversations.wire_stage import Bot, OverWire
from tests.postgres import postgres
from tests.wire.standin import stand_in

pytestmark = [pytest.mark.wire, pytest.mark.postgres, pytest.mark.kill]
QUIET = 3.0  # seconds in which nothing more may come
START = "2021-12-22T08:50"


def command(url: str, *arguments: str) -> None:
    """A command of the product on that database."""
    environment = {**os.environ, "DINGBAN_DATABASE_URL": url, "DINGBAN_CLOCK": START}
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def replicas(tmp_path: Path) -> Iterator[tuple[OverWire, list[Bot]]]:
    with postgres() as server, stand_in("--redeliver", "2") as dingtalk, ExitStack() as stack:
        url = server.database()
        command(url, "staff", "import", str(DEMO / "staff.csv"))
        command(url, "plan", "set", PLAN, "--yes")
        for chat in (GROUPS["工作群"], GROUPS["镇街群"]):
            command(url, "group", "bind", chat, "--notice", "1")
        bots = [Bot(dingtalk, url, tmp_path / "files", START) for _ in range(3)]
        for bot in bots:
            stack.callback(bot.close)
            bot.start()
        stage = OverWire(dingtalk, bots[0], tmp_path)
        for staff in roles().values():
            stage.direct(staff)
        yield stage, bots
        for bot in bots:
            bot.close()
        server.give_back(url)


def wait_until_quiet(stage: OverWire, patience: float = 30) -> None:
    """Until nothing was said for a while. Raises: AssertionError."""
    until, heard_at, count = time.monotonic() + patience, time.monotonic(), -1
    while time.monotonic() - heard_at < QUIET:
        assert time.monotonic() < until, "it does not stop talking"
        stage.listen(wait=0.5)
        if (now := sum(map(len, stage.said.values()))) != count:
            heard_at, count = time.monotonic(), now


def turn_all(bots: list[Bot], now: str) -> None:
    """Turn every living replica's clock."""
    for bot in bots:
        if bot.process and bot.process.poll() is None:
            bot.turn(datetime.fromisoformat(now))


def test_each_reminder_comes_once_though_replicas_die(replicas: tuple[OverWire, list[Bot]]) -> None:
    stage, bots = replicas
    turn_all(bots, "2021-12-23T08:59:58")
    time.sleep(1)
    bots[0].stop(signal.SIGKILL)
    wait_until_quiet(stage)
    posts = stage.said[GROUPS["工作群"]]
    assert len(posts) == 1, [post.text for post in posts]
    assert "12月27日" in posts[0].text
    owed = Counter({staff: len(said) for staff, said in stage.said.items() if staff.startswith("u-")})
    assert owed["u-jiaoti"] == 1
    assert owed["u-shangwu"] == 1
    assert max(owed.values()) == 1
    for moment in ("2021-12-22T08:00", "2021-12-23T12:00", "2021-12-23T09:00"):
        turn_all(bots, moment)
        wait_until_quiet(stage)
    assert len(stage.said[GROUPS["工作群"]]) == 1
    assert stage.said["u-jiaoti"][0].text
    assert max(len(said) for said in stage.said.values()) == 1
