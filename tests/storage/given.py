"""What most storage tests start from: a notice with a matter, people in seats, a draft."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from storage import Actor, Database, Draft, Entry, MatterFacts, Submission, Work

NOW = datetime(2021, 9, 24, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOTICE = "甲政办〔2021〕1号"
LEAD, SECOND, OTHER = "市甲局", "市乙局", "市丙局"
PERIOD = "2021Q3"
CLERK = Actor("clerk", "填报员", LEAD, "m1")
OFFICE = Actor("office", "办公室", OTHER, "m2")
REVIEWER = Actor("reviewer", "审核员", OTHER, "m3")
COLLEAGUE = Actor("colleague", "审核员", LEAD, "m4")


async def seated(work: Work, who: Actor, since: datetime = NOW - HOUR) -> int:
    """Seat an actor; the person's id."""
    person = await work.directory.enrol(who.who, since, staff_id=who.who)
    await work.directory.seat(person.id, who.unit or "", who.post, OFFICE, since)
    return person.id


async def a_matter(work: Work, name: str = "智慧物件", leads: tuple[str, ...] = (LEAD,)) -> int:
    """A published notice with one matter; its id."""
    stored = await work.notices.add(
        NOTICE, f"hash of {name}", title="通知", file_name="a.txt", source=b"\x00text", document={}, by=OFFICE, at=NOW
    )
    ids = await work.matters.settle(stored.id, NOTICE, [MatterFacts("annex1:1", name, leads)], {}, OFFICE, NOW)
    await work.notices.publish(stored.id, OFFICE, NOW)
    return ids["annex1:1"]


async def a_draft(work: Work, matter_id: int, value: str = "35", period: str = PERIOD) -> Draft:
    """A draft with a value in it."""
    opened = await work.drafts.open(LEAD, matter_id, NOTICE, period, CLERK, NOW)
    return await work.drafts.save(opened, {"value": value}, CLERK, NOW)


async def handed_in(database: Database, value: str = "35") -> Submission:
    """Clerk, reviewer and colleague seated; a submission of the clerk's waiting."""
    async with database.work() as work:
        for who in (CLERK, REVIEWER, COLLEAGUE):
            await seated(work, who)
        draft = await a_draft(work, await a_matter(work), value)
        return (await work.submissions.submit(draft, entry(value), CLERK, NOW))[0]


def entry(value: str = "35") -> Entry:
    return Entry(figures={"count": value}, line="新增三所", as_of=date(2021, 9, 24))
