"""`dingban remind …`: what would be sent on a day, and what not and why. Sends nothing, writes nothing."""

from __future__ import annotations

from datetime import date

from bot.commands.base import Refused, opened
from bot.library import Shelf
from handlers.remind_preview import preview, preview_words
from handlers.remind_said import Desk
from handlers.rules.stages import Hours
from handlers.rules.workdays import Workdays


class Say:
    BAD_DAY = "日期没有看懂：{day}。请写成 2021-12-20。"


async def show(on: str | None) -> str:
    """The preview of a day (today). Raises: Refused."""
    try:
        day = date.fromisoformat(on) if on else None
    except ValueError as error:
        raise Refused(Say.BAD_DAY.format(day=on), 2) from error
    async with opened() as (settings, database, now), database.read() as work:
        desk = Desk(work, await Shelf().library(work), now, Workdays())
        hours = Hours(settings.send_hours.start, settings.send_hours.end)
        return preview_words(await preview(desk, day or now.date(), hours), desk)
