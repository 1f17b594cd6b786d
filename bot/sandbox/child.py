"""The robot as a child process, known only by its command line, its environment and its clock page."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import aiohttp

from bot.sandbox.clock import SandboxClock

GRACE = 5.0  # seconds between SIGTERM and SIGKILL
PATIENCE = 3.0  # seconds for the robot's clock page
PRINTED_WITHIN = 65_536  # bytes from its start
SEEDING = 120.0  # seconds a command may take


class Say:
    RUNNING = "运行中"
    STOPPED = "已停止"
    DIED = "意外退出（{code}）：{line}"


class CommandFailed(Exception):
    """A seeding command did not end well; `why` is its last line."""

    def __init__(self, command: str, why: str) -> None:
        super().__init__(command)
        self.command, self.why = command, why


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def last_line(text: str) -> str:
    """The last line that says something."""
    return next((line for line in reversed(text.splitlines()) if line.strip()), "")[:300]


def orphan(note: Path) -> int | None:
    """The robot that an earlier sandbox left behind when it was killed, by its pid; None elsewhere than on Linux."""
    with contextlib.suppress(OSError, ValueError):
        pid = int(note.read_text("ascii"))
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return pid if command[1:4] == [b"-m", b"bot", b"run"] else None
    return None


class Robot:
    """Starts, stops, kills the child; hands it the time. `log` collects what it writes."""

    def __init__(
        self, environment: dict[str, str], clock: SandboxClock, log: Path, run: Sequence[str] = ("-m", "bot", "run")
    ) -> None:
        self.environment, self.clock, self.log, self._run = environment, clock, log, run
        self.process: asyncio.subprocess.Process | None = None
        self.state = Say.STOPPED
        self.on_change: Callable[[], None] = lambda: None
        self._began = 0  # of the log, where this child's part begins
        self._web_port = 0
        self._watch: asyncio.Task[None] | None = None

    def _environment(self) -> dict[str, str]:
        clock = {"DINGBAN_CLOCK": self.clock.now().isoformat(), "DINGBAN_CLOCK_SPEED": f"{self.clock.speed:g}"}
        return os.environ | self.environment | clock | {"DINGBAN_WEB_PORT": str(self._web_port)}

    @property
    def running(self) -> bool:
        """Is the child alive?"""
        return self.process is not None and self.process.returncode is None

    async def command(self, arguments: Sequence[str], stdin: str = "") -> None:
        """Run one command of the robot to its end. Raises: CommandFailed."""
        pipe = asyncio.subprocess.PIPE
        command = (sys.executable, "-m", "bot", *arguments)
        process = await asyncio.create_subprocess_exec(
            *command, env=self._environment(), stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
        )
        try:
            out, err = await asyncio.wait_for(process.communicate(stdin.encode()), SEEDING)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise
        if process.returncode:
            why = last_line(err.decode(errors="replace")) or last_line(out.decode(errors="replace"))
            raise CommandFailed(" ".join(arguments[:2]), why)

    async def start(self) -> None:
        """A new child on a new web port, at the present sandbox time; nothing if one runs."""
        if self.running:
            return
        self._web_port = free_port()
        with self.log.open("ab") as log:
            self._began = log.tell()
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, *self._run, env=self._environment(), stdin=asyncio.subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.log.with_suffix(".pid").write_text(str(self.process.pid), "ascii")
        self._show(Say.RUNNING)
        self._watch = asyncio.create_task(self._watched(self.process))

    async def _watched(self, process: asyncio.subprocess.Process) -> None:
        code = await process.wait()
        if process is self.process and self.state == Say.RUNNING:
            self._show(Say.DIED.format(code=code, line=last_line(self.log.read_text("utf-8", errors="replace"))))

    def printed(self) -> list[str]:
        """What this child said in plain words (its log is JSON lines): for who runs it."""
        if not self.log.exists():
            return []
        with self.log.open("rb") as log:
            log.seek(self._began)
            lines = log.read(PRINTED_WITHIN).decode(errors="replace").splitlines()
        return [line for line in lines if line.strip() and not line.startswith(("{", " ", "Traceback"))]

    def _show(self, state: str) -> None:
        self.state = state
        self.on_change()

    async def stop(self, by: signal.Signals = signal.SIGTERM) -> None:
        """End the child and wait until it is gone."""
        process = self.process
        if process is None or process.returncode is not None:
            return
        self._show(Say.STOPPED)
        process.send_signal(by)
        try:
            await asyncio.wait_for(process.wait(), GRACE)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def end_orphan(self) -> None:
        """A robot left behind holds the database: it goes first."""
        note = self.log.with_suffix(".pid")
        for number in (signal.SIGTERM, signal.SIGKILL):
            until = asyncio.get_running_loop().time() + GRACE
            while (pid := orphan(note)) and asyncio.get_running_loop().time() < until:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
                await asyncio.sleep(0.2)

    async def turn_clock(self) -> bool:
        """Tell the child the sandbox's time; False when it does not listen (a new child gets it at its start)."""
        body = {"now": self.clock.now().isoformat(), "speed": self.clock.speed}
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        try:
            url = f"http://127.0.0.1:{self._web_port}/clock"
            async with aiohttp.ClientSession(timeout=timeout) as session, session.post(url, json=body) as answer:
                return answer.status < 300
        except (aiohttp.ClientError, TimeoutError):
            return False
