"""A notice cut into what questions are about: rows, items, sentences with the heading and the time they stand under."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from knowledge.notice import Notice, Ref
from knowledge.text import letters, normal, squeeze

SENTENCE = re.compile(r"[^。；;！？\n]+[。；;！？]?")
CLAUSE_TAIL = re.compile(r"[（(](?:责任|牵头|配合|主管|负责)[^（）()]*(?:单位|部门)[:：].*$", re.S)
PAGE_NUMBER = re.compile(r"\n[ \u3000]*[—－-][ \u3000]*\d+[ \u3000]*[—－-][ \u3000]*(?=\n)")
FULL_LINE = 18  # characters of a line that may go on in the next
ENDED = re.compile(r"[。；：:！!？?][”』]?\s*$")
BEGINS = re.compile(r"[（(]?[一二三四五六七八九十\d]+[)）、．.]|[\u3000 ]{2}|$")
UNDER = re.compile(r"(?:到|在|于|截至)?\d{4}年(?:\d{1,2}月)?(?:底|末)?(?:之?前)?")
SHORTEST = 4


class Of(StrEnum):
    """What a piece is a piece of."""

    INDICATOR = "indicator"
    PROJECT = "project"
    ARTICLE = "article"
    CLAUSE = "clause"
    SENTENCE = "sentence"


@dataclass(frozen=True, slots=True)
class Piece:
    """Something a question can be about: a row, an item, a sentence. `text` is as printed, lines joined."""

    of: Of
    ref: Ref
    name: str
    text: str
    heading: str = ""
    """What a sentence stands under."""
    under: str = ""
    """The time a sentence without one stands under, as printed earlier in its paragraph (到2025年)."""

    @property
    def searched(self) -> str:
        """The text with all that it stands under."""
        return f"{self.heading} {self.under} {self.text}"


def pieces_of(notice: Notice) -> Iterable[Piece]:
    """Indicators, projects, articles, clauses that are no article, then every sentence."""
    yield from (Piece(Of.INDICATOR, i.ref, i.name, i.unit) for i in notice.indicators)
    yield from (Piece(Of.PROJECT, p.ref, p.name, p.content) for p in notice.projects)
    yield from _items(notice)
    headings = {a.ref: a.heading for a in notice.articles} | {s.ref: s.heading for s in notice.sections}
    printed = _clauses(notice)
    for passage in notice.passages:
        if passage.ref.startswith(("body", "inner")) or passage.ref.endswith("note"):
            text = without(passage.text, printed[passage.ref])
            yield from _sentences(passage.ref, headings.get(passage.ref, ""), text)
    for project in notice.projects:
        yield from _sentences(project.ref, project.name, project.content)


def _clauses(notice: Notice) -> dict[Ref, list[str]]:
    printed: dict[Ref, list[str]] = defaultdict(list)
    for clause in notice.clauses:
        printed[clause.ref].append(clause.printed)
    return printed


def _items(notice: Notice) -> Iterable[Piece]:
    printed, articles = _clauses(notice), {a.ref: normal(a.text) for a in notice.articles}
    for article in notice.articles:
        yield Piece(Of.ARTICLE, article.ref, article.heading, unwrapped(without(article.text, printed[article.ref])))
    for clause in notice.clauses:
        if normal(clause.quote) not in articles.get(clause.ref, ""):
            yield Piece(Of.CLAUSE, clause.ref, "", unwrapped(without(clause.quote, [clause.printed])))


def unwrapped(text: str) -> str:
    """`text` with lines that were broken in mid-sentence joined and page numbers between them left out."""
    lines = PAGE_NUMBER.sub("", text).split("\n")
    joined = [lines[0]]
    for line in lines[1:]:
        broken = len(joined[-1].strip()) >= FULL_LINE and not ENDED.search(joined[-1]) and not BEGINS.match(line)
        joined[-1:] = [joined[-1] + line.strip()] if broken else [joined[-1], line]
    return "\n".join(joined)


def without(text: str, clauses: Iterable[str]) -> str:
    """`text` less its duty clauses, also where a line breaks inside one."""
    for clause in clauses:
        if clause and clause in text:
            text = text.replace(clause, "")
        elif clause:
            text = re.sub(r"\s*".join(map(re.escape, squeeze(clause))), "", text)
    return text


def _sentences(ref: Ref, heading: str, text: str) -> Iterable[Piece]:
    for paragraph in CLAUSE_TAIL.sub("", unwrapped(text)).split("\n"):
        under = ""
        for found in SENTENCE.finditer(paragraph):
            sentence = found.group().strip()
            own = UNDER.findall(sentence)
            if len(letters(sentence)) >= SHORTEST and not is_heading(sentence, heading):
                yield Piece(
                    Of.SENTENCE, ref, "", sentence, "" if heading in sentence else heading, "" if own else under
                )
            under = own[-1] if own else under


def sentences_in(piece: Piece) -> list[Piece]:
    """The sentences of a row or item, each with the time it stands under; a sentence is its own."""
    if piece.of == Of.SENTENCE:
        return [piece]
    return list(_sentences(piece.ref, piece.name, piece.text))


def is_heading(sentence: str, heading: str) -> bool:
    """Whether the sentence is only the printed heading with its number."""
    return (
        bool(heading) and len(letters(sentence)) <= len(letters(heading)) + 5 and letters(heading) in letters(sentence)
    )
