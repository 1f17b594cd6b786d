"""The order of replies within one chat, among those this process sends. The database keeps it among the others."""

from __future__ import annotations

import asyncio

Turn = asyncio.Future[bool]


class Chats:
    """Whoever enters a chat waits for who entered it before, and learns whether that was sent."""

    def __init__(self) -> None:
        self.last: dict[str, Turn] = {}

    def enter(self, chat: str) -> tuple[Turn | None, Turn]:
        """The turn before (None: nobody is on the way) and one's own, to be given to `leave`."""
        before, mine = self.last.get(chat), asyncio.get_running_loop().create_future()
        self.last[chat] = mine
        return before, mine

    def leave(self, chat: str, mine: Turn, sent: bool) -> None:
        """The own turn is over; `sent` False: those behind must not overtake it."""
        if not mine.done():
            mine.set_result(sent)
        if self.last.get(chat) is mine:
            del self.last[chat]
