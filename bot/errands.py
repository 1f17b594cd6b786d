"""Errands of features, done as jobs: a file is fetched, kept and read aside; members are found; a text becomes a file.

What came is handed to the feature that awaits it, in one transaction with what it says and sends for.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from bot.door import Door, GiveUp, Retry
from bot.files import FileStore
from bot.reading import NotReadable, read_notice_aside, read_sheets_aside
from bot.sheets import NotMade, make_papers
from handlers.errands import Arrived, Errand
from handlers.feature import Features, Round
from handlers.message import Announcement, Attachment, Receiver, SentFile
from handlers.papers import Paper, paper_json, paper_of
from handlers.sealing import AUDIT, audit_line, ends_of
from knowledge import Library
from storage import JSON, Database, Job, NewJob, Work

log = logging.getLogger(__name__)
ERRAND = "errand"
MAX_ATTEMPTS = 6
TIMEOUT = timedelta(seconds=40)  # > a download and a reading together
FETCH_WITHIN = 15.0  # seconds for one download
MEDIA = "application/octet-stream"


class Shelf(Protocol):
    """The published notices as they stand in this transaction."""

    async def library(self, work: Work) -> Library: ...


class Mouth(Protocol):
    """The way out."""

    async def tell(
        self, work: Work, to: Receiver, announcement: Announcement, *, key: str, waited_for: bool = False
    ) -> None: ...

    def wake(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Errands:
    """Does errands."""

    database: Database
    door: Door
    files: FileStore
    features: Features
    shelf: Shelf
    mouth: Mouth
    now: Callable[[], datetime]

    async def run(self, job: Job) -> Mapping[str, JSON]:
        """Do it and hand over what came. Raises: Retry while it may still come."""
        errand = read_errand(job.payload)
        try:
            arrived = await self._get(Arrived(errand, job.id))
        except GiveUp as refused:
            log.warning("errand failed", extra={"job": job.id, "why": refused.why})
            arrived = Arrived(errand, job.id, "gone")
        except (Retry, TimeoutError) as missed:
            if job.attempts < job.max_attempts:
                raise missed if isinstance(missed, Retry) else Retry("timeout")  # noqa: B904  # the same, as Retry
            arrived = Arrived(errand, job.id, "away")
        except (NotReadable, NotMade) as refused:
            arrived = Arrived(errand, job.id, refused.why)
        await self._hand_over(arrived)
        return {"trouble": arrived.trouble, "key": arrived.file.key if arrived.file else ""}

    async def _get(self, blank: Arrived) -> Arrived:
        errand = blank.errand
        if errand.attachment:
            async with asyncio.timeout(FETCH_WITHIN):
                data = await self.door.fetch(errand.attachment)
            return await self._read(replace(blank, data=data, size=len(data)), errand.attachment.name)
        if errand.mobiles:
            return replace(blank, found=await self._find(errand.mobiles))
        if errand.papers:
            made = await self._make(errand.papers)
            kept = [await self._keep(data, paper.name) for data, paper in zip(made, errand.papers, strict=True)]
            return replace(blank, files=tuple(kept), size=sum(map(len, made)))
        data = errand.text.encode()
        return replace(blank, data=data, size=len(data), file=await self._keep(data, errand.name))

    async def _make(self, papers: Sequence[Paper]) -> list[bytes]:
        """The papers; the audit that goes into an archive is written beside, line by line, and read there."""
        ends = ends_of(papers)
        if not ends:
            return await make_papers(papers, self.files.path)
        with TemporaryDirectory() as folder:
            path = Path(folder) / "audit"
            async with self.database.read() as work:
                async for batch in work.audit.up_to(ends):
                    await asyncio.to_thread(append, path, "".join(map(audit_line, batch)))
            return await make_papers(papers, self.files.path, {AUDIT: path})

    async def _read(self, arrived: Arrived, name: str) -> Arrived:
        kept = replace(arrived, file=await self._keep(arrived.data, name))
        match kept.errand.read:
            case "notice":
                return replace(kept, notice=await read_notice_aside(kept.data, name))
            case "table":
                return replace(kept, sheets=await read_sheets_aside(kept.data, name))
        return kept

    async def _keep(self, data: bytes, name: str) -> SentFile:
        return SentFile(await self.files.put(data), name)

    async def _find(self, mobiles: Sequence[str]) -> dict[str, str]:
        found = {mobile: await self.door.find_by_mobile(mobile) for mobile in mobiles}
        return {mobile: staff for mobile, staff in found.items() if staff}

    async def _hand_over(self, arrived: Arrived) -> None:
        """Once only, whatever happens after the commit."""
        async with self.database.work() as work:
            if not await work.inbox.claim(f"errand:{arrived.id}"):
                return
            for file in (arrived.file, *arrived.files):
                if file:
                    await work.files.keep(file.key, MEDIA, arrived.size, self.now())
            await self._tell(work, arrived)
        self.mouth.wake()

    async def _tell(self, work: Work, arrived: Arrived) -> None:
        round_ = Round(work, await self.shelf.library(work), self.now(), arrived.errand.then)
        name: str | None = arrived.errand.then
        while name:
            name = await self.features.awaiting[name](round_, arrived)
        for to, announcement, key in round_.outbound:
            await self.mouth.tell(work, to, announcement, key=f"errand/{arrived.id}/{key}", waited_for=True)
        await put_errands(work, round_.errands, f"errand/{arrived.id}")


def append(path: Path, text: str) -> None:
    """More text at a file's end."""
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


async def put_errands(work: Work, errands: Sequence[Errand], key: str) -> None:
    """Into the outbox, in the running transaction; of one key only the first are done."""
    await work.outbox.enqueue_all([
        NewJob(ERRAND, write_errand(errand), f"{key}/errand/{number}", max_attempts=MAX_ATTEMPTS)
        for number, errand in enumerate(errands)
    ])  # fmt: skip


def write_errand(errand: Errand) -> dict[str, JSON]:
    """The payload of its job."""
    file = errand.attachment
    return {
        "then": errand.then, "person": errand.person, "note": errand.note, "read": errand.read,
        "attachment": {"kind": file.kind, "code": file.code, "name": file.name} if file else None,
        "mobiles": list(errand.mobiles), "text": errand.text, "name": errand.name,
        "papers": [paper_json(paper) for paper in errand.papers],
    }  # fmt: skip


def read_errand(payload: Mapping[str, JSON]) -> Errand:
    """The errand of a payload."""
    file, note, mobiles, read = (payload.get(name) for name in ("attachment", "note", "mobiles", "read"))
    papers = payload.get("papers")
    return Errand(
        str(payload["then"]), str(payload["person"]), note if isinstance(note, Mapping) else {},
        read_file(file) if isinstance(file, Mapping) else None,
        "notice" if read == "notice" else "table" if read == "table" else "",
        tuple(str(m) for m in mobiles) if isinstance(mobiles, list | tuple) else (),
        str(payload.get("text") or ""), str(payload.get("name") or ""),
        tuple(paper_of(p) for p in papers if isinstance(p, Mapping)) if isinstance(papers, list | tuple) else (),
    )  # fmt: skip


def read_file(file: Mapping[str, JSON]) -> Attachment:
    """The file somebody sent."""
    kind = file.get("kind")
    return Attachment("picture" if kind == "picture" else "file", str(file.get("code")), str(file.get("name") or ""))
