"""Plain lines with **bold** and - lists as DingTalk's markdown: breaks, harmless words, pieces. Knows no message types.

Source: dingtalk-skills references/api.md (the subset that renders), blinkbean/dingtalk#2 (a single line end is lost).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import quote_plus

LONGEST = 3500  # characters; the practice of other robots, DingTalk itself cuts at 15,000 and 20,000 bytes
HEAVIEST = 12_000  # bytes; below 15,000 for msgParam with title, buttons and escapes
TITLE = 20  # characters; what a conversation list shows

LINK = re.compile(r"\]\(([^()\n]*)\)")
AUTOLINK = re.compile(r"<(?=[A-Za-z/!])")
SCHEME = re.compile(r"(dtmd|javascript|data):(?=\S)", re.IGNORECASE)
HEADING = re.compile(r"^(\s*)(#{1,6})(?=\s)", re.MULTILINE)
UNSEEN = re.compile(
    "[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0"
    "\x00-\x08\x0b-\x1f\x7f-\x9f\U000e0000-\U000e007f]"
)
BULLET = re.compile(r"^\s*[-*]\s")
PAUSE = re.compile(r"(?<=[。；！？;!?])")


def harmless(text: str) -> str:
    """The words with every link, button, heading and turned-round letter made plain: nobody's words may act."""
    text = UNSEEN.sub(
        "", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    )
    text = LINK.sub(r"]（\1）", text).replace("](", "]（").replace("]:", "]：").replace("][", "] [")
    text = SCHEME.sub(r"\1：", AUTOLINK.sub("＜", text)).replace("```", "'''")
    return HEADING.sub(lambda found: found[1] + "＃" * len(found[2]), text)


def rendered(text: str) -> str:
    """Lines that stay lines: an empty line between them, except inside a list."""
    lines = [line.strip() if not BULLET.match(line) else line.rstrip() for line in text.split("\n") if line.strip()]
    breaks = ["\n" if BULLET.match(a) and BULLET.match(b) else "\n\n" for a, b in pairwise(lines)]
    return "".join(part for line in zip(lines, [*breaks, ""], strict=False) for part in line)


def title(text: str) -> str:
    """The first words of the content without its marks; what the conversation list shows."""
    words = (line.replace("**", "").lstrip("-#＃> ").strip() for line in text.split("\n"))
    first = next((line for line in words if line), "…")
    return first if len(first) <= TITLE else first[: TITLE - 1] + "…"


def pieces(text: str) -> list[str]:
    """The text in pieces that DingTalk takes, cut at line ends where there are any. Bold stays bold over a cut."""
    done: list[str] = []
    piece = ""
    for line in lines_that_fit(text):
        if piece and not fits(piece + "\n" + line):
            done.append(piece)
            piece = line
        else:
            piece = piece + "\n" + line if piece else line
    return rebolded([*done, piece])


def lines_that_fit(text: str) -> Iterator[str]:
    """Every line, one too long for a message in parts: at the end of a sentence, or else anywhere."""
    for line in text.split("\n"):
        rest = line
        while not fits(rest):
            cut = place_to_cut(rest)
            yield rest[:cut]
            rest = rest[cut:]
        yield rest


def place_to_cut(line: str) -> int:
    """Where to cut a line that is too long: after the last sentence that fits, never inside a bold mark."""
    room = LONGEST - 8
    while not fits(line[:room]):
        room -= 100
    ends = [found.start() for found in PAUSE.finditer(line, 1, room)]
    cut = ends[-1] if ends and ends[-1] > room // 2 else room
    return cut - 1 if line[cut - 1 : cut + 1] == "**" else cut


def fits(text: str) -> bool:
    """Does it go into one message, once its line ends are doubled?"""
    ends = text.count("\n")
    return len(text) + 4 <= LONGEST and len(text.encode(errors="replace")) + 4 * ends <= HEAVIEST


def rebolded(parts: list[str]) -> list[str]:
    """The parts with bold closed at the end of one and opened again in the next where a cut went through it."""
    done: list[str] = []
    opened = False
    for part in parts:
        text = ("**" if opened else "") + part
        opened = text.count("**") % 2 == 1 and len(parts) > 1 and part is not parts[-1]
        done.append(text + ("**" if opened else ""))
    return done


def says(words: str) -> str:
    """The address of a button that says `words` in the presser's name."""
    return "dtmd://dingtalkclient/sendMessage?content=" + quote_plus(words, errors="replace")
