"""Errands on both databases: what came is handed over once, what cannot come is told, bad days are waited out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery import Delivery
from bot.door import GiveUp, Retry
from bot.errands import ERRAND, MAX_ATTEMPTS, TIMEOUT, Errands, put_errands, read_errand, write_errand
from bot.files import FileStore
from handlers.errands import Arrived, Errand
from handlers.feature import Feature, Features, Round
from handlers.message import Announcement, Attachment, Receiver
from knowledge import Library
from storage import Database, Work
from tests.bot.fake_door import FakeDoor, House, SetClock

FILE = Attachment("file", "code-1", "名单.csv")


@dataclass
class Files(FakeDoor):
    """A platform with one file; `trouble` is raised as often as it is listed."""

    trouble: list[Exception] = field(default_factory=list)
    fetched: int = 0

    async def fetch(self, attachment: Attachment) -> bytes:
        self.fetched += 1
        if self.trouble:
            raise self.trouble.pop()
        return "称呼,单位\n张三,统计局\n".encode()

    async def find_by_mobile(self, mobile: str) -> str | None:
        return "u1" if mobile.endswith("1") else None


class Empty:
    """A shelf without notices."""

    async def library(self, work: Work) -> Library:
        return Library(())


@dataclass
class Place:
    """A delivery that does errands, and the feature that awaits them."""

    house: House
    door: Files
    delivery: Delivery
    errands: Errands
    came: list[Arrived]


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Place:
    clock = SetClock()
    door = Files(clock)
    house, came, feature = House(database, clock, door), list[Arrived](), Feature("files")

    @feature.awaits("first")
    async def take(round: Round, arrived: Arrived) -> str | None:
        came.append(arrived)
        round.tell(Receiver("person", arrived.errand.person), Announcement(arrived.trouble or "来了"), "said")
        return "second" if arrived.errand.note.get("again") else None

    @feature.awaits("second")
    async def look_up(round: Round, arrived: Arrived) -> None:
        round.send_for(Errand("first", arrived.errand.person, mobiles=("13900000001", "13900000002")))

    delivery = house.delivery()
    errands = Errands(database, door, FileStore(tmp_path), Features([feature]), Empty(), delivery, clock.now)
    delivery.ways.kinds.job(ERRAND, max_attempts=MAX_ATTEMPTS, timeout=TIMEOUT)(errands.run)
    return Place(house, door, delivery, errands, came)


async def put(place: Place, errand: Errand) -> None:
    async with place.house.database.work() as work:
        await put_errands(work, [errand], "key")


async def drain(place: Place, rounds: int = 40) -> None:
    """Let time pass until nothing waits."""
    for _ in range(rounds):
        while await place.delivery.step():
            pass
        place.house.clock.forward(timedelta(minutes=5))


async def test_a_file_is_kept_read_and_handed_over(place: Place) -> None:
    await put(place, Errand("first", "p1", {"n": 1}, FILE, "table"))
    await drain(place, 2)
    (arrived,) = place.came
    assert arrived.rows[1] == ("张三", "统计局")
    assert arrived.errand.note == {"n": 1}
    assert arrived.file
    assert await place.errands.files.read(arrived.file.key) == arrived.data
    assert place.door.texts() == ["来了"]


async def test_a_platform_that_is_away_is_asked_again(place: Place) -> None:
    place.door.trouble = [Retry("busy"), Retry("busy")]
    await put(place, Errand("first", "p1", attachment=FILE))
    await drain(place)
    assert place.door.fetched == 3
    assert [a.trouble for a in place.came] == [""]


async def test_after_the_last_attempt_the_person_is_told(place: Place) -> None:
    place.door.trouble = [Retry("busy") for _ in range(99)]
    await put(place, Errand("first", "p1", attachment=FILE))
    await drain(place)
    assert place.door.fetched == MAX_ATTEMPTS
    assert [a.trouble for a in place.came] == ["away"]
    assert place.door.texts() == ["away"]


async def test_a_file_that_is_gone_is_told_at_once(place: Place) -> None:
    place.door.trouble = [GiveUp("expired", "file")]
    await put(place, Errand("first", "p1", attachment=FILE))
    await drain(place, 2)
    assert [a.trouble for a in place.came] == ["gone"]


async def test_what_came_is_handed_over_once_however_often_it_is_fetched(place: Place) -> None:
    await put(place, Errand("first", "p1", attachment=FILE))
    await drain(place, 1)
    await place.errands._hand_over(place.came[0])
    assert len(place.came) == 1


async def test_an_errand_leads_to_the_next(place: Place) -> None:
    await put(place, Errand("first", "p1", {"again": True}, FILE))
    await drain(place, 2)
    assert place.came[1].found == {"13900000001": "u1"}


async def test_words_become_a_file(place: Place) -> None:
    await put(place, Errand("first", "p1", text="一,二", name="表.csv"))
    await drain(place, 1)
    assert place.came[0].file
    assert place.came[0].file.name == "表.csv"
    assert place.came[0].data.decode() == "一,二"


def test_an_errand_survives_its_way_through_the_database() -> None:
    errand = Errand("first", "p1", {"unit": None, "values": True}, FILE, "notice", ("139",), "文", "名")
    assert read_errand(write_errand(errand)) == errand
