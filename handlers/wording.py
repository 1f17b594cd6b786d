"""What a person typed, brought to one form for comparing with commands. Understanding of questions is knowledge's."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe0e\ufe0f]")
MENTION = re.compile(r"@[^\s@]{1,30}[\s\u2005]*")
EDGE = " \t\r\n，。！？、；：,.!?;:~～…“”\"'()（）【】[]「」"
POLITE_START = re.compile(
    r"^(?:您好|你好|请问|请|麻烦您|麻烦你|麻烦|劳驾|帮我|帮忙|我想看看|我想看|我想|我要|看一下|看看|查一下|查看)+"
)
POLITE_END = re.compile(r"(?:谢谢您|谢谢你|谢谢|多谢|一下|吧|啊|呀|哈|呢|哦)+$")
MARKS = re.compile("[^，！？；：（）～…]+")  # all but the marks of Chinese sentences, which stay as they were typed
BOLD = "**"  # comes with words pasted from elsewhere; only our own words are marked
FORMULA = tuple("=+-@＝＋－＠")  # what table programs take for the beginning of one
LONGEST = 20_000  # characters of one message that are read at all; DingTalk's own limit is below


def plain(text: str) -> str:
    """What was said: letters and digits in normal width, marks as written, nothing invisible, no bold, no @mention."""
    text = INVISIBLE.sub("", MARKS.sub(lambda other: unicodedata.normalize("NFKC", other[0]), text[:LONGEST]))
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c)[0] != "C").replace(BOLD, "")
    return MENTION.sub("", text).strip()


def one_line(text: str) -> str:
    """Words that are shown within ours: no line of theirs looks like one of ours, and nothing of them is lost."""
    return " ".join(text.split())


def no_formula(cell: str) -> str:
    """Words that no table program takes for a formula, as a cell of a csv."""
    return f"'{cell}" if cell.lstrip()[:1] in FORMULA or cell[:1] in "\t\r" else cell


def key(text: str) -> str:
    """The form in which whole messages are compared: no blanks, no case, no edge punctuation, no politeness."""
    bare = re.sub(r"\s+", "", unicodedata.normalize("NFKC", plain(text))).strip(EDGE).casefold()
    stripped = POLITE_END.sub("", POLITE_START.sub("", bare)).strip(EDGE)
    return stripped or bare
