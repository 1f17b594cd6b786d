"""Words inside a form: commands as whole messages, tags of buttons, named and corrected answers. Reads no values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from handlers.everyday import wanted
from handlers.wording import key


class Say:
    CANCEL = ("取消", "取消填报", "取消吧")
    PARK = (
        "先放着", "先存着", "先不报", "先不报了", "不报了", "先不填", "不填了", "稍后", "稍后再填", "晚点再填",
        "等会再填", "回头再填", "回头再说", "暂存", "先这样", "等下再报", "等会再报", "待会再报", "待会再填",
        "等下再填", "晚点再报", "过会再报", "回头再报", "一会再报", "一会儿再报",
        "等下再说", "等会再说", "待会再说", "晚点再说", "明天再填", "先不填了",
    )  # fmt: skip
    BACK = ("上一步", "返回", "后退", "返回上一步")
    NEXT = ("下一步", "不改", "不改了", "不用改", "保留", "不变")
    SKIP = ("跳过", "略过")
    NONE = ("无", "没有", "暂无", "没有了", "没", "不写", "不填", "不用", "不用写")
    HELP = ("帮助", "help", "怎么填", "?")
    HINT = ("看口径", "口径", "口径是什么", "看看口径")
    OFFICE = ("请办公室联系我", "办公室联系我", "找办公室")
    SUBMIT = ("提交", "提交吧", "确认提交", "全部提交")
    YES = ("对", "对的", "是", "是的", "好", "好的", "可以", "没问题", "确认", "没错", "嗯", "ok", "行", "发吧", "报吧")
    EDIT = ("改一下", "修改", "改", "要改", "不对", "不是", "有误", "错了", "不行", "改一改")
    AGAIN = ("重填", "重新填", "重填这一项")
    RESTART = ("重新来", "从头来", "重来")
    RESUME = ("接着填", "继续", "继续填", "看现在的")
    WHERE = ("在吗", "填到哪了", "填到哪里了", "上次填到哪了")
    SORRY = "等等|等一下|等下|等会|稍等|不对|错了|说错了|写错了|报错了|弄错了|更正一下|更正|改一下|不是"
    LINK = "改成|改为|改到|更正为|应该是|应该为|应为|应是|写成|写上|是|为|[：:＝=]"
    STRONG = "改成|改为|改到|更正为|应该是|应该为|应为|写成|[：:＝=]"
    IS = "应该是|应该为|应为|应是|改成|改为|是"
    NOT_BUT = r"不是[^，,。；;\n]{1,12}[，,]?(?:而)?(?:应该)?是"
    HAS = "把|将|那个|我的"
    QUESTION_END = (
        "?",
        "？",
        "吗",
        "呢",
        "么",
        "怎么算的",
        "怎么算",
        "什么意思",
        "是多少",
        "多少",
        "哪些",
        "哪里",
        "怎么办",
    )
    QUESTION_IN = (
        "怎么",
        "为什么",
        "什么是",
        "是什么",
        "谁负责",
        "哪个",
        "哪些",
        "哪几",
        "如何",
        "几号",
        "什么时候",
        "多少",
    )
    BREAK = "，,；;。\n"


Fits: TypeAlias = "Callable[[str, str], bool]"
"""(field, text): whether the field's reader takes the text."""


class Word(StrEnum):
    """What a whole message asks of the form itself."""

    CANCEL = "cancel"
    PARK = "park"
    BACK = "back"
    NEXT = "next"
    SKIP = "skip"
    NONE = "none"
    HELP = "help"
    HINT = "hint"
    OFFICE = "office"
    SUBMIT = "submit"
    YES = "yes"
    EDIT = "edit"
    AGAIN = "again"
    RESTART = "restart"
    RESUME = "resume"
    WHERE = "where"


_WORDS: dict[str, Word] = {text: word for word in Word for text in getattr(Say, word.name)}
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LONGEST_BUTTON = 80  # characters of a button's words with its tag
_TAG = re.compile(r"(?:^|\s+)#(\d{1,12})(?:\.(\d{1,9}))?\s*$")
_SORRY = re.compile(
    rf"^{Say.NOT_BUT}\s*(?P<c>\S.*)$|^(?:{Say.SORRY})[，,。！!、\s]+(?:{Say.IS})?\s*(?P<a>\S.*)$|^(?:{Say.SORRY})?(?:{Say.IS})\s*(?P<b>\S.*)$",
    re.S,
)
_LEAD = re.compile(rf"^(?:{Say.SORRY})[，,。！!、\s]*")
_CUT = re.compile(rf"(?<!\d)[{Say.BREAK}]+|[{Say.BREAK}]+(?!\d)|[，；;。\n]+")


class Tag(NamedTuple):
    """What a button points at: a draft and the revision it showed."""

    ref: str
    revision: int | None


