"""The tables' revision: what it is, what it should be, and the way there by the packaged migrations (Alembic)."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from storage.dialect import lock_key_now
from storage.tables import metadata

SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the tables up to `revision`, in one transaction; a second process waits and finds nothing to do."""
    lock_key_now(connection, "schema")
    command.upgrade(_config(connection), revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Take the tables back to `revision` (`base`: none left)."""
    lock_key_now(connection, "schema")
    command.downgrade(_config(connection), revision)


def differences(connection: Connection) -> list[str]:
    """What tables and migrations disagree about, in Alembic's words; empty is right."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": False})
    return [str(difference) for difference in compare_metadata(context, metadata)]


def known(revision: str) -> bool:
    """Whether this release has a migration of that name."""
    return revision in {script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()}


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
