"""Every word that SQLite and PostgreSQL say differently. No table, no business: the rest of storage speaks plain Core.

`insert` is PostgreSQL's construct: SQLite's compiler renders the same ON CONFLICT from it, so a statement is built
once, at import, for both. `select(...).with_for_update(skip_locked=True)` needs nothing here: SQLite leaves it out.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Protocol

from sqlalchemy import JSON as JsonColumn
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Dialect,
    Index,
    Integer,
    Text,
    TextClause,
    event,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert as insert
from sqlalchemy.engine import URL, Connection
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from storage.driver import quick_connection, tidy_connection

BUSY = timedelta(seconds=10)  # > the longest transaction of another command beside `run`
POOL = 8  # connections of one replica; PostgreSQL allows 100 in all by default
WAIT = timedelta(seconds=30)  # for a connection of the pool
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

Id = BigInteger().with_variant(Integer(), "sqlite")
"""A counting primary key: SQLite counts only `INTEGER PRIMARY KEY`."""

Document = JsonColumn(none_as_null=True)
"""A JSON document; None is NULL."""


class Driver(Protocol):
    """A connection as the driver hands it out."""

    isolation_level: str | None

    def cursor(self) -> DBAPICursor: ...


class Closable(Protocol):
    """The driver's own connection beneath."""

    def is_closed(self) -> bool: ...


class Driven(Protocol):
    """SQLAlchemy's hull around it."""

    driver_connection: Closable


class Time(TypeDecorator[datetime]):
    """An aware datetime, kept as microseconds since 1970 UTC on both databases; read back in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + value * MICROSECOND


class Names(TypeDecorator[tuple[str, ...]]):
    """Several names (units, refs) as a JSON list; read back as a tuple."""

    impl = JsonColumn(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> list[str] | None:
        return None if value is None else list(value)

    def process_result_value(self, value: list[str] | None, dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(value)


class engine_now(FunctionElement[datetime]):
    """Engine time: the database's own clock, to be used inside any statement."""

    name = "engine_now"
    inherit_cache = True
    type = Time()


@compiles(engine_now, "sqlite")
def _now_on_sqlite(element: engine_now, compiler: SQLCompiler, **_: object) -> str:
    return "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER) * 1000"


@compiles(engine_now, "postgresql")
def _now_on_postgres(element: engine_now, compiler: SQLCompiler, **_: object) -> str:
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"


_NOW = select(engine_now())
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


async def engine_time(connection: AsyncConnection) -> datetime:
    """The database's own clock, in UTC; milliseconds on SQLite, microseconds on PostgreSQL."""
    now: datetime = (await connection.execute(_NOW)).scalar_one()
    return now


async def lock_key(connection: AsyncConnection, key: str) -> None:
    """Wait until no other transaction holds `key`, and hold it until this one ends. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(_LOCK, {"key": key})


def lock_key_now(connection: Connection, key: str) -> None:
    """The same for migrations, which run on the plain connection beneath."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"key": key})


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of the rows that satisfy `where` only."""
    condition: TextClause = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def refusals(url: URL) -> tuple[type[Exception], ...]:
    """What the driver raises as it is, outside SQLAlchemy's own errors: a server that starts, stops or is full."""
    if is_sqlite(url):
        return ()
    driver = import_module("asyncpg")  # an extra: only who has PostgreSQL has it
    return (driver.PostgresError, driver.InterfaceError)


def among(column: ColumnElement[str], *words: str) -> ColumnElement[bool]:
    """Whether the column holds one of these constants, written out: a bound one would leave a partial index unused."""
    assert all(word.isalpha() for word in words), words
    said = [literal_column(f"'{word}'", Text()) for word in words]
    return column == said[0] if len(said) == 1 else column.in_(said)


def is_sqlite(url: URL) -> bool:
    """Whether the URL names a SQLite file."""
    return url.get_backend_name() == "sqlite"


def writing_engine(url: URL) -> AsyncEngine:
    """The engine of `work()`. On SQLite one connection: writers queue here, in order, not on the busy file."""
    if not is_sqlite(url):
        engine = _engine(url, pool_size=POOL, max_overflow=POOL, pool_timeout=WAIT.total_seconds(), pool_pre_ping=False)
        event.listen(engine.sync_engine, "checkout", _refuse_closed)
        return engine
    quick = {"async_creator_fn": quick_connection}
    engine = _engine(url, pool_size=1, max_overflow=0, pool_timeout=WAIT.total_seconds(), connect_args=quick)
    _tune(engine, "IMMEDIATE", "synchronous=FULL", "foreign_keys=ON")  # WAL is kept in the file since its upgrade
    return engine


def reading_engine(url: URL, writing: AsyncEngine) -> AsyncEngine:
    """The engine of `read()`: one snapshot per transaction, refused if it writes."""
    if not is_sqlite(url):
        return writing.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    tidy = {"async_creator_fn": tidy_connection}
    engine = _engine(url, pool_size=2, max_overflow=2, pool_timeout=WAIT.total_seconds(), connect_args=tidy)
    _tune(engine, "DEFERRED", "query_only=ON")
    return engine


def migrating_engine(url: URL) -> AsyncEngine:
    """An engine for one migration: foreign keys off, as SQLite's batch mode rebuilds whole tables."""
    engine = _engine(url, poolclass=NullPool)
    if is_sqlite(url):
        _tune(engine, "IMMEDIATE", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF")
    return engine


def _engine(url: URL, **options: object) -> AsyncEngine:
    return create_async_engine(
        url, hide_parameters=True, json_serializer=_dump, json_deserializer=json.loads, **options
    )


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _tune(engine: AsyncEngine, begin: str, *pragmas: str) -> None:
    """Take transactions out of the driver's hands: it would begin late and commit before DDL."""

    def connect(connection: Driver, _: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (f"busy_timeout={BUSY // timedelta(milliseconds=1)}", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {begin}")

    event.listen(engine.sync_engine, "connect", connect)
    event.listen(engine.sync_engine, "begin", start)


def _refuse_closed(connection: Driven, record: object, proxy: object) -> None:
    """The driver has heard that the server ended this one: take another. Costs no way to the server, as a ping does."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


async def count_on(connection: AsyncConnection, table: str) -> None:
    """Let the counter of a table go on after its highest id, as rows came in with theirs. SQLite does so by itself."""
    if connection.dialect.name == "postgresql":
        sequence = f"pg_get_serial_sequence('{table}', 'id')"
        highest = f"(SELECT MAX(id) FROM {table})"
        await connection.execute(text(f"SELECT setval({sequence}, {highest}) WHERE {highest} IS NOT NULL"))
