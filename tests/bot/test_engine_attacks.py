"""The engine under attack: full disks, turned machine clocks, a receiver that never works, very many leases."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import timedelta

import pytest

from bot.delivery_record import write_ledger
from bot.door import Retry
from handlers.message import Announcement, Receiver, Reply
from storage import Database, DatabaseUnreadable
from tests.bot.fake_door import FakeDoor, House, SetClock, answer, message, states

MANY = 1100  # more than one look for leases takes


@pytest.fixture
def house(database: Database) -> House:
    clock = SetClock()
    return House(database, clock, FakeDoor(clock))


async def tell(house: House, who: str, text: str) -> None:
    async with house.database.work() as work:
        await house.delivery().tell(work, Receiver("person", who), Announcement(text), key=f"tell:{who}:{text}")


async def test_a_machine_clock_that_jumps_makes_nobody_hear_twice(house: House) -> None:
    delivery = house.delivery()
    await delivery.start()
    house.door.hanging.add("p1")
    await answer(delivery, 1)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    house.clock.engine += timedelta(hours=3)
    await delivery.keeper.tend()
    assert await states(house.database) == {"leased": 1}
    await delivery.stop(0.01)


async def test_one_receiver_that_never_works_costs_the_others_nothing(house: House) -> None:
    delivery = house.delivery()
    house.door.refusals["bad"] = deque([Retry("busy")] * 1000)
    await tell(house, "bad", "坏")
    for number in range(60):
        await tell(house, f"p{number}", "好")
        while await delivery.step():
            pass
        house.clock.forward(timedelta(seconds=2))
    assert house.door.calls - len(house.door.taken) < 12  # its back-off holds though others are taken meanwhile
    assert len(house.door.taken) >= 58


async def test_every_lease_of_the_dead_is_taken_back_however_many(house: House) -> None:
    dead = house.delivery("dead")
    await dead.start()
    async with house.database.work() as work:
        for number in range(MANY):
            await dead.put_reply(work, message(number, f"p{number}"), Reply("答"))
    second = house.delivery("boot2")
    house.clock.forward(timedelta(seconds=11))
    await second.start()
    house.clock.forward(timedelta(seconds=3))
    await second.keeper.tend()
    assert await states(house.database) == {"ready": MANY}


async def test_a_group_that_takes_posts_again_is_well(house: House) -> None:
    async with house.database.work() as work:
        await work.groups.see("g1", "群", house.clock.now())
        await work.groups.trouble("g1", "refused", "group", house.clock.now())
        await house.delivery().tell(work, Receiver("group", "g1"), Announcement("通知"), key="k")
    delivery = house.delivery()
    delivery.recorder.note = write_ledger
    await delivery.step()
    async with house.database.read() as work:
        group = await work.groups.group("g1")
    assert group is not None
    assert group.trouble is None


async def test_a_full_disk_is_waited_out_and_what_was_said_is_recorded(house: House) -> None:
    if not house.database.is_sqlite:
        return
    delivery = house.delivery()
    await answer(delivery, 1)
    async with house.database.work() as work:
        pages = (await work.connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await work.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    async def fill() -> None:
        for number in range(2, 500):
            async with house.database.work() as work:
                await work.inbox.claim(f"m{number}", chat="长" * 2000)

    with pytest.raises(DatabaseUnreadable):
        await fill()
    await delivery.settle()
    assert house.door.texts() == ["答1"]
    async with house.database.work() as work:
        await work.connection.exec_driver_sql("PRAGMA max_page_count=100000")
    await answer(delivery, 1000)
    await delivery.settle()
    await delivery.step()
    assert house.door.texts() == ["答1", "答1000"]
    assert await states(house.database) == {"done": 2}
