"""The nightly jobs: a backup proved by a trial restore, reported in 状态; then what RETENTION ended goes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.delivery_kinds import Kinds
from bot.scheduler import Recurring
from handlers.features.remind.operate import BACKUP
from storage import JSON, Actor, BackupBroken, BackupReport, Database, Job, StorageError, Work, backup, trial_restore

log = logging.getLogger(__name__)
KIND = "backup"
AT = "0 2 * * *"
KEPT = 14  # archives; older ones are deleted
TIMEOUT = timedelta(minutes=3)  # its lease is three times that, and so is every claim's
BY = Actor("system")


class Say:
    UNPROVED = "试恢复没有通过（{why}）"
    NOT_WRITTEN = "写不了备份文件（{why}）"


@dataclass(frozen=True, slots=True)
class Nightly:
    """Backs up into `folder` once a night, whichever replica comes first."""

    database: Database
    files: Path
    folder: Path
    now: Callable[[], datetime]
    retention: timedelta

    def recurring(self) -> Recurring:
        """The tick; after downtime one backup, not one for every night."""
        return Recurring("nightly backup", AT, put, "latest")

    def register(self, kinds: Kinds) -> None:
        """The job that the tick puts; nobody is told twice, so an unclear end is simply done again."""
        kinds.job(KIND, max_attempts=3, timeout=TIMEOUT)(self.run)

    async def run(self, job: Job) -> Mapping[str, JSON]:
        """Back up, prove it, keep what came of it. Raises: nothing that was expected; it is kept as failed."""
        at = self.now()
        path = self.folder / f"dingban-{at:%Y%m%d-%H%M}.zip"
        try:
            made = await backup(self.database, self.files, path, at)
            proved = await trial_restore(path)
        except (BackupBroken, StorageError, OSError) as failure:
            return await self._failed(at, failure)
        found = outcome(at, path, made, proved)
        await self._keep(found)
        await asyncio.to_thread(self._prune)
        if found["ok"]:
            await self._forget(at)
        log.info("backup done", extra={"rows": found["rows"], "files": found["files"], "ok": found["ok"]})
        return found

    async def _failed(self, at: datetime, failure: Exception) -> Mapping[str, JSON]:
        log.error("backup failed", exc_info=failure)
        line = Say.UNPROVED if isinstance(failure, BackupBroken) else Say.NOT_WRITTEN
        found: dict[str, JSON] = {"at": at.isoformat(), "ok": False, "why": line.format(why=type(failure).__name__)}
        await self._keep(found)
        return found

    async def _keep(self, found: Mapping[str, JSON]) -> None:
        async with self.database.work() as work:
            await work.settings.set(BACKUP, found, BY, self.now())

    async def _forget(self, at: datetime) -> None:
        """What was said and heard before the retention, now that tonight's archive has it once more."""
        async with self.database.work() as work:
            said = await work.ledger.prune(at - self.retention)
            heard = await work.inbox.prune(await work.engine_time() - self.retention)
        if said or heard:
            log.info("retention", extra={"said": said, "heard": heard})

    def _prune(self) -> None:
        for old in sorted(self.folder.glob("dingban-*.zip"))[:-KEPT]:
            old.unlink(missing_ok=True)


async def put(work: Work, due: datetime) -> None:
    """One job a night."""
    await work.outbox.enqueue(KIND, {}, dedup_key=f"{KIND}:{due:%Y-%m-%d}", max_attempts=3)


def outcome(at: datetime, path: Path, made: BackupReport, proved: BackupReport) -> Mapping[str, JSON]:
    """Whether the archive restores whole, in numbers."""
    same = made.rows == proved.rows and made.audit_head == proved.audit_head and not proved.faults
    why = "" if same else Say.UNPROVED.format(why=len(proved.faults) or "rows")
    return {
        "at": at.isoformat(), "ok": same, "why": why, "file": path.name,
        "rows": sum(made.rows.values()), "files": made.files, "missing": len(made.missing),
    }  # fmt: skip
