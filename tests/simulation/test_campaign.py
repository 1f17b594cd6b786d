"""A month with outages, crashes and days of silence, played on both databases: the books agree afterwards."""

from __future__ import annotations

import logging
from os import environ

import pytest

from storage import Database
from tests.simulation import books
from tests.simulation.campaign import Campaign
from tests.simulation.mortal import Chances

SEEDS = range(int(environ.get("SIMULATION_SEEDS", "2")))
DAYS = int(environ.get("SIMULATION_DAYS", "30"))


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_month_goes_right_whatever_happens(
    database: Database, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    campaign = Campaign(database, seed, days=DAYS, replicas=1 if database.is_sqlite else 2, chances=Chances())
    await campaign.play()
    assert campaign.crashes > 0
    assert len(books.pushes(campaign)) > 100
    await books.nothing_is_lost(campaign)
    await books.nothing_is_doubled(campaign)
    books.nobody_is_reminded_after_reporting(campaign)
    books.nothing_is_said_outside_hours(campaign)
    books.limits_are_kept(campaign)
    books.order_is_kept(campaign)
