"""A snapshot as tables: the annex with values, the 汇总表, every submission, history, exceptions, provenance. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from handlers.meanwhile import shortly, target_ruling
from handlers.papers import Cell, Grid
from handlers.rules.periods import span
from handlers.snapshot import MatterRow, Printed, Snapshot, Version


class Say:
    SUMMARY, DETAIL, HISTORY, EXEMPT, ORIGIN = "汇总表", "填报明细", "历史", "例外", "数据出处"
    TITLE = "{title}\n进展情况汇总表（{period}）"
    PERIOD = "报送期：{period}　数据截至：{as_of}　制表：{made}"
    MADE = "{at:%Y-%m-%d %H:%M}"
    ONLY = "只有审核通过的数在“进展情况”里；其余只注明状态。"
    NO_DAY = "—"
    SUMMARY_COLUMNS = (("序号", 5), ("内容与要求", 44), ("进展情况", 56), ("责任单位", 18), ("状态", 10))
    ADDED = (
        ("量", 16), ("现值", 8), ("单位", 5), ("完成率（%）", 9), ("状态", 8),
        ("进度", 18),
        ("报送期", 9), ("数据截至", 11), ("出处", 22),
    )  # fmt: skip
    COLOUR = ("灯", 6)
    WIDE_ONLY = frozenset({"灯", "报送期", "进度", "量"})
    PLAIN = (("序号", 5), ("事项", 40), ("责任单位", 20))
    OTHERS = "其他事项"
    DETAIL_COLUMNS = (
        ("出处", 26), ("事项", 30), ("责任单位", 18), ("报送期", 10), ("数值", 9), ("单位", 6), ("数据截至", 12),
        ("进展", 36),
        ("来源", 16), ("状态", 10), ("填报岗位", 20), ("提交时间", 22), ("审核岗位", 22), ("审核时间", 22),
        ("附件数", 7),
        ("备注", 36),
    )  # fmt: skip
    HISTORY_COLUMNS = (("事项", 34), ("量", 30), ("单位", 6))
    EXEMPT_COLUMNS = (("类别", 18), ("事项", 34), ("责任单位", 20), ("报送期", 10), ("说明", 60))
    ORIGIN_COLUMNS = (
        ("事项", 30), ("量", 24), ("数值", 9), ("单位", 6), ("报送期", 10), ("数据截至", 12), ("来源", 16),
        ("编号", 14),
        ("填报岗位", 20), ("提交时间", 22), ("审核岗位", 22), ("审核时间", 22), ("出处", 26), ("原文", 60),
    )  # fmt: skip
    WANTED = "目标：{wanted}{meanwhile}"
    MEANWHILE = "（{ruling}）"
    RULED, RULED_NOTE = "目标暂按口径", "{name}：目标{ruling}，完成率按此计算。"
    STAGE = "阶段：{stage}"
    MORE = "{name}{value}{unit}"
    VERSION, LATE, OPENING, BEHALF, REASON, CORRECTS = "第{n}版", "晚报", "底数", "代填", "说明：{words}", "更正"
    LIST, JOIN = "、", "；"
    DATE = "{day:%Y-%m-%d}"
    FOOT = "审计链头：{head}"
    APPROVED = "通过"


def summary(snapshot: Snapshot) -> Grid:
    """序号·内容与要求·进展情况·责任单位, in printed order, with the state."""
    rows = tuple(
        (n, wanted_words(row), row.paragraph, Say.LIST.join(row.leads), row.state)
        for n, row in enumerate(snapshot.matters, 1)
    )
    title = Say.TITLE.format(title=snapshot.title, period=snapshot.period_name)
    return Grid(Say.SUMMARY, title, Say.SUMMARY_COLUMNS, rows, (made_words(snapshot), Say.ONLY))


def made_words(snapshot: Snapshot) -> str:
    """报送期, 数据截至, 制表时间 in one line."""
    made = Say.MADE.format(at=snapshot.made_at)
    return Say.PERIOD.format(period=snapshot.period_name, as_of=day_words(snapshot.as_of) or Say.NO_DAY, made=made)


def wanted_words(row: MatterRow) -> str:
    """内容与要求 of a matter."""
    parts = [row.name, row.content if row.content != row.name else ""]
    ruling = shortly(target_ruling(row))
    meanwhile = Say.MEANWHILE.format(ruling=ruling) if ruling else ""
    wanted = [Say.WANTED.format(wanted=row.wanted, meanwhile=meanwhile)] if row.wanted else []
    return "\n".join([*filter(None, parts), *wanted])


def annexes(snapshot: Snapshot, *, colours: bool) -> list[Grid]:
    """The notice's own tables with what was reached beside each row; what stands in none of them comes last."""
    listed = {ref for table in snapshot.tables for ref, _ in table.rows}
    others = [row for row in snapshot.matters if listed.isdisjoint(row.refs)]
    added = (*Say.ADDED, *((Say.COLOUR,) if colours else ()))
    grids = [annex(snapshot, table, added) for table in snapshot.tables]
    if others or not grids:
        rows = [
            (n, row.name, Say.LIST.join(row.leads), *cells)
            for n, row in enumerate(others, 1)
            for cells in reached(row, len(added))
        ]
        grids.append(Grid(Say.OTHERS, Say.OTHERS, (*Say.PLAIN, *added), tuple(rows), (made_words(snapshot),)))
    return grids


