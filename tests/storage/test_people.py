"""Messages claimed once; people, seats, leave, claims; dialogues and groups."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from storage import AlreadyDecided, Database, MobileTaken, Stale
from tests.storage.given import CLERK, HOUR, LEAD, NOTICE, NOW, OFFICE, OTHER, seated


async def test_a_message_is_handled_once_by_whoever_is_first(database: Database, twin: Database) -> None:
    async def claim(which: Database) -> bool:
        async with which.work() as work:
            return await work.inbox.claim("msg", robot="r", chat="c", sender="s", said_at=NOW)

    claimed = await asyncio.gather(*(claim(which) for which in (database, twin, database)))
    assert sorted(claimed) == [False, False, True]
    async with database.work() as work:
        assert await work.inbox.claim("msg", robot="another")
        assert not await work.inbox.fail("msg", "E-1", robot="r")
        assert await work.inbox.fail("msg2", "E-1", robot="r")
        counts = await work.inbox.counts(await work.engine_time() - HOUR)
        assert (counts.handled, counts.failed) == (2, 1)
        assert await work.inbox.prune(await work.engine_time() + HOUR) == 3


async def test_what_is_not_finished_is_rolled_back(database: Database) -> None:
    async def stumble() -> None:
        async with database.work() as work:
            await work.inbox.claim("msg")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await stumble()
    async with database.work() as work:
        assert await work.inbox.claim("msg")


async def test_a_person_has_the_seats_of_the_moment(database: Database) -> None:
    async with database.work() as work:
        assert await work.directory.identify("clerk", NOW) is None
        assert await work.directory.identify(None, NOW) is None
        person_id = await seated(work, CLERK)
        assert await work.directory.seat(person_id, OTHER, "联络人", OFFICE, NOW + HOUR)
        assert not await work.directory.seat(person_id, OTHER, "联络人", OFFICE, NOW + HOUR)
    async with database.read() as work:
        now = await work.directory.identify("clerk", NOW)
        later = await work.directory.identify("clerk", NOW + 2 * HOUR)
        before = await work.directory.identify("clerk", NOW - 2 * HOUR)
    assert now is not None
    assert now.units == (LEAD,)
    assert later is not None
    assert (later.units, later.posts) == ((LEAD, OTHER), ("填报员", "联络人"))
    assert before is not None
    assert before.seats == ()


async def test_a_handover_moves_the_seat_and_keeps_the_history(database: Database) -> None:
    async with database.work() as work:
        await seated(work, CLERK)
        new = await work.directory.meet("new", "新人", NOW)
        old = await work.directory.identify("clerk", NOW)
        assert old is not None
        await work.directory.hand_over(LEAD, "填报员", old=old, new=new, by=OFFICE, at=NOW)
        seated_now = await work.directory.people(NOW + HOUR, unit=LEAD, post="填报员")
        history = await work.directory.history(LEAD)
        audited = await work.audit.of_chain(f"seats:{LEAD}")
    assert [person.staff_id for person in seated_now] == ["new"]
    assert [(seat.staff_id, seat.until is None) for seat in history] == [("clerk", False), ("new", True)]
    assert [line.what for line in audited] == ["seated", "unseated", "seated"]


async def test_a_roster_row_finds_the_person_by_staff_id_or_mobile(database: Database) -> None:
    async with database.work() as work:
        by_mobile = await work.directory.enrol("王某", NOW, mobile="13800000000")
        same = await work.directory.enrol("王某", NOW, staff_id="w", mobile="13800000000")
        assert same.id == by_mobile.id
        found = await work.directory.identify("w", NOW)
        assert found is not None
        assert found.mobile == "13800000000"
        assert [person.id for person in await work.directory.by_name("王某", NOW)] == [same.id]


async def test_first_contact_happens_once_and_an_introduction_gives_no_seat(database: Database) -> None:
    async with database.work() as work:
        met = await work.directory.meet("x", "某", NOW)
        assert await work.directory.greet(met.id, NOW)
        assert not await work.directory.greet(met.id, NOW)
        await work.directory.introduce(met.id, LEAD)
        known = await work.directory.identify("x", NOW)
    assert known is not None
    assert (known.introduced_unit, known.seats) == (LEAD, ())


async def test_leave_covers_its_days_and_can_be_cancelled(database: Database) -> None:
    async with database.work() as work:
        person_id = await seated(work, CLERK)
        deputy = await work.directory.meet("deputy", "代", NOW)
        await work.directory.go_on_leave(
            person_id, date(2021, 9, 27), date(2021, 10, 12), CLERK, NOW, deputy_id=deputy.id
        )
        assert (await work.directory.away(date(2021, 10, 12)))[person_id].deputy_id == deputy.id
        assert await work.directory.away(date(2021, 10, 13)) == {}
        assert await work.directory.come_back(person_id, date(2021, 10, 1), NOW) == 1
        assert await work.directory.away(date(2021, 10, 12)) == {}


async def test_a_claim_is_decided_once(database: Database) -> None:
    async with database.work() as work:
        claim = await work.claims.claim("new", "新人", LEAD, "联络人", NOW)
        assert (await work.claims.claim("new", "新人", LEAD, "联络人", NOW)).id == claim.id
        assert [one.id for one in await work.claims.waiting()] == [claim.id]
        assert (await work.claims.decide(claim.id, "confirmed", OFFICE, NOW)).state == "confirmed"
        with pytest.raises(AlreadyDecided) as late:
            await work.claims.decide(claim.id, "refused", CLERK, NOW)
        assert (late.value.state, late.value.by) == ("confirmed", "office")


async def test_a_short_name_means_a_unit_until_it_is_dropped(database: Database) -> None:
    async with database.work() as work:
        await work.claims.set_alias("甲", OTHER, OFFICE, NOW)
        await work.claims.set_alias("甲", LEAD, OFFICE, NOW)
        assert await work.claims.aliases() == {"甲": LEAD}
        assert await work.claims.drop_alias("甲")
        assert not await work.claims.drop_alias("甲")


async def test_a_stale_dialogue_is_refused(database: Database) -> None:
    async with database.work() as work:
        blank = await work.dialogues.load("p", "c")
        first = await work.dialogues.save(replace(blank, form="report", state={"step": "值"}), NOW)
        second = await work.dialogues.save(replace(first, state={"step": "进展"}, context={"unit": LEAD}), NOW)
        for stale in (blank, first):
            with pytest.raises(Stale) as refused:
                await work.dialogues.save(replace(stale, form="other"), NOW)
            assert refused.value.found == second.version
    async with database.read() as work:
        kept = await work.dialogues.load("p", "c")
        assert (kept.form, kept.state, kept.context) == ("report", {"step": "进展"}, {"unit": LEAD})
        assert (await work.dialogues.load("p", "other chat")).version == 0


async def test_a_step_that_fails_twice_is_parked_and_a_good_one_starts_anew(database: Database) -> None:
    async with database.work() as work:
        kept = await work.dialogues.save(replace(await work.dialogues.load("p", "c"), form="f", state={"a": 1}), NOW)
        assert await work.dialogues.fail("p", "c") == 1
        assert await work.dialogues.fail("p", "c") == 2
        parked = await work.dialogues.load("p", "c")
        assert (parked.parked, parked.state) == (True, {"a": 1})
        await work.dialogues.save(kept, NOW)
        assert not (await work.dialogues.load("p", "c")).parked
        assert await work.dialogues.fail("nobody", "c") == 0


async def test_open_forms_are_found_and_closed_ones_keep_their_context(database: Database) -> None:
    async with database.work() as work:
        for chat, expires in (("a", NOW), ("b", NOW + HOUR)):
            blank = await work.dialogues.load("p", chat)
            await work.dialogues.save(replace(blank, form="f", context={"k": chat}, expires_at=expires), NOW)
        assert [one.chat for one in await work.dialogues.expired(NOW)] == ["a"]
        assert len(await work.dialogues.open_of("p")) == 2
        first = await work.dialogues.load("p", "a")
        await work.dialogues.save(replace(first, form=None, state=None, expires_at=None), NOW)
        assert [one.chat for one in await work.dialogues.open()] == ["b"]
        assert (await work.dialogues.load("p", "a")).context == {"k": "a"}


async def test_a_group_is_bound_to_a_notice_for_some_units(database: Database) -> None:
    async with database.work() as work:
        await work.groups.see("g", "工作群", NOW)
        await work.groups.bind("g", NOTICE, None, OFFICE, NOW)
        await work.groups.bind("g", NOTICE, [LEAD], OFFICE, NOW)
        assert await work.groups.set_webhook("g", "https://example.org/robot", "secret", OFFICE, NOW)
        assert not await work.groups.set_webhook("unknown", None, None, OFFICE, NOW)
        await work.groups.trouble("g", "refused", "机器人不在群里", NOW)
        (group,) = await work.groups.bound(NOTICE)
        assert (group.trouble, group.bindings[0].units, len(group.bindings)) == ("refused", (LEAD,), 1)
        assert "secret" not in repr(group)
        await work.groups.trouble("g", None, None, NOW)
        assert await work.groups.unbind("g", OFFICE, NOW) == 1
        assert await work.groups.bound() == []
        left = await work.groups.group("g")
        assert left is not None
        assert (left.trouble, left.title) == (None, "工作群")


async def test_somebody_listed_by_number_and_met_by_account_becomes_one_person(database: Database) -> None:
    async with database.work() as work:
        listed = await work.directory.enrol("王某", NOW - HOUR, mobile="13800000000")
        for post in ("填报员", "联络人"):
            await work.directory.seat(listed.id, LEAD, post, OFFICE, NOW - HOUR)
        met = await work.directory.meet("w", "小王", NOW)
        await work.directory.seat(met.id, LEAD, "填报员", OFFICE, NOW - HOUR)
        await work.directory.go_on_leave(listed.id, date(2021, 9, 24), date(2021, 9, 24), CLERK, NOW)
        one = await work.directory.enrol("王某", NOW, staff_id="w", mobile="13800000000")
        assert (one.id, one.mobile, sorted(one.posts)) == (met.id, "13800000000", ["填报员", "联络人"])
        assert await work.directory.person(listed.id, NOW) is None
        assert list(await work.directory.away(date(2021, 9, 24))) == [met.id]


async def test_a_number_of_another_account_is_refused(database: Database) -> None:
    async with database.work() as work:
        await work.directory.enrol("甲某", NOW, staff_id="a", mobile="13800000000")
        for staff_id in ("b", "new"):
            await work.directory.meet("b", "乙某", NOW)
            with pytest.raises(MobileTaken) as taken:
                await work.directory.enrol("乙某", NOW, staff_id=staff_id, mobile="13800000000")
            assert taken.value.name == "甲某"
        with pytest.raises(ValueError, match="neither"):
            await work.directory.enrol("丙某", NOW)
