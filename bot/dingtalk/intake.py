"""Messages on their way to the handler: in order per person and chat, each once at a time. Remembers nothing done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from handlers.message import Message

Handle = Callable[[Message], Awaitable[None]]


class Intake:
    """That a message is handled once only is the database's to say; here the copies in flight share one run."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._running: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._last: dict[tuple[str, str], asyncio.Task[None]] = {}

    async def take(self, message: Message) -> None:
        """Handled, after all that the same person said earlier in the same chat. Raises what the handler raises."""
        key = (message.robot, message.id)
        task = self._running.get(key) or self._start(message, key)
        await asyncio.shield(task)

    def cancel(self) -> None:
        """Break off what is running."""
        for task in self._running.values():
            task.cancel()

    def _start(self, message: Message, key: tuple[str, str]) -> asyncio.Task[None]:
        line = (message.chat.id, message.sender.staff_id or "")
        task = asyncio.create_task(self._in_turn(message, self._last.get(line)))
        self._running[key] = self._last[line] = task
        task.add_done_callback(lambda _: self._forget(key, line, task))
        return task

    async def _in_turn(self, message: Message, previous: asyncio.Task[None] | None) -> None:
        if previous:
            await asyncio.wait({previous})
        await self._handle(message)

    def _forget(self, key: tuple[str, str], line: tuple[str, str], task: asyncio.Task[None]) -> None:
        self._running.pop(key, None)
        if self._last.get(line) is task:
            del self._last[line]
        if not task.cancelled():
            task.exception()  # whoever awaits it has it; nobody may, at the end
