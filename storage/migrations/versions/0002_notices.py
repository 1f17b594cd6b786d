"""What is owed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _answer()
    _closing()
    _counter()
    _faq()
    _matter()
    _miss()
    _notice()
    _plan()
    _ruling()
    _confirmation()
    _matter_version()
    _town()


def downgrade() -> None:
    for table in (
        "town",
        "matter_version",
        "confirmation",
        "ruling",
        "plan",
        "notice",
        "miss",
        "matter",
        "faq",
        "counter",
        "closing",
        "answer",
    ):
        op.drop_table(table)


def _answer() -> None:
    op.create_table(
        "answer",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("refs", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("notice", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("disliked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
    )
    op.create_index("ix_answer_answered_at", "answer", ["answered_at"])
    op.create_index("ix_answer_person_chat", "answer", ["person", "chat"])


def _closing() -> None:
    op.create_table(
        "closing",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("archive", sa.Text(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=False),
        sa.Column("reopened_by", sa.Text(), nullable=True),
        sa.Column("reopened_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing")),
    )
    _index_where("uq_closing_open", "closing", ["notice", "period"], "reopened_at IS NULL", unique=True)


def _counter() -> None:
    op.create_table(
        "counter",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )


def _faq() -> None:
    op.create_table(
        "faq",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("matter_key", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq")),
    )


def _matter() -> None:
    op.create_table(
        "matter",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("own", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("lead_units", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("support_units", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter")),
    )


def _miss() -> None:
    op.create_table(
        "miss",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("answer_id", sa.BigInteger(), nullable=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("faq_id", sa.BigInteger(), nullable=True),
        sa.Column("handled_by", sa.Text(), nullable=True),
        sa.Column("handled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_miss")),
    )
    _index_where("ix_miss_open", "miss", ["asked_at"], "state = 'open'")


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("published", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("notice", "content_hash", name=op.f("uq_notice_notice_content_hash")),
    )
    _index_where("uq_notice_published", "notice", ["notice"], "published", unique=True)


def _plan() -> None:
    op.create_table(
        "plan",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("terms", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("trial_until", sa.Date(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("notice", "version", name=op.f("uq_plan_notice_version")),
    )
    _index_where("uq_plan_current", "plan", ["notice"], "ended_at IS NULL", unique=True)


def _ruling() -> None:
    op.create_table(
        "ruling",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("matter_key", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
    )
    _index_where("uq_ruling_open", "ruling", ["notice", "matter_key"], "ended_at IS NULL", unique=True)


def _confirmation() -> None:
    op.create_table(
        "confirmation",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("notice_id", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_confirmation_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
        sa.UniqueConstraint("notice_id", "item", name=op.f("uq_confirmation_notice_id_item")),
    )


def _matter_version() -> None:
    op.create_table(
        "matter_version",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("matter_id", sa.BigInteger(), nullable=False),
        sa.Column("notice_id", sa.BigInteger(), nullable=False),
        sa.Column("matter_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lead_units", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("support_units", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_matter_version_matter_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_matter_version_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_version")),
        sa.UniqueConstraint("notice_id", "matter_id", name=op.f("uq_matter_version_notice_id_matter_id")),
        sa.UniqueConstraint("notice_id", "matter_key", name=op.f("uq_matter_version_notice_id_matter_key")),
    )
    op.create_index("ix_matter_version_matter_id", "matter_version", ["matter_id"])


def _town() -> None:
    op.create_table(
        "town",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("matter_id", sa.BigInteger(), nullable=False),
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("assigned_by", sa.Text(), nullable=False),
        sa.Column("assigned_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_town_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_town")),
    )
    _index_where("uq_town_open", "town", ["matter_id", "town"], "ended_at IS NULL", unique=True)


def _index_where(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
