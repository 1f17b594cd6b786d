"""A draft with its form: opened, filled with what was said, saved. What a message does to it is the engine's affair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from handlers import dialogue
from handlers.documents import document
from handlers.feature import Turn
from handlers.form_answers import apply, is_never
from handlers.form_run import Here, attempt
from handlers.form_state import FormState, Taken
from handlers.form_steps import CONFIRM, Form
from handlers.form_words import Part
from handlers.message import Reply
from handlers.owing import Item, item_of
from handlers.report_facts import facts_of
from handlers.report_form import ReportFacts, is_out, report_form
from handlers.rights import actor
from storage import Draft, State, StoredMatter


@dataclass(frozen=True, slots=True)
class Desk:
    """An open draft: what it is about, its form and how far that is."""

    item: Item
    draft: Draft
    facts: ReportFacts
    form: Form[ReportFacts]
    state: FormState

    @property
    def ready(self) -> bool:
        """Nothing is left to be asked."""
        return self.state.step == CONFIRM and self.state.pending is None and bool(self.state.answers)

    @property
    def out(self) -> bool:
        """Some figure is there; else the whole report is 数据未出."""
        return is_out(self.state.answers, self.facts.measures)

    @property
    def question(self) -> Reply:
        """What is asked now."""
        return dialogue.ask(self.form, self.state, self.facts)

    @property
    def lacking(self) -> str:
        """Name of the field that is asked for; empty when ready."""
        pending = self.state.pending
        step = self.form.step(pending.field if pending else self.state.step)
        return step.name if step else ""

    def at(self, state: FormState) -> Desk:
        """The same at another state."""
        return replace(self, state=state)


async def find_desk(turn: Turn, draft: Draft) -> Desk | None:
    """The draft with its form, in the draft's own period; None when its matter is in no published notice."""
    stored = await turn.work.matters.get(draft.matter_id)
    if stored is None:
        return None
    item = await item_of(
        turn.work, turn.library, stored, turn.now, turn.workdays, unit=draft.unit, period=draft.period, draft=draft
    )  # fmt: skip
    return desk_of(turn, item, draft) if item else None


def desk_of(turn: Turn, item: Item, draft: Draft) -> Desk:
    """A draft of an item with its form."""
    facts = facts_of(item, turn.library, turn.now.date())
    form = report_form(facts)
    if draft.answers:
        return Desk(item, draft, facts, form, dialogue.load(form, document(draft.answers), facts))
    begun = dialogue.begin(form, facts, ref=str(draft.id))
    return Desk(item, draft, facts, form, begun.state)


async def open_desk(turn: Turn, stored: StoredMatter, unit: str) -> Desk | None:
    """The unit's draft of a matter for the present period, begun or reopened; None when the matter is gone."""
    item = await item_of(turn.work, turn.library, stored, turn.now, turn.workdays, unit=unit)
    return await open_item(turn, item, unit) if item else None


async def open_item(turn: Turn, item: Item, unit: str) -> Desk:
    """The draft of an item, made if there is none, open again if it was handed in or put away."""
    draft = item.draft or await turn.work.drafts.open(
        unit, item.stored.id, item.stored.notice, item.span.key, actor(turn), turn.now
    )
    if draft.state != "open":
        draft = await turn.work.drafts.reopen(draft.id, turn.now)
        anew = item.live is not None and item.live.state is State.NO_DATA
        draft = replace(draft, answers={}) if anew else draft
    return desk_of(turn, replace(item, draft=draft), draft)


def fill(desk: Desk, given: Mapping[str, str]) -> tuple[Desk, str]:
    """The desk with these fields answered, and what did not fit in words. Fields without doubts go first, so that
    only the last can be waiting for a decision."""
    waits = desk.state.pending  # asked about a value: a new one replaces it, others are taken beside it
    here = Here(desk.form, desk.state, desk.facts).put(pending=None)
    wanted = [(field, text) for field, text in given.items() if desk.form.step(field)]
    doubtful = [field for field, text in wanted if doubted(here, field, text)]
    notes = ""
    for field, text in sorted(wanted, key=lambda pair: pair[0] in doubtful):
        if here.state.pending:
            break
        outcome = apply(here.onward() if here.state.step != CONFIRM else here, [Part(field, text)], is_never, text)
        if isinstance(outcome, Taken):
            here = here.onward() if outcome.state == here.state else Here(desk.form, outcome.state, desk.facts)
            notes = outcome.reply.text if field in doubtful else notes
    if waits and waits.field not in given and here.state.pending is None:
        here = here.put(pending=waits)
    return desk.at(here.state), notes if here.state.misses and not here.state.pending else ""


def doubted(here: Here[ReportFacts], field: str, text: str) -> bool:
    """Whether an answer would be refused or asked about."""
    step = here.form.step(field)
    tried = attempt(here, step, text) if step else None
    return tried is None or tried.problem is not None or tried.state is None


async def keep(turn: Turn, desk: Desk, *, behalf_of: str | None = None) -> Desk:
    """The desk with its state saved in the draft. Raises: Stale when somebody else was faster."""
    draft = await turn.work.drafts.save(
        desk.draft, desk.state.to_json(), actor(turn), turn.now, behalf_of=behalf_of
    )  # fmt: skip
    return replace(desk, draft=draft)


async def discard(turn: Turn, desk: Desk) -> None:
    """Put the draft away, its answers kept. Raises: Stale."""
    await turn.work.drafts.drop(desk.draft, actor(turn), turn.now)
