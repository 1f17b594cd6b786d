"""Compares the books after a campaign: what was owed, what reached people, and what the database says of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from storage import Database
from tests.simulation.campaign import Campaign, allowed, carried
from tests.simulation.mortal import Call


async def rows(database: Database, statement: str) -> list[tuple[object, ...]]:
    async with database.read() as work:
        return [tuple(row) for row in await work.connection.exec_driver_sql(statement)]


def pushes(campaign: Campaign) -> list[Call]:
    return [call for call in campaign.platform.calls if call.kind == "push" and call.taken]


def replies(campaign: Campaign) -> list[Call]:
    return [call for call in campaign.platform.calls if call.kind == "reply" and call.taken]


async def nothing_is_lost(campaign: Campaign) -> None:
    """Every reply committed was taken, every reminder owed was said, overtaken or answered, and nothing waits.

    But for those held for a person after two sendings that nobody knows the end of: one for each misfortune at most.
    """
    database = campaign.database
    open_ = await rows(database, "SELECT id, state, dedup_key FROM outbox_job WHERE state NOT IN ('done', 'cancelled')")
    assert {state for _, state, _ in open_} <= {"uncertain"}
    assert len(open_) <= campaign.crashes
    held, keys = {number for number, _, _ in open_}, {key for _, _, key in open_}
    heard = {call.text for call in replies(campaign)}
    lost = {said for chat in campaign.said_by_us.values() for said in chat} - heard
    assert {f"reply:robot:{carried(said)['message']}" for said in lost} <= keys
    said = {fact for call in pushes(campaign) for fact in carried(call.text)["facts"]}
    for fact, state, job in await rows(database, "SELECT id, state, job_id FROM reminder"):
        assert state != "open", fact
        assert state != "said" or fact in said or job in held


async def nothing_is_doubled(campaign: Campaign) -> None:
    """A push has two copies at most, and only where nobody could know; a fact is said by one job only."""
    copies = Counter(carried(call.text)["job"] for call in pushes(campaign))  # type: ignore[arg-type]
    twice = {job for job, number in copies.items() if number > 1}
    resent = {number for (number,) in await rows(campaign.database, "SELECT id FROM outbox_job WHERE resent > 0")}
    assert max(copies.values()) <= 2
    assert twice <= resent
    sayers = defaultdict(set)
    for call in pushes(campaign):
        for fact in carried(call.text)["facts"]:
            sayers[fact].add(str(carried(call.text)["job"]))
    assert all(len(jobs) == 1 for jobs in sayers.values())


def nobody_is_reminded_after_reporting(campaign: Campaign) -> None:
    for call in pushes(campaign):
        for unit, matters, period in carried(call.text)["items"]:  # type: ignore[misc]
            for matter in matters:  # type: ignore[attr-defined]
                reported = campaign.reported.get((unit, matter, period))  # type: ignore[arg-type]
                assert reported is None or call.business <= reported, (unit, matter, period)


def nothing_is_said_outside_hours(campaign: Campaign) -> None:
    assert [call for call in pushes(campaign) if allowed(call.business) is not None] == []


def limits_are_kept(campaign: Campaign) -> None:
    """20 in 60 s for each group, refused ones included; 20 metered calls in any second."""
    groups = defaultdict(list)
    for call in campaign.platform.calls:
        if call.to.startswith("group:"):
            groups[call.to].append(call.at)
    assert all(busiest(moments, timedelta(seconds=60)) <= 20 for moments in groups.values())
    assert busiest([call.at for call in pushes(campaign)], timedelta(seconds=1)) <= 20


def order_is_kept(campaign: Campaign) -> None:
    """The first copies of a chat's replies come in the order of their commits."""
    arrived: dict[str, int] = {}
    for place, call in enumerate(replies(campaign)):
        arrived.setdefault(call.text, place)
    for chat, said in campaign.said_by_us.items():
        places = [arrived[text] for text in said if text in arrived]
        assert places == sorted(places), chat


def busiest(moments: list[datetime], window: timedelta) -> int:
    """The most in any window."""
    moments = sorted(moments)
    most, first = 0, 0
    for last, moment in enumerate(moments):
        while moment - moments[first] >= window:
            first += 1
        most = max(most, last - first + 1)
    return most
