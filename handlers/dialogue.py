"""The form engine: what a message does to an open form. Pure: (form, state, text, facts) in, an outcome out.

It never answers questions about the notice: NotMine hands those to the dispatcher, which afterwards says `ask_again`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from handlers.form_answers import Guess, answer, apply, ask_next, decide, reads
from handlers.form_doubts import unasked
from handlers.form_run import Here, Try, attempt, question, question_again, with_note
from handlers.form_state import LONGEST, Cancelled, Done, FormState, NotMine, Outcome, Parked, Taken, from_json
from handlers.form_steps import CONFIRM, JSON, F, Form, Got, Step, worded
from handlers.form_words import Part, Tag, Word, bare, reads_as_question, split_tag, tidy, word_of
from handlers.message import Button, Reply

__all__ = [
    "Cancelled",
    "Done",
    "FormState",
    "NotMine",
    "Outcome",
    "Parked",
    "Taken",
    "ask",
    "ask_again",
    "begin",
    "load",
    "resume",
    "split_tag",
    "take",
]


class Say:
    CANCELLED = "好的，这次不报了。填过的数还留着，以后随时可以接着填。"
    PARKED = "好的，先放着，填过的都在，随时点“接着填”。"
    OFFICE = "好的，已请办公室联系您；填过的都在，随时点“接着填”。"
    RESUME = Button("接着填")
    RESTART = Button("重新来")
    HELP = "直接回答就行；也可以说：上一步、先放着、取消，或“{name}改成…”。"
    FIRST = "已经是第一步了。"
    NO_SKIP = "这一项不能跳过；数还没出来可以先放着。"
    MISSING = "还差{name}。"
    WHICH = "要改哪一项？也可以直接说，例如“{name}改成…”。"
    CHANGE = "改{name}"
    STALE = "这是旧的（{old}），现在是{new}。"
    STALE_PLAIN = "这张卡片是旧的，内容后来改过。"
    SEE_NOW = Button("看现在的")
    LAST = "上次填到：{title}{shown}，差{name}。"
    LAST_CONFIRM = "上次填到：{title}{shown}，只差核对提交。"
    LAST_NOTHING = "上次填到：{title}，还没有填数。"
    NO_HINT = "这一项没有另外的口径说明，按通知原文的说法填即可。"
    TOO_LONG = "这一句太长了（{length}字），请在{limit}字以内说，长的内容可以发文件。"


def never(_: str) -> bool:
    """False: no text is a command."""
    return False


def begin(form: Form[F], facts: F, *, ref: str = "", given: Mapping[str, str] | None = None) -> Taken | Done:
    """A new form with what can be prefilled and what was already said (`given`: field → text); asks what is left."""
    here = _prefilled(Here(form, FormState(form.name, form.version, CONFIRM, ref), facts))
    said = [Part(field, text) for field, text in (given or {}).items() if form.step(field)]
    if not said:
        return ask_next(here.onward(), "")
    outcome = apply(here.onward(), said, never)
    return outcome if isinstance(outcome, Taken | Done) else ask_next(here.onward(), "")


def load(form: Form[F], document: Mapping[str, JSON], facts: F) -> FormState:
    """The stored state for this form; one of another version is read anew from what was said, nothing is lost."""
    state = from_json(document)
    if state.version == form.version and state.form == form.name:
        return state
    said = {**state.aside, **state.said}
    here = Here(form, replace(state.without_answers(), form=form.name, version=form.version, aside={}), facts)
    left: dict[str, str] = {}
    for field, text in said.items():
        step = form.step(field)
        tried = attempt(here, step, text, passed=_codes(step, here, text)) if step else Try()
        here = replace(here, state=tried.state) if tried.state and not tried.problem else here
        left |= {} if tried.state and not tried.problem else {field: text}
    return here.put(aside=left, misses=0).onward().state


def _codes(step: Step[F], here: Here[F], text: str) -> tuple[str, ...]:
    """Codes of the checks that object to an old answer: it was accepted then, so it is kept."""
    read = step.read(text, here.asking)
    found = [check(read.value, here.asking) for check in step.checks] if isinstance(read, Got) else []
    return tuple(problem.code for problem in found if problem and problem.choices)


def ask(form: Form[F], state: FormState, facts: F) -> Reply:
    """The pending question, or the whole form at the confirmation."""
    return question(Here(form, state, facts))


def ask_again(form: Form[F], state: FormState, facts: F) -> Reply:
    """The pending question once more, in one line (接着填：…)."""
    return question_again(Here(form, state, facts))


def resume(form: Form[F], state: FormState, facts: F) -> Reply:
    """Where the person was (上次填到…), with [接着填] [重新来]."""
    here = Here(form, state, facts)
    main, step = form.main_step, here.current
    shown = here.shown(main) if main else None
    line = Say.LAST_NOTHING if shown is None else Say.LAST if step else Say.LAST_CONFIRM
    text = line.format(title=worded(form.title, here.asking), shown=shown, name=step.name if step else "")
    return Reply(text, (Say.RESUME, Say.RESTART))


def take(
    form: Form[F],
    state: FormState,
    text: str,
    facts: F,
    *,
    tag: Tag | None = None,
    is_command: Guess = never,
    is_question: Guess = reads_as_question,
) -> Outcome:
    """What the message does. `tag`: the pressed button's, if it was split off before.

    `is_command`: a whole-message command of some feature; `is_question`: asked of a text that the step cannot read.
    In a free step (进展) only commands and plain questions are not content.
    """
    here = Here(form, state, facts)
    words, found = split_tag(tidy(text))
    if found and found.revision is None and word_of(words) is None:
        words, found = tidy(text), None  # 见附件 #2
    tag = tag or found
    if tag and tag.ref == state.ref and tag.revision not in (None, state.revision):
        return Taken(state, _stale(here, tag))
    if tag and tag.ref != state.ref:
        return NotMine()
    if len(words) > LONGEST:
        return Taken(state, Reply(Say.TOO_LONG.format(length=len(words), limit=LONGEST)))
    word, here = word_of(words), unasked(here, words) if words else here
    outcome = _own_word(here, word, words) if word else None
    outcome = (
        outcome
        or (decide(here, words, lambda said: is_question(said) or is_command(said)) if here.state.pending else None)
        or _jump(here, words)
    )
    if outcome or not words:
        return outcome or Taken(state, question(here))
    if is_command(words) and not reads(here, words):
        return NotMine()
    return answer(here, words, is_question)


def _stale(here: Here[F], tag: Tag) -> Reply:
    main = here.form.main_step
    old = here.state.shown_at(main.field, tag.revision or 0) if main else None
    new = here.shown(main) if main else None
    text = Say.STALE.format(old=old, new=new) if old and new and old != new else Say.STALE_PLAIN
    return Reply(text, (Say.SEE_NOW,))


def _own_word(here: Here[F], word: Word, words: str) -> Outcome | None:
    """What a word of the form itself does; None when it is an answer after all."""
    state = here.state
    match word:
        case Word.CANCEL:
            return Cancelled(state, Reply(Say.CANCELLED))
        case Word.PARK:
            return Parked(state, Reply(Say.PARKED, (Say.RESUME,)))
        case Word.OFFICE:
            return Parked(state, Reply(Say.OFFICE, (Say.RESUME,)), ask_office=True)
        case Word.HELP | Word.HINT:
            return None if word is Word.HINT and reads(here, words) else Taken(state, _help(here, word))
        case Word.BACK:
            return _back(here)
    if reads(here, words) or _is_choice(here, words):
        return None
    match word:
        case Word.SUBMIT | Word.YES:
            return _submit(here, word)
        case Word.SKIP | Word.NONE:
            return _skip(here, word)
        case Word.EDIT:
            return _ask(here.put(pending=None)) if state.pending or not state.answers else Taken(state, _which(here))
        case Word.AGAIN:
            return _ask(here.put(pending=None))
        case Word.RESTART:
            return ask_next(_prefilled(replace(here, state=state.without_answers())).onward(), "")
        case Word.NEXT:
            return ask_next(here.put(pending=None, misses=0).onward(), "") if _is_answered(here) else _ask(here)
        case Word.RESUME:
            return _ask(here)
        case Word.WHERE:
            return Taken(state, resume(here.form, state, here.facts))
    assert_never(word)


def _ask(here: Here[F]) -> Taken:
    return Taken(here.state, question(here))


def _is_answered(here: Here[F]) -> bool:
    return here.current is None or here.current.field in here.state.answers


def _is_choice(here: Here[F], words: str) -> bool:
    pending = here.state.pending
    return pending is not None and any(bare(words) == bare(label) for label, _, _ in pending.choices)


def _help(here: Here[F], word: Word) -> Reply:
    step = here.current or here.form.main_step
    hint = worded(step.hint, here.asking) if step else ""
    line = Say.HELP.format(name=step.name if step else "")
    lines = [hint or Say.NO_HINT] if word is Word.HINT else [hint, line] if hint else [line]
    return with_note("\n".join(lines) + "\n", question_again(here))


def _back(here: Here[F]) -> Taken:
    step = here.current if here.state.pending else here.before()
    if step is None:
        return Taken(here.state, with_note(Say.FIRST, question(here)))
    return _ask(here.goto(step))


def _submit(here: Here[F], word: Word) -> Outcome:
    missing = here.following()
    if here.state.pending or (word is Word.YES and here.current):
        return _ask(here)
    if missing is None:
        return Done(here.put(step=CONFIRM).state)
    there = here.goto(missing)
    return Taken(there.state, with_note(Say.MISSING.format(name=missing.name), question(there)))


def _skip(here: Here[F], word: Word) -> Outcome | None:
    step = here.current
    if step is None or here.state.pending:
        return None
    if step.optional:
        return ask_next(replace(here, state=here.state.with_answer(step.field, None, "", "")).onward(), "")
    return None if word is Word.NONE else Taken(here.state, with_note(Say.NO_SKIP, question(here)))


def _which(here: Here[F]) -> Reply:
    buttons = tuple(Button(Say.CHANGE.format(name=step.name)) for step in here.steps)
    main = here.form.main_step
    return Reply(Say.WHICH.format(name=main.name if main else ""), buttons)


def _jump(here: Here[F], words: str) -> Taken | None:
    """[改数值]: at that step, its answer kept."""
    said = bare(words)
    for step in here.steps:
        if any(said == bare(Say.CHANGE.format(name=name)) for name in step.names):
            return _ask(here.goto(step))
        if here.current is None and said in {bare(name) for name in step.names}:
            return _ask(here.goto(step))
    return None


def _prefilled(here: Here[F]) -> Here[F]:
    for step in here.form.steps:
        said = step.prefill(here.asking) if step.prefill and step.when(here.asking) else None
        tried = attempt(here, step, said) if said else Try()
        here = replace(here, state=tried.state) if tried.state and not tried.problem else here
    return here
