"""`dingban export …`, `dingban progress import …`: what goes up, and what came before, from the command line."""

from __future__ import annotations

from pathlib import Path

from bot.commands.base import Refused, find_notice, opened
from bot.library import Shelf
from bot.sheets import NotMade, make_papers
from handlers.papers import Paper
from handlers.rules.periods import is_key
from handlers.rules.workdays import Workdays
from handlers.table_papers import read_snapshot, table_papers


class Say:
    EXPORTED = "已导出：{path}（{matters}件事，{versions}条填报，报送期{period}）。"
    FORMS = "文件名要以 .xlsx 或 .docx 结尾：{path}"
    BAD_PERIOD = "报送期写成 2021、2021H1、2021Q4、2021-07 或 2021-12-20：{period}"
    NOT_MADE = "表没有做成（{why}），请再试一次；还不行请联系管理员。"
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
