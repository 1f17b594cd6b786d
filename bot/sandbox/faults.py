"""What the stand-in does wrong on purpose: switches, and the limits DingTalk itself keeps. No I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Literal

from bot.sandbox.body import Body, number, string

WINDOW = 60.0  # seconds of the custom robot's limit
SWITCHES = ("open_refused", "close_at_once", "session_expired", "duplicate", "silent", "deaf")


@dataclass(frozen=True)
class Faults:
    """All switches; everything off is a healthy DingTalk. Spans in seconds, rates in calls."""

    open_refused: bool = False
    """`connections/open` answers 503."""
    close_at_once: bool = False
    """Every new connection is closed (1000) as soon as it stands."""
    api_status: int = 0
    """Every outbound call answers this status (500, 503, 504 …)."""
    api_slow: float = 0
    """Every outbound call is held this long."""
    throttle: Literal["", "qps", "robot"] = ""
    """"qps": the open API answers 403; "robot": custom robots answer 130101; until switched off."""
    session_expired: bool = False
    """Session webhooks answer 200 with errcode 300001."""
    duplicate: bool = False
    """Every bot message is pushed twice, with the same msgId and another messageId."""
    silent: bool = False
    """Half-open: sockets stay, nothing is pushed, pings are not answered."""
    deaf: bool = False
    """Messages are lost on the way to the robot."""
    rtt: float = 0
    """Artificial round trip: half of it before each push, all of it before each HTTP answer."""
    redeliver: tuple[float, ...] = (15, 60)
    """A message without ack is pushed again this long after it was said; () never."""
    token_life: float = 7200
    ticket_life: float = 90
    session_life: float = 5400
    ping_every: float = 25
    robot_rate: int = 20
    """Messages per minute of a custom robot; the next one blocks it for `robot_block`. 0: no limit."""
    robot_block: float = 600
    api_rate: int = 20
    """Calls per second and open API call. 0: no limit."""

    def turned(self, changes: Mapping[str, object]) -> Faults:
        """These faults with some switches turned; unknown names are a ValueError."""
        unknown = set(changes) - {item.name for item in fields(self)}
        if unknown:
            raise ValueError("unknown fault: " + ", ".join(sorted(unknown)))
        return replace(self, **{name: self._typed(name, changes) for name in changes})  # type: ignore[arg-type]

    def _typed(self, name: str, changes: Mapping[str, object]) -> object:
        if name in SWITCHES:
            return changes[name] is True
        if name == "throttle":
            return string(changes, name)
        if name == "redeliver":
            value = changes[name]
            return tuple(float(str(item)) for item in value) if isinstance(value, list) else ()
        return (
            number(changes, name)
            if name not in ("api_status", "robot_rate", "api_rate")
            else int(number(changes, name))
        )

    def shown(self) -> Body:
        """For the page and the control API."""
        return asdict(self)


@dataclass
class Limiter:
    """Counts calls per key in a sliding window of `window` seconds, and keeps who is blocked until when."""

    window: float
    stamps: dict[str, deque[float]] = field(default_factory=dict)
    blocked: dict[str, float] = field(default_factory=dict)

    def allows(self, key: str, now: float, rate: int, block: float = 0) -> bool:
        """May this call pass? One too many blocks the key for `block` seconds."""
        stamps = self.stamps.setdefault(key, deque())
        while stamps and stamps[0] <= now - self.window:
            stamps.popleft()
        if now < self.blocked.get(key, 0):
            return False
        if rate and len(stamps) >= rate:
            self.blocked[key] = now + block
            return False
        stamps.append(now)
        return True
