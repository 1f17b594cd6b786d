"""The whole bot on a real database, two clerks of one unit and two reviewers: whatever happens in whatever order, what
was told is kept, what is stored was confirmed, one tap hands in once, nobody approves his own."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from storage import Actor
from tests.conversations.stage import Heard, InProcess, staged

CLERKS = ("u-jiaoti", "u-second")
REVIEWERS = ("u-review", "u-own")
"""The second reviewer sits in the clerks' own unit."""
OWN = "市教体局"
SEATS = (("u-second", OWN, "填报员"), ("u-own", OWN, "审核员"), ("u-own", OWN, "填报员"))
VALUES = ("35", "36", "三十四所", "7", "8家", "80%", "350", "35.5", "推进中", "数据还没出来")
NAMES = ("智慧校园", "体育场地", "平台覆盖率", "创建行业标杆")
WORDS = (
    "无", "新增三所已验收", "提交", "全部提交", "对", "改一下", "上一步", "先放着", "接着填", "和上期一样", "填报",
    "1", "2", "我的任务", "智慧商圈谁负责", "平台目标是多少", "在吗", "数值改成36", "不是35是36", "撤回智慧校园",
    "更正智慧校园 36", "校园35，场地7", "校园36，场地8，覆盖率80%", "刚才报错了", "数据截至昨天", "来源是台账", "重填",
    "这是本期新增的",
)  # fmt: skip
DECIDES = ("逐条", "通过", "全部通过", "确认1件", "请补一句", "依据", "下一件", "待审")
SORRY = "抱歉，这"
T = TypeVar("T")
SUBMITS = re.compile(r"提交|对|听对了|数据还?没出来|一起核对|月底|不确定")
DROPS = re.compile(r"重新来|取消|重填")
CHECKS = re.compile("请核对|核对|出来后直接发我|数据未出|看对吗|已撤回|已报的是")


