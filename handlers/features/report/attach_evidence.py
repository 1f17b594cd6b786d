"""Pictures and files sent to a report: kept beside it if somebody wants to send them, never needed, never read for
numbers. A download that fails is told and tried again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from handlers.drafting import find_desk
from handlers.errands import Arrived, Errand
from handlers.feature import Feature, Round, Turn
from handlers.message import Announcement, Attachment, Button, Receiver, Reply
from handlers.owing import Item
from handlers.rights import actor, clerk_units, reporting_unit
from handlers.whole_report import owed
from storage import Draft

feature = Feature("attach_evidence")
THEN = "附件到了"
MOST = 9  # files of one draft
LARGEST = 20 * 1024 * 1024  # bytes of one file
PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".heic")
PAPERS = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".wps", ".et", ".ofd", ".txt", ".csv", ".ppt", ".pptx")
TYPES = frozenset((*PICTURES, *PAPERS))


class Say:
    KEPT = "收到，{what}放在{name}里了（不从里面读数字）。"
    PICTURE, FILE = "图片", "《{name}》"
    WHICH = "这个文件放到哪件事里？"
    NO_DRAFT = "文件收到了，但现在没有在填的内容，所以没有保存。要附文件，先说“填报 事项”再发；不附也可以。"
    NO_SEAT = "文件由登记的填报员在填报时附上就行。"
    IN_GROUP = "文件请在单聊里发给我。"
    MANY = "{name}里已经有{count}个文件了，够了。"
    TYPE = "《{name}》这种文件存不了，请发图片、pdf、word 或 excel。"
    VIDEO = "视频存不了，写一句就行。"
    LARGE = "《{name}》太大了（{size}兆），请控制在{limit}兆以内。不附也可以。"
    FAILED = "《{name}》没有下载下来，填的数不受影响。方便的话再发一次；不附也可以。"
    ADD = "附到 {name}"
    ONE_NAME = "图片"
    SHOWN = 4


@feature.opens("附件")
async def take_file(turn: Turn, _: Mapping[str, str]) -> Reply | None:
    """A picture or file without words: the office's goes to the notices, a clerk's to the draft that is open."""
    if (taken := await to_office(turn)) or not turn.message.attachments:
        return taken
    if not clerk_units(turn.person):
        return Reply(Say.NO_SEAT)
    if not turn.private:
        return Reply(Say.IN_GROUP)
    if sheet := await turn.open("收到填报表"):
        return sheet
    refused = next((r for a in turn.message.attachments if (r := refusal(a))), None)
    if refused:
        return refused
    draft = await draft_for(turn)
    if isinstance(draft, Reply):
        return draft
    return await attach(turn, draft)


async def to_office(turn: Turn) -> Reply | None:
    """What the feature that reads the office's files makes of it."""
    return await turn.open("收到文件") if "收到文件" in turn.features.openings else None


def refusal(file: Attachment) -> Reply | None:
    """Why a file cannot be kept, as far as its name tells."""
    if file.kind in ("video", "voice"):
        return Reply(Say.VIDEO)
    if file.kind == "file" and PurePath(file.name).suffix.lower() not in TYPES:
        return Reply(Say.TYPE.format(name=file.name[:40]))
    return None


async def draft_for(turn: Turn) -> Draft | Reply:
    """The draft that is open in this chat, else the one that was returned or begun, else which."""
    turn.dialogue = await turn.work.dialogues.load(turn.person.staff_id or "", turn.message.chat.id)
    number = (turn.dialogue.state or {}).get("draft")
    opened = await turn.work.drafts.get(int(str(number))) if number else None
    if opened and opened.state == "open" and opened.unit in clerk_units(turn.person):
        return opened
    begun = [item for item in await owed(turn) if item.begun and item.draft]
    begun = [item for item in begun if item.returned] or begun
    if len(begun) == 1 and begun[0].draft:
        return begun[0].draft
    return which(begun) if begun else Reply(Say.NO_DRAFT)


def which(begun: list[Item]) -> Reply:
    """A choice among drafts: opening one, then sending the file again."""
    buttons = tuple(Button(i.stored.name, f"接着填 {i.stored.name}") for i in begun[: Say.SHOWN])
    return Reply(Say.WHICH, buttons)


async def attach(turn: Turn, draft: Draft) -> Reply:
    """Note each file and send for it; the pending question follows."""
    desk = await find_desk(turn, draft)
    there = await turn.work.files.of_draft(draft.id)
    if desk is None or reporting_unit(turn.person, desk.item.stored) != draft.unit:
        return Reply(Say.NO_DRAFT)
    if len(there) + len(turn.message.attachments) > MOST:
        return Reply(Say.MANY.format(name=desk.facts.name, count=len(there)))
    for file in turn.message.attachments:
        number = await turn.work.files.want(draft.id, file.kind, file.code, file.name, actor(turn), turn.now)
        turn.send_for(Errand(THEN, turn.person.staff_id or "", {"attachment": number}, file))
    await turn.work.audit.record(
        f"matter:{draft.matter_id}",
        "attachment sent",
        actor(turn),
        turn.now,
        new={"draft": draft.id, "files": len(turn.message.attachments)},
    )
    what = shown(turn.message.attachments[0])
    asked = desk.question
    return Reply(Say.KEPT.format(what=what, name=desk.facts.name) + "\n" + asked.text, asked.buttons)


def shown(file: Attachment) -> str:
    """图片, or the file's name."""
    return Say.FILE.format(name=file.name[:40]) if file.kind == "file" and file.name else Say.PICTURE


@feature.awaits(THEN)
async def keep_file(round: Round, arrived: Arrived) -> str | None:
    """Its bytes are there: kept by their hash; or it could not be fetched, and the sender hears so."""
    number = int(str(arrived.errand.note["attachment"]))
    wanted = await round.work.files.get(number)
    if wanted is None:
        return None
    if arrived.file and arrived.size <= LARGEST:
        await round.work.files.arrived(number, arrived.file.key)
        return None
    name, mb = wanted.name[:40] or Say.ONE_NAME, 1024 * 1024
    await round.work.files.failed(number, arrived.trouble or "too_big")
    large = Say.LARGE.format(name=name, size=arrived.size // mb, limit=LARGEST // mb)
    text = large if arrived.file else Say.FAILED.format(name=name)
    round.tell(Receiver("person", arrived.errand.person), Announcement(text), f"attachment/{number}")
    return None
