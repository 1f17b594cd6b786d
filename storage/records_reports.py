"""Records of what is reported: drafts, submissions, reviews, other hands, requests, attachments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from storage.repository import JSON


class State(StrEnum):
    """Where a submission is; printed in the words of design.md §3 by handlers."""

    SIGNING = "signing"
    PENDING = "pending"
    SECOND = "second"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"
    NO_DATA = "no_data"


class Decision(StrEnum):
    """What a reviewer, or the unit's head before, says to a submission."""

    SIGN = "sign"
    REFUSE_SIGN = "refuse_sign"
    APPROVE = "approve"
    RETURN = "return"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Draft:
    """A form being filled: one per unit, matter and period. `revision` counts the saves."""

    id: int
    unit: str
    matter_id: int
    notice: str
    period: str
    answers: Mapping[str, JSON]
    revision: int
    state: str
    """`open submitted dropped`"""
    writers: tuple[str, ...]
    """Staff ids of everybody who wrote in it."""
    behalf_of: str | None
    opened_by: str
    opened_at: datetime
    touched_by: str
    touched_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """What is handed in: the figures by measure key as text (`35`, `80`), and what stands beside them."""

    figures: Mapping[str, str]
    line: str = ""
    as_of: date | None = None
    origin: str = ""
    reason: str = ""
    """Why a value that looked odd is right."""
    late: bool = False
    kind: str = "report"
    """`report no_data behalf opening`"""
    state: State = State.PENDING
    answers: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Submission:
    """One version handed in for a matter and period; never changed but for its state."""

    id: int
    draft_id: int | None
    draft_revision: int | None
    matter_id: int
    notice: str
    unit: str
    period: str
    version: int
    receipt: int | None
    state: State
    kind: str
    live: bool
    """The one that stands for its matter and period (a correction under review is; what it corrects is not)."""
    figures: Mapping[str, str]
    answers: Mapping[str, JSON]
    as_of: date | None
    origin: str
    line: str
    reason: str
    late: bool
    corrects_id: int | None
    batch: str | None
    lead_units: tuple[str, ...]
    """At submission: what four eyes are judged by."""
    writers: tuple[str, ...]
    writer_units: tuple[str, ...]
    submitted_by: str
    post: str
    message_id: str | None
    submitted_at: datetime
    decided_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Review:
    """A word said to a submission, with the reviewer's units of that moment."""

    id: int
    submission_id: int
    decision: str
    chip: str | None
    words: str
    reviewer: str
    post: str
    reviewer_units: tuple[str, ...]
    message_id: str | None
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A 进展情况 paragraph as somebody worded it for a submission; the last counts, a new value starts anew."""

    submission_id: int
    text: str
    written_by: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Contribution:
    """What another hand added: a joint lead's 对 or 有不同 (or silence), a supporting unit's or town's line."""

    id: int
    matter_id: int
    period: str
    unit: str
    kind: str
    """`agree differ silent support town`"""
    words: str
    draft_revision: int | None
    given_by: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """Something asked that somebody else must answer: 缓交, 困难, 目标调整, 交办, a call back."""

    id: int
    kind: str
    """`postpone difficulty target word contact`"""
    unit: str
    matter_id: int | None
    notice: str | None
    period: str | None
    body: Mapping[str, JSON]
    state: str
    """`open answered granted refused recorded closed`"""
    asked_by: str
    asked_at: datetime
    closed_by: str | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class RequestAnswer:
    """A word said to a request."""

    id: int
    request_id: int
    words: str
    body: Mapping[str, JSON] | None
    answered_by: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class StoredAttachment:
    """A picture or file sent to a draft; `hash` names its bytes in the file store once they are there."""

    id: int
    draft_id: int
    kind: str
    code: str
    name: str
    state: str
    """`wanted kept failed dropped`"""
    hash: str | None
    why: str | None
    sent_by: str
    sent_at: datetime