class Bot(RuleBasedStateMachine):
    """What people do, and what must hold after it."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.stage: InProcess = self.run(self.stack.enter_async_context(staged(folder)))
        self.run(self.seat())
        self.text, self.drafts, self.submitted = "", self.answers(), set[int]()
        self.revisions: dict[str, int] = {}

    def run(self, what: Coroutine[object, None, T]) -> T:
        return self.loop.run_until_complete(what)

    async def seat(self) -> None:
        """Two more people."""
        now = self.stage.core.clocks.now()
        async with self.stage.database.work() as work:
            for staff_id, unit, post in SEATS:
                person = await work.directory.meet(staff_id, staff_id, now)
                await work.directory.seat(person.id, unit, post, Actor("test"), now, source="import")

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.loop.close()

    def say(self, who: str, text: str) -> None:
        """Somebody says something, and is answered."""
        note(f"{who}: {text}")
        self.text, self.drafts, self.submitted = text, self.answers(), {row["id"] for row in self.rows("submission")}
        self.revisions = {str(row["id"]): json.loads(row["answers"]).get("revision", 0) for row in self.rows("draft")}
        before = len(self.stage.door.said[who])
        self.run(self.stage.say(who, who, text, None))
        answers = self.stage.door.said[who][before:]
        assert answers
        assert not [heard.text for heard in answers if SORRY in heard.text]

    def rows(self, table: str) -> list[sqlite3.Row]:
        """All rows of a table as they stand."""
        with closing(sqlite3.connect(self.stage.folder / "bot.db")) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(f"SELECT * FROM {table}").fetchall()  # our own names

    def answers(self) -> dict[int, dict[str, object]]:
        """What open drafts hold."""
        opened = (row for row in self.rows("draft") if row["state"] == "open")
        return {row["id"]: json.loads(row["answers"]).get("answers", {}) for row in opened}

    @rule(who=st.sampled_from(CLERKS), text=st.sampled_from(WORDS))
    def words(self, who: str, text: str) -> None:
        self.say(who, text)

    @rule(who=st.sampled_from(CLERKS), name=st.sampled_from(NAMES), value=st.sampled_from(("", *VALUES)))
    def report(self, who: str, name: str, value: str) -> None:
        self.say(who, f"填报 {name} {value}".strip())

    @rule(who=st.sampled_from(CLERKS), value=st.sampled_from(VALUES))
    def value(self, who: str, value: str) -> None:
        self.say(who, value)

    @rule(who=st.sampled_from(REVIEWERS), text=st.sampled_from(DECIDES))
    def decide(self, who: str, text: str) -> None:
        self.say(who, text)

    @rule(who=st.sampled_from(CLERKS + REVIEWERS), which=st.integers(0, 5))
    def press(self, who: str, which: int) -> None:
        self.tap(who, self.stage.door.said[who][-2:], which)

    @rule(who=st.sampled_from(CLERKS + REVIEWERS), whose=st.sampled_from(CLERKS + REVIEWERS), which=st.integers(0, 60))
    def press_any(self, who: str, whose: str, which: int) -> None:
        """Old buttons, and those of others."""
        self.tap(who, self.stage.door.said[whose], which)

    def tap(self, who: str, shown: list[Heard], which: int) -> None:
        words = [said for heard in shown for _, said in heard.buttons]
        if words:
            self.say(who, words[-1 - which % len(words)])

    @rule()
    def restart(self) -> None:
        before = self.rows("draft"), self.rows("submission"), self.rows("dialogue")
        self.run(self.stage.event("重启"))
        assert [list(map(tuple, rows)) for rows in before] == [
            list(map(tuple, self.rows(table))) for table in ("draft", "submission", "dialogue")
        ]

    @rule(span=st.sampled_from(("+2小时", "+1天", "+3天")))
    def later(self, span: str) -> None:
        before = self.answers()
        self.run(self.stage.event(span))
        assert self.answers() == before

    @invariant()
    def no_answer_is_lost(self) -> None:
        now, dropped = self.answers(), {r["id"] for r in self.rows("draft") if r["state"] != "open"}
        for draft, fields in self.drafts.items():
            if not DROPS.search(self.text) and draft not in dropped:
                assert fields.keys() <= now.get(draft, {}).keys(), (self.text, fields, now.get(draft))

    @invariant()
    def one_report_stands_and_none_is_handed_in_twice(self) -> None:
        rows = self.rows("submission")
        live = [(r["matter_id"], r["period"]) for r in rows if r["live"]]
        handed = [(r["draft_id"], r["draft_revision"]) for r in rows if r["draft_id"]]
        assert len(live) == len(set(live))
        assert len(handed) == len(set(handed))

    @invariant()
    def what_is_handed_in_was_confirmed(self) -> None:
        names = {row["id"]: row["name"] for row in self.rows("matter")}
        for row in self.rows("submission"):
            if row["id"] in self.submitted:
                continue
            assert SUBMITS.search(self.text), (self.text, row["figures"])
            if tagged := re.fullmatch(r"提交 #(\d+)\.(\d+)", self.text):  # a list's tag is of all its drafts
                assert self.revisions.get(tagged[1]) == int(tagged[2]), "an old card was handed in"
            shown = [heard.text for heard in self.stage.door.said[row["submitted_by"]] if CHECKS.search(heard.text)]
            for value in json.loads(row["figures"]).values():
                assert any(names[row["matter_id"]] in text and value in text for text in shown), (row["figures"], shown)
            self.submitted.add(row["id"])

    @invariant()
    def nobody_decides_over_his_own(self) -> None:
        for row in self.rows("submission"):
            if row["state"] in ("approved", "returned"):
                assert row["decided_by"] == "u-review", (row["decided_by"], row["submitted_by"])


Bot.TestCase.settings = settings(
    max_examples=6,
    stateful_step_count=30,
    phases=(Phase.explicit, Phase.generate),
    report_multiple_bugs=False,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TestBot = Bot.TestCase
