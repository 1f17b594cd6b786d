"""Who answers: an open dialogue, a command, what a feature hears, a question about the notice, help."""

from __future__ import annotations

from dataclasses import replace

from handlers import pending
from handlers.feature import Aside, Features, Turn
from handlers.form_state import LONGEST
from handlers.form_words import Word, split_tag, word_of
from handlers.handing_in import PeriodClosed
from handlers.message import Button, Message, Reply
from handlers.mistyped import you_meant
from handlers.rules.periods import name as period_name
from handlers.wording import key, plain
from storage import Dialogue

OPEN_NOTICE, OPEN_FILES, OPEN_HELP, OPEN_DRAFT, OPEN_HEARD = "问通知", "附件", "帮助", "草稿按钮", "听到"
ASKED_BACK = "heard"
"""Form of a spoken number that is asked about."""


class Say:
    OVER_QUOTA = "钉钉本月的消息额度用完了，这条消息没有传到文字。数字都还在，请联系管理员，或直接给办公室打电话。"
    UNKNOWN = "这类消息钉钉没有把内容传过来。请直接打字，例如：我的任务。"
    NO_VOICE = "这段语音没有听清，请再说一遍，或直接打字。"
    HEARD = "听到：“{said}”"
    TOO_LONG = "这一句太长了（{length}字），请在{limit}字以内说，长的内容可以发文件。"
    EMPTY = "我在。您可以说：我的任务、填报、某项目标。"
    FIRST = "（首次使用提示：请勿在这里填写涉密、敏感和个人信息。）"
    IN_GROUP = "也可以@我问：{words}"
    CANCEL = "取消"
    CLOSED = "{period}已经封存，数改不了了，您填的还在。要补报或更正，请联系办公室重开。"
    NOTHING_OPEN = "现在没有正在填的内容。"
    NOTHING_TO_SUBMIT = "现在没有等着提交的内容。说“我的任务”看还差哪几件，说“填报”接着报。"
    DROPPED = "好的，刚才那件不办了，没有记。"


class Dispatch:
    """Answers one message; keeps nothing between two."""

    def __init__(self, features: Features) -> None:
        self.features = features

    async def answer(self, turn: Turn) -> Reply:
        """The reply to the turn's message, fit for the place it was said in."""
        try:
            reply = await self._answer(turn)
        except PeriodClosed as closed:
            reply = Reply(Say.CLOSED.format(period=period_name(closed.period, turn.now.date())))
        if turn.message.kind == "voice" and turn.text and not is_asked_back(turn):
            reply = replace(reply, text=f"{Say.HEARD.format(said=turn.text[:60])}\n{reply.text}")
        return await self._greet(turn, reply) if turn.private else in_group(reply)

    async def _answer(self, turn: Turn) -> Reply:
        refused = unreadable(turn.message)
        if refused:
            return refused
        turn.text, turn.tag = split_tag(plain(turn.message.text))
        if len(turn.text) > LONGEST:  # understanding takes time that grows with the length, and everybody waits for it
            return Reply(Say.TOO_LONG.format(length=len(turn.text), limit=LONGEST))
        if turn.message.attachments and not turn.text:
            return await turn.open(OPEN_FILES) or Reply(Say.EMPTY)
        if turn.message.kind == "voice" and (asked := await turn.open(OPEN_HEARD)):
            return asked
        carried = await self._carry_on(turn) if turn.person.staff_id else None
        if isinstance(carried, Reply):
            return carried
        before = turn.dialogue
        reply = await self._elsewhere(turn)
        again = carried.again if carried else None
        return with_pending(reply, again) if again and before and not await moved(turn, before) else reply

    async def _carry_on(self, turn: Turn) -> Reply | Aside | None:
        """What the open dialogue makes of it; None without one. Forms run 1:1 only."""
        turn.dialogue = dialogue = await turn.work.dialogues.load(turn.person.staff_id or "", turn.message.chat.id)
        resume = self.features.forms.get(dialogue.form or "") if turn.private else None
        if resume is None or dialogue.parked:
            return None
        return (
            Aside(await pending.asked(turn, dialogue))
            if pending.chosen(turn, dialogue)
            else await resume(turn, dialogue)
        )

    async def _elsewhere(self, turn: Turn) -> Reply:
        """A command, what a feature hears, the notice, help; each may pass by answering None."""
        if not key(turn.text):
            return Reply(Say.EMPTY)
        if found := self.features.command(turn.text):
            command, turn.rest = found
            if reply := await command.answer(turn):
                return reply
        elif turn.tag and (reply := await turn.open(OPEN_DRAFT, draft=turn.tag.ref)):
            return reply
        elif key(turn.text) == Say.CANCEL:
            return Reply(Say.DROPPED if turn.closed else Say.NOTHING_OPEN)
        if (hears := self.features.listener(turn.text)) and (reply := await hears(turn)):
            return reply
        if turn.private and word_of(turn.text) is Word.SUBMIT:
            return Reply(Say.NOTHING_TO_SUBMIT)
        if not any(char.isalnum() for char in turn.text):
            return Reply(Say.EMPTY)
        for guess in self.features.guesses if turn.person.staff_id else ():
            if reply := await guess(turn):
                return reply
        return you_meant(turn) or await turn.open(OPEN_NOTICE) or await turn.open(OPEN_HELP) or Reply(Say.EMPTY)

    async def _greet(self, turn: Turn, reply: Reply) -> Reply:
        """The first reply a person ever gets carries one line about what not to type."""
        if turn.person.greeted_at or not turn.person.staff_id:
            return reply
        await turn.work.directory.greet(turn.person.id, turn.now)
        return replace(reply, text=f"{reply.text}\n{Say.FIRST}")


async def moved(turn: Turn, before: Dialogue) -> bool:
    """Whether the answer opened, changed or closed the dialogue: then nothing is pending any more."""
    now = await turn.work.dialogues.load(before.person, before.chat)
    return (now.form, now.state) != (before.form, before.state)


def is_asked_back(turn: Turn) -> bool:
    """Whether the reply already says what was heard."""
    return turn.dialogue is not None and turn.dialogue.form == ASKED_BACK


def unreadable(message: Message) -> Reply | None:
    """The reply to a message without words we could read."""
    if message.kind == "over_quota":
        return Reply(Say.OVER_QUOTA)
    if message.kind == "unknown":
        return Reply(Say.UNKNOWN)
    if message.kind == "voice" and not message.text.strip():
        return Reply(Say.NO_VOICE)
    return None


def with_pending(reply: Reply, again: Reply) -> Reply:
    """The answer, then the pending question once, with its buttons."""
    kept = reply.buttons if reply.asks or not again.buttons else ()
    return replace(reply, text=f"{reply.text}\n{again.text}", buttons=(*kept, *again.buttons))


def in_group(reply: Reply) -> Reply:
    """No buttons in a group (a tap would not reach us): the text says what to type."""
    asks = [b.words for b in reply.buttons if "#" not in b.words]
    said = Say.IN_GROUP.format(words="、".join(asks)) if asks else ""
    return replace(reply, text="\n".join(t for t in (reply.text, said) if t), buttons=tuple[Button, ...]())
