"""The office's settings: key and JSON value, every change in the audit. What a key means is decided in handlers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select

from storage.audit import Recorded
from storage.dialect import insert
from storage.records_people import Actor
from storage.repository import JSON
from storage.tables import setting

_GET = select(setting.c.value).where(setting.c.key == bindparam("key"))
_ALL = select(setting.c.key, setting.c.value).order_by(setting.c.key)
_NEW = insert(setting).values({name: bindparam(name) for name in ("key", "value", "set_by", "set_at")})
_SET = _NEW.on_conflict_do_update(
    index_elements=["key"], set_={name: _NEW.excluded[name] for name in ("value", "set_by", "set_at")}
)


class OfficeSettings(Recorded):
    """Reads and sets."""

    async def get(self, key: str, default: JSON = None) -> JSON:
        """The value, or the default if it was never set."""
        row = await self._one(_GET, key=key)
        value: JSON = row["value"]["is"] if row else default
        return value

    async def all(self) -> dict[str, JSON]:
        """Everything that was set."""
        return {row["key"]: row["value"]["is"] for row in await self._all(_ALL)}

    async def set(self, key: str, value: JSON, by: Actor, at: datetime) -> None:
        """Set it, old and new value in the audit."""
        old = await self.get(key)
        await self._do(_SET, key=key, value={"is": value}, set_by=by.who, set_at=at)
        await self._record("settings", key, by, at, old={"is": old}, new={"is": value})
