"""The lock file: proof that no other process runs on a SQLite database. PostgreSQL has replicas and needs none."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from storage.errors import Locked


class Lock:
    """Held by the operating system until the process ends, however it ends; the file itself stays."""

    def __init__(self, path: Path | None) -> None:
        """`path`: a file, made if absent, or a folder that is there; None locks nothing."""
        self._path = path
        self._handle: int | None = None

    def acquire(self, *, wait: bool = False) -> None:
        """Hold the lock; with `wait`, block until it is free. Raises: Locked."""
        if self._path is None or self._handle is not None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        mode = os.O_RDONLY if self._path.is_dir() else os.O_RDWR | os.O_CREAT
        handle = os.open(self._path, mode | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError as taken:
            os.close(handle)
            raise Locked(str(self._path)) from taken
        self._handle = handle

    def release(self) -> None:
        """Let it go; nothing happens if it is not held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
