"""aiosqlite with at most one visit to its thread per statement: its four were two thirds of a message's time.

A visit costs more than a short statement does, so inside a transaction, where nothing waits for a lock any more, a
statement that has shown itself quick runs where it is asked for. BEGIN, COMMIT, whatever was not seen before and
whatever was once slow run on the thread. Every row is fetched at once; streams take aiosqlite as it is.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from threading import Thread
from typing import Self, TypeAlias, TypeVar

import aiosqlite

T = TypeVar("T")
Row: TypeAlias = tuple[object, ...]
Parameters: TypeAlias = Sequence[object]
Running: TypeAlias = Callable[[sqlite3.Connection, str, Sequence[T]], None]
QUICK = 0.001  # seconds of work; three visits cost as much
LAST_WORDS = 1.0  # seconds for the thread of a connection that could not be opened
SHARED = sqlite3.threadsafety == 3  # whether two threads may use one connection in turn


class QuickCursor:
    """A cursor that runs a statement, fetches its rows and closes itself in one go."""

    arraysize = 1

    def __init__(self, connection: QuickConnection) -> None:
        self._connection = connection
        self._rows: list[Row] = []
        self.description: Sequence[Row] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def execute(self, sql: str, parameters: Sequence[object] = ()) -> Self:
        """Run one statement and keep its rows."""
        await self._connection.run(self._execute, sql, parameters)
        return self

    async def executemany(self, sql: str, parameters: Sequence[Parameters]) -> Self:
        """Run one statement for each set of parameters."""
        await self._connection.run(self._executemany, sql, parameters)
        return self

    async def fetchall(self) -> list[Row]:
        """The rows not fetched yet."""
        rows, self._rows = self._rows, []
        return rows

    async def fetchmany(self, size: int | None = None) -> list[Row]:
        """The next rows."""
        many = self.arraysize if size is None else size
        rows, self._rows = self._rows[:many], self._rows[many:]
        return rows

    async def fetchone(self) -> Row | None:
        """The next row."""
        return self._rows.pop(0) if self._rows else None

    async def close(self) -> None:
        """Nothing is open: the thread closed its cursor."""

    async def __aenter__(self) -> Self:
        return self

    def __await__(self) -> Generator[None, None, Self]:
        return self.__aenter__().__await__()

    def _execute(self, raw: sqlite3.Connection, sql: str, parameters: Sequence[object]) -> None:
        cursor = raw.cursor()
        try:
            cursor.execute(sql, parameters)
            self._keep(cursor)
        finally:
            cursor.close()

    def _executemany(self, raw: sqlite3.Connection, sql: str, parameters: Sequence[Parameters]) -> None:
        cursor = raw.cursor()
        try:
            cursor.executemany(sql, parameters)
            self._keep(cursor)
        finally:
            cursor.close()

    def _keep(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid


class TidyConnection(aiosqlite.Connection):
    """A connection that leaves no thread behind."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connect, iter_chunk_size=64)
        own: object = getattr(self, "_thread", self)  # aiosqlite before 0.22 is the thread itself
        assert isinstance(own, Thread)
        own.daemon = True  # a loop that is gone must not keep the process
        self.worker = own

    def __await__(self) -> Generator[None, None, Self]:
        try:
            yield from super().__await__()
        except BaseException:
            self.worker.join(LAST_WORDS)  # else it may report to a loop that is closed by then
            raise
        return self


class QuickConnection(TidyConnection):
    """A connection whose cursors are quick."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connect)
        self.quick: dict[str, bool] = {}
        """Statement → every run of it was quick."""

    def cursor(self) -> QuickCursor:  # type: ignore[override]  # awaited or entered, it gives itself
        return QuickCursor(self)

    async def run(self, running: Running[T], sql: str, parameters: Sequence[T]) -> None:
        """Run a statement, here if it is quick and waits for no lock, else on the connection's thread."""
        raw: sqlite3.Connection = self._conn
        if SHARED and raw.in_transaction and self.quick.get(sql):
            self._timed(running, raw, sql, parameters)
        else:
            await self._execute(self._timed, running, raw, sql, parameters)  # type: ignore[no-untyped-call]

    def _timed(self, running: Running[T], raw: sqlite3.Connection, sql: str, parameters: Sequence[T]) -> None:
        began = time.thread_time()
        running(raw, sql, parameters)
        self.quick[sql] = self.quick.get(sql, True) and time.thread_time() - began < QUICK


def tidy_connection(database: str, **options: object) -> TidyConnection:
    """A connection to be awaited, as `aiosqlite.connect` gives one."""
    return TidyConnection(connector(database, options))


def quick_connection(database: str, **options: object) -> QuickConnection:
    """The same, with cursors for short statements."""
    return QuickConnection(connector(database, {**options, "check_same_thread": not SHARED}))


def connector(database: str, options: Mapping[str, object]) -> Callable[[], sqlite3.Connection]:
    """What the thread calls to open the file."""
    return lambda: sqlite3.connect(database, **options)  # type: ignore[call-overload]
