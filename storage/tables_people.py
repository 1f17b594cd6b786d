"""Tables of who speaks and where: people, seats, leave, claims, dialogues, groups, the messages handled."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, Table, Text, UniqueConstraint, false

from storage.columns import document, key, link, metadata, moment, names, words
from storage.dialect import partial_index

inbox = Table(
    "inbox",
    metadata,
    key(),
    words("robot"),
    words("message_id"),
    words("chat"),
    words("sender"),
    words("state"),  # handled | failed
    words("incident", null=True),
    moment("said_at", null=True),
    moment("handled_at"),
    UniqueConstraint("robot", "message_id"),
    Index("ix_inbox_handled_at", "handled_at"),
)

person = Table(
    "person",
    metadata,
    key(),
    Column("staff_id", Text, unique=True, nullable=True),
    words("name"),
    Column("mobile", Text, unique=True, nullable=True),
    words("introduced_unit", null=True),
    moment("greeted_at", null=True),
    moment("created_at"),
)

seat = Table(
    "seat",
    metadata,
    key(),
    link("person_id", "person"),
    words("unit"),
    words("post"),
    moment("since"),
    moment("until", null=True),
    words("source"),  # import | claim | handover
    words("confirmed_by", null=True),
    words("ended_by", null=True),
    Index("ix_seat_person_id", "person_id"),
    Index("ix_seat_unit", "unit"),
    partial_index("uq_seat_open", "person_id", "unit", "post", where="until IS NULL", unique=True),
)

leave = Table(
    "leave",
    metadata,
    key(),
    link("person_id", "person"),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("deputy_id", BigInteger, nullable=True),
    words("note"),
    words("message_id", null=True),
    moment("told_at"),
    moment("cancelled_at", null=True),
)

claim = Table(
    "claim",
    metadata,
    key(),
    words("staff_id"),
    words("name"),
    words("unit"),
    words("post"),
    Column("replaces_id", BigInteger, nullable=True),  # the person whose seat is taken over
    words("state"),  # waiting | confirmed | refused
    moment("claimed_at"),
    words("decided_by", null=True),
    moment("decided_at", null=True),
    partial_index("uq_claim_waiting", "staff_id", "unit", "post", where="state = 'waiting'", unique=True),
)

unit_alias = Table(
    "unit_alias",
    metadata,
    Column("alias", Text, primary_key=True),
    words("unit"),
    words("set_by"),
    moment("set_at"),
)

dialogue = Table(
    "dialogue",
    metadata,
    Column("person", Text, primary_key=True),
    Column("chat", Text, primary_key=True),
    words("form", null=True),
    document("state", null=True),
    Column("version", Integer, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("parked", Boolean, nullable=False, server_default=false()),
    document("context", null=True),
    moment("touched_at"),
    moment("expires_at", null=True),
    partial_index("ix_dialogue_open", "expires_at", where="form IS NOT NULL"),
)

chat_group = Table(
    "chat_group",
    metadata,
    Column("chat", Text, primary_key=True),
    words("title"),
    Column("outsiders", Boolean, nullable=False, server_default=false()),
    words("webhook_url", null=True),
    words("webhook_secret", null=True),
    words("trouble", null=True),  # refused | removed
    words("trouble_words", null=True),
    moment("trouble_at", null=True),
    moment("seen_at"),
)

binding = Table(
    "binding",
    metadata,
    key(),
    words("chat"),
    words("notice"),
    names("units", null=True),  # NULL: all units of the notice
    words("bound_by"),
    moment("bound_at"),
    words("unbound_by", null=True),
    moment("unbound_at", null=True),
    partial_index("uq_binding_open", "chat", "notice", where="unbound_at IS NULL", unique=True),
)
