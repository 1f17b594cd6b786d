"""What is put into the outbox comes out the same; what is missing or odd is empty."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from bot.letters import (
    Answer,
    answer_of,
    read_announcement,
    read_answer,
    read_receiver,
    write_announcement,
    write_answer,
    write_receiver,
)
from handlers.message import Announcement, Button, Receiver, Reply, SentFile
from tests.bot.fake_door import message

EXTRAS = ((Button("提交", "提交 #1.2"),), (SentFile("k", "表.xlsx"),), (SentFile("p", "图.png"),))


def test_an_answer_comes_back_the_same() -> None:
    reply = Reply("好", EXTRAS[0], ("body:1",), EXTRAS[1], EXTRAS[2])
    answer = Answer(Receiver("person", "p1", "张"), reply, "route", datetime(2021, 12, 1, tzinfo=UTC))
    assert read_answer(json.loads(json.dumps(write_answer(answer)))) == answer


def test_an_announcement_comes_back_the_same() -> None:
    announcement = Announcement("请报送", EXTRAS[0], ("p1", "p2"), EXTRAS[1], EXTRAS[2])
    assert read_announcement(json.loads(json.dumps(write_announcement(announcement)))) == announcement


def test_what_is_missing_is_empty() -> None:
    assert read_answer({}) == Answer(Receiver("person", ""), Reply(""))
    assert read_announcement(None) == Announcement("")
    assert read_receiver({"receiver": write_receiver(Receiver("group", "g"))}) == Receiver("group", "g")


def test_a_reply_goes_back_to_where_it_was_said() -> None:
    assert answer_of(message(1, group="g1"), Reply("好")).to == Receiver("group", "g1")
    assert answer_of(message(1, "p7"), Reply("好")).to == Receiver("person", "p7")
