"""The archive of a backup: a zip of rows as JSON lines, kept files, a manifest of counts and hashes. No database."""

from __future__ import annotations

import hashlib
import json
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import IO

from sqlalchemy import RowMapping

from storage.errors import BackupBroken
from storage.repository import JSON

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1 << 20  # bytes read at a time: a backup is made beside a running bot


@dataclass(frozen=True, slots=True)
class Part:
    """A member of the archive; `rows` None for a kept file."""

    sha256: str
    size: int
    rows: int | None = None


@dataclass(slots=True)
class Manifest:
    """What the archive must hold."""

    revision: str
    made_at: str
    audit_head: str
    tables: dict[str, Part] = field(default_factory=dict)
    files: dict[str, Part] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Raises: BackupBroken for what is no manifest of a format we know."""
        try:
            read = json.loads(text)
            if read.pop("format") != FORMAT:
                raise BackupBroken("unknown format")
            tables = {name: Part(**part) for name, part in read.pop("tables").items()}
            files = {name: Part(**part) for name, part in read.pop("files").items()}
            return cls(**read, tables=tables, files=files)
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise BackupBroken("no manifest") from wrong


class ArchiveWriter:
    """Writes one member after the other; the manifest comes last."""

    def __init__(self, target: IO[bytes], manifest: Manifest) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)
        self.manifest = manifest

    @contextmanager
    def table(self, name: str) -> Iterator[TableWriter]:
        """Take the rows of a table."""
        with self._zip.open(_table(name), "w", force_zip64=True) as member:
            writer = TableWriter(member)
            yield writer
        self.manifest.tables[name] = writer.part()

    def file(self, name: str, path: Path) -> None:
        """Copy a kept file under its name relative to the store."""
        digest, size = hashlib.sha256(), 0
        with path.open("rb") as source, self._zip.open(_file(name), "w", force_zip64=True) as member:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                member.write(chunk)
        self.manifest.files[name] = Part(digest.hexdigest(), size)

    def finish(self) -> None:
        """Write the manifest and close."""
        self._zip.writestr(MANIFEST, self.manifest.to_json())
        self._zip.close()


class TableWriter:
    """Writes rows and counts them."""

    def __init__(self, member: IO[bytes]) -> None:
        self._member = member
        self._digest = hashlib.sha256()
        self._rows = self._size = 0

    def write(self, rows: Iterable[RowMapping]) -> None:
        """One line a row."""
        for row in rows:
            line = json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False).encode() + b"\n"
            self._digest.update(line)
            self._member.write(line)
            self._rows += 1
            self._size += len(line)

    def part(self) -> Part:
        return Part(self._digest.hexdigest(), self._size, self._rows)


class ArchiveReader:
    """An archive that was checked, byte by byte, when it was opened."""

    def __init__(self, path: Path) -> None:
        """Raises: BackupBroken if anything is missing, changed or cut."""
        try:
            self._zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as wrong:
            raise BackupBroken("no archive") from wrong
        try:
            self.manifest = Manifest.from_json(self._read(MANIFEST).decode(errors="replace"))
            self._check()
        except BaseException:
            self._zip.close()
            raise

    def rows(self, table: str, size: int) -> Iterator[Sequence[Mapping[str, JSON]]]:
        """The rows of a table as plain JSON, `size` at a time, in the order they were written."""
        batch: list[Mapping[str, JSON]] = []
        with self._zip.open(_table(table)) as member:
            for line in member:
                batch.append(json.loads(line))
                if len(batch) == size:
                    yield batch
                    batch = []
        yield batch

    def extract(self, name: str, folder: Path) -> None:
        """Put a kept file where the store expects it."""
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with self._zip.open(_file(name)) as member, target.open("wb") as out:
            while chunk := member.read(CHUNK):
                out.write(chunk)

    def close(self) -> None:
        self._zip.close()

    def _check(self) -> None:
        expected = {_table(name): part for name, part in self.manifest.tables.items()}
        expected |= {_file(name): part for name, part in self.manifest.files.items()}
        for name in self.manifest.files:
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                raise BackupBroken("a file outside the store")
        if set(self._zip.namelist()) != {MANIFEST, *expected}:
            raise BackupBroken("members missing or added")
        for name, part in expected.items():
            if self._digest(name) != part.sha256:
                raise BackupBroken(f"{name} was changed")

    def _digest(self, name: str) -> str:
        digest = hashlib.sha256()
        try:
            with self._zip.open(name) as member:
                while chunk := member.read(CHUNK):
                    digest.update(chunk)
        except (zipfile.BadZipFile, OSError, EOFError, ValueError) as wrong:
            raise BackupBroken(f"{name} is unreadable") from wrong
        return digest.hexdigest()

    def _read(self, name: str) -> bytes:
        try:
            return self._zip.read(name)
        except (KeyError, zipfile.BadZipFile, OSError, EOFError, ValueError) as wrong:
            raise BackupBroken(f"{name} is unreadable") from wrong


def restored(value: JSON, kind: type) -> object:
    """A value of a row as the column of that Python type takes it."""
    if not isinstance(value, str):
        return tuple(value) if kind is tuple and isinstance(value, list) else value
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    return b64decode(value) if kind is bytes else value


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return value


def _table(name: str) -> str:
    return f"tables/{name}.jsonl"


def _file(name: str) -> str:
    return f"files/{name}"
