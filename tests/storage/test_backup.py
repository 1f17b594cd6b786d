"""A backup fits either database, proves itself, and is refused when a byte is wrong."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import BackupBroken, Database, DatabaseNotEmpty, Decision, SchemaNew, backup, restore, trial_restore
from storage.tables import metadata
from tests.storage.given import CLERK, HOUR, LEAD, NOTICE, NOW, OFFICE, REVIEWER, handed_in
from tests.storage.test_notices import version


@pytest.fixture
async def other(empty_url: str) -> AsyncIterator[Database]:
    """A database to restore onto, without tables."""
    database = Database(empty_url)
    yield database
    await database.close()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A store with one kept file."""
    folder = tmp_path / "files"
    key = hashlib.sha256("名单".encode()).hexdigest()
    (folder / key[:2]).mkdir(parents=True)
    (folder / key[:2] / key).write_bytes("名单".encode())
    (folder / key[:2] / "half.part").write_bytes(b"half")
    return folder


async def filled(database: Database, files: Path) -> None:
    """Rows in most tables: JSON, bytes, dates, NULLs, an audit with a closed day."""
    first = await handed_in(database)
    async with database.work() as work:
        await version(work, "h2")
        await work.submissions.decide(first.id, Decision.APPROVE, REVIEWER, NOW)
        await work.groups.see("g", "群", NOW)
        await work.groups.bind("g", NOTICE, [LEAD], OFFICE, NOW)
        await work.plans.publish(NOTICE, "每季度", {"day": 25, "offsets": [5, 2, 0]}, OFFICE, NOW)
        await work.settings.set("text", "2021-09-24", OFFICE, NOW)
        for path in files.rglob("*"):
            if path.is_file() and path.suffix != ".part":
                await work.files.keep(path.name, "text/plain", path.stat().st_size, NOW)
        await work.audit.close_day("2021-09-24", NOW + HOUR)


async def everything(database: Database) -> dict[str, list[dict[str, object]]]:
    async with database.read() as work:
        return {
            table.name: [
                dict(row)
                for row in (
                    await work.connection.execute(table.select().order_by(*table.primary_key.columns))
                ).mappings()
            ]
            for table in metadata.sorted_tables
        }


async def test_every_row_and_file_comes_back_on_either_database(
    database: Database, other: Database, files: Path, tmp_path: Path
) -> None:
    await filled(database, files)
    made = await backup(database, files, tmp_path / "b.zip", NOW)
    assert made.missing == []
    assert made.rows["submission"] == 1
    report = await restore(other, tmp_path / "again", tmp_path / "b.zip")
    assert (report.faults, report.missing, report.files) == ([], [], 1)
    assert await everything(other) == await everything(database)
    assert report.rows == made.rows
    kept = [path for path in (tmp_path / "again").rglob("*") if path.is_file()]
    assert [path.read_bytes().decode() for path in kept] == ["名单"]


async def test_counting_goes_on_after_a_restore(
    database: Database, other: Database, files: Path, tmp_path: Path
) -> None:
    await filled(database, files)
    await backup(database, files, tmp_path / "b.zip", NOW)
    await restore(other, tmp_path / "again", tmp_path / "b.zip")
    async with other.work() as work:
        matter = (await work.matters.current(NOTICE))[0]
        draft = await work.drafts.open(LEAD, matter.id, NOTICE, "2021Q4", CLERK, NOW)
        assert draft.id == 2
        await work.audit.record("matter:1", "changed", OFFICE, NOW)
        assert await work.audit.check() == []


async def test_a_trial_restore_proves_an_archive_and_leaves_nothing(
    database: Database, files: Path, tmp_path: Path
) -> None:
    await filled(database, files)
    made = await backup(database, files, tmp_path / "b.zip", NOW)
    tried = await trial_restore(tmp_path / "b.zip")
    assert (tried.rows, tried.faults, tried.audit_head) == (made.rows, [], made.audit_head)
    assert {path.name for path in tmp_path.glob("*.zip*")} == {"b.zip"}


