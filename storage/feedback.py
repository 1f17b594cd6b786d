"""What people tell us about the bot itself, for the office to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from storage.records_kept import Feedback
from storage.records_people import Actor
from storage.repository import Repository
from storage.tables import feedback

_LIST = select(*(feedback.c[f.name] for f in fields(Feedback))).order_by(feedback.c.id)
_OPEN = _LIST.where(feedback.c.state == "open")
_GET = _LIST.where(feedback.c.id == bindparam("feedback_id"))
_ADD = insert(feedback).returning(feedback.c.id)
_ANSWER = (
    update(feedback)
    .where(feedback.c.id == bindparam("feedback_id"), feedback.c.state == "open")
    .values(state="answered", answer=bindparam("said"), answered_by=bindparam("by"), answered_at=bindparam("at"))
)


class Feedbacks(Repository):
    """Keeps what people tell us."""

    async def add(self, person: str, unit: str | None, words: str, at: datetime) -> int:
        """Keep it; its id."""
        return await self._number(_ADD, person=person, unit=unit, words=words, state="open", said_at=at)

    async def get(self, feedback_id: int) -> Feedback | None:
        """The one of that id."""
        row = await self._one(_GET, feedback_id=feedback_id)
        return Feedback(**row) if row else None

    async def open(self) -> Sequence[Feedback]:
        """What nobody answered yet, oldest first."""
        return [Feedback(**row) for row in await self._all(_OPEN)]

    async def all(self) -> Sequence[Feedback]:
        """Everything, oldest first."""
        return [Feedback(**row) for row in await self._all(_LIST)]

    async def answer(self, feedback_id: int, words: str, by: Actor, at: datetime) -> bool:
        """Settle it; False if somebody did before."""
        return await self._do(_ANSWER, feedback_id=feedback_id, said=words, by=by.who, at=at) == 1
