"""A command's word written wrong (带填, 谁还没保): what was meant is asked, never done unasked.

Only words of the asker's own seats; what the notice can answer is left to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz.distance import OSA

from handlers.feature import ANYONE, BREAK, Command, Turn
from handlers.message import Button, Reply
from handlers.wording import key
from knowledge import Asked, Outcome, signs

SHORTEST, EDITED = 2, 3  # characters of a word that sounds alike; of one that differs by a character
LONGEST = 12  # characters of a word that is looked at


class Say:
    MEANT = "您是不是想说“{words}”？"


def you_meant(turn: Turn) -> Reply | None:
    """The question back, with the words as they should be on its button; None where nothing is like them."""
    if not turn.private or turn.tag or not turn.person.staff_id:
        return None
    if words := next(meant(turn), None):
        return Reply(Say.MEANT.format(words=words), (Button(words),), asks=True)
    return None


def meant(turn: Turn) -> Iterator[str]:
    """The message with its command's word written right."""
    own = words_of(turn)
    head, *rest = BREAK.split(turn.text.strip(), maxsplit=1)
    if word := likest(turn, key(turn.text), own):
        yield word
    elif rest and (word := likest(turn, key(head), {w: c for w, c in own.items() if c.takes})):
        yield f"{word} {rest[0].strip()}"


def words_of(turn: Turn) -> dict[str, Command]:
    """The words of every file that offers something to the asker's seats."""
    posts = {seat.post for seat in turn.person.seats} | {ANYONE}
    mine = (feature for feature in turn.features.all if posts & feature.offers.keys())
    return {key(word): command for feature in mine for command in feature.commands for word in command.words}


def likest(turn: Turn, said: str, words: dict[str, Command]) -> str | None:
    """The one word that sounds like it, else the one that differs by a character where the notice knows no answer."""
    if not SHORTEST <= len(said) <= LONGEST or named(turn, said):
        return None
    alike = [word for word in words if len(word) == len(said) and signs(word) == signs(said)]
    if not alike and not answered(turn, said):
        alike = [word for word in words if len(word) >= EDITED and OSA.distance(word, said, score_cutoff=1) <= 1]
    return alike[0] if len({id(words[word]) for word in alike}) == 1 else None


def named(turn: Turn, said: str) -> bool:
    """Whether the notice itself writes the words as, or in, a name."""
    return turn.library.unit(said) is not None or any(said in matter.name for matter in turn.library.matters())


def answered(turn: Turn, said: str) -> bool:
    """Whether the notice answers it."""
    answer = turn.library.ask(Asked(said, turn.unit, today=turn.now.date()))
    return answer.outcome not in (Outcome.REFUSE, Outcome.HELP)
