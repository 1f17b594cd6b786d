"""The words between a question and its answer: Asked in, Answer out, Context in between. No understanding here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from knowledge.notice import Ref


class Outcome(StrEnum):
    """What an answer is; the words of the question sets."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    REFUSE = "refuse"
    FORM = "form"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Context:
    """What earlier turns of one person in one chat leave understood. JSON strings only, so it can be kept in a row."""

    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what is known of the asker. `unit` None = unknown; `today` resolves 今年."""

    text: str
    unit: str | None = None
    context: Context = field(default_factory=Context)
    today: date | None = None
    notice: str | None = None
    """Key of the notice the chat is about, if one is known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said back. `cites` carry the answer, `related` the rest; a refusal cites nothing."""

    outcome: Outcome
    text: str
    cites: tuple[Ref, ...] = ()
    related: tuple[Ref, ...] = ()
    suggestions: tuple[str, ...] = ()
    """At most three next questions, in the words that ask them."""
    context: Context = field(default_factory=Context)
    notice: str | None = None
    matter: str | None = None
    """FORM: key of the matter to report."""
    value: str | None = None
    """FORM: the value as said (35, 三十五所), still to be checked."""
    confidence: float = 1.0
    """[0, 1]; a low one goes to the office's list of misses."""
