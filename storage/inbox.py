"""Messages handled: each is handled once, however often it is delivered. What was said is not kept here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from storage.dialect import engine_now, insert
from storage.repository import Repository
from storage.tables import inbox

_CLAIM = (
    insert(inbox)
    .values(
        {name: bindparam(name) for name in ("robot", "message_id", "chat", "sender", "state", "incident", "said_at")}
    )
    .values(handled_at=engine_now())
    .on_conflict_do_nothing(index_elements=["robot", "message_id"])
)
_COUNT = (
    select(inbox.c.state, func.count().label("number"))
    .where(inbox.c.handled_at >= bindparam("since"))
    .group_by(inbox.c.state)
)
_PRUNE = delete(inbox).where(inbox.c.handled_at < bindparam("before"))


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """Messages since a moment."""

    handled: int
    failed: int


class Inbox(Repository):
    """Claims messages."""

    async def claim(
        self, message_id: str, *, robot: str = "", chat: str = "", sender: str = "", said_at: datetime | None = None
    ) -> bool:
        """True if the message is ours to handle now, False if it was handled before."""
        return await self._claim(message_id, robot, chat, sender, said_at, "handled", None)

    async def fail(
        self,
        message_id: str,
        incident: str,
        *,
        robot: str = "",
        chat: str = "",
        sender: str = "",
        said_at: datetime | None = None,
    ) -> bool:
        """The same after its handling raised, under the number the apology names."""
        return await self._claim(message_id, robot, chat, sender, said_at, "failed", incident)

    async def counts(self, since: datetime) -> InboxCounts:
        """How many were handled and failed since an engine time."""
        numbers = {row["state"]: row["number"] for row in await self._all(_COUNT, since=since)}
        return InboxCounts(numbers.get("handled", 0), numbers.get("failed", 0))

    async def prune(self, before: datetime) -> int:
        """Forget what was handled before an engine time; number of rows. Keep longer than redelivery lasts."""
        return await self._do(_PRUNE, before=before)

    async def _claim(
        self,
        message_id: str,
        robot: str,
        chat: str,
        sender: str,
        said_at: datetime | None,
        state: str,
        incident: str | None,
    ) -> bool:
        values = {"message_id": message_id, "robot": robot, "chat": chat, "sender": sender, "said_at": said_at}
        return await self._do(_CLAIM, state=state, incident=incident, **values) == 1
