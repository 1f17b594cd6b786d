"""Writes misheard and pinyin-typed words right: 付组长 → 副组长. Words of the notice stay as they are."""

from __future__ import annotations

import re
from functools import lru_cache

from knowledge.catalog import Catalog
from knowledge.phrases import noise, unstated
from knowledge.sounds import LATIN, sound, sounds, typed_syllables
from knowledge.terms import words_of

TERMS = [
    "指标",
    "项目",
    "牵头",
    "配合",
    "负责",
    "责任单位",
    "牵头单位",
    "配合单位",
    "目标",
    "组长",
    "副组长",
    "联席会议",
    "领导小组",
    "成员单位",
    "成员名单",
    "文号",
    "发文日期",
    "索引号",
    "标题",
    "发布机构",
    "主送",
    "填报",
    "附件",
    "办公室主任",
    "召集人",
    "截止",
    "期限",
    "内容",
    "原文",
    "我们",
    "哪些",
    "多少",
    "任务",
    "什么",
    "有哪些",
    "我们单位",
    "哪个单位",
    "谁负责",
    "几个",
]
_HEARD = {sounds(t): t for t in TERMS}
_SIZES = sorted({len(t) for t in TERMS}, reverse=True)
_LOOKALIKES = {"联系会议": "联席会议"}
LONGEST_NAME = 6
COMPLEMENTS = frozenset("成完好到出上下起来去掉住装够满回开")
"""They follow a verb, and are no slip of the name before them: 整合成几家."""


def mend(text: str, catalog: Catalog) -> str:
    """The normal text with misheard words of asking and typed pinyin written in characters."""
    for wrong, right in _LOOKALIKES.items():
        if wrong not in catalog.full_text:
            text = text.replace(wrong, right)
    text = LATIN.sub(lambda latin: _written(latin.group(), catalog) if len(latin.group()) > 3 else latin.group(), text)
    text = _spelled(text, catalog)
    heard, at, out = sounds(text), 0, []
    while at < len(text):
        size = next((n for n in _SIZES if n <= len(text) - at and heard[at : at + n] in _HEARD), 0)
        window = text[at : at + size]
        if size and _is_slip(window, text, at, catalog):
            out.append(_HEARD[heard[at : at + size]])
            at += size
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def _spelled(text: str, catalog: Catalog) -> str:
    """The text with single wrong characters inside names of the notice written right: 智慧商卷 → 智慧商圈."""
    chars = list(text)
    asked = {i for g in unstated() for m in g.finditer(text) for i in range(*m.span())}
    for i, char in enumerate(chars):
        if (
            "\u4e00" <= char <= "\u9fff"
            and i not in asked
            and not _is_common(chars, i)
            and not _fits(chars, i, catalog)
        ):
            right = _one_for(chars, i, catalog)
            if right and (sound(right) == sound(char) or not _is_word(chars, i)):
                chars[i] = right
    return "".join(chars)


def _is_word(chars: list[str], at: int) -> bool:
    """Whether the character makes a common word with a neighbour, so that it was meant: 商店 beside 商圈."""
    pairs = ("".join(chars[max(at - 1, 0) : at + 1]), "".join(chars[at : at + 2]))
    return any(pair in common_words() for pair in pairs)


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Words of two characters that everybody uses."""
    return frozenset(words_of("common_words"))


def _is_common(chars: list[str], at: int) -> bool:
    """Whether the character is a small word or part of one: 什 in 什么."""
    around = (
        chars[at],
        "".join(chars[max(at - 1, 0) : at + 1]),
        "".join(chars[at : at + 2]),
        "".join(chars[at : at + 3]),
    )
    return chars[at] in COMPLEMENTS or any(word in noise() for word in around)


def _fits(chars: list[str], at: int, catalog: Catalog) -> bool:
    known = catalog.index.known
    return "".join(chars[max(at - 1, 0) : at + 1]) in known or "".join(chars[at : at + 2]) in known


def _one_for(chars: list[str], at: int, catalog: Catalog) -> str | None:
    """The only character that fits both neighbours in a name: three of its characters must be right."""
    before, after = "".join(chars[max(at - 3, 0) : at]), "".join(chars[at + 1 : at + 4])
    nexts, ahead = catalog.spelling
    found = {c for c in nexts.get(before[-2:], "") if after[:1] and after[0] in nexts.get(before[-1:] + c, "")}
    if not found and len(before) == 3 and before[-1:] in nexts.get(before[:2], "") and not _goes_on(after):
        found = set(nexts.get(before[-2:], ""))
    if not found:
        alike = {c for c in ahead.get(after[:2], "") if sound(c) == sound(chars[at])}
        found = {c for c in alike if after[2:3] and after[2] in nexts.get(after[:2], "")}
    return found.pop() if len(found) == 1 else None


def _goes_on(after: str) -> bool:
    """Whether the words go on after the slip: a character that is neither small word nor stop."""
    return bool(after) and "\u4e00" <= after[0] <= "\u9fff" and after[0] not in noise() and after[:2] not in noise()


def _is_slip(window: str, text: str, at: int, catalog: Catalog) -> bool:
    """Whether a window that sounds like a term is a slip: no word of the notice, no common word."""
    if window in TERMS or not re.fullmatch(r"[\u4e00-\u9fff]+", window) or window in noise():
        return False
    around = text[max(at - 1, 0) : at + len(window) + 1]
    return window not in catalog.full_text and around not in catalog.full_text


def _written(word: str, catalog: Catalog) -> str:
    """Typed pinyin in the characters of the notice or of asking; as typed when it is no pinyin."""
    heard = typed_syllables(word)
    if not heard or len(heard) < 2:
        return word
    at, out = 0, []
    while at < len(heard):
        size = next(
            (n for n in range(min(LONGEST_NAME, len(heard) - at), 1, -1) if _known(heard[at : at + n], catalog)), 0
        )
        out.append(_known(heard[at : at + size], catalog) if size else "")
        at += size or 1
    return "".join(out) or word


def _known(heard: tuple[str, ...], catalog: Catalog) -> str:
    return _HEARD.get(heard) or catalog.names_heard.get(heard, "")
