"""What is to be said, as documents of the outbox and back. Versions are read forgivingly: a missing field is empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.message import Announcement, Button, Message, Receiver, Reply, SentFile
from storage import JSON

Document = Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply on its way: to whom, by which route, and while the route lives."""

    to: Receiver
    reply: Reply
    route: str = ""
    route_expires: datetime | None = None


def answer_of(message: Message, reply: Reply) -> Answer:
    """The reply to a message, back to where it was said."""
    if message.chat.kind == "group":
        to = Receiver("group", message.chat.id, message.chat.title)
    else:
        to = Receiver("person", message.sender.staff_id or "", message.sender.nick)
    return Answer(to, reply, message.route, message.route_expires)


def write_answer(answer: Answer) -> Document:
    """The payload of a reply job."""
    return {
        "receiver": write_receiver(answer.to),
        "route": answer.route,
        "route_expires": answer.route_expires.isoformat() if answer.route_expires else None,
        "reply": {"text": answer.reply.text, "cites": list(answer.reply.cites), **_write_extras(answer.reply)},
    }


def read_answer(payload: Document) -> Answer:
    """The reply of a payload."""
    found, expires = _document(payload.get("reply")), payload.get("route_expires")
    reply = Reply(
        _text(found.get("text")),
        _buttons(found.get("buttons")),
        _texts(found.get("cites")),
        _files(found.get("files")),
        _files(found.get("pictures")),
    )
    until = datetime.fromisoformat(expires) if isinstance(expires, str) else None
    return Answer(read_receiver(payload), reply, _text(payload.get("route")), until)


def write_announcement(announcement: Announcement) -> Document:
    """The announcement as a document."""
    return {"text": announcement.text, "mentions": list(announcement.mentions), **_write_extras(announcement)}


def read_announcement(found: JSON) -> Announcement:
    """The announcement of a document."""
    said = _document(found)
    return Announcement(
        _text(said.get("text")),
        _buttons(said.get("buttons")),
        _texts(said.get("mentions")),
        _files(said.get("files")),
        _files(said.get("pictures")),
    )


def write_receiver(receiver: Receiver) -> Document:
    """The receiver as a document."""
    return {"kind": receiver.kind, "id": receiver.id, "name": receiver.name}


def read_receiver(payload: Document) -> Receiver:
    """The receiver of a payload."""
    found = _document(payload.get("receiver"))
    return Receiver(
        "group" if found.get("kind") == "group" else "person", _text(found.get("id")), _text(found.get("name"))
    )


def _write_extras(said: Reply | Announcement) -> dict[str, JSON]:
    return {
        "buttons": [[b.label, b.says] for b in said.buttons],
        "files": [[f.key, f.name] for f in said.files],
        "pictures": [[f.key, f.name] for f in said.pictures],
    }


def _document(found: JSON) -> Document:
    return found if isinstance(found, Mapping) else {}


def _text(found: JSON) -> str:
    return found if isinstance(found, str) else ""


def _texts(found: JSON) -> tuple[str, ...]:
    return tuple(_text(f) for f in found) if isinstance(found, Sequence) and not isinstance(found, str) else ()


def _pairs(found: JSON) -> list[tuple[str, str]]:
    if not isinstance(found, Sequence) or isinstance(found, str):
        return []
    return [(_text(pair[0]), _text(pair[1])) for pair in found if isinstance(pair, list) and len(pair) == 2]


def _buttons(found: JSON) -> tuple[Button, ...]:
    return tuple(Button(label, says) for label, says in _pairs(found))


def _files(found: JSON) -> tuple[SentFile, ...]:
    return tuple(SentFile(key, name) for key, name in _pairs(found))
