"""Drafts and submissions: no lost update, handed in once, one live, receipts without gaps, four eyes."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from storage import AlreadyDecided, AlreadyLive, Database, Decision, Draft, FourEyes, Stale, State, Submission
from tests.storage.given import (
    CLERK,
    COLLEAGUE,
    HOUR,
    LEAD,
    NOTICE,
    NOW,
    OFFICE,
    OTHER,
    PERIOD,
    REVIEWER,
    a_draft,
    a_matter,
    entry,
    handed_in,
    seated,
)


async def test_the_second_of_two_clerks_is_told_instead_of_overwriting(database: Database) -> None:
    async with database.work() as work:
        draft = await a_draft(work, await a_matter(work))
        newer = await work.drafts.save(draft, {"value": "36"}, COLLEAGUE, NOW + HOUR)
        with pytest.raises(Stale) as refused:
            await work.drafts.save(draft, {"value": "37"}, CLERK, NOW + HOUR)
        assert refused.value.found == newer.revision
        kept = await work.drafts.get(draft.id)
    assert kept == newer
    assert newer.writers == ("clerk", "colleague")
    assert newer.touched_at == NOW + HOUR


async def test_a_draft_put_away_keeps_its_answers(database: Database) -> None:
    async with database.work() as work:
        draft = await a_draft(work, await a_matter(work))
        await work.drafts.drop(draft, CLERK, NOW)
        assert await work.drafts.open_of(LEAD) == []
        with pytest.raises(Stale):
            await work.drafts.drop(draft, CLERK, NOW)
        again = await work.drafts.open(LEAD, draft.matter_id, NOTICE, PERIOD, CLERK, NOW)
        assert (again.state, again.answers) == ("dropped", {"value": "35"})
        await work.drafts.save(again, {"value": "36"}, CLERK, NOW)
        assert [one.answers for one in await work.drafts.open_of(LEAD)] == [{"value": "36"}]


async def test_two_taps_on_two_replicas_hand_in_once(database: Database, twin: Database) -> None:
    async with database.work() as work:
        draft = await a_draft(work, await a_matter(work))

    async def tap(which: Database) -> tuple[Submission, bool]:
        async with which.work() as work:
            return await work.submissions.submit(draft, entry(), CLERK, NOW)

    taps = await asyncio.gather(*(tap(which) for which in (database, twin, database, twin)))
    assert sorted(new for _, new in taps) == [False, False, False, True]
    assert {(made.id, made.receipt, made.figures["count"]) for made, _ in taps} == {(taps[0][0].id, 1, "35")}
    async with database.read() as work:
        assert len(await work.submissions.versions(draft.matter_id)) == 1
        assert [line.what for line in await work.audit.of_chain(f"matter:{draft.matter_id}")] == ["submitted"]


async def test_receipts_count_up_without_gap_when_all_report_at_once(database: Database, twin: Database) -> None:
    async with database.work() as work:
        stored = [await a_matter(work, f"事项{number}") for number in range(12)]
        drafts = [await a_draft(work, matter_id) for matter_id in stored]

    async def submit(which: Database, draft: Draft) -> int | None:
        async with which.work() as work:
            return (await work.submissions.submit(draft, entry(), CLERK, NOW))[0].receipt

    receipts = await asyncio.gather(*(submit((database, twin)[n % 2], draft) for n, draft in enumerate(drafts)))
    assert sorted(number or 0 for number in receipts) == list(range(1, 13))


async def test_two_clerks_hand_in_everything_in_opposite_order_and_neither_waits_for_ever(
    database: Database, twin: Database
) -> None:
    async with database.work() as work:
        drafts = [await a_draft(work, await a_matter(work, f"事项{number}")) for number in range(4)]

    async def submit_all(which: Database, mine: list[Draft]) -> list[bool]:
        async with which.work() as work:
            return [(await work.submissions.submit(draft, entry(), CLERK, NOW))[1] for draft in mine]

    made = await asyncio.gather(submit_all(database, drafts), submit_all(twin, drafts[::-1]))
    assert sorted(made) == [[False] * 4, [True] * 4]


async def test_a_changed_draft_is_not_handed_in_by_an_old_card(database: Database) -> None:
    async with database.work() as work:
        draft = await a_draft(work, await a_matter(work))
        await work.drafts.save(draft, {"value": "36"}, CLERK, NOW)
        with pytest.raises(Stale):
            await work.submissions.submit(draft, entry(), CLERK, NOW)


async def test_a_return_reopens_the_same_draft_and_the_next_version_stands(database: Database) -> None:
    first = await handed_in(database)
    async with database.work() as work:
        back = await work.submissions.decide(
            first.id, Decision.RETURN, REVIEWER, NOW, words="请补一句依据", chip="依据"
        )
        assert (back.state, back.live) == (State.RETURNED, False)
        assert await work.submissions.live(first.matter_id, PERIOD) is None
        (draft,) = await work.drafts.open_of(LEAD)
        assert draft.id == first.draft_id
        draft = await work.drafts.save(draft, {"value": "36"}, CLERK, NOW)
        second, new = await work.submissions.submit(draft, entry("36"), CLERK, NOW)
        assert new
        assert (second.version, second.receipt, second.live) == (2, 2, True)
        assert [word.chip for word in await work.submissions.reviews(first.id)] == ["依据"]


async def test_the_second_reviewer_hears_who_was_first(database: Database, twin: Database) -> None:
    first = await handed_in(database)
    other = replace(REVIEWER, who="reviewer2")
    async with database.work() as work:
        await seated(work, other)

    async def approve(which: Database, who: str) -> str:
        try:
            async with which.work() as work:
                await work.submissions.decide(first.id, Decision.APPROVE, replace(REVIEWER, who=who), NOW)
        except AlreadyDecided as late:
            return f"after {late.by}"
        return "done"

    said = await asyncio.gather(approve(database, "reviewer"), approve(twin, "reviewer2"))
    assert sorted(said) in (["after reviewer", "done"], ["after reviewer2", "done"])


async def test_nobody_decides_for_a_unit_he_sits_in_or_wrote_for(database: Database) -> None:
    first = await handed_in(database)
    async with database.work() as work:
        for wrong in (COLLEAGUE, CLERK):
            for decision in (Decision.APPROVE, Decision.RETURN):
                with pytest.raises(FourEyes):
                    await work.submissions.decide(first.id, decision, wrong, NOW)
        person = await work.directory.identify("colleague", NOW)
        assert person is not None
        await work.directory.unseat(person.seats[0].id, OFFICE, NOW + HOUR)
        await work.directory.seat(person.id, OTHER, "审核员", OFFICE, NOW + HOUR)
        with pytest.raises(FourEyes):  # he sat there when it was submitted
            await work.submissions.decide(first.id, Decision.APPROVE, COLLEAGUE, NOW + 2 * HOUR)
        asked = await work.submissions.decide(first.id, Decision.ASK, COLLEAGUE, NOW, words="口径?")
        assert asked.state is State.PENDING
        assert (await work.submissions.decide(first.id, Decision.APPROVE, REVIEWER, NOW)).state is State.APPROVED
        assert [word.reviewer_units for word in await work.submissions.reviews(first.id)] == [(LEAD,), (OTHER,)]


async def test_a_correction_stands_at_once_and_the_old_value_counts_until_it_is_approved(database: Database) -> None:
    first = await handed_in(database)
    async with database.work() as work:
        await work.submissions.decide(first.id, Decision.APPROVE, REVIEWER, NOW)
        draft = await work.drafts.reopen(first.draft_id or 0, NOW)
        draft = await work.drafts.save(draft, {"value": "33"}, CLERK, NOW)
        with pytest.raises(AlreadyLive) as live:
            await work.submissions.submit(draft, entry("33"), CLERK, NOW)
        assert live.value.submission_id == first.id


async def corrected(database: Database) -> tuple[Submission, Submission]:
    first = await handed_in(database)
    async with database.work() as work:
        await work.submissions.decide(first.id, Decision.APPROVE, REVIEWER, NOW)
        draft = await work.drafts.reopen(first.draft_id or 0, NOW)
        draft = await work.drafts.save(draft, {"value": "33"}, CLERK, NOW)
        second, _ = await work.submissions.submit(draft, entry("33"), CLERK, NOW, corrects=first.id)
        assert [one.id for one in await work.submissions.approved(NOTICE)] == [first.id]
        assert (await work.submissions.live(first.matter_id, PERIOD)) == second
        return first, second


async def test_an_approved_correction_outdates_what_it_corrects(database: Database) -> None:
    first, second = await corrected(database)
    async with database.work() as work:
        await work.submissions.decide(second.id, Decision.APPROVE, REVIEWER, NOW)
        assert [one.id for one in await work.submissions.approved(NOTICE)] == [second.id]
        old = await work.submissions.get(first.id)
    assert old is not None
    assert (old.state, old.live) == (State.CORRECTED, False)


async def test_a_withdrawn_correction_lets_the_old_value_stand_again(database: Database) -> None:
    first, second = await corrected(database)
    async with database.work() as work:
        await work.submissions.withdraw(second.id, CLERK, NOW)
        stands = await work.submissions.live(first.matter_id, PERIOD)
        with pytest.raises(AlreadyDecided):
            await work.submissions.withdraw(second.id, CLERK, NOW)
    assert stands is not None
    assert (stands.id, stands.state) == (first.id, State.APPROVED)


async def test_no_data_is_an_answer_that_gives_way_to_a_value(database: Database) -> None:
    async with database.work() as work:
        draft = await a_draft(work, await a_matter(work))
        nothing = replace(entry(), figures={}, kind="no_data", state=State.NO_DATA)
        await work.submissions.submit(draft, nothing, CLERK, NOW)
        draft = await work.drafts.reopen(draft.id, NOW)
        second, _ = await work.submissions.submit(draft, entry(), CLERK, NOW)
        assert await work.submissions.live(draft.matter_id, PERIOD) == second
        assert [one.state for one in await work.submissions.of_period(NOTICE, PERIOD)] == ["no_data", "pending"]


async def test_the_units_head_signs_before_the_review(database: Database) -> None:
    async with database.work() as work:
        await seated(work, REVIEWER)
        draft = await a_draft(work, await a_matter(work))
        made, _ = await work.submissions.submit(draft, replace(entry(), state=State.SIGNING), CLERK, NOW)
        with pytest.raises(AlreadyDecided):
            await work.submissions.decide(made.id, Decision.APPROVE, REVIEWER, NOW)
        signed = await work.submissions.decide(made.id, Decision.SIGN, COLLEAGUE, NOW, signed_to=State.SECOND)
        assert signed.state is State.SECOND
        assert (await work.submissions.move(made.id, State.PENDING, OFFICE, NOW)).state is State.PENDING
        assert [one.id for one in await work.submissions.waiting()] == [made.id]
        assert await work.submissions.by_receipt(NOTICE, PERIOD, 1) is not None


async def test_opening_values_are_marked_and_can_be_taken_back_together(database: Database) -> None:
    async with database.work() as work:
        matter_id = await a_matter(work)
        opening = replace(entry("20"), kind="opening", state=State.APPROVED)
        args = (matter_id, NOTICE, LEAD, "2020", opening, OFFICE, NOW)
        made = await work.submissions.open_balance(*args, batch="b1")
        assert (made.receipt, made.kind, made.batch) == (None, "opening", "b1")
        with pytest.raises(AlreadyLive):
            await work.submissions.open_balance(*args, batch="b2")
        assert await work.submissions.take_back("b1", OFFICE, NOW) == 1
        assert await work.submissions.take_back("b1", OFFICE, NOW) == 0
        assert await work.submissions.approved(NOTICE) == []
        await work.submissions.open_balance(*args, batch="b2")


async def test_a_paragraph_holds_for_its_version_only(database: Database) -> None:
    first, second = await corrected(database)
    async with database.work() as work:
        await work.submissions.reword(first.id, "旧话", CLERK, NOW)
        await work.submissions.reword(second.id, "一句话", CLERK, NOW)
        await work.submissions.reword(second.id, "改过的话", OFFICE, NOW)
        assert {key: one.text for key, one in (await work.submissions.paragraphs(NOTICE)).items()} == {
            second.id: "改过的话"
        }
