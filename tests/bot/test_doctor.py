"""The doctor tells each failure apart and says what to do; examining leaves nothing behind."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.doctor import examine, examine_calendar, examine_files, examine_fonts
from bot.doctor_database import examine_database
from bot.doctor_network import examine_network
from bot.finding import Finding
from bot.settings import Settings
from storage import Database
from tests.postgres import Postgres, postgres

SHORT = timedelta(seconds=0.3)
LONG = timedelta(seconds=10)
ID, HIJACKED, SECRET = "dingtest", "dinghijacked", "a-secret"


def now() -> datetime:
    return datetime.now(UTC)


def told(findings: list[Finding], subject: str) -> Finding:
    """The finding about a subject."""
    return next(finding for finding in findings if finding.subject == subject)


@pytest.fixture
async def dingtalk() -> AsyncIterator[str]:
    """The few addresses the doctor calls, on loopback."""

    async def token(request: web.Request) -> web.Response:
        if (await request.json()) in [{"appKey": key, "appSecret": SECRET} for key in (ID, HIJACKED)]:
            return web.json_response({"accessToken": "t", "expireIn": 7200})
        return web.json_response({"code": "invalidClientIdOrSecret", "message": "no"}, status=400)

    async def register(request: web.Request) -> web.Response:
        host = "elsewhere.example" if (await request.json())["clientId"] == HIJACKED else request.host
        return web.json_response({"endpoint": f"ws://{host}/connect", "ticket": "once"})

    app = web.Application()
    app.add_routes([web.post("/v1.0/oauth2/accessToken", token), web.post("/v1.0/gateway/connections/open", register)])
    async with TestServer(app) as server:
        yield str(server.make_url("/")).rstrip("/")


def settings(url: str, **more: object) -> Settings:
    """Settings that call `url` for both endpoints."""
    given = {"client_id": ID, "client_secret": SECRET, "oapi_endpoint": url, "openapi_endpoint": url}
    return Settings.model_validate(given | more)


async def test_all_is_well(dingtalk: str, tmp_path: Path) -> None:
    here = {"database_url": f"sqlite+aiosqlite:///{tmp_path}/d.db", "files_dir": tmp_path / "files", "web_port": 0}
    findings = await examine(settings(dingtalk, **here), LONG, lambda: datetime.now(UTC))
    wrong = [str(f) for f in findings if not f.ok and f.subject != "工作日历"]
    assert not wrong
    assert {"设置", "数据库", "新版接口", "旧版接口", "应用凭证", "长连接", "时钟", "中文字体", "文件目录"} <= {
        f.subject for f in findings
    }
    assert list(tmp_path.iterdir()) == []


async def test_a_wrong_secret_is_told_from_a_network_that_fails(dingtalk: str) -> None:
    findings = await examine_network(settings(dingtalk, client_secret="another"), LONG, now)
    assert told(findings, "新版接口").ok
    assert "invalidClientIdOrSecret" in told(findings, "应用凭证").found
    assert not any("another" in str(f) for f in findings)


async def test_a_stream_host_that_is_not_dingtalks_is_not_called(dingtalk: str) -> None:
    stream = told(await examine_network(settings(dingtalk, client_id=HIJACKED), LONG, now), "长连接")
    assert not stream.ok
    assert "elsewhere.example" in stream.found


async def test_a_clock_that_is_off_is_told(dingtalk: str) -> None:
    findings = await examine_network(settings(dingtalk), LONG, lambda: now() + timedelta(minutes=5))
    clock = told(findings, "时钟")
    assert not clock.ok
    assert "timedatectl" in clock.advice


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_refused_connection_is_told() -> None:
    findings = await examine_network(settings(f"http://127.0.0.1:{unused_port()}"), LONG, now)
    assert "连接被拒绝" in told(findings, "新版接口").found
    assert told(findings, "时钟").ok


async def test_a_name_that_does_not_resolve_is_told() -> None:
    findings = await examine_network(settings("https://nowhere.invalid"), LONG, now)
    assert "域名解析不了" in told(findings, "新版接口").found


async def test_a_proxy_that_is_away_is_told() -> None:
    proxy = f"http://127.0.0.1:{unused_port()}"
    findings = await examine_network(settings("https://nowhere.invalid", proxy=proxy), LONG, now)
    assert "代理连不上" in told(findings, "新版接口").found
    assert "DINGBAN_PROXY" in told(findings, "新版接口").advice


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
async def serve() -> AsyncIterator[Callable[[Talk, ssl.SSLContext | None], Awaitable[int]]]:
    """Serve raw TCP; returns the port."""
    servers = []

    async def start(talk: Talk, tls: ssl.SSLContext | None) -> int:
        server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls)
        servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    yield start
    for server in servers:
        server.close()


async def test_silence_is_told_from_refusal(serve: Callable[[Talk, None], Awaitable[int]]) -> None:
    done = asyncio.Event()

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await done.wait()
        writer.close()

    port = await serve(silent, None)
    findings = await examine_network(settings(f"http://127.0.0.1:{port}"), SHORT, now)
    done.set()
    assert "没有应答" in told(findings, "新版接口").found


async def test_a_proxy_that_refuses_to_forward_is_told(serve: Callable[[Talk, None], Awaitable[int]]) -> None:
    async def forbid(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    port = await serve(forbid, None)
    findings = await examine_network(settings("https://nowhere.invalid", proxy=f"http://127.0.0.1:{port}"), LONG, now)
    assert "拒绝转发" in told(findings, "新版接口").found


def self_signed(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context for 127.0.0.1 nobody trusts yet, and the certificate to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "gateway")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "gateway.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, secret)
    (folder / "key.pem").write_bytes(private)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem, folder / "key.pem")
    return context, pem


async def test_a_gateway_with_a_certificate_of_its_own_needs_its_ca(tmp_path: Path) -> None:
    context, pem = self_signed(tmp_path)
    runner = web.AppRunner(web.Application())
    await runner.setup()
    site = web.TCPSite(runner, "localhost", port := unused_port(), ssl_context=context)
    await site.start()
    url = f"https://localhost:{port}"
    try:
        distrusted = told(await examine_network(settings(url), LONG, now), "新版接口")
        trusted = told(await examine_network(settings(url, ca_file=pem), LONG, now), "新版接口")
    finally:
        await runner.cleanup()
    assert "证书不被信任" in distrusted.found
    assert "DINGBAN_CA_FILE" in distrusted.advice
    assert trusted.ok


async def test_a_ca_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    (finding,) = await examine_network(settings("https://nowhere.invalid", ca_file=tmp_path / "ca.pem"), LONG, now)
    assert (finding.subject, finding.ok) == ("CA 证书", False)


async def test_a_database_that_is_not_there_yet_is_not_made(tmp_path: Path) -> None:
    (finding,) = await examine_database(f"sqlite+aiosqlite:///{tmp_path}/new/d.db", LONG)
    assert finding.ok
    assert list(tmp_path.iterdir()) == []


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "d.db").write_text("hello " * 1000)
    (finding,) = await examine_database(f"sqlite+aiosqlite:///{tmp_path}/d.db", LONG)
    assert not finding.ok
    assert "不是数据库" in finding.found


async def test_a_url_that_names_no_database_is_told() -> None:
    (finding,) = await examine_database("mysql://somewhere", LONG)
    assert "DINGBAN_DATABASE_URL" in finding.advice


async def test_a_running_bot_is_seen_by_its_lock(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/d.db"
    running = Database(url)
    await running.start()
    assert "没有别的进程" in told(await examine_database(url, LONG), "运行锁").found
    running.lock.acquire()
    findings = await examine_database(url, LONG)
    assert told(findings, "数据库").ok
    assert "正在这个库上运行" in told(findings, "运行锁").found
    assert await messages(url) == 0
    await running.close()


async def test_a_schema_of_another_release_is_told(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/d.db"
    database = Database(url)
    await database.start()
    await database.downgrade("0001")
    old = told(await examine_database(url, LONG), "表结构")
    await database.close()
    assert old.ok  # SQLite upgrades itself
    assert "自动升级" in old.found


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A real PostgreSQL."""
    with postgres() as running:
        yield running


