"""The way out over real sockets to a small scripted DingTalk: tokens, sorting of errors, fallbacks, files."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from dingtalk_stream import Credential

from bot.dingtalk.failures import failure, is_stale
from bot.dingtalk.http import Answer, Endpoints, Http, open_session
from bot.dingtalk.outbound import Outbound, open_door
from bot.dingtalk.webhook import signature
from bot.door import Door, GiveUp, Known, Retry, Sent, Webhook
from handlers.message import Announcement, Attachment, Button, Receiver, Reply, SentFile

NOW = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
PERSON, GROUP = Receiver("person", "u1"), Receiver("group", "cid1")
SECRET = "app-secret-7"
FILES = {"k1": b"PK-table", "k2": b"\x89PNG picture"}
Scripted = tuple[int, object]


@dataclass
class Call:
    path: str
    query: Mapping[str, str]
    token: str
    body: dict[str, object]


@dataclass
class Scripts:
    """Answers well unless told otherwise, one scripted answer a call; remembers every call."""

    base: str = ""
    calls: list[Call] = field(default_factory=list)
    next: defaultdict[str, list[Scripted]] = field(default_factory=lambda: defaultdict(list))
    tokens: int = 0

    def paths(self) -> list[str]:
        return [call.path for call in self.calls if "oken" not in call.path]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.content_type == "application/json" and request.can_read_body else {}
        query = dict(request.query)
        if request.content_type == "multipart/form-data":
            part = await (await request.multipart()).next()
            body = {"name": getattr(part, "filename", ""), "data": (await part.read()).decode("latin1")}  # type: ignore[union-attr]
        token = request.headers.get("x-acs-dingtalk-access-token", query.get("access_token", ""))
        self.calls.append(Call(request.path, query, token, body))
        status, said = self.next[request.path].pop(0) if self.next[request.path] else (200, self.usual(request.path))
        if isinstance(said, bytes):
            return web.Response(status=status, body=said)
        headers = {"Location": "http://127.0.0.1:1/"} if status == 302 else {}
        return web.json_response(said, status=status, headers=headers)

    def usual(self, path: str) -> object:
        if "oken" in path:
            self.tokens += 1
            value = f"token-{self.tokens}"
            return {"errcode": 0, "accessToken": value, "access_token": value, "expireIn": 7200, "expires_in": 7200}
        if path.startswith("/topapi"):
            return {"errcode": 0, "result": {"userid": "u9", "name": "张三", "title": "科员", "mobile": "1"}}
        if path == "/v1.0/robot/messageFiles/download":
            return {"downloadUrl": self.base + "/files/a?sign=x"}
        if path.startswith("/files"):
            return b"bytes of a file"
        return {"errcode": "0", "processQueryKey": f"q{len(self.calls)}", "media_id": "@lAD1"}


@dataclass
class Given:
    ding: Scripts
    door: Outbound
    seconds: list[float]

    @property
    def session(self) -> str:
        return self.ding.base + "/robot/sendBySession?session=s3cret-session"


async def read_file(key: str) -> bytes:
    if key not in FILES:
        raise FileNotFoundError(key)
    return FILES[key]


@pytest_asyncio.fixture
async def given() -> AsyncIterator[Given]:
    ding, seconds = Scripts(), [0.0]
    app = web.Application(client_max_size=64 << 20)
    app.router.add_route("*", "/{any:.*}", ding.answer)
    async with TestServer(app, host="127.0.0.1") as server, open_session() as session:
        ding.base = str(server.make_url("")).rstrip("/")
        endpoints = Endpoints(ding.base, ding.base)
        door = open_door(
            session,
            endpoints,
            Credential("ding1", SECRET),
            "robot1",
            files=read_file,
            now=lambda: NOW,
            monotonic=lambda: seconds[0],
        )
        yield Given(ding, door, seconds)


async def reply(given: Given, message: Reply, *, to: Receiver = PERSON, expires: datetime | None = LATER) -> Sent:
    return await given.door.reply(given.session, expires, to, message, engine_now=NOW)


async def test_a_reply_goes_by_its_session_and_takes_no_permit(given: Given) -> None:
    door: Door = given.door
    sent = await reply(given, Reply("第一行\n第二行", (Button("提交", "提交 #12.3"),)))
    assert (sent.kind, sent.calls) == ("session", 0)
    assert not door.needs_permit(given.session, LATER, NOW)
    [call] = given.ding.calls
    assert call.body["msgtype"] == "actionCard"
    assert "第一行\n\n第二行" in json.dumps(call.body, ensure_ascii=False).replace("\\n", "\n")


@pytest.mark.parametrize("expires", [NOW - timedelta(hours=1), NOW + timedelta(seconds=30)])
async def test_an_expired_session_is_not_even_tried(given: Given, expires: datetime) -> None:
    assert given.door.needs_permit(given.session, expires, NOW)
    sent = await reply(given, Reply("好"), expires=expires)
    assert (sent.kind, sent.calls, bool(sent.receipt)) == ("open", 1, True)
    assert given.ding.paths() == ["/v1.0/robot/oToMessages/batchSend"]


@pytest.mark.parametrize(
    "answer",
    [
        (200, {"errcode": 300001, "errmsg": "session 不存在"}),
        (200, {"errcode": "300005"}),
        (404, {}),
        (401, {}),
        (403, {"code": "x"}),
    ],
)
async def test_a_dead_session_falls_back_to_the_open_api(given: Given, answer: Scripted) -> None:
    given.ding.next["/robot/sendBySession"].append(answer)
    sent = await reply(given, Reply("好"), to=GROUP)
    assert (sent.kind, sent.calls) == ("open", 1)
    assert given.ding.paths() == ["/robot/sendBySession", "/v1.0/robot/groupMessages/send"]


async def test_without_staff_id_only_the_session_reaches_a_person(given: Given) -> None:
    with pytest.raises(GiveUp) as found:
        await reply(given, Reply("好"), to=Receiver("person", ""), expires=NOW)
    assert found.value.trouble == "route"
    assert given.ding.paths() == []


async def test_a_session_elsewhere_is_never_called(given: Given) -> None:
    for route in (
        "https://evil.example/robot?session=x",
        "http://oapi.dingtalk.com/x",
        "https://u:p@oapi.dingtalk.com/",
    ):
        sent = await given.door.reply(route, LATER, PERSON, Reply("好"), engine_now=NOW)
        assert sent.kind == "open"


async def test_a_redirect_is_not_followed(given: Given) -> None:
    given.ding.next["/robot/sendBySession"].append((302, {"errcode": 0}))
    assert (await reply(given, Reply("好"))).kind == "open"


async def test_a_throttled_session_waits_instead_of_falling_back(given: Given) -> None:
    given.ding.next["/robot/sendBySession"].append((200, {"errcode": 130101, "errmsg": "send too fast"}))
    with pytest.raises(Retry) as found:
        await reply(given, Reply("好"), to=GROUP)
    assert (found.value.after, found.value.blocked) == (timedelta(minutes=10), "group")


async def test_the_parts_already_taken_are_told_and_left_out(given: Given) -> None:
    long = Reply("\n".join(f"- 第{n}项：智慧校园建设进展情况说明文字" for n in range(400)))
    given.ding.next["/robot/sendBySession"] += [(200, {"errcode": 0}), (500, {})]
    with pytest.raises(Retry) as found:
        await reply(given, long)
    assert found.value.done == 1
    given.ding.next["/robot/sendBySession"].append((500, {}))
    with pytest.raises(Retry) as again:
        await given.door.reply(given.session, LATER, PERSON, long, engine_now=NOW, done=1)
    assert again.value.done == 0
    before, count = len(given.ding.calls), given.door.parts(PERSON, long)
    await given.door.reply(given.session, LATER, PERSON, long, engine_now=NOW, done=1)
    assert len(given.ding.calls) - before == count - 1


async def test_a_push_to_a_person_and_to_a_group(given: Given) -> None:
    await given.door.push(PERSON, Announcement("还有2件", (Button("填报"), Button("看原文"))))
    sent = await given.door.push(GROUP, Announcement("已收到22件", mentions=("u1",)))
    person, group = (call.body for call in given.ding.calls if "robot" in call.path)
    assert (person["userIds"], person["robotCode"], person["msgKey"]) == (["u1"], "robot1", "sampleActionCard2")
    assert (group["openConversationId"], group["msgKey"]) == ("cid1", "sampleMarkdown")
    assert isinstance(group["msgParam"], str)
    assert "@u1" not in group["msgParam"]  # this way cannot @, so it does not pretend
    assert sent.receipt


async def test_a_groups_own_robot_signs_and_mentions(given: Given) -> None:
    webhook = Webhook(given.ding.base + "/robot/send?access_token=t0ken", "SECtest")
    sent = await given.door.push(GROUP, Announcement("截止17:00", mentions=("u1",)), webhook=webhook, key="job-7")
    [call] = given.ding.calls
    assert (sent.kind, sent.calls) == ("webhook", 0)
    assert call.query["timestamp"] == "1700000000000"
    assert call.query["sign"] == "aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g="
    assert call.body["at"] == {"atUserIds": ["u1"], "isAtAll": False}
    assert "@u1" in json.dumps(call.body)
    assert call.body["msgUuid"] == "job-7/0"
    assert "SECtest" not in repr(webhook)
    assert "t0ken" not in repr(webhook)


def test_the_signature_is_that_of_the_reference() -> None:
    expected = "&timestamp=1700000000000&sign=aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g%3D"
    assert signature("SECtest", 1_700_000_000_000) == expected


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        ({"invalidStaffIdList": ["u1"]}, GiveUp),
        ({"flowControlledStaffIdList": ["u1"]}, Retry),
        ({"filteredStaffIdList": ["u1"]}, GiveUp),
    ],
)
async def test_an_answer_that_names_the_person_is_a_failure(
    given: Given, lists: dict[str, object], expected: type[Exception]
) -> None:
    given.ding.next["/v1.0/robot/oToMessages/batchSend"].append((200, {"processQueryKey": "q", **lists}))
    with pytest.raises(expected):
        await given.door.push(PERSON, Announcement("x"))


@pytest.mark.parametrize(
    "refusal", [(400, {"code": "InvalidAuthentication"}), (401, {"code": "InvalidAuthentication"})]
)
async def test_a_refused_token_is_renewed_and_the_call_repeated(given: Given, refusal: Scripted) -> None:
    given.ding.next["/v1.0/robot/groupMessages/send"].append(refusal)
    await given.door.push(GROUP, Announcement("x"))
    tokens = [call.token for call in given.ding.calls if call.path.endswith("/send")]
    assert tokens == ["token-1", "token-2"]


async def test_a_refused_old_token_is_renewed_too(given: Given) -> None:
    given.ding.next["/topapi/v2/user/getbymobile"].append((200, {"errcode": 40014, "errmsg": "不合法的access_token"}))
    assert await given.door.find_by_mobile("13900000000") == "u9"
    assert [call.query["access_token"] for call in given.ding.calls if "getby" in call.path] == ["token-1", "token-2"]


async def test_tokens_are_kept_renewed_early_and_asked_for_once(given: Given) -> None:
    await asyncio.gather(*(given.door.push(GROUP, Announcement("x")) for _ in range(10)))
    assert given.ding.tokens == 1
    given.seconds[0] = 6899
    await given.door.push(GROUP, Announcement("x"))
    assert given.ding.tokens == 1
    given.seconds[0] = 6900
    await given.door.push(GROUP, Announcement("x"))
    assert given.ding.tokens == 2


async def test_wrong_credentials_hold_everything_back_for_minutes(given: Given) -> None:
    given.ding.next["/v1.0/oauth2/accessToken"].append((400, {"code": "invalidClientIdOrSecret"}))
    with pytest.raises(Retry) as found:
        await given.door.push(GROUP, Announcement("x"))
    assert (found.value.after, found.value.blocked) == (timedelta(minutes=5), "app")


async def test_files_go_by_upload_once_and_pictures_as_pictures(given: Given) -> None:
    message = Reply("汇总表在这里", files=(SentFile("k1", "汇总表.xlsx"),), pictures=(SentFile("k2", "图.png"),))
    assert given.door.parts(PERSON, message) == 3
    sent = await reply(given, message)
    await given.door.push(PERSON, Announcement("", files=message.files))
    uploads = [call for call in given.ding.calls if call.path == "/media/upload"]
    assert [(u.query["type"], u.body["name"], u.body["data"]) for u in uploads] == [
        ("image", "image.png", FILES["k2"].decode("latin1")),
        ("file", "file.xlsx", "PK-table"),
    ]
    keys = [call.body["msgKey"] for call in given.ding.calls if call.path.endswith("batchSend")]
    assert keys == ["sampleImageMsg", "sampleFile", "sampleFile"]
    assert (sent.kind, sent.calls) == ("open", 4)


async def test_a_file_that_is_gone_is_given_up(given: Given) -> None:
    with pytest.raises(GiveUp) as found:
        await given.door.push(PERSON, Announcement("x", files=(SentFile("nowhere", "a.xlsx"),)))
    assert (found.value.trouble, found.value.done) == ("file", 1)


async def test_what_somebody_sent_is_fetched(given: Given) -> None:
    assert await given.door.fetch(Attachment("file", "code1", "a.xlsx")) == b"bytes of a file"


@pytest.mark.parametrize(
    "place",
    [
        "http://169.254.169.254/latest",
        "https://dingtalk.com.evil.example/a",
        "https://evil.example/dingtalk.com",
        "http://oss-cn.aliyuncs.com/a",
        "https://oss-cn.aliyuncs.com:8443/a",
        "file:///etc/passwd",
        "https://[::1",
        "",
    ],
)
async def test_nothing_is_fetched_from_elsewhere(given: Given, place: str) -> None:
    given.ding.next["/v1.0/robot/messageFiles/download"].append((200, {"downloadUrl": place}))
    with pytest.raises(GiveUp) as found:
        await given.door.fetch(Attachment("file", "code1"))
    assert found.value.trouble == "file"


async def test_a_redirect_or_a_giant_is_not_fetched(given: Given) -> None:
    given.ding.next["/files/a"] += [(302, {}), (200, b"x" * ((20 << 20) + 1))]
    for _ in range(2):
        with pytest.raises(GiveUp) as found:
            await given.door.fetch(Attachment("file", "code1"))
        assert found.value.trouble == "file"


async def test_members_are_found_or_not(given: Given) -> None:
    assert await given.door.find("u9") == Known("u9", "张三", "科员", "1")
    given.ding.next["/topapi/v2/user/getbymobile"].append((200, {"errcode": 60121, "errmsg": "找不到该用户"}))
    assert await given.door.find_by_mobile("13900000000") is None


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, {"errcode": 0}, None),
        (200, {"errcode": "0", "errmsg": "ok"}, None),
        (200, {"processQueryKey": "q"}, None),
        (200, {}, Retry),
        (403, {"code": "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"}, Retry),
        (403, {"code": "Forbidden.AccessDenied.ApiCountLimitForOrg"}, Retry),
        (403, {"code": "Forbidden.AccessDenied.AccessTokenPermissionDenied"}, GiveUp),
        (200, {"status": 1111, "wait": 5, "source": "x5", "punish": "deny"}, Retry),
        (200, {"status": 1, "processQueryKey": "q"}, None),
        (403, {"status": 1111, "wait": 5, "source": "x5", "punish": "deny"}, Retry),
        (504, {}, Retry),
        (500, {"code": "ServiceUnavailable"}, Retry),
        (429, {}, Retry),
        (400, {"code": "staffId.notExisted"}, GiveUp),
        (400, {"code": "invalidParameter.msgParam.tooLong"}, GiveUp),
        (400, {"code": "invalid.openConversationId"}, GiveUp),
        (400, {"code": "something.new"}, GiveUp),
        (200, {"errcode": 460101}, GiveUp),
        (200, {"errcode": "430102"}, GiveUp),
        (200, {"errcode": 310000}, GiveUp),
        (200, {"errcode": -1}, Retry),
        (200, {"errcode": 88, "sub_code": "60011"}, GiveUp),
        (200, {"errcode": 88, "sub_code": ""}, Retry),
        (200, {"errcode": 15}, Retry),
        (302, {"errcode": 0}, GiveUp),
    ],
)
def test_errors_are_sorted(status: int, body: dict[str, object], expected: type[Exception] | None) -> None:
    found = failure(Answer(status, body))
    assert found is None if expected is None else isinstance(found, expected)


def test_a_token_is_stale_only_when_it_is_said() -> None:
    assert is_stale(Answer(400, {"code": "InvalidAuthentication"}))
    assert is_stale(Answer(200, {"errcode": 40014}))
    assert not is_stale(Answer(200, {"errcode": 330001}))
    assert not is_stale(Answer(403, {"code": "Forbidden.AccessDenied.QpsLimitForApi"}))


def test_retry_after_is_respected() -> None:
    found = failure(Answer(429, {}, timedelta(seconds=30)))
    assert isinstance(found, Retry)
    assert found.after == timedelta(seconds=30)


async def test_a_slow_dingtalk_times_out_and_may_have_heard(given: Given) -> None:
    async def never(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    app = web.Application()
    app.router.add_post("/x", never)
    async with TestServer(app, host="127.0.0.1") as server, open_session() as session:
        with pytest.raises(Retry) as found:
            await Http(session, timeout=0.1).post(str(server.make_url("/x")), {})
        assert found.value.uncertain
    async with open_session() as session:
        with pytest.raises(Retry) as found:
            await Http(session).post("http://127.0.0.1:1/x?access_token=t0ken", {})
        assert not found.value.uncertain
        assert "t0ken" not in str(found.value)


async def test_nothing_secret_is_logged(given: Given, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, logger="aiohttp.access")  # the other side's log
    caplog.set_level(logging.DEBUG)
    given.ding.next["/robot/sendBySession"].append((200, {"errcode": 300001}))
    await reply(given, Reply("不能进日志的话"))
    given.ding.next["/v1.0/robot/groupMessages/send"].append((500, {"code": "x", "message": "m"}))
    with pytest.raises(Retry):
        await given.door.push(GROUP, Announcement("不能进日志的话"))
    await given.door.find_by_mobile("13900000000")
    assert "session is dead" in caplog.text
    for secret in ("s3cret-session", SECRET, "token-1", "不能进日志的话", "13900000000"):
        assert secret not in caplog.text
        assert all(secret not in str(record.__dict__) for record in caplog.records if record.name.startswith("bot"))
