"""How a notice becomes what questions are answered from: kept as a version, its matters settled, put in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.notice_items import facts_in, same
from knowledge import Notice, notice_json, pack, reader
from storage import Actor, MatterFacts, StoredMatter, StoredNotice, Work


@dataclass(frozen=True, slots=True)
class Published:
    """How many matters the version has, and the names of those whose ruling could not be carried over."""

    matters: int
    ended: tuple[str, ...] = ()


async def keep(work: Work, notice: Notice, source: bytes, file_name: str, by: Actor, at: datetime) -> StoredNotice:
    """The version of this document, kept if new; nothing is in force yet."""
    stored = await work.notices.add(
        notice.key,
        notice.content_hash,
        title=notice.title,
        file_name=file_name,
        source=source,
        document=notice_json(notice),
        by=by,
        at=at,
    )
    await work.notices.keep_facts(stored.id, reader(), pack(notice))
    return stored


async def publish(work: Work, stored: StoredNotice, notice: Notice, by: Actor, at: datetime) -> int:
    """Put the version in force; how many matters it has. Those of the same name and first lead are carried over."""
    done = await publish_stored(work, stored, by, at, {})
    assert done.matters == len(notice.matters)
    return done.matters


async def publish_stored(
    work: Work, stored: StoredNotice, by: Actor, at: datetime, answered: Mapping[str, int]
) -> Published:
    """Put a kept version in force.

    `answered`: key → id of matters the office said we know by another name.
    """
    facts, before = facts_in(stored), await matters_before(work, stored.notice)
    await work.matters.settle(stored.id, stored.notice, facts, {**same(before, facts), **answered}, by, at)
    ended = await end_lost_rulings(work, stored.notice, before, facts, by, at)
    await work.notices.publish(stored.id, by, at)
    return Published(len(facts), ended)


async def matters_before(work: Work, notice: str) -> Sequence[StoredMatter]:
    """The matters of the version in force, else of the last that was."""
    if current := await work.matters.current(notice):
        return current
    were = [v for v in await work.notices.versions(notice) if v.published_at]
    last = max(were, key=lambda v: v.published_at or v.imported_at, default=None)
    return await work.matters.of_version(last.id) if last else []


async def end_lost_rulings(
    work: Work, notice: str, before: Sequence[StoredMatter], facts: Sequence[MatterFacts], by: Actor, at: datetime
) -> tuple[str, ...]:
    """A ruling hangs on a place of the text: where another matter stands there now, it ends; their names."""
    old, new = {m.key: m.name for m in before}, {f.key: f.name for f in facts}
    rulings = [r for r in await work.rulings.in_force() if r.notice == notice]
    lost = [r for r in rulings if r.matter_key in old and new.get(r.matter_key) != old[r.matter_key]]
    for ruling in lost:
        await work.rulings.end(notice, ruling.matter_key, by, at, "new version")
    return tuple(old[r.matter_key] for r in lost)
