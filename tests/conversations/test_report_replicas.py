"""Two replicas on one PostgreSQL, two people or two taps at the same moment: exactly one wins, the other is told."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from handlers.message import Chat, Message, Sender
from storage import Actor, Submission
from tests.conversations.stage import Heard, InProcess, seed_url
from tests.postgres import Postgres
from tests.storage.conftest import server

__all__ = ["server"]
pytestmark = pytest.mark.postgres
CLERK, SECOND = "u-jiaoti", "u-second"
REVIEWERS = ("u-review", "u-review2")
NUMBERS = itertools.count(1)
Pair = tuple[InProcess, InProcess]


@pytest.fixture(scope="module")
def url(server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database with the demo's people; each test takes another matter of it."""
    made = server.database()
    seed_url(tmp_path_factory.mktemp("seed"), made)
    yield made
    server.drop(made)


@pytest.fixture
async def replicas(url: str, tmp_path: Path) -> AsyncIterator[Pair]:
    """Two bots of their own on it."""
    both = InProcess(tmp_path, url=url), InProcess(tmp_path, url=url)
    both[1].door = both[0].door  # whichever of them sends it, one person hears it
    for one in both:
        await one.open()
    await second_clerk_and_reviewer(both[0])
    yield both
    for one in both:
        await one.close()


async def second_clerk_and_reviewer(stage: InProcess) -> None:
    """A second person on the clerk's and on the reviewer's post."""
    now = stage.core.clocks.now()
    async with stage.database.work() as work:
        for staff_id, unit, post in ((SECOND, "市教体局", "填报员"), (REVIEWERS[1], "市政府办公室", "审核员")):
            if await work.directory.identify(staff_id, now) is None:
                person = await work.directory.meet(staff_id, staff_id, now)
                await work.directory.seat(person.id, unit, post, Actor("test"), now, source="test")


def message(stage: InProcess, sender: str, text: str) -> Message:
    name = f"{sender}-{next(NUMBERS)}"
    chat, at = Chat(f"direct:{sender}", "person"), stage.core.clocks.now()
    return Message(name, "robot", chat, Sender(sender, sender), text, at, route=name)


async def say(replicas: Pair, sender: str, *texts: str) -> Heard:
    """Said one after the other to the first replica; the last answer."""
    for text in texts:
        await at_once(replicas, (sender, text))
    return heard(replicas, sender)[-1]


async def at_once(replicas: Pair, *said: tuple[str, str]) -> None:
    """Each at a replica of its own, at the same moment."""
    pairs = zip(replicas, said, strict=False)
    await asyncio.gather(*(one.core.pipeline.handle(message(one, *words)) for one, words in pairs))
    for one in replicas:
        await one.settle()


def heard(replicas: Pair, sender: str) -> list[Heard]:
    return replicas[0].door.said[sender]


def button(heard: Heard, label: str) -> str:
    return next(words for shown, words in heard.buttons if shown == label)


async def versions(replicas: Pair, key: str) -> list[Submission]:
    async with replicas[0].database.read() as work:
        matter = next(m for m in await work.matters.current() if key in m.name)
        return list(await work.submissions.versions(matter.id))


async def test_a_double_tap_on_two_replicas_is_one_record_and_one_receipt(replicas: Pair) -> None:
    card = await say(replicas, CLERK, "填报 智慧校园 35", "无")
    before = len(heard(replicas, CLERK))
    await at_once(replicas, *[(CLERK, button(card, "提交"))] * 2)
    assert [s.live for s in await versions(replicas, "数字)校园")] == [True]
    told = [words.text for words in heard(replicas, CLERK)]
    assert len(told) == before + 2
    assert sum("编号四季度第" in text for text in told) == 2


async def test_two_clerks_at_once_on_one_matter_lose_no_word(replicas: Pair) -> None:
    await say(replicas, CLERK, "填报 体育场地 7")
    await say(replicas, SECOND, "接着填 体育场地")
    await at_once(replicas, (CLERK, "数值改成8"), (SECOND, "新增一家已验收"))
    card = await say(replicas, CLERK, "接着填 体育场地", "接着填")
    assert ("8家" in card.text, "新增一家已验收" in card.text) == (True, True)


async def test_two_clerks_hand_in_at_once_and_the_other_is_told(replicas: Pair) -> None:
    card = await say(replicas, CLERK, "填报 覆盖率 80%", "无")
    await say(replicas, SECOND, "接着填 覆盖率", "接着填")
    await at_once(replicas, (CLERK, button(card, "提交")), (SECOND, "提交"))
    made = await versions(replicas, "覆盖率")
    assert [s.live for s in made] == [True]
    told = [heard(replicas, who)[-1].text for who in (CLERK, SECOND)]
    assert sum(text.startswith("收到，编号") for text in told) == 1, told
    assert sum("编号四季度" in text for text in told) == 2, told


async def test_two_reviewers_at_once_decide_once_and_the_other_is_told(replicas: Pair) -> None:
    card = await say(replicas, "u-wenlv", "填报 智慧景区 1", "无")
    await say(replicas, "u-wenlv", button(card, "提交"))
    (made,) = await versions(replicas, "智慧景区")
    tag = f"#{made.id}.{made.version}"
    await at_once(replicas, (REVIEWERS[0], f"通过 {tag}"), (REVIEWERS[1], f"通过 {tag}"))
    (after,) = await versions(replicas, "智慧景区")
    assert str(after.state) == "approved"
    async with replicas[0].database.read() as work:
        decisions = [r.decision for r in await work.submissions.reviews(made.id)]
    assert decisions == ["approve"]
    told = [heard(replicas, who)[-1].text for who in REVIEWERS]
    assert sum("另一位同志" in text and "已处理" in text for text in told) == 1, told


async def test_approving_and_returning_at_once_leaves_one_decision(replicas: Pair) -> None:
    card = await say(replicas, "u-wenlv", "填报 创建行业标杆", "推进中", "无")
    before = await versions(replicas, "创建行业标杆")
    await say(replicas, "u-wenlv", button(card, "提交") if not before else "提交")
    (made,) = await versions(replicas, "创建行业标杆")
    tag = f"#{made.id}.{made.version}"
    await at_once(replicas, (REVIEWERS[0], f"通过 {tag}"), (CLERK, "撤回创建行业标杆"))
    await at_once(replicas, (REVIEWERS[1], f"通过 {tag}"))
    (after,) = await versions(replicas, "创建行业标杆")
    assert str(after.state) in ("approved", "withdrawn")
    assert after.live == (str(after.state) == "approved")
