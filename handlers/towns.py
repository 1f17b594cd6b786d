"""Towns (镇、乡、街道): what people call them. The notice names none; which belong to a matter is the office's word."""

from __future__ import annotations

import re

from handlers.wording import plain


class Say:
    TOWN = r"[\u4e00-\u9fff]{1,10}?(?:镇|乡|街道)(?=(?:人民政府|政府|办事处)?$)"
    GENERAL = ("相关", "有关", "各", "全市", "所有", "其他", "我们", "咱们", "本")
    BREAK = r"[、，,;；\s]+|和|与|及"


def town_of(said: str) -> str | None:
    """The town that the whole text names, without 人民政府 or 办事处; None for 相关镇 and the like."""
    text = plain(said)
    found = re.match(Say.TOWN, text)
    return None if found is None or text.startswith(Say.GENERAL) else found.group()


def towns_in(said: str) -> tuple[list[str], list[str]]:
    """The towns of a list (甲镇、乙街道), and the words in it that name none."""
    words = [word for word in re.split(Say.BREAK, plain(said)) if word.strip("。.!！")]
    named = {word: town_of(word.strip("。.!！")) for word in words}
    return list(dict.fromkeys(t for t in named.values() if t)), [word for word, town in named.items() if town is None]
