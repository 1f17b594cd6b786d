"""A closed period: its table does not change, its archive is checked without the bot, it reopens under four eyes."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from handlers.papers import paper_json
from handlers.rules.workdays import Workdays
from handlers.sealing import sealed
from handlers.snapshot import Snapshot
from handlers.taking import take
from storage import Decision, Work
from tests.conversations.stage import InProcess
from tests.handing_up.quarter import REVIEWER, Keeper, quarter, staged

Files = dict[str, bytes]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[InProcess]:
    """A stage where a quarter was reported."""
    async with staged(tmp_path) as stage:
        async with stage.database.work() as work:
            await quarter(work, await stage.core.shelf.library(work), stage.core.clocks.now())
        yield stage


async def close(stage: InProcess) -> bytes:
    """The office closes the quarter; the archive it gets."""
    await stage.say("u-office", "办公室", "封存", None)
    await stage.say("u-office", "办公室", stage.press("u-office", "确认封存"), None)
    assert isinstance(stage.door, Keeper)
    _, name, key = stage.door.handed[-1]
    assert name == "封存包_2021Q4.zip"
    return await stage.core.files.read(key)


MADE: dict[str, bytes] = {}


@pytest.fixture
async def archive(tmp_path: Path) -> bytes:
    """The archive of a closed quarter; made once a session."""
    if "archive" not in MADE:
        async with staged(tmp_path) as stage:
            async with stage.database.work() as work:
                await quarter(work, await stage.core.shelf.library(work), stage.core.clocks.now())
            MADE["archive"] = await close(stage)
    return MADE["archive"]


def unpacked(archive: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def checked(files: Files, folder: Path) -> subprocess.CompletedProcess[str]:
    """What the stand-alone checker says of it, run by a Python without any package."""
    for name, data in files.items():
        path = folder / "sealed" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    command = [sys.executable, "-I", "-S", str(folder / "sealed" / "check.py")]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def without_last(files: Files, name: str, count: int = 1) -> None:
    files[name] = b"".join(line + b"\n" for line in files[name].splitlines()[:-count])


def sum_anew(files: Files) -> None:
    """As a forger would: the manifest made to fit."""
    import hashlib

    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {n: hashlib.sha256(d).hexdigest() for n, d in files.items() if n != "manifest.json"}
    files["manifest.json"] = json.dumps(manifest).encode()


def change_byte(files: Files) -> None:
    files["填报.jsonl"] = files["填报.jsonl"].replace(b"2021-12-20", b"2021-12-21", 1)


def drop_review(files: Files) -> None:
    without_last(files, "审核.jsonl")
    sum_anew(files)


def cut_tail(files: Files) -> None:
    without_last(files, "审计.jsonl", 2)
    sum_anew(files)


def change_line(files: Files) -> None:
    lines = files["审计.jsonl"].splitlines()
    line = json.loads(lines[5])
    line["who"] = "somebody else"
    lines[5] = json.dumps(line, ensure_ascii=False).encode()
    files["审计.jsonl"] = b"\n".join(lines) + b"\n"
    sum_anew(files)


def drop_submission(files: Files) -> None:
    without_last(files, "填报.jsonl")
    sum_anew(files)


def drop_file(files: Files) -> None:
    del files["汇总表.xlsx"]


def test_the_archive_is_whole_and_checked_without_the_bot(archive: bytes, tmp_path: Path) -> None:
    files = unpacked(archive)
    assert {
        "汇总表.xlsx",
        "汇总表.docx",
        "填报.jsonl",
        "审核.jsonl",
        "人员名册.jsonl",
        "已发消息.jsonl",
        "check.py",
    } <= set(files)
    done = checked(files, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "核对无误" in done.stdout


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (change_byte, "文件被改过：填报.jsonl"), (drop_review, "没有审核记录"), (cut_tail, "审计链尾被截断"),
        (change_line, "审计记录被改过"), (drop_submission, "审计里有、填报记录里没有"),
        (drop_file, "少了文件：汇总表.xlsx"),
    ],
)  # fmt: skip
def test_the_checker_finds_what_was_done(
    archive: bytes, tmp_path: Path, spoil: Callable[[Files], None], said: str
) -> None:
    files = unpacked(archive)
    spoil(files)
    done = checked(files, tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert said in done.stdout


async def test_a_closed_table_does_not_change(stage: InProcess) -> None:
    await close(stage)
    async with stage.database.work() as work:
        live = [s for s in await work.submissions.waiting() if s.period == "2021Q4"]
        await work.submissions.decide(live[0].id, Decision.APPROVE, REVIEWER, stage.core.clocks.now())
    await stage.say("u-office", "办公室", "汇总表 四季度", None)
    assert isinstance(stage.door, Keeper)
    key = next(key for _, name, key in reversed(stage.door.handed) if name.endswith(".xlsx"))
    book = load_workbook(io.BytesIO(await stage.core.files.read(key)))
    states = [row[9].value for row in book["填报明细"].iter_rows(min_row=3) if row[3].value == "2021Q4"]
    assert states.count("待审核") == len(live)


async def test_reopening_needs_a_reason_and_other_eyes(stage: InProcess) -> None:
    await close(stage)
    await stage.say("u-office", "办公室", "重开 四季度", None)
    assert "理由" in stage.door.said["u-office"][-1].text
    await stage.say("u-office", "办公室", "重开 四季度 社零口径有误", None)
    ask = stage.press("u-review", "同意重开")
    await stage.say("u-office", "办公室", ask, None)
    assert "另一位同志复核" in stage.door.said["u-office"][-1].text
    await stage.say("u-review", "审核员", ask, None)
    assert "已重开（理由：社零口径有误）" in stage.door.said["u-office"][-1].text
    async with stage.database.read() as work:
        notice = (await work.notices.published())[0].notice
        assert await work.closings.closed(notice, "2021Q4") is None
        assert [c.reason for c in await work.closings.all(notice)] == ["社零口径有误"]


@pytest.mark.parametrize("who", ["u-jiaoti", "u-leader", "u-review", "u-audit"])
async def test_only_the_office_closes(stage: InProcess, who: str) -> None:
    await stage.say(who, who, "确认封存 2021Q4", None)
    async with stage.database.read() as work:
        notice = (await work.notices.published())[0].notice
        assert await work.closings.closed(notice, "2021Q4") is None


async def test_the_audit_does_not_travel_in_the_errand(stage: InProcess) -> None:
    await stage.say("u-office", "办公室", "封存", None)
    async with stage.database.read() as work:
        before, ends = await work.audit.head(), await work.audit.heads()
        told = [line.hash async for batch in work.audit.up_to({c: n for c, n, _ in ends}) for line in batch]
        snapshot = await snapshot_now(stage, work)
        paper = await sealed(work, snapshot, stage.core.clocks.now())
    inner = set(told) - {digest for _, _, digest in ends}
    travels = json.dumps(paper_json(paper), ensure_ascii=False)
    assert inner
    assert not [digest for digest in inner if digest in travels]
    await stage.say("u-office", "办公室", stage.press("u-office", "确认封存"), None)
    assert isinstance(stage.door, Keeper)
    files = unpacked(await stage.core.files.read(stage.door.handed[-1][2]))
    assert json.loads(files["manifest.json"])["head"] == before
    assert [json.loads(line)["hash"] for line in files["审计.jsonl"].splitlines()] == told


async def snapshot_now(stage: InProcess, work: Work) -> Snapshot:
    library = await stage.core.shelf.library(work)
    return await take(work, library, library.notices[0].key, stage.core.clocks.now(), Workdays())
