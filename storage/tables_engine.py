"""Tables of the engine (outbox.md): jobs, ticks, rates, replicas, reminder facts; and what is kept for good."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, UniqueConstraint

from storage.columns import document, key, metadata, moment, names, words
from storage.dialect import Time, partial_index

outbox_job = Table(
    "outbox_job",
    metadata,
    key(),
    Column("dedup_key", Text, unique=True, nullable=False),
    words("kind"),
    words("group_key", null=True),
    words("subject", null=True),
    document("payload"),
    Column("payload_version", Integer, nullable=False, server_default="1"),
    words("state"),  # ready | leased | done | dead | cancelled | uncertain
    moment("due_at"),
    moment("not_before"),
    moment("expires_at", null=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("max_attempts", Integer, nullable=False),
    Column("resent", Integer, nullable=False, server_default="0"),  # how often after an uncertain sending
    moment("promised_at", null=True),  # the moment a permit was promised for
    words("lease_token", null=True),
    moment("lease_until", null=True),
    moment("send_started_at", null=True),
    words("last_error", null=True),
    document("result", null=True),
    moment("created_at"),
    moment("done_at", null=True),
    partial_index("ix_outbox_job_ready", "due_at", "not_before", where="state = 'ready'"),
    partial_index("ix_outbox_job_leased", "lease_until", where="state = 'leased'"),
    partial_index("ix_outbox_job_group", "group_key", "id", where="state IN ('ready', 'leased')"),
    partial_index("ix_outbox_job_done", "done_at", where="done_at IS NOT NULL"),
    partial_index("ix_outbox_job_trouble", "kind", where="state IN ('dead', 'uncertain')"),
    Index("ix_outbox_job_subject", "subject"),
)

schedule = Table(
    "schedule",
    metadata,
    Column("name", Text, primary_key=True),
    moment("last_tick"),
)

rate_bucket = Table(
    "rate_bucket",
    metadata,
    Column("key", Text, primary_key=True),
    document("stamps"),
    moment("blocked_until", null=True),
)

replica = Table(
    "replica",
    metadata,
    Column("id", Text, primary_key=True),
    Column("heartbeat", Time, nullable=False),
    words("version"),
)

reminder = Table(
    "reminder",
    metadata,
    key(),
    Column("key", Text, unique=True, nullable=False),
    Column("plan_id", BigInteger, nullable=True),
    words("notice"),
    words("period"),
    words("unit"),
    document("matters"),  # ids
    words("seat"),
    words("stage"),
    words("receiver_kind"),  # person | group
    words("receiver"),
    moment("due_at"),
    moment("expires_at", null=True),
    words("state"),  # open | said | closed | superseded | snoozed | expired
    moment("snoozed_until", null=True),
    Column("job_id", BigInteger, nullable=True),  # what carried it
    moment("changed_at"),
    partial_index("ix_reminder_open", "due_at", where="state IN ('open', 'snoozed')"),
    Index("ix_reminder_unit_period", "unit", "period"),
    Index("ix_reminder_receiver", "receiver", "state"),
)

ledger = Table(
    "ledger",
    metadata,
    key(),
    Column("dedup_key", Text, nullable=False),
    words("kind"),
    words("receiver_kind"),
    words("receiver"),
    words("text"),
    names("subjects"),
    words("outcome"),  # sent | dead | uncertain | cancelled
    words("why", null=True),
    moment("said_at"),
    UniqueConstraint("dedup_key", "said_at"),
    Index("ix_ledger_receiver", "receiver", "said_at"),
    Index("ix_ledger_said_at", "said_at"),
)

audit = Table(
    "audit",
    metadata,
    key(),
    words("chain"),
    Column("number", Integer, nullable=False),
    words("what"),
    words("who"),
    words("post"),
    words("unit", null=True),
    moment("happened_at"),
    document("old", null=True),
    document("new", null=True),
    words("why"),
    words("message_id", null=True),
    words("previous"),
    words("hash"),
    UniqueConstraint("chain", "number"),
    Index("ix_audit_happened_at", "happened_at"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("chain", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    words("hash"),
)

audit_day = Table(
    "audit_day",
    metadata,
    Column("day", Text, primary_key=True),
    document("heads"),  # chain -> [number, hash] of the chains that grew since the day before
    words("previous"),
    words("head"),
    moment("made_at"),
)

feedback = Table(
    "feedback",
    metadata,
    key(),
    words("person"),
    words("unit", null=True),
    words("words"),
    words("state"),  # open | answered
    moment("said_at"),
    words("answer", null=True),
    words("answered_by", null=True),
    moment("answered_at", null=True),
)

setting = Table(
    "setting",
    metadata,
    Column("key", Text, primary_key=True),
    document("value"),
    words("set_by"),
    moment("set_at"),
)
