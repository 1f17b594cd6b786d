"""试运行: what the office alone is shown, and what 按此发送 then sends, to whom, how often and when not."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from handlers.message import Chat, Message, Sender
from handlers.plan_terms import terms_of
from storage import REMIND, Database
from tests.bot.fake_door import ZONE
from tests.simulation.year import ALL_UNITS, OFFICE, SOME_UNITS, SYSTEM, Year

FIRST, SECOND, DUE = date(2021, 6, 18), date(2021, 6, 23), date(2021, 6, 25)
FEW = 12


@pytest.fixture
async def year(database: Database, tmp_path: Path) -> Year:
    """A town whose plan is on trial; one of its two groups has no name."""
    year = Year(database, tmp_path, Random(1))
    await year.begin()
    year.renew(DUE)
    async with database.work() as work:
        await work.plans.publish(year.notice, "plan", terms_of(year.plan), SYSTEM, year.clock.now(), state="trial")
        await work.groups.see(ALL_UNITS, "", year.clock.now())
        await work.groups.see(SOME_UNITS, "", year.clock.now())
    return year


async def pushed(year: Year, day: date, hour: int = 9) -> list[tuple[str, str]]:
    """What is pushed on going to that moment."""
    before = len(year.ear.taken)
    moment = datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)
    year.clock.forward(max(moment - year.clock.now(), timedelta()))
    await year.settle()
    return [(t.to.id, t.text) for t in year.ear.taken[before:] if t.pushed]


async def asked(year: Year, text: str) -> tuple[str, list[tuple[str, str]]]:
    """The answer to the office, and what was pushed because of it."""
    before = len(year.ear.taken)
    await year.say(OFFICE, text, year.clock.now().date())
    taken = year.ear.taken[before:]
    return next(t.text for t in taken if not t.pushed), [(t.to.id, t.text) for t in taken if t.pushed]


async def test_the_trial_is_one_screen_for_the_office_alone(year: Year) -> None:
    ((to, text),) = await pushed(year, FIRST)
    assert to == OFFICE
    assert len(text.splitlines()) <= FEW, text
    whole, _ = await asked(year, "按此发送")
    assert len(whole.splitlines()) <= FEW
    assert all(f"{number} " in whole for number in range(1, 10)), whole


async def test_groups_without_a_name_are_told_apart(year: Year) -> None:
    await pushed(year, FIRST)
    whole, _ = await asked(year, "按此发送")
    assert "1 群 （未命名，全部单位，" in whole
    assert f"2 群 （未命名，{'、'.join(year.units[:2])}，" in whole


async def test_each_goes_out_once_even_when_something_was_reported_between(year: Year) -> None:
    await pushed(year, FIRST)
    _, first = await asked(year, "按此发送 3")
    ((staff, _),) = first
    unit = next(unit for unit, found in year.clerks.items() if staff in found)
    await year.report(unit, FIRST)
    answer, again = await asked(year, "按此发送 3")
    assert not again, answer
    assert not [to for to, _ in await pushed(year, date(2021, 6, 21), 10) if to == staff], "nor tomorrow"


async def test_in_a_group_nothing_is_sent(year: Year) -> None:
    await pushed(year, FIRST)
    before = len(year.ear.taken)
    await year.core.pipeline.handle(
        Message(
            "g1",
            "robot",
            Chat(ALL_UNITS, "group"),
            Sender(OFFICE, OFFICE),
            "按此发送 全部",
            year.clock.now(),
            route="r",
        )
    )
    await year.settle()
    assert {t.to.id for t in year.ear.taken[before:] if t.pushed} <= {OFFICE}
    (answer,) = [t.text for t in year.ear.taken[before:] if not t.pushed]
    assert "单聊" in answer


async def test_only_the_office_can_send(year: Year) -> None:
    await pushed(year, FIRST)
    before, clerk = len(year.ear.taken), next(staff[0] for staff in year.clerks.values() if staff)
    await year.say(clerk, "按此发送 全部", FIRST)
    assert not [t for t in year.ear.taken[before:] if t.pushed]


async def test_a_group_whose_week_is_full_gets_nothing_and_the_office_is_told(year: Year) -> None:
    await pushed(year, SECOND)
    for n in range(2):
        async with year.database.work() as work:
            await work.ledger.write(
                f"other-{n}", REMIND, receiver_kind="group", receiver=ALL_UNITS, text="别的通知",
                at=year.clock.now() - timedelta(hours=1),
            )  # fmt: skip
    answer, sent = await asked(year, "按此发送 全部")
    assert ALL_UNITS not in dict(sent)
    assert SOME_UNITS in dict(sent)
    assert "本周群消息已满2条" in answer
