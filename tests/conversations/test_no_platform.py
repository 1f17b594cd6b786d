"""Pipeline and handlers know no DingTalk: a transcript is played where its package cannot be imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
for name in ("dingtalk_stream", "websockets", "bot.dingtalk"):
    sys.modules[name] = None
import asyncio, pathlib
from tests.conversations import test_transcripts as play
asyncio.run(play.test_conversation(play.SCRIPTS[0].with_name("j04_report.txt"), pathlib.Path(sys.argv[1])))
assert not [name for name in sys.modules if name.startswith("bot.dingtalk.")]
print("played")
"""


def test_a_transcript_plays_without_dingtalks_package(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "played", done.stderr
