"""Lines into paragraphs: page numbers left out, hard-wrapped lines joined, glued pieces told apart. No meaning yet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.parsing.blocks import Laid, Line, Table
from knowledge.parsing.outline import mark_at_start

PAGE = re.compile(
    r"^[\s\u3000]*(?:[-—–－―·~]{1,3}\s*\d{1,4}\s*[-—–－―·~]{1,3}|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?|\d{1,3}\s*/\s*\d{1,3}|"
    r"Page\s*\d+(?:\s*of\s*\d+)?)[\s\u3000]*$",
    re.I,
)
SENTENCE_END = "。；！？：;:!?"
NARROW = 20
"""A page is wider than this."""
MOST_INDENT = 4
"""Blanks before the first line of a paragraph."""
WIDE = 70
"""A line longer than this was not broken by a page's edge."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text without line ends. `origin[i]` is where character i stands in the document's text."""

    text: str
    origin: tuple[int, ...]
    indented: bool = False

    @property
    def start(self) -> int:
        return self.origin[0]

    def part(self, begin: int, end: int | None = None) -> Paragraph:
        """The characters from `begin` to `end` as a paragraph, blanks at its ends left out."""
        begin, end = max(begin, 0), len(self.text) if end is None else end
        while begin < end and self.text[begin].isspace():
            begin += 1
        while end > begin and self.text[end - 1].isspace():
            end -= 1
        return Paragraph(self.text[begin:end], self.origin[begin:end], self.indented and begin == 0)


Item = Paragraph | Table


def paragraphs(laid: Laid) -> list[Item]:
    """Paragraphs and tables in order."""
    full = _wrap_width([part.text for part in laid.parts if isinstance(part, Line) and not PAGE.match(part.text)])
    items: list[Item] = []
    lines: list[Line] = []
    for part in laid.parts:
        if isinstance(part, Line):
            lines.append(part)
            continue
        items += _joined(lines, full)
        lines = []
        items.append(part)
    return items + _joined(lines, full)


def _joined(lines: Sequence[Line], full: int | None) -> list[Item]:
    if full is None:
        return [p for line in lines if not PAGE.match(line.text) and (p := _paragraph([line])).text]
    return [p for group in _groups(lines, full) if (p := _paragraph(group)).text]


def _wrap_width(texts: Sequence[str]) -> int | None:
    """The width at which lines were broken, None when paragraphs stand on a line each."""
    lengths = [len(text.rstrip()) for text in texts if text.strip()]
    if len(lengths) < 8:
        return None
    width, _ = Counter(lengths).most_common(1)[0]
    candidates = [w for w in range(NARROW, WIDE) if sum(abs(n - w) <= 2 for n in lengths) >= len(lengths) * 0.45]
    if not candidates or max(lengths) > WIDE * 2:
        return None
    width = max(candidates, key=lambda w: sum(abs(n - w) <= 1 for n in lengths))
    near = [text.rstrip() for text in texts if abs(len(text.rstrip()) - width) <= 2]
    open_ended = sum(text[-1] not in SENTENCE_END for text in near)
    return width if open_ended >= len(near) * 0.6 else None


def _groups(lines: Sequence[Line], width: int) -> Iterator[list[Line]]:
    indents = sum(line.text[:1].isspace() for line in lines) >= 3
    group: list[Line] = []
    blank = False
    for line in lines:
        text = line.text.strip()
        if PAGE.match(line.text) or not text:
            blank = blank or not text
            continue
        if group and not _continues(group[-1].text.rstrip(), line.text, width, indents, blank):
            yield group
            group = []
        group.append(line)
        blank = False
    if group:
        yield group


def _continues(previous: str, line: str, width: int, indents: bool, blank: bool) -> bool:
    if not width - 3 <= len(previous) <= width + 6 or (indents and line[:1].isspace()):
        return False
    if _stands_apart(previous, width):
        return False
    if not indents and (mark_at_start(line.strip()) or (previous[-1:] in "。" and blank)):
        return False
    return not (previous[-1:] in "：:" and len(previous) < width - 1)


def _stands_apart(line: str, width: int) -> bool:
    """Whether a line is set in the middle or at the right, like a title or the day: nothing goes on from it."""
    words = line.lstrip()
    return len(line) - len(words) > MOST_INDENT and len(words) * 4 <= width * 3


def _paragraph(group: Sequence[Line]) -> Paragraph:
    chars: list[str] = []
    origin: list[int] = []
    indented = bool(group) and group[0].text[:1].isspace()
    for index, line in enumerate(group):
        text = line.text.strip()
        lead = len(line.text) - len(line.text.lstrip())
        if (
            index
            and chars
            and chars[-1].isascii()
            and chars[-1].isalpha()
            and text[:1].isascii()
            and text[:1].isalpha()
        ):
            chars.append(" ")
            origin.append(line.start)
        kept = [(char, line.start + lead + i) for i, char in enumerate(text) if not _is_emphasis(text, i)]
        chars += [char for char, _ in kept]
        origin += [place for _, place in kept]
    return Paragraph("".join(chars), tuple(origin), indented)


def _is_emphasis(text: str, at: int) -> bool:
    """Whether the letter is part of Markdown's **."""
    return text[at] == "*" and (text[at - 1 : at] == "*" or text[at + 1 : at + 2] == "*")
