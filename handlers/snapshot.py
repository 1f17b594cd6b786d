"""What is known of a notice's matters at one moment, as one document: what tables are made of and periods closed on.

Frozen facts and their way to JSON and back. Reading them from storage is taking's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from pydantic import TypeAdapter

from storage import JSON


@dataclass(frozen=True, slots=True)
class Number:
    """A measure of a matter with the approved value that stands; `light` "" = not to be judged."""

    measure: str
    name: str
    unit: str
    kind: str
    targets: tuple[tuple[int, Decimal], ...]
    value: Decimal | None = None
    year: int | None = None
    target: Decimal | None = None
    bound: str = ""
    percent: Decimal | None = None
    expected: Decimal | None = None
    light: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class MatterRow:
    """A matter in the period: what stands (approved only) and how far its report is."""

    id: int
    key: str
    name: str
    refs: tuple[str, ...]
    """Addresses of the passages; the one that defines it first."""
    places: str
    """The same as printed."""
    content: str
    wanted: str
    """The targets in words."""
    leads: tuple[str, ...]
    supports: tuple[str, ...]
    state: str
    """As printed in tables (design.md §3)."""
    due: bool
    """Whether its report was due at that moment."""
    paragraph: str
    numbers: tuple[Number, ...]
    period: str = ""
    """Of the value that stands; "" without one."""
    submission: int | None = None
    as_of: date | None = None
    line: str = ""
    stage: str = ""
    differs: str = ""
    """Passages that say something else about it, in words."""
    disputed: str = ""
    """What they differ in: 目标, 责任单位."""
    ruling: str = ""
    """暂按口径 in words: the side the office uses meanwhile, since when, on what basis."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a submission, as the sheet 填报明细 lists it."""

    id: int
    matter: int
    name: str
    places: str
    leads: tuple[str, ...]
    period: str
    number: int
    state: str
    live: bool
    kind: str
    figures: tuple[tuple[str, str, Decimal], ...]
    """(name of the measure, unit, value)."""
    stage: str
    as_of: date | None
    line: str
    origin: str
    seat: str
    at: datetime
    reviewer: str
    reviewed_at: datetime | None
    attachments: int
    reason: str
    late: bool
    corrects: bool
    receipt: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Exempt:
    """Something out of the ordinary (例外)."""

    kind: str
    name: str
    leads: tuple[str, ...]
    period: str
    words: str


@dataclass(frozen=True, slots=True)
class Difficulty:
    """What a unit cannot settle alone (困难), in its own words, not answered yet; `name` "" = no matter was named."""

    unit: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A table of the notice as printed; rows: (ref, cells)."""

    ref: str
    name: str
    """附件1."""
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All of it. Periods by their keys; `head` is the audit's at that moment."""

    notice: str
    title: str
    period: str
    period_name: str
    due: datetime | None
    made_at: datetime
    head: str
    tables: tuple[Printed, ...]
    matters: tuple[MatterRow, ...]
    versions: tuple[Version, ...]
    exempt: tuple[Exempt, ...]
    doc_no: str = ""
    addressees: str = ""
    """Whom the notice is addressed to, as printed."""
    difficulties: tuple[Difficulty, ...] = ()

    @property
    def as_of(self) -> date | None:
        """The latest day any value stands for."""
        return max((row.as_of for row in self.matters if row.as_of), default=None)


ADAPTER = TypeAdapter(Snapshot)


def to_json(snapshot: Snapshot) -> Mapping[str, JSON]:
    """The snapshot as a document."""
    written: Mapping[str, JSON] = ADAPTER.dump_python(snapshot, mode="json")
    return written


def from_json(document: Mapping[str, JSON]) -> Snapshot:
    """The snapshot of a document. Raises: ValueError when it is none."""
    return ADAPTER.validate_python(document)
