"""What a message costs in the database: one visit to SQLite's thread per statement. Times are `make bench`'s."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from storage import Database
from storage.driver import quick_connection
from tests.storage.conftest import sqlite_url
from tests.storage.given import NOW


async def test_each_statement_is_one_visit_to_the_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = quick_connection(str(tmp_path / "a.db"), check_same_thread=False)
    await connection
    visits: list[str] = []
    visit = connection._execute

    def counting(*args: object) -> Awaitable[object]:
        visits.append(str(args[0]))
        return visit(*args)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(connection, "_execute", counting)
    cursor = await connection.cursor()
    await cursor.execute("SELECT 1 UNION SELECT 2")
    assert await cursor.fetchall() == [(1,), (2,)]
    await cursor.close()
    assert len(visits) == 1
    await connection.close()


async def test_a_wrong_statement_fails_like_any_other_and_the_next_goes_on(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path / "a.db"))
    await database.start()
    async with database.work() as work:
        with pytest.raises(OperationalError):
            await work.connection.execute(text("SELECT * FROM nowhere"))
        with pytest.raises(IntegrityError):
            await work.connection.execute(text("INSERT INTO seat (id, person_id) VALUES (1, 99)"))
        assert await work.inbox.claim("m", said_at=NOW)
    await database.close()


async def test_a_cancelled_message_leaves_nothing_and_frees_the_writer(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path / "a.db"))
    await database.start()
    inside = asyncio.Event()

    async def message() -> None:
        async with database.work() as work:
            await work.inbox.claim("m")
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(message())
    await inside.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with database.work() as work:
        assert await work.inbox.claim("m")
    await database.close()


async def test_many_messages_at_once_wait_in_line(database: Database) -> None:
    async def message(number: int) -> bool:
        async with database.work() as work:
            return await work.inbox.claim(f"m{number % 20}")

    assert sum(await asyncio.gather(*(message(number) for number in range(60)))) == 20


async def test_part_of_a_transaction_can_be_undone(database: Database) -> None:
    async with database.work() as work:
        async with work.connection.begin_nested() as part:
            await work.inbox.claim("undone")
            await part.rollback()
        await work.inbox.claim("kept")
    async with database.work() as work:
        assert await work.inbox.claim("undone")
        assert not await work.inbox.claim("kept")
