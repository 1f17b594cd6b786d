"""Tables of what is owed: notices by version, matters, towns, plans, closed periods, rulings, questions and answers."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from storage.columns import document, key, link, metadata, moment, names, words
from storage.dialect import partial_index

notice = Table(
    "notice",
    metadata,
    key(),
    words("notice"),  # its 文号, else the head of its hash
    words("content_hash"),
    words("title"),
    words("file_name"),
    Column("source", LargeBinary, nullable=False),
    document("document"),
    Column("published", Boolean, nullable=False, server_default=false()),
    words("imported_by"),
    moment("imported_at"),
    words("published_by", null=True),
    moment("published_at", null=True),
    moment("withdrawn_at", null=True),
    UniqueConstraint("notice", "content_hash"),
    partial_index("uq_notice_published", "notice", where="published", unique=True),
)

reading = Table(
    "reading",
    metadata,
    key(),
    link("notice_id", "notice"),
    words("reader"),  # what it was read by: facts of another reader are read again from the file
    Column("facts", LargeBinary, nullable=False),
    UniqueConstraint("notice_id"),
)

confirmation = Table(
    "confirmation",
    metadata,
    key(),
    link("notice_id", "notice"),
    words("item"),
    document("answer"),
    words("given_by"),
    moment("given_at"),
    UniqueConstraint("notice_id", "item"),
)

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
)

matter = Table(
    "matter",
    metadata,
    key(),
    words("notice"),
    words("name"),
    Column("own", Boolean, nullable=False, server_default=false()),
    words("basis", null=True),
    document("document", null=True),  # own matters: measures and targets
    names("lead_units"),
    names("support_units"),
    words("made_by"),
    moment("made_at"),
    moment("retired_at", null=True),
)

matter_version = Table(
    "matter_version",
    metadata,
    key(),
    link("matter_id", "matter"),
    link("notice_id", "notice"),
    words("matter_key"),
    words("name"),
    names("lead_units"),
    names("support_units"),
    UniqueConstraint("notice_id", "matter_key"),
    UniqueConstraint("notice_id", "matter_id"),
    Index("ix_matter_version_matter_id", "matter_id"),
)

town = Table(
    "town",
    metadata,
    key(),
    link("matter_id", "matter"),
    words("town"),
    words("assigned_by"),
    moment("assigned_at"),
    moment("ended_at", null=True),
    partial_index("uq_town_open", "matter_id", "town", where="ended_at IS NULL", unique=True),
)

plan = Table(
    "plan",
    metadata,
    key(),
    words("notice"),
    Column("version", Integer, nullable=False),
    words("state"),  # trial | published | stopped | replaced
    words("sentence"),
    document("terms"),
    Column("trial_until", Date, nullable=True),
    words("made_by"),
    moment("made_at"),
    words("ended_by", null=True),
    moment("ended_at", null=True),
    UniqueConstraint("notice", "version"),
    partial_index("uq_plan_current", "notice", where="ended_at IS NULL", unique=True),
)

closing = Table(
    "closing",
    metadata,
    key(),
    words("notice"),
    words("period"),
    document("snapshot"),
    words("head"),  # the audit head printed on the document
    words("archive", null=True),  # hash of the sealed archive in the file store
    words("closed_by"),
    moment("closed_at"),
    words("reopened_by", null=True),
    moment("reopened_at", null=True),
    words("reason", null=True),
    partial_index("uq_closing_open", "notice", "period", where="reopened_at IS NULL", unique=True),
)

ruling = Table(
    "ruling",
    metadata,
    key(),
    words("notice"),
    words("matter_key"),
    words("ref"),
    words("basis"),
    Column("day", Date, nullable=False),
    words("made_by"),
    moment("made_at"),
    words("ended_by", null=True),
    moment("ended_at", null=True),
    partial_index("uq_ruling_open", "notice", "matter_key", where="ended_at IS NULL", unique=True),
)

faq = Table(
    "faq",
    metadata,
    key(),
    words("notice"),
    words("question"),
    words("answer"),
    words("matter_key", null=True),
    Column("day", Date, nullable=False),
    words("made_by"),
    moment("made_at"),
    words("ended_by", null=True),
    moment("ended_at", null=True),
)

answer = Table(
    "answer",
    metadata,
    key(),
    words("person"),
    words("chat"),
    words("unit", null=True),
    words("question"),
    words("outcome"),
    words("answer"),
    names("refs"),
    words("notice", null=True),
    words("content_hash", null=True),
    Column("confidence", Float, nullable=False),
    Column("disliked", Boolean, nullable=False, server_default=false()),
    moment("answered_at"),
    Index("ix_answer_person_chat", "person", "chat"),
    Index("ix_answer_answered_at", "answered_at"),
)

miss = Table(
    "miss",
    metadata,
    key(),
    Column("answer_id", BigInteger, nullable=True),
    words("person"),
    words("unit", null=True),
    words("question"),
    words("why"),
    words("state"),  # open | answered | dropped
    moment("asked_at"),
    Column("faq_id", BigInteger, nullable=True),
    words("handled_by", null=True),
    moment("handled_at", null=True),
    partial_index("ix_miss_open", "asked_at", where="state = 'open'"),
)
