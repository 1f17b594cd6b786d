"""`dingban staff|plan|group|unit …`: what the office sets, from the command line."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from bot.commands.base import BY_COMMAND, Refused, find_notice, opened, read_bytes
from bot.library import Shelf
from bot.reading import read_sheets, tidied
from handlers.errands import Sheet
from handlers.plan_terms import plan_of, terms_of
from handlers.planning import described, read_plan
from handlers.roster import read_roster, seat_all
from knowledge import Unreadable
from storage import Work

LARGEST_ROSTER = 5 << 20  # bytes


class Say:
    SEATED = "名单已导入：{people}人，{seats}个岗位是新的。"
    NOT_IMPORTED = "名单有{count}处要改，一行都没有导入：\n{lines}"
    PERSON = "{name}　{unit}　{post}　{known}"
    NO_ID = "（还没有匹配到钉钉）"
    NOBODY = "还没有人员。"
    BAD_TABLE = "这个表读不了：{path}。请存成 xlsx 或 UTF-8 的 csv。"
    WHY: Mapping[str, str] = {
        "encrypted": "这个表加了密码：{path}。请去掉密码再导入。",
        "old_table": "这个表是老格式：{path}。请用 Excel 或 WPS 另存为 xlsx。",
        "too_long": "这个表超过5000行，一行都没有导入：{path}。请拆成几份。",
    }
    TOO_BIG = "文件太大，没有读：{path}。"
    PLAN_SHOWN = "{words}\n确认无误请加 --yes 发布。"
    PLAN_SET = "{words}\n已发布（{notice}）。"
    PLAN_LINE = "{notice}　{words}　{state}"
    NO_PLAN = "还没有报送安排。"
    STATES: Mapping[str, str] = {"published": "已启用", "trial": "试运行", "stopped": "已停发"}
    BOUND = "已绑定：群 {chat} ← {notice}{units}。"
    GROUP = "{chat}　{title}　{bound}{trouble}"
    UNBOUND, FOR_UNITS, TROUBLE = "未绑定", "（{units}）", "　发不进去：{why}"
    NO_GROUPS = "还没有见过任何群。把机器人加进群，在群里@它说一句话就能看到。"
    UNKNOWN_UNIT = "通知里没有“{unit}”这个单位。"
    HOOK_WANTED = "请从标准输入给两行：机器人的 Webhook 地址、加签密钥。"
    HOOK_BAD = "Webhook 地址不对：应是 https 开头的钉钉机器人地址。"
    HOOK_SET = "群 {chat} 的机器人已记下（地址和密钥不再显示）。"
    ALIAS_SET = "以后“{short}”就是“{unit}”。"


def read_rows(path: Path) -> list[list[str]]:
    """The cells of the first sheet that holds anything. Raises: Refused."""
    return next((list(map(list, sheet.rows)) for sheet in read_table(path) if sheet.rows), [])


def read_table(path: Path) -> list[Sheet]:
    """The sheets of a csv or xlsx file, cells as text. Raises: Refused."""
    data = read_bytes(path)
    if len(data) > LARGEST_ROSTER:
        raise Refused(Say.TOO_BIG.format(path=path), 2)
    try:
        found = read_sheets(data, path.name)
        return [Sheet(title, tuple(map(tuple, tidied(rows))), frozenset(hidden)) for title, rows, hidden in found]
    except Unreadable as error:
        raise Refused(Say.WHY.get(error.why, Say.BAD_TABLE).format(path=path), 2) from error
    except (ValueError, KeyError, OSError, csv.Error) as error:
        raise Refused(Say.BAD_TABLE.format(path=path), 2) from error


async def staff_import(path: Path) -> str:
    """Seat everybody of the file, or nobody. Raises: Refused with an error for each row."""
    rows = read_rows(path)
    async with opened() as (_, database, now), database.work() as work:
        roster = read_roster(rows, await Shelf().library(work))
        if roster.errors:
            raise Refused(Say.NOT_IMPORTED.format(count=len(roster.errors), lines="\n".join(roster.errors[:30])))
        seats = await seat_all(work, roster.entries, BY_COMMAND, now)
    people = len({e.staff_id or e.mobile for e in roster.entries})
    return Say.SEATED.format(people=people, seats=seats)


async def staff_list() -> str:
    """Who sits where now."""
    async with opened() as (_, database, now), database.read() as work:
        people = await work.directory.people(now)
    lines = [
        Say.PERSON.format(name=p.name, unit=s.unit, post=s.post, known=p.staff_id or Say.NO_ID)
        for p in people
        for s in p.seats
    ]
    return "\n".join(lines) or Say.NOBODY


async def plan_set(sentence: str, notice: str | None, *, yes: bool) -> str:
    """Show the plan of the sentence back; with `yes` publish it. Raises: Refused naming what was not understood."""
    async with opened() as (_, database, now), database.work() as work:
        library = await Shelf().library(work)
        chosen = await find_notice(work, notice)
        read = read_plan(sentence, library, chosen.notice)
        if read.plan is None:
            raise Refused(read.problem)
        words = "\n".join(described(read.plan, now.date()))
        if yes:
            await work.plans.publish(chosen.notice, sentence, terms_of(read.plan), BY_COMMAND, now)
            await work.notices.bump()
    line = Say.PLAN_SET if yes else Say.PLAN_SHOWN
    return line.format(words=words, notice=chosen.notice)


async def plan_list() -> str:
    """The current plan of each notice."""
    async with opened() as (_, database, now), database.read() as work:
        plans = await work.plans.all_current()
    lines = [
        Say.PLAN_LINE.format(
            notice=p.notice,
            words="".join(described(plan_of(p.terms), now.date())),
            state=Say.STATES.get(p.state, p.state),
        )
        for p in plans
    ]
    return "\n".join(lines) or Say.NO_PLAN


async def group_list() -> str:
    """Every group we know, with what it is bound to and whether it refuses us."""
    async with opened() as (_, database, _now), database.read() as work:
        groups = await work.groups.groups()
    lines = [
        Say.GROUP.format(
            chat=g.chat, title=g.title, bound="、".join(b.notice for b in g.bindings) or Say.UNBOUND,
            trouble=Say.TROUBLE.format(why=g.trouble_words or g.trouble) if g.trouble else "",
        )
        for g in groups
    ]  # fmt: skip
    return "\n".join(lines) or Say.NO_GROUPS


async def group_bind(chat: str, notice: str | None, units: list[str]) -> str:
    """Bind a group to a notice, for some units or all. Raises: Refused."""
    async with opened() as (_, database, now), database.work() as work:
        chosen = await find_notice(work, notice)
        library = await Shelf().library(work)
        named = [library.unit(unit) for unit in units]
        if None in named:
            raise Refused(Say.UNKNOWN_UNIT.format(unit=units[named.index(None)]))
        known = [unit for unit in named if unit]
        await ensure_group(work, chat, now)
        await work.groups.bind(chat, chosen.notice, known or None, BY_COMMAND, now)
    return Say.BOUND.format(
        chat=chat, notice=chosen.notice, units=Say.FOR_UNITS.format(units="、".join(known)) if known else ""
    )


async def ensure_group(work: Work, chat: str, now: datetime) -> None:
    """A group may be bound before anybody spoke in it."""
    if await work.groups.group(chat) is None:
        await work.groups.see(chat, "", now)


async def group_webhook(chat: str) -> str:
    """Keep the group's own robot: URL and secret are read from stdin, never from the command line. Raises: Refused."""
    lines = [line.strip() for line in sys.stdin.read(4096).splitlines() if line.strip()]
    if not 1 <= len(lines) <= 2:
        raise Refused(Say.HOOK_WANTED, 2)
    url, secret = lines[0], lines[1] if len(lines) == 2 else None
    async with opened() as (settings, database, now), database.work() as work:
        trusted = url.startswith(("https://oapi.dingtalk.com/", settings.oapi_endpoint.rstrip("/") + "/"))
        if not trusted:
            raise Refused(Say.HOOK_BAD, 2)
        await ensure_group(work, chat, now)
        await work.groups.set_webhook(chat, url, secret, BY_COMMAND, now)
    return Say.HOOK_SET.format(chat=chat)


async def unit_alias(short: str, full: str) -> str:
    """Let a short name mean a unit of the notices. Raises: Refused."""
    async with opened() as (_, database, now), database.work() as work:
        unit = (await Shelf().library(work)).unit(full)
        if unit is None:
            raise Refused(Say.UNKNOWN_UNIT.format(unit=full), 2)
        await work.claims.set_alias(short, unit, BY_COMMAND, now)
        await work.notices.bump()
    return Say.ALIAS_SET.format(short=short, unit=unit)
