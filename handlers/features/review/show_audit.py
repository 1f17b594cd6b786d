"""查记录 and 例外清单: who did what when, and what was out of the ordinary. Read only; nothing is decided here."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.arrivals import note_of
from handlers.audit_lines import Names, line, receipts_of
from handlers.errands import Arrived, Errand
from handlers.feature import Feature, Round, Turn
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.owing import span_of
from handlers.rights import about_matter, allowed
from handlers.rules.periods import name as period_name
from handlers.rules.periods import span
from handlers.rules.permissions import About, Action
from handlers.taking import take
from handlers.wording import no_formula
from knowledge import Matter
from storage import Audited, StoredMatter

feature = Feature(
    "show_audit",
    {**dict.fromkeys(("办公室", "审计"), ("查记录", "例外清单")), **dict.fromkeys(("单位负责人",), ("查记录",))},
)
LIKELY, CLOSE = 0.5, 0.05
TABLE = "记录表"


class Say:
    FORM = "请说：查记录 事项，例如：查记录 {name}。也可以说：例外清单。"
    ALONE = "记录请在单聊里看。"
    NO_RIGHT = "这里的记录由办公室、审计和本单位来看。"
    NO_MATTER = "没有找到“{said}”这件事。"
    WHICH = "查哪一件？"
    ASK = "查记录 {name}"
    HEAD = "{name}（{leads}）共{count}条记录{shown}："
    LAST = "，最近{count}条"
    NONE = "{name}还没有记录。"
    ALL, ALL_WORDS = "全部发我", "查记录全部 {name}"
    CHECKED = "记录只增不改，每条和前一条相扣。"
    FILE, SENDING, SENT = "{name}记录.csv", "好，马上发您。", "{name}的{count}条记录都在这个表里。"
    COLUMNS = ("序号", "时间", "经办", "岗位", "单位", "记录", "消息编号", "校验码")
    EXEMPT = "{period}例外{count}条："
    NO_EXEMPT = "{period}没有例外。"
    ROW = "{kind} {name}（{leads}）{words}"
    KINDS = "、"
    MORE = "…另有{count}条。"
    SEATS, PLAN = "换人", "改期"
    SEAT_ROW, PLAN_ROW = "{kind} {unit}：{at:%m月%d日} {what}", "{kind} {at:%m月%d日} {who}改了报送安排"
    SEATED, UNSEATED = "登记{post}", "解除{post}"
    ONLY = frozenset({"代填", "待复核", "晚报", "更正", "缓交", "共同责任单位有不同意见", "共同责任单位未回"})
    SHOWN, LINES = 10, 12


@feature.command("查记录", "记录", takes=True)
async def show_chain(turn: Turn) -> Reply:
    """The records of a matter, the latest last."""
    found = await named(turn)
    if isinstance(found, Reply):
        return found
    stored, matter = found
    lines = await worded(turn, stored, matter)
    if not lines:
        return Reply(Say.NONE.format(name=stored.name))
    shown = Say.LAST.format(count=Say.SHOWN) if len(lines) > Say.SHOWN else ""
    head = Say.HEAD.format(name=stored.name, leads="、".join(stored.lead_units), count=len(lines), shown=shown)
    button = Button(Say.ALL, Say.ALL_WORDS.format(name=stored.name))
    return Reply("\n".join([head, *(text for _, text in lines[-Say.SHOWN :]), Say.CHECKED]), (button,))


async def named(turn: Turn) -> tuple[StoredMatter, Matter | None] | Reply:
    """The matter whose records the sender may see, or what to say instead."""
    if not turn.private:
        return Reply(Say.ALONE)
    if not turn.rest:
        return Reply(Say.FORM.format(name=next((m.name for m in turn.library.matters()), "")))
    scored = [(m, score) for m, score in turn.library.find_matters(turn.rest) if score >= LIKELY][:3]
    meant = [m for m, score in scored if score >= scored[0][1] - CLOSE]
    stored = [s for s in await turn.work.matters.current() if s.key in {m.key for m in meant} or s.name == turn.rest]
    seen = [s for s in stored if allowed(turn, Action.SEE_AUDIT, about_matter(s))]
    if not stored:
        return Reply(Say.NO_MATTER.format(said=turn.rest[:20]))
    if not seen:
        return Reply(Say.NO_RIGHT)
    if len(seen) > 1:
        return Reply(Say.WHICH, tuple(Button(s.name, Say.ASK.format(name=s.name)) for s in seen[:3]))
    return seen[0], next((m for m in turn.library.matters(seen[0].notice) if m.key == seen[0].key), None)


async def worded(turn: Turn, stored: StoredMatter, matter: Matter | None) -> list[tuple[Audited, str]]:
    """Every record of the matter with its words."""
    names, zone = Names(turn.work, turn.now), turn.now.tzinfo
    receipts = receipts_of(await turn.work.submissions.versions(stored.id), turn.now.date())
    chain = await turn.work.audit.of_chain(f"matter:{stored.id}")
    return [(one, await line(one, matter, names, zone, receipts)) for one in chain]


@feature.command("查记录全部", takes=True)
async def send_chain(turn: Turn) -> Reply:
    """All records of a matter as a table, with the hashes they are checked by."""
    found = await named(turn)
    if isinstance(found, Reply):
        return found
    stored, matter = found
    names = Names(turn.work, turn.now)
    rows = [
        (one.number, one.happened_at.astimezone(turn.now.tzinfo).isoformat(timespec="seconds"),
         await names.of(one.who), one.post, one.unit or "", no_formula(text), one.message_id or "", one.hash)
        for one, text in await worded(turn, stored, matter)
    ]  # fmt: skip
    out = io.StringIO()
    csv.writer(out).writerows([Say.COLUMNS, *rows])
    note = note_of(turn) | {"name": stored.name, "count": len(rows)}
    file = Say.FILE.format(name=stored.name)
    turn.send_for(Errand(TABLE, turn.person.staff_id or "", note, text="\ufeff" + out.getvalue(), name=file))
    return Reply(Say.SENDING)


@feature.awaits(TABLE)
async def hand_over_table(round: Round, arrived: Arrived) -> None:
    """The table to who asked for it."""
    if arrived.file:
        said = Say.SENT.format(name=arrived.errand.note.get("name"), count=arrived.errand.note.get("count"))
        round.tell(Receiver("person", arrived.errand.person), Announcement(said, files=(arrived.file,)), "file")


@feature.command("例外清单", "例外")
async def list_exempt(turn: Turn) -> Reply:
    """代填, 待复核, 晚报, 更正, 改期, 换人 of the present period, as far as the sender may see them."""
    if not turn.private:
        return Reply(Say.ALONE)
    stored = [m for m in await turn.work.matters.current() if allowed(turn, Action.SEE_AUDIT, about_matter(m))]
    if not stored:
        return Reply(Say.NO_RIGHT)
    ids, lines, period = {m.id for m in stored}, list[str](), ""
    for notice in dict.fromkeys(m.notice for m in stored):
        if all(n.key != notice for n in turn.library.notices):
            continue
        taken = await take(turn.work, turn.library, notice, turn.now, turn.workdays, wanted=lambda m: m.id in ids)
        period = period or taken.period_name
        lines += [
            Say.ROW.format(kind=e.kind, name=e.name, leads="、".join(e.leads), words=f"：{e.words}" if e.words else "")
            for e in taken.exempt
            if e.kind in Say.ONLY
        ]
    lines += await moved(turn, stored)
    period = period or period_name(span_of(None, turn.now.date(), turn.workdays).key, turn.now.date())
    if not lines:
        return Reply(Say.NO_EXEMPT.format(period=period))
    more = [Say.MORE.format(count=len(lines) - Say.LINES)] if len(lines) > Say.LINES else []
    return Reply("\n".join([Say.EXEMPT.format(period=period, count=len(lines)), *lines[: Say.LINES], *more]))


async def moved(turn: Turn, stored: Sequence[StoredMatter]) -> list[str]:
    """Seats that changed hands and plans that changed in this period; what was set up at the start is none."""
    first = span(span_of(None, turn.now.date(), turn.workdays).key)[0]
    since = datetime.combine(first, datetime.min.time(), turn.now.tzinfo)
    names = Names(turn.work, turn.now)
    lines: list[str] = []
    for one in await turn.work.audit.between(since, turn.now + timedelta(seconds=1)):
        kind, _, about = one.chain.partition(":")
        if kind == "seats" and one.why in ("handover", "claim", "ended by the office"):
            lines += seat_line(turn, one, about)
        if kind == "plan" and one.old and allowed(turn, Action.SEE_AUDIT):
            lines.append(Say.PLAN_ROW.format(kind=Say.PLAN, at=one.happened_at, who=await names.of(one.who)))
    return lines


def seat_line(turn: Turn, one: Audited, unit: str) -> list[str]:
    """Somebody came or went."""
    if not allowed(turn, Action.SEE_AUDIT, About(unit=unit)):
        return []
    post = str((one.new or one.old or {}).get("post", ""))
    what = (Say.SEATED if one.what == "seated" else Say.UNSEATED).format(post=post)
    return [Say.SEAT_ROW.format(kind=Say.SEATS, unit=unit, at=one.happened_at.astimezone(turn.now.tzinfo), what=what)]
