"""The shape of a notice: frozen facts with the address (`Ref`) of the passage each comes from. No reading, no asking.

Source of the terms: GB/T 9704-2012 (党政机关公文格式) for 文号, 成文日期, 主送机关, 附件.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NewType

Ref = NewType("Ref", str)
"""Address of a passage inside one version: `head body:2.1 body:7 annex1:5 annex1:note annex3 faq:12 ruling:3`."""


class Kind(StrEnum):
    """How a figure is counted (口径类别)."""

    STOCK = "累计"
    FLOW = "新增"
    GROWTH = "增速"
    SHARE = "占比"
    STATUS = "达标"


@dataclass(frozen=True, slots=True)
class Figure:
    """One target value as printed. `value` None = a target in words; `high` closes a range (3-5家)."""

    value: Decimal | None
    unit: str
    kind: Kind
    year: int | None = None
    bound: str | None = None
    """The printed qualifier: 以上 左右 力争 不低于 3-5 …"""
    high: Decimal | None = None
    due: date | None = None
    """The day the text names or implies (到2021年底 = 12-31); None when it names none (到2022年)."""
    quote: str = ""
    about: str = ""
    """What is counted, in the passage's own words (智慧(数字)校园)."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the document; all passages in order hold every character once."""

    ref: Ref
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    ref: Ref
    heading: str


@dataclass(frozen=True, slots=True)
class Article:
    """An item of the body with its duty clause, if any (条款)."""

    ref: Ref
    heading: str
    text: str
    lead_units: tuple[str, ...] = ()
    support_units: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """A responsibility clause; `quote` = the item's text from its number to the end of the clause."""

    ref: Ref
    lead_units: tuple[str, ...]
    support_units: tuple[str, ...]
    quote: str
    printed: str = ""
    joint: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    ref: Ref
    cells: tuple[tuple[str, str], ...]
    """(column, text) in printed order."""


@dataclass(frozen=True, slots=True)
class Table:
    ref: Ref
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of an indicator table (指标): figures by year."""

    ref: Ref
    number: str
    name: str
    unit: str
    figures: tuple[Figure, ...]
    lead_units: tuple[str, ...]
    support_units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """A row of a project table (项目)."""

    ref: Ref
    number: str
    name: str
    content: str
    lead_units: tuple[str, ...]
    support_units: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    ref: Ref
    role: str
    name: str
    position: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure series of a matter (量): a value is stored once per measure and period."""

    key: str
    """Unique within the matter, stable over re-reading the same text."""
    name: str
    unit: str
    kind: Kind
    targets: tuple[Figure, ...]
    """One per year, soonest first; the table's figure where a table states it, else the text's."""
    refs: tuple[Ref, ...]
    whole: bool = False
    """Counted in whole things (所 个 家): 35.5 is no value of it."""


@dataclass(frozen=True, slots=True)
class Matter:
    """A thing in the world that is reported on (事项)."""

    key: str
    """Its first ref, e.g. `annex1:7`; unique within the version."""
    name: str
    refs: tuple[Ref, ...]
    """Every passage that speaks of it, the one that defines it first."""
    lead_units: tuple[str, ...]
    support_units: tuple[str, ...]
    measures: tuple[Measure, ...]
    """Empty: a duty without a figure, reported by stage (未启动 推进中 已完成) and a line."""


@dataclass(frozen=True, slots=True)
class Side:
    ref: Ref
    quote: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Passages that differ about one thing (不一致)."""

    about: str
    kind: str
    """`figure` or `unit`."""
    soft: bool
    sides: tuple[Side, ...]
    matter: str | None = None
    """Key of the matter it belongs to."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What the reader did not understand, mended or found odd (疑点)."""

    ref: Ref
    quote: str
    why: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One version of a published document, read into facts (通知)."""

    title: str
    doc_no: str | None
    issuer: str | None
    date: date | None
    addressees: str | None
    index_no: str | None
    passages: tuple[Passage, ...]
    sections: tuple[Section, ...] = ()
    articles: tuple[Article, ...] = ()
    clauses: tuple[Clause, ...] = ()
    tables: tuple[Table, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    projects: tuple[Project, ...] = ()
    members: tuple[Member, ...] = ()
    matters: tuple[Matter, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    units: tuple[str, ...] = ()
    """Every body named in a responsibility clause, unit column or member list, in its own spelling (mended)."""
    content_hash: str = field(default="")
    """SHA-256 of the normalised text, hex."""

    @property
    def key(self) -> str:
        """What names it among notices: its 文号, else the head of its hash."""
        return self.doc_no or self.content_hash[:12]
