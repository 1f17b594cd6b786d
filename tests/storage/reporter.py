"""A process that reports one period after the other and prints each receipt once it is committed; made to be killed."""

from __future__ import annotations

import asyncio
import sys

from storage import Database
from tests.storage.given import CLERK, NOW, a_draft, entry


async def report(url: str, matter_id: int, start: int) -> None:
    database = Database(url)
    await database.start()
    for number in range(start, start + 1000):
        async with database.work() as work:
            draft = await a_draft(work, matter_id, str(number), f"p{number}")
            made, _ = await work.submissions.submit(draft, entry(str(number)), CLERK, NOW)
        print(made.id, flush=True)


if __name__ == "__main__":
    asyncio.run(report(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
