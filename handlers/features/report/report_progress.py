"""Report one matter: the form is opened, carried on and handed in once. What is owed is listed by choose_matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from handlers import dialogue
from handlers.beside import elsewhere, left_for, own_value, which
from handlers.drafting import Desk, discard, fill, find_desk, keep, open_item
from handlers.feature import Aside, Feature, Turn
from handlers.form_steps import CONFIRM, Asking
from handlers.form_words import Tag, Word, word_of
from handlers.handing_in import hand_in, number_of
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.owing import Item, Owes, item_of
from handlers.past import past_period
from handlers.report_facts import moved_line
from handlers.report_form import LINE_STEP
from handlers.report_form import Say as Form
from handlers.rights import about_matter, actor, reporting_unit, seats_of
from handlers.rules.permissions import Action, may
from handlers.whole_report import owed
from storage import Dialogue, Draft, State, StoredMatter

feature = Feature("report_progress")
FORM = "report"
"""Its state is kept in the draft; the dialogue only names the draft."""
BUSY = timedelta(minutes=10)  # a colleague who touched the draft within it is still at it


class Say:
    NO_SEAT = "填报要先登记岗位。请联系办公室把您加进名单，登记后就能报。"
    NOT_YOURS = "{name}由{leads}报，您单位不用报。"
    YOURS = "您单位可报：{names}。"
    GONE = "这件事的填报没有找到，可能通知换了版本。说“填报”看现在要报的。"
    IN_GROUP = "填报请在单聊进行，已为您打开（没有记数字）。"
    GO_ON, TAKE_OVER, WAIT = "接着填", "接着填", "先等等"
    RECEIPT = "收到，编号{receipt}，已交办公室，有问题会来问您。"
    SIGNING = "收到，编号{receipt}，已请您单位负责人先看。"
    ALONE = "收到，编号{receipt}。暂时没有能复核的同志，记为“已报·待复核”。"
    LATE = "收到，编号{receipt}，谢谢。"
    OUT = "好的，记为“数据未出”，出来后直接发我就行，不算逾期。预计哪天有？"
    END_OF_MONTH, UNSURE = "月底", "不确定"
    LEFT, ALL_DONE = "还剩{count}件。", "本期都报完了，谢谢。"
    NEXT = "继续"
    AGAIN = "这条已经交了，编号{receipt}。"
    APPROVED = "这条{day}已通过；有误请说“更正{name}”。"
    STANDS = "{name}本期已报，状态“{state}”，编号{receipt}。有误请说“更正{name}”。"
    TAKEN = "{name}{unit}已先报了，编号{receipt}，您这份没有重复记。"
    BUSY = "同事（{who}）{ago}正在填{name}。"
    AGO, NOW = "{minutes}分钟前", "刚才"
    FOREIGN = "这是其他同志的卡片，您的在“我的任务”里。"
    CONTACT = "{unit}请办公室联系：{name}（{who}）。"
    RETURNED = "{name}：办公室请您补一句{words}，数已留着。写好后点提交就行。"
    BY_HEAD = "{name}：单位负责人请您再改一下，数已留着。改好后点提交就行。"
    JOINED, SHOWN = "、", 5
    BACK_TO: Mapping[str, str] = {"口径": "origin", "依据": "origin", "上期": "value"}


@feature.opens("填报事项")
async def open_matter(turn: Turn, facts: Mapping[str, str]) -> Reply:
    """The form of a matter that was named, with the value if one was said. `sure`: also if a colleague is at it."""
    found = await turn.work.matters.current(facts.get("notice") or None)
    stored = next((m for m in found if m.key == facts["matter"]), None)
    if stored is None:
        return Reply(Say.GONE)
    unit = reporting_unit(turn.person, stored)
    if unit is None or not may(seats_of(turn.person), Action.FILL, about_matter(stored)):
        return await refuse(turn, stored)
    if not turn.private:
        return await open_privately(turn, stored)
    return await open_form(turn, stored, unit, facts)


async def refuse(turn: Turn, stored: StoredMatter) -> Reply:
    """Who reports it instead and what the asker's unit does; nothing shown or stored. Only a seat's try is audited."""
    if not turn.person.seats:
        return Reply(Say.NO_SEAT)
    await turn.work.audit.record(f"matter:{stored.id}", "report refused", actor(turn), turn.now)
    text = Say.NOT_YOURS.format(name=stored.name, leads=Say.JOINED.join(stored.lead_units))
    own = [item.stored.name for item in await owed(turn)][: Say.SHOWN]
    return Reply(text + (Say.YOURS.format(names=Say.JOINED.join(own)) if own else ""))


async def open_privately(turn: Turn, stored: StoredMatter) -> Reply:
    """In a group no number is kept: the person gets a button 1:1."""
    if turn.person.staff_id:
        button = Button(Say.GO_ON, f"填报 {stored.name}")
        turn.tell(Receiver("person", turn.person.staff_id), Announcement(stored.name, (button,)))
    return Reply(Say.IN_GROUP)


async def open_form(turn: Turn, stored: StoredMatter, unit: str, facts: Mapping[str, str]) -> Reply:
    """Begin the draft of this period (of `period`), or go on where it was left; what stands already is said."""
    value, sure, period = facts.get("value", ""), bool(facts.get("sure")), facts.get("period")
    item = await item_of(turn.work, turn.library, stored, turn.now, turn.workdays, unit=unit, period=period)
    if item is None:
        return Reply(Say.GONE)
    if item.live and not item.open and not item.begun and item.live.state is not State.NO_DATA:
        state, number = item.owes.value, number_of(turn, item.live)
        return Reply(Say.STANDS.format(name=stored.name, state=state, receipt=number))
    if not sure and (busy := await colleague_at(turn, item)):
        return busy
    begun = item.begun
    desk = await open_item(turn, item, unit)
    await turn.hold(FORM, {"draft": desk.draft.id})
    if item.returned and not value:
        return await open_returned(turn, desk)
    given = {desk.form.steps[0].field: value} if value else {}
    filled, problem = fill(desk, given)
    kept = await keep(turn, filled)
    if desk.out and not kept.out:
        return await hand_in_nothing(turn, kept)
    if begun and not value and not sure:
        return with_line(moved_line(item), dialogue.resume(filled.form, filled.state, filled.facts))
    return with_line(problem or echo(desk, filled), filled.question)


def echo(before: Desk, after: Desk) -> str:
    """35所。"""
    step = after.form.steps[0]
    new = after.state.answers.get(step.field)
    if new is None or new == before.state.answers.get(step.field) or after.state.step == CONFIRM:
        return ""
    return step.show(new, Asking(after.state.answers, after.facts)) + "。"


def with_line(line: str, reply: Reply) -> Reply:
    """A line before the reply, if there is one."""
    return replace(reply, text=f"{line}\n{reply.text}") if line else reply


async def colleague_at(turn: Turn, item: Item) -> Reply | None:
    """That somebody else of the unit is filling this just now, with the choice to take over."""
    draft = item.draft
    if draft is None or not item.begun or item.returned or draft.touched_by == turn.person.staff_id:
        return None
    ago = turn.now - draft.touched_at
    if ago > BUSY:
        return None
    person = await turn.work.directory.identify(draft.touched_by, turn.now)
    minutes = int(ago.total_seconds() // 60)
    words = Say.AGO.format(minutes=minutes) if minutes else Say.NOW
    text = Say.BUSY.format(who=person.name if person else draft.unit, ago=words, name=item.stored.name)
    return Reply(text, (Button(Say.TAKE_OVER, f"接着填 {item.stored.name}"), Button(Say.WAIT, "先放着")))


async def open_returned(turn: Turn, desk: Desk) -> Reply:
    """What the reviewer asked for, at the field it is about; the value is kept."""
    back, state = desk.item.returned, desk.state
    assert back is not None
    words = [r for r in await turn.work.submissions.reviews(back.id) if r.decision in ("return", "refuse_sign")]
    asked, by_head = words[-1].words if words else "", bool(words) and words[-1].decision == "refuse_sign"
    if desk.draft.touched_at == back.decided_at:
        desk = desk.at(replace(state, step=field_back(desk, words[-1].chip or "" if words else "")))
        desk = await keep(turn, desk)
    line = (Say.BY_HEAD if by_head else Say.RETURNED).format(name=desk.facts.name, words=asked)
    return with_line(line, desk.question)


def field_back(desk: Desk, chip: str) -> str:
    """The field a chip is about."""
    field = next((field for word, field in Say.BACK_TO.items() if word in chip), LINE_STEP.field)
    return desk.form.steps[0].field if field == "value" else field


@feature.form(FORM)
async def carry_on(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """What the message does to the open draft."""
    number = (opened.state or {}).get("draft")
    draft = await turn.work.drafts.get(int(str(number)))
    turn.text, turn.tag = typed(turn)
    if draft is None or (turn.tag and turn.tag.ref != str(draft.id)):
        return Aside()
    return await step(turn, draft)


def typed(turn: Turn) -> tuple[str, Tag | None]:
    """Text and tag; 见附件 #2 is what somebody wrote, no button."""
    if turn.tag is None or turn.tag.revision is not None or turn.is_command(turn.text) or word_of(turn.text):
        return turn.text, turn.tag
    return f"{turn.text} #{turn.tag.ref}", None


