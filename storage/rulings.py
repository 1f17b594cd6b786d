"""The office's word on a notice: which side of a contradiction holds meanwhile (暂按), and answers for all (FAQ)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime

from sqlalchemy import bindparam, insert, select, update

from storage.audit import Recorded
from storage.dialect import lock_key
from storage.notices import Notices
from storage.records_kept import Faq, Ruling
from storage.records_people import Actor
from storage.repository import JSON
from storage.tables import faq, ruling

_RULINGS = select(*(ruling.c[f.name] for f in fields(Ruling))).order_by(ruling.c.id)
_IN_FORCE = _RULINGS.where(ruling.c.ended_at.is_(None))
_OF_MATTER = _RULINGS.where(ruling.c.notice == bindparam("notice"), ruling.c.matter_key == bindparam("matter_key"))
_RULE = insert(ruling).returning(ruling.c.id)
_END = (
    update(ruling)
    .where(ruling.c.notice == bindparam("of"), ruling.c.matter_key == bindparam("about"), ruling.c.ended_at.is_(None))
    .values(ended_by=bindparam("by"), ended_at=bindparam("at"))
)
_FAQS = select(*(faq.c[f.name] for f in fields(Faq))).order_by(faq.c.id)
_FAQS_IN_FORCE = _FAQS.where(faq.c.ended_at.is_(None))
_ANSWER = insert(faq).returning(faq.c.id)
_END_FAQ = (
    update(faq)
    .where(faq.c.id == bindparam("faq_id"), faq.c.ended_at.is_(None))
    .values(ended_by=bindparam("by"), ended_at=bindparam("at"))
    .returning(faq.c.notice, faq.c.question)
)


class Rulings(Recorded):
    """Rules, answers, ends both; every change counts a generation of the library."""

    async def rule(self, notice: str, matter_key: str, ref: str, basis: str, day: date, by: Actor, at: datetime) -> int:
        """Use this side from `day` on; a ruling before it ends. Its id (ref `ruling:id`)."""
        await lock_key(self._connection, f"ruling\x1f{notice}\x1f{matter_key}")
        before = [one for one in await self._of(notice, matter_key) if one.ended_at is None]
        await self._do(_END, of=notice, about=matter_key, by=by.who, at=at)
        made = await self._number(
            _RULE, notice=notice, matter_key=matter_key, ref=ref, basis=basis, day=day, made_by=by.who, made_at=at
        )
        old = {"ref": before[0].ref} if before else None
        new: dict[str, JSON] = {"matter": matter_key, "ref": ref, "ruling": made}
        await self._record(f"notice:{notice}", "ruled", by, at, old=old, new=new, why=basis)
        await Notices(self._connection).bump()
        return made

    async def end(self, notice: str, matter_key: str, by: Actor, at: datetime, why: str = "") -> bool:
        """Take the ruling back; False if there was none."""
        ended = await self._do(_END, of=notice, about=matter_key, by=by.who, at=at) == 1
        if ended:
            await self._record(f"notice:{notice}", "ruling ended", by, at, old={"matter": matter_key}, why=why)
            await Notices(self._connection).bump()
        return ended

    async def in_force(self) -> Sequence[Ruling]:
        """What holds now, of all notices."""
        return [Ruling(**row) for row in await self._all(_IN_FORCE)]

    async def all(self) -> Sequence[Ruling]:
        """Everything ever ruled."""
        return [Ruling(**row) for row in await self._all(_RULINGS)]

    async def answer(
        self, notice: str, question: str, answer: str, day: date, by: Actor, at: datetime, matter_key: str | None = None
    ) -> int:
        """Answer a question for all; its id (ref `faq:id`)."""
        made = await self._number(
            _ANSWER, notice=notice, question=question, answer=answer, matter_key=matter_key, day=day, made_by=by.who,
            made_at=at,
        )  # fmt: skip
        new: dict[str, JSON] = {"faq": made, "question": question, "answer": answer}
        await self._record(f"notice:{notice}", "faq answered", by, at, new=new)
        await Notices(self._connection).bump()
        return made

    async def end_faq(self, faq_id: int, by: Actor, at: datetime, why: str = "") -> bool:
        """Take an answer back; False if it was already."""
        row = await self._one(_END_FAQ, faq_id=faq_id, by=by.who, at=at)
        if row is not None:
            await self._record(f"notice:{row['notice']}", "faq ended", by, at, old={"faq": faq_id}, why=why)
            await Notices(self._connection).bump()
        return row is not None

    async def faqs(self) -> Sequence[Faq]:
        """The answers that hold now, of all notices."""
        return [Faq(**row) for row in await self._all(_FAQS_IN_FORCE)]

    async def _of(self, notice: str, matter_key: str) -> Sequence[Ruling]:
        return [Ruling(**row) for row in await self._all(_OF_MATTER, notice=notice, matter_key=matter_key)]
