"""Report one matter: the form is opened, carried on and handed in once. What is owed is listed by choose_matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from handlers import dialogue
from handlers.documents import document
from handlers.feature import Aside, Feature, Turn
from handlers.form_state import FormState
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.owing import Item, item_of
from handlers.report_facts import entry_of, facts_of
from handlers.report_form import report_form
from handlers.rights import about_matter, actor, reporting_unit, seats_of
from handlers.rules.permissions import Action, may
from handlers.rules.receipts import receipt
from storage import Dialogue, Draft, State, StoredMatter

feature = Feature("report_progress")
FORM = "report"
"""Its state is kept in the draft; the dialogue only names the draft."""


class Say:
    NO_SEAT = "填报要先登记岗位。请联系办公室把您加进名单，登记后就能报。"
    NOT_YOURS = "{name}由{leads}报，您单位不用报。"
    GONE = "这件事的填报没有找到，可能通知换了版本。说“填报”看现在要报的。"
    IN_GROUP = "填报请在单聊进行，已为您打开（没有记数字）。"
    GO_ON = "接着填"
    RECEIPT = "收到，编号{receipt}，已交办公室，有问题会来问您。"
    ALONE = "收到，编号{receipt}。暂时没有能复核的同志，记为“已报·待复核”。"
    LATE = "收到，编号{receipt}，谢谢。"
    NEXT = "继续"
    AGAIN = "这条已经交了，编号{receipt}。"
    STANDS = "{name}本期已报，状态“{state}”，编号{receipt}。"
    OTHER = "{name}同事正在填，接着上次填到的地方来。"
    FOREIGN = "这是其他同志的卡片，您的在“填报”里。"
    CONTACT = "{unit}请办公室联系：{name}（{who}）。"
    JOINED = "、"


@feature.opens("填报事项")
async def open_matter(turn: Turn, facts: Mapping[str, str]) -> Reply:
    """The form of a matter that was named, with the value if one was said."""
    found = await turn.work.matters.current(facts.get("notice") or None)
    stored = next((m for m in found if m.key == facts["matter"]), None)
    if stored is None:
        return Reply(Say.GONE)
    unit = reporting_unit(turn.person, stored)
    if unit is None or not may(seats_of(turn.person), Action.FILL, about_matter(stored)):
        return await refuse(turn, stored)
    if not turn.private:
        return await open_privately(turn, stored)
    return await open_form(turn, stored, unit, facts.get("value", ""))


async def refuse(turn: Turn, stored: StoredMatter) -> Reply:
    """Who reports it instead; one audit line, nothing shown or stored."""
    leads = Say.JOINED.join(stored.lead_units)
    await turn.work.audit.record(f"matter:{stored.id}", "report refused", actor(turn), turn.now)
    return Reply(Say.NOT_YOURS.format(name=stored.name, leads=leads) if turn.person.seats else Say.NO_SEAT)


async def open_privately(turn: Turn, stored: StoredMatter) -> Reply:
    """In a group no number is kept: the person gets a button 1:1."""
    if turn.person.staff_id:
        button = Button(Say.GO_ON, f"填报 {stored.name}")
        turn.tell(Receiver("person", turn.person.staff_id), Announcement(stored.name, (button,)))
    return Reply(Say.IN_GROUP)


async def open_form(turn: Turn, stored: StoredMatter, unit: str, value: str) -> Reply:
    """Begin the draft of this period, or go on where it was left; what stands already is said."""
    item = await item_of(turn.work, turn.library, stored, turn.now, turn.workdays)
    if item is None:
        return Reply(Say.GONE)
    if item.live and not item.open:
        said = receipt(item.live.period, item.live.receipt or 0, turn.now.date())
        return Reply(Say.STANDS.format(name=stored.name, state=item.owes.value, receipt=said))
    draft = item.draft or await turn.work.drafts.open(
        unit, stored.id, stored.notice, item.span.key, actor(turn), turn.now
    )
    facts = facts_of(item, turn.library, turn.now.date())
    form = report_form(facts)
    await turn.hold(FORM, {"draft": draft.id})
    if draft.answers and not value:
        state = dialogue.load(form, document(draft.answers), facts)
        return dialogue.resume(form, state, facts)
    given = {form.steps[0].field: value} if value else {}
    begun = dialogue.begin(form, facts, ref=str(draft.id), given=given)
    await keep(turn, draft, begun.state)
    return begun.reply if isinstance(begun, dialogue.Taken) else dialogue.ask(form, begun.state, facts)


async def keep(turn: Turn, draft: Draft, state: FormState) -> Draft:
    """The draft with the state as its answers. Raises: Stale when somebody else was faster."""
    return await turn.work.drafts.save(draft, state.to_json(), actor(turn), turn.now)


@feature.form(FORM)
async def carry_on(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """What the message does to the open draft."""
    number = (opened.state or {}).get("draft")
    draft = await turn.work.drafts.get(int(str(number)))
    if draft is None or (turn.tag and turn.tag.ref != str(draft.id)):
        return Aside()
    return await step(turn, draft)


@feature.opens("草稿按钮")
async def press(turn: Turn, facts: Mapping[str, str]) -> Reply | None:
    """A button of a draft that is not the one open now: what became of it, or its form again."""
    draft = await turn.work.drafts.get(int(facts["draft"]))
    if draft is None:
        return None
    stored = await turn.work.matters.get(draft.matter_id)
    if stored is None or reporting_unit(turn.person, stored) is None:
        return Reply(Say.FOREIGN)
    await turn.hold(FORM, {"draft": draft.id})
    reply = await step(turn, draft)
    return reply if isinstance(reply, Reply) else None


async def step(turn: Turn, draft: Draft) -> Reply | Aside:
    """One message to a draft's form."""
    stored = await turn.work.matters.get(draft.matter_id)
    item = await item_of(turn.work, turn.library, stored, turn.now, turn.workdays) if stored else None
    if stored is None or item is None:
        await turn.release()
        return Reply(Say.GONE)
    if draft.state == "submitted":
        await turn.release()
        return await shown_again(turn, draft)
    facts = facts_of(item, turn.library, turn.now.date())
    form = report_form(facts)
    state = dialogue.load(form, document(draft.answers), facts)
    outcome = dialogue.take(form, state, turn.text, facts, tag=turn.tag, is_command=turn.is_command)
    match outcome:
        case dialogue.NotMine():
            return Aside(dialogue.ask_again(form, state, facts))
        case dialogue.Taken(state=state, reply=reply):
            await keep(turn, draft, state)
            return reply
        case dialogue.Done(state=state):
            return await hand_in(turn, item, await keep(turn, draft, state), state)
        case dialogue.Parked(state=state, reply=reply, ask_office=ask_office):
            await keep(turn, draft, state)
            await turn.release()
            return await call_office(turn, item, reply) if ask_office else reply
        case dialogue.Cancelled(reply=reply):
            await turn.work.drafts.drop(draft, actor(turn), turn.now)
            await turn.release()
            return reply


