"""The vocabulary between the doors (DingTalk, another chat, a test) and the features. Knows no platform."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

ChatKind = Literal["person", "group"]
MessageKind = Literal["text", "voice", "picture", "video", "file", "mixed", "over_quota", "unknown"]


@dataclass(frozen=True, slots=True)
class Chat:
    """Where something is said. `kind` "person" is a 1:1 chat with the robot."""

    id: str
    kind: ChatKind
    title: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who says it. `staff_id` None: not of our corporation (or the app is unpublished); only public answers then."""

    staff_id: str | None
    nick: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or file the person sent; `code` is what the door needs to fetch it, never a URL or a path."""

    kind: Literal["picture", "voice", "video", "file"]
    code: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing somebody said to us."""

    id: str
    """The platform's id of the message, the same when it is delivered again."""
    robot: str
    chat: Chat
    sender: Sender
    text: str
    """What was said, without the @; a voice message's recognised text."""
    at: datetime
    kind: MessageKind = "text"
    attachments: tuple[Attachment, ...] = ()
    quoted: str | None = None
    """Text of the message this one quotes."""
    outsiders: bool = False
    """The group may hold people of other corporations."""
    route: str = ""
    """Opaque: how the door answers fastest; kept with the reply."""
    route_expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """A button that says `says` in the presser's name; its label is what is shown."""

    label: str
    says: str = ""

    @property
    def words(self) -> str:
        """What is sent on pressing."""
        return self.says or self.label


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file to hand to the person: `key` names its bytes in the file store."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said back: plain lines with **bold** and - lists only; no tables. Buttons never act in groups."""

    text: str
    buttons: tuple[Button, ...] = ()
    cites: tuple[str, ...] = ()
    files: tuple[SentFile, ...] = ()
    pictures: tuple[SentFile, ...] = ()
    asks: bool = False
    """Its buttons answer what it asks back; they stay beside an open form's own."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is pushed to a person or group without being asked."""

    text: str
    buttons: tuple[Button, ...] = ()
    mentions: tuple[str, ...] = ()
    """Staff ids to @ where the channel can."""
    files: tuple[SentFile, ...] = ()
    pictures: tuple[SentFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whom a push goes to: a person by staff id or a group by chat id."""

    kind: ChatKind
    id: str
    name: str = field(default="", compare=False)


class Line(Protocol):
    """The connection to the chat platform as far as its state goes."""

    @property
    def connected(self) -> bool: ...
    @property
    def last_frame_at(self) -> datetime | None: ...
    @property
    def reconnects(self) -> int: ...
