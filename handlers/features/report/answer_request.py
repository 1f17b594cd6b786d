"""The office's answers to what units ask: 缓交 granted or not, under four eyes; a difficulty dealt with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from handlers.feature import Aside, Feature, Turn
from handlers.form_words import Word, word_of
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.rights import about_matter, actor, allowed
from handlers.rules.permissions import Action, Post
from handlers.wording import one_line
from storage import AlreadyDecided, Dialogue, Request

feature = Feature("answer_request", {"办公室": ("需协调事项",)})
FORM = "answer difficulty"


class Say:
    NOT_OFFICE = "这由办公室来定。"
    IN_GROUP = "请在单聊里看，各单位的困难不在群里说。"
    OWN = "这件是您本单位的，请别的同志来定（两人把关）。"
    GONE = "没有找到这个申请。"
    BEFORE = "已经定过了：{state}。"
    STATES: Mapping[str, str] = {"granted": "同意", "refused": "不同意", "closed": "已答复", "answered": "已答复"}
    GRANTED = "已同意：{unit}{name}缓到{day}，催报也顺延。"
    REFUSED = "记下了，已告诉{unit}按原来的时间报。"
    TOLD_GRANTED = "办公室同意：{name}缓到{day}报。"
    TOLD_REFUSED = "{name}麻烦还是按原来的时间报，有难处请联系办公室。"
    WHAT = "请写一句答复，会转给{unit}。"
    ANSWERED = "已转给{unit}。"
    TOLD_ANSWER = "您说的困难，办公室答复：{words}"
    LIST, NONE = "需协调事项{count}件：", "现在没有需协调的事项。"
    LINE = "{number}. {unit}{name}：{words}"
    NAME = "（{name}）"
    ANSWER, SAYS_ANSWER = "答复第{number}件", "答复困难 #{id}"
    DAY = "{month}月{day}日"
    SHOWN = 6


@feature.command("同意缓交")
async def grant(turn: Turn) -> Reply:
    """The deadline of that matter moves for that unit."""
    return await settle(turn, "granted")


@feature.command("不同意缓交")
async def refuse(turn: Turn) -> Reply:
    """The deadline stays."""
    return await settle(turn, "refused")


async def settle(turn: Turn, state: str) -> Reply:
    """Decide a 缓交 once; the unit hears it."""
    asked = await pressed(turn, "postpone", Action.GRANT_DELAY)
    if isinstance(asked, Reply):
        return asked
    try:
        await turn.work.requests.close(asked.id, state, actor(turn, Post.OFFICE), turn.now)
    except AlreadyDecided as before:
        return Reply(Say.BEFORE.format(state=Say.STATES.get(before.state, before.state)))
    until = date.fromisoformat(str(asked.body["until"]))
    words = {"unit": asked.unit, "name": str(asked.body.get("matter", "")), "day": shown(until)}
    told = Say.TOLD_GRANTED if state == "granted" else Say.TOLD_REFUSED
    turn.tell(Receiver("person", asked.asked_by), Announcement(told.format(**words)))
    return Reply((Say.GRANTED if state == "granted" else Say.REFUSED).format(**words))


@feature.command("答复困难")
async def answer(turn: Turn) -> Reply:
    """Take the answer with the next message."""
    asked = await pressed(turn, "difficulty", Action.CLOSE_WORD)
    if isinstance(asked, Reply):
        return asked
    await turn.hold(FORM, {"request": asked.id})
    return Reply(Say.WHAT.format(unit=asked.unit))


@feature.form(FORM)
async def take_answer(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """The next message is the answer, unless it is a command."""
    await turn.release()
    if turn.tag or turn.is_command(turn.text) or word_of(turn.text) in (Word.CANCEL, Word.PARK):
        return Aside()
    asked = await turn.work.requests.get(int(str((opened.state or {})["request"])))
    if asked is None or not allowed(turn, Action.CLOSE_WORD):
        return Reply(Say.GONE)
    words = one_line(turn.text)
    try:
        await turn.work.requests.answer(asked.id, words, actor(turn, Post.OFFICE), turn.now)
        await turn.work.requests.close(asked.id, "closed", actor(turn, Post.OFFICE), turn.now)
    except AlreadyDecided as before:
        return Reply(Say.BEFORE.format(state=Say.STATES.get(before.state, before.state)))
    turn.tell(Receiver("person", asked.asked_by), Announcement(Say.TOLD_ANSWER.format(words=words)))
    return Reply(Say.ANSWERED.format(unit=asked.unit))


@feature.command("需协调事项", "困难清单")
async def list_difficulties(turn: Turn) -> Reply:
    """What units asked for and nobody answered, oldest first."""
    if not allowed(turn, Action.CLOSE_WORD) or not turn.private:
        return Reply(Say.IN_GROUP if allowed(turn, Action.CLOSE_WORD) else Say.NOT_OFFICE)
    found = (await turn.work.requests.open("difficulty"))[: Say.SHOWN]
    if not found:
        return Reply(Say.NONE)
    lines = [Say.LIST.format(count=len(found))]
    for number, one in enumerate(found, 1):
        name = Say.NAME.format(name=one.body["matter"]) if one.body.get("matter") else ""
        words = str(one.body.get("words", ""))[:60]
        lines.append(Say.LINE.format(number=number, unit=one.unit, name=name, words=words))
    buttons = [Button(Say.ANSWER.format(number=n), Say.SAYS_ANSWER.format(id=one.id)) for n, one in enumerate(found, 1)]
    return Reply("\n".join(lines), tuple(buttons))


async def pressed(turn: Turn, kind: str, action: Action) -> Request | Reply:
    """The open request a button is about, if the sender may decide it; or why not."""
    asked = await turn.work.requests.get(int(turn.tag.ref)) if turn.tag else None
    if not allowed(turn, action) or not turn.private:
        return Reply(Say.IN_GROUP if allowed(turn, action) else Say.NOT_OFFICE)
    if asked is None or asked.kind != kind:
        return Reply(Say.GONE)
    if asked.closed_at:
        return Reply(Say.BEFORE.format(state=Say.STATES.get(asked.state, asked.state)))
    stored = await turn.work.matters.get(asked.matter_id) if asked.matter_id else None
    if stored and not allowed(turn, action, about_matter(stored)):
        return Reply(Say.OWN)
    return asked


def shown(day: date) -> str:
    """12月30日."""
    return Say.DAY.format(month=day.month, day=day.day)
