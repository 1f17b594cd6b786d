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
from storage.jobs import AT_ONCE, REPLY, Claimed, Finished, Gate, Job, Lease, Load, NewJob
from storage.lock import Lock
from storage.rates import Bucket
from storage.reminders import REMIND, Owed, Reminder
from storage.replicas import MayResend, Recovered, Replica
from storage.repository import JSON
from storage.work import Work

__all__ = [
    "AT_ONCE",
    "HEAD",
    "JSON",
    "REMIND",
    "REPLY",
    "AlreadyDecided",
    "AlreadyLive",
    "BackupBroken",
    "Bucket",
    "Claimed",
    "Database",
    "DatabaseNotEmpty",
    "DatabaseUnreadable",
    "Finished",
    "FourEyes",
    "Gate",
    "Job",
    "Lease",
    "Load",
    "Lock",
    "Locked",
    "MayResend",
    "NewJob",
    "Owed",
    "Recovered",
    "Reminder",
    "Replica",
    "SchemaNew",
    "SchemaOld",
    "Stale",
    "StorageError",
    "Work",
]