@feature.opens("草稿按钮")
async def press(turn: Turn, facts: Mapping[str, str]) -> Reply | None:
    """A button of a draft that is not the one open now: what became of it, or its form again."""
    draft = await turn.work.drafts.get(int(facts["draft"]))
    if draft is None:
        return None
    stored = await turn.work.matters.get(draft.matter_id)
    if stored is None or reporting_unit(turn.person, stored) != draft.unit:
        return Reply(Say.FOREIGN)
    if not turn.private:
        return await open_privately(turn, stored)
    await turn.hold(FORM, {"draft": draft.id})
    reply = await step(turn, draft)
    return reply if isinstance(reply, Reply) else None


async def step(turn: Turn, draft: Draft) -> Reply | Aside:
    """One message to a draft's form."""
    desk = await find_desk(turn, draft)
    if desk is None:
        await turn.release()
        return Reply(Say.GONE)
    if draft.state == "submitted":
        await turn.release()
        asks = turn.tag or word_of(turn.text) in (Word.SUBMIT, Word.YES, Word.WHERE)  # a colleague was faster
        return await shown_again(turn, desk) if asks else Aside()
    if words := left_for(desk.state, turn.text):
        turn.text, turn.tag = words, None
        await keep(turn, desk.at(replace(desk.state, pending=None)))
        return Aside()
    if asked := which(turn, desk):
        await keep(turn, desk.at(asked.state))
        return asked.reply
    turn.text = own_value(turn, desk)
    outcome = dialogue.take(
        desk.form, desk.state, turn.text, desk.facts, tag=turn.tag, is_command=lambda text: elsewhere(turn, desk, text)
    )  # fmt: skip
    match outcome:
        case dialogue.NotMine():
            return Aside(dialogue.ask_again(desk.form, desk.state, desk.facts))
        case dialogue.Taken(state=state, reply=reply):
            if word_of(turn.text) in (Word.WHERE, Word.RESUME):
                reply = with_line(moved_line(desk.item), reply)
            kept = await keep(turn, desk.at(state))
            return reply if kept.out or not desk.out else await hand_in_nothing(turn, kept)
        case dialogue.Done(state=state):
            return await submit(turn, await keep(turn, desk.at(state)))
        case dialogue.Parked(state=state, reply=reply, ask_office=ask_office):
            await keep(turn, desk.at(state))
            await turn.release()
            return await call_office(turn, desk.item, reply) if ask_office else reply
        case dialogue.Cancelled(reply=reply):
            await discard(turn, desk)
            await turn.release()
            return reply


