"""Settings: three places say the same, and a wrong value is named without being shown."""

from __future__ import annotations

import re
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.settings import BadSetting, Hours, Rate, Settings, read_settings, variable

HOUSE = Path(__file__).parents[2]
FIELDS = {
    "DINGTALK_OPENAPI_ENDPOINT" if name == "openapi_endpoint" else variable(name): field
    for name, field in Settings.model_fields.items()
}
WRONG = [
    ("DINGBAN_WEB_PORT", "eighty"),
    ("DINGBAN_WEB_PORT", "70000"),
    ("DINGBAN_SEND_HOURS", "早上到下午"),
    ("DINGBAN_SEND_HOURS", "25:00-26:00"),
    ("DINGBAN_GROUP_RATE", "20 a minute"),
    ("DINGBAN_GLOBAL_RATE", "-1/s"),
    ("DINGBAN_RETENTION", "forever"),
    ("DINGBAN_TIMEZONE", "Asia/Nowhere"),
    ("DINGBAN_LOG_LEVEL", "LOUD"),
    ("DINGBAN_CLOCK", "tomorrow"),
    ("DINGBAN_CLOCK_SPEED", "0"),
    ("DINGBAN_OAPI_ENDPOINT", "oapi.dingtalk.com"),
    ("DINGTALK_OPENAPI_ENDPOINT", "ftp://api.dingtalk.com"),
]


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of this machine, no .env."""
    monkeypatch.chdir(tmp_path)
    for name in FIELDS:
        monkeypatch.delenv(name, raising=False)


def examples() -> dict[str, str]:
    """Variable → value as deploy/env.example shows it, comment mark or not."""
    text = (HOUSE / "deploy/env.example").read_text()
    return dict(re.findall(r"^#?((?:DINGBAN|DINGTALK)_\w+)=(.*)$", text, re.M))


def test_the_example_names_every_setting_and_no_other() -> None:
    assert set(examples()) == set(FIELDS)


def test_the_readme_names_every_setting_and_no_other() -> None:
    table = re.findall(r"^\| `((?:DINGBAN|DINGTALK)_\w+)` \|", (HOUSE / "README.md").read_text(), re.M)
    assert sorted(table) == sorted(FIELDS)


def test_the_readme_says_of_each_setting_what_the_code_says() -> None:
    text = (HOUSE / "README.md").read_text()
    rows = dict(re.findall(r"^\| `(\w+)` \|[^|\n]*\| ([^|\n]*?) \|$", text, re.M))
    assert {name: rows[name] for name in FIELDS} == {name: field.description for name, field in FIELDS.items()}


def test_the_values_shown_in_the_example_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    default = read_settings()
    for name, value in examples().items():
        monkeypatch.setenv(name, value)
    assert read_settings() == default


def test_every_setting_has_a_meaning_in_chinese() -> None:
    assert all(re.search(r"[\u4e00-\u9fff]", field.description or "") for field in FIELDS.values())


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_refused_by_name_and_never_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as refused:
        read_settings()
    assert refused.value.names == (name,)
    assert value not in str(refused.value)


def test_two_wrong_values_are_both_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DINGBAN_WEB_PORT", "x")
    monkeypatch.setenv("DINGBAN_LOG_LEVEL", "x")
    with pytest.raises(BadSetting) as refused:
        read_settings()
    assert set(refused.value.names) == {"DINGBAN_WEB_PORT", "DINGBAN_LOG_LEVEL"}


def test_missing_credentials_are_named() -> None:
    with pytest.raises(BadSetting) as refused:
        read_settings().need_credentials()
    assert (refused.value.names, refused.value.why) == (("DINGBAN_CLIENT_ID", "DINGBAN_CLIENT_SECRET"), "missing")


def test_a_turnable_clock_is_refused_off_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DINGBAN_CLOCK", "2021-12-20T09:00")
    assert read_settings().clock
    monkeypatch.setenv("DINGBAN_WEB_HOST", "0.0.0.0")
    with pytest.raises(BadSetting) as refused:
        read_settings()
    assert (refused.value.names, refused.value.why) == (("DINGBAN_CLOCK", "DINGBAN_WEB_HOST"), "loopback")


@pytest.mark.parametrize("name", ["DINGBAN_OAPI_ENDPOINT", "DINGTALK_OPENAPI_ENDPOINT"])
def test_plain_http_is_for_loopback_only(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:8700")
    read_settings()
    monkeypatch.setenv(name, "http://10.0.0.1:8700")
    with pytest.raises(BadSetting) as refused:
        read_settings()
    assert (refused.value.names, refused.value.why) == ((name,), "loopback")


def test_spans_rates_and_hours_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DINGBAN_GROUP_RATE", "15/60s")
    monkeypatch.setenv("DINGBAN_GLOBAL_RATE", "5/s")
    monkeypatch.setenv("DINGBAN_SEND_HOURS", "09:00-12:00")
    monkeypatch.setenv("DINGBAN_RETENTION", "400 days")
    settings = read_settings()
    assert settings.group_rate == Rate(15, timedelta(seconds=60))
    assert settings.global_rate == Rate(5, timedelta(seconds=1))
    assert settings.send_hours == Hours(time(9), time(12))
    assert settings.retention == timedelta(days=400)


def test_the_secret_is_in_no_text_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DINGBAN_CLIENT_SECRET", "the-very-secret")
    assert "the-very-secret" not in repr(read_settings()) + str(read_settings())


def test_the_robot_is_the_client_unless_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DINGBAN_CLIENT_ID", "dingabc")
    assert read_settings().robot == "dingabc"
    monkeypatch.setenv("DINGBAN_ROBOT_CODE", "dingxyz")
    assert read_settings().robot == "dingxyz"
