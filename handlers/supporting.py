"""What a person's units help with: matters they support, and towns the office assigned. Numbers are the lead unit's."""

from __future__ import annotations

from handlers.feature import Turn
from handlers.rights import clerk_units
from storage import StoredMatter


async def supported(turn: Turn) -> list[StoredMatter]:
    """Matters that the sender's units support or that the office assigned to his town; none that they lead."""
    units = set(clerk_units(turn.person))
    towns = {t.matter_id for t in await turn.work.matters.towns() if t.town in units}
    current = await turn.work.matters.current()
    helped = [m for m in current if m.key and (units & set(m.support_units) or m.id in towns)]
    return [m for m in helped if not units & set(m.lead_units)]
