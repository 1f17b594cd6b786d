"""The room of what must survive a restart: records and JSON documents in a database. It knows no chat and no notice."""

from storage.audit import Audit
from storage.backups import BackupReport, backup, restore, trial_restore
from storage.claims import Claims
from storage.closings import Closings
from storage.contributions import Contributions
from storage.counters import Counters
from storage.database import HEAD, Database
from storage.dialogues import Dialogues
from storage.directory import Directory
from storage.drafts import Drafts
from storage.errors import (
    AlreadyDecided,
    AlreadyLive,
    BackupBroken,
    DatabaseNotEmpty,
    DatabaseUnreadable,
    FourEyes,
    Locked,
    MobileTaken,
    SchemaNew,
    SchemaOld,
    Stale,
    StorageError,
)
from storage.feedback import Feedbacks
from storage.files import Files
from storage.groups import Groups
from storage.inbox import Inbox, InboxCounts
from storage.jobs import AT_ONCE, REPLY, Claimed, Finished, Gate, Job, Lease, Load, NewJob
from storage.ledger import Ledger
from storage.lock import Lock
from storage.matters import Matters
from storage.misses import Misses
from storage.notices import Notices
from storage.plans import Plans
from storage.rates import Bucket
from storage.records_kept import Answered, Audited, DayHead, Faq, Fault, Feedback, Miss, Ruling, Said
from storage.records_notices import Closing, Confirmation, InForce, MatterFacts, Plan, StoredMatter, StoredNotice, Town
from storage.records_people import Actor, Binding, Claim, Dialogue, Group, Leave, PastSeat, Person, Seat
from storage.records_reports import (
    Contribution,
    Decision,
    Draft,
    Entry,
    Paragraph,
    Request,
    RequestAnswer,
    Review,
    State,
    StoredAttachment,
    Submission,
)
from storage.reminders import REMIND, Owed, Reminder
from storage.replicas import MayResend, Recovered, Replica
from storage.repository import JSON
from storage.requests import Requests
from storage.reviews import Reviews
from storage.rulings import Rulings
from storage.settings import OfficeSettings
from storage.submissions import Submissions
from storage.work import Work

__all__ = [
    "AT_ONCE",
    "HEAD",
    "JSON",
    "REMIND",
    "REPLY",
    "Actor",
    "AlreadyDecided",
    "AlreadyLive",
    "Answered",
    "Audit",
    "Audited",
    "BackupBroken",
    "BackupReport",
    "Binding",
    "Bucket",
    "Claim",
    "Claimed",
    "Claims",
    "Closing",
    "Closings",
    "Confirmation",
    "Contribution",
    "Contributions",
    "Counters",
    "Database",
    "DatabaseNotEmpty",
    "DatabaseUnreadable",
    "DayHead",
    "Decision",
    "Dialogue",
    "Dialogues",
    "Directory",
    "Draft",
    "Drafts",
    "Entry",
    "Faq",
    "Fault",
    "Feedback",
    "Feedbacks",
    "Files",
    "Finished",
    "FourEyes",
    "Gate",
    "Group",
    "Groups",
    "InForce",
    "Inbox",
    "InboxCounts",
    "Job",
    "Lease",
    "Leave",
    "Ledger",
    "Load",
    "Lock",
    "Locked",
    "MatterFacts",
    "Matters",
    "MayResend",
    "Miss",
    "Misses",
    "MobileTaken",
    "NewJob",
    "Notices",
    "OfficeSettings",
    "Owed",
    "Paragraph",
    "PastSeat",
    "Person",
    "Plan",
    "Plans",
    "Recovered",
    "Reminder",
    "Replica",
    "Request",
    "RequestAnswer",
    "Requests",
    "Review",
    "Reviews",
    "Ruling",
    "Rulings",
    "Said",
    "SchemaNew",
    "SchemaOld",
    "Seat",
    "Stale",
    "State",
    "StorageError",
    "StoredAttachment",
    "StoredMatter",
    "StoredNotice",
    "Submission",
    "Submissions",
    "Town",
    "Work",
    "backup",
    "restore",
    "trial_restore",
]
