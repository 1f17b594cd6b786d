"""How a notice becomes what questions are answered from: kept as a version, its matters settled, put in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from knowledge import Notice, notice_json
from storage import Actor, MatterFacts, StoredNotice, Work


async def keep(work: Work, notice: Notice, source: bytes, file_name: str, by: Actor, at: datetime) -> StoredNotice:
    """The version of this document, kept if new; nothing is in force yet."""
    return await work.notices.add(
        notice.key,
        notice.content_hash,
        title=notice.title,
        file_name=file_name,
        source=source,
        document=notice_json(notice),
        by=by,
        at=at,
    )


async def publish(
    work: Work, stored: StoredNotice, notice: Notice, by: Actor, at: datetime, carried: Mapping[str, int] | None = None
) -> int:
    """Put the version in force; how many matters it has.

    `carried`: key → id of matters known from the version before; without it, those of the same name and leads.
    """
    facts = [MatterFacts(m.key, m.name, m.lead_units, m.support_units) for m in notice.matters]
    known = await same_matters(work, notice) if carried is None else carried
    ids = await work.matters.settle(stored.id, notice.key, facts, known, by, at)
    await work.notices.publish(stored.id, by, at)
    return len(ids)


async def same_matters(work: Work, notice: Notice) -> dict[str, int]:
    """Key → id for matters that the version in force has under the same name and first lead."""
    before = {(m.name, m.lead_units[:1]): m.id for m in await work.matters.current(notice.key) if not m.own}
    found = {m.key: before.get((m.name, m.lead_units[:1])) for m in notice.matters}
    return {key: known for key, known in found.items() if known is not None}
