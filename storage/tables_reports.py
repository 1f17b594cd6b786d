"""Tables of what is reported: drafts, submissions and their reviews, other hands, requests, attachments."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, Table, Text, UniqueConstraint, false

from storage.columns import document, key, link, metadata, moment, names, words
from storage.dialect import partial_index

draft = Table(
    "draft",
    metadata,
    key(),
    words("unit"),
    link("matter_id", "matter"),
    words("notice"),
    words("period"),
    document("answers"),
    Column("revision", Integer, nullable=False),
    words("state"),  # open | submitted | dropped
    names("writers"),
    words("behalf_of", null=True),  # 代填: on whose word
    words("opened_by"),
    moment("opened_at"),
    words("touched_by"),
    moment("touched_at"),
    UniqueConstraint("unit", "matter_id", "period"),
    Index("ix_draft_period", "notice", "period"),
)

submission = Table(
    "submission",
    metadata,
    key(),
    link("draft_id", "draft", null=True),
    Column("draft_revision", Integer, nullable=True),
    link("matter_id", "matter"),
    words("notice"),
    words("unit"),
    words("period"),
    Column("version", Integer, nullable=False),
    Column("receipt", Integer, nullable=True),  # opening balances have none
    words("state"),  # signing pending second approved returned withdrawn corrected no_data
    words("kind"),  # report | no_data | opening | behalf
    Column("live", Boolean, nullable=False),
    document("figures"),  # measure key -> value as text
    document("answers"),
    Column("as_of", Date, nullable=True),
    words("origin"),
    words("line"),
    words("reason"),
    Column("late", Boolean, nullable=False, server_default=false()),
    Column("corrects_id", BigInteger, nullable=True),
    words("batch", null=True),  # the import it came with
    names("lead_units"),
    names("writers"),
    names("writer_units"),
    words("submitted_by"),
    words("post"),
    words("message_id", null=True),
    moment("submitted_at"),
    words("decided_by", null=True),
    moment("decided_at", null=True),
    UniqueConstraint("draft_id", "draft_revision"),
    UniqueConstraint("notice", "period", "receipt"),
    UniqueConstraint("matter_id", "period", "version"),
    Index("ix_submission_notice_period", "notice", "period"),
    partial_index("uq_submission_live", "matter_id", "period", where="live", unique=True),
    partial_index("ix_submission_waiting", "submitted_at", where="state IN ('signing', 'pending', 'second')"),
)

review = Table(
    "review",
    metadata,
    key(),
    link("submission_id", "submission"),
    words("decision"),  # approve | return | ask | sign | refuse_sign
    words("chip", null=True),
    words("words"),
    words("reviewer"),
    words("post"),
    names("reviewer_units"),
    words("message_id", null=True),
    moment("decided_at"),
    Index("ix_review_submission_id", "submission_id"),
)

paragraph = Table(
    "paragraph",
    metadata,
    key(),
    link("submission_id", "submission"),
    words("text"),
    words("written_by"),
    words("message_id", null=True),
    moment("written_at"),
    Index("ix_paragraph_submission_id", "submission_id"),
)

contribution = Table(
    "contribution",
    metadata,
    key(),
    link("matter_id", "matter"),
    words("period"),
    words("unit"),
    words("kind"),  # agree | differ | silent | support | town
    words("words"),
    Column("draft_revision", Integer, nullable=True),
    words("given_by"),
    words("message_id", null=True),
    moment("given_at"),
    Index("ix_contribution_matter_id_period", "matter_id", "period"),
)

request = Table(
    "request",
    metadata,
    key(),
    words("kind"),  # postpone | difficulty | target | word | contact
    words("unit"),
    link("matter_id", "matter", null=True),
    words("notice", null=True),
    words("period", null=True),
    document("body"),
    words("state"),  # open | answered | granted | refused | recorded | closed
    words("asked_by"),
    words("message_id", null=True),
    moment("asked_at"),
    words("closed_by", null=True),
    moment("closed_at", null=True),
    Index("ix_request_unit", "unit"),
    partial_index("ix_request_open", "kind", "asked_at", where="closed_at IS NULL"),
)

request_answer = Table(
    "request_answer",
    metadata,
    key(),
    link("request_id", "request"),
    words("words"),
    document("body", null=True),
    words("answered_by"),
    words("message_id", null=True),
    moment("answered_at"),
    Index("ix_request_answer_request_id", "request_id"),
)

file = Table(
    "file",
    metadata,
    Column("hash", Text, primary_key=True),
    words("media_type"),
    Column("size", BigInteger, nullable=False),
    moment("kept_at"),
)

attachment = Table(
    "attachment",
    metadata,
    key(),
    link("draft_id", "draft"),
    words("kind"),
    words("code"),
    words("name"),
    words("state"),  # wanted | kept | failed | dropped
    words("hash", null=True),
    words("why", null=True),
    words("sent_by"),
    words("message_id", null=True),
    moment("sent_at"),
    Index("ix_attachment_draft_id", "draft_id"),
)
