"""At each start while nobody is office or operator: a new 启用码, its hash kept, itself said once on our own stdout."""

from __future__ import annotations

import secrets
from datetime import datetime

import typer

from bot.say import Say
from handlers.first_code import CODE, LENGTH, LETTERS, new_record, nobody_seated, record_of
from storage import Actor, Database


async def offer_first_seat(database: Database, now: datetime) -> None:
    """Print the code after its hash is committed; neither the log nor the metrics ever see it."""
    async with database.read() as work:
        if not await nobody_seated(work, now):
            return
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    async with database.work() as work:
        await work.one_at_a_time(CODE)
        if not await nobody_seated(work, now):
            return
        record = new_record(code, secrets.token_hex(16), now, await record_of(work))
        await work.settings.set(CODE, record, Actor("system"), now)
    typer.echo(Say.FIRST_CODE.format(code=code))
