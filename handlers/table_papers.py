"""The 汇总表 as files: the snapshot of a period (the sealed one once it is closed) as workbook and document."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from handlers.papers import Bar, Chart, Paper, book, report
from handlers.rules.lights import Light, shown
from handlers.rules.workdays import Workdays
from handlers.snapshot import MatterRow, Number, Snapshot, from_json
from handlers.tables import annexes, day_words, foot, narrow, sheets, summary
from handlers.taking import Wanted, take
from knowledge import Library
from storage import Work


class Say:
    NAME = "汇总表_{period}_{made:%Y%m%d-%H%M}"
    CHART = "各项指标完成情况"
    DATED = "数据截至{as_of}，均为审核通过的数"
    SOURCE = "来源：各责任单位填报；制图{made:%Y-%m-%d}"
    NOTHING_YET = "还没有审核通过的数"
    OF, RATE = "{value}/{target}{unit}", "{value}%，目标{target}%"
    COLOURS = "绿：正常或完成；黄：关注；红：偏慢（按各自数据截至日比时间进度）"
    NO_DAY = "—"
    SHORT = 36


TONES = {
    Light.NORMAL.value: "ahead", Light.DONE.value: "ahead", Light.WATCH.value: "watch", Light.SLOW.value: "behind",
}  # fmt: skip
BARS = 24  # matters on one picture
A_PAGE = 12


async def read_snapshot(
    work: Work,
    library: Library,
    notice: str,
    now: datetime,
    workdays: Workdays,
    *,
    period: str | None = None,
    wanted: Wanted | None = None,
    approved_only: bool = False,
) -> Snapshot:
    """What stands now; of a closed period, for who sees everything, what it was closed on."""
    if period and wanted is None and not approved_only and (closed := await work.closings.closed(notice, period)):
        return from_json(closed.snapshot)
    return await take(
        work, library, notice, now, workdays, period=period, wanted=wanted, approved_only=approved_only
    )  # fmt: skip


def table_papers(snapshot: Snapshot, *, colours: bool, internal: bool = True) -> tuple[Paper, ...]:
    """Workbook and document."""
    name = Say.NAME.format(period=snapshot.period_name, made=snapshot.made_at)
    grids = sheets(snapshot, colours=colours, internal=internal)
    pages = [summary(snapshot), *map(narrow, annexes(snapshot, colours=colours))]
    pictures = on_pages(progress_chart(snapshot, colours=colours))
    return book(f"{name}.xlsx", grids), report(f"{name}.docx", pages, foot(snapshot), pictures)


def progress_chart(snapshot: Snapshot, *, colours: bool) -> Chart:
    """Every matter with a figure as a share of this year's target, in printed order."""
    pairs = [(row, number) for row in snapshot.matters for number in row.numbers[:1] if number.target]
    bars = tuple(bar(row, number, colours=colours) for row, number in pairs[:BARS])
    key = (Say.COLOURS,) if any(bar.tone for bar in bars) else ()
    return Chart(Say.CHART, (*key, *chart_lines(snapshot)), bars)


def on_pages(chart: Chart) -> list[Chart]:
    """The same picture in parts that fill a page each; none while there is no value."""
    if not any(bar.share is not None for bar in chart.bars):
        return []
    starts = range(0, len(chart.bars), A_PAGE)
    return [replace(chart, bars=chart.bars[start : start + A_PAGE]) for start in starts]


def chart_lines(snapshot: Snapshot) -> tuple[str, ...]:
    """Date and source."""
    as_of = day_words(snapshot.as_of) or Say.NO_DAY
    source = Say.SOURCE.format(made=snapshot.made_at)
    return Say.DATED.format(as_of=as_of), *folded(snapshot.title), source


def folded(title: str) -> list[str]:
    """A title in lines that fit a phone's width."""
    return [title[start : start + Say.SHORT] for start in range(0, len(title), Say.SHORT)]


def bar(row: MatterRow, number: Number, *, colours: bool) -> Bar:
    """A matter's bar: value of target beside it; grey and empty without an approved value."""
    if number.value is None or not number.target:
        return Bar(row.name, None, Say.NOTHING_YET)
    form = Say.RATE if number.unit == "%" else Say.OF
    words = form.format(value=shown(number.value), target=shown(number.target), unit=number.unit)
    share = max(Decimal(0), number.value / number.target * 100)
    return Bar(row.name, float(share), words, TONES.get(number.light, "") if colours else "")
