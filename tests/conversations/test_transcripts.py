"""Every transcript of this folder, played in this process on a real database."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conversations.script import FILE, Expected, Step, read_script, sent_file, squeeze
from tests.conversations.stage import Heard, InProcess, group_chat, roles, staged

SCRIPTS = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
async def test_conversation(path: Path, tmp_path: Path) -> None:
    """The bot says what the transcript says, nothing more where it was spoken to."""
    known = roles()
    async with staged(tmp_path) as stage:
        for step in read_script(path).steps:
            seen = {place: len(heard) for place, heard in stage.door.said.items()}
            await do(stage, step, known)
            compare(stage, step, seen, known)


async def do(stage: InProcess, step: Step, known: dict[str, str]) -> None:
    """Say it, press it, or let it happen."""
    if step.event:
        await stage.event(step.event)
        return
    staff = known.get(step.who, "")
    place = stage.place(staff, step.group)
    text, kind = step.text, "text"
    if text.startswith("[") and text.endswith("]"):
        text = stage.press(staff, text[1:-1])
    if text.startswith("（语音）"):
        text, kind = text.removeprefix("（语音）"), "voice"
    assert place, step.who
    if text.startswith(FILE):
        await stage.send(staff, step.who, sent_file(text))
        return
    await stage.say(staff, step.who, text.replace("\\n", "\n"), step.group, kind)


def compare(stage: InProcess, step: Step, seen: dict[str, int], known: dict[str, str]) -> None:
    """What came against what was expected, in order, place by place."""
    own = stage.place(known.get(step.who, ""), step.group)
    fresh = {place: heard[seen.get(place, 0) :] for place, heard in stage.door.said.items()}
    where = f"line {step.line}: {step.text or step.event}"
    for expected in step.expected:
        place = place_of(expected, own, known)
        assert fresh.get(place), f"{where}: nothing was said to {expected.to or step.who}"
        check(expected, fresh[place].pop(0), where)
    if step.nothing or (step.expected and not step.event):
        left = [heard.text for heard in fresh.get(own, [])]
        assert not left, f"{where}: said besides: {left}"


def place_of(expected: Expected, own: str, known: dict[str, str]) -> str:
    """Where an expected message is heard."""
    if expected.to is None:
        return own
    if expected.to.startswith("群 "):
        return group_chat(expected.to.removeprefix("群 "))
    return known[expected.to]


def check(expected: Expected, heard: Heard, where: str) -> None:
    """Text by pattern, buttons by label."""
    assert expected.pattern.fullmatch(squeeze(heard.text)), f"{where}\nwanted {expected.lines}\nheard  {heard.text}"
    labels = [label for label, _ in heard.buttons]
    missing = [label for label in expected.buttons if label not in labels]
    assert not missing, f"{where}: buttons {labels}, missing {missing}"
