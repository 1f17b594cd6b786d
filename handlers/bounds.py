"""The office's bounds of the colours, as it set them. Judging by them is rules.lights'."""

from __future__ import annotations

from decimal import Decimal

from handlers.rules.lights import Bounds, shown
from storage import JSON, Work

WATCH, LEVEL = "lights/watch", "lights/level"
"""Keys of the settings, of what is counted and of levels: up to so many percent of the target behind is 关注."""


async def bounds_of(work: Work) -> Bounds:
    """What the office set; ten percent until then."""
    usual = Bounds()
    watch, level = await work.settings.get(WATCH), await work.settings.get(LEVEL)
    return Bounds(share(watch, usual.watch), share(level, usual.level))


def share(kept: JSON, usual: Decimal) -> Decimal:
    """A kept percent as a share."""
    return Decimal(kept) / 100 if isinstance(kept, int) else usual


def percents(bounds: Bounds) -> tuple[str, str]:
    """(of what is counted, of levels), as people write them."""
    return shown(bounds.watch * 100), shown(bounds.level * 100)
