"""A form at one moment: what is asked now, what an answer would do. Pure; dialogue.py decides what a message means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic

from handlers.form_state import FormState, Pending
from handlers.form_steps import CONFIRM, JSON, Asking, F, Form, Got, Problem, Step, buttons_of, worded
from handlers.form_words import Named
from handlers.message import Button, Reply


class Say:
    SUBMIT = Button("提交")
    EDIT = Button("改一下")
    PARK = Button("先放着")
    KEEP = Button("不改", "下一步")
    NOW = "现在是{shown}，要改直接发新的，不改回“下一步”。"
    CHANGED = "改好了：{changes}，其余没动。"
    PLAIN, PLAIN_FROM = "{shown}", "{shown}（原{before}）"
    NAMED, NAMED_FROM = "{name}“{shown}”", "{name}“{shown}”（原“{before}”）"
    AND = "，"
    SAME, NAMED_SAME = "已经是{shown}，没有变。", "{name}已经是“{shown}”，没有变。"
    NEW = "{shown}。"
    NONE = "无"
    WHY = "麻烦补一句原因，审核时会看到。"
    GO_ON = "接着填：{question}"
    GO_ON_CONFIRM = "接着填：核对无误请回“提交”。"


@dataclass(frozen=True, slots=True)
class Here(Generic[F]):
    """Form, state and facts of this turn."""

    form: Form[F]
    state: FormState
    facts: F

    @property
    def asking(self) -> Asking[F]:
        return Asking(self.state.answers, self.facts)

    @property
    def steps(self) -> tuple[Step[F], ...]:
        """The steps that this run of the form has."""
        return tuple(step for step in self.form.steps if step.when(self.asking))

    @property
    def current(self) -> Step[F] | None:
        """What is asked now; None at the confirmation."""
        field = self.state.pending.field if self.state.pending else self.state.step
        return self.form.step(field)

    @property
    def named(self) -> list[Named]:
        return [Named(step.field, step.names, step.free) for step in self.steps]

    def following(self, after: Step[F] | None = None) -> Step[F] | None:
        """The first step without an answer, other than `after`; None when everything is answered."""
        return next((s for s in self.steps if s.field not in self.state.answers and s is not after), None)

    def shown(self, step: Step[F]) -> str | None:
        """The stored answer in words; None when there is none."""
        if step.field not in self.state.answers:
            return None
        value = self.state.answers[step.field]
        return Say.NONE if value is None else step.show(value, self.asking)

    def put(self, **changes: object) -> Here[F]:
        """The same with parts of the state replaced."""
        return replace(self, state=replace(self.state, **changes))  # type: ignore[arg-type]

    def onward(self) -> Here[F]:
        """At the next step without an answer, else at the confirmation."""
        step = self.following()
        return self.put(step=step.field if step else CONFIRM)

    def goto(self, step: Step[F]) -> Here[F]:
        """At a step, its answer kept."""
        return self.put(step=step.field, pending=None, misses=0)

    def before(self) -> Step[F] | None:
        """The step before the present one; None at the first."""
        steps = self.steps
        names = [step.field for step in steps]
        at = names.index(self.state.step) if self.state.step in names else len(names)
        return steps[at - 1] if at else None


@dataclass(frozen=True, slots=True)
class Try:
    """What became of one answer: stored, refused with a problem, or not understood (both None)."""

    state: FormState | None = None
    problem: Problem | None = None
    note: str = ""
    """The new answer in words."""
    change: str = ""
    """The changed answer in words, with what it was."""

    @property
    def said(self) -> str:
        """What is said of it alone."""
        return self.note or "".join(changed([self.change] if self.change else []))


def attempt(here: Here[F], step: Step[F], said: str, passed: tuple[str, ...] = (), reasons: Iterable[str] = ()) -> Try:
    """Read and check `said`. A hard problem leaves the answer as it was; a soft one waits in `state.pending`."""
    read = step.read(said, here.asking)
    if read is None:
        return Try()
    problem = read if isinstance(read, Problem) else first_problem(here, step, read, passed)
    if problem is None and isinstance(read, Got):
        return _stored(here, step, read.value, said, tuple(reasons))
    if problem is None or not problem.choices:
        return Try(problem=problem)
    choices = tuple((choice.label, choice.does, choice.says) for choice in problem.choices)
    pending = Pending(step.field, said, problem.code, problem.text, choices, passed, tuple(reasons))
    return Try(replace(here.state, pending=pending, revision=here.state.revision + 1), problem)


def first_problem(here: Here[F], step: Step[F], read: Got, passed: tuple[str, ...]) -> Problem | None:
    """The first check that objects and was not insisted against."""
    found = (check(read.value, here.asking) for check in step.checks)
    return next((p for p in found if p and not (p.code and p.code in passed) and not (p.minor and passed)), None)


def _stored(here: Here[F], step: Step[F], value: JSON, said: str, reasons: tuple[str, ...]) -> Try:
    shown, before = step.show(value, here.asking), here.shown(step)
    state = here.state.with_answer(step.field, value, said, shown, "；".join(reasons))
    if before is None:
        return Try(state, note="" if step.free else Say.NEW.format(shown=shown))
    if before == shown:
        return Try(state, note=(Say.NAMED_SAME if step.free else Say.SAME).format(name=step.name, shown=shown))
    line = Say.NAMED if step.free else Say.PLAIN
    if before != Say.NONE:
        line = Say.NAMED_FROM if step.free else Say.PLAIN_FROM
    return Try(state, change=line.format(name=step.name, shown=shown, before=before))


def changed(changes: Sequence[str]) -> list[str]:
    """改好了：… in one sentence; nothing when nothing changed."""
    return [Say.CHANGED.format(changes=Say.AND.join(changes))] if changes else []


def tagged(here: Here[F], button: Button) -> Button:
    """The button with the tag of draft and revision, when the form is about a draft."""
    if not here.state.ref:
        return button
    return Button(button.label, f"{button.words} #{here.state.ref}.{here.state.revision}")


def question(here: Here[F]) -> Reply:
    """What is asked now, with its buttons; at the confirmation the whole form."""
    if here.state.pending:
        return _pending_question(here, here.state.pending)
    step = here.current
    if step is None:
        buttons = tuple(tagged(here, button) for button in (Say.SUBMIT, Say.EDIT, Say.PARK))
        return Reply(here.form.review(here.asking), buttons)
    text, shown = worded(step.ask, here.asking), here.shown(step)
    buttons = buttons_of(step, here.asking)
    if shown is None:
        return Reply(text, buttons)
    return Reply(f"{text}\n{Say.NOW.format(shown=shown)}", (*buttons, Say.KEEP))


def _pending_question(here: Here[F], pending: Pending) -> Reply:
    if pending.wants_reason:
        return Reply(Say.WHY)
    labels = (Button(label) for label, _, _ in pending.choices)
    return Reply(pending.text, tuple(tagged(here, button) for button in labels))


def question_again(here: Here[F]) -> Reply:
    """The pending question in one line, as it is repeated after an interruption."""
    asked = question(here)
    if here.current is None:
        return replace(asked, text=Say.GO_ON_CONFIRM)
    step = here.current
    line = asked.text if here.state.pending else worded(step.ask, here.asking)
    return replace(asked, text=Say.GO_ON.format(question=line))


def with_note(note: str, reply: Reply) -> Reply:
    """The reply with a line said before it; a short echo stands on the same line as the question."""
    if not note:
        return reply
    gap = "" if note.endswith("\n") or (len(note) + len(reply.text) <= 60 and "\n" not in note + reply.text) else "\n"
    return replace(reply, text=f"{note}{gap}{reply.text}")
