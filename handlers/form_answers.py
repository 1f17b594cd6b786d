"""Answers in a form: which field a piece of a message is for, what is stored, what is said when it does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from handlers.form_doubts import corrected, doubt
from handlers.form_run import Here, Try, attempt, changed, question, with_note
from handlers.form_run import Say as Lines
from handlers.form_state import Done, NotMine, Outcome, Pending, Taken
from handlers.form_steps import CONFIRM, F, Got, Problem, Step
from handlers.form_words import Named, Part, bare, cuts, parts, reads_as_question
from handlers.message import Button, Reply

MISSES = 3  # then another way is offered
REASON = 4  # characters from which a sentence is taken as the reason that was asked for

Guess: TypeAlias = Callable[[str], bool]


class Say:
    HINT = Button("看口径")
    OFFICE = Button("请办公室联系我")
    UNREAD = "没看懂“{said}”。{question}"
    AT_CONFIRM = "没看懂“{said}”。核对无误请回“提交”；要改就说，例如“{name}改成…”。"
    STILL = "{problem}\n（原来的{shown}还在，没有动。）"
    OTHER_WAY = "{problem}\n要不要换个办法？"
    LEFT = "（“{said}”没看懂，没有记。）"


def reads(here: Here[F], words: str) -> bool:
    """Whether the present typed question takes these words as its answer."""
    step = here.current
    return step is not None and not step.free and isinstance(step.read(words, here.asking), Got)


def ask_next(here: Here[F], note: str) -> Taken | Done:
    """The next question after a note; done when nothing is left and the form has no confirmation."""
    if here.state.step == CONFIRM and not here.form.confirm:
        return Done(here.state)
    return Taken(here.state, with_note(note, question(here)))


def answer(here: Here[F], words: str, is_question: Guess) -> Outcome:
    """Store what the message says for the present question and any field it names."""
    step = here.current
    named = Named(step.field, step.names, step.free) if step else None
    found = parts(words, here.named, named, lambda field, text: _fits(here, field, text))
    plain = len(found) == 1 and found[0].field is None and not found[0].sorry
    if step and step.free and plain and reads_as_question(words, strict=True):
        return NotMine()
    asked = doubt(here, words) if step and step.free and plain else None
    return asked or apply(here, found, is_question, words)


def _fits(here: Here[F], field: str, text: str) -> bool:
    """Whether a field's reader knows the text, or at least its beginning."""
    step = here.form.step(field)
    return step is not None and step.read(text, here.asking) is not None


def apply(here: Here[F], found: Sequence[Part], is_question: Guess, words: str = "") -> Outcome:
    """Store the pieces one by one; the first that has a problem is asked about, those before it stay."""
    queue, notes, changes = list(found), list[str](), list[str]()
    while queue:
        part = queue.pop(0)
        tried, step, rest = _fit(here, part, words)
        if step is None or (tried.state is None and tried.problem is None):
            if not notes and not changes:
                return _unread(here, words or part.text, is_question)
            notes.append(Say.LEFT.format(said=part.text[:20]))
        elif tried.problem:
            return _refused(here, step, tried, tried.problem, rest, [*notes, *changed(changes)])
        elif tried.state:
            here = replace(here, state=tried.state).onward()
            notes += [tried.note] if tried.note else []
            changes += [tried.change] if tried.change else []
            queue[:0] = [Part(None, rest)] if rest else []
    return ask_next(here, "".join([*notes, *changed(changes)]))


def _fit(here: Here[F], part: Part, words: str) -> tuple[Try, Step[F] | None, str]:
    """What became of the piece, for which step, and what of it is left for the next question."""
    steps = list(_targets(here, part))
    for step in steps:
        tried, rest = _try(here, step, part.text)
        if tried.state or tried.problem:
            return tried, step, rest
    current = here.current
    if part.sorry and current and current.free:  # 不对 can begin a line of content
        return attempt(here, current, words), current, ""
    return Try(), steps[0] if steps else None, ""


def _targets(here: Here[F], part: Part) -> Iterator[Step[F]]:
    """The steps a piece may be for, likeliest first."""
    if part.field:
        step = here.form.step(part.field)
        yield from [step] if step else []
        return
    if part.sorry:
        latest = dict.fromkeys(change.field for change in reversed(here.state.history))
        yield from (step for step in map(here.form.step, latest) if step and not step.free)
    current = here.current or here.form.main_step
    if current and current.free and (given := corrected(here, part.text)):
        yield given
    if current and not (part.sorry and current.free):
        yield current


