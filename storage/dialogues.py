"""Open dialogues and the context of a chat, a row per (person, chat). Answers of a reporting form are in its draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy import bindparam, select, update

from storage.dialect import insert
from storage.errors import Stale
from storage.records_people import Dialogue
from storage.repository import Repository
from storage.tables import dialogue

PATIENCE = 2  # failures of one step, then the dialogue is parked

_FIELDS = [dialogue.c[f.name] for f in fields(Dialogue)]
_LOAD = select(*_FIELDS).where(dialogue.c.person == bindparam("person"), dialogue.c.chat == bindparam("chat"))
_WRITTEN = ("person", "chat", "form", "state", "context", "touched_at", "expires_at")
_NEW = insert(dialogue).values({name: bindparam(name) for name in _WRITTEN})
_SAVE = (
    _NEW.values(version=1, failures=0, parked=False)
    .on_conflict_do_update(
        index_elements=["person", "chat"],
        set_={name: _NEW.excluded[name] for name in _WRITTEN[2:]}
        | {"version": dialogue.c.version + 1, "failures": 0, "parked": False},
        where=dialogue.c.version == bindparam("expected"),
    )
    .returning(dialogue.c.version)
)
_FAIL = (
    update(dialogue)
    .where(dialogue.c.person == bindparam("who"), dialogue.c.chat == bindparam("where"))
    .values(failures=dialogue.c.failures + 1, parked=dialogue.c.failures + 1 >= PATIENCE)
    .returning(dialogue.c.failures)
)
_OPEN = select(*_FIELDS).where(dialogue.c.form.is_not(None)).order_by(dialogue.c.touched_at)
_OPEN_OF = _OPEN.where(dialogue.c.person == bindparam("person"))
_EXPIRED = _OPEN.where(dialogue.c.expires_at <= bindparam("at"))


class Dialogues(Repository):
    """Loads and saves dialogues. Lock the key (`work.one_at_a_time`), then load."""

    async def load(self, person: str, chat: str) -> Dialogue:
        """What is open; a blank one of version 0 where nothing ever was."""
        row = await self._one(_LOAD, person=person, chat=chat)
        return Dialogue(**row) if row else Dialogue(person, chat)

    async def save(self, changed: Dialogue, at: datetime) -> Dialogue:
        """Keep it, one version on; `form` None closes it, the context stays. A save ends a row of failures.

        Raises: Stale if somebody saved since it was loaded.
        """
        values = {name: getattr(changed, name) for name in _WRITTEN} | {"touched_at": at}
        row = await self._one(_SAVE, expected=changed.version, **values)
        if row is None:
            raise Stale("dialogue", (await self.load(changed.person, changed.chat)).version)
        return replace(changed, version=row["version"], failures=0, parked=False, touched_at=at)

    async def fail(self, person: str, chat: str) -> int:
        """Count a failure of the open step and return how many in a row; at the second it is parked, answers kept."""
        row = await self._one(_FAIL, who=person, where=chat)
        return row["failures"] if row else 0

    async def open_of(self, person: str) -> Sequence[Dialogue]:
        """The person's open forms in all chats, longest untouched first."""
        return [Dialogue(**row) for row in await self._all(_OPEN_OF, person=person)]

    async def open(self) -> Sequence[Dialogue]:
        """Everybody's open forms, longest untouched first."""
        return [Dialogue(**row) for row in await self._all(_OPEN)]

    async def expired(self, at: datetime) -> Sequence[Dialogue]:
        """Open forms whose time is up."""
        return [Dialogue(**row) for row in await self._all(_EXPIRED, at=at)]
