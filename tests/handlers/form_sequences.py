"""Any sequence of messages against the form engine: what must hold after each. For hypothesis and for the soak run."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from handlers.dialogue import ask, ask_again, begin, load, resume, take
from handlers.form_state import Cancelled, Done, FormState, NotMine, Parked, Taken, from_json
from handlers.form_steps import CONFIRM, Asking, Form, Got, Step
from handlers.form_values import choice_reader, day_reader, line_reader, value_checks, value_reader
from handlers.form_words import Word, word_of
from handlers.rules.checks import Series, unlikely
from knowledge import Kind

LARGEST_STATE = 30_000  # bytes of JSON
TODAY = date(2021, 9, 24)
SERIES = Series("校园", "所", Kind.STOCK, True, Decimal(32), Decimal(59), Decimal(59))


def series_of(_: Asking[date]) -> Series:
    return SERIES


def today_of(asking: Asking[date]) -> date:
    return asking.facts


def review(asking: Asking[date]) -> str:
    return f"请核对：{dict(asking.answers)}"


FORM: Form[date] = Form(
    "report",
    3,
    (
        Step(
            "value",
            "数值",
            "现在累计多少所？",
            value_reader(series_of),
            value_checks(series_of),
            show=lambda v, _: f"{v}所",
        ),
        Step("line", "进展", "有一句进展吗？", line_reader(200), optional=True, free=True, also=("进展情况",)),
        Step(
            "as_of", "数据截至", "数据截至哪天？", day_reader(today_of, "past"), prefill=lambda a: a.facts.isoformat()
        ),
        Step("source", "来源", "来源？", line_reader(60), free=True, optional=True, also=("数据来源",)),
        Step(
            "checked",
            "核实",
            "核实过吗？",
            choice_reader({"是": "yes", "否": "no"}),
            when=lambda a: Decimal(str(a.answers.get("value") or 0)) > 59,
        ),
    ),
    review,
    title="智慧校园",
)

LIKELY = (Path(__file__).parents[1] / "data" / "form_messages.txt").read_text("utf-8").splitlines()
ODD = [
    "\u202e三十五",
    "",
    " ",
    "\n\n",
    "\u200b",
    "35\n新增三所\n来源：学校",
    "1" * 5000,
    "啊" * 20_000,
    "35" + "，再" * 300,
    "提交 #7.1",
    "提交 #7.3",
    "a\x00b",
]
LETTERS = "数值进展来源改成是，。：35一二十所无不对等提交取消上下步先放着吗怎\n ?#.%-"


@dataclass(slots=True)
class Played:
    """What a soak run did."""

    sequences: int = 0
    messages: int = 0
    submitted: int = 0
    asides: int = 0


def message(rng: random.Random) -> str:
    """Something a person may type: mostly likely, sometimes odd, sometimes any letters."""
    kind = rng.random()
    if kind < 0.8:
        return rng.choice(LIKELY)
    if kind < 0.88:
        return rng.choice(ODD)
    return "".join(rng.choice(LETTERS) for _ in range(rng.randint(1, 30)))


def check_sequence(messages: list[str], played: Played | None = None) -> None:
    """Play the messages; raises AssertionError at the first thing that must not be."""
    opened = begin(FORM, TODAY, ref="7")
    assert isinstance(opened, Taken)
    state = opened.state
    for text in messages:
        state = check_message(state, text, played)


def check_message(state: FormState, text: str, played: Played | None = None) -> FormState:
    """One message: the state after it, everything that must hold asserted."""
    outcome = take(FORM, state, text, TODAY, is_command=lambda said: said == "我的任务")
    if played:
        played.messages += 1
        played.submitted += isinstance(outcome, Done)
        played.asides += isinstance(outcome, NotMine)
    if isinstance(outcome, NotMine):
        assert ask_again(FORM, state, TODAY).text.startswith(("接着填", "核对"))
        return state
    check_state(outcome.state)
    nothing_lost(state, outcome.state, text)
    if isinstance(outcome, Done):
        check_done(outcome.state)
    else:
        assert outcome.reply.text.strip()
        assert len(outcome.reply.text) < 3000
    if isinstance(outcome, Parked | Cancelled):
        assert outcome.state.answers == state.answers
        assert resume(FORM, outcome.state, TODAY).text
    return load(FORM, json.loads(json.dumps(outcome.state.to_json())), TODAY)


def check_state(state: FormState) -> None:
    """Every stored value was read from what was said, and confirmed where it is odd; the document is small."""
    document = json.dumps(state.to_json())
    assert from_json(json.loads(document)) == state
    assert len(document) < LARGEST_STATE
    assert state.step == CONFIRM or FORM.step(state.step) is not None
    asking = Asking(state.answers, TODAY)
    for field, value in state.answers.items():
        step = FORM.step(field)
        assert step is not None
        assert (value is None and step.optional) or step.read(state.said[field], asking) == Got(value), field
    odd = (
        [found.code for found in unlikely(Decimal(str(state.answers["value"])), SERIES)]
        if "value" in state.answers
        else []
    )
    assert not odd or state.reasons.get("value"), (odd, state.answers)
    assert ask(FORM, state, TODAY).text


def nothing_lost(before: FormState, after: FormState, text: str) -> None:
    """Answers stay or change to others that were read; only 重新来 sets them aside."""
    if word_of(text) is Word.RESTART:
        assert all(after.aside.get(field) == said for field, said in before.said.items() if said)
    else:
        assert set(before.answers) <= set(after.answers)
    assert after.revision >= before.revision


def check_done(state: FormState) -> None:
    """Submitted: nothing is missing, nothing waits."""
    asking = Asking(state.answers, TODAY)
    assert state.pending is None
    assert all(step.field in state.answers for step in FORM.steps if step.when(asking))


def play_sequences(count: int, seed: int = 0, length: int = 30) -> Played:
    """Play random sequences for the soak run; raises AssertionError with the messages that broke something."""
    rng, played = random.Random(seed), Played()
    for _ in range(count):
        messages = [message(rng) for _ in range(rng.randint(3, length))]
        try:
            check_sequence(messages, played)
        except Exception as problem:
            raise AssertionError(f"seed {seed}, messages {messages!r}") from problem
        played.sequences += 1
    return played
