"""What a reviewer's buttons share: the card of a submission, whether it still waits, the decision made once."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.feature import Turn
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.reviewing import Waiting, may_decide, seen, shown, waiting_for
from handlers.rights import actor
from handlers.rules.periods import name as period_name
from handlers.rules.permissions import Post
from handlers.tray import clear, lay, see
from storage import AlreadyDecided, Decision, FourEyes, State, Submission

SHOWN = "review card"


class Say:
    NOT_REVIEWER = "审核由登记的审核员来做，您这里不用操作。"
    PRIVATELY = "审核请在单聊里进行。"
    NOTHING = "现在没有待看的。"
    LAST = "都看完了，谢谢。"
    TAKEN_BY_YOU = "这件您{time}已处理（{state}），不用再管。"
    TAKEN = "另一位同志{time}已处理（{state}），不用再管。"
    SEALED = "{period}已经封存，这件没有动。要审，请办公室先重开：重开 {period} 理由。"
    OWN = "本单位的由别的单位同志复核，目前状态“已报·待复核”。"
    GONE = "这件已经撤回或改过了。"
    APPROVE, RETURN, ASK, NEXT = "通过", "请补一句", "问一问", "下一件"
    STATES: Mapping[State, str] = {
        State.APPROVED: "已通过", State.RETURNED: "已请补一句", State.WITHDRAWN: "单位已撤回"
    }  # fmt: skip
    STATE = "已处理"


def stranger(turn: Turn) -> Reply | None:
    """The refusal for somebody who may not review, or not here."""
    if Post.REVIEWER not in turn.person.posts:
        return Reply(Say.NOT_REVIEWER)
    return None if turn.private else Reply(Say.PRIVATELY)


async def next_one(turn: Turn, after: int, note: str) -> Reply:
    """The next submission later than `after`, else the first that waits; `note` is said before it."""
    waiting = await waiting_for(turn.work, turn.library, turn.person, turn.now)
    later = [w for w in waiting if w.submission.id > after] or [w for w in waiting if w.submission.id != after]
    await keep_shown(turn, later[0].submission if later else None)
    if not later:
        return Reply("\n".join(line for line in (note, Say.LAST if note else Say.NOTHING) if line))
    return card(later[0], note)


async def keep_shown(turn: Turn, submission: Submission | None) -> None:
    """Remember which card the reviewer has before him, so that a typed 通过 is about what he saw."""
    person = turn.person.staff_id or ""
    if submission is None:
        await clear(turn.work, person, SHOWN, turn.now)
    else:
        await lay(turn.work, person, SHOWN, {"id": submission.id, "version": submission.version}, turn.now)


async def shown_now(turn: Turn) -> Submission | None:
    """The submission of a button, else of the card shown last, if it is still that version."""
    if turn.tag:
        return await turn.work.submissions.get(int(turn.tag.ref))
    lying = await see(turn.work, turn.person.staff_id or "", SHOWN)
    found = await turn.work.submissions.get(int(str(lying.document["id"]))) if lying else None
    return found if found and lying and found.version == lying.document["version"] else None


def card(waiting: Waiting, note: str = "") -> Reply:
    """One submission with what can be done about it."""
    lines = [note, *shown(waiting)] if note else shown(waiting)
    labels = (Say.APPROVE, Say.RETURN, Say.ASK, Say.NEXT)
    return Reply("\n".join(lines), tuple(Button(label, tagged(label, waiting.submission)) for label in labels))


def tagged(words: str, submission: Submission) -> str:
    """Words with the submission's tag: a version handed in later is another submission."""
    return f"{words} #{submission.id}.{submission.version}"


async def pressed(turn: Turn) -> Waiting | Reply:
    """The submission a button is about, if it still waits and this person may decide it; else what to say."""
    if refused := stranger(turn):
        return refused
    submission = await shown_now(turn)
    stored = await turn.work.matters.get(submission.matter_id) if submission else None
    if submission is None or stored is None:
        return Reply(Say.GONE) if turn.tag else await next_one(turn, 0, "")
    if submission.state not in (State.PENDING, State.SECOND):
        return Reply(taken(turn, submission)) if turn.tag else await next_one(turn, submission.id, "")
    if not await may_decide(turn.work, turn.person, submission, stored, turn.now):
        return Reply(Say.OWN)
    return await seen(turn.work, turn.library, submission, stored)


def taken(turn: Turn, submission: Submission) -> str:
    """Somebody was first, perhaps this person himself."""
    at = submission.decided_at.astimezone(turn.now.tzinfo) if submission.decided_at else None
    state = Say.STATES.get(submission.state, Say.STATE)
    line = Say.TAKEN_BY_YOU if submission.decided_by == turn.person.staff_id else Say.TAKEN
    return line.format(time=f"{at:%H:%M}" if at else "", state=state)


async def decide(
    turn: Turn, waiting: Waiting, decision: Decision, words: str = "", chip: str = ""
) -> Submission | Reply:
    """The decision, once; else what to say instead: nothing is decided for a sealed period."""
    s = waiting.submission
    if decision is not Decision.ASK and await turn.work.closings.closed(s.notice, s.period):
        return Reply(Say.SEALED.format(period=period_name(s.period, turn.now.date())))
    try:
        return await turn.work.submissions.decide(
            waiting.submission.id, decision, actor(turn, Post.REVIEWER), turn.now, words=words, chip=chip or None
        )
    except AlreadyDecided:
        found = await turn.work.submissions.get(waiting.submission.id)
        return Reply(taken(turn, found) if found else Say.GONE)
    except FourEyes:
        return Reply(Say.OWN)


def tell(turn: Turn, submission: Submission, text: str, *buttons: Button) -> None:
    """Whoever handed it in hears of it."""
    turn.tell(Receiver("person", submission.submitted_by), Announcement(text, buttons))
