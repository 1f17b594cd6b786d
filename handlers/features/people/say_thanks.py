"""谢谢, 收到, 好的: a polite word between people is answered in one, not with the page of help."""

from __future__ import annotations

from handlers.feature import Feature, Turn
from handlers.message import Reply

feature = Feature("say_thanks")


class Say:
    HEARS = (
        r"(好的?|嗯+|ok|行)?[,，]?(谢谢|多谢|感谢|辛苦)(您|你|了|啦|您了|你了)*",
        r"(好的?|嗯+|哦+|ok|行|收到|知道|明白|了解)(了|啦)?",
    )
    WELCOME = "不客气，有事随时说。"


@feature.hears(*Say.HEARS)
async def welcome(_: Turn) -> Reply:
    """One line; what was open stays open and asks again after it."""
    return Reply(Say.WELCOME)
