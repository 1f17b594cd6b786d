"""A roster the office sent: rows checked, numbers looked up, shown; seated at one word, all or nothing; taken back."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from handlers import tray
from handlers.arrivals import name_of, note_of, sender_of, tell
from handlers.errands import Arrived, Errand
from handlers.feature import Feature, Round, Turn
from handlers.first_hour import after_roster
from handlers.handing_over import close_forms
from handlers.message import Announcement, Button, Receiver, Reply, SentFile
from handlers.rights import actor, allowed
from handlers.roster import Entry, read_roster, seat_all
from handlers.rules.permissions import CLERKS, Action, Post
from handlers.towns import town_of
from handlers.wording import no_formula
from storage import JSON, Work

feature = Feature("import_roster")
TRAY, DONE = "roster", "roster done"
Found = Mapping[str, str]


class Say:
    WRONG = "《{name}》有{count}处要改，一行都没有导入："
    MORE = "…另有{count}处。改好后再发一次。"
    AGAIN = "改好后再发一次就行。"
    READ = "《{name}》{people}人{seats}个岗位：{known}人匹配到钉钉。"
    MISSING = "{count}人手机号没找到：{names}。先登记岗位，本人认领后再对上。"
    STRANGE = "通知里没有这几个单位，请核对写法：{units}。不改就照名单登记。"
    NEW, STAYS = "确认后新增岗位{new}个{stays}。现在还没有导入。", "，已有{old}个不变"
    NOTHING_NEW = "名单上的岗位都已经登记，不用导入。"
    PERSON = "{name}（{unit}）"
    CONFIRM, NO, DOWNLOAD = "确认导入", "不导入", "下载未匹配"
    DONE = "已导入：{people}人，新增岗位{new}个。"
    INVITE, UNDO = "在群里请大家认领", "撤回这次导入"
    OLD = "这是旧的名单，请看最新的一张卡。"
    GONE = "没有等着确认的名单。把名单（xlsx 或 csv）发给我就行。"
    LEFT = "好的，没有导入。"
    TAKEN = "没有导入：{name}的手机号已经登记给另一个账号，请核对。"
    UNDONE = "已撤回：{count}个岗位已解除。人员的基本信息保留。"
    NOT_OFFICE = "导入名单由办公室来做。"
    FILE = "未匹配名单.csv"
    HEAD = ("称呼", "单位", "岗位", "手机")
    SENDING = "好，马上发您。"
    SENT_FILE = "没匹配上的{count}人在这个表里，改好手机号再发给我就行。"
    INVITATION = "还有{count}个岗位没对上钉钉账号。请相关同志单独找我说一句“认领 单位 岗位”，例如：认领 {unit} {post}。"
    INVITED = "已发到{count}个群（没有写名字）。"
    NO_GROUP = "还没有绑定的群。请先把我加进群，在群里说“绑定本群”。"
    SHOWN = 8


@feature.awaits("名单")
async def check_roster(round: Round, arrived: Arrived) -> None:
    """Errors by row, or the numbers are looked up first."""
    roster = read_roster(arrived.rows, round.library)
    if roster.errors:
        shown = roster.errors[: Say.SHOWN]
        last = Say.MORE.format(count=len(roster.errors) - Say.SHOWN) if len(roster.errors) > Say.SHOWN else Say.AGAIN
        head = Say.WRONG.format(name=name_of(arrived), count=len(roster.errors))
        return tell(round, arrived, "\n".join([head, *shown, last]))
    mobiles = tuple(dict.fromkeys(e.mobile for e in roster.entries if e.mobile and not e.staff_id))
    if not mobiles:
        return await show(round, arrived, roster.entries, name_of(arrived))
    entries: list[JSON] = [document_of(e) for e in roster.entries]
    note = {**arrived.errand.note, "entries": entries, "file": name_of(arrived)}
    return round.send_for(Errand("名单核对", arrived.errand.person, note, mobiles=mobiles))


@feature.awaits("名单核对")
async def match(round: Round, arrived: Arrived) -> None:
    """Those found get their staff id; the rest are listed by number only."""
    entries = [matched(e, arrived.found) for e in entries_of(arrived.errand.note.get("entries"))]
    await show(round, arrived, entries, str(arrived.errand.note.get("file")))


def matched(entry: Entry, found: Found) -> Entry:
    """The entry with the account of its number."""
    staff = entry.staff_id or found.get(entry.mobile or "")
    return Entry(entry.row, staff, entry.mobile, entry.name, entry.unit, entry.post)


async def show(round: Round, arrived: Arrived, entries: Sequence[Entry], name: str) -> None:
    """What an import would do, with the word that does it."""
    people = {e.staff_id or e.mobile: e for e in entries}
    missing = [e for e in people.values() if not e.staff_id]
    new = [e for e in entries if not await seated(round.work, e, round)]
    facts = {"name": name, "people": len(people), "seats": len(entries), "known": len(people) - len(missing)}
    lines = [Say.READ.format(**facts)]
    if missing:
        names = "、".join(Say.PERSON.format(name=e.name, unit=e.unit) for e in missing[: Say.SHOWN])
        lines.append(Say.MISSING.format(count=len(missing), names=names))
    if strange := strangers(round, entries):
        lines.append(Say.STRANGE.format(units="、".join(strange)))
    if not new:
        return tell(round, arrived, "\n".join([*lines, Say.NOTHING_NEW]))
    stored: list[JSON] = [document_of(e) for e in entries]
    version = await tray.lay(round.work, arrived.errand.person, TRAY, {"entries": stored}, round.now)
    buttons = [Button(Say.CONFIRM, f"确认导入名单 #{version}"), Button(Say.NO, f"不导入名单 #{version}")]
    buttons += [Button(Say.DOWNLOAD, f"下载未匹配 #{version}")] if missing else []
    old = len(entries) - len(new)
    lines.append(Say.NEW.format(new=len(new), stays=Say.STAYS.format(old=old) if old else ""))
    return tell(round, arrived, "\n".join(lines), buttons)


def strangers(round: Round, entries: Sequence[Entry]) -> list[str]:
    """Units of clerks that no notice names, towns aside: perhaps misspelt."""
    named = {e.unit: e for e in entries if e.post in set(CLERKS)}
    return [unit for unit in named if unit not in round.library.units() and not town_of(unit)][: Say.SHOWN]


async def seated(work: Work, entry: Entry, at: Round) -> bool:
    """Whether somebody of that account or number sits there already."""
    known = await work.directory.identify(entry.staff_id, at.now) if entry.staff_id else None
    known = known or (await work.directory.by_mobile(entry.mobile, at.now) if entry.mobile else None)
    return known is not None and any((s.unit, s.post) == (entry.unit, entry.post) for s in known.seats)


def document_of(entry: Entry) -> dict[str, JSON]:
    """The entry as it is kept."""
    return {
        "row": entry.row, "staff": entry.staff_id, "mobile": entry.mobile, "name": entry.name, "unit": entry.unit,
        "post": entry.post,
    }  # fmt: skip


def entries_of(kept: JSON) -> list[Entry]:
    """The entries of a document."""
    rows = [row for row in kept if isinstance(row, Mapping)] if isinstance(kept, list | tuple) else []
    return [
        Entry(
            int(str(r["row"])), str(r["staff"]) if r["staff"] else None, str(r["mobile"]) if r["mobile"] else None,
            str(r["name"]), str(r["unit"]), str(r["post"]),
        )
        for r in rows
    ]  # fmt: skip


async def waiting(turn: Turn) -> list[Entry] | Reply:
    """The roster that the button is about, or why there is none."""
    if not allowed(turn, Action.SEATS) or not turn.private:
        return Reply(Say.NOT_OFFICE)
    lying = await tray.see(turn.work, turn.person.staff_id or "", TRAY)
    if lying is None:
        return Reply(Say.GONE)
    if turn.tag and turn.tag.ref != str(lying.version):
        return Reply(Say.OLD)
    return entries_of(lying.document.get("entries"))


@feature.command("确认导入名单")
async def import_all(turn: Turn) -> Reply:
    """Seat everybody, or nobody."""
    entries = await waiting(turn)
    if isinstance(entries, Reply):
        return entries
    if taken := await others(turn, entries):
        return Reply(Say.TAKEN.format(name="、".join(taken)))
    by, before = actor(turn, Post.OFFICE), await seats_of_all(turn)
    await seat_all(turn.work, entries, by, turn.now)
    made: list[JSON] = [*sorted(await seats_of_all(turn) - before)]
    person = turn.person.staff_id or ""
    await tray.clear(turn.work, person, TRAY, turn.now)
    undo = await tray.lay(turn.work, person, DONE, {"seats": made}, turn.now)
    people = {e.staff_id or e.mobile: e for e in entries}
    buttons = [Button(Say.UNDO, f"撤回名单导入 #{undo}")]
    buttons += [Button(Say.INVITE, "请大家认领")] if any(not e.staff_id for e in people.values()) else []
    lines = [Say.DONE.format(people=len(people), new=len(made)), *await after_roster(turn.work)]
    return Reply("\n".join(lines), tuple(buttons))


async def others(turn: Turn, entries: Sequence[Entry]) -> list[str]:
    """Names of those whose number is another account's."""
    pairs = [(e, await turn.work.directory.by_mobile(e.mobile, turn.now)) for e in entries if e.mobile and e.staff_id]
    return [e.name for e, known in pairs if known and known.staff_id not in (None, e.staff_id)]


