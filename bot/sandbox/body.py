"""JSON as it comes from outside, read without trusting it. Not a schema: a wrong shape reads as empty."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

from aiohttp import web

Body = dict[str, object]


def as_body(value: object) -> Body:
    """The object itself, {} when it is none."""
    return {str(key): item for key, item in value.items()} if isinstance(value, Mapping) else {}


def parsed(text: str) -> Body:
    """The JSON object in `text`, {} when there is none."""
    try:
        return as_body(json.loads(text))
    except ValueError:
        return {}


def string(body: Mapping[str, object], key: str, default: str = "") -> str:
    """A string field; numbers are shown as strings, everything else is the default."""
    value = body.get(key)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else default


def number(body: Mapping[str, object], key: str, default: float = 0) -> float:
    """A number field, also when it comes as a string of digits."""
    try:
        value = float(string(body, key, str(default)))
    except ValueError:
        return default
    return value if math.isfinite(value) else default


def items(body: Mapping[str, object], key: str) -> list[object]:
    """A list field, [] when it is none."""
    value = body.get(key)
    return value if isinstance(value, list) else []


def strings(body: Mapping[str, object], key: str) -> list[str]:
    """The strings in a list field."""
    return [item for item in items(body, key) if isinstance(item, str)]


async def body_of(request: web.Request) -> Body:
    """The JSON object a request carries, {} when it carries none."""
    return parsed(await request.text())
