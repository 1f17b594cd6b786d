"""The audit: append-only chains of hashes, one per matter (or other subject), and a head over all of them per day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence, Set
from dataclasses import fields
from datetime import UTC, datetime

from sqlalchemy import RowMapping, bindparam, insert, select

from storage.dialect import insert as upsert
from storage.dialect import lock_key
from storage.records_kept import Audited, DayHead, Fault
from storage.records_people import Actor
from storage.repository import JSON, Repository
from storage.tables import audit, audit_day, audit_head

BATCH = 500  # lines in memory at a time when all are checked
MOVED = "the end is not where it was"
START = "0" * 64
"""What the first line of a chain, and the first day, follow."""

_FIELDS = [audit.c[f.name] for f in fields(Audited)]
_HEAD = select(audit_head.c.number, audit_head.c.hash).where(audit_head.c.chain == bindparam("chain"))
_APPEND = insert(audit)
_NEW_HEAD = upsert(audit_head).values({name: bindparam(name) for name in ("chain", "number", "hash")})
_MOVE_HEAD = _NEW_HEAD.on_conflict_do_update(
    index_elements=["chain"], set_={"number": _NEW_HEAD.excluded.number, "hash": _NEW_HEAD.excluded.hash}
)
_OF_CHAIN = select(*_FIELDS).where(audit.c.chain == bindparam("chain")).order_by(audit.c.number)
_BETWEEN = (
    select(*_FIELDS)
    .where(audit.c.happened_at >= bindparam("since"), audit.c.happened_at < bindparam("until"))
    .order_by(audit.c.happened_at, audit.c.id)
)
_ALL = select(*_FIELDS).order_by(audit.c.chain, audit.c.number)
_HEADS = select(audit_head.c.chain, audit_head.c.number, audit_head.c.hash).order_by(audit_head.c.chain)
_DAYS = select(audit_day).order_by(audit_day.c.day)
_NEW_DAY = insert(audit_day)


class Recorded(Repository):
    """A repository that leaves a line in the audit for whatever it decides."""

    async def _record(
        self,
        chain: str,
        what: str,
        by: Actor,
        at: datetime,
        *,
        old: Mapping[str, JSON] | None = None,
        new: Mapping[str, JSON] | None = None,
        why: str = "",
    ) -> None:
        await lock_key(self._connection, f"audit\x1f{chain}")
        head = await self._one(_HEAD, chain=chain)
        number, previous = (head["number"] + 1, head["hash"]) if head else (1, START)
        line = Audited(chain, number, what, by.who, by.post, by.unit, at.astimezone(UTC), old, new, why, by.message_id,
                       previous, "")  # fmt: skip
        values = {f.name: getattr(line, f.name) for f in fields(line)} | {"hash": hash_of(line)}
        await self._do(_APPEND, **values)
        await self._do(_MOVE_HEAD, chain=chain, number=number, hash=values["hash"])


class Audit(Recorded):
    """Writes lines, reads them, closes days, and checks that nothing was changed or cut."""

    async def record(
        self,
        chain: str,
        what: str,
        by: Actor,
        at: datetime,
        *,
        old: Mapping[str, JSON] | None = None,
        new: Mapping[str, JSON] | None = None,
        why: str = "",
    ) -> None:
        """Append a line for what no repository records by itself."""
        await self._record(chain, what, by, at, old=old, new=new, why=why)

    async def of_chain(self, chain: str) -> Sequence[Audited]:
        """All lines of a chain, oldest first."""
        return [Audited(**row) for row in await self._all(_OF_CHAIN, chain=chain)]

    async def between(self, since: datetime, until: datetime) -> Sequence[Audited]:
        """All lines of a span, `until` excluded, oldest first."""
        return [Audited(**row) for row in await self._all(_BETWEEN, since=since, until=until)]

    async def up_to(self, ends: Mapping[str, int]) -> AsyncIterator[Sequence[Audited]]:
        """The lines of all chains as far as each is told (chain → number), in batches; never all of them in memory."""
        rows = await self._connection.stream(_ALL)
        async for batch in rows.mappings().partitions(BATCH):
            yield [Audited(**row) for row in batch if row["number"] <= ends.get(row["chain"], 0)]

    async def close_day(self, day: str, at: datetime) -> DayHead:
        """Seal what every chain has reached; `day` is 2021-12-20. The same day again returns its head unchanged."""
        await lock_key(self._connection, "audit\x1fday")
        days = await self._all(_DAYS)
        sealed = next((row for row in days if row["day"] == day), None)
        if sealed is not None:
            return _day(sealed)
        known = _sealed_heads(days)
        grown = {row["chain"]: [row["number"], row["hash"]] for row in await self._all(_HEADS)}
        grown = {chain: end for chain, end in grown.items() if known.get(chain) != end}
        previous = days[-1]["head"] if days else START
        head = _day_hash(day, previous, grown)
        await self._do(_NEW_DAY, day=day, heads=grown, previous=previous, head=head, made_at=at)
        return DayHead(day, previous, head, at)

    async def head(self) -> str:
        """One hash over the present ends of all chains."""
        return _hash([[row["chain"], row["number"], row["hash"]] for row in await self._all(_HEADS)])

    async def heads(self) -> Sequence[tuple[str, int, str]]:
        """(chain, number, hash) where every chain ends now, in the order `head` is made of."""
        return [(row["chain"], row["number"], row["hash"]) for row in await self._all(_HEADS)]

    async def last_day(self) -> DayHead | None:
        """The last sealed day."""
        days = await self._all(_DAYS)
        return _day(days[-1]) if days else None

    async def check(self) -> Sequence[Fault]:
        """Everything that does not fit: a changed, missing or cut line, a wrong end, a wrong day. Empty is right."""
        days = await self._all(_DAYS)
        wanted = {(chain, int(str(end[0]))) for row in days for chain, end in row["heads"].items()}
        checked = Checked({row["chain"]: (row["number"], row["hash"]) for row in await self._all(_HEADS)}, wanted)
        rows = await self._connection.stream(_ALL)
        async for batch in rows.mappings().partitions(BATCH):
            for row in batch:
                checked.take(Audited(**row))
        return [*checked.end(), *_day_faults(days, checked.sealed)]


class Checked:
    """A walk along all chains, line by line in their order; keeps no more of them than the days name."""

    def __init__(self, heads: Mapping[str, tuple[int, str]], wanted: Set[tuple[str, int]]) -> None:
        """`heads`: where each chain should end; `wanted`: whose hashes to keep in `sealed`."""
        self.heads, self.wanted = dict(heads), wanted
        self.sealed: dict[tuple[str, int], str] = {}
        self.faults: list[Fault] = []
        self.chain: str | None = None
        self.number, self.previous, self.torn = 0, START, False

    def take(self, line: Audited) -> None:
        """The next line."""
        if line.chain != self.chain:
            self._close()
            self.chain, self.number, self.previous, self.torn = line.chain, 0, START, False
        self.number += 1
        if (line.chain, self.number) in self.wanted:
            self.sealed[line.chain, self.number] = line.hash
        if not self.torn and line.number != self.number:
            self.torn = True
            self.faults.append(Fault(line.chain, self.number, "a line is missing"))
        elif not self.torn and (line.previous != self.previous or line.hash != hash_of(line)):
            self.faults.append(Fault(line.chain, line.number, "the line was changed"))
        self.previous = line.hash

    def end(self) -> list[Fault]:
        """Everything that did not fit, after the last line."""
        self._close()
        gone = [chain for chain, end in self.heads.items() if end != (0, START)]
        return [*self.faults, *(Fault(chain, None, MOVED) for chain in sorted(gone))]

    def _close(self) -> None:
        if self.chain is not None and self.heads.pop(self.chain, None) != (self.number, self.previous):
            self.faults.append(Fault(self.chain, None, MOVED))


def hash_of(line: Audited) -> str:
    """What a line's hash must be, from its other fields."""
    moment = line.happened_at.astimezone(UTC).isoformat(timespec="microseconds")
    return _hash([line.previous, line.chain, line.number, line.what, line.who, line.post, line.unit, moment,
                  line.old, line.new, line.why, line.message_id])  # fmt: skip


def _hash(content: JSON) -> str:
    return hashlib.sha256(
        json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def _day_hash(day: str, previous: str, heads: Mapping[str, JSON]) -> str:
    return _hash([previous, day, heads])


def _day(row: RowMapping) -> DayHead:
    return DayHead(row["day"], row["previous"], row["head"], row["made_at"])


def _sealed_heads(days: Sequence[RowMapping]) -> dict[str, list[JSON]]:
    """Where each chain was when the last day was sealed."""
    return {chain: end for row in days for chain, end in row["heads"].items()}


def _day_faults(days: Sequence[RowMapping], sealed: Mapping[tuple[str, int], str]) -> Iterator[Fault]:
    previous = START
    for row in days:
        if row["previous"] != previous or row["head"] != _day_hash(row["day"], previous, row["heads"]):
            yield Fault(row["day"], None, "the day was changed")
        for chain, (number, ended) in row["heads"].items():
            if sealed.get((chain, number)) != ended:
                yield Fault(chain, number, f"not as it was on {row['day']}")
        previous = row["head"]
