"""Opening, upgrading, locking and refusing: one clear failure each, and nothing written by the way."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage import HEAD, Database, DatabaseUnreadable, Lock, Locked, SchemaNew, SchemaOld, schema
from storage.tables import metadata
from tests.postgres import Postgres
from tests.storage.conftest import sqlite_url

REVISIONS = ("0001", "0002", "0003", HEAD)


async def test_migrations_go_up_one_by_one_and_down_again(empty_url: str) -> None:
    database = Database(empty_url)
    assert await database.revision() is None
    for revision in REVISIONS:
        await database.upgrade(revision)
        assert await database.revision() == revision
    async with database.migration() as connection:
        assert await connection.run_sync(schema.differences) == []
    for revision in (*REVISIONS[-2::-1], "base"):
        await database.downgrade(revision)
        assert await database.revision() == (None if revision == "base" else revision)
    await database.upgrade()
    assert await database.revision() == HEAD
    await database.close()


async def test_the_known_head_is_the_last_migration(url: str) -> None:
    database = Database(url)
    assert await database.revision() == HEAD
    await database.check_revision()
    await database.close()


async def test_two_upgrades_at_once_end_well(empty_url: str) -> None:
    first, second = Database(empty_url), Database(empty_url)
    await asyncio.gather(first.upgrade(), second.upgrade())
    assert await first.revision() == HEAD
    await first.close()
    await second.close()


async def test_a_failed_migration_leaves_nothing(empty_url: str) -> None:
    database = Database(empty_url)

    async def stumble() -> None:
        async with database.migration() as connection:
            await connection.run_sync(schema.upgrade)
            await connection.execute(text("SELECT nonsense"))

    with pytest.raises(DatabaseUnreadable):
        await stumble()
    assert await database.revision() is None
    await database.close()


async def test_sqlite_upgrades_itself_and_another_database_asks_for_it(empty_url: str) -> None:
    database = Database(empty_url)
    if database.is_sqlite:
        await database.start()
        assert await database.revision() == HEAD
    else:
        with pytest.raises(SchemaOld) as old:
            await database.start()
        assert (old.value.found, old.value.wanted) == (None, HEAD)
    await database.close()


async def test_tables_of_a_later_release_are_refused(database: Database) -> None:
    async with database.work() as work:
        await work.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for attempt in (database.start, database.upgrade, database.check_revision):
        with pytest.raises(SchemaNew) as new:
            await attempt()
        assert new.value.found == "9999"


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql+nothing://x/y",
        "postgresql+asyncpg://nobody:x@127.0.0.1:1/none",
        "sqlite+aiosqlite:////proc/no/x",
    ],
)
async def test_what_cannot_be_opened_is_said_so(url: str) -> None:
    with pytest.raises(DatabaseUnreadable):
        await Database(url).start()


async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_bytes("一封信".encode() * 500)
    before = path.read_bytes()
    database = Database(sqlite_url(path))
    with pytest.raises(DatabaseUnreadable):
        await database.start()
    with pytest.raises(DatabaseUnreadable):
        await database.revision()
    await database.close()
    assert path.read_bytes() == before


async def test_looking_creates_nothing(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path / "none.db"))
    assert not database.exists()
    with pytest.raises(SchemaOld):
        await database.check_revision()
    await database.close()
    assert list(tmp_path.iterdir()) == []


async def test_reading_cannot_write(database: Database) -> None:
    async def write() -> None:
        async with database.read() as work:
            await work.inbox.claim("msg")

    with pytest.raises((DBAPIError, DatabaseUnreadable)):
        await write()


async def test_a_reader_waits_for_no_writer_and_sees_one_moment(database: Database) -> None:
    async with database.read() as reading:
        assert await reading.notices.generation() == 0
        async with database.work() as writing:
            await writing.notices.bump()
            assert await reading.notices.generation() == 0
        assert await reading.notices.generation() == 0


@pytest.mark.postgres
async def test_a_lost_connection_is_said_so_and_the_next_transaction_works(server: Postgres) -> None:
    url = server.database()
    database = Database(url)

    async def message() -> None:
        async with database.work() as work:
            await work.inbox.claim("m")
            me = (await work.connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            await asyncio.to_thread(server.execute, f"SELECT pg_terminate_backend({me}, 2000)")
            await work.inbox.claim("m2")

    with pytest.raises(DatabaseUnreadable):
        await message()
    async with database.work() as work:
        assert await work.inbox.claim("m")
    await database.close()
    server.give_back(url)


async def test_a_writer_that_waits_too_long_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.dialect.BUSY", timedelta(milliseconds=20))
    first, second = Database(sqlite_url(tmp_path / "a.db")), Database(sqlite_url(tmp_path / "a.db"))
    await first.start()

    async def message() -> None:
        async with second.work() as work:
            await work.inbox.claim("m")

    async with first.work() as work:
        await work.inbox.claim("m")
        with pytest.raises(DatabaseUnreadable, match="locked"):
            await message()
    await first.close()
    await second.close()


async def test_sqlite_keeps_its_promises(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path / "a.db"))
    await database.start()
    async with database.work() as work:
        asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = [(await work.connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one() for name in asked]
    assert found == ["wal", 2, 1, 10000]
    await database.close()


async def test_the_second_process_on_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.db.lock"
    with Lock(path), pytest.raises(Locked) as locked:
        Lock(path).acquire()
    assert locked.value.path == str(path)
    with Lock(path), Lock(None), Lock(None):
        pass


async def test_the_lock_is_held_by_no_child_and_freed_by_closing(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path / "a.db"))
    database.lock.acquire()
    child = await asyncio.create_subprocess_exec("sleep", "30")
    await database.close()
    try:
        Database(sqlite_url(tmp_path / "a.db")).lock.acquire()
    finally:
        child.kill()
        await child.wait()


async def test_one_key_is_held_by_one_transaction(database: Database, twin: Database) -> None:
    order: list[str] = []

    async def step(which: Database, name: str) -> None:
        async with which.work() as work:
            await work.one_at_a_time("chat", "person")
            order.append(f"{name} in")
            await work.engine_time()
            order.append(f"{name} out")

    await asyncio.gather(*(step(which, str(n)) for n, which in enumerate((database, twin, database, twin))))
    assert [line.split()[0] for line in order[::2]] == [line.split()[0] for line in order[1::2]]


async def test_every_table_and_column_has_the_same_names_everywhere(database: Database) -> None:
    async with database.read() as work:
        for table in metadata.sorted_tables:
            await work.connection.execute(table.select().limit(1))
