"""`dingban db …`: upgrade, check, back up, restore."""

from __future__ import annotations

from pathlib import Path

from bot.commands.base import Refused, now_of
from bot.say import Say
from bot.settings import read_settings
from storage import Database, backup, restore


async def upgrade() -> str:
    """Bring the tables up to this release."""
    database = Database(read_settings().database_url)
    try:
        await database.upgrade()
    finally:
        await database.close()
    return Say.UPGRADED


async def check() -> str:
    """Verify every chain of the audit. Raises: Refused with a line for each fault."""
    database = Database(read_settings().database_url)
    try:
        await database.check_revision()
        async with database.read() as work:
            faults = await work.audit.check()
    finally:
        await database.close()
    if faults:
        lines = (Say.CHECK_BAD.format(chain=f.chain, number=f.number or "末", why=f.why) for f in faults)
        raise Refused("\n".join(lines), 5)
    return Say.CHECK_OK


async def save(path: Path) -> str:
    """One archive of rows and files. Raises: Refused when it cannot be written."""
    settings = read_settings()
    database = Database(settings.database_url)
    try:
        await database.check_revision()
        made = await backup(database, settings.files_dir, path, now_of(settings))
    except OSError as error:
        raise Refused(Say.WRITE_REFUSED.format(path=path, why=error.strerror or "")) from error
    finally:
        await database.close()
    return Say.BACKUP_DONE.format(path=path, tables=len(made.rows), rows=sum(made.rows.values()), files=made.files)


async def bring_back(path: Path) -> str:
    """Restore an archive into an empty database; nothing runs on it meanwhile."""
    if not path.exists():
        raise Refused(Say.NO_FILE.format(path=path), 2)
    settings = read_settings()
    database = Database(settings.database_url)
    try:
        with database.lock:
            made = await restore(database, settings.files_dir, path)
    finally:
        await database.close()
    return Say.RESTORED.format(path=path, rows=sum(made.rows.values()), files=made.files)