@pytest.fixture
def empty(server: Postgres) -> str:
    """URL of a database without tables."""
    return server.database(empty=True)


@pytest.mark.postgres
async def test_an_old_schema_on_postgresql_wants_the_command(empty: str) -> None:
    findings = await examine_database(empty, LONG)
    assert not told(findings, "表结构").ok
    assert "dingban db upgrade" in told(findings, "表结构").advice


@pytest.mark.postgres
async def test_a_good_postgresql_is_left_as_it_was(server: Postgres) -> None:
    url = await asyncio.to_thread(server.database)
    findings = await examine_database(url, LONG)
    assert all(finding.ok for finding in findings)
    assert await messages(url) == 0


@pytest.mark.postgres
async def test_a_database_that_takes_no_writes_is_told(server: Postgres) -> None:
    url = await asyncio.to_thread(server.database)
    name = url.partition("?")[0].rsplit("/", 1)[1]
    await asyncio.to_thread(server.execute, f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    found = told(await examine_database(url, LONG), "数据库")
    assert "能读不能写" in found.found


async def messages(url: str) -> int:
    """How many messages the database holds."""
    database = Database(url)
    async with database.read() as work:
        counts = await work.inbox.counts(datetime(2000, 1, 1, tzinfo=UTC))
    await database.close()
    return counts.handled


@pytest.mark.postgres
async def test_a_postgresql_without_the_named_database_is_told(server: Postgres) -> None:
    (finding,) = await examine_database(server.url_of("nothing_here"), LONG)
    assert "没有这个库" in finding.found


async def test_a_postgresql_that_is_away_is_told() -> None:
    (finding,) = await examine_database(f"postgresql+asyncpg://u:p@127.0.0.1:{unused_port()}/d", LONG)
    assert not finding.ok
    assert "没有在这个端口监听" in finding.found


async def test_a_port_of_another_program_is_told(dingtalk: str, tmp_path: Path) -> None:
    here = {"database_url": f"sqlite+aiosqlite:///{tmp_path}/d.db", "files_dir": tmp_path}
    port = int(dingtalk.rsplit(":", 1)[1])
    findings = await examine(settings(dingtalk, web_port=port, **here), LONG)
    assert "被别的程序占用" in told(findings, "状态页端口").found


async def test_our_own_status_page_is_recognised(dingtalk: str, tmp_path: Path) -> None:
    async def well(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    app = web.Application()
    app.router.add_get("/healthz", well)
    here = {"database_url": f"sqlite+aiosqlite:///{tmp_path}/d.db", "files_dir": tmp_path}
    async with TestServer(app) as ours:
        findings = await examine(settings(dingtalk, web_port=ours.port, **here), LONG)
    assert told(findings, "状态页端口").ok


def test_a_broken_font_is_told(tmp_path: Path) -> None:
    (tmp_path / "half.otf").write_bytes(b"OTTO")
    assert not examine_fonts(tmp_path / "half.otf").ok
    assert not examine_fonts(tmp_path / "none.otf").ok


def test_a_files_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not examine_files(tmp_path / "file" / "under").ok
    assert examine_files(tmp_path / "new" / "deep").ok
    assert not (tmp_path / "new").exists()


def test_the_calendar_warns_before_it_runs_out() -> None:
    assert examine_calendar(date(2021, 12, 31)).ok
    assert not examine_calendar(date(2099, 1, 1)).ok


def test_a_finding_shows_advice_only_when_it_is_needed() -> None:
    assert str(Finding("时钟", True, "准", "校时")) == "✓ 时钟：准"
    assert str(Finding("时钟", False, "慢", "校时")) == "✗ 时钟：慢\n    → 校时"