def _try(here: Here[F], step: Step[F], text: str) -> tuple[Try, str]:
    """The whole text as the answer, else its beginning when the next question takes the rest."""
    tried = attempt(here, step, text)
    if tried.state or tried.problem or step.free:
        return tried, ""
    after = here.following(step)
    for head, rest in cuts(text) if after else ():
        tried = attempt(here, step, head)
        if after and (tried.state or tried.problem) and isinstance(after.read(rest, here.asking), Got):
            return tried, rest
    return Try(), ""


def _refused(here: Here[F], step: Step[F], tried: Try, problem: Problem, rest: str, notes: list[str]) -> Taken:
    """Say what is wrong; the answer before it stays, and so does what was said for the next question."""
    after = here.following(step)
    if rest and after:
        kept = attempt(here, after, rest)
        here = replace(here, state=kept.state) if kept.state and not kept.problem else here
    if tried.state:  # soft: it waits for a decision
        here = here.put(pending=tried.state.pending, revision=here.state.revision + 1)
        return Taken(here.state, with_note("".join(notes), question(here)))
    shown = here.shown(step)
    text = problem.text if shown is None else Say.STILL.format(problem=problem.text, shown=shown)
    return _missed(here, "".join([*notes, text]), question(here).buttons)


def _unread(here: Here[F], words: str, is_question: Guess) -> Outcome:
    if is_question(words):
        return NotMine()
    main, asked = here.form.main_step, question(here)
    if here.current is None:
        return _missed(here, Say.AT_CONFIRM.format(said=words[:20], name=main.name if main else ""), asked.buttons)
    return _missed(here, Say.UNREAD.format(said=words[:20], question=asked.text), asked.buttons)


def _missed(here: Here[F], text: str, buttons: tuple[Button, ...]) -> Taken:
    """One more miss; from the third on another way is offered."""
    misses = min(here.state.misses + 1, 99)
    state = replace(here.state, misses=misses)
    if misses < MISSES:
        return Taken(state, Reply(text, buttons))
    return Taken(state, Reply(Say.OTHER_WAY.format(problem=text), (Say.HINT, Lines.PARK, Say.OFFICE)))


def decide(here: Here[F], words: str, is_question: Guess) -> Outcome | None:
    """What the message does to a value that waits for a decision; None when it is a new answer or something else."""
    pending = here.state.pending
    step = here.form.step(pending.field) if pending else None
    if pending is None or step is None:
        return None
    for label, does, says in pending.choices:
        if bare(words) == bare(label) and not pending.wants_reason:
            return _chosen(here, step, pending, label, does, says)
    because = pending.wants_reason or any(does == "because" for _, does, _ in pending.choices)
    reason = _reason(here, step, pending, words) if because else ""
    if not reason or is_question(words):
        return None
    return _insist(here, step, pending, reason)


def _reason(here: Here[F], step: Step[F], pending: Pending, words: str) -> str:
    """The reason in the message (350，新建校区 · 新建校区一次性验收); empty when it is a value or too short."""
    if step.read(words, here.asking) is not None or bare(words) == bare(pending.said):
        return ""
    for head, rest in cuts(words):
        if step.read(head, here.asking) is not None:
            return rest if step.read(head, here.asking) == step.read(pending.said, here.asking) else ""
    return words if pending.wants_reason or len(words) >= REASON else ""


def _chosen(here: Here[F], step: Step[F], pending: Pending, label: str, does: str, says: str) -> Outcome:
    if does == "again":
        return ask_next(here.put(pending=None), "")
    if does == "leave":
        return NotMine()
    if does == "correct":
        field, _, said = says.partition(" ")
        return apply(here.put(pending=None), [Part(field, said)], is_never, said)
    if does == "content":
        return apply(here.put(pending=None), [Part(step.field, says)], is_never, says)
    if does == "because":
        return ask_next(here.put(pending=replace(pending, wants_reason=True)), "")
    if does == "replace":
        return _insist(here, step, replace(pending, said=says), label)
    return _insist(here, step, pending, label)


def _insist(here: Here[F], step: Step[F], pending: Pending, reason: str) -> Outcome:
    """Store the waiting value with its reason; another check may still object."""
    passed, reasons = (*pending.passed, pending.code), (*pending.reasons, reason)
    tried = attempt(here.put(pending=None), step, pending.said, passed, reasons)
    if tried.problem:
        return _refused(here.put(pending=None), step, tried, tried.problem, "", [])
    return (
        ask_next(replace(here, state=tried.state).onward(), tried.said) if tried.state else _unread(here, "", is_never)
    )


def is_never(_: str) -> bool:
    """False."""
    return False
