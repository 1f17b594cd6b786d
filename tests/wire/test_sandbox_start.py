"""Starting the sandbox with something wrong: one Chinese line, a non-zero exit, nothing written."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.wire.standin import ROOT

pytestmark = pytest.mark.wire


def start(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot.sandbox", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1
    assert re.search(r"[\u4e00-\u9fff]", lines[0])
    return lines[0]


def test_a_taken_port_is_named_and_old_data_stays(tmp_path: Path) -> None:
    chat = tmp_path / "x-chat.jsonl"
    chat.write_text("old", "utf-8")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        assert port in one_line(start("--port", port, "--db", str(tmp_path / "x.db"), "--fresh"))
    assert [path.name for path in tmp_path.iterdir()] == ["x-chat.jsonl"]
    assert chat.read_text("utf-8") == "old"


def test_a_time_nobody_understands_is_shown(tmp_path: Path) -> None:
    assert "foo" in one_line(start("--port", "0", "--now", "foo", "--db", str(tmp_path / "x.db")))
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.joinpath("file").write_text("", "utf-8")
    assert "file" in one_line(start("--port", "0", "--db", str(tmp_path / "file" / "x.db")))
