"""Submissions: handed in exactly once, one live per matter and period, every version kept. Deciding is in reviews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import RowMapping, bindparam, func, insert, select, update

from storage.audit import Recorded
from storage.counters import Counters
from storage.dialect import among, lock_key
from storage.directory import Directory
from storage.errors import AlreadyDecided, AlreadyLive, Stale
from storage.records_people import Actor
from storage.records_reports import Draft, Entry, State, Submission
from storage.repository import JSON
from storage.tables import draft, matter, submission

WAITING = (State.SIGNING, State.PENDING, State.SECOND)

_FIELDS = [submission.c[f.name] for f in fields(Submission)]
_LIST = select(*_FIELDS).order_by(submission.c.matter_id, submission.c.period, submission.c.version)
_OF_MATTER = _LIST.where(submission.c.matter_id == bindparam("matter_id"))
_OF_KEY = _OF_MATTER.where(submission.c.period == bindparam("period"))
_GET = _LIST.where(submission.c.id == bindparam("submission_id"))
_HANDED_IN = _LIST.where(
    submission.c.draft_id == bindparam("draft_id"), submission.c.draft_revision == bindparam("revision")
)
_OF_NOTICE = _LIST.where(submission.c.notice == bindparam("notice"))
_OF_PERIOD = _OF_NOTICE.where(submission.c.period == bindparam("period"))
_RECEIPT = _OF_PERIOD.where(submission.c.receipt == bindparam("receipt"))
_WAITING = (
    select(*_FIELDS).where(among(submission.c.state, *WAITING)).order_by(submission.c.submitted_at, submission.c.id)
)
_APPROVED = _OF_NOTICE.where(submission.c.state == State.APPROVED)
_BATCH = _LIST.where(submission.c.batch == bindparam("batch"))
_LEADS = select(matter.c.lead_units).where(matter.c.id == bindparam("matter_id"))
_LAST = select(func.coalesce(func.max(submission.c.version), 0)).where(
    submission.c.matter_id == bindparam("matter_id"), submission.c.period == bindparam("period")
)
_NEW = insert(submission).returning(*_FIELDS)
_HAND_IN = (
    update(draft)
    .where(draft.c.id == bindparam("draft_id"), draft.c.revision == bindparam("seen"), draft.c.state == "open")
    .values(state="submitted", touched_at=bindparam("at"))
)
_STAND = update(submission).where(submission.c.id == bindparam("which")).values(live=bindparam("stands"))
_SETTLE = (
    update(submission)
    .where(
        submission.c.id == bindparam("which"),
        submission.c.state.in_(bindparam("before", expanding=True)),
        submission.c.live != bindparam("outdated"),
    )
    .values(state=bindparam("after"), live=bindparam("stands"), decided_by=bindparam("by"), decided_at=bindparam("at"))
    .returning(*_FIELDS)
)
_REOPEN = (
    update(draft)
    .where(draft.c.id == bindparam("draft_id"))
    .values(state="open", revision=draft.c.revision + 1, touched_at=bindparam("at"))
)


class Submissions(Recorded):
    """Hands in, withdraws, finds."""

    async def submit(
        self, seen: Draft, entry: Entry, by: Actor, at: datetime, *, corrects: int | None = None
    ) -> tuple[Submission, bool]:
        """What was handed in of this revision of the draft, and whether it was handed in just now.

        A second tap gets the first submission and False. A live 数据未出 gives way; an approved one must be named in
        `corrects`; one that waits for review must be withdrawn first. Raises: AlreadyLive; Stale if the draft was
        changed since `seen`.
        """
        await self._alone(seen.notice, seen.period)
        row = await self._one(_HANDED_IN, draft_id=seen.id, revision=seen.revision)
        if row is not None:
            return _submission(row), False
        if not await self._do(_HAND_IN, draft_id=seen.id, seen=seen.revision, at=at):
            raise Stale("draft", None)
        before = await self.live(seen.matter_id, seen.period)
        corrects = await self._make_room(before, corrects)
        made = await self._add(seen, entry, by, at, corrects, None)
        await self._record(
            f"matter:{seen.matter_id}", "submitted", by, at, old=_old(before), new=_new(made), why=entry.reason
        )
        return made, True

    async def open_balance(
        self, matter_id: int, notice: str, unit: str, period: str, entry: Entry, by: Actor, at: datetime, *, batch: str
    ) -> Submission:
        """An opening value (底数), approved as it comes and marked; `batch` names its import. Raises: AlreadyLive."""
        await self._alone(notice, period)
        before = await self.live(matter_id, period)
        if before is not None:
            raise AlreadyLive(before.id)
        frame = Draft(0, unit, matter_id, notice, period, {}, 0, "submitted", (by.who,), None, by.who, at, by.who, at)
        made = await self._add(frame, entry, by, at, None, batch)
        await self._record(f"matter:{matter_id}", "opening balance", by, at, new=_new(made), why=batch)
        return made

    async def take_back(self, batch: str, by: Actor, at: datetime) -> int:
        """Withdraw every opening value of an import; how many."""
        rows = [row for row in await self._all(_BATCH, batch=batch) if row["live"]]
        for row in rows:
            await self._settle(_submission(row), (State.APPROVED,), State.WITHDRAWN, False, by, at)
            await self._record(f"matter:{row['matter_id']}", "opening balance taken back", by, at, why=batch)
        return len(rows)

    async def withdraw(self, submission_id: int, by: Actor, at: datetime, why: str = "") -> Submission:
        """Take it back undecided; the draft reopens, what it corrected stands again. Raises: AlreadyDecided."""
        found = await self._held(submission_id)
        before = (*WAITING, State.NO_DATA)
        done = await self._settle(found, before, State.WITHDRAWN, False, by, at)
        await self.step_back(done, at)
        await self._record(f"matter:{done.matter_id}", "withdrawn", by, at, old=_old(found), why=why)
        return done

    async def move(self, submission_id: int, to: State, by: Actor, at: datetime, why: str = "") -> Submission:
        """Between 待审核 and 待复核, as independent reviewers come and go. Raises: AlreadyDecided."""
        found = await self._held(submission_id)
        done = await self._settle(found, (State.PENDING, State.SECOND), to, True, None, None)
        await self._record(f"matter:{done.matter_id}", f"moved to {to}", by, at, old=_old(found), why=why)
        return done

    async def step_back(self, done: Submission, at: datetime) -> None:
        """After a withdrawal or return: the draft opens at a new revision, what was corrected stands again."""
        if done.draft_id is not None:
            await self._do(_REOPEN, draft_id=done.draft_id, at=at)
        if done.corrects_id is not None:
            await self._do(_STAND, which=done.corrects_id, stands=True)

    async def get(self, submission_id: int) -> Submission | None:
        """The submission of that id."""
        row = await self._one(_GET, submission_id=submission_id)
        return _submission(row) if row else None

    async def live(self, matter_id: int, period: str) -> Submission | None:
        """What stands for a matter and period, in whatever state."""
        return next((one for one in await self.versions(matter_id, period) if one.live), None)

    async def versions(self, matter_id: int, period: str | None = None) -> Sequence[Submission]:
        """Every version of a matter (in a period), oldest first."""
        if period is None:
            return _submissions(await self._all(_OF_MATTER, matter_id=matter_id))
        return _submissions(await self._all(_OF_KEY, matter_id=matter_id, period=period))

    async def of_period(self, notice: str, period: str | None = None) -> Sequence[Submission]:
        """Every version of a notice's period (of all periods), live or not."""
        if period is None:
            return _submissions(await self._all(_OF_NOTICE, notice=notice))
        return _submissions(await self._all(_OF_PERIOD, notice=notice, period=period))

    async def by_receipt(self, notice: str, period: str, receipt: int) -> Submission | None:
        """What the receipt of that number stands for."""
        row = await self._one(_RECEIPT, notice=notice, period=period, receipt=receipt)
        return _submission(row) if row else None

    async def waiting(self) -> Sequence[Submission]:
        """What nobody decided yet (待审签, 待审核, 待复核), oldest first."""
        return _submissions(await self._all(_WAITING))

    async def approved(self, notice: str) -> Sequence[Submission]:
        """Every approved value of a notice, by matter and period; corrected ones are not in it."""
        return _submissions(await self._all(_APPROVED, notice=notice))

    async def _alone(self, notice: str, period: str) -> None:
        """One change of a period at a time: its receipts serialise them anyway, and no two can wait for each other."""
        await lock_key(self._connection, f"submission\x1f{notice}\x1f{period}")

    async def _held(self, submission_id: int) -> Submission:
        """The submission as it stands once nobody else changes its period."""
        found = await self._found(submission_id)
        await self._alone(found.notice, found.period)
        return await self._found(submission_id)

    async def _settle(
        self,
        found: Submission,
        before: tuple[State, ...],
        after: State,
        live: bool,
        by: Actor | None,
        at: datetime | None,
        *,
        outdated: bool = False,
    ) -> Submission:
        """Move one that stands (or, with `outdated`, one that does not). Raises: AlreadyDecided."""
        row = await self._one(
            _SETTLE, which=found.id, before=list(before), after=after, stands=live, by=by.who if by else None, at=at,
            outdated=outdated,
        )  # fmt: skip
        if row is None:
            now = await self._found(found.id)
            raise AlreadyDecided(now.state, now.decided_by, now.decided_at)
        return _submission(row)

    async def _make_room(self, before: Submission | None, corrects: int | None) -> int | None:
        """What the new version corrects: what was named, or what a 数据未出 that gives way had corrected."""
        if before is None:
            return corrects
        replaceable = before.state is State.APPROVED and before.id == corrects
        if not replaceable and before.state is not State.NO_DATA:
            raise AlreadyLive(before.id)
        await self._do(_STAND, which=before.id, stands=False)
        return before.corrects_id if before.state is State.NO_DATA else corrects

    async def _add(
        self, seen: Draft, entry: Entry, by: Actor, at: datetime, corrects: int | None, batch: str | None
    ) -> Submission:
        writers = tuple(dict.fromkeys((*seen.writers, by.who)))
        leads = await self._one(_LEADS, matter_id=seen.matter_id)
        row = await self._one(
            _NEW,
            draft_id=seen.id or None,
            draft_revision=seen.revision or None,
            matter_id=seen.matter_id,
            notice=seen.notice,
            unit=seen.unit,
            period=seen.period,
            version=await self._number(_LAST, matter_id=seen.matter_id, period=seen.period) + 1,
            receipt=None if batch else await self._next_receipt(seen.notice, seen.period),
            state=entry.state,
            kind=entry.kind,
            live=True,
            figures=dict(entry.figures),
            answers=dict(entry.answers or seen.answers),
            as_of=entry.as_of,
            origin=entry.origin,
            line=entry.line,
            reason=entry.reason,
            late=entry.late,
            corrects_id=corrects,
            batch=batch,
            lead_units=leads["lead_units"] if leads else (),
            writers=writers,
            writer_units=await Directory(self._connection).units_of(writers, at),
            submitted_by=by.who,
            post=by.post,
            message_id=by.message_id,
            submitted_at=at,
        )
        assert row is not None
        return _submission(row)

    async def _next_receipt(self, notice: str, period: str) -> int:
        return await Counters(self._connection).next(f"receipt\x1f{notice}\x1f{period}")

    async def _found(self, submission_id: int) -> Submission:
        found = await self.get(submission_id)
        if found is None:
            raise Stale("submission", None)
        return found


def _submission(row: RowMapping) -> Submission:
    return Submission(**{**row, "state": State(row["state"])})


def _submissions(rows: Sequence[RowMapping]) -> list[Submission]:
    return [_submission(row) for row in rows]


def _old(before: Submission | None) -> dict[str, JSON] | None:
    return None if before is None else _new(before)


def _new(made: Submission) -> dict[str, JSON]:
    as_of = made.as_of.isoformat() if made.as_of else None
    return {
        "id": made.id,
        "unit": made.unit,
        "period": made.period,
        "version": made.version,
        "state": str(made.state),
        "figures": dict(made.figures),
        "line": made.line,
        "as_of": as_of,
    }
