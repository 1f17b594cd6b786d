"""The same transcripts over the real wire: the stand-in and the bot in processes of their own. 重启 = kill -9."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conversations.script import FILE, Step, read_script, sent_file
from tests.conversations.stage import roles
from tests.conversations.test_transcripts import SCRIPTS, check, place_of
from tests.conversations.wire_stage import OverWire, wired

pytestmark = pytest.mark.wire
IN_PROCESS_ONLY = ("~ 运行",)  # a command in the middle: the same in both, and slow


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[OverWire]:
    with wired(tmp_path) as opened:
        yield opened


def wire_scripts() -> list[Path]:
    """All but those that need more than people and the clock."""
    return [path for path in SCRIPTS if not any(mark in path.read_text(encoding="utf-8") for mark in IN_PROCESS_ONLY)]


@pytest.mark.parametrize("path", wire_scripts(), ids=lambda path: path.stem)
def test_conversation(path: Path, stage: OverWire) -> None:
    """What is heard over the wire is what the transcript says."""
    known = roles()
    for staff in known.values():
        stage.direct(staff)
    for step in read_script(path).steps:
        stage.listen()
        seen = {place: len(said) for place, said in stage.said.items()}
        do(stage, step, known)
        compare(stage, step, seen, known)


def do(stage: OverWire, step: Step, known: dict[str, str]) -> None:
    """Say it, press it, or let it happen."""
    if step.event:
        stage.event(step.event)
        return
    staff, text, kind = known[step.who], step.text, "text"
    if text.startswith("[") and text.endswith("]"):
        stage.press(staff, text[1:-1])
        return
    if text.startswith(FILE):
        stage.send(staff, sent_file(text))
        return
    if text.startswith("（语音）"):
        text, kind = text.removeprefix("（语音）"), "voice"
    text = f"@助手 {text}" if step.group and "@" not in text else text
    stage.say(staff, text.replace("\\n", "\n"), step.group, kind)


def compare(stage: OverWire, step: Step, seen: dict[str, int], known: dict[str, str]) -> None:
    """What came against what was expected, in order, place by place."""
    own = stage.place(known.get(step.who, ""), step.group)
    where = f"line {step.line}: {step.text or step.event}"
    counts = dict(seen)
    for expected in step.expected:
        place = place_of(expected, own, known)
        counts[place] = counts.get(place, 0) + 1
        stage.wait_for(place, counts[place])
        check(expected, stage.said[place][counts[place] - 1], where)
    if step.nothing or (step.expected and not step.event):
        stage.grace()
        left = [heard.text for heard in stage.said[own][counts.get(own, 0) :]]
        assert not left, f"{where}: said besides: {left}"
