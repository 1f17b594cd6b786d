"""试填: one report tried out, the same questions as in earnest, nothing kept. Reporting itself is report_progress."""

from __future__ import annotations

from dataclasses import replace

from handlers import dialogue
from handlers.documents import document
from handlers.feature import Aside, Feature, Turn
from handlers.message import Button, Reply
from handlers.owing import Item, item_of
from handlers.report_facts import facts_of
from handlers.report_form import report_form
from handlers.whole_report import owed
from storage import Dialogue

feature = Feature("practise", dict.fromkeys(("填报员", "联络人", "备用联络人"), ("试填",)))
FORM, REF = "practice", "0"


class Say:
    MARK = "【演练】{text}"
    ALONE = "试填请在单聊里来。"
    NOTHING = "您单位没有要报的事项，不用试填。"
    DONE = "【演练】完成，就是这样报。刚才的没有记数。正式填报说“填报”。"
    LEFT = "【演练】结束，没有记数。"
    REPORT = "填报"


@feature.command("试填", "试填一次", "演练")
async def begin(turn: Turn) -> Reply:
    """The form of the first matter the unit owes, marked as practice."""
    if not turn.private:
        return Reply(Say.ALONE)
    items = await owed(turn)
    item = next((i for i in items if i.facts.measures), next(iter(items), None))
    if item is None:
        return Reply(Say.NOTHING)
    facts = facts_of(item, turn.library, turn.now.date())
    form = report_form(facts)
    begun = dialogue.begin(form, facts, ref=REF)
    await turn.hold(FORM, {"matter": item.stored.id, "state": begun.state.to_json()})
    return marked(dialogue.ask(form, begun.state, facts))


def marked(reply: Reply) -> Reply:
    """The reply under the mark of practice."""
    return replace(reply, text=Say.MARK.format(text=reply.text))


async def item_in(turn: Turn, opened: Dialogue) -> Item | None:
    """The matter that is practised on."""
    number = (opened.state or {}).get("matter")
    stored = await turn.work.matters.get(int(str(number))) if number else None
    return await item_of(turn.work, turn.library, stored, turn.now, turn.workdays) if stored else None


@feature.form(FORM)
async def carry_on(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """One message to the form; its state lives in the dialogue, no draft is made."""
    item, kept = await item_in(turn, opened), document(opened.state or {}).get("state")
    if item is None or not isinstance(kept, dict) or (turn.tag and turn.tag.ref != REF):
        await turn.release()
        return Aside()
    facts = facts_of(item, turn.library, turn.now.date())
    form = report_form(facts)
    state = dialogue.load(form, kept, facts)
    match dialogue.take(form, state, turn.text, facts, tag=turn.tag, is_command=turn.is_command):
        case dialogue.NotMine():
            return Aside(marked(dialogue.ask_again(form, state, facts)))
        case dialogue.Taken(state=state, reply=reply):
            await turn.hold(FORM, {"matter": item.stored.id, "state": state.to_json()})
            return marked(reply)
        case dialogue.Done():
            await turn.release()
            return Reply(Say.DONE, (Button(Say.REPORT),))
        case dialogue.Parked() | dialogue.Cancelled():
            await turn.release()
            return Reply(Say.LEFT)
