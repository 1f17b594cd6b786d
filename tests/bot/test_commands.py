"""The command line as an operator meets it: one Chinese line and a non-zero exit for every failure, nothing written."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTICES = ROOT / "tests" / "data" / "notices"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def dingban(folder: Path, *arguments: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder of its own."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(folder)} | settings
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder, env=environment, input=stdin, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one Chinese line of a command that failed."""
    assert done.returncode != 0, done.stdout
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert CHINESE.search(lines[0])
    assert "Traceback" not in done.stderr
    return lines[0]


def test_missing_credentials_are_named(tmp_path: Path) -> None:
    line = refused(dingban(tmp_path, "run"))
    assert "DINGBAN_CLIENT_ID" in line
    assert "dingban sandbox" in line
    assert not list(tmp_path.iterdir())


def test_a_wrong_setting_is_named_but_not_shown(tmp_path: Path) -> None:
    line = refused(dingban(tmp_path, "run", DINGBAN_SEND_HOURS="geheim"))
    assert "DINGBAN_SEND_HOURS" in line
    assert "geheim" not in line
    assert not list(tmp_path.iterdir())


def test_a_turnable_clock_is_refused_off_loopback(tmp_path: Path) -> None:
    line = refused(dingban(tmp_path, "run", DINGBAN_CLOCK="2021-12-20T09:00", DINGBAN_WEB_HOST="0.0.0.0"))
    assert "DINGBAN_CLOCK" in line


def test_plain_http_is_refused_off_loopback(tmp_path: Path) -> None:
    assert "DINGBAN_OAPI_ENDPOINT" in refused(dingban(tmp_path, "run", DINGBAN_OAPI_ENDPOINT="http://dingtalk.example"))


def test_an_unreadable_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"this is no database" * 100)
    url = f"sqlite+aiosqlite:///{tmp_path}/broken.db"
    for command in (["staff", "list"], ["db", "check"], ["ask", "智慧商圈谁负责"]):
        refused(dingban(tmp_path, *command, DINGBAN_DATABASE_URL=url))
    assert (tmp_path / "broken.db").read_bytes() == b"this is no database" * 100


def test_a_database_that_is_away_does_not_show_its_password(tmp_path: Path) -> None:
    url = "postgresql+asyncpg://bot:geheim@127.0.0.1:1/dingban"
    assert "geheim" not in refused(dingban(tmp_path, "staff", "list", DINGBAN_DATABASE_URL=url))


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        settings = {"DINGBAN_CLIENT_ID": "id", "DINGBAN_CLIENT_SECRET": "secret", "DINGBAN_WEB_PORT": port}
        line = dingban(tmp_path, "run", **settings, DINGBAN_LOG_LEVEL="ERROR").stderr.strip().splitlines()[-1]
    assert port in line
    assert CHINESE.search(line)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "value"), [("CA_FILE", "not-there.pem"), ("PROXY", "kein")])
def test_a_way_out_that_cannot_be_is_named_and_nothing_is_written(tmp_path: Path, name: str, value: str) -> None:
    given = {"DINGBAN_CLIENT_ID": "id", "DINGBAN_CLIENT_SECRET": "secret", f"DINGBAN_{name}": value}
    assert f"DINGBAN_{name}" in refused(dingban(tmp_path, "run", **given))
    assert not list(tmp_path.iterdir())


def test_an_address_of_nobody_is_one_line(tmp_path: Path) -> None:
    given = {"DINGBAN_CLIENT_ID": "id", "DINGBAN_CLIENT_SECRET": "secret", "DINGBAN_WEB_HOST": "nowhere.invalid"}
    line = dingban(tmp_path, "run", **given, DINGBAN_LOG_LEVEL="ERROR").stderr.strip().splitlines()[-1]
    assert "nowhere.invalid" in line
    assert CHINESE.search(line)
    assert not list(tmp_path.iterdir())


def test_what_is_no_backup_is_said_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"junk")
    line = refused(dingban(tmp_path, "db", "restore", "a.zip"))
    assert "不是备份文件" in line
    assert "archive" not in line


@pytest.mark.parametrize("content", [b"", b"hello world\n" * 3, b"\xff\xfe\x00garbage", b"PK\x03\x04no docx"])
def test_a_file_that_is_no_notice_is_one_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(content)
    for command in (["notice", "read"], ["notice", "import"]):
        done = dingban(tmp_path, *command, str(file))
        refused(done)
        assert done.returncode == 2
    assert [f.name for f in tmp_path.iterdir()] == ["a.txt"]


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    refused(dingban(tmp_path, "notice", "read", "nowhere.docx"))


def test_asking_writes_nothing(tmp_path: Path) -> None:
    done = dingban(tmp_path, "ask", "--unit", "市教体局", "我负责哪些指标")
    assert done.returncode == 0, done.stderr
    assert "59所" in done.stdout
    assert not list(tmp_path.iterdir())


