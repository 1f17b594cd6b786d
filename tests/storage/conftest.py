"""The given of storage tests: an empty database with all tables, once on SQLite, once on PostgreSQL."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage import Database
from tests.postgres import Postgres, postgres

BOTH = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    with postgres() as running:
        yield running


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "all.db"
    asyncio.run(_make(path))
    return path


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database with all tables and no rows."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("template"), tmp_path / "test.db")
        yield sqlite_url(tmp_path / "test.db")
        return
    server: Postgres = request.getfixturevalue("server")
    made = server.database()
    yield made
    server.give_back(made)


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database without tables; the SQLite file is not there yet."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "empty.db")
        return
    server: Postgres = request.getfixturevalue("server")
    made = server.database(empty=True)
    yield made
    server.drop(made)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    await database.start()
    yield database
    await database.close()


@pytest.fixture
async def twin(url: str, database: Database) -> AsyncIterator[Database]:
    """The same database as another process would open it."""
    database = Database(url)
    await database.start()
    yield database
    await database.close()


def sqlite_url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


async def _make(path: Path) -> None:
    database = Database(sqlite_url(path))
    await database.upgrade()
    await database.close()
