"""The doctor's look at the database: opens it, starts a transaction that may write, and leaves no trace."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from sqlalchemy.exc import SQLAlchemyError

from bot.finding import Finding
from bot.folders import writable
from storage import HEAD, Database, DatabaseUnreadable, Locked, SchemaNew, SchemaOld


class Undone(Exception):
    """Rolls back what was only tried."""


class Say:
    DATABASE, SCHEMA, LOCK = "数据库", "表结构", "运行锁"
    DATABASE_OK = "可读可写（{kind}）"
    DATABASE_NEW = "还没有建，首次运行时建在 {path}"
    DATABASE_FOLDER = "目录 {path} 不可写"
    DATABASE_FOLDER_DO = "把目录交给运行钉办的用户：chown dingban {path}"
    DATABASE_URL_DO = "检查 DINGBAN_DATABASE_URL，写法见 env.example；PostgreSQL 还要装 dingban[postgres]"
    DATABASE_BAD = "打不开：{why}"
    DATABASE_READ_ONLY = "能读不能写：{why}"
    DATABASE_READ_ONLY_DO = "检查库文件和目录的属主、磁盘是否已满、是否连到了只读备库"
    DATABASE_SLOW = "{seconds} 秒没有应答"
    WHY: ClassVar[dict[str, str]] = {
        "InvalidPasswordError": "用户名或密码不对",
        "InvalidAuthorizationSpecificationError": "用户名或密码不对",
        "InvalidCatalogNameError": "没有这个库",
        "ConnectionRefusedError": "主机没有在这个端口监听",
        "gaierror": "主机名解析不了",
        "DatabaseError": "文件不是数据库或已损坏",
        "OperationalError": "文件打不开",
        "PermissionError": "没有权限",
    }
    DATABASE_DO = "检查 DINGBAN_DATABASE_URL、数据库是否已启动、账号是否有权限；文件损坏时按运维手册「恢复」处理"
    SCHEMA_OK = "{revision}，与程序一致"
    SCHEMA_SELF = "{revision}，程序需要 {head}；SQLite 启动时自动升级"
    SCHEMA_OLD = "{revision}，程序需要 {head}"
    SCHEMA_OLD_DO = "先运行 dingban db backup 备份文件，再运行 dingban db upgrade"
    SCHEMA_NEW = "{revision} 比程序新"
    SCHEMA_NEW_DO = "换回新版程序；要退回旧版，按运维手册「退回」用升级前的备份恢复"
    SCHEMA_NONE = "空库"
    LOCK_FREE = "没有别的进程在用"
    LOCK_HELD = "钉办正在这个库上运行（再启动一个会被拒绝）"


async def examine_database(url: str, patience: timedelta) -> list[Finding]:
    """Whether it opens, takes a write, has our tables, and who else runs on it."""
    try:
        database = Database(url)
    except DatabaseUnreadable as bad:
        return [Finding(Say.DATABASE, False, Say.DATABASE_BAD.format(why=bad.why), Say.DATABASE_URL_DO)]
    try:
        async with asyncio.timeout(patience.total_seconds()):
            return await examine_open_database(database)
    except TimeoutError:
        found = Say.DATABASE_SLOW.format(seconds=patience.total_seconds())
        return [Finding(Say.DATABASE, False, found, Say.DATABASE_DO)]
    finally:
        await database.close()


async def examine_open_database(database: Database) -> list[Finding]:
    """The same for a database whose URL is understood."""
    if not database.exists():
        return [examine_folder(database.path or Path())]
    try:
        revision = await database.revision()
    except DatabaseUnreadable as bad:
        return [Finding(Say.DATABASE, False, Say.DATABASE_BAD.format(why=reason(bad)), Say.DATABASE_DO)]
    schema, lock = await examine_schema(database, revision), examine_lock(database)
    ours = revision == HEAD  # only then the row has its table
    return [*([await examine_writing(database)] if ours else []), schema, lock]


def reason(bad: DatabaseUnreadable) -> str:
    """Why it cannot be opened, by the first cause we have words for; else the driver's own name of it."""
    cause = bad.__cause__
    while cause:
        if known := Say.WHY.get(type(cause).__name__):
            return known
        cause = cause.__cause__
    return bad.why


def examine_folder(path: Path) -> Finding:
    """Whether a SQLite file could be made there."""
    if writable(path.parent):
        return Finding(Say.DATABASE, True, Say.DATABASE_NEW.format(path=path))
    found = Say.DATABASE_FOLDER.format(path=path.parent)
    return Finding(Say.DATABASE, False, found, Say.DATABASE_FOLDER_DO.format(path=path.parent))


async def examine_writing(database: Database) -> Finding:
    """Whether a row can be written; it is rolled back."""
    try:
        async with database.work() as work:
            await work.inbox.claim("doctor", robot="doctor")
            raise Undone
    except Undone:
        kind = "SQLite" if database.is_sqlite else "PostgreSQL"
        return Finding(Say.DATABASE, True, Say.DATABASE_OK.format(kind=kind))
    except (SQLAlchemyError, OSError) as refused:
        found = Say.DATABASE_READ_ONLY.format(why=type(refused).__name__)
        return Finding(Say.DATABASE, False, found, Say.DATABASE_READ_ONLY_DO)


async def examine_schema(database: Database, revision: str | None) -> Finding:
    """Whether the tables are of this release."""
    shown = revision or Say.SCHEMA_NONE
    try:
        await database.check_revision()
    except SchemaOld:
        found = Say.SCHEMA_SELF if database.is_sqlite else Say.SCHEMA_OLD
        return Finding(Say.SCHEMA, database.is_sqlite, found.format(revision=shown, head=HEAD), Say.SCHEMA_OLD_DO)
    except SchemaNew:
        return Finding(Say.SCHEMA, False, Say.SCHEMA_NEW.format(revision=shown), Say.SCHEMA_NEW_DO)
    return Finding(Say.SCHEMA, True, Say.SCHEMA_OK.format(revision=shown))


def examine_lock(database: Database) -> Finding:
    """Whether another process runs on this file; that is no fault, but explains why a second start is refused."""
    try:
        database.lock.acquire()
    except Locked:
        return Finding(Say.LOCK, True, Say.LOCK_HELD)
    database.lock.release()
    return Finding(Say.LOCK, True, Say.LOCK_FREE)
