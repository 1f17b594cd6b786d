"""Every setting of the bot: its type, unit, default and meaning; read once. Holds no logic of the product."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

LOOPBACK = ("127.0.0.1", "localhost", "::1")
YEAR = timedelta(days=366)  # never keep a thing shorter than promised


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` in any `window`."""

    count: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class Hours:
    """From `start` to `end` of a day, both included, business time."""

    start: time
    end: time


class BadSetting(Exception):
    """A setting is missing or wrong. `names` are the variables, `why` names a Say line: missing, wrong, loopback."""

    def __init__(self, names: tuple[str, ...], why: Literal["missing", "wrong", "loopback"]) -> None:
        super().__init__(why, *names)
        self.names, self.why = names, why


def read_rate(text: object) -> object:
    """`20/63s` → Rate; anything else is returned for pydantic to refuse."""
    found = re.fullmatch(r"(\d{1,6})/(\d{0,6})s", str(text).strip())
    return Rate(int(found[1]), timedelta(seconds=int(found[2] or 1))) if found else text


def read_hours(text: object) -> object:
    """`08:30-17:30` → Hours; anything else is returned for pydantic to refuse."""
    found = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", str(text).strip())
    return Hours(time.fromisoformat(found[1]), time.fromisoformat(found[2])) if found else text


def read_span(text: object) -> object:
    """`3 years`, `400 days` → timedelta; anything else is returned for pydantic to refuse."""
    found = re.fullmatch(r"(\d{1,4})\s*(year|day)s?", str(text).strip())
    return int(found[1]) * (YEAR if found[2] == "year" else timedelta(days=1)) if found else text


class Settings(BaseSettings):
    """Read from the environment and `.env`; names carry the prefix DINGBAN_."""

    model_config = SettingsConfigDict(
        env_prefix="DINGBAN_", env_file=".env", extra="ignore", populate_by_name=True, env_ignore_empty=True
    )

    client_id: str = Field(default="", description="钉钉应用的 Client ID（AppKey）")
    client_secret: SecretStr = Field(default=SecretStr(""), description="钉钉应用的 Client Secret（AppSecret）")
    robot_code: str = Field(default="", description="机器人编码；不填即与 Client ID 相同")
    database_url: str = Field(
        default="sqlite+aiosqlite:///var/dingban.db", description="数据库地址（SQLite 或 PostgreSQL）"
    )
    files_dir: Path = Field(default=Path("var/files"), description="附件与导出文件目录")
    web_host: str = Field(default="127.0.0.1", description="运行状态页监听地址")
    web_port: int = Field(default=8701, ge=0, le=65535, description="运行状态页端口")
    oapi_endpoint: str = Field(default="https://oapi.dingtalk.com", description="旧版接口地址")
    openapi_endpoint: str = Field(
        default="https://api.dingtalk.com",
        validation_alias=AliasChoices("DINGTALK_OPENAPI_ENDPOINT", "openapi_endpoint"),
        description="新版接口地址（SDK 自己的变量 DINGTALK_OPENAPI_ENDPOINT）",
    )
    send_hours: Annotated[Hours, NoDecode, BeforeValidator(read_hours)] = Field(
        default=Hours(time(8, 30), time(17, 30)), description="主动推送的时段，如 08:30-17:30"
    )
    group_rate: Annotated[Rate, NoDecode, BeforeValidator(read_rate)] = Field(
        default=Rate(20, timedelta(seconds=63)), description="每群发言上限，如 20/63s"
    )
    global_rate: Annotated[Rate, NoDecode, BeforeValidator(read_rate)] = Field(
        default=Rate(20, timedelta(seconds=1)), description="开放接口调用上限，如 20/s"
    )
    retention: Annotated[timedelta, BeforeValidator(read_span)] = Field(
        default=3 * YEAR, description="发送记录保留时间，如 3 years"
    )
    timezone: str = Field(default="Asia/Shanghai", description="时区")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="日志级别")
    proxy: str | None = Field(default=None, description="访问钉钉用的 HTTP 代理")
    ca_file: Path | None = Field(default=None, description="自有 CA 证书文件")
    clock: datetime | None = Field(default=None, description="沙箱时钟的起点，只许在本机使用")
    clock_speed: float = Field(default=1, gt=0, le=100_000, description="沙箱时钟的快慢倍数")

    @property
    def robot(self) -> str:
        """The robot's code; the client id unless set."""
        return self.robot_code or self.client_id

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of due dates and hours."""
        return ZoneInfo(self.timezone)

    @model_validator(mode="after")
    def check(self) -> Settings:
        """Refuse a turnable clock and plain http off loopback, and an unknown time zone."""
        try:
            ZoneInfo(self.timezone)
        except (KeyError, ValueError, OSError) as error:
            raise BadSetting(("DINGBAN_TIMEZONE",), "wrong") from error
        if self.clock and self.web_host not in LOOPBACK:
            raise BadSetting(("DINGBAN_CLOCK", "DINGBAN_WEB_HOST"), "loopback")
        endpoints = {"DINGBAN_OAPI_ENDPOINT": self.oapi_endpoint, "DINGTALK_OPENAPI_ENDPOINT": self.openapi_endpoint}
        for name, url in endpoints.items():
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise BadSetting((name,), "wrong")
            if parts.scheme == "http" and parts.hostname not in LOOPBACK:
                raise BadSetting((name,), "loopback")
        proxy = urlsplit(self.proxy or "")
        if self.proxy and (proxy.scheme not in ("http", "https") or not proxy.hostname):
            raise BadSetting(("DINGBAN_PROXY",), "wrong")
        return self

    def need_certificates(self) -> None:
        """Raises: BadSetting when the file of certificates is not there or holds none."""
        try:
            ssl.create_default_context(cafile=self.ca_file)
        except OSError as error:  # ssl.SSLError is one
            raise BadSetting(("DINGBAN_CA_FILE",), "wrong") from error

    def need_credentials(self) -> None:
        """Raises: BadSetting naming the credentials that are missing."""
        given = {
            "DINGBAN_CLIENT_ID": self.client_id,
            "DINGBAN_CLIENT_SECRET": self.client_secret.get_secret_value(),
        }
        if missing := tuple(name for name, value in given.items() if not value):
            raise BadSetting(missing, "missing")


def read_settings() -> Settings:
    """The settings of this process. Raises: BadSetting with the variables' names, never their values."""
    try:
        return Settings()
    except ValidationError as error:
        names = tuple(dict.fromkeys(variable(str(e["loc"][0])) for e in error.errors() if e["loc"]))
        raise BadSetting(names, "wrong") from None


def variable(field: str) -> str:
    """Name of the environment variable behind a field."""
    return field if field.startswith("DINGTALK_") else f"DINGBAN_{field.upper()}"
