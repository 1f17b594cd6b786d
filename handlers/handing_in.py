"""Handing in: a filled draft becomes what stands for its matter and period, once. Who may is asked before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from handlers.drafting import Desk
from handlers.feature import Turn
from handlers.message import Announcement, Button, Receiver
from handlers.report_facts import entry_of
from handlers.report_form import shown_values
from handlers.rights import about_matter, actor, seats_of
from handlers.rules.permissions import CLERKS, Action, may
from handlers.rules.receipts import receipt
from storage import AlreadyLive, Entry, Person, State, StoredMatter, Submission

SIGNING = "sign/{unit}"
"""The office's setting per unit: its head looks first (内审签)."""


class Say:
    JOINT = "{unit}拟报{name}：{values}，您单位看对吗？"
    RIGHT, DIFFERENT = "对", "有不同"
    SAYS_RIGHT, SAYS_DIFFERENT = "同意该数 #{id}.{version}", "有不同意见 #{id}.{version}"
    SIGN = "{name}（{unit}）：{values}，请您先看。"
    AGREE, EDIT = "同意报出", "退回改一下"
    SAYS_AGREE, SAYS_EDIT = "同意报出 #{id}.{version}", "退回改一下 #{id}.{version}"
    JOINED = "，"


class PeriodClosed(Exception):
    """The period was sealed: nothing is handed in for it until it is opened again (close_period)."""

    def __init__(self, period: str) -> None:
        super().__init__(period)
        self.period = period


async def refuse_sealed(turn: Turn, notice: str, period: str) -> None:
    """Raises: PeriodClosed."""
    if await turn.work.closings.closed(notice, period):
        raise PeriodClosed(period)


@dataclass(frozen=True, slots=True)
class Handed:
    """What stands now, and whether this message handed it in."""

    desk: Desk
    made: Submission
    new: bool

    @property
    def other(self) -> bool:
        """Somebody else had reported it already: ours was not handed in."""
        return not self.new and self.made.draft_id != self.desk.draft.id


async def hand_in(turn: Turn, desk: Desk, *, expected: date | None = None, phoned: str = "") -> Handed:
    """Hand in once; reminders of it end, joint leads are asked. Raises: Stale when the draft was changed meanwhile;
    PeriodClosed.

    `expected`: when the figures will be out (数据未出); kept with the answers as ISO day. `phoned`: 代填
    on a call, who and when.
    """
    item, draft, live = desk.item, desk.draft, desk.item.live
    await refuse_sealed(turn, draft.notice, draft.period)
    corrects = live.id if live and live.state is State.APPROVED else None
    entry = await entry_for(turn, desk)
    if expected:
        entry = replace(entry, answers={**entry.answers, "expected": expected.isoformat()})
    if phoned:
        entry = replace(entry, kind="behalf", reason="；".join(filter(None, (entry.reason, phoned))))
    try:
        made, new = await turn.work.submissions.submit(draft, entry, actor(turn), turn.now, corrects=corrects)
    except AlreadyLive as already:
        standing = await turn.work.submissions.get(already.submission_id)
        assert standing is not None
        return Handed(desk, standing, False)
    if new:
        for unit in {draft.unit, *item.stored.lead_units}:
            await turn.work.reminders.close(unit, made.matter_id, made.period)
        await ask_others(turn, desk, made)
    return Handed(desk, made, new)


async def entry_for(turn: Turn, desk: Desk) -> Entry:
    """What is handed in, in the state it begins with."""
    entry = entry_of(desk.state, desk.item, turn.now)
    if not desk.out:
        return replace(entry, kind="no_data", state=State.NO_DATA, late=False)
    if await turn.work.settings.get(SIGNING.format(unit=desk.draft.unit), False):
        return replace(entry, state=State.SIGNING)
    alone = not await free_to_review(turn, desk.item.stored, (*desk.draft.writers, turn.person.staff_id))
    return replace(entry, state=State.SECOND if alone else State.PENDING)


async def free_to_review(turn: Turn, stored: StoredMatter, writers: Iterable[str | None]) -> bool:
    """Whether somebody is seated who may review this: in no lead unit, not a writer of it."""
    people = await turn.work.directory.people(turn.now, post="审核员")
    about, written = about_matter(stored), {*writers}
    return any(may(seats_of(p), Action.REVIEW, replace(about, writer=p.staff_id in written)) for p in people)


async def ask_others(turn: Turn, desk: Desk, made: Submission) -> None:
    """Tell the other lead units; where it is switched on, the unit's head before them."""
    values = Say.JOINED.join(shown_values(desk.state.answers, desk.facts))
    words = {"unit": made.unit, "name": desk.item.stored.name, "values": values}
    tag = {"id": made.id, "version": made.version}
    if made.state is State.SIGNING:
        buttons = (Button(Say.AGREE, Say.SAYS_AGREE.format(**tag)), Button(Say.EDIT, Say.SAYS_EDIT.format(**tag)))
        tell_all(turn, await seated(turn, made.unit, "单位负责人"), Announcement(Say.SIGN.format(**words), buttons))
    if made.state not in (State.SIGNING, State.NO_DATA):
        await ask_joint(turn, desk, made)


async def ask_joint(turn: Turn, desk: Desk, made: Submission) -> None:
    """Ask the other lead units whether they see it so."""
    values = Say.JOINED.join(shown_values(desk.state.answers, desk.facts))
    words, tag = (
        {"unit": made.unit, "name": desk.item.stored.name, "values": values},
        {"id": made.id, "version": made.version},
    )
    buttons = (
        Button(Say.RIGHT, Say.SAYS_RIGHT.format(**tag)),
        Button(Say.DIFFERENT, Say.SAYS_DIFFERENT.format(**tag)),
    )
    for unit in desk.item.stored.lead_units:
        if unit != made.unit:
            tell_all(turn, await clerks(turn, unit), Announcement(Say.JOINT.format(**words), buttons))


async def clerks(turn: Turn, unit: str) -> list[Person]:
    """Those who report for a unit and have an account."""
    people = await turn.work.directory.people(turn.now, unit=unit)
    return [p for p in people if p.staff_id and any(s.unit == unit and s.post in CLERKS for s in p.seats)]


async def seated(turn: Turn, unit: str | None, post: str) -> list[Person]:
    """Those on a post (of a unit) who have an account."""
    people = await turn.work.directory.people(turn.now, post=post)
    return [p for p in people if p.staff_id and any(s.post == post and unit in (None, s.unit) for s in p.seats)]


def tell_all(turn: Turn, people: list[Person], announcement: Announcement) -> None:
    """Say it to each of them 1:1, except whoever is speaking."""
    for person in people:
        if person.staff_id and person.staff_id != turn.person.staff_id:
            turn.tell(Receiver("person", person.staff_id, person.name), announcement)


def number_of(turn: Turn, made: Submission) -> str:
    """Its receipt as people say it."""
    return receipt(made.period, made.receipt or 0, turn.now.date())
