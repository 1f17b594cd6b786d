"""Everyday questions of how things stand: what they want; that questions about the notice are never taken for one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from handlers.everyday import wanted, wishes
from handlers.feature import walk_features
from handlers.naming import Naming
from knowledge import Library, read_notice

DATA = Path(__file__).parents[1] / "data"
SETS, NOTICE = DATA / "eval", DATA / "notices" / "zhuji-2021-17.txt"
LIBRARY = Library([read_notice(NOTICE.read_bytes(), NOTICE.name)])
OFFICE, CLERK, LEADER, STRANGER = frozenset({"办公室"}), frozenset({"填报员"}), frozenset({"领导"}), frozenset[str]()


@pytest.mark.parametrize(
    ("said", "posts", "command"),
    [
        ("我还差什么没报", CLERK, "我的任务"),
        ("哪些还没报？", CLERK, "我的任务"),
        ("我们要报哪些数", CLERK, "我的任务"),
        ("都报齐了吗", CLERK, "我的任务"),
        ("哪些还没报", OFFICE, "谁还没报"),
        ("还差几家", OFFICE, "谁还没报"),
        ("该催谁了", OFFICE, "谁还没报"),
        ("报了几家了", LEADER, "单位进展"),
        ("下次什么时候报", CLERK, "报送截止"),
        ("离截止还有多久啊", STRANGER, "报送截止"),
        ("最晚哪天交", CLERK, "报送截止"),
        ("我交的通过了没有", CLERK, "我的进展"),
        ("有要我审的吗", frozenset({"审核员"}), "待审"),
        ("有没有红灯", LEADER, "看偏慢"),
        ("哪些单位落后", OFFICE, "看偏慢"),
        ("总体情况怎么样", LEADER, "领导看板"),
        ("现在怎么样了", OFFICE, "单位进展"),
        ("今天有什么要处理的", OFFICE, "今天要办的"),
        ("给我一份汇总表", OFFICE, "汇总表"),
        ("机器人正常吗", frozenset({"管理员"}), "状态"),
        ("明天会提醒谁", OFFICE, "预览提醒"),
        ("有问题找谁", CLERK, "找办公室"),
    ],
)
def test_what_stands_alone_is_the_command_of_the_askers_seat(said: str, posts: frozenset[str], command: str) -> None:
    found = [want for want in wanted(said) if not want.rest]
    assert found
    assert next(c for want in found if (c := want.wish.command_of(posts))) == command


@pytest.mark.parametrize(
    ("said", "rest", "period"),
    [
        ("教体局报了没有", "教体局", ""),
        ("教体局干得怎么样了", "教体局", ""),
        ("校园现在多少了", "校园", ""),
        ("智慧校园完成了百分之几", "智慧校园", ""),
        ("上季度校园报了多少", "校园", "上季度"),
        ("三季度的进展怎么样", "", "三季度"),
        ("我们上个月报了多少", "", "上个月"),
    ],
)
def test_what_stands_beside_the_cue_is_kept(said: str, rest: str, period: str) -> None:
    assert [(want.rest, want.period) for want in wanted(said)][:1] == [(rest, period)]


def test_every_answer_is_a_command_an_opening_or_something_heard() -> None:
    features = walk_features()
    for wish in wishes():
        named = [words.format(name="市教体局") for words in (wish.unit, wish.matter) if words]
        for said in [*(command for _, command in wish.alone), *named]:
            assert said in features.openings or features.command(said) or features.listener(said), (wish.name, said)


def test_questions_the_notice_answers_are_not_taken() -> None:
    """Of all question sets; what the notice cannot answer, and how to report, may be taken."""
    naming, taken = Naming(LIBRARY, LIBRARY.matters(), retold=True), []
    for line in (line for path in sorted(SETS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()):
        case = json.loads(line)
        if case["category"] in ("not-stated", "form", "out-of-scope", "help"):
            continue
        taken += [
            (said, want.wish.name)
            for said in case["turns"]
            for want in wanted(said)
            if not want.rest or LIBRARY.unit(want.rest) or naming.find(want.rest)
        ]
    assert taken == [("我们单位要报哪些指标", "owing")]
