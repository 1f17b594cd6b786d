"""进展图, 走势 [事项]: how far all matters are, or the course of one, as a picture in the chat."""

from __future__ import annotations

from datetime import date

from handlers.arrivals import tell
from handlers.errands import Arrived, Errand
from handlers.feature import Feature, Round, Turn
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.papers import Chart, picture
from handlers.report_facts import number
from handlers.rights import about_matter, allowed
from handlers.rules.periods import span
from handlers.rules.permissions import Action
from handlers.snapshot import Number, Snapshot
from handlers.table_papers import chart_lines, progress_chart
from handlers.tables import cell
from handlers.taking import take
from knowledge import Kind
from storage import State, StoredMatter, Submission

feature = Feature("show_chart", dict.fromkeys(("办公室", "领导", "单位负责人"), ("进展图",)))
MADE = "图做好"
LIKELY = 0.5
COUNTED = (Kind.STOCK.value, Kind.FLOW.value)


class Say:
    DRAWING = "正在画，马上发您。"
    ALL = "各项指标完成情况（数据截至{as_of}）"
    ONE = "{name}的走势（数据截至{as_of}）"
    FILE = "{name}_{made:%Y%m%d-%H%M}.png"
    ALL_NAME, ONE_NAME = "进展图", "走势"
    NOTHING = "还没有审核通过的数，画不出图。"
    NO_RIGHT = "这张图由责任单位、办公室和领导看，您这里看不到。"
    NO_MATTER = "没有找到“{said}”这件事，请写全一点。"
    WHICH = "您是问哪一件？"
    ASK = "走势 {name}"
    VALUES, PACE = "实际（审核通过）", "按目标的进度"
    FAILED = "图没有画成，请再说一次。"
    TITLE = "{name}（{unit}）"


@feature.command("进展图", "看图", "图")
async def all_matters(turn: Turn) -> Reply:
    """One bar for each matter the asker may see approved values of."""

    def mine(matter: StoredMatter) -> bool:
        return allowed(turn, Action.SEE_APPROVED, about_matter(matter))

    if not turn.person.seats or not turn.person.staff_id:
        return Reply(Say.NO_RIGHT)
    colours = allowed(turn, Action.EXPORT_APPROVED)
    for notice in turn.library.notices:
        snapshot = await take(
            turn.work, turn.library, notice.key, turn.now, turn.workdays, wanted=mine, approved_only=True
        )
        chart = progress_chart(snapshot, colours=colours)
        if any(bar.share is not None for bar in chart.bars):
            draw(turn, Say.ALL_NAME, Say.ALL.format(as_of=snapshot.as_of), chart)
            return Reply(Say.DRAWING)
    return Reply(Say.NOTHING)


def draw(turn: Turn, name: str, words: str, chart: Chart) -> None:
    """Have it drawn; it comes 1:1."""
    paper = picture(Say.FILE.format(name=name, made=turn.now), chart)
    turn.send_for(Errand(MADE, turn.person.staff_id or "", {"text": words}, papers=(paper,)))


@feature.command("走势", "走势图", takes=True)
async def one_matter(turn: Turn) -> Reply:
    """The approved values of a matter's first measure, with the way to its targets."""
    scored = [(m, score) for m, score in turn.library.find_matters(turn.rest) if score >= LIKELY] if turn.rest else []
    close = [m for m, score in scored if score >= scored[0][1] - 0.05][:3]
    if len(close) > 1:
        return Reply(Say.WHICH, tuple(Button(m.name, Say.ASK.format(name=m.name)) for m in close))
    stored = next((m for m in await turn.work.matters.current() if close and m.key == close[0].key), None)
    if stored is None or not close[0].measures:
        return Reply(Say.NO_MATTER.format(said=turn.rest[:20]) if stored is None else Say.NOTHING)
    if not turn.person.staff_id or not allowed(turn, Action.SEE_APPROVED, about_matter(stored)):
        return Reply(Say.NO_RIGHT)
    snapshot = await take(
        turn.work, turn.library, stored.notice, turn.now, turn.workdays, wanted=lambda m: m.id == stored.id,
        approved_only=True,
    )  # fmt: skip
    values = [s for s in await turn.work.submissions.versions(stored.id) if s.state is State.APPROVED]
    chart = course_of(snapshot, values)
    if not chart.course:
        return Reply(Say.NOTHING)
    draw(turn, Say.ONE_NAME, Say.ONE.format(name=stored.name, as_of=snapshot.as_of), chart)
    return Reply(Say.DRAWING)


def course_of(snapshot: Snapshot, values: list[Submission]) -> Chart:
    """The course of the first measure of the only matter."""
    row, first = snapshot.matters[0], snapshot.matters[0].numbers[0]
    points: dict[str, float] = {}
    for s in sorted(values, key=lambda s: (span(s.period)[0], s.version)):
        value = cell(number(s.figures.get(first.measure)))
        if value is not None:
            points[(s.as_of or span(s.period)[1]).isoformat()] = float(value)
    title = Say.TITLE.format(name=row.name, unit=first.unit)
    return Chart(
        title, chart_lines(snapshot), course=tuple(sorted(points.items())), pace=pace_of(first), unit=first.unit,
        legend=(Say.VALUES, Say.PACE),
    )  # fmt: skip


def pace_of(first: Number) -> tuple[tuple[str, float], ...]:
    """Where it should be at the end of each year; a total starts from nothing the year before."""
    ends = [(date(year, 12, 31), float(value)) for year, value in first.targets]
    if ends and first.kind in COUNTED:
        ends.insert(0, (date(ends[0][0].year - 1, 12, 31), 0.0))
    return tuple((day.isoformat(), value) for day, value in ends)


@feature.awaits(MADE)
async def send(round: Round, arrived: Arrived) -> None:
    """The picture to whoever asked."""
    if arrived.trouble:
        return tell(round, arrived, Say.FAILED)
    words = str(arrived.errand.note.get("text", ""))
    return round.tell(Receiver("person", arrived.errand.person), Announcement(words, pictures=arrived.files), "made")
