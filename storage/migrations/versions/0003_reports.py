"""What is reported."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _file()
    _contribution()
    _draft()
    _request()
    _attachment()
    _request_answer()
    _submission()
    _paragraph()
    _review()


def downgrade() -> None:
    for table in (
        "review",
        "paragraph",
        "submission",
        "request_answer",
        "attachment",
        "request",
        "draft",
        "contribution",
        "file",
    ):
        op.drop_table(table)


def _file() -> None:
    op.create_table(
        "file",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_file")),
    )


def _contribution() -> None:
    op.create_table(
        "contribution",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("matter_id", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("draft_revision", sa.Integer(), nullable=True),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_contribution_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
    )
    op.create_index("ix_contribution_matter_id_period", "contribution", ["matter_id", "period"])


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("matter_id", sa.BigInteger(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("writers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("behalf_of", sa.Text(), nullable=True),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("touched_by", sa.Text(), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_draft_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("unit", "matter_id", "period", name=op.f("uq_draft_unit_matter_id_period")),
    )
    op.create_index("ix_draft_period", "draft", ["notice", "period"])


def _request() -> None:
    op.create_table(
        "request",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("matter_id", sa.BigInteger(), nullable=True),
        sa.Column("notice", sa.Text(), nullable=True),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_request_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
    )
    _index_where("ix_request_open", "request", ["kind", "asked_at"], "closed_at IS NULL")
    op.create_index("ix_request_unit", "request", ["unit"])


def _attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_attachment_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_draft_id", "attachment", ["draft_id"])


def _request_answer() -> None:
    op.create_table(
        "request_answer",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_request_answer_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_answer")),
    )
    op.create_index("ix_request_answer_request_id", "request_answer", ["request_id"])


def _submission() -> None:
    op.create_table(
        "submission",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=True),
        sa.Column("draft_revision", sa.Integer(), nullable=True),
        sa.Column("matter_id", sa.BigInteger(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("figures", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("answers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("late", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("corrects_id", sa.BigInteger(), nullable=True),
        sa.Column("batch", sa.Text(), nullable=True),
        sa.Column("lead_units", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("writers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("writer_units", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("submitted_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_submission_draft_id")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_submission_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("draft_id", "draft_revision", name=op.f("uq_submission_draft_id_draft_revision")),
        sa.UniqueConstraint("matter_id", "period", "version", name=op.f("uq_submission_matter_id_period_version")),
        sa.UniqueConstraint("notice", "period", "receipt", name=op.f("uq_submission_notice_period_receipt")),
    )
    op.create_index("ix_submission_notice_period", "submission", ["notice", "period"])
    _index_where("ix_submission_waiting", "submission", ["submitted_at"], "state IN ('signing', 'pending', 'second')")
    _index_where("uq_submission_live", "submission", ["matter_id", "period"], "live", unique=True)


def _paragraph() -> None:
    op.create_table(
        "paragraph",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_paragraph_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paragraph")),
    )
    op.create_index("ix_paragraph_submission_id", "paragraph", ["submission_id"])


def _review() -> None:
    op.create_table(
        "review",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("chip", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("reviewer_units", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_review_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index("ix_review_submission_id", "review", ["submission_id"])


def _index_where(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
