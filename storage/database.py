"""The database: opened, checked, upgraded, and handed out as one transaction at a time. It knows no table."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.dialect import is_sqlite, migrating_engine, reading_engine, refusals, writing_engine
from storage.errors import DatabaseUnreadable, SchemaNew, SchemaOld
from storage.lock import Lock
from storage.work import Work

HEAD = "0005"
"""The last migration; a test keeps it true. Known here so that a start needs no Alembic."""

_REVISION = text("SELECT version_num FROM alembic_version")
_HAS_REVISION = {
    True: text("SELECT COUNT(*) FROM sqlite_master WHERE name = 'alembic_version'"),
    False: text(
        "SELECT COUNT(*) FROM pg_catalog.pg_tables WHERE tablename = 'alembic_version' "
        "AND schemaname = current_schema()"
    ),
}


class Database:
    """One database by its URL (`sqlite+aiosqlite:///file`, `postgresql+asyncpg://…`)."""

    def __init__(self, url: str) -> None:
        """Nothing is opened yet. Raises: DatabaseUnreadable for a URL that names no database we know."""
        try:
            self._url = make_url(url)
            self._writing = writing_engine(self._url)
            self._reading = reading_engine(self._url, self._writing)
            self._refusals: tuple[type[Exception], ...] = (SQLAlchemyError, OSError, *refusals(self._url))
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as wrong:
            raise DatabaseUnreadable(_why(wrong)) from wrong
        self.is_sqlite = is_sqlite(self._url)
        self.path = Path(self._url.database or "") if self.is_sqlite else None
        self.lock = Lock(self.path.with_name(self.path.name + ".lock") if self.path else None)

    async def start(self) -> None:
        """Make it ready: a SQLite file is created and upgraded, another database must be of this release.

        Raises: DatabaseUnreadable, SchemaOld, SchemaNew.
        """
        if self.is_sqlite and (not self.exists() or await self.revision() != HEAD):
            await self.upgrade()
        await self.check_revision()

    async def check_revision(self) -> None:
        """Raises: SchemaOld, SchemaNew, DatabaseUnreadable. Creates and writes nothing."""
        found = await self.revision()
        if found == HEAD:
            return
        from storage.schema import known

        raise SchemaOld(found, HEAD) if found is None or known(found) else SchemaNew(found)

    def exists(self) -> bool:
        """Whether a SQLite file is there; True for other databases, which only connecting can tell."""
        return self.path is None or self.path.exists()

    async def revision(self) -> str | None:
        """The revision of the tables, None without tables. Raises: DatabaseUnreadable."""
        if not self.exists():
            return None
        async with self._reachable(), self._reading.connect() as connection:
            if not (await connection.execute(_HAS_REVISION[self.is_sqlite])).scalar_one():
                return None
            found: str | None = (await connection.execute(_REVISION)).scalar_one_or_none()
            return found

    async def upgrade(self, revision: str = "head") -> None:
        """Bring the tables up to `revision`. Raises: DatabaseUnreadable, SchemaNew."""
        from storage import schema

        found = await self.revision()
        if found is not None and not schema.known(found):
            raise SchemaNew(found)
        if self.path:
            self._make_folder(self.path.parent)
        async with self._alone(), self.migration() as connection:
            await connection.run_sync(schema.upgrade, revision)

    async def downgrade(self, revision: str) -> None:
        """Take the tables back to `revision`. Raises: DatabaseUnreadable."""
        from storage import schema

        async with self.migration() as connection:
            await connection.run_sync(schema.downgrade, revision)

    @asynccontextmanager
    async def migration(self) -> AsyncIterator[AsyncConnection]:
        """A transaction of its own for changing tables, with foreign keys off."""
        engine = migrating_engine(self._url)
        try:
            async with self._reachable(), engine.begin() as connection:
                yield connection
        finally:
            await engine.dispose()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """One transaction that may write; rolled back unless the block ends well. Never open two in one task.

        Raises: DatabaseUnreadable when the database is gone, full or busy for too long; nothing was written then.
        """
        async with self._transaction(self._writing) as work:
            yield work

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Work]:
        """One snapshot that cannot write and waits for no writer. Raises: DatabaseUnreadable."""
        async with self._transaction(self._reading) as work:
            yield work

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine) -> AsyncIterator[Work]:
        connection = engine.connect()
        async with self._reachable():
            await connection.start()
        try:
            async with connection.begin():
                yield Work(connection)
        except (OperationalError, InterfaceError) as lost:
            raise DatabaseUnreadable(_why(lost)) from lost
        except DBAPIError as wrong:
            if wrong.connection_invalidated:
                raise DatabaseUnreadable(_why(wrong)) from wrong
            raise
        finally:
            await connection.close()

    async def close(self) -> None:
        """Close every connection and let the lock go."""
        await self._reading.dispose()
        await self._writing.dispose()
        self.lock.release()

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Wait for other processes that upgrade a SQLite file of this folder: turning on WAL waits for nobody."""
        turn = Lock(self.path.parent if self.path else None)
        await asyncio.to_thread(turn.acquire, wait=True)
        try:
            yield
        finally:
            turn.release()

    @asynccontextmanager
    async def _reachable(self) -> AsyncIterator[None]:
        try:
            yield
        except self._refusals as refused:
            raise DatabaseUnreadable(_why(refused)) from refused

    @staticmethod
    def _make_folder(folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as refused:
            raise DatabaseUnreadable(_why(refused)) from refused


def _why(error: Exception) -> str:
    """The driver's word for it, without statement or values."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return f"{type(cause).__name__}: {str(cause).splitlines()[0] if str(cause) else ''}".rstrip(": ")
