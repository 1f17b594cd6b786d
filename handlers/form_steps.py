"""What a form is made of: steps, what reading an answer gives, what is wrong with it. Data only; dialogue.py runs it.

`F` is the type of the facts a feature hands in on every turn (target, last value, today …); they are never stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeAlias, TypeVar

from handlers.message import Button

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"
F = TypeVar("F")

CONFIRM = "confirm"
"""The step after the last field: everything is shown once and submitted."""


@dataclass(frozen=True, slots=True)
class Asking(Generic[F]):
    """What readers, checks and questions may look at."""

    answers: Mapping[str, JSON]
    facts: F


@dataclass(frozen=True, slots=True)
class Got:
    """The text was understood as this value."""

    value: JSON


@dataclass(frozen=True, slots=True)
class Choice:
    """A way out of a soft problem, shown as a button.

    again: ask anew; keep: the value stands, the label is its reason; because: it stands once a reason is written;
    replace: `says` is read in its place and checked for everything else; correct: `says` is a field and its new
    text; content: the words are the sentence that was asked for.
    """

    label: str
    does: Literal["again", "keep", "because", "replace", "correct", "content", "leave"]
    says: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an answer: one message, reason and example. With choices it is soft: a person may insist."""

    text: str
    choices: tuple[Choice, ...] = ()
    code: str = ""
    """Names the check, so that an insisted value is not stopped by it twice."""
    minor: bool = False
    """Not asked when another doubt about the same value was answered already."""


Read: TypeAlias = "Got | Problem | None"
"""None: the text does not look like an answer to this question at all."""


def always(_: Asking[F]) -> bool:
    """True: the step is part of every run of the form."""
    return True


def show_plain(value: JSON, _: Asking[F]) -> str:
    """The value as text."""
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Step(Generic[F]):
    """One field: how it is asked, read, checked and shown."""

    field: str
    name: str
    """What people call it in a correction (数值)."""
    ask: str | Callable[[Asking[F]], str]
    read: Callable[[str, Asking[F]], Read]
    checks: tuple[Callable[[JSON, Asking[F]], Problem | None], ...] = ()
    also: tuple[str, ...] = ()
    """Other names for it."""
    optional: bool = False
    free: bool = False
    """Any sentence is an answer; then only commands and plain questions are not taken."""
    restated: str = ""
    """How this value is said again (累计36所): of such words in place of a sentence it is asked what they are for."""
    prefill: Callable[[Asking[F]], str | None] | None = None
    """What would have been typed; it is read like an answer and not asked for."""
    hint: str | Callable[[Asking[F]], str] = ""
    """口径, shown on 看口径 and 帮助."""
    buttons: tuple[Button, ...] | Callable[[Asking[F]], tuple[Button, ...]] = ()
    show: Callable[[JSON, Asking[F]], str] = show_plain
    when: Callable[[Asking[F]], bool] = always

    @property
    def names(self) -> tuple[str, ...]:
        """All names, longest first."""
        return tuple(sorted((self.name, *self.also), key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Form(Generic[F]):
    """Steps in order, and how the whole is shown before submitting. A changed meaning of a field is a new version."""

    name: str
    version: int
    steps: tuple[Step[F], ...]
    review: Callable[[Asking[F]], str]
    """The text under which [提交] stands."""
    confirm: bool = True
    """False: done with the last answer."""
    title: str | Callable[[Asking[F]], str] = ""
    """What is being filled in, for 上次填到…"""
    main: str = ""
    """Field that a bare value at the confirmation corrects; default: the first that is not free."""

    def step(self, field: str) -> Step[F] | None:
        """The step of a field; None for CONFIRM and unknown ones."""
        return next((step for step in self.steps if step.field == field), None)

    @property
    def main_step(self) -> Step[F] | None:
        """The step whose value the form is about."""
        return self.step(self.main) or next((step for step in self.steps if not step.free), None)


def worded(words: str | Callable[[Asking[F]], str], asking: Asking[F]) -> str:
    """A text that is either fixed or made from the state."""
    return words if isinstance(words, str) else words(asking)


def buttons_of(step: Step[F], asking: Asking[F]) -> tuple[Button, ...]:
    """The step's own buttons at this moment."""
    return step.buttons if isinstance(step.buttons, tuple) else step.buttons(asking)
