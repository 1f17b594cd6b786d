"""The room of what must survive a restart: records and JSON documents in a database. It knows no chat and no notice."""

from storage.database import HEAD, Database
from storage.errors import (
    AlreadyDecided,
    AlreadyLive,
    BackupBroken,
    DatabaseNotEmpty,
    DatabaseUnreadable,
    FourEyes,
    Locked,
    SchemaNew,
    SchemaOld,
    Stale,
    StorageError,
)
from storage.lock import Lock
from storage.repository import JSON
from storage.work import Work

__all__ = [
    "HEAD",
    "JSON",
    "AlreadyDecided",
    "AlreadyLive",
    "BackupBroken",
    "Database",
    "DatabaseNotEmpty",
    "DatabaseUnreadable",
    "FourEyes",
    "Lock",
    "Locked",
    "SchemaNew",
    "SchemaOld",
    "Stale",
    "StorageError",
    "Work",
]
