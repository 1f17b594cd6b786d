"""The state of an open form, kept as one JSON document, and what a message can make of it. Knows no words and no rules.

Every answer keeps what was said, so that a newer version of the form can read it again. Its size is bounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from handlers.form_steps import JSON
from handlers.message import Reply

LONGEST = 2000  # characters kept of anything said
REMEMBERED = 12  # changes told of when an old button is pressed


@dataclass(frozen=True, slots=True)
class Pending:
    """A value that waits for a decision: insist, give a reason, or another value."""

    field: str
    said: str
    code: str
    text: str
    choices: tuple[tuple[str, str, str], ...]
    """(label, does, says)"""
    passed: tuple[str, ...] = ()
    """Checks already insisted on."""
    reasons: tuple[str, ...] = ()
    wants_reason: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """An answer as it stood since a revision."""

    revision: int
    field: str
    shown: str


@dataclass(frozen=True, slots=True)
class FormState:
    """Where a person is in a form. `revision` counts changed answers; buttons carry it."""

    form: str
    version: int
    step: str
    ref: str = ""
    """What the form is about, e.g. a draft's id; the first half of a button's tag."""
    answers: Mapping[str, JSON] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    aside: Mapping[str, str] = field(default_factory=dict)
    """What was said for fields this version no longer reads, or before 重新来."""
    pending: Pending | None = None
    misses: int = 0
    revision: int = 0
    history: tuple[Change, ...] = ()

    def with_answer(self, name: str, value: JSON, said: str, shown: str, reason: str = "") -> FormState:
        """The state with one answer stored under a new revision."""
        revision = self.revision + 1
        reasons = {key: why for key, why in self.reasons.items() if key != name}
        return replace(
            self,
            answers={**self.answers, name: value},
            said={**self.said, name: said[:LONGEST]},
            reasons=reasons | ({name: reason[:LONGEST]} if reason else {}),
            pending=None,
            misses=0,
            revision=revision,
            history=(*self.history, Change(revision, name, shown[:80]))[-REMEMBERED:],
        )

    def without_answers(self) -> FormState:
        """The state started anew; what was said is set aside, not lost."""
        return replace(
            self, answers={}, said={}, reasons={}, aside={**self.aside, **self.said}, pending=None, misses=0,
            revision=self.revision + 1,
        )  # fmt: skip

    def shown_at(self, name: str, revision: int) -> str | None:
        """How a field's answer was shown at an earlier revision, as far back as is remembered."""
        held = [change for change in self.history if change.field == name and change.revision <= revision]
        return held[-1].shown if held else None

    def to_json(self) -> dict[str, JSON]:
        """A document for storage; `from_json` gives the same state."""
        return {
            "form": self.form,
            "version": self.version,
            "step": self.step,
            "ref": self.ref,
            "answers": dict(self.answers),
            "said": dict(self.said),
            "reasons": dict(self.reasons),
            "aside": dict(self.aside),
            "pending": None if self.pending is None else _pending_json(self.pending),
            "misses": self.misses,
            "revision": self.revision,
            "history": [[change.revision, change.field, change.shown] for change in self.history],
        }


def _pending_json(pending: Pending) -> dict[str, JSON]:
    return {
        "field": pending.field,
        "said": pending.said,
        "code": pending.code,
        "text": pending.text,
        "choices": [list(choice) for choice in pending.choices],
        "passed": list(pending.passed),
        "reasons": list(pending.reasons),
        "wants_reason": pending.wants_reason,
    }


def from_json(document: Mapping[str, JSON]) -> FormState:
    """The state in a stored document; parts of another shape are read as empty."""
    return FormState(
        form=_text(document.get("form")),
        version=_number(document.get("version")),
        step=_text(document.get("step")),
        ref=_text(document.get("ref")),
        answers=_mapping(document.get("answers")),
        said=_texts(document.get("said")),
        reasons=_texts(document.get("reasons")),
        aside=_texts(document.get("aside")),
        pending=_pending(document.get("pending")),
        misses=_number(document.get("misses")),
        revision=_number(document.get("revision")),
        history=tuple(
            Change(_number(item[0]), _text(item[1]), _text(item[2]))
            for item in _items(document.get("history"))
            if isinstance(item, list) and len(item) == 3
        ),
    )


def _pending(value: JSON) -> Pending | None:
    if not isinstance(value, dict):
        return None
    choices = [item for item in _items(value.get("choices")) if isinstance(item, list) and len(item) == 3]
    return Pending(
        field=_text(value.get("field")),
        said=_text(value.get("said")),
        code=_text(value.get("code")),
        text=_text(value.get("text")),
        choices=tuple((_text(label), _text(does), _text(says)) for label, does, says in choices),
        passed=tuple(_text(item) for item in _items(value.get("passed"))),
        reasons=tuple(_text(item) for item in _items(value.get("reasons"))),
        wants_reason=value.get("wants_reason") is True,
    )


def _text(value: JSON) -> str:
    return value if isinstance(value, str) else ""


def _number(value: JSON) -> int:
    return value if isinstance(value, int) else 0


def _items(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else []


def _mapping(value: JSON) -> dict[str, JSON]:
    return dict(value) if isinstance(value, dict) else {}


def _texts(value: JSON) -> dict[str, str]:
    return {key: item for key, item in _mapping(value).items() if isinstance(item, str)}


@dataclass(frozen=True, slots=True)
class Taken:
    """The message was for the form; keep the state, say the reply."""

    state: FormState
    reply: Reply


@dataclass(frozen=True, slots=True)
class NotMine:
    """The message is a question, a command or about something else; the state is unchanged."""


@dataclass(frozen=True, slots=True)
class Done:
    """Submitted: the answers are in the state; the feature says the receipt."""

    state: FormState


@dataclass(frozen=True, slots=True)
class Parked:
    """Put aside with everything in it. `ask_office`: the person wants the office to call."""

    state: FormState
    reply: Reply
    ask_office: bool = False


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Given up by a whole-message 取消; the state still holds what was said."""

    state: FormState
    reply: Reply


Outcome: TypeAlias = "Taken | NotMine | Done | Parked | Cancelled"
