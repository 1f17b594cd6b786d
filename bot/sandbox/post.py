"""What the robot said arrives in the transcript; keeps uploaded bytes. The only writer of the assistant's entries."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox.body import Body
from bot.sandbox.clock import SandboxClock, wall_ms
from bot.sandbox.world import ASSISTANT, Entry, Kind, Stored, World


@dataclass
class Post:
    """Writes entries with the sandbox's time on them, and files into `folder` (in memory when there is none)."""

    world: World
    clock: SandboxClock
    folder: Path | None = None
    memory: dict[str, bytes] = field(default_factory=dict)
    on_change: Callable[[], None] = lambda: None

    def write(self, chat: str, kind: Kind, body: Body, via: str, sender: str = ASSISTANT, msg_id: str = "") -> Entry:
        """One entry, now."""
        at, wall = self.clock.now(), wall_ms()
        entry = self.world.say(chat, sender, kind, body, at=at, wall=wall, via=via, msg_id=msg_id)
        self.on_change()
        return entry

    def keep(self, name: str, kind: str, type_: str, content: bytes, prefix: str) -> Stored:
        """Keep bytes; the id is what the wire calls media id or download code."""
        stored = Stored(prefix + secrets.token_hex(12), name, kind, type_, len(content))
        if self.folder is None:
            self.memory[stored.id] = content
        else:
            self._path(stored.id).write_bytes(content)
        return self.world.keep_file(stored)

    def content(self, id_: str) -> bytes | None:
        """The bytes of a file we know, else None."""
        if id_ not in self.world.files:
            return None
        if self.folder is None:
            return self.memory.get(id_)
        path = self._path(id_)
        return path.read_bytes() if path.is_file() else None

    def _path(self, id_: str) -> Path:
        assert self.folder is not None
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / id_.lstrip("@")
