"""底数: last period's values in a table the office sent; shown, kept at one word as opening values, taken back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from handlers import tray
from handlers.arrivals import name_of, tell
from handlers.errands import Arrived
from handlers.feature import Feature, Round, Turn
from handlers.first_hour import after_values
from handlers.message import Button, Reply
from handlers.openings import Opening, OpeningTable, best_of, day_of, keep_openings
from handlers.owing import span_of
from handlers.rights import actor, allowed
from handlers.rules.periods import before, span
from handlers.rules.periods import name as period_name
from handlers.rules.permissions import Action, Post
from handlers.rules.workdays import Workdays
from storage import JSON, Work

feature = Feature("import_openings")
TRAY, DONE = "openings", "openings done"


class Say:
    READ = "《{name}》读到{count}件事的现值，作为{period}的底数。"
    EXAMPLE = "例如：{rows}。"
    ROW = "{name}{value}{unit}"
    UNFIT = "{count}行对不上，不会导入："
    MORE = "…另有{count}行。"
    HOW = "确认后记为底数（导入的，不是单位报的），填报时作为上期值；现在还没有导入。"
    NOTHING = "《{name}》没有能用的现值，什么都没有导入。"
    CONFIRM, NO, UNDO = "确认导入", "不导入", "撤回这次导入"
    DONE = "已导入{count}件事的底数（{period}）。"
    STANDING = "{count}件已有数，没有动：{names}。"
    UNDONE = "已撤回：{count}件事的底数不再使用，留痕保留。"
    LEFT = "好的，没有导入。"
    GONE = "没有等着确认的底数表。把表（xlsx 或 csv）发给我就行。"
    OLD = "这是旧的一张，请看最新的。"
    NOT_OFFICE = "导入底数由办公室来做。"
    OTHER_YEAR = "请留意：表里写的是{year}年，这里会记到{period}。不是这一期的数就不要导入。"
    YEAR = re.compile(r"(?<!\d)(20\d\d)年")
    LIST, MANY = "、", "等"
    SHOWN, LINES, NOTES = 3, 4, 2


@feature.awaits("收到表格")
async def read_table(round: Round, arrived: Arrived) -> None:
    """Show what would be imported and what does not fit; nothing is kept yet."""
    table = best_of(arrived.sheets, round.library, round.now.date())
    unfit = [*table.problems[: Say.LINES]]
    if len(table.problems) > Say.LINES:
        unfit.append(Say.MORE.format(count=len(table.problems) - Say.LINES))
    if not table.openings:
        return tell(round, arrived, "\n".join([Say.NOTHING.format(name=name_of(arrived)), *unfit]))
    period = await period_before(round.work, table.notice, round)
    document: dict[str, JSON] = {
        "notice": table.notice,
        "period": period,
        "rows": [row_json(o) for o in table.openings],
    }
    version = await tray.lay(round.work, arrived.errand.person, TRAY, document, round.now)
    count = len({o.matter for o in table.openings})
    name = period_name(period, round.now.date())
    lines = [Say.READ.format(name=name_of(arrived), count=count, period=name), examples(table)]
    lines += [Say.UNFIT.format(count=len(table.problems)), *unfit] if unfit else []
    lines += [*other_year(table, period), *table.notes[: Say.NOTES]]
    buttons = [Button(Say.CONFIRM, f"确认导入底数 #{version}"), Button(Say.NO, f"不导入底数 #{version}")]
    return tell(round, arrived, "\n".join([*lines, Say.HOW]), buttons)


def other_year(table: OpeningTable, period: str) -> list[str]:
    """A word when the table is of another year than the values would be kept for."""
    year = span(period)[0].year
    said = {int(found) for found in Say.YEAR.findall(table.title)}
    days = {o.as_of.year for o in table.openings if o.as_of}
    others = sorted(y for y in (said if len(said) == 1 else days if len(days) == 1 else set()) if y != year)
    return [Say.OTHER_YEAR.format(year=y, period=period_name(period, date.min)) for y in others]


def examples(table: OpeningTable) -> str:
    """The first few, to be checked by eye."""
    rows = [Say.ROW.format(name=o.name, value=o.value, unit=o.unit) for o in table.openings[: Say.SHOWN]]
    return Say.EXAMPLE.format(rows=Say.LIST.join(rows))


async def period_before(work: Work, notice: str, at: Round | Turn) -> str:
    """The period before the present one: what the values of last time belong to."""
    workdays = at.workdays if isinstance(at, Turn) else Workdays()
    present = span_of(await work.plans.current(notice), at.now.date(), workdays).key
    return before(present) or present


def row_json(opening: Opening) -> dict[str, JSON]:
    """A value as it is kept until confirmed."""
    day = opening.as_of.isoformat() if opening.as_of else ""
    return {
        "row": opening.row, "matter": opening.matter, "name": opening.name, "measure": opening.measure,
        "value": opening.value, "unit": opening.unit, "as_of": day, "line": opening.line, "origin": opening.origin,
    }  # fmt: skip


def row_of(kept: Mapping[str, JSON]) -> Opening:
    """The value of a kept row."""
    text = {name: str(value) for name, value in kept.items()}
    return Opening(
        int(text["row"]), text["matter"], text["name"], text["measure"], text["value"], text["unit"],
        day_of(text["as_of"]), text["line"], text["origin"],
    )  # fmt: skip


async def waiting(turn: Turn, name: str) -> Mapping[str, JSON] | Reply:
    """What lies there for the button, or why it does not act."""
    if not allowed(turn, Action.PUBLISH) or not turn.private:
        return Reply(Say.NOT_OFFICE)
    lying = await tray.see(turn.work, turn.person.staff_id or "", name)
    if lying is None:
        return Reply(Say.GONE)
    return Reply(Say.OLD) if turn.tag and turn.tag.ref != str(lying.version) else lying.document


@feature.command("确认导入底数")
async def import_all(turn: Turn) -> Reply:
    """Keep the values that fit; a matter that has a value for the period keeps it."""
    kept = await waiting(turn, TRAY)
    if isinstance(kept, Reply):
        return kept
    rows = kept["rows"]
    openings = [row_of(row) for row in rows if isinstance(row, Mapping)] if isinstance(rows, list | tuple) else []
    table, period = OpeningTable(str(kept["notice"]), tuple(openings), ()), str(kept["period"])
    by, person = actor(turn, Post.OFFICE), turn.person.staff_id or ""
    batch = f"opening:{table.notice}:{turn.message.id}"
    done, standing = await keep_openings(turn.work, table, period, by, turn.now, batch=batch)
    await tray.clear(turn.work, person, TRAY, turn.now)
    undo = await tray.lay(turn.work, person, DONE, {"batch": batch}, turn.now)
    lines = [Say.DONE.format(count=done, period=period_name(period, turn.now.date()))]
    if standing:
        names = Say.LIST.join(standing[: Say.SHOWN]) + (Say.MANY if len(standing) > Say.SHOWN else "")
        lines.append(Say.STANDING.format(count=len(standing), names=names))
    lines += await after_values(turn.work)
    return Reply("\n".join(lines), (Button(Say.UNDO, f"撤回底数导入 #{undo}"),) if done else ())


@feature.command("不导入底数")
async def leave(turn: Turn) -> Reply:
    """Nothing is imported."""
    kept = await waiting(turn, TRAY)
    if isinstance(kept, Reply):
        return kept
    await tray.clear(turn.work, turn.person.staff_id or "", TRAY, turn.now)
    return Reply(Say.LEFT)


@feature.command("撤回底数导入")
async def undo(turn: Turn) -> Reply:
    """Take back every opening value of the last import."""
    done = await waiting(turn, DONE)
    if isinstance(done, Reply):
        return done
    count = await turn.work.submissions.take_back(str(done["batch"]), actor(turn, Post.OFFICE), turn.now)
    await tray.clear(turn.work, turn.person.staff_id or "", DONE, turn.now)
    return Reply(Say.UNDONE.format(count=count))
