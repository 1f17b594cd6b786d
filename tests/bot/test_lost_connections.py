"""A PostgreSQL that restarts under a running bot: nobody is apologised to, nothing is lost, nothing is said twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.engine import make_url

from storage import Database, DatabaseUnreadable
from tests.bot.fake_door import FakeDoor, House, SetClock, answer, states
from tests.postgres import Postgres

pytestmark = pytest.mark.postgres


@pytest.fixture
async def database(server: Postgres) -> AsyncIterator[Database]:
    url = server.database()
    database = Database(url)
    await database.start()
    yield database
    await database.close()
    server.drop(url)


def cut(server: Postgres, database: Database) -> None:
    """End every connection to the database from the other side, as a restart does."""
    name = make_url(str(database._url)).database
    server.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


async def warm(database: Database) -> None:
    """Fill the pool with idle connections."""

    async def visit() -> None:
        async with database.work() as work:
            await work.engine_time()
            await asyncio.sleep(0.05)

    await asyncio.gather(*(visit() for _ in range(6)))


async def test_idle_connections_that_died_cost_no_transaction(server: Postgres, database: Database) -> None:
    await warm(database)
    await asyncio.to_thread(cut, server, database)
    async with database.work() as work:
        assert await work.inbox.claim("m1")
    async with database.read() as work:
        assert await work.engine_time()


async def test_a_transaction_cut_in_the_middle_is_told_as_a_lost_database(server: Postgres, database: Database) -> None:
    async def cut_off(*after: str) -> None:
        async with database.work() as work:
            await work.inbox.claim("m1")
            await asyncio.to_thread(cut, server, database)
            for other in after:
                await work.inbox.claim(other)

    for after in (("m2",), ()):
        with pytest.raises(DatabaseUnreadable):
            await cut_off(*after)
    async with database.work() as work:
        assert await work.inbox.claim("m1")


async def test_a_server_that_takes_nobody_is_told_as_a_lost_database(server: Postgres, database: Database) -> None:
    await database.close()
    name = make_url(str(database._url)).database
    await asyncio.to_thread(server.execute, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    with pytest.raises(DatabaseUnreadable):
        async with database.work():
            pass
    with pytest.raises(DatabaseUnreadable):
        async with database.read():
            pass
    await asyncio.to_thread(server.execute, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    async with database.work() as work:
        assert await work.inbox.claim("m1")


async def test_what_was_said_before_the_cut_is_recorded_after_it(server: Postgres, database: Database) -> None:
    clock = SetClock()
    house = House(database, clock, FakeDoor(clock))
    delivery = house.delivery()
    await warm(database)
    await answer(delivery, 1)
    cut(server, database)
    await delivery.settle()
    await delivery.step()
    assert house.door.texts() == ["答1"]
    assert await states(database) == {"done": 1}