async def call_office(turn: Turn, item: Item, reply: Reply) -> Reply:
    """Note for the office that this person wants a call."""
    unit = reporting_unit(turn.person, item.stored) or ""
    await turn.work.requests.ask(
        "contact", unit, actor(turn), turn.now, matter_id=item.stored.id, notice=item.stored.notice,
        period=item.span.key, body={"matter": item.stored.name},
    )  # fmt: skip
    for person in await turn.work.directory.people(turn.now, post="办公室"):
        if person.staff_id:
            words = {"unit": unit, "name": item.stored.name, "who": f"{turn.person.name} {turn.person.mobile or ''}"}
            turn.tell(
                Receiver("person", person.staff_id), Announcement(Say.CONTACT.format(**words).replace(" ）", "）"))
            )
    return reply


async def shown_again(turn: Turn, desk: Desk) -> Reply:
    """The receipt of what was handed in already; a second tap shows the first one."""
    live = desk.item.live
    if live is None:
        return Reply(Say.GONE)
    if desk.item.owes is Owes.APPROVED and live.decided_at:
        day = Form.DAY.format(month=live.decided_at.month, day=live.decided_at.day)
        return Reply(Say.APPROVED.format(day=day, name=desk.facts.name))
    return Reply(Say.AGAIN.format(receipt=number_of(turn, live)))


async def submit(turn: Turn, desk: Desk) -> Reply:
    """Submit once, say the receipt and what is left."""
    handed = await hand_in(turn, desk)
    await turn.release()
    made = handed.made
    receipt = number_of(turn, made)
    if handed.other:
        return Reply(Say.TAKEN.format(name=desk.facts.name, unit=made.unit, receipt=receipt))
    states = {State.SECOND: Say.ALONE, State.SIGNING: Say.SIGNING}
    line = states.get(made.state) or (Say.LATE if made.late else Say.RECEIPT)
    left = sum(item.open for item in await owed(turn, period=await past_period(turn, desk)))
    text = line.format(receipt=receipt) + (Say.LEFT.format(count=left) if left else Say.ALL_DONE)
    return Reply(text, (Button(Say.NEXT),) if left else ())


async def hand_in_nothing(turn: Turn, desk: Desk) -> Reply:
    """数据未出 is a full answer at once; when it is expected may be said after."""
    given = {field: Form.NONE for field in (LINE_STEP.field,) if field not in desk.state.answers}
    filled, _ = fill(desk, given)
    handed = await hand_in(turn, await keep(turn, filled))
    await turn.hold("expected", {"draft": desk.draft.id, "submission": handed.made.id})
    return Reply(Say.OUT, (Button(Say.END_OF_MONTH), Button(Say.UNSURE)))
