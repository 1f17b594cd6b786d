"""J0 over the wire on an empty database: a code, three files, a sentence. No command is run; its time is printed."""

from __future__ import annotations

import asyncio
import csv
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook

from handlers.first_code import CODE, LENGTH, LETTERS
from storage import Database
from tests.conversations.stage import DEMO, ROOT
from tests.conversations.wire_stage import Bot, OverWire, nothing_secret
from tests.wire.standin import stand_in

pytestmark = pytest.mark.wire
OFFICE, CLERK = "u-office", "u-jiaoti"
NOTICE = ROOT / "tests" / "data" / "notices" / "zhuji-2021-17.txt"
VALUES = (
    ("序号", "说明", "完成情况", "指标名称"),
    ("7", "新增三所", "32", "智慧（数字）校园"),
    ("5", "", "12", "没有这件事"),
)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[OverWire]:
    """Stand-in and bot; the database is made by the bot itself."""
    with stand_in("--redeliver", "") as dingtalk:
        bot = Bot(dingtalk, f"sqlite+aiosqlite:///{tmp_path}/bot.db", tmp_path / "files")
        try:
            bot.start()
            yield OverWire(dingtalk, bot, tmp_path)
        finally:
            bot.close()
        nothing_secret(tmp_path, dingtalk)


def codes(stage: OverWire) -> list[str]:
    """What the bot printed for its operator, one a start; its JSON log never holds them."""
    logs = sorted(stage.folder.glob("bot-*.log"), key=lambda log: log.stat().st_mtime_ns)
    lines = [line for log in logs for line in log.read_text("utf-8").splitlines()]
    found = [re.search(rf"启用码 ([{LETTERS}]{{{LENGTH}}})", line) for line in lines if not line.startswith("{")]
    said = [one[1] for one in found if one]
    assert not [line for line in lines if line.startswith("{") and any(code in line for code in said)]
    return said


def printed_since(stage: OverWire, old: str) -> str:
    """The code of the next start; the line may come a moment after the connection."""
    until = time.monotonic() + 20
    while not (new := [code for code in codes(stage) if code != old]) and time.monotonic() < until:
        time.sleep(0.05)
    return new[-1]


def says(stage: OverWire, who: str, text: str, group: str | None = None) -> str:
    """What the bot answers."""
    stage.direct(who)
    place = stage.place(who, group)
    stage.listen()
    before = len(stage.said[place])
    if text.startswith("["):
        stage.press(who, text[1:-1])
    else:
        stage.say(who, text, group, "text")
    stage.wait_for(place, before + 1)
    return stage.said[place][before].text


def sends(stage: OverWire, who: str, file: Path) -> str:
    """What the bot says when it has read a file."""
    stage.direct(who)
    stage.listen()
    before = len(stage.said[who])
    stage.send(who, file)
    stage.wait_for(who, before + 2)
    return stage.said[who][before + 1].text


def sheet(path: Path, rows: list[tuple[str, ...]]) -> Path:
    """A workbook of one sheet."""
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def notice_docx(path: Path) -> Path:
    """The county's notice as its office keeps it: one passage mended against the printed one."""
    paper = Document()
    for line in NOTICE.read_text("utf-8").replace("年均增长13%以上", "年均增长12%以上").splitlines():
        paper.add_paragraph(line)
    out = io.BytesIO()
    paper.save(out)
    path.write_bytes(out.getvalue())
    return path


def roster(path: Path) -> Path:
    """The demo's people by mobile number only, columns in an order of their own."""
    with (DEMO / "staff.csv").open(encoding="utf-8-sig") as file:
        rows = [(r["岗位"], r["手机"], r["单位"], r["称呼"]) for r in csv.DictReader(file) if r["userid"] != OFFICE]
    return sheet(path, [("岗位", "手机", "单位", "称呼"), *rows])


