"""Who speaks and where."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _binding()
    _chat_group()
    _claim()
    _dialogue()
    _inbox()
    _person()
    _unit_alias()
    _leave()
    _seat()


def downgrade() -> None:
    for table in ("seat", "leave", "unit_alias", "person", "inbox", "dialogue", "claim", "chat_group", "binding"):
        op.drop_table(table)


def _binding() -> None:
    op.create_table(
        "binding",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("units", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("bound_by", sa.Text(), nullable=False),
        sa.Column("bound_at", sa.BigInteger(), nullable=False),
        sa.Column("unbound_by", sa.Text(), nullable=True),
        sa.Column("unbound_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding")),
    )
    _index_where("uq_binding_open", "binding", ["chat", "notice"], "unbound_at IS NULL", unique=True)


def _chat_group() -> None:
    op.create_table(
        "chat_group",
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("outsiders", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("webhook_url", sa.Text(), nullable=True),
        sa.Column("webhook_secret", sa.Text(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("trouble_words", sa.Text(), nullable=True),
        sa.Column("trouble_at", sa.BigInteger(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chat", name=op.f("pk_chat_group")),
    )


def _claim() -> None:
    op.create_table(
        "claim",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("replaces_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    _index_where("uq_claim_waiting", "claim", ["staff_id", "unit", "post"], "state = 'waiting'", unique=True)


def _dialogue() -> None:
    op.create_table(
        "dialogue",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=True),
        sa.Column("state", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("parked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("context", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("person", "chat", name=op.f("pk_dialogue")),
    )
    _index_where("ix_dialogue_open", "dialogue", ["expires_at"], "form IS NOT NULL")


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("robot", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("incident", sa.Text(), nullable=True),
        sa.Column("said_at", sa.BigInteger(), nullable=True),
        sa.Column("handled_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("robot", "message_id", name=op.f("uq_inbox_robot_message_id")),
    )
    op.create_index("ix_inbox_handled_at", "inbox", ["handled_at"])


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mobile", sa.Text(), nullable=True),
        sa.Column("introduced_unit", sa.Text(), nullable=True),
        sa.Column("greeted_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("mobile", name=op.f("uq_person_mobile")),
        sa.UniqueConstraint("staff_id", name=op.f("uq_person_staff_id")),
    )


def _unit_alias() -> None:
    op.create_table(
        "unit_alias",
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_unit_alias")),
    )


def _leave() -> None:
    op.create_table(
        "leave",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("deputy_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leave_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
    )


def _seat() -> None:
    op.create_table(
        "seat",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_seat_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
    )
    op.create_index("ix_seat_person_id", "seat", ["person_id"])
    op.create_index("ix_seat_unit", "seat", ["unit"])
    _index_where("uq_seat_open", "seat", ["person_id", "unit", "post"], "until IS NULL", unique=True)


def _index_where(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
