"""The nightly backup is proved, kept in numbers, old archives go, a failure is kept; and the preview command."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.commands.base import Refused
from bot.commands.reminding import show
from bot.nightly import KEPT, Nightly, put
from bot.scheduler import Scheduler
from handlers.features.remind.operate import BACKUP, backup_words
from storage import AT_ONCE, JSON, Database, Job
from storage.tables import inbox
from tests.bot.fake_door import START, ZONE, SetClock
from tests.storage.given import handed_in

YEARS = timedelta(days=3 * 365)


def a_job() -> Job:
    """What the tick put, claimed."""
    return Job(1, "backup:x", "backup", None, None, {}, "leased", AT_ONCE, None, 1, 3, 0, "", None, None, None, None,
               START, None)  # fmt: skip


async def kept(database: Database) -> JSON:
    async with database.read() as work:
        return await work.settings.get(BACKUP)


async def test_a_backup_is_restored_on_trial_and_shown(database: Database, tmp_path: Path) -> None:
    await handed_in(database)
    clock = SetClock()
    nightly = Nightly(database, tmp_path / "files", tmp_path / "backups", clock.now, YEARS)
    for _ in range(KEPT + 2):
        clock.forward(timedelta(days=1))
        found = await nightly.run(a_job())
        assert found["ok"] is True
    assert len(list((tmp_path / "backups").glob("*.zip"))) == KEPT
    assert "成功并试恢复" in backup_words(await kept(database))


async def test_a_backup_that_cannot_be_written_is_kept_as_failed(database: Database, tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("not a folder")
    found = await Nightly(database, tmp_path / "files", tmp_path / "backups", SetClock().now, YEARS).run(a_job())
    assert found["ok"] is False
    assert "没有成功" in backup_words(await kept(database))


async def test_what_is_older_than_the_retention_goes_after_a_good_backup(database: Database, tmp_path: Path) -> None:
    clock = SetClock()
    async with database.work() as work:
        for days in (YEARS.days + 1, YEARS.days - 1):
            at = clock.now() - timedelta(days=days)
            await work.ledger.write(f"k{days}", "remind", receiver_kind="person", receiver="p", text="催", at=at)
        await work.inbox.claim("old")
        await work.inbox.claim("new")
        long_ago = await work.engine_time() - YEARS - timedelta(days=1)
        await work.connection.execute(update(inbox).where(inbox.c.message_id == "old").values(handled_at=long_ago))
    await Nightly(database, tmp_path / "files", tmp_path / "backups", clock.now, YEARS).run(a_job())
    async with database.work() as work:
        said = await work.ledger.between(clock.now() - 2 * YEARS, clock.now())
        assert [line.dedup_key for line in said] == [f"k{YEARS.days - 1}"]
        assert await work.inbox.claim("old")
        assert not await work.inbox.claim("new")


async def test_nothing_goes_after_a_backup_that_failed(database: Database, tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("not a folder")
    clock = SetClock()
    async with database.work() as work:
        at = clock.now() - YEARS - timedelta(days=1)
        await work.ledger.write("k", "remind", receiver_kind="person", receiver="p", text="催", at=at)
    await Nightly(database, tmp_path / "files", tmp_path / "backups", clock.now, YEARS).run(a_job())
    async with database.read() as work:
        assert len(await work.ledger.between(at, clock.now())) == 1


async def test_one_job_a_night_however_many_replicas(database: Database, twin: Database, tmp_path: Path) -> None:
    clock = SetClock()
    night = Nightly(database, tmp_path, tmp_path, clock.now, YEARS).recurring()
    both = [Scheduler(one, clock, ZONE, [night]) for one in (database, twin)]
    for scheduler in both:
        await scheduler.fire_all()
    clock.forward(timedelta(days=3))
    fired = [await scheduler.fire_all() for scheduler in both]
    assert sum(fired) == 1
    async with database.work() as work:
        await put(work, clock.now())
        await put(work, clock.now())


async def test_the_preview_command_lists_and_sends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DINGBAN_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/x.db")
    monkeypatch.setenv("DINGBAN_CLOCK", "2021-12-20T09:00")
    assert "将发：没有。" in await show("2021-12-23")
    with pytest.raises(Refused) as refused:
        await show("下周")
    assert refused.value.code == 2
