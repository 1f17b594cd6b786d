"""The outbox, its reminder facts, rates and ticks as storage keeps them, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage import REMIND, Bucket, Database, Finished, Job, Lease, NewJob, Owed, Work

NOW = datetime(2021, 12, 20, 9, 0, tzinfo=UTC)
ENGINE = datetime(2030, 1, 1, tzinfo=UTC)


def owed(stage: str = "T-5", due: datetime = NOW, unit: str = "商务局", receiver: str = "p1", **other: object) -> Owed:
    facts = {"plan_id": 1, "notice": "n", "period": "2021Q4", "matters": (7, 8), "seat": "填报员"} | other
    return Owed(unit=unit, stage=stage, receiver_kind="person", receiver=receiver, due_at=due, **facts)  # type: ignore[arg-type]


async def claim(work: Work, now: datetime = NOW, engine: datetime = ENGINE, kind: str = REMIND) -> tuple[Job, ...]:
    lease = Lease("boot:1", engine, engine + timedelta(seconds=60))
    return (await work.outbox.claim(now, lambda job, now: None, lease, kinds=(kind,), most=50)).jobs


async def jobs(work: Work) -> list[tuple[str, datetime]]:
    found = await work.connection.exec_driver_sql("SELECT dedup_key, due_at FROM outbox_job ORDER BY id")
    return [(key, datetime.fromtimestamp(due / 1e6, UTC)) for key, due in found]


async def test_the_same_key_is_put_once(database: Database) -> None:
    async with database.work() as work:
        assert await work.outbox.enqueue("x", {"a": 1}, dedup_key="k")
        assert not await work.outbox.enqueue("x", {"a": 2}, dedup_key="k")
        with pytest.raises(ValueError):
            await work.outbox.put(NewJob("x", {}, "k"), start=ENGINE)


async def test_a_job_waits_for_business_time_and_for_engine_time(database: Database) -> None:
    async with database.work() as work:
        await work.outbox.put(NewJob("x", {}, "k", NOW), start=ENGINE)
        assert await claim(work, NOW - timedelta(seconds=1), kind="x") == ()
        assert await claim(work, engine=ENGINE - timedelta(seconds=1), kind="x") == ()
        assert await claim(work, kind="another") == ()
        assert [job.dedup_key for job in await claim(work, kind="x")] == ["k"]


async def test_an_expired_job_is_cancelled_when_it_is_claimed(database: Database) -> None:
    async with database.work() as work:
        await work.outbox.put(NewJob("x", {}, "k", NOW, expires_at=NOW + timedelta(hours=1)), start=ENGINE)
        assert await claim(work, NOW + timedelta(hours=1), kind="x") == ()
        assert (await work.replicas.load(NOW, ENGINE)).of("ready") == 0


async def test_waiting_jobs_about_a_subject_can_be_cancelled(database: Database) -> None:
    async with database.work() as work:
        await work.outbox.enqueue("x", {}, dedup_key="a", subject="matter:7")
        await work.outbox.enqueue("x", {}, dedup_key="b", subject="matter:8")
        assert await work.outbox.cancel("matter:7", "withdrawn") == 1
        assert [job.dedup_key for job in await claim(work, kind="x")] == ["b"]


async def test_a_receiver_has_one_job_for_a_moment_whatever_is_owed(database: Database) -> None:
    async with database.work() as work:
        assert await work.reminders.owe_all([owed(), owed(unit="教体局"), owed(receiver="p2"), owed()]) == 3
        assert len(await jobs(work)) == 2
        assert len(await work.reminders.owed("person", "p1", NOW)) == 2
        assert await work.reminders.owed("person", "p1", NOW - timedelta(minutes=1)) == ()


async def test_a_later_stage_supersedes_the_earlier_ones(database: Database) -> None:
    async with database.work() as work:
        for day, stage in enumerate(("T-5", "T-2", "T-0")):
            await work.reminders.owe(owed(stage, NOW + timedelta(days=day)))
        found = await work.reminders.owed("person", "p1", NOW + timedelta(days=9))
    assert [reminder.stage for reminder in found] == ["T-0"]


async def test_a_fact_found_after_its_job_was_said_gets_a_job_of_its_own(database: Database) -> None:
    async with database.work() as work:
        await work.reminders.owe(owed())
        (job,) = await claim(work)
        await work.outbox.finish([Finished(job.id, job.token, ENGINE, {})])
        await work.reminders.owe(owed(unit="教体局"))
        assert len(await claim(work)) == 1


async def test_a_report_takes_its_matter_out_and_the_last_one_closes(database: Database) -> None:
    async with database.work() as work:
        await work.reminders.owe(owed())
        await work.reminders.close("商务局", 7, "2021Q4")
        (left,) = await work.reminders.owed("person", "p1", NOW)
        assert left.matters == (8,)
        await work.reminders.close("商务局", 8, "2021Q3")
        assert len(await work.reminders.owed("person", "p1", NOW)) == 1
        await work.reminders.close("商务局", 8, "2021Q4")
        assert await work.reminders.owed("person", "p1", NOW) == ()


async def test_what_a_job_carries_is_said_by_no_other_unless_it_lays_it_down(database: Database) -> None:
    async with database.work() as work:
        await work.reminders.owe(owed())
        (found,) = await work.reminders.owed("person", "p1", NOW, job_id=1)
        await work.reminders.carry([found.id], 1)
        assert await work.reminders.owed("person", "p1", NOW, job_id=2) == ()
        assert len(await work.reminders.owed("person", "p1", NOW, job_id=1)) == 1
        await work.reminders.lay_down(1)
        assert len(await work.reminders.owed("person", "p1", NOW, job_id=2)) == 1


async def test_a_snoozed_reminder_comes_back_at_its_moment_with_a_job(database: Database) -> None:
    thursday = NOW + timedelta(days=3)
    async with database.work() as work:
        await work.reminders.owe(owed())
        (found,) = await work.reminders.live("person", "p1")
        await work.reminders.snooze([found.id], thursday)
        assert await work.reminders.owed("person", "p1", NOW + timedelta(days=1)) == ()
        assert len(await work.reminders.owed("person", "p1", thursday)) == 1
        assert (await jobs(work))[-1][1] == thursday


async def test_what_expires_is_not_said(database: Database) -> None:
    async with database.work() as work:
        await work.reminders.owe(owed(expires_at=NOW + timedelta(days=1)))
        assert await work.reminders.owed("person", "p1", NOW + timedelta(days=2)) == ()
        assert await work.reminders.expire(NOW + timedelta(days=2)) == 1


async def test_a_plan_that_is_stopped_owes_nothing(database: Database) -> None:
    async with database.work() as work:
        await work.reminders.owe_all([owed(), owed(plan_id=2, unit="教体局")])
        assert await work.reminders.close_plan(1) == 1
        assert [r.unit for r in await work.reminders.owed("person", "p1", NOW)] == ["教体局"]


async def test_buckets_calls_and_ticks_are_kept(database: Database) -> None:
    async with database.work() as work:
        assert await work.rates.open("app") == Bucket()
        await work.rates.save("app", Bucket((1.5, 2.5), (3.5,), ENGINE.timestamp()))
        await work.rates.count_calls("2021-12", 3)
        await work.rates.count_calls("2021-12", 4)
        assert await work.schedule.lock("daily", NOW) == NOW
        await work.schedule.advance("daily", NOW + timedelta(days=1))
        await work.schedule.advance("daily", NOW)
    async with database.work() as work:
        assert await work.rates.open("app") == Bucket((1.5, 2.5), (3.5,), ENGINE.timestamp())
        assert await work.rates.calls("2021-12") == 7
        assert await work.rates.calls("2022-01") == 0
        assert set(await work.rates.blocked(NOW)) == {"app"}
        assert await work.schedule.all() == {"daily": NOW + timedelta(days=1)}


async def test_old_jobs_are_pruned_and_trouble_is_kept(database: Database) -> None:
    async with database.work() as work:
        for key in ("a", "b"):
            await work.outbox.put(NewJob("x", {}, key), start=ENGINE)
        done, dead = await claim(work, kind="x")
        await work.outbox.finish([Finished(done.id, done.token, ENGINE, {})])
        await work.outbox.end(dead, "dead", "why", ENGINE)
        assert await work.replicas.prune(ENGINE) == 0
        assert await work.replicas.prune(ENGINE + timedelta(days=1)) == 1
        assert [job.dedup_key for job in await work.replicas.trouble()] == ["b"]
        assert await work.replicas.drop(dead.id, "said by phone")
        assert await work.replicas.trouble() == ()
