"""Delivery on both databases: replies at once and in order, pushes within the limits, failures tried again."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.door import GiveUp, Retry
from handlers.message import Announcement, Receiver, Reply
from storage import REMIND, Database, Job, Owed, Work
from tests.bot.fake_door import FakeDoor, House, SetClock, answer, message, states

PERSON, GROUP = Receiver("person", "p1"), Receiver("group", "g1")


@pytest.fixture
def house(database: Database) -> House:
    clock = SetClock()
    return House(database, clock, FakeDoor(clock))


async def tell(house: House, text: str, to: Receiver = PERSON) -> None:
    async with house.database.work() as work:
        await house.delivery().tell(work, to, Announcement(text), key=f"tell:{to.id}:{text}")


async def drain(house: House, rounds: int = 30, step: timedelta = timedelta(seconds=10)) -> None:
    """Let time pass until nothing waits."""
    delivery = house.delivery()
    for _ in range(rounds):
        while await delivery.step():
            pass
        house.clock.forward(step)


async def test_a_reply_is_sent_at_once_and_recorded(house: House) -> None:
    delivery = house.delivery()
    await answer(delivery, 1)
    await delivery.settle()
    assert house.door.texts() == ["答1"]
    assert await states(house.database) == {"done": 1}
    assert [said.outcome for said in house.ledger] == ["sent"]


async def test_replies_of_one_chat_keep_their_order_when_the_first_fails(house: House) -> None:
    delivery = house.delivery()
    house.door.refusals["p1"].append(Retry("busy"))
    for number in range(3):
        await answer(delivery, number)
    await delivery.settle()
    assert house.door.texts() == []
    await drain(house)
    assert house.door.texts() == ["答0", "答1", "答2"]
    assert await states(house.database) == {"done": 3}


async def test_a_reply_waits_behind_one_that_another_replica_is_sending(house: House) -> None:
    first, second = house.delivery("boot1"), house.delivery("boot2")
    async with house.database.work() as work:
        held = await first.put_reply(work, message(1), Reply("一"))
    later = await answer(second, 2, text="二")
    assert later.state == "ready"
    await second.step()
    assert house.door.texts() == []
    first.send_now(held)
    await first.settle()
    await second.step()
    assert house.door.texts() == ["一", "二"]


async def test_a_push_is_sent_once_per_key(house: House) -> None:
    await tell(house, "通知")
    await tell(house, "通知")
    await drain(house, 2)
    assert house.door.texts() == ["通知"]


async def test_a_group_hears_twenty_in_its_window_and_pushes_leave_five_to_replies(house: House) -> None:
    for number in range(18):
        await tell(house, f"推{number:02}", GROUP)
    delivery = house.delivery()
    while await delivery.step():
        pass
    assert len(house.door.taken) == 15
    for number in range(6):
        await answer(delivery, number, f"p{number}", group="g1")
    await delivery.settle()
    assert len(house.door.taken) == 20
    await drain(house)
    assert sorted(house.door.texts()) == sorted([f"推{n:02}" for n in range(18)] + [f"答{n}" for n in range(6)])
    assert busiest(house, 63) <= 20


async def test_many_pushes_of_one_group_wait_without_spending_attempts(house: House) -> None:
    for number in range(60):
        await tell(house, f"推{number:02}", GROUP)
    await drain(house, 40)
    assert house.door.texts() == [f"推{n:02}" for n in range(60)]
    assert house.door.calls == 60
    assert busiest(house, 63) <= 15


async def test_open_calls_keep_the_global_rate(house: House) -> None:
    for number in range(90):
        await tell(house, "推", Receiver("person", f"p{number}"))
    await drain(house, 3)
    assert len(house.door.taken) == 90
    assert busiest(house, 1) <= 20


async def test_throttling_silences_the_group_for_ten_minutes(house: House) -> None:
    house.door.refusals["g1"].append(Retry("130101", blocked="group"))
    await tell(house, "一", GROUP)
    await tell(house, "别处", Receiver("group", "g2"))
    start = house.clock.engine
    await drain(house, 70)
    at = {t.text: t.at - start for t in house.door.taken}
    assert at["别处"] < timedelta(seconds=1)
    assert timedelta(minutes=10) <= at["一"] < timedelta(minutes=11)


async def test_what_is_never_taken_is_given_up_loudly_and_can_be_replayed(house: House) -> None:
    house.door.refusals["p1"].append(GiveUp("staffId.notExisted", "receiver"))
    await tell(house, "通知")
    await drain(house, 2)
    assert await states(house.database) == {"dead": 1}
    assert house.troubles == [("p1", "receiver")]
    assert [said.outcome for said in house.ledger] == ["dead"]
    async with house.database.work() as work:
        (dead,) = await work.replicas.trouble()
        assert await work.replicas.replay(dead.id, house.clock.engine_now())
    await drain(house, 2)
    assert house.door.texts() == ["通知"]


async def test_a_failing_push_backs_off_and_ends_after_its_last_attempt(house: House) -> None:
    house.door.refusals["p1"].extend(Retry("500") for _ in range(100))
    await tell(house, "通知")
    await drain(house, 300, timedelta(minutes=20))
    assert house.door.calls == 60
    assert await states(house.database) == {"dead": 1}


async def test_the_gate_moves_pushes_and_lets_replies_pass(house: House) -> None:
    house.gate_to["announce"] = house.clock.now() + timedelta(minutes=5)
    house.gate_to["reply"] = house.clock.now() + timedelta(days=5)
    await tell(house, "推")
    house.door.refusals["p2"].append(Retry("busy", timedelta(seconds=1)))
    delivery = house.delivery()
    await answer(delivery, 1, "p2")
    start = house.clock.engine
    await drain(house, 60)
    at = {t.text: t.at - start for t in house.door.taken}
    assert at["推"] >= timedelta(minutes=5)
    assert at["答1"] < timedelta(minutes=2)


async def test_what_a_job_says_is_composed_when_it_is_sent(house: House) -> None:
    async def compose(work: Work, job: Job, to: Receiver) -> Announcement | None:
        owed = await work.reminders.owed(to.kind, to.id, house.clock.now(), job.id)
        await work.reminders.carry([o.id for o in owed], job.id)
        return Announcement("、".join(o.unit for o in owed)) if owed else None

    house.composers[REMIND] = compose
    now = house.clock.now()
    async with house.database.work() as work:
        for unit in ("商务局", "教体局", "发改局"):
            await work.reminders.owe(Owed(1, "n", "2021Q4", unit, (7,), "填报员", "T-2", "person", "p1", now))
        await work.reminders.owe(Owed(1, "n", "2021Q4", "人社局", (7,), "填报员", "T-2", "person", "p2", now))
        await work.reminders.close("教体局", 7, "2021Q4")
        await work.reminders.close("人社局", 7, "2021Q4")
    house.door.refusals["p1"].append(Retry("busy"))
    await drain(house)
    assert house.door.texts() == ["商务局、发改局"]
    assert await states(house.database) == {"done": 1, "cancelled": 1}


async def test_a_bug_in_one_text_stops_no_other(house: House) -> None:
    async def compose(work: Work, job: Job, to: Receiver) -> Announcement | None:
        raise KeyError(to.id)

    house.composers[REMIND] = compose
    async with house.database.work() as work:
        owed = Owed(1, "n", "2021Q4", "商务局", (7,), "填报员", "T-2", "person", "p9", house.clock.now())
        await work.reminders.owe(owed)
    await tell(house, "通知")
    await drain(house, 2)
    assert house.door.texts() == ["通知"]
    assert (await states(house.database))["ready"] == 1


async def test_stopping_gives_back_what_was_not_sent(house: House) -> None:
    house.door.hanging.add("p1")
    delivery = house.delivery()
    await answer(delivery, 1)
    await answer(delivery, 2)
    await asyncio.sleep(0.05)
    await delivery.stop(grace=0.05)
    async with house.database.read() as work:
        rows = (
            await work.connection.exec_driver_sql("SELECT state, attempts, resent FROM outbox_job ORDER BY id")
        ).all()
    assert [tuple(row) for row in rows] == [("ready", 1, 1), ("ready", 0, 0)]


async def test_the_status_counts_what_waits_and_what_failed(house: House) -> None:
    house.door.refusals["p1"].append(GiveUp("no", "receiver"))
    await tell(house, "一")
    await tell(house, "二", Receiver("person", "p2"))
    await drain(house, 2)
    await tell(house, "三", Receiver("person", "p3"))
    house.clock.forward(timedelta(seconds=30))
    status = await house.delivery().status()
    assert status.load.of("dead") == 1
    assert status.load.of("ready") == 1
    assert status.calls_this_month == 1


def busiest(house: House, seconds: float) -> int:
    """The most messages in any window of that many seconds."""
    moments = sorted(t.at.timestamp() for t in house.door.taken)
    return max(sum(start <= m < start + seconds for m in moments) for start in moments)
