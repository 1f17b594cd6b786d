"""A report over the real wire with the bot killed (SIGKILL) at every step: handed in once, nothing of it lost."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from storage import Database, Submission
from tests.conversations.wire_stage import OverWire, wired
from tests.postgres import Postgres

pytestmark = pytest.mark.wire
CLERK = "u-jiaoti"
FORM = (
    ("填报 智慧(数字)校园", "累计多少所"),
    ("三十五所", "有一句进展要写吗"),
    ("新增三所已验收", "请核对"),
    ("[提交]", "编号四季度第1号"),
)
SENTENCE = (("校园35，场地7，覆盖率80%", "3件都齐了"), ("[全部提交]", "编号四季度第1至3号"))
MOMENTS = (0.0, 0.03, 0.12)  # seconds after a message at which the bot dies
PATIENCE = 40.0  # seconds for what must come
AGAIN = ("--redeliver", "1,2,4,8,16")


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_form_killed_at_every_step_is_handed_in_once(tmp_path: Path, moment: float) -> None:
    with wired(tmp_path, *AGAIN) as stage:
        talk(stage, FORM, moment)
    made = handed_in(tmp_path)
    assert [(s.figures, s.line, s.live) for s in made] == [({"1": "35"}, "新增三所已验收", True)]


def test_one_sentence_killed_at_every_step_is_handed_in_once(tmp_path: Path) -> None:
    with wired(tmp_path, *AGAIN) as stage:
        talk(stage, SENTENCE, 0.03)
    assert sorted(next(iter(s.figures.values())) for s in handed_in(tmp_path)) == ["35", "7", "80"]


@pytest.mark.postgres
def test_a_form_and_a_sentence_killed_at_every_step_on_postgres(server: Postgres, tmp_path: Path) -> None:
    url = server.database()
    try:
        with wired(tmp_path, *AGAIN, url=url) as stage:
            talk(stage, FORM, 0.03)
            talk(stage, (("场地7，覆盖率80%", "2件都齐了"), ("[全部提交]", "编号四季度第2号、第3号")), 0.03)
        made = handed_in(tmp_path, url)
    finally:
        server.drop(url)
    assert sorted(next(iter(s.figures.values())) for s in made) == ["35", "7", "80"]
    assert all(s.live for s in made)


def test_two_taps_that_cross_a_kill_make_one_record(tmp_path: Path) -> None:
    with wired(tmp_path, *AGAIN) as stage:
        talk(stage, FORM[:-1], None)
        stage.press(CLERK, "提交")
        stage.press(CLERK, "提交")
        stage.bot.stop(signal.SIGKILL)
        stage.bot.start()
        wait_for(stage, "这条已经交了，编号四季度第1号", 0)
    assert len(handed_in(tmp_path)) == 1


def talk(stage: OverWire, steps: Sequence[tuple[str, str]], moment: float | None) -> None:
    """Each step said or pressed, the bot killed after `moment` seconds and started again, until it is answered."""
    stage.direct(CLERK)
    for said, answer in steps:
        stage.listen()
        seen = len(stage.said[CLERK])
        if said.startswith("["):
            stage.press(CLERK, said.strip("[]"))
        else:
            stage.say(CLERK, said, None, "text")
        if moment is not None:
            time.sleep(moment)
            stage.bot.stop(signal.SIGKILL)
            stage.bot.start()
        wait_for(stage, answer, seen)


def wait_for(stage: OverWire, words: str, seen: int) -> None:
    """Until somebody said so since; a reply that was on its way at the kill may come twice."""
    until = time.monotonic() + PATIENCE
    while not any(words in heard.text for heard in stage.said[CLERK][seen:]):
        assert time.monotonic() < until, [heard.text for heard in stage.said[CLERK][seen:]]
        stage.listen(wait=1)


def handed_in(folder: Path, url: str = "") -> list[Submission]:
    """Every submission of the database."""

    async def read() -> list[Submission]:
        database = Database(url or f"sqlite+aiosqlite:///{folder}/bot.db")
        await database.start()
        async with database.read() as work:
            notices = await work.notices.published()
            found = [s for n in notices for s in await work.submissions.of_period(n.notice)]
        await database.close()
        return found

    return asyncio.run(read())
