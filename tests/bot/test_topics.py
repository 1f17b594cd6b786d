"""Whatever frame comes, it is acknowledged as DingTalk wants it or refused; copies in flight share one run."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dingtalk.frames import BadFrame, Frame, RobotMessage, read_frame
from bot.dingtalk.intake import Intake
from bot.dingtalk.topics import Topics, says_goodbye
from handlers.message import Chat, Message, Sender

VALUES = st.sampled_from([None, True, 7, 1.5, "", "1700000000000", "x", "\ud83d", [], [1], {}, {"a": "b"}, 10**30])
NAMES = st.sampled_from(["topic", "messageId", "time", "eventBornTime", "contentType", "eventId", "appId", "more"])
DATA = st.sampled_from(["", "{", "[]", "7", '"x"', "null", '{"opaque":"o"}', '{"msgId":"m"}', '{"msgId":"\\ud83d"}'])
TOPICS = st.sampled_from(["ping", "disconnect", "*", "/v1.0/im/bot/messages/get", "/v1.0/card/instances/callback"])


async def take(_: RobotMessage) -> None:
    """Nothing to do."""


@given(st.sampled_from(["SYSTEM", "EVENT", "CALLBACK"]), TOPICS, st.dictionaries(NAMES, VALUES), DATA | VALUES)
def test_every_frame_gets_an_ack_that_can_be_sent(
    kind: str, topic: str, headers: dict[str, object], data: object
) -> None:
    frame = read_frame(json.dumps({"type": kind, "headers": {**headers, "topic": topic}, "data": data}))
    ack = asyncio.run(Topics(take).acknowledge(frame))
    assert ack["code"] in (200, 400, 404)
    assert json.loads(json.dumps(ack)) == ack


@pytest.mark.parametrize(("topic", "leaving"), [("disconnect", True), ("ping", False), ("KEEPALIVE", False)])
def test_only_disconnect_is_a_goodbye(topic: str, leaving: bool) -> None:
    assert says_goodbye(Frame(type="SYSTEM", headers={"topic": topic})) is leaving


async def test_a_bug_is_no_acknowledgement() -> None:
    async def fail(_: RobotMessage) -> None:
        raise RuntimeError

    frame = Frame(type="CALLBACK", headers={"topic": "/v1.0/im/bot/messages/get"}, data='{"msgId":"m"}')
    with pytest.raises(RuntimeError):
        await Topics(fail).acknowledge(frame)


def message(number: int, staff_id: str = "u1", chat: str = "c1") -> Message:
    return Message(f"m{number}", "r", Chat(chat, "person"), Sender(staff_id), "x", datetime(2021, 12, 20, tzinfo=UTC))


async def test_order_holds_per_person_and_chat_even_after_a_bug() -> None:
    told: list[str] = []
    go = asyncio.Event()

    async def handle(said: Message) -> None:
        told.append(f"{said.id} begins")
        await go.wait()
        told.append(f"{said.id} ends")
        if said.id == "m1":
            raise BadFrame

    intake = Intake(handle)
    coming = (message(1), message(2), message(3, "u2"), message(1), message(4, chat="c2"), message(5))
    tasks = [asyncio.create_task(intake.take(said)) for said in coming]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert told == ["m1 begins", "m3 begins", "m4 begins"]
    go.set()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(result) for result in found] == [BadFrame, type(None), type(None), BadFrame, type(None), type(None)]
    assert [line for line in told if line[:2] in ("m1", "m2", "m5")] == [
        "m1 begins", "m1 ends", "m2 begins", "m2 ends", "m5 begins", "m5 ends",
    ]  # fmt: skip


async def test_nothing_is_kept_of_what_is_done() -> None:
    async def handle(_: Message) -> None:
        await asyncio.sleep(0)

    intake = Intake(handle)
    await asyncio.gather(*(intake.take(message(n, f"u{n % 7}")) for n in range(200)))
    assert (len(intake._running), len(intake._last)) == (0, 0)
