"""收到文件: what the office sends 1:1 is fetched and read aside: a notice, a roster, a table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from handlers.arrivals import LONGEST_NAME, empty, name_of, note_of, tell, trouble_of
from handlers.errands import Arrived, Errand, Read
from handlers.feature import Feature, Round, Turn
from handlers.message import Attachment, Reply
from handlers.rights import allowed
from handlers.roster import is_roster
from handlers.rules.permissions import Action, Post

feature = Feature("receive_file")
READ: Mapping[str, Read] = {
    **dict.fromkeys((".docx", ".pdf", ".txt", ".md", ".html", ".htm"), "notice"),
    **dict.fromkeys((".xlsx", ".xlsm", ".csv"), "table"),
}
ASKED_FOR_DOCX = (".doc", ".wps", ".ofd", ".rtf")
NOTICE, TABLE, ROSTER, VALUES = "收到通知", "收到表", "名单", "收到表格"


class Say:
    READING = "收到《{name}》，正在读，读完告诉您。"
    SAVE_AS = "《{name}》请先另存为 docx 或 xlsx，再发一次。"
    OTHER = "《{name}》这种文件我读不了。通知请发 docx、pdf、html 或 txt，名单和表请发 xlsx 或 csv。"
    UNKNOWN_TABLE = (
        "《{name}》读到{rows}行，没看出是名单还是进展表。名单第1行请写：称呼、单位、岗位、手机（或 userid）。"
    )


@feature.opens("收到文件")
async def receive(turn: Turn, _: Mapping[str, str]) -> Reply | None:
    """Send for the office's file; None when it is none, or belongs to an open form."""
    file = next((f for f in turn.message.attachments if f.kind == "file"), None)
    if file is None or not turn.private or not allowed(turn, Action.PUBLISH):
        return None
    opened = await turn.work.dialogues.load(turn.person.staff_id or "", turn.message.chat.id)
    if opened.form and not opened.parked:
        return None
    suffix, name = PurePath(file.name).suffix.lower(), file.name[:LONGEST_NAME]
    if suffix not in READ:
        return Reply((Say.SAVE_AS if suffix in ASKED_FOR_DOCX else Say.OTHER).format(name=name))
    turn.send_for(errand_for(turn, file, READ[suffix]))
    return Reply(Say.READING.format(name=name))


def errand_for(turn: Turn, file: Attachment, read: Read) -> Errand:
    """What to fetch, and all that is needed to go on when it came."""
    note = note_of(turn, Post.OFFICE) | {"values": VALUES in turn.features.awaiting}
    return Errand(NOTICE if read == "notice" else TABLE, turn.person.staff_id or "", note, file, read)


@feature.awaits(TABLE)
async def sort_table(round: Round, arrived: Arrived) -> str | None:
    """Hand a roster and a table of values to those who take them; tell what is neither."""
    if not arrived.trouble and is_roster(arrived.rows):
        return ROSTER
    if not arrived.trouble and arrived.rows and arrived.errand.note.get("values"):
        return VALUES
    tell(round, arrived, why_not(arrived))
    return None


def why_not(arrived: Arrived) -> str:
    """Why nothing can be done with a table."""
    if arrived.trouble:
        return trouble_of(arrived)
    if not arrived.rows:
        return empty(arrived)
    return Say.UNKNOWN_TABLE.format(name=name_of(arrived), rows=len(arrived.rows))
