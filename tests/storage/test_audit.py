"""The audit finds a changed, missing or cut line, whoever has the database in hand."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from storage import Database
from tests.storage.given import HOUR, NOW, OFFICE

CUT = "matter:1 None the end is not where it was"


async def three_lines(database: Database) -> None:
    async with database.work() as work:
        for number in range(3):
            await work.audit.record(
                "matter:1", "changed", OFFICE, NOW, old={"v": number}, new={"v": number + 1}, why="复核"
            )
        await work.audit.record("matter:2", "changed", OFFICE, NOW + HOUR)


async def tamper(database: Database, sql: str) -> list[str]:
    """What the check says after somebody changed the rows behind our back."""
    async with database.work() as work:
        for statement in sql.split(";"):
            await work.connection.execute(text(statement))
    async with database.read() as work:
        return [f"{fault.chain} {fault.number} {fault.why}" for fault in await work.audit.check()]


async def test_an_untouched_audit_has_no_fault(database: Database) -> None:
    await three_lines(database)
    async with database.work() as work:
        first = await work.audit.close_day("2021-09-24", NOW + HOUR)
        assert await work.audit.close_day("2021-09-24", NOW + 2 * HOUR) == first
        await work.audit.record("matter:2", "changed", OFFICE, NOW + 24 * HOUR)
        second = await work.audit.close_day("2021-09-25", NOW + 25 * HOUR)
        assert second.previous == first.head
        assert await work.audit.last_day() == second
        assert await work.audit.check() == []
        assert len(await work.audit.between(NOW, NOW + HOUR)) == 3


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE audit SET who = 'x' WHERE number = 2", ["matter:1 2 the line was changed"]),
        ("UPDATE audit SET new = '{\"v\": 9}' WHERE chain = 'matter:2'", ["matter:2 1 the line was changed"]),
        ("UPDATE audit SET happened_at = happened_at + 1 WHERE number = 3", ["matter:1 3 the line was changed"]),
        (
            "DELETE FROM audit WHERE number = 2",
            ["matter:1 2 a line is missing", "matter:1 None the end is not where it was"],
        ),
        ("DELETE FROM audit WHERE number = 3", [CUT]),
        ("DELETE FROM audit WHERE chain = 'matter:2'", ["matter:2 None the end is not where it was"]),
    ],
)
async def test_a_changed_or_missing_line_is_found(database: Database, sql: str, found: list[str]) -> None:
    await three_lines(database)
    assert await tamper(database, sql) == found


async def test_a_tail_cut_together_with_its_end_is_found_by_the_day(database: Database) -> None:
    await three_lines(database)
    async with database.work() as work:
        await work.audit.close_day("2021-09-24", NOW + HOUR)
    cut = (
        "DELETE FROM audit WHERE number = 3;"
        "UPDATE audit_head SET number = 2, hash = (SELECT hash FROM audit WHERE chain = 'matter:1' AND number = 2) "
        "WHERE chain = 'matter:1'"
    )
    assert await tamper(database, cut) == ["matter:1 3 not as it was on 2021-09-24"]


async def test_a_changed_day_is_found(database: Database) -> None:
    await three_lines(database)
    async with database.work() as work:
        await work.audit.close_day("2021-09-24", NOW + HOUR)
        await work.audit.record("matter:1", "changed", OFFICE, NOW)
        await work.audit.close_day("2021-09-25", NOW + HOUR)
    assert await tamper(database, "DELETE FROM audit_day WHERE day = '2021-09-24'") == [
        "2021-09-25 None the day was changed"
    ]
