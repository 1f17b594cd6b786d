"""The groups we speak in: which notice and units each is bound to, its webhook, and whether posts still go in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import RowMapping, bindparam, select, update

from storage.audit import Recorded
from storage.dialect import insert
from storage.records_people import Actor, Binding, Group
from storage.tables import binding, chat_group

_GROUP = tuple(f.name for f in fields(Group) if f.name != "bindings")
_BINDING = tuple(f.name for f in fields(Binding))
_GROUPS = select(*(chat_group.c[name] for name in _GROUP)).order_by(chat_group.c.title, chat_group.c.chat)
_ONE = _GROUPS.where(chat_group.c.chat == bindparam("chat"))
_BINDINGS = (
    select(binding.c.chat, *(binding.c[name] for name in _BINDING))
    .where(binding.c.unbound_at.is_(None))
    .order_by(binding.c.id)
)
_BINDINGS_OF = _BINDINGS.where(binding.c.chat == bindparam("chat"))
_SEEN = insert(chat_group).values({name: bindparam(name) for name in ("chat", "title", "outsiders", "seen_at")})
_SEE = _SEEN.on_conflict_do_update(
    index_elements=["chat"], set_={name: _SEEN.excluded[name] for name in ("title", "outsiders", "seen_at")}
)
_BIND = insert(binding).values({name: bindparam(name) for name in ("chat", "notice", "units", "bound_by", "bound_at")})
_OPEN = update(binding).where(binding.c.chat == bindparam("where"), binding.c.unbound_at.is_(None))
_UNBIND = _OPEN.values(unbound_by=bindparam("by"), unbound_at=bindparam("at"))
_UNBIND_NOTICE = _UNBIND.where(binding.c.notice == bindparam("which"))
_THIS = update(chat_group).where(chat_group.c.chat == bindparam("where"))
_WEBHOOK = _THIS.values(webhook_url=bindparam("url"), webhook_secret=bindparam("secret"))
_TROUBLE = _THIS.values(trouble=bindparam("kind"), trouble_words=bindparam("said"), trouble_at=bindparam("at"))
_POSTED = (
    update(chat_group)
    .where(chat_group.c.chat.in_(bindparam("chats", expanding=True)), chat_group.c.trouble.is_not(None))
    .values(trouble=None, trouble_words=None, trouble_at=None)
)


class Groups(Recorded):
    """Binds groups, finds them again, notes when one refuses us."""

    async def see(self, chat: str, title: str, at: datetime, *, outsiders: bool = False) -> None:
        """Note that somebody spoke to us there."""
        await self._do(_SEE, chat=chat, title=title, outsiders=outsiders, seen_at=at)

    async def group(self, chat: str) -> Group | None:
        """The group of that chat id, bound or not."""
        row = await self._one(_ONE, chat=chat)
        return _group(row, await self._all(_BINDINGS_OF, chat=chat)) if row else None

    async def groups(self) -> Sequence[Group]:
        """Every group we ever met, by title."""
        open_ones = await self._all(_BINDINGS)
        return [_group(row, open_ones) for row in await self._all(_GROUPS)]

    async def bound(self, notice: str | None = None) -> Sequence[Group]:
        """Groups bound to the notice (to any)."""
        return [g for g in await self.groups() if any(notice in (None, b.notice) for b in g.bindings)]

    async def bind(self, chat: str, notice: str, units: Sequence[str] | None, by: Actor, at: datetime) -> None:
        """Bind a group to a notice for these units (None: all); an older binding of the two ends."""
        await self._do(_UNBIND_NOTICE, where=chat, which=notice, by=by.who, at=at)
        own = None if units is None else tuple(units)
        await self._do(_BIND, chat=chat, notice=notice, units=own, bound_by=by.who, bound_at=at)
        await self._record(f"group:{chat}", "bound", by, at, new={"notice": notice, "units": own})

    async def unbind(self, chat: str, by: Actor, at: datetime, notice: str | None = None) -> int:
        """End the group's binding to the notice (to all); how many ended."""
        values = {"where": chat, "by": by.who, "at": at}
        ended = await (
            self._do(_UNBIND, **values) if notice is None else self._do(_UNBIND_NOTICE, which=notice, **values)
        )
        if ended:
            await self._record(f"group:{chat}", "unbound", by, at, old={"notice": notice})
        return ended

    async def set_webhook(self, chat: str, url: str | None, secret: str | None, by: Actor, at: datetime) -> bool:
        """Keep the custom robot's address and secret; False for a group we never met. The audit gets neither."""
        known = await self._do(_WEBHOOK, where=chat, url=url, secret=secret) == 1
        if known:
            await self._record(f"group:{chat}", "webhook set" if url else "webhook removed", by, at)
        return known

    async def trouble(self, chat: str, kind: str | None, words: str | None, at: datetime) -> None:
        """Note that a post did not go in (`refused`, `removed`), or, with None, that one did."""
        await self._do(_TROUBLE, where=chat, kind=kind, said=words, at=at)

    async def posted(self, chats: Sequence[str]) -> None:
        """Posts went into these: whatever was wrong with them is over."""
        await self._do(_POSTED, chats=list(chats))


def _group(row: RowMapping, bindings: Sequence[RowMapping]) -> Group:
    own = (Binding(**{name: b[name] for name in _BINDING}) for b in bindings if b["chat"] == row["chat"])
    return Group(**row, bindings=tuple(own))
