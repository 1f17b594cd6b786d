"""What can be expected to go wrong in storage: each failure has a class whose fields say how to treat it."""

from __future__ import annotations

from datetime import datetime


class StorageError(Exception):
    """Anything below."""


class DatabaseUnreadable(StorageError):
    """The database cannot be opened or is no database."""

    def __init__(self, why: str) -> None:
        super().__init__(f"database unreadable: {why}")
        self.why = why


class SchemaOld(StorageError):
    """The tables are of an earlier release, or not there yet (`found` None): `db upgrade` helps."""

    def __init__(self, found: str | None, wanted: str) -> None:
        super().__init__(f"schema is {found}, wanted {wanted}")
        self.found, self.wanted = found, wanted


class SchemaNew(StorageError):
    """The tables are of a later release than this program."""

    def __init__(self, found: str) -> None:
        super().__init__(f"schema {found} is unknown here")
        self.found = found


class Locked(StorageError):
    """Another process runs on this database."""

    def __init__(self, path: str) -> None:
        super().__init__(f"locked by another process: {path}")
        self.path = path


class Stale(StorageError):
    """Somebody else wrote in between; load again and show what stands now."""

    def __init__(self, what: str, found: int | None) -> None:
        super().__init__(f"stale write of {what}: now at {found}")
        self.what, self.found = what, found


class AlreadyDecided(StorageError):
    """A decision came second: who was first, when, and what stands now."""

    def __init__(self, state: str, by: str | None, at: datetime | None) -> None:
        super().__init__(f"already {state}")
        self.state, self.by, self.at = state, by, at


class FourEyes(StorageError):
    """Who decides wrote it, or sits in a unit that did."""


class AlreadyLive(StorageError):
    """The matter has a live submission for the period already: correct or withdraw that one."""

    def __init__(self, submission_id: int) -> None:
        super().__init__(f"submission {submission_id} is live")
        self.submission_id = submission_id


class MobileTaken(StorageError):
    """The number is another person's, who has an account of his own."""

    def __init__(self, name: str) -> None:
        super().__init__("mobile taken")
        self.name = name


class BackupBroken(StorageError):
    """An archive is cut, changed or of a later release."""

    def __init__(self, why: str) -> None:
        super().__init__(f"backup broken: {why}")
        self.why = why


class DatabaseNotEmpty(StorageError):
    """A restore would overwrite rows."""
