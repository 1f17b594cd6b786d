"""The stand-in's state without I/O: people, groups, what was said and who has read it. Knows neither wire nor page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Literal, get_args

from bot.sandbox.body import Body, as_body, items, number, string, strings

ASSISTANT = "assistant"
CORP = "dingsandboxcorp"
Kind = Literal["text", "markdown", "card", "link", "picture", "file", "voice", "video", "mixed", "unknown"]
Delivery = Literal["", "waiting", "read", "lost", "unheard"]


class Say:
    ASSISTANT = "助手"
    ROBOT = "群机器人"
    PICTURE = "[图片]"
    FILE = "[文件] "
    VOICE = "[语音] "


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a DingTalk account. An outsider belongs to another corporation: the wire shows no staff id."""

    userid: str
    name: str
    mobile: str = ""
    unit: str = ""
    seats: tuple[str, ...] = ()
    outsider: bool = False

    @property
    def dingtalk_id(self) -> str:
        """The encrypted id that is never usable as a user id."""
        return "$:LWCP_v1:$" + hashlib.sha256(self.userid.encode()).hexdigest()[:24]

    @property
    def union_id(self) -> str:
        """The id of the person within the legal entity."""
        return hashlib.sha256(b"union" + self.userid.encode()).hexdigest()[:22] + "iE"


@dataclass(frozen=True, slots=True)
class Group:
    """A group chat. `robot_token` and `robot_secret` belong to its custom robot, if it has one."""

    id: str
    title: str
    members: tuple[str, ...]
    robot_name: str = ""
    robot_token: str = ""
    robot_secret: str = ""


@dataclass(slots=True)
class Entry:
    """One thing in the transcript. `seq` grows with every change, `at` is sandbox time, `wall` the machine's (ms)."""

    id: int
    chat: str
    sender: str
    kind: Kind
    body: Body
    at: str
    wall: int
    via: str
    msg_id: str = ""
    delivery: Delivery = ""
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes somebody uploaded: a person (fetched by download code) or the robot (shown by media id)."""

    id: str
    name: str
    kind: str
    type: str
    size: int


Sink = Callable[[str, object], None]


@lru_cache(maxsize=4096)
def direct_chat(userid: str) -> str:
    """The conversation id of a person's 1:1 chat with the assistant."""
    return "cid" + hashlib.sha256(b"direct" + userid.encode()).hexdigest()[:20] + "=="


def preview(entry: Entry) -> str:
    """The line a conversation list shows."""
    words = {"picture": Say.PICTURE, "file": Say.FILE, "voice": Say.VOICE}.get(entry.kind, "")
    named = string(entry.body, "name") if entry.kind == "file" else string(entry.body, "title")
    return words + (named or string(entry.body, "text").lstrip("# >")).split("\n")[0][:60]


