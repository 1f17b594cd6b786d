"""The sandbox's business time: shown on the page, handed to the bot. The wire itself runs on the machine's time."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def wall_ms() -> int:
    """The machine's time in milliseconds, as DingTalk writes it."""
    return time.time_ns() // 1_000_000


@dataclass
class SandboxClock:
    """`now` moves `speed` times as fast as the machine's clock, from where it was last set."""

    start: datetime
    speed: float = 1
    since: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """Business time, Asia/Shanghai."""
        return self.start + timedelta(seconds=(time.monotonic() - self.since) * self.speed)

    def turn(self, now: datetime, speed: float) -> None:
        """Set time and speed."""
        self.start, self.speed, self.since = now, speed, time.monotonic()


def read_time(text: str) -> datetime:
    """An ISO time; without a zone it is Asia/Shanghai. Raises: ValueError."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(ZONE) if moment.tzinfo else moment.replace(tzinfo=ZONE)
