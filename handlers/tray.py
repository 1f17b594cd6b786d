"""What was read and waits for a word of confirmation: a document per person and purpose, its version the buttons' tag.

A newer one replaces it, so an old button is recognised. Kept beside the dialogues; it is no open form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from storage import JSON, Dialogue, Work


@dataclass(frozen=True, slots=True)
class Tray:
    """The document, and the version that a button must name."""

    version: int
    document: Mapping[str, JSON]


async def lay(work: Work, person: str, name: str, document: Mapping[str, JSON], at: datetime) -> int:
    """Put a document there instead of what lay there; its version."""
    lying = await work.dialogues.load(person, f"tray:{name}")
    saved = await work.dialogues.save(replace(lying, form=None, state=document), at)
    return saved.version


async def see(work: Work, person: str, name: str) -> Tray | None:
    """What lies there."""
    lying = await work.dialogues.load(person, f"tray:{name}")
    return Tray(lying.version, lying.state) if lying.state else None


async def clear(work: Work, person: str, name: str, at: datetime) -> None:
    """Take it away."""
    lying: Dialogue = await work.dialogues.load(person, f"tray:{name}")
    await work.dialogues.save(replace(lying, form=None, state=None), at)
