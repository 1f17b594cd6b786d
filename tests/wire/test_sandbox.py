"""The stand-in behaves as DingTalk's wire is described; checked with the stock SDK in another process."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from urllib.parse import quote

import aiohttp
import pytest

from bot.sandbox.openapi import signed
from tests.wire.standin import ROOT, StandIn, end, stand_in

pytestmark = pytest.mark.wire
GROUP = "cidDemoWork/+Group0001=="
BOT = "/v1.0/im/bot/messages/get"


@pytest.fixture
def dingtalk() -> Iterator[StandIn]:
    with stand_in("--redeliver", "0.3,0.6") as running:
        yield running


@pytest.fixture
def echo(dingtalk: StandIn) -> Iterator[StandIn]:
    environment = os.environ | dingtalk.environment
    command = [sys.executable, "-m", "tests.wire.echo_bot"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stderr=subprocess.DEVNULL)
    try:
        dingtalk.wait_for_robot()
        yield dingtalk
    finally:
        end(process, grace=1)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def connected(http: aiohttp.ClientSession, dingtalk: StandIn) -> aiohttp.ClientWebSocketResponse:
    ticket, endpoint = await a_ticket(http, dingtalk)
    return await http.ws_connect(f"{endpoint}?ticket={quote(ticket, safe='')}")


async def a_ticket(http: aiohttp.ClientSession, dingtalk: StandIn) -> tuple[str, str]:
    body = {
        "clientId": dingtalk.client_id,
        "clientSecret": dingtalk.client_secret,
        "subscriptions": [{"type": "CALLBACK", "topic": BOT}],
    }
    async with http.post(dingtalk.base + "/v1.0/gateway/connections/open", json=body) as answer:
        opened = await answer.json()
    return opened["ticket"], opened["endpoint"]


async def token(http: aiohttp.ClientSession, dingtalk: StandIn) -> dict[str, str]:
    body = {"appKey": dingtalk.client_id, "appSecret": dingtalk.client_secret}
    async with http.post(dingtalk.base + "/v1.0/oauth2/accessToken", json=body) as answer:
        return {"x-acs-dingtalk-access-token": (await answer.json())["accessToken"]}


async def old_token(http: aiohttp.ClientSession, dingtalk: StandIn) -> str:
    query = {"appkey": dingtalk.client_id, "appsecret": dingtalk.client_secret}
    async with http.get(dingtalk.base + "/gettoken", params=query) as answer:
        return str((await answer.json())["access_token"])


def test_the_stock_sdk_hears_and_answers(echo: StandIn) -> None:
    said = echo.say("u-jiaoti", "我负责哪些指标")

    assert echo.answer_to(said)["body"]["text"] == "收到：我负责哪些指标"


def test_in_a_group_only_what_names_the_assistant_arrives(echo: StandIn) -> None:
    unheard = echo.say("u-jiaoti", "大家好", GROUP)
    heard = echo.say("u-jiaoti", "@助手 物流终端目标", GROUP)

    assert echo.answer_to(unheard)["body"]["text"] == "收到：物流终端目标"
    assert [e["delivery"] for e in echo.transcript() if e["id"] == unheard["id"]] == [""]
    assert echo.answer_to(heard)["chat"] == GROUP


def test_a_pressed_button_speaks_for_the_presser_unless_its_host_has_capitals(echo: StandIn) -> None:
    card = echo.answer_to(echo.say("u-jiaoti", "按钮"))

    assert card["kind"] == "card"
    assert "url" in echo.press("u-jiaoti", card["id"], "坏按钮")
    said = echo.press("u-jiaoti", card["id"], "提交")
    assert said["body"] == {"text": "提交 #12.3", "heard": "提交 #12.3"}


async def test_a_ticket_opens_one_connection_however_odd_its_signs(
    dingtalk: StandIn, http: aiohttp.ClientSession
) -> None:
    ticket, endpoint = await a_ticket(http, dingtalk)
    assert all(sign in ticket for sign in "/+=")
    async with http.ws_connect(f"{endpoint}?ticket={quote(ticket, safe='')}"):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await http.ws_connect(f"{endpoint}?ticket={quote(ticket, safe='')}")


async def test_wrong_credentials_open_nothing(dingtalk: StandIn, http: aiohttp.ClientSession) -> None:
    body = {"clientId": dingtalk.client_id, "clientSecret": "no", "subscriptions": []}
    async with http.post(dingtalk.base + "/v1.0/gateway/connections/open", json=body) as answer:
        assert answer.status == 401
        assert set(await answer.json()) == {"code", "message"}


async def test_without_ack_it_comes_again_with_another_message_id(
    dingtalk: StandIn, http: aiohttp.ClientSession
) -> None:
    async with await connected(http, dingtalk) as socket:
        await asyncio.to_thread(dingtalk.say, "u-jiaoti", "在吗")
        first, second = [json.loads((await socket.receive(5)).data) for _ in range(2)]
        assert first["headers"]["messageId"] != second["headers"]["messageId"]
        assert json.loads(first["data"])["msgId"] == json.loads(second["data"])["msgId"]
        await socket.send_json({"code": 200, "headers": second["headers"], "message": "OK", "data": ""})
        read = await asyncio.to_thread(dingtalk.wait_for, lambda e: e["delivery"] == "read")
        assert read["body"]["text"] == "在吗"


async def test_a_ping_is_answered_with_its_opaque(dingtalk: StandIn, http: aiohttp.ClientSession) -> None:
    async with await connected(http, dingtalk) as socket:
        await asyncio.to_thread(dingtalk.act, "ping")
        ping = json.loads((await socket.receive(5)).data)
        await socket.send_json({"code": 200, "headers": ping["headers"], "message": "OK", "data": ping["data"]})
        await asyncio.to_thread(dingtalk.act, "ping")
        await socket.receive(5)
        assert dingtalk.sockets()[0]["last_echo"] == json.loads(ping["data"])["opaque"]


@pytest.mark.parametrize(("act", "closed_with"), [("drop", 1006), ("close", 1000), ("fail", 1011)])
async def test_a_connection_can_end_in_every_way(
    dingtalk: StandIn, http: aiohttp.ClientSession, act: str, closed_with: int
) -> None:
    socket = await connected(http, dingtalk)
    ending = asyncio.create_task(asyncio.to_thread(dingtalk.act, act))
    await socket.receive(5)
    assert await ending == 1
    assert socket.close_code == closed_with


async def test_a_new_connection_can_be_closed_at_once(dingtalk: StandIn, http: aiohttp.ClientSession) -> None:
    dingtalk.faults(close_at_once=True)
    async with await connected(http, dingtalk) as socket:
        await socket.receive(5)
        assert socket.close_code == 1000


async def test_after_disconnect_a_connection_gets_nothing_more(dingtalk: StandIn, http: aiohttp.ClientSession) -> None:
    async with await connected(http, dingtalk) as old:
        await asyncio.to_thread(dingtalk.act, "disconnect")
        assert json.loads((await old.receive(5)).data)["headers"]["topic"] == "disconnect"
        async with await connected(http, dingtalk) as new:
            await asyncio.to_thread(dingtalk.say, "u-jiaoti", "在吗")
            assert json.loads((await new.receive(5)).data)["headers"]["topic"] == BOT


async def test_silence_leaves_the_socket_open_and_the_pings_unanswered(
    dingtalk: StandIn, http: aiohttp.ClientSession
) -> None:
    async with await connected(http, dingtalk) as socket:
        await asyncio.to_thread(dingtalk.faults, silent=True)
        await asyncio.to_thread(dingtalk.say, "u-jiaoti", "在吗")
        await socket.ping()
        with pytest.raises(TimeoutError):
            await socket.receive(0.2)


async def test_odd_frames_arrive_as_they_are(dingtalk: StandIn, http: aiohttp.ClientSession) -> None:
    async with await connected(http, dingtalk) as socket:
        await asyncio.to_thread(dingtalk.act, "malformed")
        with pytest.raises(json.JSONDecodeError):
            json.loads((await socket.receive(5)).data)
        await asyncio.to_thread(dingtalk.post, "/sandbox/push", {"data": {"errorCode": "20001"}})
        assert json.loads(json.loads((await socket.receive(5)).data)["data"]) == {"errorCode": "20001"}
        await asyncio.to_thread(dingtalk.act, "huge")
        assert len((await socket.receive(5)).data) > 1 << 20


async def test_people_and_groups_are_reached_with_the_new_token_only(
    dingtalk: StandIn, http: aiohttp.ClientSession
) -> None:
    message = {"robotCode": dingtalk.client_id, "msgKey": "sampleText", "msgParam": json.dumps({"content": "您好"})}
    person = message | {"userIds": ["u-jiaoti", "nobody"]}
    url = dingtalk.base + "/v1.0/robot/oToMessages/batchSend"
    async with http.post(url, json=person) as answer:
        assert (answer.status, (await answer.json())["code"]) == (401, "InvalidAuthentication")
    headers = await token(http, dingtalk)
    async with http.post(url, json=person, headers=headers) as answer:
        assert (await answer.json())["invalidStaffIdList"] == ["nobody"]
    group = message | {"openConversationId": GROUP}
    async with http.post(dingtalk.base + "/v1.0/robot/groupMessages/send", json=group, headers=headers) as answer:
        assert answer.status == 200
    assert [(e["via"], e["body"]["text"]) for e in dingtalk.transcript()] == [("person", "您好"), ("group", "您好")]
    dingtalk.act("tokens")
    async with http.post(url, json=person, headers=headers) as answer:
        assert answer.status == 401


async def test_the_custom_robot_wants_a_signature_and_stops_after_twenty(
    dingtalk: StandIn, http: aiohttp.ClientSession
) -> None:
    body = {"msgtype": "text", "text": {"content": "@u-jiaoti 请报送"}, "at": {"atUserIds": ["u-jiaoti"]}}
    webhook = f"{dingtalk.base}/robot/send?access_token=demo0token0work0group"
    now = str(int(time.time() * 1000))
    good = f"{webhook}&timestamp={now}&sign={quote(signed('SECdemo0secret0work0group', now), safe='')}"

    async def errcode(url: str) -> int:
        async with http.post(url, json=body) as answer:
            return int((await answer.json())["errcode"])

    assert await errcode(webhook) == 310000
    assert await errcode(good.replace("demo0token0", "other")) == 300005
    assert [await errcode(good) for _ in range(20)] == [0] * 20
    assert await errcode(good) == 130101
    assert dingtalk.transcript()[0]["body"]["at"] == ["u-jiaoti"]


def test_the_signature_is_dingtalks() -> None:
    assert signed("SECtest", "1700000000000") == "aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g="


async def test_a_session_webhook_expires_inside_a_good_answer(dingtalk: StandIn, http: aiohttp.ClientSession) -> None:
    async with await connected(http, dingtalk) as socket:
        await asyncio.to_thread(dingtalk.say, "u-jiaoti", "在吗")
        webhook = json.loads(json.loads((await socket.receive(5)).data)["data"])["sessionWebhook"]
    reply = {"msgtype": "markdown", "markdown": {"title": "在", "text": "在的"}}
    async with http.post(webhook, json=reply) as answer:
        assert await answer.json() == {"errcode": 0, "errmsg": "ok"}
    async with http.post(webhook, json={"msgtype": "text", "text": {"content": "字" * 7000}}) as answer:
        assert (await answer.json())["errcode"] == 460101
    await asyncio.to_thread(dingtalk.faults, session_expired=True)
    async with http.post(webhook, json=reply) as answer:
        assert (answer.status, (await answer.json())["errcode"]) == (200, 300001)


async def test_files_go_both_ways(dingtalk: StandIn, http: aiohttp.ClientSession) -> None:
    form = aiohttp.FormData({"as": "u-jiaoti", "chat": dingtalk.direct("u-jiaoti")})
    form.add_field("file", b"PK-sheet", filename="校园.xlsx", content_type="application/zip")
    async with http.post(dingtalk.base + "/sandbox/upload", data=form) as answer:
        code = (await answer.json())["body"]["code"]
    body = {"robotCode": dingtalk.client_id, "downloadCode": code}
    url = dingtalk.base + "/v1.0/robot/messageFiles/download"
    async with http.post(url, json=body, headers=await token(http, dingtalk)) as answer:
        link = (await answer.json())["downloadUrl"]
    async with http.get(link) as answer:
        assert await answer.read() == b"PK-sheet"
    upload = aiohttp.FormData()
    upload.add_field("media", b"PK-table", filename="汇总表.xlsx")
    query = {"access_token": await old_token(http, dingtalk), "type": "file"}
    async with http.post(dingtalk.base + "/media/upload", params=query, data=upload) as answer:
        media = (await answer.json())["media_id"]
    async with http.get(f"{dingtalk.base}/sandbox/media/{quote(media)}") as answer:
        assert await answer.read() == b"PK-table"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("attachment")


async def test_contacts_know_the_insiders(dingtalk: StandIn, http: aiohttp.ClientSession) -> None:
    async def asked(call: str, body: dict[str, str], key: str) -> dict[str, object]:
        url = f"{dingtalk.base}/topapi/v2/user/{call}"
        async with http.post(url, params={"access_token": key}, json=body) as answer:
            return dict(await answer.json())

    key = await old_token(http, dingtalk)
    assert (await asked("getbymobile", {"mobile": "13800000001"}, key))["result"] == {"userid": "u-jiaoti"}
    assert (await asked("getbymobile", {"mobile": "13999999999"}, key))["errcode"] == 60121
    assert (await asked("get", {"userid": "u-outside"}, key))["errcode"] == 60121
    assert (await asked("get", {"userid": "u-jiaoti"}, "no"))["errcode"] == 40014


async def test_outages_and_throttles(dingtalk: StandIn, http: aiohttp.ClientSession) -> None:
    message = {"robotCode": dingtalk.client_id, "msgKey": "sampleText", "msgParam": '{"content":"x"}'}
    body, headers = message | {"userIds": ["u-jiaoti"]}, await token(http, dingtalk)

    async def status() -> int:
        async with http.post(f"{dingtalk.base}/v1.0/robot/oToMessages/batchSend", json=body, headers=headers) as answer:
            return answer.status

    dingtalk.faults(throttle="qps")
    assert await status() == 403
    dingtalk.faults(healthy=True, api_status=504, open_refused=True)
    assert await status() == 504
    with pytest.raises(KeyError):
        await a_ticket(http, dingtalk)
    dingtalk.faults(healthy=True, rtt=0.05)
    begin = time.monotonic()
    assert await status() == 200
    assert time.monotonic() - begin >= 0.05


def test_every_message_type_has_its_body(echo: StandIn) -> None:
    for kind in ("voice", "picture", "video", "file", "mixed", "unknown"):
        said = echo.say("u-jiaoti", "智慧校园三十五所", kind=kind, code="code1", name="a.xlsx")
        assert str(echo.answer_to(said)["body"]["text"]).startswith("收到：")


def test_an_outsider_has_no_staff_id(echo: StandIn) -> None:
    said = echo.say("u-outside", "目标是多少")
    assert echo.answer_to(said)["chat"] == said["chat"]


def test_each_message_can_be_delivered_twice(echo: StandIn) -> None:
    echo.faults(duplicate=True)
    said = echo.say("u-jiaoti", "在吗")
    first = echo.answer_to(said)
    second = echo.wait_for(lambda e: e["id"] > first["id"] and e["sender"] == "assistant")
    assert first["body"] == second["body"]


async def test_strangers_are_kept_out(dingtalk: StandIn, http: aiohttp.ClientSession) -> None:
    url = dingtalk.base + "/sandbox/people"
    for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        async with http.get(url, headers=headers) as answer:
            assert answer.status == 403
