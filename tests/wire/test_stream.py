"""The stream against the stand-in in another process: drops, refusals, silence, duplicates, order, load, the end."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from random import Random

import aiohttp
import pytest
from dingtalk_stream import Credential

from bot.dingtalk.connection import Limits
from bot.dingtalk.http import Endpoints, open_session
from bot.dingtalk.stream import Stream
from handlers.message import Message
from tests.wire.standin import StandIn, stand_in

pytestmark = pytest.mark.wire

QUICK = Limits(ping_every=0.2, deaf_after=5, silent_after=60, linger=12, proven=0.3, longest_wait=2)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def started() -> Iterator[StandIn]:
    with stand_in("--redeliver", "1,2") as dingtalk:
        yield dingtalk


@pytest.fixture
def dingtalk(started: StandIn) -> StandIn:
    started.faults(healthy=True, redeliver=[])
    return started


class Ears:
    """Remembers what was heard; can be told to be slow or to fail."""

    def __init__(self) -> None:
        self.heard: list[Message] = []
        self.done = 0
        self.go = asyncio.Event()
        self.go.set()
        self.failures = 0
        self.most = 0
        self.running = 0

    async def handle(self, message: Message) -> None:
        self.heard.append(message)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await self.go.wait()
            if self.failures:
                self.failures -= 1
                raise RuntimeError("不能进日志的话")
            self.done += 1
        finally:
            self.running -= 1

    async def until(self, count: int, seconds: float = 5) -> float:
        """Waits until so many were heard; seconds it took."""
        return await until(lambda: len(self.heard) >= count, seconds)


async def until(true: Callable[[], bool], seconds: float = 5) -> float:
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, "it did not happen in time"
        await asyncio.sleep(0.01)
    return time.monotonic() - begun


@asynccontextmanager
async def listening(dingtalk: StandIn, ears: Ears, limits: Limits = QUICK) -> AsyncIterator[Stream]:
    """A stream with its one connection open; stopped at the end in any case."""
    async with open_session() as session:
        stream = make(dingtalk, ears.handle, session, limits)
        running = asyncio.create_task(stream.run())
        try:
            await until(lambda: stream.connected)
            yield stream
        finally:
            ears.go.set()
            await stream.stop()
            await running
        await asyncio.to_thread(wait_for_none, dingtalk)


def make(
    dingtalk: StandIn, handle: Callable[[Message], Awaitable[None]], session: aiohttp.ClientSession, limits: Limits
) -> Stream:
    credential = Credential(dingtalk.client_id, dingtalk.client_secret)
    endpoints = Endpoints(dingtalk.base, dingtalk.base)
    return Stream(credential, "robot", endpoints, handle, session, now=now, rng=Random(7), limits=limits)


def wait_for_none(dingtalk: StandIn) -> None:
    """The next test starts without our sockets."""
    for _ in range(200):
        if not dingtalk.sockets():
            return
        time.sleep(0.02)
    raise TimeoutError("a socket was left open")


async def say(dingtalk: StandIn, text: str, userid: str = "") -> str:
    """Somebody says something; its msgId."""
    said = await asyncio.to_thread(dingtalk.say, userid or await somebody(dingtalk), text)
    return str(said["msg_id"])


async def somebody(dingtalk: StandIn, number: int = 0) -> str:
    people = (await asyncio.to_thread(dingtalk.get, "/sandbox/people"))["people"]
    assert isinstance(people, list)
    return str([p["userid"] for p in people if not p.get("outsider")][number])


async def act(dingtalk: StandIn, what: str) -> None:
    assert await asyncio.to_thread(dingtalk.act, what)


async def acks(dingtalk: StandIn, since: int = 0) -> list[dict[str, object]]:
    found = (await asyncio.to_thread(dingtalk.get, f"/sandbox/wire?acks={since}&calls=999999999"))["acks"]
    assert isinstance(found, list)
    return found


async def opens(dingtalk: StandIn) -> int:
    found = (await asyncio.to_thread(dingtalk.get, "/sandbox/wire"))["opens"]
    assert isinstance(found, list)
    return len(found)


async def test_what_is_said_is_heard_and_acknowledged_after_it_is_done(dingtalk: StandIn) -> None:
    ears = Ears()
    ears.go.clear()
    before = len(await acks(dingtalk))
    async with listening(dingtalk, ears) as stream:
        msg_id = await say(dingtalk, "我负责哪些指标")
        await ears.until(1)
        assert (ears.heard[0].id, ears.heard[0].text, stream.in_flight) == (msg_id, "我负责哪些指标", 1)
        assert len(await acks(dingtalk)) == before
        ears.go.set()
        await until(lambda: not stream.in_flight)
        assert [ack["code"] for ack in (await acks(dingtalk))[before:]] == [200]
        assert stream.last_frame_at is not None


@pytest.mark.parametrize("end", ["drop", "close", "fail"])
async def test_after_a_lost_socket_it_is_heard_again_within_three_seconds(dingtalk: StandIn, end: str) -> None:
    ears = Ears()
    async with listening(dingtalk, ears) as stream:
        await say(dingtalk, "先说一句")
        await ears.until(1)
        await asyncio.sleep(QUICK.proven)  # a connection that has shown that it works
        begun = time.monotonic()
        await act(dingtalk, end)
        await until(lambda: stream.reconnects == 1)
        await asyncio.to_thread(dingtalk.wait_for_robot)
        await say(dingtalk, "断线之后")
        await ears.until(2)
        assert time.monotonic() - begun < 3
        assert stream.reconnects == 1


async def test_a_refusing_dingtalk_is_asked_ever_less_often_and_found_again(dingtalk: StandIn) -> None:
    ears = Ears()
    async with listening(dingtalk, ears) as stream:
        await asyncio.to_thread(dingtalk.faults, open_refused=True)
        before = await opens(dingtalk)
        await act(dingtalk, "drop")
        await asyncio.sleep(4)
        assert not stream.connected
        assert "ServiceUnavailable" in stream.problem
        assert 2 <= await opens(dingtalk) - before <= 20
        await asyncio.to_thread(dingtalk.faults, open_refused=False)
        await until(lambda: stream.connected)
        assert stream.problem == ""


async def test_wrong_credentials_are_told_and_do_not_crash(dingtalk: StandIn) -> None:
    async with open_session() as session:
        credential = Credential(dingtalk.client_id, "wrong")
        endpoints = Endpoints(dingtalk.base, dingtalk.base)
        stream = Stream(credential, "robot", endpoints, Ears().handle, session, now=now, rng=Random(7), limits=QUICK)
        running = asyncio.create_task(stream.run())
        await until(lambda: "authFailed" in stream.problem)
        await stream.stop()
        await running


async def test_disconnect_opens_the_new_before_the_old_closes(dingtalk: StandIn) -> None:
    ears = Ears()
    async with listening(dingtalk, ears) as stream:
        await asyncio.sleep(QUICK.proven)
        begun = time.monotonic()
        await act(dingtalk, "disconnect")
        await asyncio.to_thread(dingtalk.wait_for_robot, 2)
        assert time.monotonic() - begun < 3
        ids = [await say(dingtalk, f"第{n}句") for n in range(5)]
        await ears.until(5)
        assert [message.id for message in ears.heard] == ids
        assert stream.reconnects == 1


async def test_a_socket_that_answers_nothing_is_replaced(dingtalk: StandIn) -> None:
    ears = Ears()
    watchful = Limits(ping_every=0.2, deaf_after=0.6, proven=0.3, longest_wait=2)
    async with listening(dingtalk, ears, watchful) as stream:
        await asyncio.sleep(watchful.proven)
        await asyncio.to_thread(dingtalk.faults, silent=True)
        await until(lambda: stream.reconnects >= 1)
        await asyncio.to_thread(dingtalk.faults, silent=False)
        await until(lambda: stream.connected)
        await say(dingtalk, "还在吗")
        await ears.until(1)


async def test_a_socket_on_which_nobody_speaks_is_replaced_without_a_gap(dingtalk: StandIn) -> None:
    ears = Ears()
    quiet = Limits(ping_every=0.1, deaf_after=5, silent_after=0.8, linger=0.5, proven=0.3, longest_wait=2)
    async with listening(dingtalk, ears, quiet) as stream:
        await until(lambda: stream.reconnects >= 2)
        await say(dingtalk, "一直在")
        await ears.until(1)


async def test_every_kind_of_duplicate_in_flight_runs_once(dingtalk: StandIn) -> None:
    ears = Ears()
    ears.go.clear()
    await asyncio.to_thread(dingtalk.faults, duplicate=True)
    before = len(await acks(dingtalk))
    async with listening(dingtalk, ears) as stream:
        msg_id = await say(dingtalk, "提交")
        await until(lambda: stream.in_flight == 2)
        assert [message.id for message in ears.heard] == [msg_id]
        ears.go.set()
        await until(lambda: not stream.in_flight)
        sent = (await acks(dingtalk))[before:]
        assert [ack["code"] for ack in sent] == [200, 200]
        assert len({str(ack["messageId"]) for ack in sent}) == 2


async def test_one_that_comes_again_later_carries_the_same_id(dingtalk: StandIn) -> None:
    ears = Ears()
    async with listening(dingtalk, ears):
        await say(dingtalk, "提交")
        await ears.until(1)
        await asyncio.to_thread(dingtalk.post, "/sandbox/again", {})
        await ears.until(2)
        assert ears.heard[0].id == ears.heard[1].id
        assert ears.heard[0].robot == ears.heard[1].robot


async def test_what_failed_is_not_acknowledged_and_comes_again(
    dingtalk: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    ears = Ears()
    ears.failures = 1
    await asyncio.to_thread(dingtalk.faults, redeliver=[0.5])
    async with listening(dingtalk, ears) as stream:
        before = len(await acks(dingtalk))
        await say(dingtalk, "提交")
        await until(lambda: ears.done == 1)
        await until(lambda: not stream.in_flight)
        assert len(await acks(dingtalk)) == before + 1
    assert "message not acknowledged" in caplog.text
    assert "不能进日志的话" not in str([record.__dict__ for record in caplog.records])


async def test_one_persons_words_keep_their_order_while_others_go_on(dingtalk: StandIn) -> None:
    ears = Ears()
    ears.go.clear()
    one, other = await somebody(dingtalk), await somebody(dingtalk, 1)
    async with listening(dingtalk, ears) as stream:
        ids = [await say(dingtalk, f"第{n}句", one) for n in range(5)]
        beside = await say(dingtalk, "我也在", other)
        await until(lambda: stream.in_flight == 6)
        assert [message.id for message in ears.heard] == [ids[0], beside]
        ears.go.set()
        await ears.until(6)
        assert [m.id for m in ears.heard if m.sender.staff_id == one] == ids


async def test_work_in_flight_is_bounded_and_nothing_is_lost(dingtalk: StandIn) -> None:
    ears = Ears()
    ears.go.clear()
    few = Limits(ping_every=5, deaf_after=30, proven=0.3, in_flight=10)
    people = [await somebody(dingtalk, n) for n in range(4)]
    async with listening(dingtalk, ears, few) as stream:
        many = [{"as": p, "chat": dingtalk.direct(p), "text": f"{n}"} for n in range(15) for p in people]
        await asyncio.to_thread(dingtalk.post, "/sandbox/say", {"messages": many})
        await until(lambda: stream.in_flight == 10)
        await asyncio.sleep(0.2)
        assert stream.in_flight == 10
        ears.go.set()
        await ears.until(60, 10)
        assert len({message.id for message in ears.heard}) == 60


@pytest.mark.parametrize("what", ["malformed", "huge"])
async def test_strange_frames_do_no_harm(dingtalk: StandIn, what: str) -> None:
    ears = Ears()
    async with listening(dingtalk, ears) as stream:
        await act(dingtalk, what)
        for text in ("", "[]", '{"type":"CALLBACK"}', '{"type":"CALLBACK","headers":{"topic":7},"data":"{"}'):
            await asyncio.to_thread(dingtalk.post, "/sandbox/raw", {"text": text})
        await say(dingtalk, "还在吗")
        await ears.until(1)
        assert stream.reconnects == 0


async def test_ping_unknown_topic_and_event_are_answered_as_they_should(dingtalk: StandIn) -> None:
    async with listening(dingtalk, Ears()) as stream:
        before = len(await acks(dingtalk))
        await act(dingtalk, "ping")
        await asyncio.to_thread(dingtalk.post, "/sandbox/push", {"type": "EVENT", "topic": "*", "data": {"a": 1}})
        bad = '{"type":"CALLBACK","headers":{"topic":"/v1.0/card/instances/callback","messageId":"m"},"data":"{}"}'
        await asyncio.to_thread(dingtalk.post, "/sandbox/raw", {"text": bad})
        await asyncio.to_thread(dingtalk.post, "/sandbox/push", {"data": {"nothing": "of use"}})
        await until(lambda: not stream.in_flight and len(asyncio.all_tasks()) > 0)
        while len(found := (await acks(dingtalk))[before:]) < 4:
            await asyncio.sleep(0.02)
        codes = {str(ack["data"]): ack["code"] for ack in found}
        assert [code for data, code in codes.items() if "opaque" in data] == [200]
        assert [code for data, code in codes.items() if "SUCCESS" in data] == [200]
        assert sorted(int(str(code)) for code in codes.values()) == [200, 200, 400, 404]
        assert [s["last_echo"] for s in await asyncio.to_thread(dingtalk.sockets)] != [""]


async def test_stop_under_load_finishes_what_it_took_within_five_seconds(dingtalk: StandIn) -> None:
    ears = Ears()
    ears.go.clear()
    people = [await somebody(dingtalk, n) for n in range(4)]
    before = len(await acks(dingtalk))
    async with listening(dingtalk, ears) as stream:
        many = [{"as": p, "chat": dingtalk.direct(p), "text": f"{n}"} for n in range(5) for p in people]
        await asyncio.to_thread(dingtalk.post, "/sandbox/say", {"messages": many})
        await until(lambda: stream.in_flight == 20)
        begun = time.monotonic()
        stopping = asyncio.create_task(stream.stop())
        await asyncio.sleep(0.1)
        ears.go.set()
        await stopping
        assert time.monotonic() - begun < 5
        assert ears.done == 20
        await until(lambda: len(dingtalk.sockets()) == 0)
        assert len(await acks(dingtalk)) - before == 20


async def test_stop_does_not_wait_for_what_hangs(dingtalk: StandIn) -> None:
    ears = Ears()
    ears.go.clear()
    async with listening(dingtalk, ears) as stream:
        await say(dingtalk, "卡住")
        await ears.until(1)
        begun = time.monotonic()
        await stream.stop()
        assert time.monotonic() - begun < 5
        assert (ears.done, ears.running) == (0, 0)


async def test_no_ticket_no_secret_and_no_words_in_the_log(dingtalk: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ears = Ears()
    async with listening(dingtalk, ears) as stream:
        await say(dingtalk, "不能进日志的话")
        await ears.until(1)
        await asyncio.to_thread(dingtalk.faults, ticket_life=-1)  # every handshake is refused, with its address
        await act(dingtalk, "drop")
        await until(lambda: "handshake" in stream.problem)
        await asyncio.to_thread(dingtalk.faults, ticket_life=90)
        await until(lambda: stream.connected)
    text = caplog.text + str([record.__dict__ for record in caplog.records])
    assert "not connected" in text
    for secret in (dingtalk.client_secret, "ticket=", "不能进日志的话", ears.heard[0].route.partition("session=")[2]):
        assert secret not in text
