"""Servers that close at once, and what lies between us and DingTalk: no storm, a proxy, an own CA."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from random import Random

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from dingtalk_stream import Credential

from bot.dingtalk.connection import Limits
from bot.dingtalk.http import Endpoints, Http, open_session
from bot.dingtalk.stream import Patience, Stream
from bot.door import Retry
from handlers.message import Message

pytestmark = pytest.mark.wire

Manners = Callable[[web.WebSocketResponse], Awaitable[object]]


class Gateway:
    """Gives tickets and treats every socket alike."""

    def __init__(self, manners: Manners) -> None:
        self.manners, self.opens, self.base = manners, 0, ""

    async def open(self, _: web.Request) -> web.Response:
        self.opens += 1
        return web.json_response(
            {"endpoint": self.base.replace("http", "ws") + "/connect", "ticket": f"t/+={self.opens}"}
        )

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        assert request.query["ticket"].startswith("t/+=")
        await self.manners(socket)
        return socket


@asynccontextmanager
async def gateway(manners: Manners) -> AsyncIterator[Gateway]:
    made = Gateway(manners)
    app = web.Application()
    app.router.add_post("/v1.0/gateway/connections/open", made.open)
    app.router.add_get("/connect", made.connect)
    async with TestServer(app, host="127.0.0.1") as server:
        made.base = str(server.make_url("")).rstrip("/")
        yield made


async def nobody(_: Message) -> None:
    raise AssertionError("nothing was said")


def stream_to(base: str, session: aiohttp.ClientSession, limits: Limits | None = None) -> Stream:
    credential, endpoints = Credential("ding1", "secret"), Endpoints(base, base)
    return Stream(
        credential, "robot", endpoints, nobody, session, now=lambda: datetime.now(UTC), rng=Random(3), limits=limits
    )


async def close_at_once(socket: web.WebSocketResponse) -> None:
    await socket.close()


async def say_goodbye_at_once(socket: web.WebSocketResponse) -> None:
    await socket.send_json({"type": "SYSTEM", "headers": {"topic": "disconnect", "messageId": "m"}, "data": "{}"})
    await asyncio.sleep(0.05)
    await socket.close()


async def ping_and_close(socket: web.WebSocketResponse) -> None:
    await socket.send_json({"type": "SYSTEM", "headers": {"topic": "ping", "messageId": "m"}, "data": '{"opaque":"o"}'})
    await socket.close()


async def push_and_close(socket: web.WebSocketResponse) -> None:
    await socket.send_json({"type": "CALLBACK", "headers": {"topic": "/other", "messageId": "m"}, "data": "{}"})
    await socket.close()


@pytest.mark.parametrize("manners", [close_at_once, say_goodbye_at_once, ping_and_close, push_and_close])
async def test_a_server_that_closes_at_once_is_not_stormed(manners: Manners) -> None:
    async with gateway(manners) as there, open_session() as session:
        stream = stream_to(there.base, session)
        running = asyncio.create_task(stream.run())
        await asyncio.sleep(3)
        await stream.stop()
        await running
        assert 2 <= there.opens <= 12


@pytest.mark.parametrize(
    "answer",
    [
        {"ticket": "t"},
        {"endpoint": "wss://evil.example/connect", "ticket": "t"},
        {"endpoint": "ws://oapi.dingtalk.com/connect", "ticket": "t"},
        {"endpoint": "wss://user@127.0.0.1/connect", "ticket": "t"},
        {"endpoint": "{base}", "ticket": ""},
        [],
    ],
)
async def test_an_answer_without_ticket_or_from_elsewhere_is_a_failed_attempt(answer: object) -> None:
    async def open_(_: web.Request) -> web.Response:
        return web.json_response(answer)

    app = web.Application()
    app.router.add_post("/v1.0/gateway/connections/open", open_)
    async with TestServer(app, host="127.0.0.1") as server, open_session() as session:
        stream = stream_to(str(server.make_url("")).rstrip("/"), session)
        running = asyncio.create_task(stream.run())
        while not stream.problem:
            await asyncio.sleep(0.01)
        assert not stream.connected
        await stream.stop()
        await running


async def test_the_run_can_be_cancelled() -> None:
    async def stay(socket: web.WebSocketResponse) -> None:
        await socket.receive()

    async with gateway(stay) as there, open_session() as session:
        stream = stream_to(there.base, session)
        running = asyncio.create_task(stream.run())
        while not stream.connected:
            await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running


def test_patience_grows_to_a_minute_and_is_regained() -> None:
    class Longest(Random):
        def uniform(self, a: float, b: float) -> float:
            return b

    patience = Patience(Longest(), longest=60)
    assert [patience.after(False) for _ in range(9)] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert patience.after(True) == 0.2
    assert patience.after(False) == 1
    assert len({Patience(Random(n), 60).after(False) for n in range(20)}) == 20


async def test_everything_goes_through_the_proxy() -> None:
    asked: list[str] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        asked.append(head.split("\r\n")[0].partition("?")[0])
        body = b'{"endpoint":"wss://wss-open-connection.dingtalk.com:443/connect","ticket":"t"}'
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n")
        writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(proxy, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, open_session(proxy=f"http://127.0.0.1:{port}") as session:
        stream = stream_to("http://dingtalk.invalid", session)
        running = asyncio.create_task(stream.run())
        while len(asked) < 2:
            await asyncio.sleep(0.01)
        await stream.stop()
        await running
    assert asked[0] == "POST http://dingtalk.invalid/v1.0/gateway/connections/open HTTP/1.1"
    assert asked[1] == "CONNECT wss-open-connection.dingtalk.com:443 HTTP/1.1"


async def test_an_own_ca_is_believed(tmp_path: Path) -> None:
    key_and_cert = make_certificate(tmp_path / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(key_and_cert)

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"errcode": 0})

    app = web.Application()
    app.router.add_post("/x", answer)
    server = TestServer(app, host="127.0.0.1", scheme="https")
    await server.start_server(ssl=context)
    url = str(server.make_url("/x"))
    async with open_session(ca_file=key_and_cert) as session:
        assert (await Http(session).post(url, {})).code == ""
    async with open_session() as session:
        with pytest.raises(Retry):
            await Http(session).post(url, {})
    await server.close()


def make_certificate(place: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that signs itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "own CA")])
    begin = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    place.write_bytes(secret + certificate.public_bytes(pem))
    return place
