"""The office's bounds of the colours, as it set them. Judging by them is rules.lights'."""

from __future__ import annotations

from decimal import Decimal

from handlers.rules.lights import Bounds
from storage import Work

WATCH = "lights/watch"
"""Key of the setting: up to so many percent of the target behind is 关注."""


async def bounds_of(work: Work) -> Bounds:
    """What the office set; ten percent until then."""
    kept = await work.settings.get(WATCH)
    return Bounds(Decimal(kept) / 100) if isinstance(kept, int) else Bounds()
