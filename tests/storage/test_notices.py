"""Notices by version, matters that keep their ids, plans, rulings, closed periods."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from storage import AlreadyDecided, Database, MatterFacts, StoredNotice, Work
from tests.storage.given import HOUR, LEAD, NOTICE, NOW, OFFICE, OTHER, SECOND, a_matter


async def version(work: Work, digest: str) -> StoredNotice:
    return await work.notices.add(
        NOTICE, digest, title="通知", file_name="a.docx", source=b"\x00\xff" + digest.encode(),
        document={"a": [digest]}, by=OFFICE, at=NOW,
    )  # fmt: skip


async def test_a_version_is_kept_once_and_never_changed(database: Database) -> None:
    async with database.work() as work:
        assert not await work.notices.ever()
        first = await version(work, "h1")
        again = await work.notices.add(
            NOTICE, "h1", title="别的", file_name="", source=b"", document={}, by=OFFICE, at=NOW + HOUR
        )
        assert again == first
        assert await work.notices.source(first.id) == b"\x00\xffh1"
        assert await work.notices.ever()


async def test_one_version_is_in_force_and_each_change_is_a_generation(database: Database) -> None:
    async with database.work() as work:
        first, second = await version(work, "h1"), await version(work, "h2")
        assert await work.notices.generation() == 0
        assert await work.notices.published() == []
        assert await work.notices.publish(first.id, OFFICE, NOW) == 1
        assert await work.notices.publish(second.id, OFFICE, NOW) == 2
        assert [one.content_hash for one in await work.notices.published()] == ["h2"]
        assert await work.notices.withdraw(second.id, OFFICE, NOW) == 3
        assert await work.notices.published() == []
        assert [one.content_hash for one in await work.notices.versions(NOTICE)] == ["h1", "h2"]
        assert [line.what for line in await work.audit.of_chain(f"notice:{NOTICE}")] == [
            "published", "published", "withdrawn",
        ]  # fmt: skip


async def test_two_processes_publish_and_one_version_remains(database: Database, twin: Database) -> None:
    async with database.work() as work:
        first, second = await version(work, "h1"), await version(work, "h2")

    async def publish(which: Database, notice_id: int) -> int:
        async with which.work() as work:
            return await work.notices.publish(notice_id, OFFICE, NOW)

    assert sorted(await asyncio.gather(publish(database, first.id), publish(twin, second.id))) == [1, 2]
    async with database.read() as work:
        assert len(await work.notices.published()) == 1


async def test_what_the_office_confirms_is_kept_by_item(database: Database) -> None:
    async with database.work() as work:
        first = await version(work, "h1")
        await work.notices.confirm(first.id, "doubt:1", "ok", OFFICE, NOW)
        await work.notices.confirm(first.id, "doubt:1", {"choose": "annex1:1"}, OFFICE, NOW)
        confirmed = await work.notices.confirmations(first.id)
        assert {item: one.answer for item, one in confirmed.items()} == {"doubt:1": {"choose": "annex1:1"}}


async def test_a_matter_keeps_its_id_over_versions(database: Database) -> None:
    async with database.work() as work:
        first, second = await version(work, "h1"), await version(work, "h2")
        facts = [MatterFacts("annex1:1", "甲", (LEAD,)), MatterFacts("annex1:2", "乙", (LEAD, SECOND))]
        ids = await work.matters.settle(first.id, NOTICE, facts, {}, OFFICE, NOW)
        assert await work.matters.settle(first.id, NOTICE, facts, {}, OFFICE, NOW) == ids
        await work.notices.publish(first.id, OFFICE, NOW)
        moved = [MatterFacts("annex1:3", "甲(改)", (SECOND,))]
        later = await work.matters.settle(second.id, NOTICE, moved, {"annex1:3": ids["annex1:1"]}, OFFICE, NOW)
        assert later == {"annex1:3": ids["annex1:1"]}
        assert [(one.key, one.name) for one in await work.matters.of_version(first.id)] == [
            ("annex1:1", "甲"),
            ("annex1:2", "乙"),
        ]
        await work.notices.publish(second.id, OFFICE, NOW)
        (current,) = await work.matters.current(NOTICE)
        assert (current.id, current.key, current.lead_units) == (ids["annex1:1"], "annex1:3", (SECOND,))


async def test_the_offices_own_matters_have_a_basis_and_can_be_retired(database: Database) -> None:
    async with database.work() as work:
        await a_matter(work)
        own = await work.matters.add_own(
            NOTICE, "自设", basis="会议纪要", lead_units=[OTHER], document={"m": 1}, by=OFFICE, at=NOW
        )
        assert [(one.own, one.key) for one in await work.matters.current()] == [
            (False, "annex1:1"),
            (True, f"own:{own}"),
        ]
        assert await work.matters.retire(own, OFFICE, NOW, "并入")
        assert not await work.matters.retire(own, OFFICE, NOW)
        assert len(await work.matters.current(NOTICE)) == 1
        kept = await work.matters.get(own)
        assert kept is not None
        assert kept.basis == "会议纪要"


async def test_towns_are_assigned_as_a_whole_and_only_new_ones_are_told(database: Database) -> None:
    async with database.work() as work:
        matter_id = await a_matter(work)
        assert await work.matters.assign_towns(matter_id, ["甲镇", "乙街道"], OFFICE, NOW) == ["甲镇", "乙街道"]
        assert await work.matters.assign_towns(matter_id, ["乙街道", "丙镇"], OFFICE, NOW) == ["丙镇"]
        assert [one.town for one in await work.matters.towns()] == ["乙街道", "丙镇"]


async def test_a_new_plan_ends_the_one_before(database: Database) -> None:
    async with database.work() as work:
        assert await work.plans.current(NOTICE) is None
        trial = await work.plans.publish(
            NOTICE, "每季度25日", {"day": 25}, OFFICE, NOW, state="trial", trial_until=date(2021, 10, 8)
        )
        assert trial.trial_until == date(2021, 10, 8)
        assert (await work.plans.switch(trial.id, "published", OFFICE, NOW)).state == "published"
        second = await work.plans.publish(NOTICE, "每月25日", {"day": 25}, OFFICE, NOW + HOUR)
        assert await work.plans.current(NOTICE) == second
        assert [(one.version, one.ended_at is None) for one in await work.plans.history(NOTICE)] == [
            (1, False),
            (2, True),
        ]
        assert [one.id for one in await work.plans.all_current()] == [second.id]
        assert await work.plans.end(NOTICE, OFFICE, NOW)
        assert not await work.plans.end(NOTICE, OFFICE, NOW)


async def test_a_ruling_replaces_the_one_before_and_counts_a_generation(database: Database) -> None:
    async with database.work() as work:
        await work.rulings.rule(NOTICE, "annex1:1", "annex1:1", "会议", date(2021, 9, 1), OFFICE, NOW)
        second = await work.rulings.rule(NOTICE, "annex1:1", "body:1.2", "批示", date(2021, 9, 2), OFFICE, NOW)
        assert [(one.id, one.ref) for one in await work.rulings.in_force()] == [(second, "body:1.2")]
        assert len(await work.rulings.all()) == 2
        assert await work.rulings.end(NOTICE, "annex1:1", OFFICE, NOW)
        assert not await work.rulings.end(NOTICE, "annex1:1", OFFICE, NOW)
        made = await work.rulings.answer(NOTICE, "怎么算", "按家", date(2021, 9, 3), OFFICE, NOW)
        assert [one.answer for one in await work.rulings.faqs()] == ["按家"]
        assert await work.rulings.end_faq(made, OFFICE, NOW)
        assert await work.rulings.faqs() == []
        assert await work.notices.generation() == 5


async def test_a_period_closes_once_and_reopens_with_a_reason(database: Database) -> None:
    async with database.work() as work:
        closed = await work.closings.close(NOTICE, "2021Q3", {"rows": []}, "head", OFFICE, NOW)
        with pytest.raises(AlreadyDecided):
            await work.closings.close(NOTICE, "2021Q3", {}, "head", OFFICE, NOW)
        await work.closings.seal(closed.id, "abc")
        assert await work.closings.reopen(NOTICE, "2021Q3", "更正", OFFICE, NOW)
        assert not await work.closings.reopen(NOTICE, "2021Q3", "更正", OFFICE, NOW)
        assert await work.closings.closed(NOTICE, "2021Q3") is None
        (kept,) = await work.closings.all(NOTICE)
        assert (kept.archive, kept.reason) == ("abc", "更正")
