"""Where a sentence is asked for: which words may be meant for a value given before. Words stay words; a number alone
corrects, and says so; a number said as a total is asked about. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.form_run import Here, question
from handlers.form_state import Pending, Taken
from handlers.form_steps import F, Got, Step
from handlers.form_words import bare

EITHER = "either"
"""Code of a question what words are for; whatever else is said, nothing was taken."""
LONGEST = 30  # characters of words that are asked about


class Say:
    DIGITS = "零〇一二两三四五六七八九十百千万亿"
    NUMBER = rf"[-−]?(?:\d[\d.,，]*|[{DIGITS}]+(?:点[{DIGITS}]+)?)\s*[万亿成]?半?\s*[%％‰]?[\u4e00-\u9fff]{{0,2}}"
    WHICH, CHANGE = "“{said}”是{what}，还是写进{line}？", "改{names}"
    OR, TO = "、", "{name}改成{shown}"
    INTO = "写进{line}"


def plain(words: str) -> bool:
    """Whether the words are a number and at most its unit (36所), so that they make no sentence."""
    return re.fullmatch(Say.NUMBER, words.strip()) is not None


def given(here: Here[F], words: str) -> list[Step[F]]:
    """The values given before that these words, said where a sentence is asked for, can be read as."""
    read = [s for s in here.steps if not s.free and not s.prefill and s.field in here.state.answers]
    return [step for step in read if isinstance(step.read(words, here.asking), Got)] if len(words) <= LONGEST else []


def corrected(here: Here[F], words: str) -> Step[F] | None:
    """The value that a bare number corrects, also one that does not fit it (35.5); None when it could be several."""
    if not plain(words):
        return None
    steps, main = given(here, words), here.form.main_step
    if not steps and main and not main.free and main.field in here.state.answers:
        return main if main.read(words, here.asking) else None
    return steps[0] if len(steps) == 1 else None


def doubt(here: Here[F], words: str) -> Taken | None:
    """The question what the words are for, where they can be a value or the sentence; None where they cannot."""
    steps = [step for step in given(here, words) if plain(words) or _restates(here, step, words)]
    if not steps or (plain(words) and len(steps) == 1):
        return None
    names = Say.OR.join(step.name for step in steps)
    return ask_which(here, words, Say.CHANGE.format(names=names), [correction(here, step, words) for step in steps])


def ask_which(here: Here[F], words: str, what: str, ways: list[tuple[str, str, str]]) -> Taken | None:
    """The question, with these ways and that of the sentence; None where no sentence is asked for."""
    step = here.current
    if step is None or not step.free:
        return None
    text = Say.WHICH.format(said=words, what=what, line=step.name)
    choices = (*ways, (Say.INTO.format(line=step.name), "content", words))
    pending = Pending(step.field, words, EITHER, text, choices)
    asked = here.put(pending=pending, revision=here.state.revision + 1)
    return Taken(asked.state, question(asked))


def _restates(here: Here[F], step: Step[F], words: str) -> bool:
    """Whether the words say the value again, and differently."""
    read = step.read(words, here.asking)
    other = isinstance(read, Got) and read.value != here.state.answers[step.field]
    return other and re.fullmatch(step.restated, words.strip()) is not None if step.restated else False


def correction(here: Here[F], step: Step[F], words: str) -> tuple[str, str, str]:
    """The way that takes the words for a value."""
    read = step.read(words, here.asking)
    shown = step.show(read.value, here.asking) if isinstance(read, Got) else words
    return Say.TO.format(name=step.name, shown=shown), "correct", f"{step.field} {words}"


def unasked(here: Here[F], words: str) -> Here[F]:
    """The same without the question what words were for, unless these words answer it."""
    pending = here.state.pending
    if pending is None or pending.code != EITHER or any(bare(words) == bare(label) for label, _, _ in pending.choices):
        return here
    return replace(here, state=replace(here.state, pending=None))