def test_question_lines_in_answer_lines_out_in_order(tmp_path: Path) -> None:
    questions = [{"id": "a", "turns": ["智慧商圈谁负责"], "unit": None}, {"id": "b", "turns": ["食堂几点开"]}]
    done = dingban(tmp_path, "ask", "--jsonl", stdin="\n".join(json.dumps(q) for q in questions))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [a["id"] for a in answers] == ["a", "b"]
    assert answers[0]["outcome"] == "answer"
    assert answers[1]["outcome"] == "refuse"
    assert not answers[1]["cites"]


def test_a_line_that_is_no_question_is_named(tmp_path: Path) -> None:
    assert "第2行" in refused(dingban(tmp_path, "ask", "--jsonl", stdin='{"id":"a","turns":["x"]}\nnonsense\n'))


def test_other_notices_are_asked_by_folder(tmp_path: Path) -> None:
    question = {"id": "a", "notice": "14-state-council-117-2018.txt", "turns": ["文号和成文日期？"]}
    done = dingban(tmp_path, "ask", "--jsonl", "--notice", str(NOTICES), stdin=json.dumps(question))
    assert "国办发〔2018〕117号" in json.loads(done.stdout)["text"]
    outside = {"id": "a", "notice": "../../secret.txt", "turns": ["x"]}
    refused(dingban(tmp_path, "ask", "--jsonl", "--notice", str(NOTICES), stdin=json.dumps(outside)))


def test_a_roster_with_errors_imports_nobody(tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    rows = "userid,手机,称呼,单位,岗位\nu1,,甲,市商务局,填报员\n,123,乙,市商务局,填报员\nu3,,丙,市商务局,局长\n"
    file.write_text(rows, encoding="utf-8")
    done = dingban(tmp_path, "staff", "import", str(file))
    assert done.returncode == 1
    assert "第3行" in done.stderr
    assert "第4行" in done.stderr
    assert dingban(tmp_path, "staff", "list").stdout.strip() == "还没有人员。"


def test_a_plan_that_is_not_understood_is_quoted_and_not_written(tmp_path: Path) -> None:
    line = refused(dingban(tmp_path, "plan", "set", "每季度最后一个月25日17点前报送，月圆之夜提醒", "--yes"))
    assert "月圆之夜" in line
    assert dingban(tmp_path, "plan", "list").stdout.strip() == "还没有报送安排。"


def test_a_plan_is_shown_before_it_is_published(tmp_path: Path) -> None:
    sentence = "每季度最后一个月25日17点前报送，提前5、2、0个工作日提醒"
    shown = dingban(tmp_path, "plan", "set", sentence, DINGBAN_CLOCK="2021-12-01T09:00")
    assert "12月27日" in shown.stdout
    assert "--yes" in shown.stdout
    assert dingban(tmp_path, "plan", "list").stdout.strip() == "还没有报送安排。"
    assert dingban(tmp_path, "plan", "set", sentence, "--yes").returncode == 0
    assert "每季度" in dingban(tmp_path, "plan", "list").stdout


def test_a_backup_restores_into_an_empty_database_only(tmp_path: Path) -> None:
    staff = str(ROOT / "bot" / "sandbox" / "demo" / "staff.csv")
    assert dingban(tmp_path, "staff", "import", staff).returncode == 0
    assert dingban(tmp_path, "db", "backup", "b.zip").returncode == 0
    refused(dingban(tmp_path, "db", "restore", "b.zip"))
    url = f"sqlite+aiosqlite:///{tmp_path}/other.db"
    done = dingban(tmp_path, "db", "restore", "b.zip", DINGBAN_DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    before, after = (
        dingban(tmp_path, "staff", "list"),
        dingban(tmp_path, "staff", "list", DINGBAN_DATABASE_URL=url),
    )
    assert before.stdout == after.stdout
    assert dingban(tmp_path, "db", "check", DINGBAN_DATABASE_URL=url).returncode == 0


def test_a_ruling_names_one_of_the_sides(tmp_path: Path) -> None:
    line = refused(dingban(tmp_path, "notice", "ruling", "annex1:1", "annex1:9", "--basis", "会议纪要"))
    assert "annex1:1" in line
    done = dingban(tmp_path, "notice", "ruling", "annex1:1", "annex1:1", "--basis", "会议纪要")
    assert done.returncode == 0, done.stderr
    assert "暂按" in dingban(tmp_path, "ask", "网络零售目标是多少").stdout


def test_secrets_of_a_webhook_are_not_shown_again(tmp_path: Path) -> None:
    url = "https://oapi.dingtalk.com/robot/send?access_token=geheim"
    done = dingban(tmp_path, "group", "webhook", "cid1", stdin=f"{url}\nSECgeheim\n")
    assert done.returncode == 0, done.stderr
    assert "geheim" not in done.stdout + dingban(tmp_path, "group", "list").stdout
    refused(dingban(tmp_path, "group", "webhook", "cid1", stdin="https://evil.example/robot/send?access_token=x\n"))