def annex(snapshot: Snapshot, table: Printed, added: Sequence[tuple[str, int]]) -> Grid:
    """One table of the notice: its own columns, then what was reached; a row with several figures takes several."""
    rows: list[tuple[Cell, ...]] = []
    for ref, printed in table.rows:
        own: tuple[Cell, ...] = printed
        for row in (row for row in snapshot.matters if ref in row.refs):
            for cells in reached(row, len(added)):
                rows.append((*own, *cells))
                own = ("",) * len(printed)
        if own == printed:
            rows.append((*printed, *("",) * len(added)))
    columns = tuple(
        (head, width_of(head, [cells[i] for _, cells in table.rows])) for i, head in enumerate(table.columns)
    )
    return Grid(
        table.name, table.title, (*columns, *added), tuple(rows), (made_words(snapshot),),
        (*([table.note] if table.note else []), *ruled_notes(snapshot, [ref for ref, _ in table.rows])),
    )  # fmt: skip


def ruled_notes(snapshot: Snapshot, refs: Sequence[str]) -> list[str]:
    """Below the table: the rows whose target is one the office chose meanwhile, with its basis."""
    ruled = [(row, ruling) for row in snapshot.matters if (ruling := target_ruling(row))]
    here = [(row, ruling) for row, ruling in ruled if not set(refs).isdisjoint(row.refs)]
    return [Say.RULED_NOTE.format(name=row.name, ruling=ruling) for row, ruling in here]


def width_of(head: str, cells: Sequence[str]) -> int:
    """A width in which the longest text takes a few lines."""
    longest = max([len(head), *map(len, cells)], default=6)
    return 6 if longest <= 4 else 10 if longest <= 8 else 20 if longest <= 24 else 36


def reached(row: MatterRow, width: int) -> Iterator[tuple[Cell, ...]]:
    """What was reached in a matter, a line for each measure, `width` cells each."""
    day = day_words(row.as_of)
    for number in row.numbers:
        cells = (
            number.name, cell(number.value), number.unit, cell(number.percent),
            row.state, measured_by(row, number.words), row.period, day, row.places, number.light,
        )  # fmt: skip
        yield cells[:width]
    if not row.numbers:
        yield (row.name, None, "", None, row.state, row.stage, row.period, day, row.places, "")[:width]


def measured_by(row: MatterRow, words: str) -> str:
    """How it stands; that the target is one the office chose meanwhile."""
    return Say.JOIN.join(filter(None, [words, Say.RULED if words and target_ruling(row) else ""]))


def narrow(grid: Grid) -> Grid:
    """The table for a page of paper: without the columns that only a screen needs."""
    kept = [place for place, (head, _) in enumerate(grid.columns) if head not in Say.WIDE_ONLY]
    rows = tuple(tuple(row[place] for place in kept) for row in grid.rows)
    return replace(grid, columns=tuple(grid.columns[place] for place in kept), rows=rows)


