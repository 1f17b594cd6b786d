"""Passages that differ about one thing."""

from __future__ import annotations

from knowledge.notice import Conflict, Notice


def find_conflicts(notice: Notice) -> tuple[Conflict, ...]:
    """Conflicts of the notice."""
    return ()
