"""The published notices in memory, read anew when what is published changed. Parsing is knowledge's."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from bot.reading import NotReadable, read_notice_aside
from handlers.own_matters import own_of
from knowledge import Faq, Library, Notice, Ref, Ruling, pack, read_notice, reader, unpack
from storage import InForce, Work

log = logging.getLogger(__name__)
DOCUMENTS = (".docx", ".pdf")


async def read(source: bytes, name: str) -> Notice:
    """The notice of a file that was read before; documents in a child, whose libraries stay out of our memory."""
    if name.lower().endswith(DOCUMENTS):
        with contextlib.suppress(NotReadable):
            return await read_notice_aside(source, name)
    return await asyncio.to_thread(read_notice, source, name)


class Shelf:
    """Holds one Library for the generation it was read at; every transaction asks whether it still stands."""

    def __init__(self) -> None:
        self._generation = -1
        self._library = Library(())
        self._read: dict[str, Notice] = {}
        self._unkept: dict[int, Notice] = {}

    async def library(self, work: Work) -> Library:
        """The library of what is published in this transaction's view."""
        generation = await work.notices.generation()
        if generation != self._generation:
            self._library = await self._build(work)
            self._generation = generation
            log.info("library read", extra={"generation": generation, "notices": len(self._library.notices)})
        return self._library

    async def keep(self, work: Work) -> None:
        """Keep what had to be read from files, so that the next start need not."""
        unkept, self._unkept = self._unkept, {}
        for notice_id, notice in unkept.items():
            await work.notices.keep_facts(notice_id, reader(), await asyncio.to_thread(pack, notice))

    @property
    def unkept(self) -> bool:
        """Whether something was read from files."""
        return bool(self._unkept)

    async def _build(self, work: Work) -> Library:
        """Notices once read are kept by their hash; reading is done beside the loop."""
        stored = await work.notices.in_force()
        for one in stored:
            if one.content_hash not in self._read:
                self._read[one.content_hash] = await self._facts(work, one)
        notices = [self._read[one.content_hash] for one in stored]
        rulings = [Ruling(r.matter_key, r.notice, Ref(r.ref), r.basis, r.day) for r in await work.rulings.in_force()]
        faqs = [Faq(f.id, f.question, f.answer, f.day) for f in await work.rulings.faqs()]
        aliases = await work.claims.aliases()
        own = [own_of(m) for m in await work.matters.current() if m.own]
        return await asyncio.to_thread(Library, notices, aliases=aliases, rulings=rulings, faqs=faqs, own=own)

    async def _facts(self, work: Work, stored: InForce) -> Notice:
        """As this reader read it before, else from the file."""
        kept = await work.notices.facts(stored.id, reader())
        notice = unpack(kept) if kept else None
        if notice is None or notice.content_hash != stored.content_hash:
            notice = await read(await work.notices.source(stored.id), stored.file_name)
            self._unkept[stored.id] = notice
        return notice