async def seats_of_all(turn: Turn) -> set[int]:
    """Ids of all seats held now."""
    return {seat.id for person in await turn.work.directory.people(turn.now) for seat in person.seats}


@feature.command("不导入名单")
async def leave(turn: Turn) -> Reply:
    """Nothing is imported."""
    entries = await waiting(turn)
    if isinstance(entries, Reply):
        return entries
    await tray.clear(turn.work, turn.person.staff_id or "", TRAY, turn.now)
    return Reply(Say.LEFT)


@feature.command("撤回名单导入")
async def undo(turn: Turn) -> Reply:
    """End the seats that the last import made."""
    if not allowed(turn, Action.SEATS) or not turn.private:
        return Reply(Say.NOT_OFFICE)
    done = await tray.see(turn.work, turn.person.staff_id or "", DONE)
    if done is None or (turn.tag and turn.tag.ref != str(done.version)):
        return Reply(Say.GONE if done is None else Say.OLD)
    seats, by = done.document.get("seats"), actor(turn, Post.OFFICE)
    ids = [int(str(n)) for n in seats] if isinstance(seats, list | tuple) else []
    losing = [p for p in await turn.work.directory.people(turn.now) if any(seat.id in ids for seat in p.seats)]
    ended = [n for n in ids if await turn.work.directory.unseat(n, by, turn.now, "import taken back")]
    for person in losing:
        await close_forms(turn, person)
    await tray.clear(turn.work, turn.person.staff_id or "", DONE, turn.now)
    return Reply(Say.UNDONE.format(count=len(ended)))


