"""Heard and answered over real sockets: session, fallback, renewed tokens, throttling, buttons, files, own robots."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import aiohttp
import pytest
import pytest_asyncio
from dingtalk_stream import Credential

from bot.dingtalk.http import Endpoints, open_session
from bot.dingtalk.outbound import Outbound, open_door
from bot.dingtalk.stream import Stream
from bot.door import GiveUp, Retry, Sent, Webhook
from handlers.message import Announcement, Attachment, Button, Message, Receiver, Reply, SentFile
from tests.wire.standin import ROOT, Said, StandIn, stand_in

pytestmark = pytest.mark.wire

TABLE = b"PK\x03\x04 a table"
LONG = "\n".join(f"- 第{n}项：智慧校园建设进展情况说明文字" for n in range(300))


def now() -> datetime:
    return datetime.now(UTC)


async def read_file(key: str) -> bytes:
    return TABLE if key == "k1" else b""


@pytest.fixture(scope="module")
def started() -> Iterator[StandIn]:
    with stand_in("--redeliver", "") as dingtalk:
        yield dingtalk


@dataclass
class Bot:
    """A robot that answers every message with the same reply."""

    dingtalk: StandIn
    door: Outbound
    reply: Reply = field(default_factory=lambda: Reply("收到"))
    heard: list[Message] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)

    async def handle(self, message: Message) -> None:
        self.heard.append(message)
        to = Receiver(
            message.chat.kind, message.chat.id if message.chat.kind == "group" else message.sender.staff_id or ""
        )
        sent = await self.door.reply(message.route, message.route_expires, to, self.reply, engine_now=now())
        self.sent.append(sent)

    async def ask(self, text: str = "在吗", **more: str) -> Said:
        """Somebody says it; what the robot answers."""
        said = await asyncio.to_thread(lambda: self.dingtalk.say(self.somebody(), text, **more))
        return await asyncio.to_thread(self.dingtalk.answer_to, said)

    def somebody(self) -> str:
        people = self.dingtalk.get("/sandbox/people")["people"]
        assert isinstance(people, list)
        return str(next(p["userid"] for p in people if not p.get("outsider")))

    def group(self) -> tuple[str, str]:
        """A group with a robot of its own: its id and the robot's address."""
        webhooks = self.dingtalk.get("/sandbox/people")["webhooks"]
        assert isinstance(webhooks, dict)
        return next(iter(webhooks.items()))


@pytest_asyncio.fixture
async def bot(started: StandIn) -> AsyncIterator[Bot]:
    started.faults(healthy=True, redeliver=[])
    endpoints = Endpoints(started.base, started.base)
    credential = Credential(started.client_id, started.client_secret)
    async with open_session() as session:
        door = open_door(
            session, endpoints, credential, started.client_id, files=read_file, now=now, monotonic=time.monotonic
        )
        bot = Bot(started, door)
        stream = Stream(credential, started.client_id, endpoints, bot.handle, session, now=now, rng=Random(7))
        running = asyncio.create_task(stream.run())
        await asyncio.to_thread(started.wait_for_robot)
        yield bot
        await stream.stop()
        await running


async def test_a_reply_goes_by_session_with_buttons_that_work(bot: Bot) -> None:
    bot.reply = Reply("请核对：**智慧校园** 累计35所\n- 新增三所", (Button("提交", "提交 #12.3"), Button("改一下")))
    answer = await bot.ask()
    assert answer["via"] == "session"
    assert answer["body"]["text"] == "请核对：**智慧校园** 累计35所\n\n- 新增三所"
    await asyncio.to_thread(bot.dingtalk.press, bot.somebody(), answer["id"], "提交")
    while len(bot.heard) < 2:
        await asyncio.sleep(0.01)
    assert bot.heard[1].text == "提交 #12.3"


@pytest.mark.parametrize("how", ["expired", "forgotten", "switched"])
async def test_a_dead_session_falls_back_to_the_open_api(bot: Bot, how: str) -> None:
    if how == "expired":
        await asyncio.to_thread(bot.dingtalk.faults, session_life=1)
    if how == "switched":
        await asyncio.to_thread(bot.dingtalk.faults, session_expired=True)
    if how == "forgotten":
        await bot.ask()
        await asyncio.to_thread(bot.dingtalk.act, "sessions")
        to = Receiver("person", bot.heard[0].sender.staff_id or "")
        sent = await bot.door.reply(bot.heard[0].route, bot.heard[0].route_expires, to, Reply("晚到"), engine_now=now())
        assert (sent.kind, sent.calls) == ("open", 1)
        return
    answer = await bot.ask()
    assert answer["via"] == "person"
    while not bot.sent:  # the stand-in has it before our call returns
        await asyncio.sleep(0.01)
    assert bot.sent[-1].kind == "open"


async def test_tokens_forgotten_by_dingtalk_are_renewed_in_mid_run(bot: Bot) -> None:
    to = Receiver("person", bot.somebody())
    for _ in range(3):
        assert (await bot.door.push(to, Announcement("还有2件"))).calls == 1
        await bot.door.push(to, Announcement("", files=(SentFile("k1", "表.xlsx"),)))
        assert await asyncio.to_thread(bot.dingtalk.act, "tokens")


