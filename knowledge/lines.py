"""Question lines in, answer lines out: the pure core of `dingban ask --jsonl`. Reads no files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import cast

from knowledge.asking import Answer, Asked, Context
from knowledge.library import Library


def answer_lines(
    library_for: Callable[[str | None], Library], lines: Iterable[Mapping[str, object]]
) -> Iterator[dict[str, object]]:
    """One answer for each question line, in order; a line's turns are one chat, and lines don't see each other.

    `library_for` gives the library for a line's `notice` (a file name; None: the first notice).
    """
    for line in lines:
        notice = line.get("notice")
        library = library_for(str(notice) if notice else None)
        answer = _last_turn(
            library, cast("Sequence[str]", line.get("turns") or ()), cast("str | None", line.get("unit"))
        )
        yield {
            "id": line.get("id"), "outcome": answer.outcome.value, "text": answer.text, "cites": list(answer.cites),
            "related": list(answer.related), "suggestions": list(answer.suggestions),
        }  # fmt: skip


def _last_turn(library: Library, turns: Sequence[str], unit: str | None) -> Answer:
    context = Context()
    answer = library.ask(Asked("", unit, context)) if not turns else None
    for said in turns:
        answer = library.ask(Asked(said, unit, context))
        context = answer.context
    assert answer is not None
    return answer