@feature.command("下载未匹配")
async def download(turn: Turn) -> Reply:
    """Those without account, as a table to be mended and sent again."""
    entries = await waiting(turn)
    if isinstance(entries, Reply):
        return entries
    rows = [tuple(map(no_formula, (e.name, e.unit, e.post, e.mobile or ""))) for e in entries if not e.staff_id]
    out = io.StringIO()
    csv.writer(out).writerows([Say.HEAD, *rows])
    note = note_of(turn, Post.OFFICE) | {"count": len(rows)}
    person = turn.person.staff_id or ""
    turn.send_for(Errand("未匹配名单", person, note, text="\ufeff" + out.getvalue(), name=Say.FILE))
    return Reply(Say.SENDING)


@feature.awaits("未匹配名单")
async def send_file(round: Round, arrived: Arrived) -> None:
    """Hand the table over."""
    if arrived.file:
        file: tuple[SentFile, ...] = (arrived.file,)
        said = Say.SENT_FILE.format(count=arrived.errand.note.get("count"))
        round.tell(Receiver("person", sender_of(arrived).who), Announcement(said, files=file), "file")


@feature.command("请大家认领", "在群里请大家认领")
async def invite(turn: Turn) -> Reply:
    """Ask the bound groups, without names, to claim the seats that have no account."""
    if not allowed(turn, Action.SEATS) or not turn.private:
        return Reply(Say.NOT_OFFICE)
    people = await turn.work.directory.people(turn.now)
    empty = [seat for person in people if not person.staff_id for seat in person.seats]
    groups = [g for g in await turn.work.groups.groups() if g.bindings and not g.outsiders]
    if not groups or not empty:
        return Reply(Say.NO_GROUP if empty else Say.GONE)
    text = Say.INVITATION.format(count=len(empty), unit=empty[0].unit, post=empty[0].post)
    for group in groups:
        turn.tell(Receiver("group", group.chat, group.title), Announcement(text))
    return Reply(Say.INVITED.format(count=len(groups)))
