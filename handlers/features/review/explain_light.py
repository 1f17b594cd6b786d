"""为什么是黄灯: asked of one matter, or of all that are behind, in any order. The answer is show_progress's."""

from __future__ import annotations

import re

from handlers.feature import Feature, Turn
from handlers.message import Reply
from handlers.wording import key

feature = Feature("explain_light")
ONE, ALL = "为什么一件", "为什么偏慢"


class Say:
    WHY = "(?:为什么|为啥|为何|凭什么|怎么会|怎么|咋)"
    TURNS = "(?:就?是|会是|亮了?|变成?|成了|显示|标成?|给了?|判成?)?(?:个|的)?"
    LIGHT = "(?:[红黄绿]灯|[红黄绿]色|标[红黄]|偏慢|关注|落后|慢了?)"
    END = "(?:的|了|呢|啊|呀)*"
    HEARS = (
        f"{WHY}{TURNS}{LIGHT}{END}[:：,，]?(?P<after>.{{0,30}})|{WHY}(?P<between>.{{2,30}}?){TURNS}{LIGHT}{END}"
        f"|(?P<before>.{{2,30}}?){WHY}{TURNS}{LIGHT}{END}"
    )
    EMPTY = f"{TURNS}{LIGHT}{END}"


@feature.command("为什么", "为什么偏慢", "为什么慢", takes=True)
async def ask(turn: Turn) -> Reply | None:
    """Of the matter that is named, else of all that are behind."""
    return await explain(turn, name_in(f"为什么{turn.rest}") or turn.rest)


@feature.hears(Say.HEARS)
async def hear(turn: Turn) -> Reply | None:
    """The same in a sentence, for those who may see values; others are answered from the notice."""
    if not turn.person.seats:
        return None
    found = re.fullmatch(Say.HEARS, key(turn.text))
    return await explain(turn, name_in(key(turn.text))) if found else None


def name_in(said: str) -> str:
    """The matter's name in such a sentence; empty when it names none."""
    found = re.fullmatch(Say.HEARS, key(said))
    return next(filter(None, found.groups()), "") if found else ""


async def explain(turn: Turn, name: str) -> Reply | None:
    """One, or all that are behind."""
    bare = re.sub(f"^(?:{Say.EMPTY})$", "", key(name))
    return await turn.open(ONE, said=name) if bare else await turn.open(ALL)
