"""A line of the log tells what failed and where, never what people wrote."""

from __future__ import annotations

import json
import logging
import sqlite3
import sys

from bot.logs import JsonLines


def logged(error: Exception) -> dict[str, str]:
    """The line of an error that was caught."""
    try:
        try:
            raise error
        except Exception as cause:
            raise RuntimeError("三十所 13800000001") from cause
    except RuntimeError:
        record = logging.LogRecord("bot", logging.ERROR, "", 0, "message failed", (), sys.exc_info())
    line: dict[str, str] = json.loads(JsonLines().format(record))
    return line


def test_the_text_of_an_error_is_left_out_its_class_and_place_are_told() -> None:
    trace = logged(ValueError("invalid literal: '三十所'"))["trace"]
    assert "三十所" not in trace
    assert "13800000001" not in trace
    assert trace.index("ValueError") < trace.index("RuntimeError")
    assert "test_logs.py:" in trace


def test_what_the_system_says_is_kept() -> None:
    assert "database is locked" in logged(sqlite3.OperationalError("database is locked"))["trace"]


def test_queries_and_tickets_are_left_out_of_it() -> None:
    trace = logged(OSError("https://oapi.dingtalk.com/x?ticket=abc token=def"))["trace"]
    assert "abc" not in trace
    assert "def" not in trace.split("RuntimeError")[0].split("token")[1].split("\n")[0]
