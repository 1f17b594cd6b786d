"""填报表: the unit's own sheet out, filled, and read back with errors by row; nothing stored before the word."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import PurePath

from handlers import tray
from handlers.arrivals import name_of, tell, trouble_of
from handlers.errands import Arrived, Errand
from handlers.feature import Feature, Round, Turn
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.openings import best_of
from handlers.owing import Item
from handlers.papers import Cell, Grid, book
from handlers.report_facts import number
from handlers.report_form import field_of
from handlers.rights import clerk_units
from handlers.rules.periods import name as period_name
from handlers.tables import cell
from handlers.whole_report import owed
from storage import JSON

CLERKS = ("填报员", "联络人", "备用联络人")
feature = Feature("report_by_sheet", dict.fromkeys(CLERKS, ("填报表",)))
MADE, BACK, TRAY = "填报表做好", "填报表到了", "report sheet"
SUFFIXES = (".xlsx", ".xlsm", ".csv")


class Say:
    NO_SEAT = "填报表给登记的填报员用。登记岗位请联系办公室。"
    NOTHING = "您单位现在没有要报的事项。"
    MAKING = "正在做填报表，马上发您。"
    READY = "填报表在这里：只填“本期值”这一列（没有数的写未启动、推进中或已完成），进展、来源可不填。填好发回给我。"
    FILE, STARTS = "填报表_{unit}_{period}.xlsx", "填报表"
    TITLE = "{unit}{period}填报表"
    NOTE = "填“本期值”；空着的不报。文件名请以“填报表”开头，发回机器人单聊。"
    COLUMNS = (
        ("行", 5), ("事项", 34), ("量", 26), ("单位", 6), ("上期值", 10), ("本期值", 12), ("进展", 36), ("来源", 16),
        ("数据截至", 14),
    )  # fmt: skip
    READING = "收到《{name}》，正在读，读完告诉您。"
    READ = "《{name}》读到{count}件：{rows}。现在还没有记下。"
    NONE = "《{name}》里没有能用的数，什么都没有记。"
    UNFIT = "{count}行有问题，请改好再发，或先报其他的："
    MORE = "…另有{count}行。"
    PUT, LEAVE = "放进填报", "不用了"
    FAILED = "填报表没有做成，请再说一次“填报表”。"
    GONE, OLD = "没有等着放进填报的表。说“填报表”可以要一张。", "这是旧的一张，请看最新的。"
    LEFT = "好的，没有记。"
    FOREIGN = "表里的事项不由您单位报。"
    ROW, LIST, ETC = "{name}{value}{unit}", "、", "等"
    SHOWN, LINES = 5, 6


@feature.command("填报表", "要填报表", "下载填报表", "填报模板")
async def send_sheet(turn: Turn) -> Reply:
    """A sheet with every matter the unit owes and its last value; it comes 1:1."""
    if not clerk_units(turn.person) or not turn.person.staff_id:
        return Reply(Say.NO_SEAT)
    items = [item for item in await owed(turn) if item.open]
    if not items:
        return Reply(Say.NOTHING)
    unit = Say.LIST.join(clerk_units(turn.person))
    period = period_name(items[0].span.key, turn.now.date())
    grid = Grid(
        Say.STARTS, Say.TITLE.format(unit=unit, period=period), Say.COLUMNS, rows_of(items), (Say.NOTE,)
    )  # fmt: skip
    paper = book(Say.FILE.format(unit=unit, period=period), [grid])
    turn.send_for(Errand(MADE, turn.person.staff_id, papers=(paper,)))
    return Reply(Say.MAKING)


def rows_of(items: list[Item]) -> tuple[tuple[Cell, ...], ...]:
    """A row for each measure; one for a matter without figures."""
    rows: list[tuple[Cell, ...]] = []
    for item in items:
        last = item.last.figures if item.last else {}
        for measure in item.facts.measures:
            value = cell(number(last.get(measure.key)))
            rows.append((len(rows) + 1, item.stored.name, measure.name, measure.unit, value, None, "", "", ""))
        if not item.facts.measures:
            rows.append((len(rows) + 1, item.stored.name, "", "", last.get("stage", ""), "", "", "", ""))
    return tuple(rows)


@feature.awaits(MADE)
async def hand_over(round: Round, arrived: Arrived) -> None:
    """The sheet to whoever asked."""
    if arrived.trouble:
        return tell(round, arrived, Say.FAILED)
    to = Receiver("person", arrived.errand.person)
    return round.tell(to, Announcement(Say.READY, files=arrived.files), "sheet")


@feature.opens("收到填报表")
async def take_back(turn: Turn, _: Mapping[str, str]) -> Reply | None:
    """Send for a filled sheet; None when the file is something else."""
    file = next((f for f in turn.message.attachments if f.kind == "file"), None)
    if file is None or not turn.private or not clerk_units(turn.person):
        return None
    if not file.name.startswith(Say.STARTS) or PurePath(file.name).suffix.lower() not in SUFFIXES:
        return None
    turn.send_for(Errand(BACK, turn.person.staff_id or "", attachment=file, read="table"))
    return Reply(Say.READING.format(name=file.name[:40]))


@feature.awaits(BACK)
async def read_sheet(round: Round, arrived: Arrived) -> None:
    """What the rows say, and what is wrong with which row; nothing is stored yet."""
    if arrived.trouble:
        return tell(round, arrived, trouble_of(arrived))
    table, name = best_of(arrived.sheets, round.library, round.now.date()), name_of(arrived)
    unfit = list(table.problems[: Say.LINES])
    unfit += [Say.MORE.format(count=len(table.problems) - Say.LINES)] if len(table.problems) > Say.LINES else []
    lines = [Say.UNFIT.format(count=len(table.problems)), *unfit] if unfit else []
    if not table.openings:
        return tell(round, arrived, "\n".join([Say.NONE.format(name=name), *lines]))
    shown = [Say.ROW.format(name=o.name, value=o.value, unit=o.unit) for o in table.openings]
    rows = Say.LIST.join(shown[: Say.SHOWN]) + (Say.ETC if len(shown) > Say.SHOWN else "")
    given: defaultdict[str, dict[str, JSON]] = defaultdict(dict)
    for o in table.openings:
        field = "stage" if o.measure == "stage" else field_of(o.measure)
        more = {"line": o.line, "origin": o.origin, "as_of": o.as_of.isoformat() if o.as_of else ""}
        given[o.matter] |= {field: o.value, **{key: value for key, value in more.items() if value}}
    version = await tray.lay(round.work, arrived.errand.person, TRAY, {"given": dict(given)}, round.now)
    buttons = [Button(Say.PUT, f"放进填报 #{version}"), Button(Say.LEAVE, f"不放进填报 #{version}")]
    words = Say.READ.format(name=name, count=len(given), rows=rows)
    return tell(round, arrived, "\n".join([words, *lines]), buttons)


@feature.command("放进填报", "不放进填报")
async def put(turn: Turn) -> Reply:
    """Into the drafts of what the sender's units owe; the check list follows, handed in at its own word."""
    person = turn.person.staff_id or ""
    lying = await tray.see(turn.work, person, TRAY) if clerk_units(turn.person) and turn.private else None
    if lying is None:
        return Reply(Say.GONE)
    if turn.tag and turn.tag.ref != str(lying.version):
        return Reply(Say.OLD)
    await tray.clear(turn.work, person, TRAY, turn.now)
    if turn.text.startswith("不"):
        return Reply(Say.LEFT)
    given = lying.document["given"]
    by_key = {item.facts.key: item.stored.id for item in await owed(turn)}
    mine = {by_key[key]: dict(row) for key, row in given.items() if key in by_key and isinstance(row, Mapping)} \
        if isinstance(given, Mapping) else {}  # fmt: skip
    if not mine:
        return Reply(Say.FOREIGN)
    return await turn.open("填好的", given=json.dumps(mine)) or Reply(Say.GONE)