@dataclass
class World:
    """Everything the stand-in remembers. `sink(what, record)` is told every change that must survive a restart."""

    people: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)
    files: dict[str, Stored] = field(default_factory=dict)
    reads: dict[tuple[str, str], int] = field(default_factory=dict)
    assistant: str = Say.ASSISTANT
    sink: Sink = lambda what, record: None
    seq: int = 0

    def person_of_chat(self, chat: str) -> Person | None:
        """Whose 1:1 chat this is, None for a group."""
        return next((person for person in self.people.values() if direct_chat(person.userid) == chat), None)

    def person_by_mobile(self, mobile: str) -> Person | None:
        """The insider with this mobile number."""
        return next((p for p in self.people.values() if p.mobile == mobile and not p.outsider), None)

    def robot_group(self, token: str) -> Group | None:
        """The group whose custom robot has this token."""
        return next((group for group in self.groups.values() if group.robot_token == token and token), None)

    def chats_of(self, userid: str) -> list[str]:
        """The conversations a person sees: the assistant first, then the groups."""
        return [direct_chat(userid), *(group.id for group in self.groups.values() if userid in group.members)]

    def exists(self, chat: str) -> bool:
        """Is there such a conversation?"""
        return chat in self.groups or self.person_of_chat(chat) is not None

    def outsiders_in(self, chat: str) -> bool:
        """Does the group hold people of other corporations?"""
        group = self.groups.get(chat)
        return (
            bool(group) and any(self.people[m].outsider for m in group.members if m in self.people) if group else False
        )

    def say(
        self, chat: str, sender: str, kind: Kind, body: Body, *, at: datetime, wall: int, via: str, msg_id: str = ""
    ) -> Entry:
        """Write one entry and return it."""
        entry = Entry(next(reversed(self.entries), 0) + 1, chat, sender, kind, body, at.isoformat(), wall, via, msg_id)
        self.entries[entry.id] = entry
        return self.touch(entry)

    def touch(self, entry: Entry, delivery: Delivery | None = None) -> Entry:
        """Note that the entry changed."""
        entry.delivery = entry.delivery if delivery is None else delivery
        self.seq += 1
        entry.seq = self.seq
        self.sink("entry", entry)
        return entry

    def since(self, seq: int, chat: str = "") -> list[Entry]:
        """What was written or changed after `seq`, in the order of writing."""
        return [e for e in self.entries.values() if e.seq > seq and chat in ("", e.chat)]

    def last(self, chat: str) -> Entry | None:
        """The newest entry of a conversation."""
        return next((entry for entry in reversed(self.entries.values()) if entry.chat == chat), None)

    def mark_read(self, userid: str, chat: str) -> None:
        """Everything in the chat so far has been seen by the person."""
        newest = self.last(chat)
        if newest and self.reads.get((userid, chat), 0) < newest.id:
            self.reads[userid, chat] = newest.id
            self.sink("read", {"userid": userid, "chat": chat, "id": newest.id})

    def unread(self, userid: str) -> dict[str, int]:
        """How many entries of others each of a person's conversations holds unseen."""
        counts = dict.fromkeys(self.chats_of(userid), 0)
        seen_by_all = min(self.reads.get((userid, chat), 0) for chat in counts)
        for entry in reversed(self.entries.values()):
            if entry.id <= seen_by_all:
                break
            if entry.chat in counts and entry.sender != userid and entry.id > self.reads.get((userid, entry.chat), 0):
                counts[entry.chat] += 1
        return counts

    def keep_file(self, stored: Stored) -> Stored:
        """Remember what an uploaded file is called; its bytes live elsewhere."""
        self.files[stored.id] = stored
        self.sink("file", stored)
        return stored

    def restore(self, what: str, record: Body) -> None:
        """Take back one record that the sink was once told."""
        if what == "entry":
            entry = entry_from(record)
            self.entries[entry.id] = entry
            self.seq = max(self.seq, entry.seq)
        elif what == "read":
            self.reads[string(record, "userid"), string(record, "chat")] = int(number(record, "id"))
        elif what == "file":
            id_, name, kind, type_ = (string(record, key) for key in ("id", "name", "kind", "type"))
            stored = Stored(id_, name, kind, type_, int(number(record, "size")))
            self.files[stored.id] = stored


def entry_from(record: Body) -> Entry:
    """An entry as the sink was told it."""
    id_, wall, seq = (int(number(record, key)) for key in ("id", "wall", "seq"))
    chat, sender, at, via, said = (string(record, key) for key in ("chat", "sender", "at", "via", "msg_id"))
    kind: Kind = next((kind for kind in get_args(Kind) if kind == record.get("kind")), "text")
    delivery: Delivery = next((state for state in get_args(Delivery) if state == record.get("delivery")), "")
    return Entry(id_, chat, sender, kind, as_body(record.get("body")), at, wall, via, said, delivery, seq)


def people_from(rows: Iterable[Body]) -> Iterator[Person]:
    """People as a seed lists them."""
    for row in rows:
        seats = tuple(strings(row, "seats"))
        userid, name, mobile, unit = (string(row, key) for key in ("userid", "name", "mobile", "unit"))
        yield Person(userid, name, mobile, unit, seats, row.get("outsider") is True)


def groups_from(rows: Iterable[Body], people: Iterable[str]) -> Iterator[Group]:
    """Groups as a seed lists them; `members` "all" are all insiders."""
    everybody = list(people)
    for row in rows:
        robot = as_body(row.get("robot"))
        members = strings(row, "members") if items(row, "members") else everybody
        keys = (string(robot, key) for key in ("name", "token", "secret"))
        yield Group(string(row, "id"), string(row, "title"), tuple(members), *keys)
