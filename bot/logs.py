"""JSON lines on stderr, each bound to the message it belongs to. Never what people wrote, never a secret or a query."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

BOUND: ContextVar[dict[str, str] | None] = ContextVar("bound", default=None)
STANDARD = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {"message", "asctime", "taskName"}
QUERY = re.compile(r"(https?|wss?)://[^\s\"'?]+\?[^\s\"']*")
TEXT_IS_OURS = (OSError, sqlite3.Error)
CHAIN = 5  # errors of one chain that are told
SECRET = re.compile(r"(?i)(ticket|token|secret|session|sign|password)([\"']?\s*[=:]\s*[\"']?)[^\s\"'&,;)]+")


def clean(text: str) -> str:
    """The text without query strings and without anything that looks like a ticket, token or secret."""
    return SECRET.sub(r"\1\2***", QUERY.sub(lambda m: m[0].split("?")[0] + "?***", text))


def trace(error: BaseException | None) -> str:
    """What raised what, and where, the cause first. The text of an error may hold what people wrote: it is left out,
    but for those of the system and of SQLite, which tell of files and locks only."""
    told: list[str] = []
    while error and len(told) < CHAIN:
        told.append("\n".join([*places(error), named(error)]))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(reversed(told))


def places(error: BaseException) -> list[str]:
    """Where it came by, outermost first."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def named(error: BaseException) -> str:
    """Its class, and its text where that is the system's own."""
    return f"{type(error).__name__}: {error}" if isinstance(error, TEXT_IS_OURS) else type(error).__name__


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, event, logger, the facts given in `extra`, and what is bound."""

    def format(self, record: logging.LogRecord) -> str:
        facts: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": clean(record.getMessage()),
            "logger": record.name,
        }
        facts |= BOUND.get() or {}
        facts |= {k: clean(v) if isinstance(v, str) else v for k, v in record.__dict__.items() if k not in STANDARD}
        if record.exc_info:
            facts["trace"] = clean(trace(record.exc_info[1]))
        return json.dumps(facts, ensure_ascii=False, default=str)


@contextmanager
def bind(**ids: str) -> Iterator[None]:
    """Every line logged inside carries these ids (message, chat, person)."""
    mark = BOUND.set({**(BOUND.get() or {}), **ids})
    try:
        yield
    finally:
        BOUND.reset(mark)


def start_logs(level: str) -> None:
    """Send every logger's lines to stderr as JSON; libraries from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for room in ("bot", "handlers", "knowledge", "storage"):
        logging.getLogger(room).setLevel(level)
