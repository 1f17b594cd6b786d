"""Who says a seat is his, who may confirm it, and what moves with the seat. The words are the feature's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.feature import Turn
from handlers.owing import Item, Owes, items_of
from handlers.rights import actor, allowed, seats_of
from handlers.rules.permissions import CLERKS, About, Action, Post, may
from storage import Claim, Person

UNITS_OWN = CLERKS | {Post.HEAD}
"""Posts that a unit's head may confirm; all others are the office's to give."""


@dataclass(frozen=True, slots=True)
class Load:
    """What hangs on a unit's seats now."""

    waiting: int
    half: int
    returned: int
    due: datetime | None


def may_confirm(turn: Turn, claim: Claim) -> bool:
    """Whether the sender may say that the seat is the claimer's: never his own, a head only in his unit."""
    own = claim.staff_id == turn.person.staff_id
    fits = claim.post in UNITS_OWN or allowed(turn, Action.SEATS)
    return fits and allowed(turn, Action.CONFIRM_SEAT, About(unit=claim.unit, own=own))


async def confirmers(turn: Turn, claim: Claim) -> list[Person]:
    """Those who may confirm the claim and have an account, the unit's heads first."""
    about = About(unit=claim.unit)
    heads = await turn.work.directory.people(turn.now, unit=claim.unit, post=Post.HEAD)
    office = await turn.work.directory.people(turn.now, post=Post.OFFICE)
    found = [*(heads if claim.post in UNITS_OWN else ()), *office]
    fit = [
        p for p in found if p.staff_id not in (None, claim.staff_id) and may(seats_of(p), Action.CONFIRM_SEAT, about)
    ]
    return list({p.id: p for p in fit}.values())


async def holders(turn: Turn, unit: str, post: str) -> Sequence[Person]:
    """Who sits there now."""
    return await turn.work.directory.people(turn.now, unit=unit, post=post)


async def listed_without_account(turn: Turn, unit: str, post: str) -> Person | None:
    """The only one on that seat known by number alone."""
    found = [p for p in await holders(turn, unit, post) if p.staff_id is None]
    return found[0] if len(found) == 1 else None


async def load_of(turn: Turn, unit: str) -> Load:
    """What the unit has to report now, over all notices."""
    items: list[Item] = []
    for notice in turn.library.notices:
        items += await items_of(turn.work, turn.library, notice.key, turn.now, unit=unit, workdays=turn.workdays)
    counts = Counter(item.owes for item in items if item.open)
    dues = [due for item in items if turn.now.tzinfo and (due := item.due_at(turn.now.tzinfo)) and due > turn.now]
    return Load(counts[Owes.NOTHING], counts[Owes.DRAFT], counts[Owes.RETURNED], min(dues, default=None))


async def close_forms(turn: Turn, person: Person) -> None:
    """Who gave up a seat types into no form any more; what was filled in is in the drafts."""
    for opened in await turn.work.dialogues.open_of(person.staff_id or ""):
        await turn.work.dialogues.save(replace(opened, form=None, state=None), turn.now)


async def seat(turn: Turn, claim: Claim, claimer: Person) -> Person | None:
    """Seat the claimer: in the place of whom he replaces, or as whom the roster lists by number; the replaced."""
    by = actor(turn)
    replaced = await turn.work.directory.person(claim.replaces_id, turn.now) if claim.replaces_id else None
    if replaced:
        await turn.work.directory.hand_over(claim.unit, claim.post, old=replaced, new=claimer, by=by, at=turn.now)
        await close_forms(turn, replaced)
        return replaced
    listed = await listed_without_account(turn, claim.unit, claim.post)
    if listed and listed.mobile:
        await turn.work.directory.enrol(listed.name, turn.now, staff_id=claim.staff_id, mobile=listed.mobile)
    else:
        await turn.work.directory.seat(claimer.id, claim.unit, claim.post, by, turn.now, "claim")
    return None
