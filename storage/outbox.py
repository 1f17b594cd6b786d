"""Outbox: written by the engine on the tables of storage.tables_engine."""

from __future__ import annotations

from storage.repository import Repository


class Outbox(Repository):
    """Outbox of the running transaction."""
