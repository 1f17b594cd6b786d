"""请补一句 and 问一问: a submission goes back at the field that lacks a word, or a question is put."""

from __future__ import annotations

from handlers.feature import Aside, Feature, Turn
from handlers.form_words import Word, word_of
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.review_cards import decide, next_one, pressed, stranger, tagged, tell
from handlers.reviewing import Waiting, may_decide, seen
from handlers.rights import actor
from handlers.rules.permissions import Post
from handlers.wording import one_line
from storage import Decision, Dialogue

feature = Feature("return_or_ask")


class Say:
    CHIPS = ("口径", "依据（文号或名单即可）", "与上期不符", "其他")
    CHIP = "请补{chip}"
    WHICH_CHIP = "请{unit}补哪一句？"
    WORDS = "请写一句要补什么，会原样转给{unit}。"
    QUESTION = "请写要问的话，会转给{unit}；不影响审核状态。"
    RETURNED = "已请{unit}补一句，数已留着。"
    ASKED = "已转给{unit}。"
    GONE = "这件已经撤回或改过了。"
    OWN = "本单位的由别的单位同志复核，目前状态“已报·待复核”。"
    TOLD_RETURNED = "{name}：办公室请您补一句{words}，数已留着。"
    TOLD_ASKED = "{name}：审核的同志想问：{words}"
    GO_ON, ANSWER, ONE_BY_ONE = "接着填", "答复", "逐条"
    ANSWER_WHAT = "请写一句答复，会转给提问的同志。"
    ANSWERED = "已转给提问的同志，谢谢。"
    TOLD_ANSWER = "{name}　{unit}答复：{words}"
    DROPPED = "好的，没有转，这件还在待审里。"
    NOT_YET = "好的，还没有答复，随时点“答复”。"
    NO_QUESTION = "没有等您答复的问题。"


@feature.command("请补一句", "退回", "退回补充")
async def ask_to_add(turn: Turn) -> Reply:
    """Which sentence is missing, as chips."""
    waiting = await pressed(turn)
    if isinstance(waiting, Reply):
        return waiting
    buttons = tuple(Button(chip, tagged(Say.CHIP.format(chip=chip), waiting.submission)) for chip in Say.CHIPS)
    return Reply(Say.WHICH_CHIP.format(unit=waiting.submission.unit), buttons)


@feature.command(*(Say.CHIP.format(chip=chip) for chip in Say.CHIPS))
async def add_chip(turn: Turn) -> Reply:
    """The chip is sent as it is; 其他 asks for words."""
    waiting = await pressed(turn)
    if isinstance(waiting, Reply):
        return waiting
    chip = turn.text.removeprefix(Say.CHIP.format(chip="")).strip()
    if chip == Say.CHIPS[-1]:
        await turn.hold("review words", {"submission": waiting.submission.id, "does": "return"})
        return Reply(Say.WORDS.format(unit=waiting.submission.unit))
    return await give_back(turn, waiting, chip, chip)


async def give_back(turn: Turn, waiting: Waiting, words: str, chip: str) -> Reply:
    """The draft reopens with the value kept; the unit hears what is asked."""
    done = await decide(turn, waiting, Decision.RETURN, words, chip)
    if isinstance(done, Reply):
        return done
    button = Button(Say.GO_ON, f"填报 {waiting.stored.name}")
    tell(turn, done, Say.TOLD_RETURNED.format(name=waiting.stored.name, words=words), button)
    return await next_one(turn, done.id, Say.RETURNED.format(unit=done.unit))


@feature.command("问一问")
async def ask_a_question(turn: Turn) -> Reply:
    """Take the question; nothing is decided by it."""
    waiting = await pressed(turn)
    if isinstance(waiting, Reply):
        return waiting
    await turn.hold("review words", {"submission": waiting.submission.id, "does": "ask"})
    return Reply(Say.QUESTION.format(unit=waiting.submission.unit))


@feature.form("review words")
async def take_words(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """The next message is what is to be added or asked, unless it is a command or takes it back."""
    await turn.release()
    if word_of(turn.text) in (Word.CANCEL, Word.PARK):
        return Reply(Say.DROPPED, (Button(Say.ONE_BY_ONE),))
    if turn.is_command(turn.text) or turn.tag:
        return Aside()
    state = opened.state or {}
    submission = await turn.work.submissions.get(int(str(state["submission"])))
    stored = await turn.work.matters.get(submission.matter_id) if submission else None
    if submission is None or stored is None or stranger(turn):
        return Reply(Say.GONE)
    if not await may_decide(turn.work, turn.person, submission, stored, turn.now):
        return Reply(Say.OWN)
    waiting = await seen(turn.work, turn.library, submission, stored)
    if state["does"] == "return":
        return await give_back(turn, waiting, one_line(turn.text), Say.CHIPS[-1])
    return await send_question(turn, waiting, one_line(turn.text))


async def send_question(turn: Turn, waiting: Waiting, words: str) -> Reply:
    """Keep the question, hand it to who submitted."""
    done = await decide(turn, waiting, Decision.ASK, words)
    if isinstance(done, Reply):
        return done
    s = waiting.submission
    number = await turn.work.requests.ask(
        "word", s.unit, actor(turn, Post.REVIEWER), turn.now, matter_id=s.matter_id, notice=s.notice,
        period=s.period, body={"question": words, "submission": s.id},
    )  # fmt: skip
    text = Say.TOLD_ASKED.format(name=waiting.stored.name, words=words)
    tell(turn, s, text, Button(Say.ANSWER, f"{Say.ANSWER} #{number}"))
    return await next_one(turn, s.id, Say.ASKED.format(unit=s.unit))


@feature.command("答复")
async def answer(turn: Turn) -> Reply:
    """The clerk answers a reviewer's question."""
    asked = await turn.work.requests.get(int(turn.tag.ref)) if turn.tag else None
    if asked is None or not asked.body.get("submission") or asked.closed_at or asked.unit not in turn.person.units:
        return Reply(Say.NO_QUESTION)
    await turn.hold("review answer", {"request": asked.id})
    return Reply(Say.ANSWER_WHAT)


@feature.form("review answer")
async def take_answer(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """The next message is the answer, unless it is a command."""
    await turn.release()
    if word_of(turn.text) in (Word.CANCEL, Word.PARK):
        return Reply(Say.NOT_YET, (Button(Say.ANSWER, f"{Say.ANSWER} #{(opened.state or {})['request']}"),))
    if turn.is_command(turn.text) or turn.tag:
        return Aside()
    asked = await turn.work.requests.get(int(str((opened.state or {})["request"])))
    if asked is None or asked.closed_at or asked.unit not in turn.person.units:
        return Reply(Say.NO_QUESTION)
    stored = await turn.work.matters.get(asked.matter_id) if asked.matter_id else None
    words = one_line(turn.text)
    await turn.work.requests.answer(asked.id, words, actor(turn), turn.now)
    await turn.work.requests.close(asked.id, "answered", actor(turn), turn.now)
    text = Say.TOLD_ANSWER.format(name=stored.name if stored else "", unit=asked.unit, words=words)
    button = Button(Say.ONE_BY_ONE)
    turn.tell(Receiver("person", asked.asked_by), Announcement(text, (button,)))
    return Reply(Say.ANSWERED)