async def test_tokens_of_a_short_life_are_renewed_before_they_end(bot: Bot) -> None:
    await asyncio.to_thread(bot.dingtalk.faults, token_life=1)
    to = Receiver("person", bot.somebody())
    until = time.monotonic() + 2.5
    while time.monotonic() < until:
        await bot.door.push(to, Announcement("还有2件"))
        await asyncio.sleep(0.1)


async def test_throttling_says_how_long_to_wait_and_then_it_goes(bot: Bot) -> None:
    to = Receiver("person", bot.somebody())
    await asyncio.to_thread(bot.dingtalk.faults, throttle="qps")
    with pytest.raises(Retry) as found:
        await bot.door.push(to, Announcement("还有2件"))
    assert found.value.after == timedelta(seconds=2)
    assert not found.value.uncertain
    await asyncio.to_thread(bot.dingtalk.faults, throttle="")
    await bot.door.push(to, Announcement("还有2件"))


async def test_a_groups_own_robot_mentions_and_is_blocked_as_a_whole(bot: Bot) -> None:
    cid, url = bot.group()
    webhook = Webhook(url, secret_of(cid))
    sent = await bot.door.push(Receiver("group", cid), Announcement("截止17:00", mentions=("u-1",)), webhook=webhook)
    assert sent.kind == "webhook"
    entries = await asyncio.to_thread(bot.dingtalk.transcript, 0, cid)
    assert (entries[-1]["sender"], entries[-1]["body"]["at"]) == ("robot", ["u-1"])
    with pytest.raises(GiveUp) as refused:
        await bot.door.push(Receiver("group", cid), Announcement("x"), webhook=Webhook(url, "SECwrong"))
    assert refused.value.trouble == "settings"
    await asyncio.to_thread(bot.dingtalk.faults, throttle="robot")
    with pytest.raises(Retry) as found:
        await bot.door.push(Receiver("group", cid), Announcement("x"), webhook=webhook)
    assert (found.value.blocked, found.value.after) == ("group", timedelta(minutes=10))


def secret_of(cid: str) -> str:
    """The demo group's secret, as the office would have noted it."""
    world = json.loads((ROOT / "bot/sandbox/demo/world.json").read_text("utf-8"))
    return str(next(group["robot"]["secret"] for group in world["groups"] if group["id"] == cid))


async def test_an_unknown_group_or_person_is_given_up(bot: Bot) -> None:
    for to, trouble in ((Receiver("group", "cid-nowhere"), "group"), (Receiver("person", "nobody"), "receiver")):
        with pytest.raises(GiveUp) as found:
            await bot.door.push(to, Announcement("x"))
        assert found.value.trouble == trouble


async def test_a_long_answer_arrives_whole_and_in_order(bot: Bot) -> None:
    bot.reply = Reply(LONG, (Button("继续"),))
    first = await bot.ask()
    await asyncio.to_thread(bot.dingtalk.wait_for, lambda e: bool(e["body"].get("buttons")) and e["id"] > first["id"])
    entries = [
        e for e in bot.dingtalk.transcript(0, first["chat"]) if e["sender"] == "assistant" and e["id"] >= first["id"]
    ]
    lines = [line for e in entries for line in str(e["body"]["text"]).split("\n") if line]
    assert lines == LONG.split("\n")
    assert [e["kind"] for e in entries] == ["markdown"] * (len(entries) - 1) + ["card"]


async def test_a_file_from_us_and_a_file_to_us(bot: Bot) -> None:
    bot.reply = Reply("", files=(SentFile("k1", "汇总表.xlsx"),))
    answer = await bot.ask()
    assert (answer["kind"], answer["body"]["name"]) == ("file", "汇总表.xlsx")
    form = aiohttp.FormData({"as": bot.somebody(), "chat": answer["chat"]}, quote_fields=False)
    form.add_field("file", TABLE, filename="进展.xlsx", content_type="application/octet-stream")
    async with aiohttp.ClientSession() as somebody:
        await somebody.post(bot.dingtalk.base + "/sandbox/upload", data=form)
    while len(bot.heard) < 2:
        await asyncio.sleep(0.01)
    [attachment] = bot.heard[1].attachments
    assert (attachment.kind, attachment.name) == ("file", "进展.xlsx")
    assert await bot.door.fetch(attachment) == TABLE
    with pytest.raises(GiveUp) as found:
        await bot.door.fetch(Attachment("file", "no-such-code"))
    assert found.value.trouble == "file"


async def test_contacts_are_asked(bot: Bot) -> None:
    known = await bot.door.find(bot.somebody())
    assert known is not None
    assert known.name
    assert await bot.door.find_by_mobile(known.mobile) == bot.somebody()
    assert await bot.door.find_by_mobile("19999999999") is None


async def test_no_token_session_or_word_is_logged(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await asyncio.to_thread(bot.dingtalk.faults, session_expired=True)
    await bot.ask("不能进日志的话")
    text = caplog.text + str([record.__dict__ for record in caplog.records])
    assert "session is dead" in text
    for secret in ("不能进日志的话", "收到", "session=", "access_token", bot.dingtalk.client_secret):
        assert secret not in text
