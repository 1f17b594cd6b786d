"""What was sent lately, for each group and for the whole app; and how many metered calls a month has seen.

Keeps the moments only; what they permit is worked out in bot/permits.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from storage.dialect import EPOCH, insert
from storage.repository import JSON, Repository
from storage.tables_engine import rate_bucket


@dataclass(frozen=True, slots=True)
class Bucket:
    """What was sent lately, what is promised, until when nothing may be sent: engine time, seconds since 1970."""

    sent: tuple[float, ...] = ()
    held: tuple[float, ...] = ()
    """Promised to jobs that wait. Both ascend."""
    blocked_until: float = 0.0


_B = rate_bucket.c
_MAKE = insert(rate_bucket).values(stamps={"sent": [], "held": []}).on_conflict_do_nothing(index_elements=["key"])
_LOOK = select(_B.stamps, _B.blocked_until).where(_B.key == bindparam("bucket"))
_OPEN = _LOOK.with_for_update()
_SAVE = (
    update(rate_bucket)
    .where(_B.key == bindparam("bucket"))
    .values(stamps=bindparam("stamps"), blocked_until=bindparam("until"))
)
_BLOCKED = select(_B.key, _B.blocked_until).where(_B.blocked_until > bindparam("now"))


class Rates(Repository):
    """The buckets, in the running transaction."""

    async def open(self, key: str) -> Bucket:
        """The bucket of that key, locked until the transaction ends; lock the app's before a group's."""
        row = await self._one(_OPEN, bucket=key)
        if row is None:
            await self._do(_MAKE, key=key)
            row = await self._one(_OPEN, bucket=key)
        return _bucket(row["stamps"], row["blocked_until"]) if row else Bucket()

    async def save(self, key: str, bucket: Bucket) -> None:
        """Keep what `open` gave, changed."""
        stamps = {"sent": list(bucket.sent), "held": list(bucket.held)}
        until = EPOCH + timedelta(seconds=bucket.blocked_until) if bucket.blocked_until else None
        await self._do(_SAVE, bucket=key, stamps=stamps, until=until)

    async def count_calls(self, month: str, calls: int) -> None:
        """Add to the metered calls of a month ("2021-12")."""
        bucket = await self.open(_month(month))
        await self.save(_month(month), Bucket(sent=((bucket.sent or (0.0,))[0] + calls,)))

    async def calls(self, month: str) -> int:
        """Metered calls of a month."""
        row = await self._one(_LOOK, bucket=_month(month))
        return int((_bucket(row["stamps"], None).sent or (0.0,))[0]) if row else 0

    async def blocked(self, now: datetime) -> dict[str, datetime]:
        """The buckets that must not send yet, and until when."""
        return {row["key"]: row["blocked_until"] for row in await self._all(_BLOCKED, now=now)}


def _month(month: str) -> str:
    return f"calls:{month}"


def _bucket(stamps: JSON, until: datetime | None) -> Bucket:
    if not isinstance(stamps, dict):
        return Bucket()
    blocked = (until - EPOCH).total_seconds() if until else 0.0
    return Bucket(_seconds(stamps.get("sent")), _seconds(stamps.get("held")), blocked)


def _seconds(found: JSON) -> tuple[float, ...]:
    return tuple(float(s) for s in found if isinstance(s, int | float)) if isinstance(found, list) else ()
