"""`dingban sandbox` as a stranger meets it: the product behind the chat page, in a headless Chromium."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.chromium import ARGUMENTS, chromium
from tests.wire.standin import ROOT, end

pytestmark = [pytest.mark.browser, pytest.mark.kill]
PATIENCE = 20_000  # ms, for a robot that has to start


def start(database: Path, *options: str) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "bot.sandbox", "--port", "0", "--db", str(database), *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return process, found.group()
    end(process)
    raise AssertionError("".join(said))


def interrupted(process: subprocess.Popen[str]) -> str:
    """Ctrl-C; what was printed after the address."""
    process.send_signal(signal.SIGINT)
    try:
        return process.communicate(timeout=10)[0]
    finally:
        end(process)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database of the demo, ended by Ctrl-C."""
    folder = tmp_path_factory.mktemp("seeded")
    process, _ = start(folder / "sandbox.db")
    assert "已结束" in interrupted(process)
    assert process.returncode == 0
    return folder


@pytest.fixture
def folder(seeded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(seeded, tmp_path / "var"))


@pytest.fixture(scope="module")
def demo(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = shutil.copytree(seeded, tmp_path_factory.mktemp("demo") / "var")
    process, address = start(folder / "sandbox.db")
    try:
        yield address
    finally:
        end(process, grace=10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser, demo: str) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    page.goto(demo)
    expect(page.locator("#robot-state")).to_have_text("在线", timeout=PATIENCE)
    yield page
    page.close()


def ask(page: Page, words: str) -> Locator:
    """Say it; the assistant's next message."""
    answers = page.locator(".message[data-sender=assistant]")
    page.fill("#text", words)
    seen = answers.count()
    page.press("#text", "Enter")
    answers.nth(seen).wait_for(timeout=PATIENCE)
    return answers.nth(seen)


def test_a_clerk_asks_and_gets_the_indicators_with_figures_and_places(page: Page) -> None:
    answer = ask(page, "我负责哪些指标")
    for words in ("智慧(数字)校园", "59所", "附件1第7项", "附件1第8项", "附件1第13项"):
        expect(answer).to_contain_text(words)


def test_a_report_goes_on_at_its_step_when_the_robot_was_killed(page: Page) -> None:
    expect(ask(page, "填报")).to_contain_text("智慧(数字)校园")
    ask(page, "1")
    expect(ask(page, "三十五所")).to_contain_text("35所")
    page.get_by_role("button", name="强行终止").click()
    expect(page.locator("#toast")).to_contain_text("重新启动", timeout=PATIENCE)
    expect(page.locator("#robot-state")).to_have_text("在线", timeout=PATIENCE)
    expect(ask(page, "新增三所已验收")).to_contain_text("累计35所")
    page.locator(".message").last.get_by_role("button", name="提交").click()
    expect(page.locator(".message[data-sender=assistant]").last).to_contain_text("第1号", timeout=PATIENCE)


def test_the_group_is_answered_where_the_assistant_is_named(page: Page) -> None:
    page.locator(".row", has_text="数字生活新服务工作群").click()
    expect(ask(page, "@助手 物流终端目标")).to_contain_text("80")


def test_a_phone_sees_the_same_talk(browser: Browser, demo: str, page: Page, tmp_path: Path) -> None:
    ask(page, "我负责哪些指标")
    phone = browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2)
    phone.goto(demo)
    phone.locator(".row").first.click()
    expect(phone.locator(".message[data-sender=assistant]").last).to_contain_text("附件1")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.screenshot(path=tmp_path / "phone.png")
    phone.close()


def test_the_clock_before_a_deadline_reminds_the_group_once(page: Page) -> None:
    row = page.locator(".row", has_text="数字生活新服务工作群")
    row.click()
    reminders = page.locator(".message[data-sender=robot]")
    for moment in ("2021-12-22T09:00", "2021-12-21T09:00", "2021-12-22T09:30"):
        page.fill("#jump-to", moment)
        page.get_by_role("button", name="拨到", exact=True).click()
        expect(page.locator("#clock-time")).to_have_text(moment[-5:])
        expect(reminders.first).to_contain_text("12月24日", timeout=PATIENCE)
    page.locator(".row").first.click()
    expect(page.locator(".message[data-sender=assistant]").last).to_contain_text("待报")
    row.click()
    expect(reminders).to_have_count(1)


def test_ctrl_c_ends_the_robot_and_the_next_start_goes_on(folder: Path) -> None:
    process, _ = start(folder / "sandbox.db")
    assert "Traceback" not in interrupted(process)
    assert process.returncode == 0
    assert (folder / "sandbox-chat.jsonl").read_text("utf-8").count('"clock"') == 2


def test_a_robot_left_behind_by_a_killed_sandbox_is_no_hindrance(folder: Path) -> None:
    first, _ = start(folder / "sandbox.db")
    left = Path("/proc") / (folder / "sandbox-bot.pid").read_text("ascii") / "cmdline"
    first.kill()
    first.communicate()
    again, _ = start(folder / "sandbox.db")
    end(again, grace=10)
    assert not left.exists() or b"bot" not in left.read_bytes()
