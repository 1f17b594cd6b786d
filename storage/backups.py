"""Backup and restore: one archive that fits either database, and a trial restore that proves it. The zip is apart."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import JSON as JsonColumn

from storage.archive import ArchiveReader, ArchiveWriter, Manifest, restored
from storage.audit import Audit
from storage.database import HEAD, Database
from storage.dialect import Names, Time, among, count_on, engine_now
from storage.errors import BackupBroken, DatabaseNotEmpty, SchemaNew
from storage.files import Files
from storage.records_kept import Fault
from storage.repository import JSON
from storage.tables import metadata, outbox_job

BATCH = 500  # rows in memory at a time

_HOLD = (
    update(outbox_job)
    .where(among(outbox_job.c.state, "ready", "leased"), outbox_job.c.due_at <= engine_now())
    .values(state="cancelled", last_error="restored", lease_token=None, lease_until=None, done_at=engine_now())
)
UNFINISHED = ".part"


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What an archive holds, and what the audit of its rows says."""

    revision: str
    made_at: datetime
    rows: Mapping[str, int]
    files: int
    missing: Sequence[str]
    """Hashes of kept files that the store did not have."""
    audit_head: str
    faults: Sequence[Fault] = ()
    held: int = 0
    """Messages due by now that were not restored as due: they may have been said since the backup."""


async def backup(database: Database, files: Path, out: Path, at: datetime) -> BackupReport:
    """One archive of all rows, as of one moment, and all kept files; written beside a running bot.

    `out` appears only when it is whole and on disk. Raises: DatabaseUnreadable, SchemaOld, SchemaNew.
    """
    await database.check_revision()
    part = out.with_name(out.name + UNFINISHED)
    await asyncio.to_thread(out.parent.mkdir, parents=True, exist_ok=True)
    try:
        async with database.read() as work:
            manifest = Manifest(HEAD, at.isoformat(), await Audit(work.connection).head())
            wanted = await Files(work.connection).hashes()
            with part.open("wb") as target:
                writer = ArchiveWriter(target, manifest)
                for table in metadata.sorted_tables:
                    await _write_table(writer, work.connection, table.name)
                present = await asyncio.to_thread(_write_files, writer, files)
                await asyncio.to_thread(writer.finish)
                target.flush()
                await asyncio.to_thread(os.fsync, target.fileno())
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return _report(manifest, sorted(set(wanted) - present), ())


async def restore(database: Database, files: Path, archive: Path) -> BackupReport:
    """Put an archive into a database without rows (made if absent), of either kind, and its files into the store.

    All rows or none; what was due by then is not said again.
    Raises: BackupBroken, DatabaseNotEmpty, DatabaseUnreadable, SchemaNew.
    """
    with closing(await asyncio.to_thread(ArchiveReader, archive)) as reader:
        manifest = reader.manifest
        _check_known(manifest)
        await _prepare(database, manifest.revision)
        async with database.migration() as connection:
            for table in metadata.sorted_tables:
                await _read_table(reader, connection, table.name)
            held = (await connection.execute(_HOLD)).rowcount
        await database.upgrade()
        for name in manifest.files:
            await asyncio.to_thread(reader.extract, name, files)
    async with database.read() as work:
        faults = await Audit(work.connection).check()
        if await Audit(work.connection).head() != manifest.audit_head:
            faults = [*faults, Fault("", None, "the chains end elsewhere")]
        names = {Path(name).name for name in manifest.files}
        missing = [name for name in await Files(work.connection).hashes() if name not in names]
    return _report(manifest, missing, faults, held)


async def trial_restore(archive: Path) -> BackupReport:
    """Restore into a temporary SQLite file and throw it away: counts, hashes and the audit are checked.

    Raises: BackupBroken.
    """
    with tempfile.TemporaryDirectory(prefix="dingban-trial-") as folder:
        trial = Database(f"sqlite+aiosqlite:///{folder}/trial.db")
        try:
            return await restore(trial, Path(folder) / "files", archive)
        finally:
            await trial.close()


async def _prepare(database: Database, revision: str) -> None:
    """Bring an empty database to the archive's revision."""
    if await database.revision() is not None:
        await database.upgrade()
        async with database.read() as work:
            for table in metadata.sorted_tables:
                if (await work.connection.execute(select(func.count()).select_from(table))).scalar_one():
                    raise DatabaseNotEmpty(table.name)
        await database.downgrade(revision)
    else:
        await database.upgrade(revision)


def _check_known(manifest: Manifest) -> None:
    from storage.schema import known  # Alembic only when it is needed: a start must be quick

    if not known(manifest.revision):
        raise SchemaNew(manifest.revision)
    if not manifest.tables.keys() <= metadata.tables.keys():
        raise BackupBroken("unknown tables")


async def _write_table(writer: ArchiveWriter, connection: AsyncConnection, name: str) -> None:
    table = metadata.tables[name]
    rows = await connection.stream(select(table).order_by(*table.primary_key.columns))
    with writer.table(name) as member:
        async for batch in rows.mappings().partitions(BATCH):
            await asyncio.to_thread(member.write, batch)


async def _read_table(reader: ArchiveReader, connection: AsyncConnection, name: str) -> None:
    part = reader.manifest.tables.get(name)
    if part is None:
        return
    table, count = metadata.tables[name], 0
    kinds = {column.name: _kind(column.type) for column in table.columns}
    for batch in reader.rows(name, BATCH):
        count += len(batch)
        if batch:
            await connection.execute(insert(table), [_values(row, kinds) for row in batch])
    if count != part.rows:
        raise BackupBroken(f"{name} has {count} rows")
    if table.autoincrement_column is not None:
        await count_on(connection, table.name)


def _values(row: Mapping[str, JSON], kinds: Mapping[str, type]) -> dict[str, object]:
    try:
        return {name: restored(value, kinds[name]) for name, value in row.items()}
    except (KeyError, ValueError) as wrong:
        raise BackupBroken("a row that fits no column") from wrong


def _kind(column: object) -> type:
    """The Python type a column's values have; `dict` for JSON, which stays as it is."""
    if isinstance(column, Time):
        return datetime
    if isinstance(column, Names):
        return tuple
    if isinstance(column, JsonColumn):
        return dict
    kind: type = getattr(column, "python_type", str)
    return kind


def _write_files(writer: ArchiveWriter, files: Path) -> set[str]:
    """Every file of the store; names of those written."""
    written: set[str] = set()
    for path in sorted(files.rglob("*")) if files.is_dir() else ():
        if path.is_file() and not path.is_symlink() and path.suffix != UNFINISHED:
            writer.file(path.relative_to(files).as_posix(), path)
            written.add(path.name)
    return written


def _report(manifest: Manifest, missing: Sequence[str], faults: Sequence[Fault], held: int = 0) -> BackupReport:
    rows = {name: part.rows or 0 for name, part in manifest.tables.items()}
    made_at = datetime.fromisoformat(manifest.made_at)
    return BackupReport(
        manifest.revision, made_at, rows, len(manifest.files), missing, manifest.audit_head, faults, held
    )
