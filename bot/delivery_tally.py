"""What delivery counts of itself, and how the engine stands as a whole: for /readyz, /metrics and the status page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from storage import Load


@dataclass(slots=True)
class Tally:
    """Counted since the start of this process; `events` by (what, kind)."""

    events: Counter[tuple[str, str]] = field(default_factory=Counter)
    last_sent: datetime | None = None
    away_since: datetime | None = None
    """The platform takes nothing since (engine time); None: it does."""
    database_away: bool = False

    def count(self, what: str, kind: str, number: int = 1) -> None:
        """One more of: sent retried throttled dead uncertain cancelled expired moved waited lease_lost late."""
        if number:
            self.events[what, kind] += number

    def total(self, what: str) -> int:
        """Over all kinds."""
        return sum(number for (found, _), number in self.events.items() if found == what)


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """How the engine stands. Numbers and moments only, no texts, no names."""

    load: Load
    events: Mapping[tuple[str, str], int]
    calls_this_month: int
    blocked: Mapping[str, datetime]
    """Bucket → until when (engine time) the platform silenced us."""
    replicas: int
    away_since: datetime | None
    last_sent: datetime | None
    database_away: bool = False

    def total(self, what: str) -> int:
        """Events over all kinds since this process started."""
        return sum(number for (found, _), number in self.events.items() if found == what)
