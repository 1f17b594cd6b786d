"""What all commands share: settings, an open database, one line and an exit code for each failure expected."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import NoReturn, TypeVar

import typer

from bot.clock import BusinessClock
from bot.say import Say
from bot.settings import BadSetting, Settings, read_settings
from knowledge import NotANotice, Unreadable
from storage import (
    Actor,
    BackupBroken,
    Database,
    DatabaseNotEmpty,
    DatabaseUnreadable,
    Locked,
    SchemaNew,
    SchemaOld,
    StoredNotice,
    Work,
)

T = TypeVar("T")
BY_COMMAND = Actor("command")


class Refused(Exception):
    """A command stops here: one Chinese line and an exit code."""

    def __init__(self, line: str, code: int = 1) -> None:
        super().__init__(line)
        self.line, self.code = line, code


def stop(line: str, code: int = 1) -> NoReturn:
    """Say the line on stderr and end. Raises: typer.Exit."""
    typer.echo(line, err=True)
    raise typer.Exit(code)


def perform(work: Callable[[], Awaitable[T]]) -> T:
    """Run a command; every failure that is expected becomes one line and a non-zero exit."""
    try:
        return asyncio.run(_awaited(work))
    except Refused as refused:
        stop(refused.line, refused.code)
    except BadSetting as bad:
        lines = {"missing": Say.MISSING, "wrong": Say.WRONG, "loopback": Say.LOOPBACK}
        stop(lines[bad.why].format(names="、".join(bad.names)), 2)
    except DatabaseUnreadable:
        stop(Say.UNREADABLE.format(path=shown_database()), 3)
    except SchemaOld as old:
        stop(Say.SCHEMA_OLD.format(found=old.found or "无"), 3)
    except SchemaNew as new:
        stop(Say.SCHEMA_NEW.format(found=new.found), 3)
    except Locked as locked:
        stop(Say.LOCKED.format(path=locked.path), 3)
    except BackupBroken as broken:
        stop(Say.BACKUP_BROKEN.format(why=why_broken(broken.why)), 4)
    except DatabaseNotEmpty:
        stop(Say.NOT_EMPTY, 4)
    except KeyboardInterrupt:
        sys.exit(130)


def why_broken(why: str) -> str:
    """The reason in Chinese, a member's name kept: rows.jsonl被改动过."""
    for words, said in Say.BACKUP_WHY.items():
        if why.endswith(words):
            return why.removesuffix(words).rstrip() + said
    return why.partition(" ")[0] + Say.BACKUP_ROWS


async def _awaited(work: Callable[[], Awaitable[T]]) -> T:
    return await work()


def shown_database() -> str:
    """The database's address without a password."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(read_settings().database_url).render_as_string(hide_password=True)
    except (ArgumentError, BadSetting):
        return "DINGBAN_DATABASE_URL"


def read_bytes(path: Path) -> bytes:
    """The file's bytes. Raises: Refused."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(Say.NO_FILE.format(path=path), 2) from error


def unreadable(error: NotANotice | Unreadable, path: Path) -> Refused:
    """The line for a file that is no notice."""
    if isinstance(error, NotANotice):
        return Refused(Say.NOT_A_NOTICE.format(path=path), 2)
    return Refused(Say.UNREADABLE_FILE.get(error.why, Say.UNREADABLE_FILE["format"]).format(path=path), 2)


def now_of(settings: Settings) -> datetime:
    """Business time of a command."""
    return BusinessClock(settings.zone, settings.clock).now()


@asynccontextmanager
async def opened(*, built_in: bool = True) -> AsyncIterator[tuple[Settings, Database, datetime]]:
    """Settings, a ready database and the present; the built-in notice is published on one that never had any."""
    settings = read_settings()
    database = Database(settings.database_url)
    try:
        await database.start()
        if built_in:
            from bot.app import publish_built_in

            await publish_built_in(database, now_of(settings))
        yield settings, database, now_of(settings)
    finally:
        await database.close()


async def find_notice(work: Work, name: str | None) -> StoredNotice:
    """The published notice of that 文号 or number in the list; without a name the only one. Raises: Refused."""
    published = await work.notices.published()
    if not published:
        raise Refused(Say.NO_NOTICES)
    if name is None and len(published) == 1:
        return published[0]
    if name is None:
        names = "、".join(n.notice for n in published)
        raise Refused(Say.UNCLEAR_NOTICE.format(count=len(published), names=names))
    found = [n for n in published if name in (n.notice, n.title)]
    if not found and name.isdecimal() and 0 < int(name) <= len(published):
        found = [published[int(name) - 1]]
    if not found:
        raise Refused(Say.NO_NOTICE.format(name=name))
    return found[0]
