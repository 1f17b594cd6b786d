"""Imported notices as JSON documents by version: never changed, one version of each published. It reads none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from storage.audit import Recorded
from storage.counters import Counters
from storage.dialect import insert, lock_key
from storage.records_notices import Confirmation, InForce, StoredNotice
from storage.records_people import Actor
from storage.repository import JSON
from storage.tables import confirmation, notice, reading

GENERATION = "library"

_FIELDS = [notice.c[f.name] for f in fields(StoredNotice)]
_WRITTEN = ("notice", "content_hash", "title", "file_name", "source", "document", "imported_by", "imported_at")
_ADD = insert(notice).values({name: bindparam(name) for name in _WRITTEN}).on_conflict_do_nothing()
_LIST = select(*_FIELDS).order_by(notice.c.notice, notice.c.id)
_GET = _LIST.where(notice.c.id == bindparam("notice_id"))
_FIND = _LIST.where(notice.c.notice == bindparam("name"), notice.c.content_hash == bindparam("content_hash"))
_VERSIONS = _LIST.where(notice.c.notice == bindparam("name"))
_PUBLISHED = _LIST.where(notice.c.published)
_IN_FORCE = select(*(notice.c[f.name] for f in fields(InForce))).where(notice.c.published).order_by(notice.c.notice)
_FACTS = select(reading.c.facts).where(
    reading.c.notice_id == bindparam("notice_id"), reading.c.reader == bindparam("reader")
)
_READ = insert(reading).values({name: bindparam(name) for name in ("notice_id", "reader", "facts")})
_KEEP_FACTS = _READ.on_conflict_do_update(
    index_elements=["notice_id"], set_={name: _READ.excluded[name] for name in ("reader", "facts")}
)
_SOURCE = select(notice.c.source).where(notice.c.id == bindparam("notice_id"))
_COUNT = select(func.count()).select_from(notice)
_HIDE = update(notice).where(notice.c.notice == bindparam("name"), notice.c.published).values(published=False)
_PUBLISH = (
    update(notice)
    .where(notice.c.id == bindparam("notice_id"))
    .values(published=True, published_by=bindparam("by"), published_at=bindparam("at"), withdrawn_at=None)
)
_WITHDRAW = (
    update(notice)
    .where(notice.c.id == bindparam("notice_id"), notice.c.published)
    .values(published=False, withdrawn_at=bindparam("at"))
)
_NEW_ANSWER = insert(confirmation).values(
    {name: bindparam(name) for name in ("notice_id", "item", "answer", "given_by", "given_at")}
)
_CONFIRM = _NEW_ANSWER.on_conflict_do_update(
    index_elements=["notice_id", "item"],
    set_={name: _NEW_ANSWER.excluded[name] for name in ("answer", "given_by", "given_at")},
)
_CONFIRMED = (
    select(*(confirmation.c[f.name] for f in fields(Confirmation)))
    .where(confirmation.c.notice_id == bindparam("notice_id"))
    .order_by(confirmation.c.id)
)


class Notices(Recorded):
    """Adds versions, publishes one of each notice, and counts the generation a running bot watches."""

    async def add(
        self,
        name: str,
        content_hash: str,
        *,
        title: str,
        file_name: str,
        source: bytes,
        document: Mapping[str, JSON],
        by: Actor,
        at: datetime,
    ) -> StoredNotice:
        """The version of that name (文号) and hash, kept if new."""
        await self._do(
            _ADD, notice=name, content_hash=content_hash, title=title, file_name=file_name, source=source,
            document=document, imported_by=by.who, imported_at=at,
        )  # fmt: skip
        row = await self._one(_FIND, name=name, content_hash=content_hash)
        assert row is not None
        return StoredNotice(**row)

    async def get(self, notice_id: int) -> StoredNotice | None:
        """The version of that id."""
        row = await self._one(_GET, notice_id=notice_id)
        return StoredNotice(**row) if row else None

    async def find(self, name: str, content_hash: str) -> StoredNotice | None:
        """The version of that name and hash."""
        row = await self._one(_FIND, name=name, content_hash=content_hash)
        return StoredNotice(**row) if row else None

    async def all(self) -> Sequence[StoredNotice]:
        """Every version of every notice."""
        return [StoredNotice(**row) for row in await self._all(_LIST)]

    async def versions(self, name: str) -> Sequence[StoredNotice]:
        """The versions of a notice, as they came in."""
        return [StoredNotice(**row) for row in await self._all(_VERSIONS, name=name)]

    async def published(self) -> Sequence[StoredNotice]:
        """The version of each notice that is in force."""
        return [StoredNotice(**row) for row in await self._all(_PUBLISHED)]

    async def in_force(self) -> Sequence[InForce]:
        """The version of each notice that is in force, by its names alone."""
        return [InForce(**row) for row in await self._all(_IN_FORCE)]

    async def facts(self, notice_id: int, reader: str) -> bytes | None:
        """What this reader read from the file, if it is kept."""
        row = await self._one(_FACTS, notice_id=notice_id, reader=reader)
        return bytes(row["facts"]) if row else None

    async def keep_facts(self, notice_id: int, reader: str, facts: bytes) -> None:
        """Keep what was read from the file, instead of what another reader read."""
        await self._do(_KEEP_FACTS, notice_id=notice_id, reader=reader, facts=facts)

    async def source(self, notice_id: int) -> bytes:
        """The file as it was handed in."""
        row = await self._one(_SOURCE, notice_id=notice_id)
        return bytes(row["source"]) if row else b""

    async def ever(self) -> bool:
        """Whether this database ever had a notice."""
        return await self._number(_COUNT) > 0

    async def publish(self, notice_id: int, by: Actor, at: datetime) -> int:
        """Put a version in force instead of the one before; the new generation."""
        chosen = await self.get(notice_id)
        assert chosen is not None
        await lock_key(self._connection, f"notice\x1f{chosen.notice}")
        await self._do(_HIDE, name=chosen.notice)
        await self._do(_PUBLISH, notice_id=notice_id, by=by.who, at=at)
        await self._record(f"notice:{chosen.notice}", "published", by, at, new={"hash": chosen.content_hash})
        return await self.bump()

    async def withdraw(self, notice_id: int, by: Actor, at: datetime, why: str = "") -> int:
        """Take a version out of force; the new generation."""
        chosen = await self.get(notice_id)
        if chosen is not None and await self._do(_WITHDRAW, notice_id=notice_id, at=at):
            old: dict[str, JSON] = {"hash": chosen.content_hash}
            await self._record(f"notice:{chosen.notice}", "withdrawn", by, at, old=old, why=why)
        return await self.bump()

    async def generation(self) -> int:
        """Counts every change of what questions are answered from."""
        return await Counters(self._connection).read(GENERATION)

    async def bump(self) -> int:
        """Count a change (of rulings, answers, aliases, own matters too); the new generation."""
        return await Counters(self._connection).next(GENERATION)

    async def confirm(self, notice_id: int, item: str, answer: JSON, by: Actor, at: datetime) -> None:
        """Keep what the office said to a doubt or contradiction; the last word counts."""
        await self._do(_CONFIRM, notice_id=notice_id, item=item, answer=answer, given_by=by.who, given_at=at)

    async def confirmations(self, notice_id: int) -> dict[str, Confirmation]:
        """What the office said so far, by item."""
        return {row["item"]: Confirmation(**row) for row in await self._all(_CONFIRMED, notice_id=notice_id)}
