"""What was read is kept: a start reads no file again, unless another reader read it or nothing is left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.library import Shelf
from handlers.publishing import keep, publish
from knowledge import Asked, Notice, pack, read_notice, reader, unpack
from storage import Actor, Database, InForce

NOW = datetime(2021, 6, 1, tzinfo=UTC)
BY = Actor("office", "办公室")
FOLDERS = [Path(__file__).parents[1] / "data" / folder for folder in ("notices", "written", "fixtures")]
FILES = sorted(
    f for folder in FOLDERS for f in folder.iterdir() if f.name != "README.md" and f.suffix in (".txt", ".md", ".html")
)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A new database, closed afterwards."""
    found = Database(f"sqlite+aiosqlite:///{tmp_path}/d.db")
    await found.start()
    yield found
    await found.close()


def notice_of(path: Path) -> Notice:
    return read_notice(path.read_bytes(), path.name)


async def published(database: Database, path: Path) -> InForce:
    notice = notice_of(path)
    async with database.work() as work:
        stored = await keep(work, notice, path.read_bytes(), path.name, BY, NOW)
        await publish(work, stored, notice, BY, NOW)
        return (await work.notices.in_force())[0]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_what_is_kept_is_what_was_read(path: Path) -> None:
    notice = notice_of(path)
    assert unpack(pack(notice)) == notice


def test_bytes_that_are_no_facts_are_none() -> None:
    assert [unpack(b) for b in (b"", b"abc", pack(notice_of(FILES[0]))[:-9])] == [None, None, None]


async def test_a_start_reads_no_file_that_this_reader_read(database: Database) -> None:
    await published(database, FILES[0])
    shelf = Shelf()
    async with database.read() as work:
        library = await shelf.library(work)
    assert library.notices == (notice_of(FILES[0]),)
    assert not shelf.unkept


@pytest.mark.parametrize("kept", [("another reader", None), (None, b"broken"), (None, "another text")])
async def test_facts_of_another_reader_or_text_are_read_again_and_kept(
    database: Database, kept: tuple[str | None, bytes | str | None]
) -> None:
    stored = await published(database, FILES[0])
    by, facts = kept
    lying = facts if isinstance(facts, bytes) else pack(notice_of(FILES[1 if facts else 0]))
    async with database.work() as work:
        await work.notices.keep_facts(stored.id, by or reader(), lying)
    shelf = Shelf()
    async with database.work() as work:
        assert (await shelf.library(work)).notices == (notice_of(FILES[0]),)
        assert shelf.unkept
        await shelf.keep(work)
    again = Shelf()
    async with database.read() as work:
        library = await again.library(work)
    assert (library.notices, again.unkept) == ((notice_of(FILES[0]),), False)
    assert library.ask(Asked("文号")).text
