"""Decisions over submissions: made once, under four eyes, every word kept. Who may decide at all is in handlers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from storage.dialect import insert as upsert
from storage.directory import Directory
from storage.errors import FourEyes
from storage.records_people import Actor
from storage.records_reports import Decision, Paragraph, Review, State, Submission
from storage.submissions import Submissions
from storage.tables import paragraph, review, submission

_FIELDS = [review.c[f.name] for f in fields(Review)]
_OF = select(*_FIELDS).where(review.c.submission_id == bindparam("submission_id")).order_by(review.c.id)
_OF_PERIOD = (
    select(*_FIELDS)
    .join(submission, submission.c.id == review.c.submission_id)
    .where(submission.c.notice == bindparam("notice"), submission.c.period == bindparam("period"))
    .order_by(review.c.id)
)
_ADD = insert(review)
_ADD_PARAGRAPH = upsert(paragraph)
_PARAGRAPHS = (
    select(*(paragraph.c[f.name] for f in fields(Paragraph)))
    .join(submission, submission.c.id == paragraph.c.submission_id)
    .where(submission.c.notice == bindparam("notice"), submission.c.live)
    .order_by(paragraph.c.id)
)

STEPS: dict[Decision, tuple[tuple[State, ...], State, bool]] = {
    Decision.SIGN: ((State.SIGNING,), State.PENDING, True),
    Decision.REFUSE_SIGN: ((State.SIGNING,), State.RETURNED, False),
    Decision.APPROVE: ((State.PENDING, State.SECOND), State.APPROVED, True),
    Decision.RETURN: ((State.PENDING, State.SECOND), State.RETURNED, False),
}
"""Decision → from which states, to which, and whether the submission stands afterwards. Asking moves none."""

JUDGING = (Decision.APPROVE, Decision.RETURN)


class Reviews(Submissions):
    """Decides; all that submissions can do besides."""

    async def decide(
        self,
        submission_id: int,
        decision: Decision,
        by: Actor,
        at: datetime,
        *,
        words: str = "",
        chip: str | None = None,
        signed_to: State = State.PENDING,
    ) -> Submission:
        """The submission as it stands after the decision. `signed_to`: 待复核 if no independent reviewer is seated.

        Raises: AlreadyDecided if somebody was first; FourEyes if the decider wrote it or sits (now, or did at
        submission) in a unit that leads it.
        """
        found = await self._held(submission_id)
        units = await self._reviewer_units(found, by, at)
        if decision in JUDGING:
            _judge(found, by, units)
        done = found
        if decision in STEPS:
            before, after, live = STEPS[decision]
            done = await self._settle(found, before, signed_to if decision is Decision.SIGN else after, live, by, at)
            await self._follow(done, by, at)
        await self._do(
            _ADD, submission_id=found.id, decision=decision, chip=chip, words=words, reviewer=by.who, post=by.post,
            reviewer_units=units, message_id=by.message_id, decided_at=at,
        )  # fmt: skip
        await self._record(
            f"matter:{found.matter_id}", f"review {decision}", by, at, old={"state": found.state}, why=words,
            new={"id": done.id, "state": done.state, "chip": chip},
        )  # fmt: skip
        return done

    async def reviews(self, submission_id: int) -> Sequence[Review]:
        """Every word said to a submission, oldest first."""
        return [Review(**row) for row in await self._all(_OF, submission_id=submission_id)]

    async def reviews_of_period(self, notice: str, period: str) -> Sequence[Review]:
        """Every word said in a period, oldest first."""
        return [Review(**row) for row in await self._all(_OF_PERIOD, notice=notice, period=period)]

    async def reword(self, submission_id: int, text: str, by: Actor, at: datetime) -> None:
        """Keep a paragraph as somebody worded it; it holds for this version only."""
        found = await self._found(submission_id)
        await self._do(
            _ADD_PARAGRAPH, submission_id=submission_id, text=text, written_by=by.who, message_id=by.message_id,
            written_at=at,
        )  # fmt: skip
        await self._record(f"matter:{found.matter_id}", "paragraph", by, at, new={"id": found.id, "text": text})

    async def paragraphs(self, notice: str) -> dict[int, Paragraph]:
        """The last wording of each live submission that was worded by hand, by submission id."""
        rows = await self._all(_PARAGRAPHS, notice=notice)
        return {row["submission_id"]: Paragraph(**row) for row in rows}

    async def _follow(self, done: Submission, by: Actor, at: datetime) -> None:
        """What a decision brings with it: a return reopens, an approval outdates what it corrects."""
        if done.state is State.RETURNED:
            await self.step_back(done, at)
        elif done.state is State.APPROVED and done.corrects_id is not None:
            old = await self._found(done.corrects_id)
            await self._settle(old, (State.APPROVED,), State.CORRECTED, False, by, at, outdated=True)

    async def _reviewer_units(self, found: Submission, by: Actor, at: datetime) -> tuple[str, ...]:
        return await Directory(self._connection).units_of([by.who], at, found.submitted_at)


def _judge(found: Submission, by: Actor, units: tuple[str, ...]) -> None:
    if by.who in found.writers or set(units) & {found.unit, *found.lead_units}:
        raise FourEyes(f"{found.id}")
