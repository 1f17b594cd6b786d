"""`dingban ask`: answers from the published notices, the built-in one, or files; creates and writes nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from bot.commands.base import Refused, read_bytes, unreadable
from bot.library import Shelf
from bot.say import Say
from bot.settings import read_settings
from knowledge import Asked, Library, NotANotice, Unreadable, answer_lines, read_notice
from storage import Database


async def ask(words: str, unit: str | None, notice: Path | None, *, as_json: bool) -> str:
    """The answer to one question as text or JSON. Raises: Refused."""
    if not words.strip():
        raise Refused(Say.QUESTION_WANTED, 2)
    library = library_of(notice) if notice else await published_library()
    answer = library.ask(Asked(words, unit, today=date.today()))  # noqa: DTZ011  # a command on this machine's own day
    if not as_json:
        return answer.text
    return json.dumps(
        {"outcome": answer.outcome.value, "text": answer.text, "cites": answer.cites, "related": answer.related},
        ensure_ascii=False,
    )


async def ask_lines(notice: Path | None) -> list[str]:
    """Answer lines to the question lines on stdin, in order. Raises: Refused for a line that is none."""
    library = None if notice else await published_library()
    lines = list(question_lines())
    return [json.dumps(line, ensure_ascii=False) for line in answer_lines(chooser(notice, library), lines)]


def question_lines() -> Iterator[Mapping[str, object]]:
    """The JSON objects on stdin."""
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            question = json.loads(line)
        except ValueError as error:
            raise Refused(Say.BAD_LINE.format(number=number), 2) from error
        if not isinstance(question, dict) or not isinstance(question.get("turns"), list):
            raise Refused(Say.BAD_LINE.format(number=number), 2)
        yield question


def chooser(notice: Path | None, library: Library | None) -> Callable[[str | None], Library]:
    """Which library a line is asked of: the file given, one of the folder given, or what is published."""

    @cache
    def choose(name: str | None) -> Library:
        if notice is None:
            assert library is not None
            return library
        if notice.is_dir():
            if name is None or Path(name).name != name:
                raise Refused(Say.NO_FILE.format(path=name or notice), 2)
            return library_of(notice / name)
        return library_of(notice)

    return choose


def library_of(path: Path) -> Library:
    """A library of one file. Raises: Refused."""
    try:
        return Library((read_notice(read_bytes(path), path.name),))
    except (NotANotice, Unreadable) as error:
        raise unreadable(error, path) from error


async def published_library() -> Library:
    """What is published in the database, if there is one; else the built-in notice."""
    database = Database(read_settings().database_url)
    try:
        if database.exists() and await database.revision() is not None:
            await database.check_revision()
            async with database.read() as work:
                library = await Shelf().library(work)
            if library.notices:
                return library
    finally:
        await database.close()
    from bot.app import built_in

    name, source = built_in()
    return Library((read_notice(source, name),))
