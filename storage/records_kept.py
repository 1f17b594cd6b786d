"""Records of what is kept for good: audit, what was said, misses, feedback, settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from storage.repository import JSON


@dataclass(frozen=True, slots=True)
class Audited:
    """One line of a chain: who did what in which seat when, old and new, why, by which message."""

    chain: str
    """`matter:12`, `seats:unit`, `plan:notice` …"""
    number: int
    what: str
    who: str
    post: str
    unit: str | None
    happened_at: datetime
    old: Mapping[str, JSON] | None
    new: Mapping[str, JSON] | None
    why: str
    message_id: str | None
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What the check found wrong, and where; `number` None: the chain's end or a day."""

    chain: str
    number: int | None
    why: str


@dataclass(frozen=True, slots=True)
class DayHead:
    """The hash over all chains' ends at the close of a day, chained to the day before."""

    day: str
    previous: str
    head: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What was sent to whom, when, in which words."""

    id: int
    dedup_key: str
    kind: str
    receiver_kind: str
    receiver: str
    text: str
    subjects: tuple[str, ...]
    outcome: str
    why: str | None
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it was given, with what it rested on, so that it can be reproduced."""

    id: int
    person: str
    chat: str
    unit: str | None
    question: str
    outcome: str
    answer: str
    refs: tuple[str, ...]
    notice: str | None
    content_hash: str | None
    confidence: float
    disliked: bool
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Miss:
    """A question we did not answer well, for a person to look at."""

    id: int
    answer_id: int | None
    person: str
    unit: str | None
    question: str
    why: str
    state: str
    asked_at: datetime
    faq_id: int | None
    handled_by: str | None
    handled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Feedback:
    """A complaint or suggestion, for the office."""

    id: int
    person: str
    unit: str | None
    words: str
    state: str
    said_at: datetime
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ruling:
    """Which side the office uses meanwhile, since when and on what basis; a record of the office's, not an opinion."""

    id: int
    notice: str
    matter_key: str
    ref: str
    basis: str
    day: date
    made_by: str
    made_at: datetime
    ended_by: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Faq:
    """A question the office answered once for all."""

    id: int
    notice: str
    question: str
    answer: str
    matter_key: str | None
    day: date
    made_by: str
    made_at: datetime
    ended_by: str | None
    ended_at: datetime | None
