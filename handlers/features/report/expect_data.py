"""数据未出: when the figures will be there. That they are not was handed in already; this only adds a day."""

from __future__ import annotations

from handlers.drafting import find_desk
from handlers.feature import Aside, Feature, Turn
from handlers.form_words import Word, bare, word_of
from handlers.handing_in import hand_in
from handlers.message import Button, Reply
from handlers.rights import reporting_unit
from handlers.rules.days import read_day
from storage import Dialogue, State

feature = Feature("expect_data")


class Say:
    UNSURE = ("不确定", "不知道", "说不准", "不清楚", "还不知道", "没定")
    NOTED = "好的，记下了，预计{month}月{day}日。到时直接发我就行。"
    FINE = "好的，出来后直接发我就行。"
    PAST = "{month}月{day}日已经过了，预计是哪天？例如月底、下周五。"
    NEXT = Button("继续")


@feature.form("expected")
async def take_day(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """A day, 不确定, or something else: then it stays open-ended and the message is for others."""
    await turn.release()
    if bare(turn.text) in Say.UNSURE or word_of(turn.text) in (Word.SKIP, Word.NONE):
        return Reply(Say.FINE, (Say.NEXT,))
    day = None if turn.tag else read_day(turn.text, turn.now.date())
    if day is None:
        return Aside()
    words = {"month": day.month, "day": day.day}
    if day < turn.now.date():
        await turn.hold("expected", dict(opened.state or {}))
        return Reply(Say.PAST.format(**words))
    draft = await turn.work.drafts.get(int(str((opened.state or {})["draft"])))
    desk = await find_desk(turn, draft) if draft and draft.state == "submitted" else None
    live = desk.item.live if desk else None
    if desk is None or live is None or live.state is not State.NO_DATA:
        return Reply(Say.FINE, (Say.NEXT,))
    if reporting_unit(turn.person, desk.item.stored) != desk.draft.unit:
        return Aside()
    reopened = await turn.work.drafts.reopen(desk.draft.id, turn.now)
    again = await find_desk(turn, reopened)
    if again:
        await hand_in(turn, again, expected=day)
    return Reply(Say.NOTED.format(**words), (Say.NEXT,))
