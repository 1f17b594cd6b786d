"""Attachments of drafts, and which files the store holds by their hash. The bytes are in a folder, not here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy import insert as plain_insert

from storage.dialect import insert
from storage.records_people import Actor
from storage.records_reports import StoredAttachment
from storage.repository import Repository
from storage.tables import attachment, draft, file

_FIELDS = [attachment.c[f.name] for f in fields(StoredAttachment)]
_KEEP_FILE = insert(file).on_conflict_do_nothing(index_elements=["hash"])
_HASHES = select(file.c.hash).order_by(file.c.hash)
_WANT = plain_insert(attachment).returning(attachment.c.id)
_SETTLE = (
    update(attachment)
    .where(attachment.c.id == bindparam("attachment_id"), attachment.c.state != "dropped")
    .values(state=bindparam("new_state"), hash=bindparam("new_hash"), why=bindparam("new_why"))
)
_LIST = select(*_FIELDS).where(attachment.c.state != "dropped").order_by(attachment.c.id)
_GET = _LIST.where(attachment.c.id == bindparam("attachment_id"))
_OF_DRAFT = _LIST.where(attachment.c.draft_id == bindparam("draft_id"))
_COUNTS = (
    select(attachment.c.draft_id, func.count().label("number"))
    .join(draft, draft.c.id == attachment.c.draft_id)
    .where(draft.c.notice == bindparam("notice"), attachment.c.state == "kept")
    .group_by(attachment.c.draft_id)
)


class Files(Repository):
    """Notes what was sent and what arrived."""

    async def keep(self, digest: str, media_type: str, size: int, at: datetime) -> None:
        """Note that the store holds these bytes now (SHA-256, hex)."""
        await self._do(_KEEP_FILE, hash=digest, media_type=media_type, size=size, kept_at=at)

    async def hashes(self) -> Sequence[str]:
        """Every file the store should hold."""
        return [row["hash"] for row in await self._all(_HASHES)]

    async def want(self, draft_id: int, kind: str, code: str, name: str, by: Actor, at: datetime) -> int:
        """Note an attachment still to be fetched by its code; its id."""
        return await self._number(
            _WANT, draft_id=draft_id, kind=kind, code=code, name=name, state="wanted", sent_by=by.who,
            message_id=by.message_id, sent_at=at,
        )  # fmt: skip

    async def arrived(self, attachment_id: int, digest: str) -> None:
        """Its bytes are in the store."""
        await self._do(_SETTLE, attachment_id=attachment_id, new_state="kept", new_hash=digest, new_why=None)

    async def failed(self, attachment_id: int, why: str) -> None:
        """It could not be fetched (yet)."""
        await self._do(_SETTLE, attachment_id=attachment_id, new_state="failed", new_hash=None, new_why=why)

    async def drop(self, attachment_id: int) -> None:
        """The person took it away."""
        await self._do(_SETTLE, attachment_id=attachment_id, new_state="dropped", new_hash=None, new_why=None)

    async def get(self, attachment_id: int) -> StoredAttachment | None:
        """The attachment of that id, unless it was taken away."""
        row = await self._one(_GET, attachment_id=attachment_id)
        return StoredAttachment(**row) if row else None

    async def of_draft(self, draft_id: int) -> Sequence[StoredAttachment]:
        """What was sent to a draft, oldest first."""
        return [StoredAttachment(**row) for row in await self._all(_OF_DRAFT, draft_id=draft_id)]

    async def counts(self, notice: str) -> dict[int, int]:
        """How many arrived, by draft id."""
        return {row["draft_id"]: row["number"] for row in await self._all(_COUNTS, notice=notice)}
