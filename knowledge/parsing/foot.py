"""What ends a body: the list of annexes, the signature with its date, the imprint. Its text is read elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from knowledge.parsing.header import DATE, OPEN_NOTE, read_day
from knowledge.parsing.layout import Item, Paragraph
from knowledge.parsing.outline import mark_at_start
from knowledge.text import squeeze
from knowledge.units import is_unit

LABEL = re.compile(
    r"^附\s*[件表]\s*(?P<no>[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})?(?:\s*[-—]\s*(?P<sub>\d{1,2}))?"
    r"\s*[：:.．、]?\s*(?P<title>[^。；]{0,80})$"
)
LISTED = re.compile(r"^附[\s\u3000]*件[\s\u3000]*[：:]")
DAY_ONLY = re.compile(rf"^{DATE.pattern}$")
SEALED = re.compile(r"[（(].{2,20}代章?[）)]")
"""Whose seal stands for a body that has none, under its name."""
IMPRINT = re.compile(
    r"^(?:抄[\s\u3000]*[送报]|主送|分送|印发|[^。]{2,30}(?:办公室|秘书处|办)[\s\u3000]*\S{8,12}日?印发)|^.{0,30}\d{1,2}日印发$"
)


@dataclass(slots=True)
class Foot:
    """What ends a body, found while going through it."""

    body: list[Item] = field(default_factory=list)
    starts: list[tuple[int, str, str]] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    issuer: str | None = None
    date: date | None = None
    end: int = 0


def find_foot(items: Sequence[Item], at: int) -> Foot:
    """The body from `at` on, and what ends it."""
    foot = Foot(end=len(items))
    listing = signed = False
    while at < len(items):
        item = items[at]
        if not isinstance(item, Paragraph):
            if signed:
                break
            foot.body.append(item)
            at += 1
            continue
        text = item.text
        if listing and not signed and _is_listed(text):
            foot.listed.append(_bare_title(text))
        elif LISTED.match(text) and not signed and is_list(items, at):
            listing = True
            foot.starts.append((item.start, "attachments", "attachments"))
            foot.listed += _listed_in(text)
        elif label_of(text) and not is_list(items, at):
            break
        elif signed and (OPEN_NOTE.match(text) or IMPRINT.match(text)):
            foot.starts += (
                [(item.start, "imprint", "imprint")] if not any(ref == "imprint" for _, ref, _ in foot.starts) else []
            )
        elif signed:
            break
        elif DAY_ONLY.match(squeeze(text)) and (foot.body or foot.starts):
            _sign(foot, item, items, at)
            signed = True
        else:
            foot.body.append(item)
        at += 1
    foot.end = at
    return foot


def _sign(foot: Foot, day: Paragraph, items: Sequence[Item], at: int) -> None:
    """The date, and the names of the issuers above it."""
    foot.date = read_day(squeeze(day.text))
    start = day.start
    if foot.body and isinstance(sealed := foot.body[-1], Paragraph) and SEALED.fullmatch(squeeze(sealed.text)):
        start = sealed.start
        foot.body.pop()
        at -= 1
    names: list[str] = []
    while (
        foot.body
        and isinstance(last := foot.body[-1], Paragraph)
        and last is items[at - 1 - len(names)]
        and _is_issuer(last.text)
    ):
        names.insert(0, squeeze(last.text))
        start = last.start
        foot.body.pop()
    foot.issuer = " ".join(names) or None
    foot.starts.append((start, "signature", "signature"))


def _is_issuer(text: str) -> bool:
    plain = squeeze(text)
    return (
        2 <= len(plain) <= 40
        and not re.search(r"[。；：，！？:]", plain)
        and (is_unit(plain) or plain.endswith(("国务院", "委员会")))
    )


def label_of(text: str) -> re.Match[str] | None:
    return LABEL.match(text.strip("#* 　"))


def is_list(items: Sequence[Item], at: int) -> bool:
    """附件：1.… is a list of what follows; 附件1 with its text behind it is not."""
    item = items[at]
    if not isinstance(item, Paragraph) or not (label := label_of(item.text)):
        return isinstance(item, Paragraph) and bool(LISTED.match(item.text))
    if label["no"] and not label["title"]:
        return False
    if at + 1 == len(items):
        return bool(label["title"])
    following = next((i for i in items[at + 1 :] if isinstance(i, Paragraph)), None)
    is_next_list = following is not None and isinstance(items[at + 1], Paragraph)
    if not is_next_list or following is None:
        return False
    text = following.text
    behind = any(isinstance(i, Paragraph) and DAY_ONLY.match(squeeze(i.text)) for i in items[at + 1 : at + 16])
    if label["no"]:
        return bool(behind and (label_of(text) or _is_issuer(text) or DAY_ONLY.match(squeeze(text))))
    listed = behind or _comes_again(label["title"], items[at + 1 : at + 8])
    return bool(re.match(r"^\s*[1１一]\s*[.．、]", label["title"]) or (listed and label["title"]))


def _comes_again(title: str, items: Sequence[Item]) -> bool:
    """Whether a bare 附件 or the annex's own title follows."""
    texts = [squeeze(item.text) for item in items if isinstance(item, Paragraph)]
    return any(text == squeeze(title) or ((label := label_of(text)) and not label["title"]) for text in texts)


def _is_listed(text: str) -> bool:
    label = label_of(text)
    return len(text) <= 90 and "。" not in text and (mark_at_start(text) is not None or bool(label and label["title"]))


def _listed_in(text: str) -> list[str]:
    rest = LISTED.sub("", text)
    return [_bare_title(part) for part in re.split(r"(?<=\D)(?=\d{1,2}[.．、](?!\d))", rest) if part.strip()]


def _bare_title(text: str) -> str:
    mark = mark_at_start(text)
    return re.sub(r"^附件\d*[:：]?", "", squeeze(text[mark.end :] if mark else text)).strip("。；;")
