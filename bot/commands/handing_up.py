"""`dingban export …`, `dingban progress import …`: what goes up, and what came before, from the command line."""

from __future__ import annotations

from pathlib import Path

from bot.commands.base import BY_COMMAND, Refused, find_notice, opened
from bot.commands.office import read_table
from bot.library import Shelf
from bot.sheets import NotMade, make_papers
from handlers.openings import best_of, keep_openings
from handlers.owing import span_of
from handlers.papers import Paper
from handlers.rules.periods import before, is_key
from handlers.rules.periods import name as period_name
from handlers.rules.workdays import Workdays
from handlers.table_papers import read_snapshot, table_papers


class Say:
    EXPORTED = "已导出：{path}（{matters}件事，{versions}条填报，报送期{period}）。"
    FORMS = "文件名要以 .xlsx 或 .docx 结尾：{path}"
    BAD_PERIOD = "报送期写成 2021、2021H1、2021Q4、2021-07 或 2021-12-20：{period}"
    NOT_MADE = "表没有做成（{why}），请再试一次；还不行请联系管理员。"
    IMPORTED = "已导入{count}件事的底数（{period}）。撤回用：dingban progress undo {batch}"
    STANDING = "{count}件已有数，没有动：{names}。"
    UNFIT = "{count}行对不上，没有导入：\n{lines}"
    NOTHING = "没有能用的现值，什么都没有导入。\n{lines}"
    UNDONE = "已撤回{count}件事的底数。"
    NO_BATCH = "没有这次导入，或已经撤回：{batch}"
    NOT_WRITTEN = "写不进这个文件：{path}"


async def export(path: Path, period: str | None, notice: str | None) -> str:
    """Write the workbook or document; all there is, as the office sees it. Raises: Refused."""
    suffix = path.suffix.lower()
    if suffix not in (".xlsx", ".docx"):
        raise Refused(Say.FORMS.format(path=path), 2)
    if period is not None and not is_key(period):
        raise Refused(Say.BAD_PERIOD.format(period=period), 2)
    async with opened() as (_, database, now), database.read() as work:
        chosen = await find_notice(work, notice)
        library = await Shelf().library(work)
        snapshot = await read_snapshot(work, library, chosen.notice, now, Workdays(), period=period)
    papers = table_papers(snapshot, colours=True)
    write(path, await made(next(p for p in papers if p.form == suffix[1:])))
    return Say.EXPORTED.format(
        path=path, matters=len(snapshot.matters), versions=len(snapshot.versions), period=snapshot.period_name
    )


async def import_openings(path: Path, period: str | None) -> str:
    """Keep last period's values (底数) that fit, list what does not. Raises: Refused."""
    if period is not None and not is_key(period):
        raise Refused(Say.BAD_PERIOD.format(period=period), 2)
    sheets = read_table(path)
    async with opened() as (_, database, now), database.work() as work:
        table = best_of(sheets, await Shelf().library(work), now.date())
        problems = "\n".join(table.problems[:30])
        if not table.openings:
            raise Refused(Say.NOTHING.format(lines=problems))
        present = span_of(await work.plans.current(table.notice), now.date(), Workdays()).key
        chosen = period or before(present) or present
        batch = f"{now:%Y%m%d%H%M%S}"
        done, standing = await keep_openings(work, table, chosen, BY_COMMAND, now, batch=batch)
        await work.notices.bump()
    lines = [Say.IMPORTED.format(count=done, period=period_name(chosen, now.date()), batch=batch)]
    lines += [Say.STANDING.format(count=len(standing), names="、".join(standing[:10]))] if standing else []
    lines += [Say.UNFIT.format(count=len(table.problems), lines=problems)] if problems else []
    return "\n".join(lines)


async def undo_openings(batch: str) -> str:
    """Take an import back. Raises: Refused."""
    async with opened() as (_, database, now), database.work() as work:
        count = await work.submissions.take_back(batch, BY_COMMAND, now)
    if not count:
        raise Refused(Say.NO_BATCH.format(batch=batch))
    return Say.UNDONE.format(count=count)


async def made(paper: Paper) -> bytes:
    """The file. Raises: Refused."""
    try:
        return (await make_papers([paper]))[0]
    except NotMade as error:
        raise Refused(Say.NOT_MADE.format(why=error.why)) from error


def write(path: Path, data: bytes) -> None:
    """Write it. Raises: Refused."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise Refused(Say.NOT_WRITTEN.format(path=path), 2) from error
