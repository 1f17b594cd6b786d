"""A sentence of the office while it is read: what was understood is blanked out, the rest is quoted."""

from __future__ import annotations

import re
from datetime import time

from handlers.rules.numerals import number


class Say:
    N = r"(?:\d{1,4}|[一二两三四五六七八九十〇零廿]{1,4})"
    TIME = rf"(?P<half>上午|下午|早上|晚上|中午|傍晚)?(?P<hour>{N})(?:[点时:](?P<minute>半|整|\d{{2}}|{N}分)?分?)钟?"
    AFTERNOON = ("下午", "晚上", "傍晚")
    HALF_PAST = "半"
    BREAK = r"[\0,。;、!]+"
    EDGE = r"^(?:和|与|及|请|麻烦|把|将|在|于|的|前|是|为|都|要|对)+|(?:的|报送|上报|填报|报|前|要|都)+$"
    FILLER = (
        r"报送安排|报送|上报|填报|报告|提交|报|填|交|截止|以前|之前|前|提醒|催报|催办|催|通知|大家|各单位|各部门|各责任单位|请|麻烦|我们|本|"
        r"这(?:项|个|份)通知|都|要|需要|需|均|的|在|于|为|把|将|进度|进展|情况|数据|数字|一次|设置|设为|设定|定为|定在|定|改为|改成|改|安排|时间|内|"
        r"日期|每次|分别|各|到|至|和|是|也|再|就|按|一下|吧|了|上|时|我|想|办公室|由|期限|最晚|最迟|不晚于|不迟于|个|开始|[，,。.;；、:：!！\s（）()“”\"']"
    )


N, TIME = Say.N, Say.TIME


class Reading:
    """The sentence while it is being consumed: what is found is blanked out, the rest is unknown."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.refused: list[str] = []

    def find(self, pattern: str) -> re.Match[str] | None:
        """The first match, blanked out."""
        found = re.search(pattern, self.text)
        if found:
            self.text = self.text[: found.start()] + "\0" * len(found[0]) + self.text[found.end() :]
        return found

    def refuse(self, words: str) -> None:
        """Quote words that make no sense here."""
        self.refused.append(words)

    def left(self) -> tuple[str, ...]:
        """Runs of words nobody understood, fillers apart."""
        runs = [run for run in re.split(Say.BREAK, self.text) if not re.fullmatch(f"(?>{Say.FILLER})*+", run)]
        return tuple(dict.fromkeys([*self.refused, *(re.sub(Say.EDGE, "", run) for run in runs)]))


def time_of(found: re.Match[str]) -> time | None:
    """The hour of a match of TIME; None when there is no such hour."""
    hour, said = number(found["hour"]), found["minute"] or ""
    minute = 30 if said == Say.HALF_PAST else number(re.sub(r"\D", "", said) or "0")
    if found["half"] in Say.AFTERNOON and hour < 12:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None
