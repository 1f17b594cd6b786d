"""The stand-in without its sockets: what it imports, what it keeps, what it takes a text or a time to mean."""

from __future__ import annotations

import ast
import json
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.sandbox.clock import ZONE, SandboxClock, read_time
from bot.sandbox.faults import Faults, Limiter
from bot.sandbox.journal import Journal
from bot.sandbox.page import Holidays
from bot.sandbox.server import DEMO, seeded_world
from bot.sandbox.wire import Malformed, api_entry, pressed, webhook_entry
from bot.sandbox.world import World, direct_chat, preview

ROOM = DEMO.parent
NOW = datetime(2021, 12, 20, 9, tzinfo=ZONE)


def imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("path", sorted(ROOM.glob("*.py")), ids=lambda path: str(path.name))
def test_it_imports_only_the_standard_library_aiohttp_and_itself(path: Path) -> None:
    known = set(sys.stdlib_module_names) | {"aiohttp"}
    assert {
        name for name in imported(path) if name.split(".")[0] not in known and not name.startswith("bot.sandbox")
    } == set()


@pytest.fixture
def world() -> World:
    return seeded_world(DEMO)


def test_everybody_in_the_roster_is_in_the_world(world: World) -> None:
    rows = DEMO.joinpath("staff.csv").read_text("utf-8").splitlines()
    assert rows[0] == "userid,手机,称呼,单位,岗位"
    for row in rows[1:]:
        userid, mobile, name, unit, seat = row.split(",")
        person = world.people[userid]
        assert (person.mobile, person.name, person.unit) == (mobile, name, unit)
        assert seat in person.seats


def test_the_world_comes_back_from_its_journal(world: World, tmp_path: Path) -> None:
    journal, chat = Journal(tmp_path / "chat.jsonl"), direct_chat("u-jiaoti")
    world.sink = journal.note
    entry = world.say(chat, "u-jiaoti", "text", {"text": "在吗"}, at=NOW, wall=1, via="user", msg_id="m1")
    world.touch(entry, "read")
    world.say(chat, "assistant", "card", {"title": "核对", "buttons": []}, at=NOW, wall=2, via="session")
    world.mark_read("u-jiaoti", chat)
    again = seeded_world(DEMO)
    journal.replay(again)
    assert (again.entries, again.reads, again.seq) == (world.entries, world.reads, world.seq)


def test_a_torn_last_line_of_the_journal_is_left_out(world: World, tmp_path: Path) -> None:
    path = tmp_path / "chat.jsonl"
    path.write_text('["read", {"userid": "u-jiaoti", "chat": "c", "id": 3}]\n["entry", {"id": 1, "ch', "utf-8")
    Journal(path).replay(world)
    assert (world.reads, world.entries) == ({("u-jiaoti", "c"): 3}, {})


def test_unread_counts_what_others_said_since(world: World) -> None:
    chat = "cidDemoWork/+Group0001=="
    for sender in ("u-office", "u-jiaoti", "assistant"):
        world.say(chat, sender, "text", {"text": "x"}, at=NOW, wall=1, via="user")
    assert world.unread("u-jiaoti")[chat] == 2
    world.mark_read("u-jiaoti", chat)
    assert world.unread("u-jiaoti")[chat] == 0


def test_the_list_shows_the_first_line_without_marks(world: World) -> None:
    entry = world.say(
        "c", "assistant", "markdown", {"title": "", "text": "### 到期提醒\n\n还有2件"}, at=NOW, wall=1, via=""
    )
    assert preview(entry) == "到期提醒"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("dtmd://dingtalkclient/sendMessage?content=%E6%8F%90%E4%BA%A4+%2312.3", "提交 #12.3"),
        ("dtmd://dingtalkClient/sendMessage?content=x", None),
        ("dtmd://dingtalkclient/sendMessage?content=", None),
        ("dtmd://dingtalkclient/openMessage?content=x", None),
        ("https://dingtalkclient/sendMessage?content=x", None),
    ],
)
def test_only_a_proper_dtmd_link_speaks(url: str, words: str | None) -> None:
    assert pressed(url) == words


def test_bodies_are_checked_as_dingtalk_checks_them() -> None:
    both = {"title": "t", "text": "x", "singleTitle": "a", "singleURL": "b", "btns": [{"title": "a", "actionURL": "b"}]}
    for body in (
        {"msgtype": "markdown", "markdown": {"text": "x"}},
        {"msgtype": "image"},
        {"msgtype": "actionCard", "actionCard": both},
    ):
        with pytest.raises(Malformed):
            webhook_entry(body)
    with pytest.raises(Malformed):
        api_entry("sampleText", "no json")
    with pytest.raises(Malformed):
        api_entry("sampleActionCard1", json.dumps({"title": "t", "text": "x"}))
    card = {"title": "t", "text": "x", "actionTitle1": "a", "actionURL1": "1", "actionTitle2": "b", "actionURL2": "2"}
    kind, shown = api_entry("sampleActionCard2", json.dumps(card))
    assert (kind, shown["buttons"]) == ("card", [{"title": "a", "url": "1"}, {"title": "b", "url": "2"}])


def test_one_call_too_many_blocks_for_a_while() -> None:
    limiter = Limiter(60)
    assert all(limiter.allows("g", n / 10, 20, 600) for n in range(20))
    assert not limiter.allows("g", 3, 20, 600)
    assert not limiter.allows("g", 602, 20, 600)
    assert limiter.allows("g", 604, 20, 600)


def test_switches_have_names() -> None:
    assert Faults().turned({"redeliver": [1, 2], "duplicate": True, "api_status": 504}).redeliver == (1.0, 2.0)
    with pytest.raises(ValueError, match="unknown fault: nope"):
        Faults().turned({"nope": True})


def test_the_next_morning_is_a_working_days() -> None:
    holidays = Holidays({date(2022, 1, 3)}, {date(2022, 1, 1)})
    assert holidays.next_morning(NOW) == NOW.replace(day=21)
    assert holidays.next_morning(NOW.replace(hour=8)) == NOW
    friday = NOW.replace(day=31, hour=12)
    assert holidays.next_morning(friday) == datetime(2022, 1, 1, 9, tzinfo=ZONE)
    assert holidays.next_morning(datetime(2022, 1, 1, 9, tzinfo=ZONE)) == datetime(2022, 1, 4, 9, tzinfo=ZONE)


def test_the_clock_stands_where_it_is_set() -> None:
    clock = SandboxClock(read_time("2021-12-20T09:00"), speed=0)
    assert clock.now() == NOW
    clock.turn(read_time("2021-12-24T08:50:00+00:00"), 0)
    assert clock.now().isoformat() == "2021-12-24T16:50:00+08:00"
