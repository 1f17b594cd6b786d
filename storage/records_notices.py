"""Records of what is owed: stored notices, matters, plans, closed periods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from storage.repository import JSON


@dataclass(frozen=True, slots=True)
class StoredNotice:
    """One version of a document; its bytes are asked for apart (`notices.source`)."""

    id: int
    notice: str
    """What names it among notices: its 文号, else the head of its hash."""
    content_hash: str
    title: str
    file_name: str
    document: Mapping[str, JSON]
    published: bool
    imported_by: str
    imported_at: datetime
    published_by: str | None
    published_at: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class InForce:
    """The version of a notice that is in force, by what names it; its facts are asked for apart."""

    id: int
    notice: str
    content_hash: str
    file_name: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the office said to one doubt or contradiction of a version."""

    item: str
    answer: JSON
    given_by: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class MatterFacts:
    """A matter as a version of the notice states it, before it has an id."""

    key: str
    name: str
    lead_units: tuple[str, ...]
    support_units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredMatter:
    """A matter with the id that stays over versions; `key` in the published version, own:7 for the office's own."""

    id: int
    notice: str
    key: str | None
    name: str
    own: bool
    basis: str | None
    document: Mapping[str, JSON] | None
    """Own matters: measures and targets."""
    lead_units: tuple[str, ...]
    support_units: tuple[str, ...]
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class Town:
    """A town the office put behind a matter."""

    matter_id: int
    town: str
    assigned_by: str
    assigned_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """What is covered, how often, due when, as one version of the office's sentence; one per notice is current."""

    id: int
    notice: str
    version: int
    state: str
    """`trial published stopped replaced`"""
    sentence: str
    terms: Mapping[str, JSON]
    trial_until: date | None
    made_by: str
    made_at: datetime
    ended_by: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Closing:
    """A period closed with its snapshot; reopened ones stay."""

    id: int
    notice: str
    period: str
    snapshot: Mapping[str, JSON]
    head: str
    archive: str | None
    closed_by: str
    closed_at: datetime
    reopened_by: str | None
    reopened_at: datetime | None
    reason: str | None
