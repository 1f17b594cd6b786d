"""The room of what must survive a restart: records and JSON documents in a database. It knows no chat and no notice."""

from storage.audit import Audit
from storage.claims import Claims
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
    SchemaNew,
    SchemaOld,
    Stale,
    StorageError,
)
from storage.groups import Groups
from storage.inbox import Inbox, InboxCounts
from storage.jobs import AT_ONCE, REPLY, Claimed, Finished, Gate, Job, Lease, Load, NewJob
from storage.lock import Lock
from storage.matters import Matters
from storage.notices import Notices
from storage.plans import Plans
from storage.rates import Bucket
from storage.records_kept import Answered, Audited, DayHead, Faq, Fault, Feedback, Miss, Ruling, Said
from storage.records_notices import Closing, Confirmation, MatterFacts, Plan, StoredMatter, StoredNotice, Town
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
from storage.reviews import Reviews
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
    "Binding",
    "Bucket",
    "Claim",
    "Claimed",
    "Claims",
    "Closing",
    "Confirmation",
    "Contribution",
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
    "Finished",
    "FourEyes",
    "Gate",
    "Group",
    "Groups",
    "Inbox",
    "InboxCounts",
    "Job",
    "Lease",
    "Leave",
    "Load",
    "Lock",
    "Locked",
    "MatterFacts",
    "Matters",
    "MayResend",
    "Miss",
    "NewJob",
    "Notices",
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
    "Review",
    "Reviews",
    "Ruling",
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
]
