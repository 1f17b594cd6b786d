"""The facts of a notice as bytes to keep beside its file, and what they were read by. Keeps nothing itself."""

from __future__ import annotations

import hashlib
import io
import pickle
import zlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable

from knowledge.notice import Notice

MADE_OF = {("datetime", "date"), ("decimal", "Decimal")}
"""What facts may be made of, beside the classes of a notice."""
READ_WITH = ("pdfplumber", "pdfminer.six", "python-docx", "selectolax", "opencc")
"""Packages whose release may change what is read."""
READ_FROM = (".py", ".txt", ".toml")


class Facts(pickle.Unpickler):
    """Takes nothing but facts of a notice."""

    def find_class(self, module: str, name: str) -> object:
        """Raises: UnpicklingError for anything else."""
        if module == "knowledge.notice" or (module, name) in MADE_OF:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


def pack(notice: Notice) -> bytes:
    """The facts, to be kept."""
    return zlib.compress(pickle.dumps(notice, protocol=5), level=3)


def unpack(kept: bytes) -> Notice | None:
    """The facts that were kept; None when the bytes are none, so that the file is read again."""
    try:
        found = Facts(io.BytesIO(zlib.decompress(kept))).load()
    except (zlib.error, pickle.UnpicklingError, EOFError, AttributeError, TypeError, ValueError, IndexError, KeyError):
        return None
    return found if isinstance(found, Notice) else None


@lru_cache(maxsize=1)
def reader() -> str:
    """What names the reader: a hash of this room and of the packages it reads with; facts of another are read anew."""
    seen = hashlib.sha256()
    for path, content in _sources(files("knowledge"), ""):
        seen.update(f"{path}\0{len(content)}\0".encode())
        seen.update(content)
    seen.update(" ".join(map(_release, READ_WITH)).encode())
    return seen.hexdigest()[:24]


def _sources(folder: Traversable, path: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir() and entry.name not in ("__pycache__", "notices"):
            found += _sources(entry, f"{path}{entry.name}/")
        elif entry.name.endswith(READ_FROM):
            found.append((f"{path}{entry.name}", entry.read_bytes()))
    return found


def _release(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return package
