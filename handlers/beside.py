"""What is said beside the question of an open report: this matter's value by its name, another matter's, a command.

Where any sentence is an answer, words stay words: only what names a matter literally with a bare value, or a command
with one, is taken for it; in doubt it is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.drafting import Desk
from handlers.feature import Turn
from handlers.form_doubts import EITHER, ask_which, correction
from handlers.form_doubts import Say as Words
from handlers.form_run import Here
from handlers.form_state import FormState, Taken
from handlers.form_words import bare
from handlers.naming import Named, Naming
from handlers.rules.one_sentence import read_report
from handlers.whole_report import LONGEST, SHORTEST, is_whole, led, single, tidied


class Say:
    CHANGE = "{name}改成{value}"
    OTHER, REPORT, SAYS_REPORT = "报{name}", "报{said}", "填报 {name} {value}"
    COMMANDS = r"(?:我们?|要|想|还)*(?:填报|补报|补交|补填|更正|撤回|撤销|接着填|继续填)"
    PERIOD = (
        r"(?:\d{2,4}年?)?"
        r"(?:第?[一二三四1-4]季度?|上一?期|上次|上个?季度?|上个?月|上?下?半年|去年|上年度?|\d{1,2}月份?)"
    )
    OF = r"[的\s:：，,]*"


@dataclass(frozen=True, slots=True)
class Valued:
    """One of the sender's matters with a bare value (场地7)."""

    named: Named
    value: str
    literal: bool
    """Its name was said, not something like it."""


def valued(turn: Turn, desk: Desk, text: str) -> Valued | None:
    """The one matter a short message names, and the value said of it; None where more is said. Of several that the
    name may mean it is the desk's own."""
    if len(text) > LONGEST or turn.tag or not (matters := led(turn)):
        return None
    naming = Naming(turn.library, matters)
    report = read_report(tidied(text), naming.knows)
    if len(report.items) != 1 or report.unread or report.rest:
        return None
    item = report.items[0]
    found = naming.find(item.name) if item.value and not (item.added or item.line) else ()
    found = tuple(one for one in found if one.matter.key == desk.item.facts.key) or found
    if len(found) != 1 or len(item.name) < SHORTEST:
        return None
    return Valued(found[0], item.value, literal(item.name, found[0].matter.name))


def literal(said: str, name: str) -> bool:
    """Whether every character was taken from the name, in its order (智慧校园 of 智慧(数字)校园)."""
    left = iter(bare(name))
    return all(char in left for char in bare(said))


def own_value(turn: Turn, desk: Desk) -> str:
    """The message; of 智慧校园35 only the value where this matter's is asked, a correction where a sentence is."""
    alone = len(desk.facts.measures) == 1
    if not free(desk):
        named = single(turn, turn.text)
        return named[1] if named and named[0] == desk.item.facts.key and alone else turn.text
    said = valued(turn, desk, turn.text) if alone else None
    if said is None or not said.literal or said.named.matter.key != desk.item.facts.key:
        return turn.text
    return Say.CHANGE.format(name=desk.form.steps[0].name, value=said.value)


def which(turn: Turn, desk: Desk) -> Taken | None:
    """Where a sentence is asked for: the question what 场地7 is, another matter's value or the sentence; and 园区36,
    that is no more than like this matter's name."""
    said = valued(turn, desk, turn.text) if free(desk) and not turn.is_command(turn.text) else None
    here = Here(desk.form, desk.state, desk.facts).put(pending=None)
    if said is None or left_for(desk.state, turn.text):
        return None
    own, step = said.named.matter.key == desk.item.facts.key, desk.form.steps[0]
    if own and not said.literal and len(desk.facts.measures) == 1 and step.field in desk.state.answers:
        return ask_which(here, turn.text, Words.CHANGE.format(names=step.name), [correction(here, step, said.value)])
    if own or not said.literal:
        return None
    says = Say.SAYS_REPORT.format(name=said.named.matter.name, value=said.value)
    way = (Say.REPORT.format(said=turn.text), "leave", says)
    return ask_which(here, turn.text, Say.OTHER.format(name=said.named.matter.name), [way])


def left_for(state: FormState, text: str) -> str:
    """What a chosen way out of the form says; empty when none was."""
    pending = state.pending
    ways = pending.choices if pending and pending.code == EITHER else ()
    return next((says for label, does, says in ways if does == "leave" and bare(label) == bare(text)), "")


def elsewhere(turn: Turn, desk: Desk, text: str) -> bool:
    """Whether a message belongs to others: a command, a report of several matters or of another one. Where any
    sentence is an answer, only what cannot be one is taken for it."""
    if turn.is_command(text) or is_whole(turn, text, strict=free(desk)):
        return True
    if free(desk):
        return commands(turn, text)
    return turn.features.listener(text) is not None or other_value(turn, desk, text)


def other_value(turn: Turn, desk: Desk, text: str) -> bool:
    """Whether a message reports another matter by name (场地7)."""
    named = single(turn, text)
    return named is not None and named[0] != desk.item.facts.key


def commands(turn: Turn, text: str) -> bool:
    """Whether a message is a command of reporting with its period or one of the sender's matters right behind it
    (补报三季度校园35); 更正收费办法 is a sentence."""
    found = re.match(Say.COMMANDS, text) if len(text) <= LONGEST else None
    if found is None:
        return False
    rest = re.sub(f"^{Say.OF}", "", text[found.end() :])
    period = re.match(Say.PERIOD, rest)
    name = re.sub(f"^{Say.OF}", "", rest[period.end() :]) if period else rest
    if not name:
        return period is not None
    items = read_report(name).items
    said = items[0].name if len(items) == 1 and items[0].name else name
    named = Naming(turn.library, led(turn)).find(said)
    return any(literal(said, one.matter.name) for one in named)


def free(desk: Desk) -> bool:
    """Whether any sentence is an answer to what is asked."""
    field = desk.state.pending.field if desk.state.pending else desk.state.step
    current = desk.form.step(field)
    return current is not None and current.free
