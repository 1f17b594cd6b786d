"""The sandbox's page with the stock SDK's echo robot as its child. Run as a process; prints its address."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.sandbox.child import Robot
from bot.sandbox.clock import SandboxClock, read_time
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Journal
from bot.sandbox.page import Holidays, Page
from bot.sandbox.run import environment
from bot.sandbox.server import DEMO, FIRST_MOMENT, bound, build, listen, seeded_world, stopped


async def serve(folder: Path, port: int) -> None:
    """Until SIGTERM; what was said is in `folder`."""
    journal = Journal(folder / "chat.jsonl")
    world = seeded_world(DEMO)
    journal.replay(world)
    stand_in = build(world, SandboxClock(read_time(FIRST_MOMENT)), Faults(redeliver=(2, 5)), journal)
    robot = Robot(environment(folder / "x.db"), stand_in.clock, folder / "bot.log", ("-m", "tests.wire.echo_bot"))
    robot.on_change = stand_in.bell.ring
    stand_in.app.add_routes(
        Page(stand_in, robot, Holidays(set(), set()), {"": ["我负责哪些指标", "填报", "帮助"]}).routes()
    )
    runner = await listen(stand_in, bound(port))
    robot.environment["DINGTALK_OPENAPI_ENDPOINT"] = stand_in.gateway.base
    await robot.start()
    print(stand_in.gateway.base, flush=True)
    await stopped()
    await robot.stop()
    await stand_in.gateway.close()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
