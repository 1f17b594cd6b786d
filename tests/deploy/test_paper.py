"""What is written about running it is true: container, service, runbook and README against the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from bot.__main__ import app

HOUSE = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "knowledge", "storage")
LOUD = re.compile(r"""log\.(?:warning|error|exception|critical)\(\s*"([^"]+)\"""")


def text(path: str) -> str:
    return (HOUSE / path).read_text()


def sources() -> list[Path]:
    """Our code without the stand-in, which nobody operates."""
    return [p for room in ROOMS for p in sorted((HOUSE / room).rglob("*.py")) if "sandbox" not in p.parts]


def test_the_container_runs_without_rights_and_tells_its_health() -> None:
    lines = text("deploy/Dockerfile").splitlines()
    user = next(n for n, line in enumerate(lines) if line.startswith("USER "))
    assert lines[user] != "USER root"
    assert any(line.startswith("CMD") for line in lines[user:])
    assert "/healthz" in text("deploy/Dockerfile")
    assert re.search(r"^HEALTHCHECK ", text("deploy/Dockerfile"), re.M)


def test_the_service_is_shut_in() -> None:
    unit = text("deploy/dingban.service")
    wanted = (
        "User=dingban",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "PrivateTmp=yes",
        "CapabilityBoundingSet=\n",
    )
    assert [line for line in wanted if line not in unit] == []


def test_no_secret_and_no_registry_is_written_down() -> None:
    files = [p for p in (HOUSE / "deploy").iterdir() if p.is_file() and p.name != ".env"]
    for path in [*files, HOUSE / "pyproject.toml", HOUSE / "Makefile"]:
        assert not re.search(r"pypi\.org|index-url|SECRET=\S", path.read_text()), path.name


def test_the_runbook_explains_every_warning_and_error() -> None:
    events = {event for path in sources() for event in LOUD.findall(path.read_text())}
    explained = text("deploy/runbook.md")
    assert sorted(event for event in events if f"`{event}`" not in explained) == []


def test_the_runbook_explains_every_metric_and_every_fact_of_readiness() -> None:
    source = text("bot/metrics.py")
    names = {*re.findall(r'Gauge\(\s*"(\w+)"', source), *re.findall(r'^ +"(\w+)": ', source, re.M)}
    assert len(names) > 5
    explained = text("deploy/runbook.md")
    assert sorted(name for name in names if name not in explained) == []


def test_the_runbook_explains_every_line_of_the_doctor() -> None:
    subjects = re.findall(r"^    [A-Z]+(?:, [A-Z]+)* = (\".*)$", "\n".join(map(text, DOCTOR)), re.M)
    named = {name for line in subjects for name in re.findall(r'"([^"{]+)"', line)}
    named = {name for name in named if not name.endswith("①")}
    assert sorted(name for name in named if not re.search(rf"^\|[^|]*{name}", text("deploy/runbook.md"), re.M)) == []


DOCTOR = ("bot/doctor.py", "bot/doctor_database.py", "bot/doctor_network.py")


def commands() -> set[str]:
    """`ask`, `notice read` …: every command there is."""
    tops = get_command(app)
    assert isinstance(tops, TyperGroup)
    found = set()
    for name, command in tops.commands.items():
        found |= {f"{name} {leaf}" for leaf in command.commands} if isinstance(command, TyperGroup) else {name}
    return found


def test_the_readme_and_the_program_have_the_same_commands() -> None:
    table = [row for row in text("README.md").splitlines() if row.startswith("| `dingban ")]
    told = {" ".join(words.split()) for row in table for words in re.findall(r"`dingban ((?:[a-z]+ ?)+)", row)}
    assert told == commands()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/decisions/README.md"])
def test_every_link_leads_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text(page)):
        assert ((HOUSE / page).parent / target).exists(), target
