"""The commands of design.md §3. Each only hands on to what does the work; imports wait until a command needs them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.command_groups import GROUPS, commands, say

app = commands("钉办：钉钉里的任务通知助手。")
for name, part in GROUPS.items():
    app.add_typer(part, name=name)


@app.command()
def run() -> None:
    """运行机器人。"""
    from bot.commands.running import run_bot

    run_bot()


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(help="聊天页端口")] = 8700,
    now: Annotated[str | None, typer.Option(help="沙箱时间，如 2021-12-20T09:00")] = None,
    db_file: Annotated[str | None, typer.Option("--db", help="数据库文件")] = None,
    fresh: Annotated[bool, typer.Option(help="从头开始")] = False,
    bare: Annotated[bool, typer.Option(help="不要演示数据：从空库、启用码开始")] = False,
) -> None:
    """沙箱：不要账号，在浏览器里试用。"""
    from bot.sandbox.run import DEFAULT_DB, run_sandbox

    raise typer.Exit(run_sandbox(port, now, db_file or DEFAULT_DB, fresh, bare))


@app.command()
def ask(
    words: Annotated[list[str] | None, typer.Argument(help="问题")] = None,
    unit_name: Annotated[str | None, typer.Option("--unit", help="提问人的单位")] = None,
    notice_file: Annotated[Path | None, typer.Option("--notice", help="只看这份通知（文件或目录）")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    jsonl: Annotated[bool, typer.Option(help="从标准输入逐行读问题")] = False,
) -> None:
    """问一句，答一句；不写任何东西。"""
    from bot.commands import asking
    from bot.commands.base import perform

    if jsonl:
        for line in perform(lambda: asking.ask_lines(notice_file)):
            typer.echo(line)
        return
    question = " ".join(words or ())
    typer.echo(perform(lambda: asking.ask(question, unit_name, notice_file, as_json=as_json)))


@app.command()
def export(
    file: Path,
    period: Annotated[str | None, typer.Option(help="报送期，如 2021Q4；不写就是本期")] = None,
    of: Annotated[str | None, typer.Option("--notice", help="文号或列表里的序号")] = None,
) -> None:
    """导出汇总表：附件格式、汇总表、填报明细、历史、例外（xlsx 或 docx）。"""
    from bot.commands import handing_up

    say(lambda: handing_up.export(file, period, of))


@app.command()
def doctor() -> None:
    """检查设置、数据库、网络、时钟、字体和目录。"""
    from bot.commands.running import run_doctor

    run_doctor()


def main() -> None:
    """Entry point of the console script."""
    app()


if __name__ == "__main__":
    main()
