"""Errands: what needs the world outside (a download, a file read aside, people looked up), done after the commit.

A feature sends for something (`turn.send_for`); what came of it is handed to the feature that awaits it, in a
transaction of its own, exactly once. Doing the errand is bot's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from handlers.message import Attachment, SentFile
from handlers.papers import Paper
from knowledge import Notice
from storage import JSON

Read = Literal["", "notice", "table"]
Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Errand:
    """What to get, and which feature awaits it (`Feature.awaits`). A file, people, a text as a file, or papers."""

    then: str
    person: str
    """Staff id of who asked; he hears what comes of it."""
    note: Mapping[str, JSON] = field(default_factory=dict)
    """Handed back as it is."""
    attachment: Attachment | None = None
    """A file somebody sent us: fetched, kept by its hash, and read as `read` says."""
    read: Read = ""
    mobiles: tuple[str, ...] = ()
    """Numbers to look up among the members."""
    text: str = ""
    """Words to keep as a file, under `name`."""
    name: str = ""
    papers: tuple[Paper, ...] = ()
    """Files to be made and kept (workbooks, documents, pictures, archives)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a table file; all cells as text."""

    title: str
    rows: Rows
    hidden: frozenset[int] = frozenset()
    """Numbers of rows that the file hides, from 1."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came of an errand; without trouble, all that was asked for."""

    errand: Errand
    id: int
    """Unique; part of keys of what is said about it."""
    trouble: str = ""
    """`gone` (cannot be fetched), `away` (the platform did not answer), `effort` (too much to read), or the reader's
    word: `empty too_big doc scan encrypted broken format not_a_notice`."""
    file: SentFile | None = None
    size: int = 0
    data: bytes = b""
    notice: Notice | None = None
    sheets: tuple[Sheet, ...] = ()
    files: tuple[SentFile, ...] = ()
    """The papers that were made, in order."""
    found: Mapping[str, str] = field(default_factory=dict)
    """Mobile number → staff id, for those that are members."""

    @property
    def rows(self) -> Rows:
        """The first sheet that holds anything."""
        return next((sheet.rows for sheet in self.sheets if sheet.rows), ())
