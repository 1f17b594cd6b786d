"""When a file that somebody sent has arrived: who sent it, and what he is told when it could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.errands import Arrived
from handlers.feature import Round, Turn
from handlers.message import Announcement, Button, Receiver
from handlers.rights import actor
from storage import JSON, Actor

LONGEST_NAME = 60  # characters of a file name that are shown


class Say:
    EMPTY = "《{name}》是空的。"
    TROUBLES: Mapping[str, str] = {
        "gone": "《{name}》钉钉没有给到（可能过期或太大），请再发一次。",
        "away": "《{name}》一直没能从钉钉取到，请过一会儿再发一次。",
        "effort": "《{name}》太大或太复杂，没有读完。请拆开，或另存为 docx 再发。",
        "empty": EMPTY,
        "too_big": "《{name}》太大，没有读。请拆开再发。",
        "doc": "《{name}》是老格式，请另存为 docx 再发一次。",
        "old_table": "《{name}》是老格式的表，请用 Excel 或 WPS 另存为 xlsx 再发一次。",
        "too_long": "《{name}》超过5000行，一行都没有读。请拆成几份，或删去多余的行再发。",
        "scan": "《{name}》是扫描的图片，读不到字。请发有文字的 docx 或 pdf。",
        "encrypted": "《{name}》加了密码，请去掉密码再发。",
        "broken": "《{name}》打不开，可能传坏了，请再发一次。",
        "format": "《{name}》打不开，请另存为 docx 或 xlsx 再发。",
        "not_a_notice": "《{name}》读完了，没看出是一份通知（没有标题、条款和附件表）。",
    }


def note_of(turn: Turn, post: str | None = None) -> dict[str, JSON]:
    """Who sends for something, for the audit of what comes of it."""
    by = actor(turn, post)
    return {"post": by.post, "unit": by.unit, "message": by.message_id}


def sender_of(arrived: Arrived) -> Actor:
    """Who sent for it."""
    note = {name: str(value) for name, value in arrived.errand.note.items() if value}
    return Actor(arrived.errand.person, note.get("post", ""), note.get("unit"), note.get("message"))


def tell(round: Round, arrived: Arrived, text: str, buttons: Sequence[Button] = ()) -> None:
    """Say it to who sent for it."""
    to = Receiver("person", arrived.errand.person)
    round.tell(to, Announcement(text, tuple(buttons)), f"said/{len(round.outbound)}")


def trouble_of(arrived: Arrived) -> str:
    """Why the file was not read, for its sender."""
    return Say.TROUBLES.get(arrived.trouble, Say.TROUBLES["format"]).format(name=name_of(arrived))


def empty(arrived: Arrived) -> str:
    """Nothing is in it."""
    return Say.EMPTY.format(name=name_of(arrived))


def name_of(arrived: Arrived) -> str:
    """The file's name as it was sent."""
    file = arrived.errand.attachment
    return (file.name if file else arrived.errand.name)[:LONGEST_NAME]
