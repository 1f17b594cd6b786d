"""J0 as a stranger plays it: an empty sandbox, a phone, three files and a sentence; no command is run."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.browser.test_demo import PATIENCE, ask, interrupted, start
from tests.chromium import ARGUMENTS, chromium
from tests.conversations.test_first_hour import VALUES, notice_docx, roster, sheet
from tests.wire.standin import end

pytestmark = [pytest.mark.browser, pytest.mark.kill]
OFFICE = "办公室（市商务局）"
WHILE_READING = 60_000  # ms, for a file


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Page]:
    """The office's phone beside an empty sandbox, its chat with the assistant open."""
    process, address = start(tmp_path / "bare.db", "--bare")
    try:
        with sync_playwright() as playwright:
            running = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
            yield opened(running, address)
            running.close()
        assert "已结束" in interrupted(process)
    finally:
        end(process, grace=10)


def opened(browser: Browser, address: str) -> Page:
    """The chat page as the office, with the assistant."""
    page = browser.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page.goto(address)
    expect(page.locator("#robot-state")).to_have_text("在线", timeout=PATIENCE)
    if page.locator("#me-name").inner_text() != OFFICE:
        page.locator("#me").click()
        page.get_by_role("dialog").get_by_text(OFFICE).first.click()
    page.locator(".row").first.click()
    return page


def press(page: Page, name: str) -> Locator:
    """Press the button of the last card that has it; the assistant's next message."""
    answers = page.locator(".message[data-sender=assistant]")
    seen = answers.count()
    page.locator(".message").get_by_role("button", name=name, exact=True).last.click()
    answers.nth(seen).wait_for(timeout=PATIENCE)
    return answers.nth(seen)


def send(page: Page, file: Path, says: str) -> None:
    """Send a file and wait until the assistant says this of it."""
    page.set_input_files("#file-input", file)
    found = page.locator(".message[data-sender=assistant]").last
    expect(found).to_contain_text(says, timeout=WHILE_READING)


def test_from_the_code_to_the_trial_on_a_phone(phone: Page, tmp_path: Path) -> None:
    began = time.monotonic()
    page = phone
    printed = page.locator("#robot-printed")
    expect(printed).to_contain_text("启用码", timeout=PATIENCE)
    found = re.search(r"启用码 (\w+)", printed.text_content() or "")
    assert found
    expect(ask(page, f"启用 {found[1]}")).to_contain_text("您是哪个单位的")
    expect(press(page, "市商务局")).to_contain_text("通知")
    send(page, notice_docx(tmp_path / "通知.docx"), "识别到")
    expect(press(page, "先发布，稍后看")).to_contain_text("下一步：把人员名单发给我")
    send(page, roster(tmp_path / "名单.xlsx"), "确认后新增")
    expect(press(page, "确认导入")).to_contain_text("下一步：把上期的表")
    send(page, sheet(tmp_path / "上期.xlsx", list(VALUES)), "读到1件事的现值")
    expect(press(page, "确认导入")).to_contain_text("下一步：用一句话说报送安排")
    expect(ask(page, "每季度最后一个月25日17点前报送，提前5、2、0个工作日提醒")).to_contain_text("记为：每季度")
    expect(press(page, "试运行两周")).to_contain_text("绑定本群")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    print(f"\nfrom the code to the trial in the browser: {time.monotonic() - began:.1f} s")
