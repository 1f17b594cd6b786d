"""What a message costs in the database: one visit to SQLite's thread per statement. Times are `make bench`'s."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import threading
from collections.abc import Awaitable
from pathlib import Path

import pytest
from sqlalchemy import ClauseElement, Select, Update, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError, OperationalError

from storage import Database, dialogues, directory, inbox, outbox, reminders, replicas
from storage.driver import quick_connection, tidy_connection
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


async def test_a_file_that_cannot_be_opened_leaves_no_thread_behind(tmp_path: Path) -> None:
    for connection in (quick_connection(str(tmp_path)), tidy_connection(str(tmp_path))):
        with pytest.raises(sqlite3.OperationalError):
            await connection
        assert not connection.worker.is_alive()


async def test_a_quick_statement_is_run_on_the_spot_only_inside_a_transaction(tmp_path: Path) -> None:
    connection = quick_connection(str(tmp_path / "a.db"), isolation_level=None)
    await connection
    threads: list[int] = []
    await connection.create_function("here", 0, lambda: threads.append(threading.get_ident()))
    cursor = connection.cursor()
    for sql in ("SELECT here()", "SELECT here()", "BEGIN IMMEDIATE", "SELECT here()", "COMMIT", "SELECT here()"):
        await cursor.execute(sql)
    outside = threads[0]
    assert threads == [outside, outside, threading.get_ident(), outside]
    connection.quick["SELECT here()"] = False  # it was slow once
    await cursor.execute("BEGIN IMMEDIATE")
    await cursor.execute("SELECT here()")
    assert threads[-1] == outside
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


async def test_what_every_message_and_every_look_costs_does_not_grow_with_what_is_done(tmp_path: Path) -> None:
    for name, steps in (await plans_of(tmp_path, hot_statements())).items():
        assert not [step for step in steps if step.startswith("SCAN") and "INDEX" not in step], (name, steps)


async def test_no_reminder_statement_reads_what_was_said_long_ago(tmp_path: Path) -> None:
    plans = await plans_of(tmp_path, reminder_statements())
    for name, steps in plans.items():
        assert not [step for step in steps if step.startswith("SCAN") and "INDEX" not in step], (name, steps)
    for name in ("_EXPIRE", "_ASLEEP", "_WITHHELD", "_WAITING", "_OF_PLAN"):
        assert "ix_reminder_open" in plans[name][0], (name, plans[name])
    for name in ("_OWED", "_LAY_DOWN", "_TO_RECEIVER"):
        assert "ix_reminder_receiver" in plans[name][0], (name, plans[name])
    assert "ix_reminder_unit_period" in plans["_SUPERSEDE"][0], plans["_SUPERSEDE"]
    assert any("ix_outbox_job_group" in step for step in plans["_WAITING"]), plans["_WAITING"]


async def plans_of(folder: Path, statements: list[tuple[str, str]]) -> dict[str, list[str]]:
    """How SQLite goes about each statement, step by step."""
    database = Database(sqlite_url(folder / "a.db"))
    await database.start()
    plans = {}
    async with database.read() as work:
        for name, statement in statements:
            plan = await work.connection.execute(text(f"EXPLAIN QUERY PLAN {statement}"), nothing_for(statement))
            plans[name] = [str(row[3]) for row in plan]
    await database.close()
    return plans


def reminder_statements() -> list[tuple[str, str]]:
    """Every statement over the reminder facts that is made once, as SQLite gets it."""
    found = {name: value for name, value in vars(reminders).items() if isinstance(value, Select | Update)}
    assert len(found) > 10
    bare = {"_CHANGE", "_LIVE"}  # the beginnings of others
    return [(name, as_sqlite_gets_it(statement)) for name, statement in found.items() if name not in bare]


def hot_statements() -> list[tuple[str, str]]:
    """The statements that a message, a reply, a look at the queue and a tended lease bring, as SQLite gets them."""
    names = {
        outbox: ("_PUT_REPLY", "_HURRY", "_HURRY_CHAT", "_DUE", "_LEASE", "_FINISH", "_NEXT", "_CANCEL"),
        replicas: ("_LOST", "_HERS", "_OPEN_COUNTS", "_TROUBLE_COUNTS", "_OLDEST", "_OLDEST_DUE"),
        inbox: ("_CLAIM",),
        directory: ("_IDENTIFY", "_MEET", "_GREET"),
        dialogues: ("_LOAD", "_SAVE"),
    }
    found = [(name, getattr(module, name)) for module, own in names.items() for name in own]
    return [(name, as_sqlite_gets_it(statement)) for name, statement in found]


def as_sqlite_gets_it(statement: ClauseElement) -> str:
    """Its text with named parameters, lists of one."""
    said = str(statement.compile(dialect=sqlite.dialect(paramstyle="named")))
    return re.sub(r"__\[POSTCOMPILE_(\w+)\]", r":\1", said)


def nothing_for(statement: str) -> dict[str, None]:
    """NULL for each of its parameters: a plan is asked for, no rows."""
    return dict.fromkeys(re.findall(r"(?<!:):(\w+)", statement))
