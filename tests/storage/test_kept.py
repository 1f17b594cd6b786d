"""Requests, other hands, attachments, misses, ledger, feedback, settings."""

from __future__ import annotations

import pytest

from storage import AlreadyDecided, Database
from tests.storage.given import CLERK, HOUR, LEAD, NOTICE, NOW, OFFICE, PERIOD, SECOND, a_draft, a_matter


async def test_a_word_is_asked_answered_asked_again_and_closed(database: Database) -> None:
    async with database.work() as work:
        matter_id = await a_matter(work)
        asked = await work.requests.ask("word", LEAD, OFFICE, NOW, matter_id=matter_id, body={"words": "请说明"})
        await work.requests.answer(asked, "已解决", CLERK, NOW)
        await work.requests.answer(asked, "何时?", OFFICE, NOW, again=True)
        assert [one.state for one in await work.requests.open("word")] == ["open"]
        await work.requests.answer(asked, "10月", CLERK, NOW)
        closed = await work.requests.close(asked, "closed", OFFICE, NOW + HOUR)
        assert (closed.state, closed.closed_by) == ("closed", "office")
        with pytest.raises(AlreadyDecided):
            await work.requests.close(asked, "closed", OFFICE, NOW)
        with pytest.raises(AlreadyDecided):
            await work.requests.answer(asked, "晚了", CLERK, NOW)
        assert [one.words for one in await work.requests.answers(asked)] == ["已解决", "何时?", "10月"]
        assert [line.what for line in await work.audit.of_chain(f"matter:{matter_id}")] == [
            "word asked", "word answered", "word answered", "word answered", "word closed",
        ]  # fmt: skip


async def test_a_postponement_is_granted_for_its_period(database: Database) -> None:
    async with database.work() as work:
        asked = await work.requests.ask(
            "postpone", LEAD, CLERK, NOW, notice=NOTICE, period=PERIOD, body={"to": "2021-09-30"}
        )
        kept = await work.requests.ask("target", LEAD, CLERK, NOW, body={"to": "60"}, recorded=True)
        await work.requests.close(asked, "granted", OFFICE, NOW)
        assert [(one.state, one.body) for one in await work.requests.of_period(NOTICE, PERIOD)] == [
            ("granted", {"to": "2021-09-30"})
        ]
        assert [one.id for one in await work.requests.of_unit(LEAD)] == [asked, kept]
        assert [one.state for one in await work.requests.open()] == ["recorded"]


async def test_other_hands_stand_beside_each_other(database: Database) -> None:
    async with database.work() as work:
        matter_id = await a_matter(work)
        await work.contributions.add(matter_id, PERIOD, SECOND, "differ", CLERK, NOW, words="应为2个")
        await work.contributions.add(matter_id, PERIOD, SECOND, "agree", CLERK, NOW, draft_revision=3)
        words = await work.contributions.of(matter_id, PERIOD)
        assert [(one.kind, one.draft_revision) for one in words] == [("differ", None), ("agree", 3)]


async def test_an_attachment_is_wanted_kept_or_failed(database: Database) -> None:
    async with database.work() as work:
        draft = await a_draft(work, await a_matter(work))
        first, second, third = [
            await work.files.want(draft.id, "file", code, "名单.xlsx", CLERK, NOW) for code in ("a", "b", "c")
        ]
        await work.files.keep("ff", "text/plain", 3, NOW)
        await work.files.keep("ff", "text/plain", 3, NOW)
        await work.files.arrived(first, "ff")
        await work.files.failed(second, "timeout")
        await work.files.drop(third)
        assert [(one.state, one.hash, one.why) for one in await work.files.of_draft(draft.id)] == [
            ("kept", "ff", None), ("failed", None, "timeout"),
        ]  # fmt: skip
        assert await work.files.counts(NOTICE) == {draft.id: 1}
        assert await work.files.hashes() == ["ff"]
        assert await work.files.get(third) is None


async def test_an_answer_can_be_reproduced_and_a_miss_settled_once(database: Database) -> None:
    async with database.work() as work:
        number = await work.misses.keep(
            person="p", chat="c", unit=LEAD, question="食堂几点开", outcome="refuse", answer="没有", refs=["body:1"],
            notice=NOTICE, content_hash="h", confidence=0.25, at=NOW,
        )  # fmt: skip
        await work.misses.dislike(number)
        last = await work.misses.last_answer("p", "c")
        assert last is not None
        assert (last.id, last.refs, last.disliked, last.confidence) == (number, ("body:1",), True, 0.25)
        missed = await work.misses.missed("食堂几点开", "low", person="p", unit=LEAD, at=NOW, answer_id=number)
        await work.misses.keep(
            person="q", chat="c", unit=None, question="a", outcome="answer", answer="b", refs=[], notice=None,
            content_hash=None, confidence=1.0, at=NOW,
        )  # fmt: skip
        assert await work.misses.prune(NOW + HOUR) == 1
        assert await work.misses.answered(number) == last
        assert await work.misses.settle(missed, OFFICE, NOW)
        assert not await work.misses.settle(missed, OFFICE, NOW, faq_id=1)
        assert await work.misses.open() == []


async def test_what_was_said_is_written_once_and_found_by_receiver(database: Database) -> None:
    async with database.work() as work:
        for _ in range(2):
            await work.ledger.write("k", "reminder", receiver_kind="person", receiver="p", text="您还有2件", at=NOW)
        await work.ledger.write("k2", "post", receiver_kind="group", receiver="g", text="已收到22件", at=NOW + HOUR)
        said = await work.ledger.between(NOW, NOW + 2 * HOUR)
        assert [one.text for one in said] == ["您还有2件", "已收到22件"]
        assert [one.receiver for one in await work.ledger.between(NOW, NOW + HOUR, "p")] == ["p"]
        assert await work.ledger.prune(NOW + HOUR) == 1


async def test_an_opinion_is_answered_once(database: Database) -> None:
    async with database.work() as work:
        number = await work.feedback.add("p", LEAD, "字太小", NOW)
        assert [one.words for one in await work.feedback.open()] == ["字太小"]
        assert await work.feedback.answer(number, "已改", OFFICE, NOW)
        assert not await work.feedback.answer(number, "已改", OFFICE, NOW)
        kept = await work.feedback.get(number)
        assert kept is not None
        assert kept.answer == "已改"


async def test_a_setting_has_its_history_in_the_audit(database: Database) -> None:
    async with database.work() as work:
        assert await work.settings.get("sign_in", False) is False
        await work.settings.set("sign_in", True, OFFICE, NOW)
        await work.settings.set("sign_in", {LEAD: True}, OFFICE, NOW)
        assert await work.settings.all() == {"sign_in": {LEAD: True}}
        assert [line.old for line in await work.audit.of_chain("settings")] == [{"is": None}, {"is": True}]
