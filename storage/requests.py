"""What somebody else must answer: 缓交, 困难, 目标调整, 交办, a call back. Each with its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from storage.audit import Recorded
from storage.errors import AlreadyDecided
from storage.records_people import Actor
from storage.records_reports import Request, RequestAnswer
from storage.repository import JSON
from storage.tables import request, request_answer

_FIELDS = [request.c[f.name] for f in fields(Request)]
_LIST = select(*_FIELDS).order_by(request.c.asked_at, request.c.id)
_GET = _LIST.where(request.c.id == bindparam("request_id"))
_OPEN = _LIST.where(request.c.closed_at.is_(None))
_OF_UNIT = _LIST.where(request.c.unit == bindparam("unit"))
_OF_PERIOD = _LIST.where(request.c.notice == bindparam("notice"), request.c.period == bindparam("period"))
_ASK = insert(request).returning(request.c.id)
_ANSWER = insert(request_answer)
_UNCLOSED = update(request).where(request.c.id == bindparam("request_id"), request.c.closed_at.is_(None))
_MOVE = _UNCLOSED.values(state=bindparam("new_state"))
_CLOSE = _UNCLOSED.values(state=bindparam("new_state"), closed_by=bindparam("by"), closed_at=bindparam("at"))
_ANSWERS = (
    select(*(request_answer.c[f.name] for f in fields(RequestAnswer)))
    .where(request_answer.c.request_id == bindparam("request_id"))
    .order_by(request_answer.c.id)
)


class Requests(Recorded):
    """Asks, answers, closes."""

    async def ask(
        self,
        kind: str,
        unit: str,
        by: Actor,
        at: datetime,
        *,
        matter_id: int | None = None,
        notice: str | None = None,
        period: str | None = None,
        body: Mapping[str, JSON] | None = None,
        recorded: bool = False,
    ) -> int:
        """A new request; its id. `recorded`: nobody here may decide it (目标调整), it is only kept."""
        made = await self._number(
            _ASK, kind=kind, unit=unit, matter_id=matter_id, notice=notice, period=period, body=dict(body or {}),
            state="recorded" if recorded else "open", asked_by=by.who, message_id=by.message_id, asked_at=at,
        )  # fmt: skip
        await self._record(_chain(made, matter_id), f"{kind} asked", by, at, new={"request": made, "body": body})
        return made

    async def answer(
        self,
        request_id: int,
        words: str,
        by: Actor,
        at: datetime,
        *,
        body: Mapping[str, JSON] | None = None,
        again: bool = False,
    ) -> None:
        """Add a word; the request counts as answered, or with `again` (再问) as open. Raises: AlreadyDecided."""
        found = await self._found(request_id)
        if not await self._do(_MOVE, request_id=request_id, new_state="open" if again else "answered"):
            raise AlreadyDecided(found.state, found.closed_by, found.closed_at)
        await self._do(
            _ANSWER, request_id=request_id, words=words, body=body, answered_by=by.who, message_id=by.message_id,
            answered_at=at,
        )  # fmt: skip
        new: dict[str, JSON] = {"request": request_id, "words": words}
        await self._record(_chain(request_id, found.matter_id), f"{found.kind} answered", by, at, new=new)

    async def close(self, request_id: int, state: str, by: Actor, at: datetime, why: str = "") -> Request:
        """Settle it: granted, refused or closed (已阅,销号). Raises: AlreadyDecided."""
        changed = await self._do(_CLOSE, request_id=request_id, new_state=state, by=by.who, at=at)
        found = await self._found(request_id)
        if not changed:
            raise AlreadyDecided(found.state, found.closed_by, found.closed_at)
        new: dict[str, JSON] = {"request": request_id, "body": found.body}
        await self._record(_chain(request_id, found.matter_id), f"{found.kind} {state}", by, at, new=new, why=why)
        return found

    async def get(self, request_id: int) -> Request | None:
        """The request of that id."""
        row = await self._one(_GET, request_id=request_id)
        return Request(**row) if row else None

    async def open(self, kind: str | None = None) -> Sequence[Request]:
        """What is not closed (of that kind), oldest first."""
        rows = await self._all(_OPEN)
        return [Request(**row) for row in rows if kind in (None, row["kind"])]

    async def of_unit(self, unit: str) -> Sequence[Request]:
        """Everything a unit asked or was asked, oldest first."""
        return [Request(**row) for row in await self._all(_OF_UNIT, unit=unit)]

    async def of_period(self, notice: str, period: str) -> Sequence[Request]:
        """Everything of a period, oldest first (granted postponements move its deadlines)."""
        return [Request(**row) for row in await self._all(_OF_PERIOD, notice=notice, period=period)]

    async def answers(self, request_id: int) -> Sequence[RequestAnswer]:
        """What was said to it, oldest first."""
        return [RequestAnswer(**row) for row in await self._all(_ANSWERS, request_id=request_id)]

    async def _found(self, request_id: int) -> Request:
        found = await self.get(request_id)
        if found is None:
            raise AlreadyDecided("gone", None, None)
        return found


def _chain(request_id: int, matter_id: int | None) -> str:
    return f"request:{request_id}" if matter_id is None else f"matter:{matter_id}"
