"""意见: a complaint or suggestion reaches the office, which answers it; the person is told. Nothing is judged here."""

from __future__ import annotations

from handlers.feature import Aside, Feature, Turn
from handlers.form_words import Word, word_of
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.rights import actor
from handlers.rules.permissions import Post
from handlers.wording import key, one_line
from storage import Dialogue

feature = Feature("give_feedback", {"anyone": ("意见",)})
LONGEST = 1000  # characters of one complaint


class Say:
    ASK = "请说您的意见或建议，一段话就行，会转给办公室。不说了请回“取消”。"
    IN_GROUP = "意见请在单聊里说，群里大家都看得到。"
    LONG = "写得有点长（{length}字），请压到{limit}字以内，分两次说也行。"
    THANKS = "收到，已转给办公室（意见{number}号）。有答复会告诉您。"
    TO_OFFICE = "{who}提了意见（{number}号）：{words}"
    ANSWER = "答复意见 {number} "
    NOBODY = "使用人"
    LIST = "还没答复的意见{count}条："
    LINE = "{number}号 {who}：{words}"
    NONE = "没有待答复的意见。"
    HOW = "答复请说：答复意见 序号 答复内容"
    TOLD = "已答复意见{number}号。"
    ANSWERED = "您的意见（{number}号），办公室答复：{words}"
    GONE = "没有待答复的意见{number}号。"
    NOT_OFFICE = "答复意见由办公室来做。"
    STRANGER = "没有认出您的身份，意见没法转。请在单位内部的钉钉里说。"


@feature.command("意见", "提意见", "提建议", "投诉", "反馈", takes=True)
async def give(turn: Turn) -> Reply:
    """Take what follows the word, else ask for it; the office sees the open ones."""
    if not turn.person.staff_id:
        return Reply(Say.STRANGER)
    if turn.rest:
        return await keep(turn, turn.rest)
    if not turn.private:
        return Reply(Say.IN_GROUP)
    if Post.OFFICE in turn.person.posts:
        return await list_open(turn)
    await turn.hold("feedback", {})
    return Reply(Say.ASK)


@feature.form("feedback")
async def take(turn: Turn, _: Dialogue) -> Reply | Aside:
    """The next message is the complaint, unless it is a command."""
    await turn.release()
    word = word_of(turn.text)
    if turn.tag or turn.is_command(turn.text) or word in (Word.CANCEL, Word.PARK):
        return Aside()
    return await keep(turn, turn.text)


async def keep(turn: Turn, words: str) -> Reply:
    """Keep it and tell the office."""
    if len(words) > LONGEST:
        return Reply(Say.LONG.format(length=len(words), limit=LONGEST))
    number = await turn.work.feedback.add(turn.person.staff_id or "", turn.unit, words, turn.now)
    who = turn.unit or turn.person.name or Say.NOBODY
    for officer in await turn.work.directory.people(turn.now, post=Post.OFFICE):
        if officer.staff_id:
            text = Say.TO_OFFICE.format(who=who, number=number, words=one_line(words))
            turn.tell(Receiver("person", officer.staff_id), Announcement(text))
    return Reply(Say.THANKS.format(number=number))


async def list_open(turn: Turn) -> Reply:
    """What nobody answered yet."""
    waiting = await turn.work.feedback.open()
    if not waiting:
        return Reply(Say.NONE)
    lines = [Say.LIST.format(count=len(waiting))]
    lines += [Say.LINE.format(number=f.id, who=f.unit or Say.NOBODY, words=one_line(f.words)[:60]) for f in waiting[:8]]
    return Reply("\n".join([*lines, Say.HOW]))


@feature.command("答复意见", takes=True)
async def answer(turn: Turn) -> Reply:
    """The office's answer reaches who complained."""
    if Post.OFFICE not in turn.person.posts:
        return Reply(Say.NOT_OFFICE)
    number, _, words = turn.rest.partition(" ")
    digits = key(number).removesuffix("号")
    if not digits.isdecimal() or not words.strip():
        return await list_open(turn)
    waiting = {f.id: f for f in await turn.work.feedback.open()}
    complaint = waiting.get(int(digits))
    if complaint is None:
        return Reply(Say.GONE.format(number=digits))
    await turn.work.feedback.answer(complaint.id, words.strip(), actor(turn, Post.OFFICE), turn.now)
    text = Say.ANSWERED.format(number=complaint.id, words=words.strip())
    turn.tell(Receiver("person", complaint.person), Announcement(text, (Button("意见"),)))
    return Reply(Say.TOLD.format(number=complaint.id))
