"""待审: what waits is shown one by one or as a list, decided once under four eyes, and whoever reported hears of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from handlers.feature import Aside, Feature, Round, Turn
from handlers.form_words import bare
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.review_cards import decide, next_one, pressed, shown_now, stranger, tell
from handlers.reviewing import Waiting, may_decide, reviewers, seen, shown, waiting_for
from handlers.rules.receipts import receipt
from storage import Decision, Dialogue

feature = Feature("review_submissions", {"审核员": ("待审", "逐条")})
LISTED = 10  # submissions in one batch


class Say:
    NOTHING = "现在没有待看的。"
    DIGEST = "待看{count}件：{plain}件没有提示，{hinted}件有。"
    DIGEST_PLAIN, DIGEST_HINTED = "待看{count}件，都没有提示。", "待看{count}件，都有提示。"
    HINTED = "有提示的：{names}"
    NEXT = "下一件"
    ONE_BY_ONE, PLAIN = "逐条", "看没有提示的{count}件"
    ALL_PLAIN = "没有提示的{count}件："
    ROW = "{number}. {name}　{value}　{unit}"
    CONFIRM, LATER = "确认{count}件", "先不确认"
    LEFT = "好的，先不确认。"
    NO_PLAIN = "没有提示的都看完了，剩下的请逐条看。"
    APPROVED = "已通过：{name}。"
    TOLD_APPROVED = "{name}（{receipt}）已通过，谢谢。"
    TOLD_BATCH = "这几件已通过：{names}。谢谢。"
    DIGEST_EVERY = "0 9 * * *"


@feature.command("待审", "待我审核", "审核")
async def digest(turn: Turn) -> Reply:
    """How many wait, with and without hints."""
    if refused := stranger(turn):
        return refused
    return digest_of(await waiting_for(turn.work, turn.library, turn.person, turn.now))


def digest_of(waiting: Sequence[Waiting]) -> Reply:
    """The digest with its buttons."""
    hinted = [w for w in waiting if w.hinted]
    if not waiting:
        return Reply(Say.NOTHING)
    plain = len(waiting) - len(hinted)
    line = Say.DIGEST if plain and hinted else Say.DIGEST_PLAIN if plain else Say.DIGEST_HINTED
    lines = [line.format(count=len(waiting), plain=plain, hinted=len(hinted))]
    lines += [Say.HINTED.format(names="、".join(w.stored.name for w in hinted[:5]))] if hinted else []
    buttons = [Button(Say.ONE_BY_ONE)]
    buttons += [Button(Say.PLAIN.format(count=plain), "看没有提示的")] if plain else []
    return Reply("\n".join(lines), tuple(buttons))


@feature.every("review digest", Say.DIGEST_EVERY, "latest")
async def tell_reviewers(round: Round) -> None:
    """At nine each reviewer hears what he may decide; nothing when nothing waits."""
    for person in await reviewers(round):
        waiting = await waiting_for(round.work, round.library, person, round.now)
        if person.staff_id and waiting:
            said = digest_of(waiting)
            key = f"{person.staff_id}/{(round.due or round.now).date()}"
            round.tell(Receiver("person", person.staff_id), Announcement(said.text, said.buttons), key)


@feature.command("逐条", "下一件", "逐条看")
async def one_by_one(turn: Turn) -> Reply:
    """The oldest that waits; after a button of another, the one after that."""
    if refused := stranger(turn):
        return refused
    before = await shown_now(turn) if turn.tag or turn.text == Say.NEXT else None
    return await next_one(turn, before.id if before else 0, "")


@feature.command("通过", "同意", "审核通过")
async def approve(turn: Turn) -> Reply:
    """Approve the one the button is about, then the next."""
    waiting = await pressed(turn)
    if isinstance(waiting, Reply):
        return waiting
    done = await decide(turn, waiting, Decision.APPROVE)
    if isinstance(done, Reply):
        return done
    said = receipt(done.period, done.receipt or 0, turn.now.date())
    tell(turn, done, Say.TOLD_APPROVED.format(name=waiting.stored.name, receipt=said))
    return await next_one(turn, done.id, Say.APPROVED.format(name=waiting.stored.name))


@feature.command("看没有提示的", "全部通过", "没有提示的")
async def list_plain(turn: Turn) -> Reply:
    """Those without hints, to be confirmed together; what is listed is what is confirmed."""
    if refused := stranger(turn):
        return refused
    waiting = [w for w in await waiting_for(turn.work, turn.library, turn.person, turn.now) if not w.hinted][:LISTED]
    if not waiting:
        return Reply(Say.NO_PLAIN, (Button(Say.ONE_BY_ONE),))
    await turn.hold("review batch", {"submissions": [w.submission.id for w in waiting]})
    lines = [Say.ALL_PLAIN.format(count=len(waiting))]
    for n, w in enumerate(waiting, 1):
        parts = shown(w)
        value = parts[1] if len(parts) > 1 else ""
        lines.append(Say.ROW.format(number=n, name=w.stored.name, value=value, unit=w.submission.unit))
    return Reply("\n".join(lines), (Button(Say.CONFIRM.format(count=len(waiting))), Button(Say.LATER)))


@feature.form("review batch")
async def confirm_batch(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """确认N件 approves exactly what was listed, as far as it still waits."""
    await turn.release()
    ids = (opened.state or {}).get("submissions")
    if not isinstance(ids, list | tuple) or bare(turn.text) != bare(Say.CONFIRM.format(count=len(ids))):
        return Reply(Say.LEFT) if bare(turn.text) == bare(Say.LATER) else Aside()
    told: dict[str, list[str]] = defaultdict(list)
    refused: Reply | None = None
    for number in ids:
        submission = await turn.work.submissions.get(int(str(number)))
        stored = await turn.work.matters.get(submission.matter_id) if submission else None
        if submission and stored and await may_decide(turn.work, turn.person, submission, stored, turn.now):
            waiting = await seen(turn.work, turn.library, submission, stored)
            done = await decide(turn, waiting, Decision.APPROVE)
            if isinstance(done, Reply):
                refused = done
            else:
                told[submission.submitted_by].append(stored.name)
    for staff_id, names in told.items():
        turn.tell(Receiver("person", staff_id), Announcement(Say.TOLD_BATCH.format(names="、".join(names))))
    approved = "、".join(name for names in told.values() for name in names)
    return await next_one(turn, 0, Say.APPROVED.format(name=approved)) if approved else refused or Reply(Say.NOTHING)
