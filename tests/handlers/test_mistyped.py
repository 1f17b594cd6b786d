"""Words of commands written wrong: what is asked back, and that no question about the notice is taken for one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import cast

import pytest

from handlers.feature import Turn, walk_features
from handlers.message import Chat, Message, Sender
from handlers.mistyped import you_meant
from knowledge import Library, read_notice
from storage import Person, Seat, Work

FEATURES = walk_features()
QUESTIONS = Path(__file__).parents[1] / "data" / "eval" / "own_dev.jsonl"
NOW = datetime(2021, 9, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def library() -> Library:
    source = next(f for f in (files("knowledge") / "data" / "notices").iterdir() if f.name.endswith(".txt"))
    return Library([read_notice(source.read_bytes(), source.name)])


def asked(library: Library, text: str, *posts: str) -> str | None:
    """What the bot asks back when somebody on these seats says it."""
    seats = tuple(Seat(n, "市商务局", post, NOW) for n, post in enumerate(posts))
    person = Person(1, "u", "u", seats=seats)
    message = Message("m", "robot", Chat("direct:u", "person"), Sender("u", "u"), text, NOW)
    turn = Turn(message, person, cast("Work", None), library, NOW, FEATURES, text)
    reply = you_meant(turn)
    return reply.buttons[0].words if reply else None


@pytest.mark.parametrize(
    ("said", "post", "meant"),
    [
        ("带填 市教体局 校园35", "办公室", "代填 市教体局 校园35"),
        ("谁还没保", "办公室", "谁还没报"),
        ("例外清丹", "审计", "例外清单"),
        ("报送安拍", "办公室", "报送安排"),
        ("同过", "审核员", "通过"),
        ("听发", "办公室", "停发"),
        ("听发", "填报员", None),
        ("同过", "填报员", None),
        ("风存", "审核员", None),
        ("我的仁务呢", "填报员", "我的任务"),
        ("我局任务", "填报员", None),
        ("今天天气不错", "填报员", None),
        ("图", "办公室", None),
    ],
)
def test_the_words_of_the_own_seats_are_asked_about(library: Library, said: str, post: str, meant: str | None) -> None:
    assert asked(library, said, post) == meant


def test_no_question_is_taken_for_a_command(library: Library) -> None:
    posts = ("填报员", "单位负责人", "办公室", "领导", "审计", "管理员", "审核员")
    questions = [turn for line in QUESTIONS.read_text("utf-8").splitlines() for turn in json.loads(line)["turns"]]
    assert len(questions) > 50
    asked_back = {q: asked(library, q, *posts) for q in questions if not FEATURES.command(q)}
    assert not {q: words for q, words in asked_back.items() if words}