async def call_office(turn: Turn, item: Item, reply: Reply) -> Reply:
    """Note for the office that this person wants a call."""
    unit = reporting_unit(turn.person, item.stored) or ""
    await turn.work.requests.ask(
        "contact", unit, actor(turn), turn.now, matter_id=item.stored.id, notice=item.stored.notice,
        period=item.span.key, body={"matter": item.stored.name},
    )  # fmt: skip
    return reply


async def shown_again(turn: Turn, draft: Draft) -> Reply:
    """The receipt of what was handed in already; a second tap shows the first one."""
    live = await turn.work.submissions.live(draft.matter_id, draft.period)
    if live is None:
        return Reply(Say.GONE)
    return Reply(Say.AGAIN.format(receipt=receipt(live.period, live.receipt or 0, turn.now.date())))


async def hand_in(turn: Turn, item: Item, draft: Draft, state: FormState) -> Reply:
    """Submit once, close the reminders, say the receipt and what is left."""
    entry = entry_of(state, item, turn.now)
    alone = not await reviewers_of(turn, item.stored, draft)
    entry = replace(entry, state=State.SECOND if alone else State.PENDING)
    made, _ = await turn.work.submissions.submit(draft, entry, actor(turn), turn.now)
    await turn.release()
    await turn.work.reminders.close(draft.unit, made.matter_id, made.period)
    line = Say.LATE if made.late else Say.ALONE if alone else Say.RECEIPT
    said = line.format(receipt=receipt(made.period, made.receipt or 0, turn.now.date()))
    return Reply(said, (Button(Say.NEXT),))


async def reviewers_of(turn: Turn, stored: StoredMatter, draft: Draft) -> bool:
    """Whether somebody is seated who may review this: in no lead unit, not a writer of it."""
    people = await turn.work.directory.people(turn.now, post="审核员")
    about = about_matter(stored)
    return any(may(seats_of(p), Action.REVIEW, replace(about, writer=p.staff_id in draft.writers)) for p in people)
