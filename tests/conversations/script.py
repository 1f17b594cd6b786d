"""Transcripts: how a conversation that a clerk can read and correct is written down, and how what came is compared.

# 填报途中重启，不丢一个字
市商务局填报员：填报 智慧商圈
  机器人：到现在累计多少个…            … matches anything, also nothing
    [先放着]                          each button named must be there
~ 重启                                 an event
市商务局填报员：[提交]                  presses the newest button of that label
市商务局填报员（群 工作群）：@助手 你好    in a group
  机器人→市民政局填报员：…              what somebody else gets
  机器人→群 工作群：…
  （无）                              nothing came
办公室（市商务局）：（文件）名单.csv      sends that file of the folder files (or of tests/)
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

SPOKEN = re.compile(r"^(?P<who>[^\s：~#][^：]*)：(?P<text>.*)$")
HEARD = re.compile(r"^  机器人(?:→(?P<to>[^：]+))?：(?P<text>.*)$")
PLACE = re.compile(r"^(?P<who>.+?)（群 (?P<group>.+)）$")
BUTTON = re.compile(r"\[([^\[\]]+)\]")


FILE = "（文件）"
TESTS = Path(__file__).resolve().parents[1]


def sent_file(text: str) -> Path:
    """The file that a line sends."""
    name = text.removeprefix(FILE)
    own = TESTS / "conversations" / "files" / name
    return own if own.exists() else TESTS / name


@dataclass(slots=True)
class Expected:
    """One message of the bot: to whom (None = the place where it was spoken to), lines with …, and button labels."""

    to: str | None
    lines: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)

    @property
    def pattern(self) -> re.Pattern[str]:
        """What the whole text must match, blanks ignored."""
        text = squeeze("".join(self.lines))
        return re.compile(".*".join(re.escape(part) for part in text.split("…")), re.S)


@dataclass(slots=True)
class Step:
    """Something said or an event, and what must come of it, in order."""

    line: int
    who: str = ""
    group: str | None = None
    text: str = ""
    event: str = ""
    expected: list[Expected] = field(default_factory=list)
    nothing: bool = False


@dataclass(slots=True)
class Script:
    title: str
    steps: list[Step]


def squeeze(text: str) -> str:
    """Without white space and Markdown marks, in normal width: how texts are compared."""
    return re.sub(r"[\s*`>#-]+", "", unicodedata.normalize("NFKC", text.replace("…", "\0"))).replace("\0", "…")


def read_script(path: Path) -> Script:
    """Raises: ValueError with the number of a line that is neither said, heard nor an event."""
    title, steps = path.stem, list[Step]()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        if line.startswith("#"):
            title = line.lstrip("# ").strip() if not steps else title
        elif line.startswith("~"):
            steps.append(Step(number, event=line[1:].strip()))
        elif line.startswith("  "):
            hear(steps, line, number)
        elif found := SPOKEN.match(line):
            place = PLACE.match(found["who"])
            who, group = (place["who"], place["group"]) if place else (found["who"], None)
            steps.append(Step(number, who=who, group=group, text=found["text"].strip()))
        else:
            raise ValueError(f"{path.name}:{number}: {line}")
    return Script(title, steps)


def hear(steps: list[Step], line: str, number: int) -> None:
    """Add an indented line to what the last step expects."""
    if not steps:
        raise ValueError(f"line {number}: nothing was said yet")
    step = steps[-1]
    if line.strip() == "（无）":
        step.nothing = True
    elif found := HEARD.match(line):
        step.expected.append(Expected(found["to"], [found["text"]]))
    elif not step.expected:
        raise ValueError(f"line {number}: {line}")
    elif re.fullmatch(r"\s*(\[[^\[\]]+\]\s*)+", line):
        step.expected[-1].buttons += BUTTON.findall(line)
    else:
        step.expected[-1].lines.append(line.strip())
