"""Every answer as it was given, and the questions a person should look at (没答上来的)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from storage.dialect import among
from storage.records_kept import Answered, Miss
from storage.records_people import Actor
from storage.repository import Repository
from storage.tables import answer, miss

_MISS = [miss.c[f.name] for f in fields(Miss)]
_KEEP = insert(answer).returning(answer.c.id)
_ANSWERS = select(*(answer.c[f.name] for f in fields(Answered)))
_GET = _ANSWERS.where(answer.c.id == bindparam("answer_id"))
_LAST = (
    _ANSWERS.where(answer.c.person == bindparam("person"), answer.c.chat == bindparam("chat"))
    .order_by(answer.c.id.desc())
    .limit(1)
)
_DISLIKE = update(answer).where(answer.c.id == bindparam("answer_id")).values(disliked=True)
_PRUNE = delete(answer).where(
    answer.c.answered_at < bindparam("before"), answer.c.id.not_in(select(miss.c.answer_id).where(miss.c.answer_id > 0))
)
_MISSED = insert(miss).returning(miss.c.id)
_OPEN = select(*_MISS).where(among(miss.c.state, "open")).order_by(miss.c.asked_at, miss.c.id)
_ONE = select(*_MISS).where(miss.c.id == bindparam("miss_id"))
_SETTLE = (
    update(miss)
    .where(miss.c.id == bindparam("miss_id"), miss.c.state == "open")
    .values(
        state=bindparam("new_state"), faq_id=bindparam("faq"), handled_by=bindparam("by"), handled_at=bindparam("at")
    )
)


class Misses(Repository):
    """Keeps answers, and lists what was missed until somebody settles it."""

    async def keep(
        self,
        *,
        person: str,
        chat: str,
        unit: str | None,
        question: str,
        outcome: str,
        answer: str,
        refs: Sequence[str],
        notice: str | None,
        content_hash: str | None,
        confidence: float,
        at: datetime,
    ) -> int:
        """Keep an answer with what it rested on; the number it is reproduced by."""
        return await self._number(
            _KEEP, person=person, chat=chat, unit=unit, question=question, outcome=outcome, answer=answer,
            refs=tuple(refs), notice=notice, content_hash=content_hash, confidence=confidence, disliked=False,
            answered_at=at,
        )  # fmt: skip

    async def answered(self, answer_id: int) -> Answered | None:
        """The answer of that number."""
        row = await self._one(_GET, answer_id=answer_id)
        return Answered(**row) if row else None

    async def last_answer(self, person: str, chat: str) -> Answered | None:
        """What we last told that person in that chat."""
        row = await self._one(_LAST, person=person, chat=chat)
        return Answered(**row) if row else None

    async def dislike(self, answer_id: int) -> None:
        """Somebody said the answer was no good."""
        await self._do(_DISLIKE, answer_id=answer_id)

    async def missed(
        self, question: str, why: str, *, person: str, unit: str | None, at: datetime, answer_id: int | None = None
    ) -> int:
        """Put a question on the office's list; its id."""
        return await self._number(
            _MISSED,
            question=question,
            why=why,
            person=person,
            unit=unit,
            asked_at=at,
            answer_id=answer_id,
            state="open",
        )

    async def open(self) -> Sequence[Miss]:
        """The office's list, oldest first."""
        return [Miss(**row) for row in await self._all(_OPEN)]

    async def get(self, miss_id: int) -> Miss | None:
        """The miss of that id."""
        row = await self._one(_ONE, miss_id=miss_id)
        return Miss(**row) if row else None

    async def settle(self, miss_id: int, by: Actor, at: datetime, faq_id: int | None = None) -> bool:
        """Answered by that FAQ, or dropped without one; False if somebody did it before."""
        state = "dropped" if faq_id is None else "answered"
        return await self._do(_SETTLE, miss_id=miss_id, new_state=state, faq=faq_id, by=by.who, at=at) == 1

    async def prune(self, before: datetime) -> int:
        """Forget answers older than that which no miss points to; how many."""
        return await self._do(_PRUNE, before=before)
