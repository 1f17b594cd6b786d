"""Reminders: written by the engine on the tables of storage.tables_engine."""

from __future__ import annotations

from storage.repository import Repository


class Reminders(Repository):
    """Reminders of the running transaction."""
