"""The roster: rows of a sheet → seats, with an error for every row that cannot stand; and seating them all at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.rules.permissions import Post
from handlers.towns import town_of
from handlers.wording import one_line
from knowledge import Library
from storage import Actor, Work

MOBILE = re.compile(r"1\d{10}")
TOP = 6  # rows among which the one that names the columns is looked for
LONGEST_NAME, LONGEST_UNIT = 30, 50


class Say:
    COLUMNS = ("userid", "手机", "称呼", "单位", "岗位")
    ALSO: Mapping[str, tuple[str, ...]] = {
        "userid": ("用户id", "员工id", "staffid"),
        "手机": ("手机号", "手机号码", "电话", "联系电话"),
        "称呼": ("姓名", "名称"),
        "单位": ("单位名称", "部门"),
        "岗位": ("角色", "职责"),
    }
    NO_COLUMNS = "第1行应是表头，缺少：{names}。需要的列：userid 或 手机、称呼、单位、岗位。"
    NOBODY = "userid 和手机都没有填，至少填一个"
    BAD_MOBILE = "手机号“{mobile}”不是11位"
    NO_NAME = "称呼没有填"
    NO_UNIT = "单位没有填"
    MERGED = "单位没有填（合并的单元格请拆开，每一行都写上）"
    LONG_NAME, LONG_UNIT = "称呼太长，请写在{most}字以内", "单位太长，请写在{most}字以内"
    NAMES = "手机号“{mobile}”在第{row}行是{name}，请核对是不是同一个人（同一个人请写同一个称呼）"
    NO_POST = "岗位“{post}”不认识，可填：{posts}"
    TWICE = "和第{row}行重复"
    OTHER = "手机号“{mobile}”在第{row}行是另一个人"
    ROW = "第{row}行：{why}。"
    EMPTY = "名单里没有人。"
    POSTS = "、".join(post.value for post in Post)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row that can stand."""

    row: int
    staff_id: str | None
    mobile: str | None
    name: str
    unit: str
    post: str


@dataclass(frozen=True, slots=True)
class Roster:
    """What a sheet says: who sits where, and what is wrong, by row."""

    entries: tuple[Entry, ...]
    errors: tuple[str, ...]


def read_roster(rows: Sequence[Sequence[str]], library: Library) -> Roster:
    """The seats of a sheet with a row that names the columns (in any order); units in the notice's own spelling."""
    top = head_of(rows)
    head = [column(cell) for cell in rows[top]] if rows else []
    missing = [name for name in Say.COLUMNS[2:] if name not in head]
    missing += ["userid 或 手机"] if not {"userid", "手机"} & set(head) else []
    if missing:
        return Roster((), (Say.NO_COLUMNS.format(names="、".join(missing)),))
    entries: list[Entry] = []
    errors: list[str] = []
    for number, row in enumerate(rows[top + 1 :], top + 2):
        if not any(cell.strip() for cell in row):
            continue
        cells = {name: one_line(cell) for name, cell in zip(head, row, strict=False)}
        entry = Entry(
            number, cells.get("userid") or None, digits(cells.get("手机", "")) or None, cells.get("称呼", ""),
            unit_of(library, cells.get("单位", "")), cells.get("岗位", ""),
        )  # fmt: skip
        why = wrong(entry, entries)
        errors += [Say.ROW.format(row=number, why=why)] if why else []
        entries += [] if why else [entry]
    return Roster(tuple(entries), tuple(errors) if entries or errors else (Say.EMPTY,))


def is_roster(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a row near the top heads a roster: unit, who, and how to reach them."""
    return any(heads(row) for row in rows[:TOP])


def head_of(rows: Sequence[Sequence[str]]) -> int:
    """The row that names the columns; the first when none does."""
    return next((number for number, row in enumerate(rows[:TOP]) if heads(row)), 0)


def heads(row: Sequence[str]) -> bool:
    """Whether a row names the columns of a roster."""
    head = {column(cell) for cell in row}
    return "单位" in head and bool(head & {"userid", "手机"}) and bool(head & {"岗位", "称呼"})


def unit_of(library: Library, said: str) -> str:
    """The unit in the notice's own spelling; a town keeps its own name."""
    return town_of(said) or library.unit(said) or said


def column(cell: str) -> str:
    """The column's own name."""
    bare = "".join(cell.split()).casefold().lstrip("\ufeff")
    return next((name for name, others in Say.ALSO.items() if bare in others), bare)


def digits(mobile: str) -> str:
    """A mobile number without blanks, dashes, +86 and the .0 of a sheet."""
    bare = re.sub(r"[\s-]|\.0$", "", unicodedata.normalize("NFKC", mobile))
    return re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", bare)


def wrong(entry: Entry, before: Sequence[Entry]) -> str:
    """Why the row cannot stand; empty when it can."""
    if not entry.staff_id and not entry.mobile:
        return Say.NOBODY
    if entry.mobile and not MOBILE.fullmatch(entry.mobile):
        return Say.BAD_MOBILE.format(mobile=entry.mobile[:15])
    if not entry.name:
        return Say.NO_NAME
    if len(entry.name) > LONGEST_NAME:
        return Say.LONG_NAME.format(most=LONGEST_NAME)
    if not entry.unit:
        return Say.MERGED if before else Say.NO_UNIT
    if len(entry.unit) > LONGEST_UNIT:
        return Say.LONG_UNIT.format(most=LONGEST_UNIT)
    if entry.post not in {post.value for post in Post}:
        return Say.NO_POST.format(post=entry.post[:10], posts=Say.POSTS)
    return clash(entry, before)


def clash(entry: Entry, before: Sequence[Entry]) -> str:
    """A row that repeats or contradicts an earlier one."""
    for other in before:
        same = same_person(entry, other)
        if same and (other.unit, other.post) == (entry.unit, entry.post):
            return Say.TWICE.format(row=other.row)
        ids = {entry.staff_id, other.staff_id} - {None}
        if entry.mobile and entry.mobile == other.mobile and len(ids) > 1:
            return Say.OTHER.format(mobile=entry.mobile, row=other.row)
        if same and not ids and entry.name != other.name:
            return Say.NAMES.format(mobile=entry.mobile, row=other.row, name=other.name)
    return ""


def same_person(a: Entry, b: Entry) -> bool:
    """The same staff id, or the same number with no staff id against it."""
    if a.staff_id and b.staff_id:
        return a.staff_id == b.staff_id
    return bool(a.mobile and a.mobile == b.mobile)


async def seat_all(work: Work, entries: Sequence[Entry], by: Actor, at: datetime) -> int:
    """Enrol and seat everybody of the roster; how many seats are new. All or nothing with the transaction."""
    new = 0
    for entry in entries:
        person = await work.directory.enrol(entry.name, at, staff_id=entry.staff_id, mobile=entry.mobile)
        new += await work.directory.seat(person.id, entry.unit, entry.post, by, at)
    return new