async def test_a_tampered_audit_is_reported_by_the_trial(database: Database, files: Path, tmp_path: Path) -> None:
    await filled(database, files)
    async with database.work() as work:
        await work.connection.execute(text("UPDATE audit SET who = 'x' WHERE number = 1 AND chain LIKE 'matter:%'"))
    await backup(database, files, tmp_path / "b.zip", NOW)
    assert [fault.why for fault in (await trial_restore(tmp_path / "b.zip")).faults] == ["the line was changed"]


async def test_a_file_the_store_lost_is_named(database: Database, files: Path, tmp_path: Path) -> None:
    await filled(database, files)
    shutil.rmtree(files)
    assert len((await backup(database, files, tmp_path / "b.zip", NOW)).missing) == 1


async def test_what_was_due_before_a_restore_is_not_said_again(
    database: Database, other: Database, files: Path, tmp_path: Path
) -> None:
    far = datetime(2999, 1, 1, tzinfo=UTC)
    async with database.work() as work:
        for key, due in (("past", NOW), ("future", far)):
            await work.outbox.enqueue("reminder", {}, dedup_key=key, due_at=due)
    await backup(database, files, tmp_path / "b.zip", NOW)
    assert (await restore(other, tmp_path / "again", tmp_path / "b.zip")).held == 1
    jobs = (await everything(other))["outbox_job"]
    assert {job["dedup_key"]: job["state"] for job in jobs} == {"past": "cancelled", "future": "ready"}


async def test_rows_are_never_overwritten(database: Database, files: Path, tmp_path: Path) -> None:
    await filled(database, files)
    await backup(database, files, tmp_path / "b.zip", NOW)
    before = await everything(database)
    with pytest.raises(DatabaseNotEmpty):
        await restore(database, files, tmp_path / "b.zip")
    assert await everything(database) == before


def changed(path: Path, member: str, old: bytes, new: bytes) -> None:
    """Rewrite the archive with one member changed (`new` empty: left out)."""
    with zipfile.ZipFile(path) as source:
        members = {name: source.read(name) for name in source.namelist()}
    members[member] = members[member].replace(old, new)
    with zipfile.ZipFile(path, "w") as target:
        for name, content in members.items():
            if name != member or new:
                target.writestr(name, content)


@pytest.mark.parametrize(
    ("member", "old", "new", "error"),
    [
        ("tables/submission.jsonl", b"35", b"36", BackupBroken),
        ("tables/audit.jsonl", b"", b"", BackupBroken),
        ("manifest.json", b'"format": 1', b'"format": 2', BackupBroken),
        ("manifest.json", b'"revision": "0005"', b'"revision": "9999"', SchemaNew),
        ("manifest.json", b"{", b"[", BackupBroken),
    ],
)
async def test_a_changed_archive_restores_nothing(
    database: Database, files: Path, tmp_path: Path, member: str, old: bytes, new: bytes, error: type[Exception]
) -> None:
    await filled(database, files)
    await backup(database, files, tmp_path / "b.zip", NOW)
    changed(tmp_path / "b.zip", member, old, new)
    with pytest.raises(error):
        await trial_restore(tmp_path / "b.zip")


@pytest.mark.parametrize("content", [b"", b"no zip at all"])
async def test_what_is_no_archive_is_said_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(content)
    with pytest.raises(BackupBroken):
        await trial_restore(tmp_path / "b.zip")


async def test_a_cut_archive_is_refused_and_an_absent_one_too(database: Database, files: Path, tmp_path: Path) -> None:
    await backup(database, files, tmp_path / "b.zip", NOW)
    whole = (tmp_path / "b.zip").read_bytes()
    (tmp_path / "b.zip").write_bytes(whole[: len(whole) // 2])
    for path in (tmp_path / "b.zip", tmp_path / "none.zip"):
        with pytest.raises(BackupBroken):
            await trial_restore(path)


async def test_no_file_is_put_outside_the_store(tmp_path: Path, template: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{template}")
    await backup(database, tmp_path / "none", tmp_path / "b.zip", NOW)
    await database.close()
    changed(tmp_path / "b.zip", "manifest.json", b'"files": {}', b'"files": {"../x": {"sha256": "", "size": 1}}')
    with pytest.raises(BackupBroken) as broken:
        await trial_restore(tmp_path / "b.zip")
    assert broken.value.why == "a file outside the store"