def tidy(text: str) -> str:
    """The text without invisible characters and outer blanks."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def bare(text: str) -> str:
    """The text as commands are compared: width, case, blanks and outer marks ignored."""
    folded = "".join(unicodedata.normalize("NFKC", tidy(text[:80])).casefold().split())
    return folded.strip("。.!,~、\"'“”[]【】「」") or folded


def split_tag(text: str) -> tuple[str, Tag | None]:
    """Words and tag of a pressed button: `提交 #12.3` gives ("提交", Tag("12", 3)); 厂房#3 has none."""
    found = _TAG.search(text) if len(text) <= LONGEST_BUTTON else None
    if found is None:
        return text, None
    revision = None if found[2] is None else int(found[2])
    return text[: len(text) - len(found[0])], Tag(found[1], revision)


def word_of(text: str) -> Word | None:
    """The command that is the whole message, polite or not (先放着，谢谢); None when there is more in it, or none."""
    return _WORDS.get(bare(text)) or _WORDS.get(key(text)) if len(text) <= 40 else None


def reads_as_question(text: str, strict: bool = False) -> bool:
    """Whether the text asks something rather than answers; strict: by its end only, or when it is short."""
    flat = bare(text) if len(text) <= 80 else tidy(text)
    if flat.endswith(Say.QUESTION_END):
        return True
    if len(flat) <= (12 if strict else 40) and any(word in flat for word in Say.QUESTION_IN):
        return True
    return not strict and any(not want.rest for want in wanted(flat))


@dataclass(frozen=True, slots=True)
class Named:
    """A field and its names; `free` fields are named only with a link (进展改成…), so that content stays content."""

    field: str
    names: tuple[str, ...]
    free: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a message for a field; `field` None = whatever is asked now."""

    field: str | None
    text: str
    sorry: bool = False
    """Said as a correction (等等, 不对) without naming a field."""


def fits_any(_: str, __: str) -> bool:
    """True: any text may be the answer of a field."""
    return True


def parts(text: str, fields: Sequence[Named], current: Named | None, fits: Fits = fits_any) -> list[Part]:
    """The message cut where it names fields. In a free current field content stays content: other free fields need a
    strong link (改成, ：), typed ones a text that `fits`."""
    content = current is not None and current.free
    found: list[Part] = []
    rest = text
    for start, piece in _pieces(text):
        part = _named(piece, fields, first=start == 0, content=content)
        if part is None or (content and not _is_free(fields, part) and not fits(part.field or "", part.text)):
            continue
        lead = text[len(text) - len(rest) : start]
        _add(found, lead)
        rest = text[start + len(piece) - len(part.text) :]
        found.append(Part(part.field, ""))
    _add(found, rest)
    found = [part for part in found if part.text]
    return found if any(part.field for part in found) else [_unnamed(text)]


def _add(found: list[Part], text: str) -> None:
    """Give text to the field named last, else to the one asked now."""
    clean = text.strip(f"{Say.BREAK} ")
    if found and found[-1].field is not None and not found[-1].text:
        found[-1] = Part(found[-1].field, clean)
    elif clean:
        found.append(_unnamed(clean))


def _pieces(text: str) -> list[tuple[int, str]]:
    """(start, piece) between commas, full stops and line ends; 1,200 stays whole, and 等等 with what follows it."""
    pieces, start = [], 0
    lead = _LEAD.match(text)
    for cut in _CUT.finditer(text, lead.end() if lead else 0):
        pieces.append((start, text[start : cut.start()]))
        start = cut.end()
    return [*pieces, (start, text[start:])]


def _is_free(fields: Sequence[Named], part: Part) -> bool:
    return any(field.free for field in fields if field.field == part.field)


def _named(piece: str, fields: Sequence[Named], *, first: bool, content: bool) -> Part | None:
    for field in fields:
        names = "|".join(re.escape(name) for name in field.names)
        strong = content and field.free and not first
        link = Say.STRONG if strong else Say.LINK
        loose = "" if field.free or strong else "?"
        sorry = rf"(?:(?:{Say.SORRY})[，,。！!、\s]*)?" if first else ""
        found = re.match(rf"^\s*{sorry}(?:{Say.HAS})?(?:{names})\s*(?:{link}){loose}\s*(?P<rest>\S.*)$", piece, re.S)
        if found:
            return Part(field.field, found["rest"])
    return None


def _unnamed(text: str) -> Part:
    found = _SORRY.match(text)
    return Part(None, (found["a"] or found["b"] or found["c"]).strip(), sorry=True) if found else Part(None, text)


def cuts(text: str) -> list[tuple[str, str]]:
    """Ways to take the text as an answer and what follows it, shortest answer first."""
    return [
        (text[: cut.start()].strip(), text[cut.end() :].strip())
        for cut in re.finditer(rf"(?:{_CUT.pattern})|\s+", text[:400])
        if text[: cut.start()].strip() and text[cut.end() :].strip()
    ]
