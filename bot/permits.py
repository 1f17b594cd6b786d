"""Permits to send: strict sliding windows for each group and for all open-API calls together. No I/O, no waiting.

A bucket remembers the moments of what was sent and those promised to jobs that wait; storage/rates.py keeps it.
A group's window is wider than the platform's (63 s for 60), because one message too many silences the robot for ten
minutes. Moments are engine time in seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from storage import Bucket

KEPT_FOR_REPLIES = 5  # of a group's permits: whoever waits for an answer goes before what is pushed
PENANCE = timedelta(minutes=10)  # the platform silences a robot that was too fast for this long
SLACK = 1.02  # the global window is this much wider: calls do not arrive as evenly as they leave


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` in any `window` seconds."""

    count: int
    window: float

    def less(self, kept: int) -> Limit:
        """The limit for those who leave `kept` to others; at least one."""
        return replace(self, count=max(1, self.count - kept))


def soonest(taken: tuple[float, ...], wanted: int, limit: Limit, at: float) -> float:
    """The first moment from `at` on when `wanted` more keep the window, given the moments taken."""
    room = limit.count - min(wanted, limit.count) + 1
    return max(at, taken[-room] + limit.window) if len(taken) >= room else at


def prune(bucket: Bucket, limit: Limit, at: float) -> Bucket:
    """The bucket without what no longer matters at `at`."""
    sent = tuple(s for s in bucket.sent if s > at - limit.window)[-limit.count :]
    return replace(bucket, sent=sent, held=tuple(h for h in bucket.held if h > at)[-limit.count :])


def take(
    bucket: Bucket, limit: Limit, at: float, wanted: int = 1, *, reply: bool, promised: bool
) -> tuple[Bucket, float]:
    """The bucket after asking for `wanted` permits at `at`, and when: `at` = granted, later = promised for then.

    A reply, or who comes back at a promised moment, stands behind what was sent only; others behind the promised too.
    """
    bucket = prune(bucket, limit, at)
    room = limit if reply else limit.less(KEPT_FOR_REPLIES)
    before = bucket.sent if reply or promised else tuple(sorted(bucket.sent + bucket.held))
    slot = soonest(before, wanted, room, max(at, bucket.blocked_until))
    if slot <= at:
        return replace(bucket, sent=tuple(sorted((*bucket.sent, *[at] * wanted)))), at
    return replace(bucket, held=tuple(sorted((*bucket.held, *[slot] * wanted)))[-limit.count :]), slot


def give_back(bucket: Bucket, at: float, count: int = 1) -> Bucket:
    """The bucket after permits taken for `at` turned out not to be needed."""
    sent = list(bucket.sent)
    for _ in range(min(count, sent.count(at))):
        sent.remove(at)
    return replace(bucket, sent=tuple(sent))


def reserve(bucket: Bucket, limit: Limit, at: float, wanted: list[int]) -> tuple[Bucket, list[float]]:
    """The bucket after promising a moment to each of several jobs in turn, and the moments, ascending, from `at` on.

    They are evenly spaced, not twenty at once: two processes whose clocks differ a little must not add up to a burst.
    A job of several calls gets the moment of its last.
    """
    step = limit.window * SLACK / limit.count
    last, slots = max(bucket.sent, default=0.0), []
    for count in wanted:
        last = max(at, bucket.blocked_until, last + step) + step * (count - 1)
        slots.append(last)
    return replace(bucket, sent=(last,)), slots


def block(bucket: Bucket, at: float, until: float | None = None) -> Bucket:
    """The bucket after the platform said we were too fast: nothing for ten minutes, or until it says."""
    return replace(bucket, blocked_until=max(bucket.blocked_until, until or at + PENANCE.total_seconds()))