def detail(snapshot: Snapshot) -> Grid:
    """填报明细: one row per submission version, pending ones included."""
    return Grid(Say.DETAIL, Say.DETAIL, Say.DETAIL_COLUMNS, tuple(detail_row(v) for v in snapshot.versions))


def detail_row(v: Version) -> tuple[Cell, ...]:
    """A version; its first figure is the number, others stand in the remarks (and each in 数据出处)."""
    first = v.figures[0] if v.figures else None
    line = Say.JOIN.join(filter(None, [Say.STAGE.format(stage=v.stage) if v.stage else "", v.line]))
    return (
        v.places, v.name, Say.LIST.join(v.leads), v.period, cell(first[2]) if first else None,
        first[1] if first else "",
        day_words(v.as_of), line, v.origin, v.state, v.seat, moment_words(v.at), v.reviewer,
        moment_words(v.reviewed_at) if v.reviewed_at else "", v.attachments, remarks(v),
    )  # fmt: skip


def remarks(v: Version) -> str:
    """Version, what is out of the ordinary, further figures, the reason given."""
    marks = [Say.VERSION.format(n=v.number)]
    odd = {Say.LATE: v.late, Say.OPENING: v.kind == "opening", Say.BEHALF: v.kind == "behalf", Say.CORRECTS: v.corrects}
    marks += [word for word, holds in odd.items() if holds]
    marks += [Say.MORE.format(name=name, value=cell(value), unit=unit) for name, unit, value in v.figures[1:]]
    return Say.JOIN.join([*marks, *([Say.REASON.format(words=v.reason)] if v.reason else [])])


def history(snapshot: Snapshot) -> Grid:
    """Approved values by period: a row for each measure, a column for each period, oldest first."""
    approved = [v for v in snapshot.versions if v.state == Say.APPROVED]
    periods = sorted({v.period for v in approved}, key=span)
    values = {(v.matter, v.period, name): value for v in approved for name, _, value in v.figures}
    rows = tuple(
        (row.name, n.name, n.unit, *(cell(values.get((row.id, period, n.name))) for period in periods))
        for row in snapshot.matters
        for n in row.numbers
    )
    columns = (*Say.HISTORY_COLUMNS, *((period, 10) for period in periods))
    return Grid(Say.HISTORY, Say.HISTORY, columns, rows)


def exempt(snapshot: Snapshot) -> Grid:
    """What was out of the ordinary."""
    rows = tuple((e.kind, e.name, Say.LIST.join(e.leads), e.period, e.words) for e in snapshot.exempt)
    return Grid(Say.EXEMPT, Say.EXEMPT, Say.EXEMPT_COLUMNS, rows)


def origin(snapshot: Snapshot) -> Grid:
    """Every number that stands: matter, who reported and approved it in which seat, on which text."""
    standing = {row.submission for row in snapshot.matters}
    rows = tuple(
        (
            v.name, name, cell(value), unit, v.period, day_words(v.as_of), v.origin, v.receipt, v.seat,
            moment_words(v.at),
            v.reviewer, moment_words(v.reviewed_at) if v.reviewed_at else "", v.places, v.quote,
        )
        for v in snapshot.versions
        if v.id in standing
        for name, unit, value in v.figures
    )  # fmt: skip
    return Grid(Say.ORIGIN, Say.ORIGIN, Say.ORIGIN_COLUMNS, rows)


def sheets(snapshot: Snapshot, *, colours: bool, internal: bool = True) -> list[Grid]:
    """The whole workbook: the annex layout first. `internal` False: what goes up only (no exceptions)."""
    first, *rest = annexes(snapshot, colours=colours)
    tail = [exempt(snapshot)] if internal else []
    return [first, summary(snapshot), *rest, detail(snapshot), history(snapshot), *tail, origin(snapshot)]


def foot(snapshot: Snapshot) -> str:
    """The head of the audit, for the foot of every page."""
    return Say.FOOT.format(head=snapshot.head)


def cell(value: Decimal | None) -> int | float | None:
    """A number as tables hold it."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def day_words(day: date | None) -> str:
    """2021-12-20."""
    return Say.DATE.format(day=day) if day else ""


def moment_words(at: datetime) -> str:
    """2021-12-20 09:00:00+08:00: the zone is always said."""
    return at.isoformat(" ", "seconds")
