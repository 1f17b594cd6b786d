"""What the world told its sink, kept as JSON lines and replayed at the next start. The newest line wins."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from pathlib import Path

from bot.sandbox.body import Body, as_body, parsed, string
from bot.sandbox.world import World


class Journal:
    """Appends to `path`; uploads lie in a folder beside it."""

    def __init__(self, path: Path) -> None:
        self.path, self.files = path, path.with_name(path.stem + "-files")
        path.parent.mkdir(parents=True, exist_ok=True)

    def note(self, what: str, record: object) -> None:
        """Keep one change: a dataclass or a JSON object."""
        kept = asdict(record) if is_dataclass(record) and not isinstance(record, type) else record
        with self.path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps([what, kept], ensure_ascii=False) + "\n")

    def replay(self, world: World) -> Body:
        """Put everything back into the world; returns the last record it does not know, by name."""
        others: Body = {}
        for line in self.path.read_text("utf-8").splitlines() if self.path.exists() else ():
            record = parsed(f'{{"line": {line}}}').get("line")
            if isinstance(record, list) and len(record) == 2:
                what, body = string({"what": record[0]}, "what"), as_body(record[1])
                world.restore(what, body)
                others[what] = body
        return others

    def forget(self) -> None:
        """Start from nothing: transcript and uploads go."""
        self.path.unlink(missing_ok=True)
        for file in self.files.glob("*") if self.files.is_dir() else ():
            file.unlink()
