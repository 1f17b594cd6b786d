"""The doctor's look at DingTalk: addresses, credentials, the stream's host, and this machine's clock beside theirs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from bot.dingtalk.http import Endpoints
from bot.finding import Finding
from bot.reach import Reached, Step, Way
from bot.settings import Settings

SKEW = timedelta(seconds=30)  # the Date header counts whole seconds, and the answer takes its time
GATEWAY = "/v1.0/gateway/connections/open"
TOKEN = "/v1.0/oauth2/accessToken"


class Say:
    OPENAPI, OAPI, CREDENTIALS, STREAM = "新版接口", "旧版接口", "应用凭证", "长连接"
    CLOCK, CA = "时钟", "CA 证书"
    REACHED = "{host} 可达"
    STEPS: ClassVar[dict[Step, str]] = {
        Step.PROXY: "{host}：代理连不上或拒绝转发",
        Step.NAME: "{host}：域名解析不了",
        Step.REFUSED: "{host}：连接被拒绝或没有路由",
        Step.CERTIFICATE: "{host}：证书不被信任",
        Step.TLS: "{host}：加密握手失败",
        Step.SLOW: "{host}：{seconds} 秒没有应答",
        Step.BROKEN: "{host}：连接中断",
    }
    STEPS_DO: ClassVar[dict[Step, str]] = {
        Step.PROXY: "检查 DINGBAN_PROXY 的地址和端口，并请网管放行到该域名 443 端口的 CONNECT",
        Step.NAME: "检查服务器的 DNS；内网不解析外部域名时，请设 DINGBAN_PROXY 由代理解析",
        Step.REFUSED: "请网管放行到该域名 443 端口的出站连接，或设 DINGBAN_PROXY",
        Step.CERTIFICATE: "网关会替换证书时，把网关的 CA 证书（PEM）路径写入 DINGBAN_CA_FILE；并核对服务器时间",
        Step.TLS: "检查防火墙或网关是否拦截加密连接",
        Step.SLOW: "多为防火墙丢包：请网管放行到该域名 443 端口的出站连接，或设 DINGBAN_PROXY",
        Step.BROKEN: "稍后再试；总是如此时请网管查看网关日志",
    }
    CA_OK = "{path} 可用"
    CA_BAD = "{path} 读不了"
    CA_BAD_DO = "DINGBAN_CA_FILE 须是 PEM 格式的证书文件，运行用户可读"
    CREDENTIALS_OK = "钉钉认可"
    CREDENTIALS_BAD = "钉钉不认可（{code}）"
    CREDENTIALS_BAD_DO = "核对 Client ID 与 Client Secret 是否同一个应用、有没有重置过；复制时不要带空格"
    STREAM_BAD = "登记被拒绝（{code}）"
    STREAM_STRANGE = "返回的主机 {host} 不是钉钉的，没有去连"
    STREAM_STRANGE_DO = "核对 DINGTALK_OPENAPI_ENDPOINT；并请网管查看有没有网关改写了应答"
    STREAM_BAD_DO = "在开放平台确认机器人已启用、消息接收模式选了 Stream 模式、版本已发布"
    CLOCK_OK = "与钉钉相差 {seconds} 秒"
    CLOCK_BAD_DO = "开启时间同步：timedatectl set-ntp true，或指向单位的时间服务器"
    CLOCK_UNKNOWN = "没有可比对的时间（网络不通）"


async def examine_network(settings: Settings, patience: timedelta, now: Callable[[], datetime]) -> list[Finding]:
    """Both endpoints, the credentials, the stream's host, and this machine's clock against theirs."""
    try:
        way = Way(settings.proxy, settings.ca_file, patience)
    except OSError:
        return [Finding(Say.CA, False, Say.CA_BAD.format(path=settings.ca_file), Say.CA_BAD_DO)]
    try:
        new = await way.get(settings.openapi_endpoint)
        moment = now()
        old = await way.get(settings.oapi_endpoint)
        return [
            examine_answer(Say.OPENAPI, settings.openapi_endpoint, new, patience),
            examine_answer(Say.OAPI, settings.oapi_endpoint, old, patience),
            *(await examine_account(settings, way, patience) if new.step is Step.ANSWERED else []),
            examine_clock(new, moment),
        ]
    finally:
        await way.close()


def examine_answer(subject: str, url: str, reached: Reached, patience: timedelta) -> Finding:
    """An address by the step its way ended at."""
    host = urlsplit(url).netloc
    if reached.step is Step.ANSWERED:
        return Finding(subject, True, Say.REACHED.format(host=host))
    found = Say.STEPS[reached.step].format(host=host, seconds=patience.total_seconds())
    return Finding(subject, False, found, Say.STEPS_DO[reached.step])


async def examine_account(settings: Settings, way: Way, patience: timedelta) -> list[Finding]:
    """The credentials by a token, and the stream's host by registering a connection that is never opened."""
    key, secret = settings.client_id, settings.client_secret.get_secret_value()
    if not key or not secret:
        return []
    token = await way.post(settings.openapi_endpoint + TOKEN, {"appKey": key, "appSecret": secret})
    if not field(token, "accessToken"):
        found = Say.CREDENTIALS_BAD.format(code=field(token, "code") or token.status or token.step)
        return [Finding(Say.CREDENTIALS, False, found, Say.CREDENTIALS_BAD_DO)]
    good = Finding(Say.CREDENTIALS, True, Say.CREDENTIALS_OK)
    wanted = [{"type": "CALLBACK", "topic": "/v1.0/im/bot/messages/get"}]
    body = {"clientId": key, "clientSecret": secret, "subscriptions": wanted}
    opened = await way.post(settings.openapi_endpoint + GATEWAY, body)
    return [good, await examine_stream(settings, opened, way, patience)]


async def examine_stream(settings: Settings, opened: Reached, way: Way, patience: timedelta) -> Finding:
    """Whether the host that DingTalk names for the stream can be reached; its ticket is left to expire."""
    endpoint = field(opened, "endpoint")
    if not endpoint:
        found = Say.STREAM_BAD.format(code=field(opened, "code") or opened.status or opened.step)
        return Finding(Say.STREAM, False, found, Say.STREAM_BAD_DO)
    if not Endpoints(settings.openapi_endpoint, settings.oapi_endpoint).trusts_socket(endpoint):
        return Finding(
            Say.STREAM, False, Say.STREAM_STRANGE.format(host=urlsplit(endpoint).netloc), Say.STREAM_STRANGE_DO
        )
    url = "http" + endpoint.removeprefix("ws")
    return examine_answer(Say.STREAM, url, await way.get(url), patience)


def field(reached: Reached, name: str) -> str:
    """A text field of a JSON answer, empty if there is none."""
    try:
        body = json.loads(reached.body)
    except ValueError:
        return ""
    return str(body.get(name, "")) if isinstance(body, dict) else ""


def examine_clock(reached: Reached, now: datetime) -> Finding:
    """This machine's clock against the Date header."""
    if reached.date is None:
        return Finding(Say.CLOCK, True, Say.CLOCK_UNKNOWN)
    skew = abs(now - reached.date)
    return Finding(Say.CLOCK, skew <= SKEW, Say.CLOCK_OK.format(seconds=skew // timedelta(seconds=1)), Say.CLOCK_BAD_DO)
