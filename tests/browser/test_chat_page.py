"""The chat page in a headless Chromium, with the stock SDK's echo robot behind it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.chromium import ARGUMENTS, chromium
from tests.wire.standin import ROOT, StandIn, end

pytestmark = pytest.mark.browser
WORK_GROUP = "数字生活新服务工作群"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield running
        running.close()


def sandbox(folder: Path, port: int = 0) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "tests.browser.echo_sandbox", str(folder), str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    process, address = sandbox(tmp_path)
    try:
        yield address
    finally:
        end(process, grace=8)


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(address)
    expect(page.locator("#robot-state")).to_have_text("在线", timeout=15_000)
    yield page
    page.close()


def say(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.press("#text", "Enter")


def answer(page: Page) -> str:
    """A locator of the robot's last word."""
    return ".message[data-sender=assistant] >> nth=-1"


def be(page: Page, name: str) -> None:
    page.click("#me")
    page.get_by_role("button", name=re.compile("^.*" + name)).last.click()
    expect(page.locator("#me-name")).to_have_text(name)


def test_an_answer_comes_without_reload_and_stays_after_one(page: Page) -> None:
    say(page, "我负责哪些指标")

    expect(page.locator(answer(page))).to_contain_text("收到：我负责哪些指标")
    expect(page.locator(".message.mine .delivery")).to_have_text("已读")
    page.reload()
    expect(page.locator(answer(page))).to_contain_text("收到：我负责哪些指标")


def test_markdown_is_dingtalks_and_never_html(page: Page) -> None:
    say(page, "格式")

    shown = page.locator(answer(page)).locator(".md")
    expect(shown.locator("h5")).to_have_text("智慧校园")
    expect(shown.locator("p").first).to_have_text("目标59所，已建成35所这一行不换行")
    expect(shown.locator("li")).to_have_count(2)
    expect(shown.locator("blockquote")).to_have_text("引用的原文")
    assert shown.locator("img").count() == 0
    expect(shown).to_contain_text("<img src=x onerror=alert(1)>")
    expect(shown.locator("a")).to_have_count(1)


def test_a_button_says_its_words_for_me_and_one_with_capitals_nothing(page: Page) -> None:
    say(page, "按钮")
    page.get_by_role("button", name="坏按钮").click()
    expect(page.locator("#toast")).to_contain_text("没有反应")
    page.get_by_role("button", name="提交", exact=True).click()

    expect(page.locator(".message.mine").last).to_contain_text("提交 #12.3")
    expect(page.locator(answer(page))).to_contain_text("收到：提交 #12.3")


def test_in_a_group_the_assistant_hears_what_names_it(page: Page) -> None:
    page.locator(".row", has_text=WORK_GROUP).click()
    say(page, "大家好")
    page.click("#at")
    assert page.input_value("#text") == "@助手 "
    page.type("#text", "物流终端目标")
    page.press("#text", "Enter")

    expect(page.locator(answer(page))).to_contain_text("收到：物流终端目标")
    expect(page.locator(".message[data-sender=assistant]")).to_have_count(1)


def test_pictures_files_and_voice_reach_the_assistant(page: Page) -> None:
    answers = page.locator(".message[data-sender=assistant]")
    page.set_input_files("#image-input", {"name": "现场.png", "mimeType": "image/png", "buffer": PIXEL})
    expect(page.locator(".message[data-kind=picture] img.picture")).to_be_visible()
    expect(answers).to_have_count(1)
    page.set_input_files("#file-input", {"name": "校园.csv", "mimeType": "text/csv", "buffer": b"a,b"})
    expect(answers).to_have_count(2)
    with page.expect_download() as saved:
        page.locator(".file-card").click()
    assert saved.value.suggested_filename == "校园.csv"
    page.click("#voice")
    page.fill("#voice-text", "智慧校园三十五所")
    page.get_by_role("button", name="发语音").click()
    expect(answers).to_have_count(3)
    expect(answers.last).to_contain_text("智慧校园三十五所")


