"""What transcripts cannot say: files, quoted cards, two taps or two people at the same moment, two replicas."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bot.door import GiveUp
from handlers.message import Attachment, Chat, Message, Sender
from storage import Actor, Submission
from tests.conversations.stage import InProcess, Listener, group_chat, staged

CLERK, NAME = "u-jiaoti", "市教体局填报员"
HERE = Chat(f"direct:{CLERK}", "person")


class Forgetful(Listener):
    """A door whose files are gone."""

    async def fetch(self, attachment: Attachment) -> bytes:
        raise GiveUp("gone", "file")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[InProcess]:
    async with staged(tmp_path) as opened:
        yield opened


async def say(stage: InProcess, *texts: str) -> str:
    for text in texts:
        await stage.say(CLERK, NAME, text, None)
    return stage.door.said[CLERK][-1].text


async def send(stage: InProcess, *files: Attachment) -> str:
    kind = files[0].kind
    await stage.say(CLERK, NAME, "", None, kind, files)
    return stage.door.said[CLERK][-1].text


async def submissions(stage: InProcess) -> Sequence[Submission]:
    async with stage.database.read() as work:
        notices = await work.notices.published()
        return [s for n in notices for s in await work.submissions.of_period(n.notice)]


def message(
    number: int, text: str, sender: str = CLERK, quoted: str | None = None, now: InProcess | None = None
) -> Message:
    assert now is not None
    chat = Chat(f"direct:{sender}", "person")
    at = now.core.clocks.now()
    return Message(f"x{number}", "robot", chat, Sender(sender, sender), text, at, quoted=quoted, route=f"x{number}")


PICTURE = Attachment("picture", "code-1")
PAPER = Attachment("file", "code-2", "名单.pdf")


async def test_a_picture_is_kept_beside_the_draft_and_the_question_returns(stage: InProcess) -> None:
    said = await say(stage, "填报 智慧校园 35") and await send(stage, PICTURE)
    assert "图片放在智慧(数字)校园里了" in said
    assert "有一句进展要写吗" in said
    async with stage.database.read() as work:
        (kept,) = await work.files.of_draft(1)
    assert (kept.state, len(kept.hash or "")) == ("kept", 64)
    assert (stage.folder / "files" / (kept.hash or "")[:2] / (kept.hash or "")).read_bytes() == b"data"


async def test_a_file_that_cannot_be_fetched_is_told_and_the_report_goes_on(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.door.fetch = Forgetful().fetch  # type: ignore[method-assign]  # the door loses its files
        await say(stage, "填报 智慧校园 35")
        assert "没有下载下来，填的数不受影响" in await send(stage, PAPER)
        await say(stage, "无", "提交")
        assert [s.figures for s in await submissions(stage)] == [{"1": "35"}]


async def test_what_cannot_be_kept_is_said_at_once(stage: InProcess) -> None:
    await say(stage, "填报 智慧校园 35")
    assert "存不了" in await send(stage, Attachment("file", "c", "程序.exe"))
    assert "视频存不了" in await send(stage, Attachment("video", "c"))
    for number in range(9):
        await send(stage, Attachment("picture", f"p{number}"))
    assert "够了" in await send(stage, PICTURE)


async def test_a_file_without_a_draft_is_not_kept_and_nothing_is_demanded(stage: InProcess) -> None:
    said = await send(stage, PICTURE)
    assert "没有保存" in said
    assert "不附也可以" in said


async def test_a_quoted_card_is_changed_with_one_tap(stage: InProcess) -> None:
    receipt = await say(stage, "填报 智慧校园 35", "无", "提交")
    await stage.core.pipeline.handle(message(1, "改成36", quoted=receipt, now=stage))
    await stage.settle()
    offer = stage.door.said[CLERK][-1]
    assert "已报35所（待审核），改成36，对吗" in offer.text
    await say(stage, offer.buttons[0][1])
    assert "累计36所" in stage.door.said[CLERK][-1].text
    await say(stage, stage.press(CLERK, "提交"))
    assert [(s.figures["1"], str(s.state)) for s in await submissions(stage)] == [
        ("35", "withdrawn"),
        ("36", "pending"),
    ]


async def test_two_taps_at_the_same_moment_make_one_record(stage: InProcess) -> None:
    await say(stage, "填报 智慧校园 35", "无")
    tap = stage.press(CLERK, "提交")
    await asyncio.gather(*(stage.core.pipeline.handle(message(n, tap, now=stage)) for n in range(4)))
    await stage.settle()
    assert len(await submissions(stage)) == 1
    assert all("四季度第1号" in heard.text for heard in stage.door.said[CLERK][-4:])


async def test_two_taps_on_the_whole_list_make_one_record_each(stage: InProcess) -> None:
    await say(stage, "校园35，场地7，覆盖率80%")
    tap = stage.press(CLERK, "全部提交")
    await asyncio.gather(*(stage.core.pipeline.handle(message(n, tap, now=stage)) for n in range(4)))
    await stage.settle()
    assert len(await submissions(stage)) == 3
    assert all("四季度第1至3号" in heard.text for heard in stage.door.said[CLERK][-4:])


async def colleague(stage: InProcess) -> str:
    """A second clerk of the same unit."""
    async with stage.database.work() as work:
        seat = await work.directory.identify(CLERK, stage.core.clocks.now())
        assert seat is not None
        person = await work.directory.meet("u-second", "第二位同志", stage.core.clocks.now())
        await work.directory.seat(
            person.id, "市教体局", "填报员", Actor("test"), stage.core.clocks.now(), source="test"
        )
    return "u-second"


async def test_a_second_clerk_sees_the_first_and_may_take_over(stage: InProcess) -> None:
    second = await colleague(stage)
    await say(stage, "填报 智慧校园 35")
    await stage.say(second, "第二位同志", "填报 智慧校园", None)
    seen = stage.door.said[second][-1]
    assert "同事（市教体局填报员）刚才正在填智慧(数字)校园" in seen.text
    assert [label for label, _ in seen.buttons] == ["接着填", "先等等"]
    await stage.say(second, "第二位同志", seen.buttons[0][1], None)
    await stage.say(second, "第二位同志", "数值改成36", None)
    assert "36所" in stage.door.said[second][-1].text
    assert "36所" in await say(stage, "无")


async def test_two_clerks_at_the_same_moment_lose_no_word(stage: InProcess) -> None:
    second = await colleague(stage)
    await say(stage, "填报 智慧校园 35")
    await stage.say(second, "第二位同志", "接着填 智慧校园", None)
    both = (message(1, "数值改成36", now=stage), message(2, "新增三所已验收", second, now=stage))
    await asyncio.gather(*map(stage.core.pipeline.handle, both))
    await stage.settle()
    async with stage.database.read() as work:
        draft = await work.drafts.get(1)
    assert draft is not None
    answers = draft.answers["answers"]
    assert isinstance(answers, dict)
    assert (answers["value:1"], answers["line"]) == ("36", "新增三所已验收")


async def test_joint_leads_at_the_same_moment_make_one_report(stage: InProcess) -> None:
    people = ("u-fagai", "u-minzheng")
    for person in people:
        await stage.say(person, person, "未来社区1", None)
    taps = [stage.press(person, "全部提交") for person in people]
    both = (message(n, tap, person, now=stage) for n, (tap, person) in enumerate(zip(taps, people, strict=True)))
    await asyncio.gather(*map(stage.core.pipeline.handle, both))
    await stage.settle()
    assert [s.live for s in await submissions(stage)] == [True]
    told = "\n".join(heard.text for person in people for heard in stage.door.said[person])
    assert "已先报了" in told or "已经" in told


async def test_nothing_in_a_group_but_what_everybody_may_know(stage: InProcess) -> None:
    await say(stage, "填报 智慧校园 35", "无", "提交")
    for text in (
        "我们单位报了吗",
        "我的任务",
        "填报 智慧校园 36",
        "更正智慧校园36",
        "撤回智慧校园",
        "校园36，场地7",
        "改成36",
    ):
        await stage.say(CLERK, NAME, text, "工作群")
    said = stage.door.said[group_chat("工作群")]
    assert not [heard.text for heard in said if "35" in heard.text or "36" in heard.text or heard.buttons]


async def test_two_replicas_hand_in_once(stage: InProcess) -> None:
    await say(stage, "填报 智慧校园 35", "无")
    tap = stage.press(CLERK, "提交")
    other = InProcess(stage.folder)
    await other.open()
    replicas = (stage, other)
    await asyncio.gather(*(r.core.pipeline.handle(message(n, tap, now=r)) for n, r in enumerate(replicas)))
    for replica in replicas:
        await replica.settle()
    await other.close()
    said = [*stage.door.said[CLERK][-2:], *other.door.said[CLERK]]
    assert len(await submissions(stage)) == 1
    assert sum("四季度第1号" in heard.text for heard in said) == 2