def test_three_files_and_a_sentence(stage: OverWire, tmp_path: Path) -> None:
    began = time.monotonic()
    (code,) = codes(stage)
    assert "您是哪个单位的" in says(stage, OFFICE, f"启用 {code[:5]} {code[5:].lower()}")
    assert "通知" in says(stage, OFFICE, "[市商务局]")
    assert "识别到" in sends(stage, OFFICE, notice_docx(tmp_path / "通知.docx"))
    assert re.search(r"^1/\d+ ", says(stage, OFFICE, "[逐条看]"))
    assert "已发布" in (said := says(stage, OFFICE, "[先发布，稍后看]"))
    assert "下一步：把人员名单发给我" in said
    assert "确认后新增" in sends(stage, OFFICE, roster(tmp_path / "名单.xlsx"))
    assert "下一步：把上期的表" in says(stage, OFFICE, "[确认导入]")
    said = sends(stage, OFFICE, sheet(tmp_path / "上期.xlsx", list(VALUES)))
    assert "读到1件事的现值" in said
    assert "没有这件事" in said
    assert "下一步：用一句话说报送安排" in says(stage, OFFICE, "[确认导入]")
    said = says(stage, OFFICE, "每季度最后一个月25日17点前报送，提前5、2、0个工作日提醒")
    assert said.startswith("记为：每季度")
    assert "绑定本群" in says(stage, OFFICE, "[试运行两周]")
    assert "32" in says(stage, CLERK, "填报")
    assert "12%" in says(stage, CLERK, "网络零售额目标是多少")
    print(f"\nfrom the code to the trial: {time.monotonic() - began:.1f} s, no command")


def test_only_the_right_code_opens_and_five_wrong_ones_lock(stage: OverWire) -> None:
    (code,) = codes(stage)
    for _ in range(4):
        assert "不对" in says(stage, CLERK, "启用 AAAAAAAAAA")
    assert "暂停启用" in says(stage, CLERK, "启用 AAAAAAAAAA")
    assert "暂停启用" in says(stage, OFFICE, f"启用 {code}")
    stage.event("+1小时")
    assert "您是哪个单位的" in says(stage, OFFICE, f"启用 {code}")
    assert "用过了" in says(stage, CLERK, f"启用 {code}")
    time.sleep(0.5)  # what was said is recorded by then: a kill in that hole would have it said again
    stage.event("重启")
    assert len(codes(stage)) == 2
    assert "办公室" in says(stage, OFFICE, "市商务局")
    assert "已经启用过了" in says(stage, CLERK, f"启用 {codes(stage)[-1]}")
    assert "由办公室来做" in says(stage, CLERK, "看疑点")
    time.sleep(0.5)  # what was said is recorded by then: a kill in that hole would have it said again
    stage.event("重启")
    assert len(codes(stage)) == 2


def test_a_code_said_in_a_group_is_spent(stage: OverWire) -> None:
    (code,) = codes(stage)
    assert "只能在单聊里说" in says(stage, OFFICE, f"@助手 启用 {code}", "工作群")
    assert "用过了" in says(stage, OFFICE, f"启用 {code}")
    time.sleep(0.5)  # what was said is recorded by then: a kill in that hole would have it said again
    stage.event("重启")
    assert "您是哪个单位的" in says(stage, OFFICE, f"启用 {printed_since(stage, code)}")


def test_a_code_dies_after_three_days_and_only_its_hash_is_kept(stage: OverWire) -> None:
    (code,) = codes(stage)
    stage.event("+73小时")
    assert "不对，或者过期" in says(stage, OFFICE, f"启用 {code}")
    assert code not in asyncio.run(kept(stage))


async def kept(stage: OverWire) -> str:
    """The record and its audit, as they lie in the database."""
    database = Database(f"sqlite+aiosqlite:///{stage.folder}/bot.db")
    async with database.read() as work:
        record, told = await work.settings.get(CODE), await work.audit.of_chain("settings")
    await database.close()
    assert isinstance(record, dict)
    assert len(told) >= 2
    return f"{record} {told}"
