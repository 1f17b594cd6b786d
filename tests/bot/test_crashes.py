"""The crash table of outbox.md, row by row, on both databases: what a dead process leaves and what becomes of it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest

from bot.door import Retry
from handlers.message import Announcement, Receiver, Reply
from storage import REMIND, Claimed, Database, Job, Lease, Owed, Work
from tests.bot.fake_door import FakeDoor, House, SetClock, answer, message, states

PERSON = Receiver("person", "p1")
LEASE_OVER = timedelta(seconds=61)


@pytest.fixture
def house(database: Database) -> House:
    clock = SetClock()
    return House(database, clock, FakeDoor(clock))


async def tell(house: House, text: str = "通知", boot: str = "boot1") -> None:
    async with house.database.work() as work:
        await house.delivery(boot).tell(work, PERSON, Announcement(text), key=f"tell:{text}")


async def claim(house: House, boot: str = "dead", *, start: bool = False) -> Claimed:
    """What a process claims before it dies; `start`: it died after the second transaction."""
    now = house.clock.engine_now()
    async with house.database.work() as work:
        lease = Lease(f"{boot}:1", now, now + timedelta(seconds=60))
        found = await work.outbox.claim(
            house.clock.now(), lambda job, now: None, lease, kinds=("announce", REMIND), most=9
        )
        if start:
            await work.outbox.start(found.jobs, now)
    return found


async def test_before_the_commit_neither_change_nor_job(house: House) -> None:
    with suppress(KeyError):
        async with house.database.work() as work:
            await house.delivery().put_reply(work, message(1), Reply("答"))
            raise KeyError
    assert await states(house.database) == {}


async def test_after_the_commit_before_the_claim_any_replica_sends(house: House) -> None:
    await tell(house)
    await house.delivery("boot2").step()
    assert house.door.texts() == ["通知"]


async def test_after_the_claim_it_is_sent_by_another_without_double(house: House) -> None:
    await tell(house)
    await claim(house)
    await house.delivery("boot2").step()
    assert house.door.texts() == []
    house.clock.forward(LEASE_OVER)
    await house.delivery("boot2").step()
    assert house.door.texts() == ["通知"]
    assert (await house.delivery().status()).load.of("uncertain") == 0


async def test_between_sending_and_record_it_is_sent_once_more_at_most(house: House) -> None:
    await tell(house)
    for _ in range(3):
        await claim(house, start=True)
        house.clock.forward(LEASE_OVER)
        async with house.database.work() as work:
            now = house.clock.engine_now()
            await work.replicas.recover(now, now - timedelta(seconds=10), house.delivery().ways.kinds.may_revive)
    assert await states(house.database) == {"uncertain": 1}
    await house.delivery().step()
    assert house.door.texts() == []


async def test_a_job_to_be_held_is_never_sent_again_by_itself(house: House) -> None:
    delivery = house.delivery()
    ran: list[Job] = []

    @delivery.ways.kinds.job("once", on_uncertain="hold")
    async def once(job: Job) -> None:
        ran.append(job)
        raise Retry("lost", uncertain=True)

    async with house.database.work() as work:
        await work.outbox.enqueue("once", {}, dedup_key="once")
    for _ in range(3):
        await delivery.step()
        house.clock.forward(timedelta(hours=2))
    assert len(ran) == 1
    assert await states(house.database) == {"uncertain": 1}


async def test_after_the_record_it_is_done(house: House) -> None:
    await tell(house)
    await house.delivery().step()
    house.clock.forward(LEASE_OVER)
    await house.delivery("boot2").step()
    assert house.door.texts() == ["通知"]
    assert await states(house.database) == {"done": 1}


async def test_a_process_that_wakes_after_its_lease_sends_nothing(house: House) -> None:
    await tell(house)
    found = await claim(house)
    house.clock.forward(LEASE_OVER)
    await house.delivery("boot2").step()
    late = house.delivery("dead")
    assert await late.preparer.prepare(found.jobs, house.clock.engine_now() + timedelta(seconds=60)) == []
    assert house.door.texts() == ["通知"]


async def test_a_record_that_comes_late_is_refused(house: House) -> None:
    await tell(house)
    found = await claim(house, start=True)
    house.clock.forward(LEASE_OVER)
    async with house.database.work() as work:
        now = house.clock.engine_now()
        await work.replicas.recover(now, now, lambda job: True)
        assert not await work.outbox.end(found.jobs[0], "dead", "late", now)
        assert not await work.outbox.release(found.jobs[0], now, "late")
    assert await states(house.database) == {"ready": 1}


async def test_every_lease_is_void_when_a_process_starts_on_sqlite(house: House) -> None:
    delivery = house.delivery("dead")
    async with house.database.work() as work:
        await delivery.put_reply(work, message(1), Reply("答"))
    second = house.delivery("boot2")
    await second.start()
    await second.step()
    assert house.door.texts() == (["答"] if house.database.is_sqlite else [])


async def test_a_silent_replica_loses_its_leases_after_ten_seconds(house: House) -> None:
    dead, second = house.delivery("dead"), house.delivery("boot2")
    await dead.start()
    async with house.database.work() as work:
        await dead.put_reply(work, message(1), Reply("答"))
    await second.step()
    assert house.door.texts() == []
    house.clock.forward(timedelta(seconds=11))
    await second.step()
    assert house.door.texts() == ["答"]


async def test_a_lost_database_is_waited_out_and_the_record_written(house: House) -> None:
    delivery = house.delivery()
    original, failing = house.database.work, iter([True, True, False])

    def work() -> object:
        if next(failing, False):
            raise OSError("away")
        return original()

    delivery.recorder.database = house.database
    await answer(delivery, 1)
    house.database.work = work  # type: ignore[method-assign, assignment]
    await delivery.settle()
    house.database.work = original  # type: ignore[method-assign]
    assert await states(house.database) == {"done": 1}


async def test_two_replicas_send_everything_once(house: House, twin: Database) -> None:
    for number in range(80):
        async with house.database.work() as work:
            to = Receiver("person", f"p{number}")
            await house.delivery().tell(work, to, Announcement(f"推{number}"), key=f"tell:{number}")
    both = [house.delivery("boot1"), house.delivery("boot2", twin)]
    while sum(await asyncio.gather(*(one.step() for one in both))):
        pass
    assert sorted(house.door.texts()) == sorted(f"推{number}" for number in range(80))


async def test_a_report_in_between_leaves_nothing_to_say(house: House) -> None:
    async def compose(work: Work, job: Job, to: Receiver) -> Announcement | None:
        owed = await work.reminders.owed(to.kind, to.id, house.clock.now(), job.id)
        return Announcement("请报送") if owed else None

    house.composers[REMIND] = compose
    async with house.database.work() as work:
        await work.reminders.owe(
            Owed(1, "n", "2021Q4", "商务局", (7,), "填报员", "T-2", "person", "p1", house.clock.now())
        )
    await claim(house)
    async with house.database.work() as work:
        await work.reminders.close("商务局", 7, "2021Q4")
    house.clock.forward(LEASE_OVER)
    await house.delivery("boot2").step()
    assert house.door.texts() == []
    assert await states(house.database) == {"cancelled": 1}


async def test_nothing_hangs_on_a_platform_that_never_answers_in_time(house: House) -> None:
    house.door.refusals["p1"].extend([Retry("timeout", uncertain=True), Retry("timeout", uncertain=True)])
    await tell(house)
    for _ in range(60):
        await house.delivery().step()
        house.clock.forward(timedelta(minutes=2))
    assert house.door.calls == 2
    assert await states(house.database) == {"uncertain": 1}


async def test_a_lost_platform_is_asked_after_by_one_job_at_a_time(house: House) -> None:
    for number in range(30):
        async with house.database.work() as work:
            to = Receiver("person", f"p{number}")
            await house.delivery().tell(work, to, Announcement(f"推{number}"), key=f"tell:{number}")
    house.door.refusals["*"].extend(Retry("500") for _ in range(40))
    delivery = house.delivery()
    for _ in range(300):
        await delivery.step()
        house.clock.forward(timedelta(seconds=2))
    assert len(house.door.taken) == 30
    assert house.door.calls <= 75


async def test_stopping_without_a_database_takes_no_longer_than_it_must(house: House) -> None:
    delivery = house.delivery()
    await delivery.start()
    await answer(delivery, 1)

    def work() -> object:
        raise OSError("away")

    original = house.database.work
    house.database.work = work  # type: ignore[method-assign, assignment]
    async with asyncio.timeout(10):
        await delivery.stop(grace=0.1)
    house.database.work = original  # type: ignore[method-assign]
    assert await states(house.database) == {"leased": 1}


async def test_second_chances_are_begun_one_at_a_time(house: House) -> None:
    for number in range(5):
        async with house.database.work() as work:
            to = Receiver("person", f"p{number}")
            await house.delivery().tell(work, to, Announcement(f"推{number}"), key=f"tell:{number}")
    await claim(house, start=True)
    house.clock.forward(LEASE_OVER)
    house.door.hanging.add("p0")
    delivery = house.delivery("boot2")
    step = asyncio.create_task(delivery.step())
    while not house.door.calls:
        await asyncio.sleep(0.01)
    async with house.database.read() as work:
        begun = "SELECT COUNT(*) FROM outbox_job WHERE state = 'leased' AND send_started_at IS NOT NULL"
        assert (await work.connection.exec_driver_sql(begun)).scalar_one() == 1
    await delivery.stop(grace=0)
    await step
    assert await states(house.database) == {"ready": 4, "uncertain": 1}
