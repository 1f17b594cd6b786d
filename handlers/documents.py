"""JSON documents as storage hands them out (any sequence, any mapping) and as forms take them (lists and dicts)."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.form_steps import JSON
from storage import JSON as Stored


def document(stored: Mapping[str, Stored]) -> dict[str, JSON]:
    """The document with every part as list or dict."""
    return {name: part(value) for name, value in stored.items()}


def part(value: Stored) -> JSON:
    """A part of a document."""
    if isinstance(value, bool | int | float | str) or value is None:
        return value
    if isinstance(value, Mapping):
        return document(value)
    return [part(item) for item in value]
