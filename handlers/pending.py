"""What an open form waits for, so that it can be said once more after something else was answered."""

from __future__ import annotations

from handlers.feature import Aside, Turn
from handlers.message import Reply
from storage import Dialogue

CHOICES = "choices"
"""In what is understood of a chat: the words offered when a question was asked back, one a line."""


class Say:
    OF_OTHERS = "我的任务"
    """A message that every form leaves to others, saying what it waits for."""


async def asked(turn: Turn, opened: Dialogue) -> Reply | None:
    """The open form's question, the form left as it is; None where it has none to repeat."""
    resume = turn.features.forms.get(opened.form or "")
    if resume is None:
        return None
    text, tag = turn.text, turn.tag
    turn.text, turn.tag = Say.OF_OTHERS, None
    told = await resume(turn, opened)
    turn.text, turn.tag, turn.closed = text, tag, False
    if turn.dialogue is None or turn.dialogue.form != opened.form:  # a list closes when something else is said
        await turn.hold(opened.form or "", opened.state or {})
    return told.again if isinstance(told, Aside) else None


def chosen(turn: Turn, opened: Dialogue) -> bool:
    """Whether the message is one of the choices the notice's answer offered last: then it is not for the form."""
    offered = (opened.context or {}).get(CHOICES)
    return isinstance(offered, str) and bool(turn.text) and turn.text in offered.split("\n")
