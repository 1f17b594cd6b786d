"""Examines settings, database, network, clock, fonts, files and calendar before and beside `run`; repairs nothing.

Slow to import (fonts): only the command that needs it does.
"""

from __future__ import annotations

import errno
import shutil
import socket
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import chinese_calendar
from matplotlib.ft2font import FT2Font
from pylopdf_fonts_zh_cn import sans_path

from bot.clock import BusinessClock
from bot.doctor_database import examine_database
from bot.doctor_network import examine_network
from bot.finding import Finding
from bot.folders import standing, writable
from bot.reach import Way
from bot.settings import BadSetting, Settings

PATIENCE = timedelta(seconds=10)  # for one address or one connection to the database
ROOM = 1 << 30  # bytes; a year of attachments and nightly backups
AHEAD = timedelta(days=60)  # deadlines this far ahead are computed now


class Say:
    SETTINGS, WEB, FONTS, FILES, CALENDAR = "设置", "状态页端口", "中文字体", "文件目录", "工作日历"
    SETTINGS_OK = "凭证已填写"
    SETTINGS_MISSING = "缺少 {names}"
    SETTINGS_MISSING_DO = (
        "在开放平台「凭证与基础信息」里抄 Client ID 和 Client Secret，写入设置文件；只想试用请运行 dingban sandbox"
    )
    CLOCK_SET = "设了 DINGBAN_CLOCK，时钟不走真实时间"
    CLOCK_SET_DO = "正式环境请删去 DINGBAN_CLOCK 和 DINGBAN_CLOCK_SPEED"
    WEB_FREE = "{address} 空闲"
    WEB_OURS = "{address} 由正在运行的钉办使用"
    WEB_TAKEN = "{address} 被别的程序占用"
    WEB_REFUSED = "{address} 用不了：本机没有这个地址，或端口号小于 1024 而没有权限"
    WEB_TAKEN_DO = "换一个 DINGBAN_WEB_PORT，或停掉占用它的程序（ss -ltnp 可查）"
    FONTS_OK = "{name}"
    FONTS_BAD = "字体文件缺失或不完整"
    FONTS_BAD_DO = "重新安装：字体在软件包 pylopdf-fonts-zh-cn 里，离线安装包已带"
    GLYPHS = "钉办通知汇总表亩％①"
    FILES_OK = "{path} 可写，剩余 {room:.1f} GB"
    FILES_BAD = "{path} 不可写"
    FILES_BAD_DO = "建好目录并交给运行用户，或改 DINGBAN_FILES_DIR"
    FILES_FULL = "{path} 只剩 {room:.1f} GB"
    FILES_FULL_DO = "清理磁盘（先看备份目录），或把 DINGBAN_FILES_DIR 换到大一些的盘"
    CALENDAR_OK = "放假和调休安排到 {year} 年底"
    CALENDAR_BAD = "放假和调休安排只到 {year} 年底，之后按周一至周五推算"
    CALENDAR_BAD_DO = "国务院办公厅公布新一年安排后，升级软件包 chinesecalendar"


async def examine(
    settings: Settings, patience: timedelta = PATIENCE, now: Callable[[], datetime] | None = None
) -> list[Finding]:
    """Every finding, in the order a person would mend them. Creates and changes nothing. `now`: the machine's time."""
    now = now or BusinessClock(settings.zone).now
    return [
        *examine_settings(settings),
        *await examine_database(settings.database_url, patience),
        await examine_port(settings, patience),
        *await examine_network(settings, patience, now),
        examine_fonts(sans_path()),
        examine_files(settings.files_dir),
        examine_calendar(now().astimezone(settings.zone).date()),
    ]


def examine_settings(settings: Settings) -> list[Finding]:
    """Credentials, and a clock that is not the real one."""
    findings = [Finding(Say.SETTINGS, True, Say.SETTINGS_OK)]
    try:
        settings.need_credentials()
    except BadSetting as bad:
        found = Say.SETTINGS_MISSING.format(names="、".join(bad.names))
        findings = [Finding(Say.SETTINGS, False, found, Say.SETTINGS_MISSING_DO)]
    if settings.clock:
        findings.append(Finding(Say.SETTINGS, False, Say.CLOCK_SET, Say.CLOCK_SET_DO))
    return findings


async def examine_port(settings: Settings, patience: timedelta) -> Finding:
    """Whether the status pages can listen, or we ourselves do."""
    address = f"{settings.web_host}:{settings.web_port}"
    with socket.socket(socket.AF_INET6 if ":" in settings.web_host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.web_host, settings.web_port))
        except OSError as refused:
            return await examine_taken_port(address, refused, patience)
    return Finding(Say.WEB, True, Say.WEB_FREE.format(address=address))


async def examine_taken_port(address: str, refused: OSError, patience: timedelta) -> Finding:
    """Who has the port: ourselves or a stranger."""
    way = Way(None, None, patience)
    try:
        page = await way.get(f"http://{address}/healthz")
    finally:
        await way.close()
    if page.status == 200 and page.body.replace(" ", "") == '{"ok":true}':
        return Finding(Say.WEB, True, Say.WEB_OURS.format(address=address))
    found = Say.WEB_TAKEN if refused.errno == errno.EADDRINUSE else Say.WEB_REFUSED
    return Finding(Say.WEB, False, found.format(address=address), Say.WEB_TAKEN_DO)


def examine_fonts(path: Path) -> Finding:
    """Whether charts would show every Chinese character."""
    try:
        known = FT2Font(path).get_charmap()
    except (OSError, RuntimeError):
        known = {}
    if all(ord(glyph) in known for glyph in Say.GLYPHS):
        return Finding(Say.FONTS, True, Say.FONTS_OK.format(name=path.stem))
    return Finding(Say.FONTS, False, Say.FONTS_BAD, Say.FONTS_BAD_DO)


def examine_files(folder: Path) -> Finding:
    """Whether attachments and exports can be kept, and for how long."""
    if not writable(folder):
        return Finding(Say.FILES, False, Say.FILES_BAD.format(path=folder), Say.FILES_BAD_DO)
    room = shutil.disk_usage(standing(folder)).free
    found = (Say.FILES_OK if room >= ROOM else Say.FILES_FULL).format(path=folder, room=room / (1 << 30))
    return Finding(Say.FILES, room >= ROOM, found, Say.FILES_FULL_DO)


def examine_calendar(today: date) -> Finding:
    """Whether workdays are known for the deadlines of the next weeks."""
    year = max(chinese_calendar.holidays).year
    if (today + AHEAD).year <= year:
        return Finding(Say.CALENDAR, True, Say.CALENDAR_OK.format(year=year))
    return Finding(Say.CALENDAR, False, Say.CALENDAR_BAD.format(year=year), Say.CALENDAR_BAD_DO)
