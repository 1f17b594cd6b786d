"""Member lists in running lines, a role going on until the next. Tables are read elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from knowledge.notice import Member, Ref
from knowledge.terms import words_of
from knowledge.text import squeeze, tidy

B = r"[\s\u3000]*"
_TITLES = sorted(words_of("roles"), key=len, reverse=True)
ROLE = re.compile(rf"^{B}(?P<role>{'|'.join(B.join(title) for title in _TITLES)}){B}[:：]{B}(?P<rest>.*)$")
NAME = r"(?:[\u4e00-\u9fff·]{2,4}|[\u4e00-\u9fff][\s\u3000]+[\u4e00-\u9fff])"
PERSON = re.compile(
    rf"^{B}(?P<name>[\u4e00-\u9fff][\s\u3000]+[\u4e00-\u9fff]|[\u4e00-\u9fff·]{{2,8}}?)(?:[\s\u3000]+|[（(]|，|,|：|:)(?P<post>[^\s\u3000].*?)[）)]?{B}$"
)
GLUED = re.compile(
    rf"^{B}(?P<name>[\u4e00-\u9fff]{{2,3}})(?P<post>(?:[省市县区州镇]|国家|中国|[\u4e00-\u9fff]{{2}}[省市县区]).{{2,40}}(?:长|任|记|员|人|总|授|席|师|理|裁|干|官|司))$"
)
POSTED = re.compile(
    r"^(?=.{4,60}$)[^。；：]*(?:[省市县区州镇乡局委厅办院]|政府|街道|公司)[^。；：]*"
    r"(?:副?(?:局|县|市|区|省|镇|乡|厅|处|科|院|行|校|秘书|董事)长|主任|书记|主席|经理|负责人|领导|负责同志)$"
)
"""Who sits by post, no name said: 县应急管理局局长."""


def read_members(lines: Iterable[str], ref: Ref) -> list[Member]:
    """The people of a list in order; a line without a role goes on under the last one."""
    members: list[Member] = []
    role = ""
    for line in lines:
        found = ROLE.match(line)
        if found:
            role = squeeze(found["role"])
        elif not role:
            continue
        words = found["rest"] if found else line
        if not found and (len(line) > 60 or re.search(r"[。；：:]", line)):
            role = "" if re.search(r"[。：:]", line) else role
            continue
        members += _people(words, role, ref)
    return members


def _people(words: str, role: str, ref: Ref) -> list[Member]:
    person = PERSON.match(words) or GLUED.match(words)
    several = re.split(r"[、，；;]", words)
    if len(several) > 1 and (many := [m for part in several if (m := _bracketed(part, role, ref))]):
        return many
    if person and _is_post(person["post"]):
        return [Member(ref, role, squeeze(person["name"]), tidy(person["post"]))]
    if POSTED.search(squeeze(words)):
        return [Member(ref, role, squeeze(words), "")]
    names = [squeeze(part) for part in re.split(r"[、，,；;。]", words)]
    if names and all(re.fullmatch(r"[\u4e00-\u9fff·]{2,4}", name) for name in names):
        return [Member(ref, role, name, "") for name in names]
    return []


def _bracketed(part: str, role: str, ref: Ref) -> Member | None:
    found = re.fullmatch(rf"{B}([\u4e00-\u9fff·]{{2,4}}){B}[（(](.+)[）)]{B}", part)
    return Member(ref, role, found[1], tidy(found[2])) if found else None


def _is_post(post: str) -> bool:
    return len(post) >= 2 and not re.search(r"[。；！？]", post)


def looks_like_members(lines: Sequence[str]) -> bool:
    """Whether lines hold at least two roles with people behind them."""
    return len(read_members(lines, Ref(""))) >= 2
