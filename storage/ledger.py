"""The ledger, kept for good: what was sent to whom, when, in which words. Jobs may be pruned after it has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from storage.dialect import insert
from storage.records_kept import Said
from storage.repository import Repository
from storage.tables import ledger

_FIELDS = [ledger.c[f.name] for f in fields(Said)]
_WRITE = insert(ledger).on_conflict_do_nothing()
_SINCE = (
    select(*_FIELDS)
    .where(ledger.c.said_at >= bindparam("since"), ledger.c.said_at < bindparam("until"))
    .order_by(ledger.c.said_at, ledger.c.id)
)
_TO = _SINCE.where(ledger.c.receiver == bindparam("receiver"))
_PRUNE = delete(ledger).where(ledger.c.said_at < bindparam("before"))


class Ledger(Repository):
    """Writes down what was said."""

    async def write(
        self,
        dedup_key: str,
        kind: str,
        *,
        receiver_kind: str,
        receiver: str,
        text: str,
        at: datetime,
        subjects: Sequence[str] = (),
        outcome: str = "sent",
        why: str | None = None,
    ) -> None:
        """One line; the same job said at the same moment is one line."""
        said = self.line(
            dedup_key, kind, receiver_kind=receiver_kind, receiver=receiver, text=text, at=at, subjects=subjects,
            outcome=outcome, why=why,
        )  # fmt: skip
        await self.write_all([said])

    async def write_all(self, lines: Sequence[Mapping[str, object]]) -> None:
        """Many lines at once, each made by `line`."""
        await self._do_many(_WRITE, lines)

    async def between(self, since: datetime, until: datetime, receiver: str | None = None) -> Sequence[Said]:
        """What was said (to that person or group) in a span, `until` excluded, oldest first."""
        rows = await (
            self._all(_SINCE, since=since, until=until)
            if receiver is None
            else self._all(_TO, since=since, until=until, receiver=receiver)
        )
        return [Said(**row) for row in rows]

    async def prune(self, before: datetime) -> int:
        """Forget what the retention no longer asks for; how many."""
        return await self._do(_PRUNE, before=before)

    @staticmethod
    def line(
        dedup_key: str,
        kind: str,
        *,
        receiver_kind: str,
        receiver: str,
        text: str,
        at: datetime,
        subjects: Sequence[str] = (),
        outcome: str = "sent",
        why: str | None = None,
    ) -> Mapping[str, object]:
        """A line of the ledger, ready to be written with others."""
        return {
            "dedup_key": dedup_key, "kind": kind, "receiver_kind": receiver_kind, "receiver": receiver, "text": text,
            "subjects": tuple(subjects), "outcome": outcome, "why": why, "said_at": at,
        }  # fmt: skip
