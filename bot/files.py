"""Attachments and made files, kept by the hash of their bytes. A name from outside is never a path."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from pathlib import Path

KEY = re.compile(r"[0-9a-f]{64}")


class FileStore:
    """A folder of files named after the SHA-256 of what is in them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def put(self, data: bytes) -> str:
        """Keep the bytes; their key. Raises: OSError."""
        return await asyncio.to_thread(self._put, data)

    async def read(self, key: str) -> bytes:
        """The bytes of a key. Raises: OSError when there are none, ValueError for what is no key."""
        return await asyncio.to_thread(self.path(key).read_bytes)

    def path(self, key: str) -> Path:
        """Where the bytes of a key lie. Raises: ValueError for what is no key."""
        if not KEY.fullmatch(key):
            raise ValueError("not a key")
        return self.folder / key[:2] / key

    def _put(self, data: bytes) -> str:
        key = hashlib.sha256(data).hexdigest()
        path = self.path(key)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(f".{os.getpid()}.part")
            with fresh.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        return key
