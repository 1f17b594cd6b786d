"""The commands in groups: notice, staff, plan, group, unit, remind, progress, db. `__main__` holds the rest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer


def commands(about: str) -> typer.Typer:
    """A group of commands that explains itself when called alone."""
    return typer.Typer(
        help=about, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
    )


notice = commands("通知：读取、导入、发布、查看、比较。")
staff = commands("人员名单。")
plan = commands("报送安排。")
group = commands("群。")
unit = commands("单位简称。")
remind = commands("提醒。")
progress = commands("底数：导入、撤回。")
db = commands("数据库：升级、检查、备份、恢复。")
GROUPS = {
    "notice": notice,
    "staff": staff,
    "plan": plan,
    "group": group,
    "unit": unit,
    "remind": remind,
    "progress": progress,
    "db": db,
}


def say(work: Callable[[], Awaitable[str]]) -> None:
    """Do the command's work and print what it says."""
    from bot.commands.base import perform

    typer.echo(perform(work))


@notice.command("read")
def notice_read(file: Path, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """只读取，不写入。"""
    from bot.commands import notices

    say(lambda: notices.read(file, as_json=as_json))


@notice.command("import")
def notice_import(file: Path, publish: Annotated[bool, typer.Option("--publish")] = False) -> None:
    """导入一份通知；--publish 直接发布。"""
    from bot.commands import notices

    say(lambda: notices.import_file(file, put_in_force=publish))


@notice.command("list")
def notice_list() -> None:
    """列出通知和版本。"""
    from bot.commands import notices

    say(notices.listed)


@notice.command("show")
def notice_show(ref: str, of: Annotated[str | None, typer.Option("--notice")] = None) -> None:
    """看一处原文，例如 annex1:5、body:2.1。"""
    from bot.commands import notices

    say(lambda: notices.show(ref, of))


@notice.command("diff")
def notice_diff(before: Path, after: Path) -> None:
    """比较两个版本的文件。"""
    from bot.commands import notices

    say(lambda: notices.diff(before, after))


@notice.command("ruling")
def notice_ruling(
    matter: str,
    ref: str,
    basis: Annotated[str, typer.Option(help="依据")],
    of: Annotated[str | None, typer.Option("--notice")] = None,
) -> None:
    """暂按口径：两处不一致时先按哪一处。"""
    from bot.commands import notices

    say(lambda: notices.rule(matter, ref, basis, of))


@staff.command("import")
def staff_import(file: Path) -> None:
    """导入人员名单（csv 或 xlsx），有错一行都不导入。"""
    from bot.commands import office

    say(lambda: office.staff_import(file))


@staff.command("list")
def staff_list() -> None:
    """列出现在的人员和岗位。"""
    from bot.commands import office

    say(office.staff_list)


@plan.command("set")
def plan_set(
    sentence: str,
    yes: Annotated[bool, typer.Option("--yes", help="直接发布")] = False,
    of: Annotated[str | None, typer.Option("--notice")] = None,
) -> None:
    """用一句话定报送安排。"""
    from bot.commands import office

    say(lambda: office.plan_set(sentence, of, yes=yes))


@plan.command("list")
def plan_list() -> None:
    """列出报送安排。"""
    from bot.commands import office

    say(office.plan_list)


@group.command("list")
def group_list() -> None:
    """列出见过的群和绑定。"""
    from bot.commands import office

    say(office.group_list)


@group.command("bind")
def group_bind(
    chat: str,
    of: Annotated[str, typer.Option("--notice", help="文号或列表里的序号")],
    units: Annotated[list[str] | None, typer.Option("--units", help="只管这些单位")] = None,
) -> None:
    """把群绑定到一份通知。"""
    from bot.commands import office
    from bot.commands.base import perform

    named = [name for part in units or () for name in part.replace("，", ",").replace("、", ",").split(",") if name]
    typer.echo(perform(lambda: office.group_bind(chat, of, named)))


@group.command("webhook")
def group_webhook(chat: str) -> None:
    """记下群机器人的地址和密钥（从标准输入读两行）。"""
    from bot.commands import office

    say(lambda: office.group_webhook(chat))


@unit.command("alias")
def unit_alias(short: str, full: str) -> None:
    """给单位加一个简称。"""
    from bot.commands import office

    say(lambda: office.unit_alias(short, full))


@progress.command("import")
def progress_import(
    file: Path, period: Annotated[str | None, typer.Option(help="属于哪一期；不写就是上一期")] = None
) -> None:
    """导入底数（xlsx 或 csv，列的次序不限）；对不上的列出来。"""
    from bot.commands import handing_up

    say(lambda: handing_up.import_openings(file, period))


@progress.command("undo")
def progress_undo(batch: str) -> None:
    """撤回一次底数导入。"""
    from bot.commands import handing_up

    say(lambda: handing_up.undo_openings(batch))


@remind.command("preview")
def remind_preview(on: Annotated[str | None, typer.Option(help="哪一天，如 2021-12-20；不写就是今天")] = None) -> None:
    """将发和不发，以及原因；不发任何东西。"""
    from bot.commands import reminding

    say(lambda: reminding.show(on))


@db.command("upgrade")
def db_upgrade() -> None:
    """把数据库的表升到这个版本。"""
    from bot.commands import data

    say(data.upgrade)


@db.command("check")
def db_check() -> None:
    """核对审计记录。"""
    from bot.commands import data

    say(data.check)


@db.command("backup")
def db_backup(file: Path) -> None:
    """备份成一个文件。"""
    from bot.commands import data

    say(lambda: data.save(file))


@db.command("restore")
def db_restore(file: Path) -> None:
    """从备份恢复到空的数据库。"""
    from bot.commands import data

    say(lambda: data.bring_back(file))