def test_the_robots_files_are_saved_and_its_pictures_shown(page: Page, address: str) -> None:
    dingtalk = StandIn(address, "dingsandbox", "sandbox-secret")
    token = str(
        dingtalk.post("/v1.0/oauth2/accessToken", {"appKey": "dingsandbox", "appSecret": "sandbox-secret"})[
            "accessToken"
        ]
    )

    def send(name: str, content: bytes, key: str, param: str) -> None:
        form = {"media": {"name": name, "mimeType": "application/octet-stream", "buffer": content}}
        uploaded = page.request.post(f"{address}/media/upload?access_token={token}&type=file", multipart=form).json()
        message = {"robotCode": "dingsandbox", "userIds": ["u-jiaoti"], "msgKey": key}
        filled = param.replace("MEDIA", uploaded["media_id"])
        headers = {"x-acs-dingtalk-access-token": token}
        call = f"{address}/v1.0/robot/oToMessages/batchSend"
        assert page.request.post(call, data=message | {"msgParam": filled}, headers=headers).ok

    send(
        "汇总表.html",
        b"<script>alert(1)</script>",
        "sampleFile",
        '{"mediaId":"MEDIA","fileName":"汇总表.html","fileType":"html"}',
    )
    with page.expect_download() as saved:
        page.locator(".file-card").click()
    assert saved.value.suggested_filename == "汇总表.html"
    send("图.png", PIXEL, "sampleImageMsg", '{"photoURL":"MEDIA"}')
    expect(page.locator(".message[data-kind=picture] img.picture")).to_be_visible()


def test_what_i_have_not_seen_is_marked_until_i_open_it(page: Page) -> None:
    page.locator(".row", has_text=WORK_GROUP).click()
    say(page, "请各单位抓紧报送")
    be(page, "市邮政管理局填报员")

    row = page.locator(".row", has_text=WORK_GROUP)
    expect(row.locator(".badge")).to_have_text("1")
    row.click()
    expect(page.locator(".fresh")).to_be_visible()
    expect(row.locator(".badge")).to_have_count(0)
    page.reload()
    expect(page.locator("#me-name")).to_have_text("市邮政管理局填报员")
    expect(page.locator(".row", has_text=WORK_GROUP).locator(".badge")).to_have_count(0)


def test_a_quote_goes_with_the_answer(page: Page) -> None:
    say(page, "在吗")
    page.locator(answer(page)).hover()
    page.locator(answer(page)).get_by_role("button", name="引用").click()
    say(page, "改成36")
    expect(page.locator(".message.mine").last.locator(".quoted")).to_have_text("收到：在吗")


def test_the_clock_is_turned_and_runs_fast(page: Page) -> None:
    page.get_by_role("button", name="下一工作日 9 点").click()
    expect(page.locator("#clock-date")).to_have_text("2021年12月21日 周二")
    page.fill("#jump-to", "2021-12-24T16:50")
    page.get_by_role("button", name="拨到", exact=True).click()
    expect(page.locator("#clock-time")).to_have_text("16:50")
    page.get_by_role("button", name="×3600").click()
    expect(page.locator("#clock-date")).to_have_text("2021年12月25日 周六", timeout=15_000)


def test_the_robot_comes_back_after_restart_kill_and_drop(page: Page) -> None:
    for name in ("重启", "强行终止"):
        page.get_by_role("button", name=name).click()
        expect(page.locator("#toast")).to_contain_text("重新启动", timeout=10_000)
        expect(page.locator("#robot-state")).to_have_text("在线", timeout=15_000)
        say(page, f"{name}后还在吗")
        expect(page.locator(answer(page))).to_contain_text(f"收到：{name}后还在吗", timeout=15_000)


def test_switches_show_what_is_wrong_until_all_is_well_again(page: Page) -> None:
    page.locator(".switch", has_text="重复投递").click()
    say(page, "在吗")
    expect(page.locator(".message[data-sender=assistant]")).to_have_count(2)
    page.get_by_role("button", name="全部恢复正常").click()
    expect(page.locator("[data-fault=duplicate]")).not_to_be_checked()


def test_a_phone_shows_one_thing_at_a_time_and_never_scrolls_sideways(browser: Browser, page: Page) -> None:
    say(page, "格式")
    expect(page.locator(answer(page))).to_contain_text("智慧校园")
    phone = browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True)
    phone.goto(page.url)
    expect(phone.locator("#text")).to_be_hidden()
    phone.locator(".row").first.tap()
    expect(phone.locator(answer(phone))).to_contain_text("智慧校园")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.tap("#clock-pill")
    expect(phone.get_by_role("button", name="×3600")).to_be_visible()
    phone.tap("#panel-close")
    phone.tap("#back")
    expect(phone.locator(".row").first).to_be_visible()
    assert len(phone.screenshot()) > 10_000
    phone.close()


def test_everything_said_is_there_after_the_sandbox_was_stopped(browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page()
    for _ in range(2):
        process, address = sandbox(tmp_path)
        try:
            page.goto(address)
            page.locator(".row", has_text=WORK_GROUP).click()
            said = page.locator(".message", has_text="明天开会").count()
            say(page, "明天开会")
            expect(page.locator(".message", has_text="明天开会")).to_have_count(said + 1)
        finally:
            end(process, grace=8)
    assert said == 1
    page.close()
