"""Sliding windows: whatever is asked in whatever order, no window holds more than its limit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.permits import Limit, block, give_back, reserve, take
from storage import Bucket

GROUP = Limit(20, 63)


def busiest(moments: list[float], window: float) -> int:
    return max((sum(start <= m < start + window for m in moments) for start in moments), default=0)


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(1, 3), st.booleans(), st.booleans()), max_size=80))
def test_a_window_never_holds_more_than_its_limit(asked: list[tuple[float, int, bool, bool]]) -> None:
    bucket, now, granted = Bucket(), 1000.0, []
    for wait, wanted, reply, promised in asked:
        now += wait
        bucket, slot = take(bucket, GROUP, now, wanted, reply=reply, promised=promised)
        if slot <= now:
            granted += [now] * wanted
    assert busiest(granted, GROUP.window) <= GROUP.count


@given(st.lists(st.tuples(st.floats(0, 0.5), st.lists(st.integers(1, 3), min_size=1, max_size=5)), max_size=40))
def test_reserved_moments_keep_the_window_and_ascend(asked: list[tuple[float, list[int]]]) -> None:
    limit, bucket, now, slots = Limit(20, 1), Bucket(), 1000.0, []
    for wait, wanted in asked:
        now += wait
        bucket, found = reserve(bucket, limit, now, wanted)
        assert all(slot >= now for slot in found)
        slots += [slot - k * 0.051 for slot, count in zip(found, wanted, strict=True) for k in range(count)]
    slots.sort()
    assert busiest(slots, limit.window) <= limit.count


def test_pushes_leave_five_and_are_promised_a_moment_each() -> None:
    bucket, slots = Bucket(), []
    for _ in range(40):
        bucket, slot = take(bucket, GROUP, 1000.0, reply=False, promised=False)
        slots.append(slot)
    assert slots == [1000.0] * 15 + [1063.0] * 15 + [1126.0] * 10
    bucket, slot = take(bucket, GROUP, 1000.0, reply=True, promised=False)
    assert slot == 1000.0


def test_who_comes_back_at_the_promised_moment_is_served() -> None:
    bucket = Bucket()
    for _ in range(16):
        bucket, slot = take(bucket, GROUP, 1000.0, reply=False, promised=False)
    bucket, again = take(bucket, GROUP, slot, reply=False, promised=True)
    assert again == slot == 1063.0


def test_a_block_holds_for_ten_minutes_and_then_the_window_counts() -> None:
    bucket = block(Bucket(), 1000.0)
    bucket, slot = take(bucket, GROUP, 1000.0, reply=True, promised=False)
    assert slot == 1600.0
    bucket, slot = take(bucket, GROUP, 1600.0, reply=True, promised=True)
    assert slot == 1600.0
    assert block(bucket, 1600.0, 1602.0).blocked_until == 1602.0


def test_a_permit_that_was_not_needed_goes_back() -> None:
    bucket, _ = take(Bucket(), GROUP, 1000.0, 3, reply=False, promised=False)
    assert give_back(bucket, 1000.0, 2).sent == (1000.0,)
