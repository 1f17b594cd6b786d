"""The body of a text: its outline cut into pieces with refs, each with its duty clauses and figures. No tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from knowledge.notice import Article, Clause, Passage, Ref, Section
from knowledge.parsing.duties import FIRST_LEADS, Duty, read_duties
from knowledge.parsing.layout import Paragraph
from knowledge.parsing.outline import Mark, Rank, mark_at_start, marks_inside
from knowledge.parsing.targets import read_targets, subject_of
from knowledge.text import tidy
from knowledge.units import is_unit, split_units

INLINE = (Rank.COUNT, Rank.CLAUSE, Rank.BRACKET, Rank.DIGIT, Rank.DIGIT_BRACKET)
BLOCK = 600
"""A paragraph this long may hold a whole outline."""
HEADING = 45
"""The longest first sentence that is taken for a heading."""
TIMED = re.compile(r"^(?:到|在|于|至|截至)?(?:20\d\d|今|明)年(?:底|末)?(?:\d{1,2}月(?:底|末)?)?(?:之?前)?[，,、]?")
SUFFIXES = "bcdefghijklmnopqrstuvwxyz"


NOWHERE = Ref("")


@dataclass(slots=True)
class Piece:
    """A numbered piece, or text without a number; grows while it is read."""

    path: tuple[int, ...]
    mark: Mark | None
    parts: list[Paragraph] = field(default_factory=list)
    ref: Ref = NOWHERE

    @property
    def start(self) -> int:
        return self.parts[0].start

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.parts)

    @property
    def words(self) -> str:
        """The text behind its number."""
        return self.text[self.mark.end :] if self.mark else self.text


@dataclass(frozen=True, slots=True)
class Body:
    """What was read of a body; `starts` are (place, ref, kind) of its passages."""

    sections: tuple[Section, ...]
    articles: tuple[Article, ...]
    clauses: tuple[Clause, ...]
    starts: tuple[tuple[int, Ref, str], ...]
    gaps: tuple[tuple[Ref, str, str], ...] = ()
    """(ref, quote, why) of numbers missing or printed twice."""


def read_body(paragraphs: Sequence[Paragraph], prefix: str, issued: date | None, first_leads: bool = False) -> Body:
    """Sections, articles and clauses of the paragraphs, with refs `<prefix>body:…`."""
    pieces = _named(_pieces(_cut(paragraphs)), prefix)
    parents = {piece.path[:-1] for piece in pieces}
    clauses: list[Clause] = []
    articles: list[Article] = []
    headings = {piece.path: heading_of(piece.words) for piece in pieces}
    for piece in pieces:
        duties = read_duties(piece.text, first_leads=first_leads) or _of_unit(piece, headings.get(piece.path[:-1], ""))
        first_leads = first_leads or bool(FIRST_LEADS.search(piece.text))
        own = [_clause(piece, duty) for duty in duties]
        clauses += own
        if own or _is_article(piece, parents):
            articles.append(_article(piece, own, duties, issued))
    sections = tuple(Section(p.ref, _section_heading(p, parents)) for p in pieces if len(p.path) == 1 and p.mark)
    starts = tuple(
        (piece.start, piece.ref, "section" if piece.path in parents and len(piece.path) == 1 else "body")
        for piece in pieces
    )
    return Body(sections, tuple(articles), tuple(clauses), starts, tuple(_gaps(pieces)))


def _cut(paragraphs: Sequence[Paragraph]) -> list[tuple[Mark | None, Paragraph]]:
    """Paragraphs with the mark each begins with; a paragraph that holds several items is cut at them."""
    marks = [mark_at_start(p.text) for p in paragraphs]
    used = Counter(mark.rank for mark in marks if mark)
    cut: list[tuple[Mark | None, Paragraph]] = []
    for mark, paragraph in zip(marks, paragraphs, strict=True):
        inside = _inside(paragraph.text, used)
        begins = [m.begin for m in inside if m.begin > (mark.end if mark else 0)]
        if not begins:
            cut.append((mark, paragraph))
            continue
        edges = [0, *begins, len(paragraph.text)]
        parts = [part for a, b in pairwise(edges) if (part := paragraph.part(a, b)).text]
        cut += [(mark_at_start(part.text), part) for part in parts]
    return cut


def _inside(text: str, used: Counter[Rank]) -> list[Mark]:
    """Marks in the middle of a text that go on counting: 1 with a 2 behind it, or the next number."""
    found: list[Mark] = []
    for rank in INLINE:
        lower = rank in {Rank.DIGIT, Rank.DIGIT_BRACKET}
        if len(text) < 40 or (used[rank] > 2 and len(text) < BLOCK * 3):
            continue
        loose = not lower and len(text) >= BLOCK
        found += _counting(
            list(marks_inside(text, rank, after="" if loose else "。；：！？）)】”;:")),
            text,
            lower and len(text) < BLOCK,
        )
    taken: list[Mark] = []
    for mark in sorted(found, key=lambda m: (m.begin, m.rank)):
        if not taken or mark.begin >= taken[-1].end:
            taken.append(mark)
    return taken


def _counting(marks: list[Mark], text: str, needs_duties: bool) -> list[Mark]:
    kept: list[Mark] = []
    for index, mark in enumerate(marks):
        last = kept[-1].number if kept else 0
        follows = any(later.number == 2 for later in marks[index + 1 : index + 12])
        strict = mark.begin == 0 or text[: mark.begin].rstrip()[-1:] in "。；：！？）)】”;:"
        if (mark.number == last + 1 and (last or follows) and (strict or last or mark.rank is not Rank.COUNT)) or (
            mark.number == 1 and follows and strict
        ):
            kept.append(mark)
    edges = [m.begin for m in kept] + [len(text)]
    with_duties = sum(bool(read_duties(text[a:b])) for a, b in pairwise(edges)) if needs_duties else 2
    return kept if len(kept) > 1 and with_duties > 1 else []


def _pieces(cut: Iterable[tuple[Mark | None, Paragraph]]) -> list[Piece]:
    pieces: list[Piece] = []
    stack: list[Mark] = []
    for mark, paragraph in cut:
        if mark is None:
            if not pieces:
                pieces.append(Piece((0,), None))
            pieces[-1].parts.append(paragraph)
            continue
        while stack and stack[-1].rank >= mark.rank:
            stack.pop()
        stack.append(mark)
        pieces.append(Piece(tuple(m.number for m in stack), mark, [paragraph]))
    return _with_end(pieces)


def _with_end(pieces: list[Piece]) -> list[Piece]:
    """What follows the clause of the last item, where items end with their clauses, is the closing text."""
    if len(pieces) < 3 or not pieces[-1].mark:
        return pieces
    last = pieces[-1]
    duties = read_duties(last.text)
    if not duties or sum(_ends_with_duty(p) for p in pieces[:-1] if p.mark) * 2 < len(pieces) - 1:
        return pieces
    closing = _behind(last, duties[-1].end)
    if not closing:
        return pieces
    last.parts = _before(last, duties[-1].end)
    return [*pieces, Piece((-1,), None, closing)]


def _ends_with_duty(piece: Piece) -> bool:
    duties = read_duties(piece.text)
    return bool(duties) and not piece.text[duties[-1].end :].strip(" 　\n。；")


def _behind(piece: Piece, place: int) -> list[Paragraph]:
    closing: list[Paragraph] = []
    at = 0
    for part in piece.parts:
        rest = part.part(max(place - at, 0)) if at + len(part.text) > place else None
        if rest and rest.text.strip("。； "):
            closing.append(rest)
        at += len(part.text) + 1
    return closing if sum(len(part.text) for part in closing) >= 20 else []


def _before(piece: Piece, length: int) -> list[Paragraph]:
    kept, at = [], 0
    for part in piece.parts:
        if at < length:
            kept.append(part.part(0, min(len(part.text), length - at)))
        at += len(part.text) + 1
    return [part for part in kept if part.text]


def _named(pieces: list[Piece], prefix: str) -> list[Piece]:
    seen: Counter[str] = Counter()
    for piece in pieces:
        path = "end" if piece.path == (-1,) else ".".join(map(str, piece.path))
        seen[path] += 1
        again = SUFFIXES[min(seen[path] - 2, len(SUFFIXES) - 1)] if seen[path] > 1 else ""
        extra = str(seen[path]) if seen[path] > len(SUFFIXES) + 1 else ""
        piece.ref = Ref(f"{prefix}body:{path}{again}{extra}")
    return pieces


def _is_article(piece: Piece, parents: set[tuple[int, ...]]) -> bool:
    if not piece.mark:
        return False
    return len(piece.path) > 1 or piece.path not in parents or len(piece.parts) > 1


def _section_heading(piece: Piece, parents: set[tuple[int, ...]]) -> str:
    first = piece.parts[0].text
    number = first[: piece.mark.end].strip("#* 　>") if piece.mark else ""
    words = first[piece.mark.end :].strip("#* 　") if piece.mark else first
    opening = re.match(r"([^，。；：:]{2,16})。[^。]{8,}", words)
    if opening and (piece.path not in parents or len(words) > HEADING):
        return tidy(number + opening[1])
    if piece.path in parents or len(piece.parts) > 1 or (len(words) <= HEADING and words[-1:] not in "。；"):
        sentence = re.match(r"[^。；]*", words)
        heading = sentence.group() if sentence and len(words) > HEADING else words.rstrip("。")
        return tidy(number + heading) if len(heading) <= HEADING * 2 else number
    return number + heading_of(words) if re.match(r"[^，。；]{2,30}。", words) else number


def heading_of(words: str) -> str:
    """The heading an item begins with: its first sentence when short, else its first phrase."""
    line = TIMED.sub("", words.split("\n")[0].strip("#* 　"))
    sentence = re.split(r"[。；：:]", line)[0]
    if len(sentence) <= HEADING:
        return tidy(sentence)
    return tidy(re.split(r"[，。；：:,（(]", line)[0][: HEADING * 2])


def _of_unit(piece: Piece, section: str) -> list[Duty]:
    """市公安局：负责… under a heading that tells of duties: the body named first leads."""
    found = re.match(r"[\s#]*(?P<units>[^：:。，；]{2,60})[：:。，]\s*(?=.*\S)", piece.words)
    if not found or not re.search("职责|分工|任务", section) or "\n" in found["units"]:
        return []
    units = split_units(found["units"])
    if not units or not all(is_unit(unit) and 2 < len(unit) <= 20 for unit in units):
        return []
    return [Duty(len(piece.text), len(piece.text), units, (), found["units"], len(units) > 1)]


def _clause(piece: Piece, duty: Duty) -> Clause:
    begin = len(piece.text) - len(piece.text.lstrip("#* 　>"))
    joint = duty.plain and len(duty.lead_units) > 1
    return Clause(piece.ref, duty.lead_units, duty.support_units, piece.text[begin : duty.end], duty.printed, joint)


def _article(piece: Piece, clauses: Sequence[Clause], duties: Sequence[Duty], issued: date | None) -> Article:
    leads = tuple(dict.fromkeys(unit for clause in clauses for unit in clause.lead_units))
    supports = tuple(dict.fromkeys(u for clause in clauses for u in clause.support_units if u not in leads))
    words = piece.text
    for duty in reversed(duties):
        words = words[: duty.begin] + "\n" + words[duty.end :]
    figures = read_targets(words[piece.mark.end :] if piece.mark else words, issued)
    heading = heading_of(piece.words) or heading_of(piece.parts[-1].text)
    figures = tuple(f if f.about else replace(f, about=subject_of(heading)) for f in figures)
    return Article(piece.ref, heading, piece.text.lstrip("#* 　>"), leads, supports, figures)


def _gaps(pieces: Sequence[Piece]) -> Iterable[tuple[Ref, str, str]]:
    """Numbers printed twice under one heading, and numbers left out."""
    for piece in pieces:
        if piece.mark and re.search(r"[a-z]\d*$", piece.ref) and not piece.ref.endswith("end"):
            yield piece.ref, tidy(piece.text[:30]), "number printed twice"
    previous: Piece | None = None
    for piece in (p for p in pieces if p.mark and len(p.path) == 1):
        if (
            previous
            and piece.mark
            and previous.mark
            and piece.mark.rank == previous.mark.rank
            and piece.path[0] > previous.path[0] + 1
        ):
            yield piece.ref, tidy(piece.text[:30]), "number missing before"
        previous = piece


def passages_of(text: str, starts: Sequence[tuple[int, Ref, str]]) -> tuple[Passage, ...]:
    """The whole text cut at the starts, in order; what stands before the first belongs to it."""
    marks = sorted(starts, key=lambda s: s[0])
    edges = [0, *(begin for begin, _, _ in marks[1:]), len(text)]
    cuts = zip(edges, edges[1:], marks, strict=False)
    return tuple(Passage(ref, kind, text[a:b]) for a, b, (_, ref, kind) in cuts if b > a)
