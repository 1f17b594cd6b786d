"""How long one turn of a form takes: the form engine alone, and a whole turn with SQLite on disk, one clerk at a time.

Nothing is sent: the door only listens. What lies between a robot and DingTalk is measured by replies. A turn ends when
its reply is at the door, its transaction committed; that the reply was sent is recorded after it, some replies at once.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.table import Row, quantile
from bot.door import Sent
from handlers.dialogue import FormState, NotMine, begin, take
from handlers.message import Announcement, Receiver, Reply
from tests.conversations.stage import InProcess, Listener, seed
from tests.handlers.form_sequences import FORM, LIKELY, TODAY

WARM, ENGINE, ROUNDS = 50, 4000, 40
CLERK = "u-jiaoti"
TALK = (
    "填报 智慧校园", "三十五所", "新增三所已验收", "改数值", "36", "先放着",
    "校园35，场地7，覆盖率80%", "场地8", "先放着", "接着填 智慧校园", "来源是学校台账", "上一步", "先放着",
)  # fmt: skip


async def measure() -> list[Row]:
    """A row for the engine alone, a row for whole turns."""
    alone, whole = list(engine()), await turns()
    return [
        Row("a turn of a form, the engine alone: p50 / p99", said(alone, 2), "", "", "3 ms"),
        Row("a turn of a form, SQLite on disk, durable: p50 / p99", said(whole, 0), "", "", "30 ms"),
    ]


def said(spans: list[float], digits: int) -> str:
    """p50 / p99 in ms."""
    return " / ".join(f"{quantile(spans, share) * 1000:.{digits}f}" for share in (0.5, 0.99)) + " ms"


def engine() -> Iterator[float]:
    """Seconds of each message to the form."""
    state = fresh()
    for number in range(WARM + ENGINE):
        text = LIKELY[number % len(LIKELY)]
        began = time.perf_counter()
        outcome = take(FORM, state, text, TODAY, is_command=never)
        spent = time.perf_counter() - began
        state = fresh() if isinstance(outcome, NotMine) or number % 25 == 24 else outcome.state
        if number >= WARM:
            yield spent


def fresh() -> FormState:
    """The form as it begins."""
    return begin(FORM, TODAY, ref="7").state


never: Callable[[str], bool] = {}.__contains__


class Stopwatch(Listener):
    """A door that notes when it was last given something."""

    heard_at = 0.0

    def hear(self, to: Receiver, message: Reply | Announcement) -> Sent:
        self.heard_at = time.perf_counter()
        return super().hear(to, message)


async def turns() -> list[float]:
    """Seconds from a message to its reply at the door, its transaction committed."""
    spans: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        seed(Path(folder))
        stage, door = InProcess(Path(folder)), Stopwatch()
        stage.door = door
        await stage.open()
        for number in range(ROUNDS):
            found = [await timed(stage, door, text) for text in TALK]
            spans += found if number else []  # the first round warms up
        await stage.close()
    return spans


async def timed(stage: InProcess, door: Stopwatch, text: str) -> float:
    """Seconds of one message."""
    began = time.perf_counter()
    await stage.say(CLERK, CLERK, text, None)
    return door.heard_at - began
