"""没答上来的: questions not answered well; an answer the office gives here holds for all, and the asker is told."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

from handlers.arrivals import note_of
from handlers.errands import Arrived, Errand
from handlers.feature import Feature, Round, Turn
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.rights import actor, allowed
from handlers.rules.permissions import About, Action, Post
from handlers.wording import key, no_formula, one_line
from knowledge import Matter
from storage import Miss

feature = Feature("answer_misses", {"办公室": ("没答上来的",)})
SURE, NEAR = 0.6, 0.25  # a question is about a matter; a matter is worth showing


class Say:
    NOT_OFFICE = "没答上来的问题由办公室来看。"
    ALONE = "请在单聊里看。"
    NONE = "没有没答上来的问题。"
    LIST = "没答上来的{count}条，先看{shown}条："
    LINE = "{number}号 {who} {on:%m月%d日}：{question}{near}"
    NEAREST = "（接近：{names}）"
    HOW = "答复请说：回答 {number} 内容；不用答的说：不用答 {number}。答复以后别人问同样的话也用它。"
    EXPORT = "没答上来的 导出"
    NOBODY = "使用人"
    FORM = "请说：回答 序号 内容，例如：回答 {number} 按季度报，由办公室另行通知。"
    GONE = "没有{number}号这条，或者已经办过了。"
    SHORT = "答复太短，请写完整一句。"
    FOUR_EYES = "这条问的是{name}，和您单位有关（{units}），要由其他单位的办公室同志答。"
    NO_NOTICE = "现在没有发布的通知，先不能答复。"
    DONE = "已答复{number}号。以后同样的问题都这样答，注明“办公室答复”。"
    TOLD = "已告诉提问的{count}位同志。"
    BACK = "收回答复"
    NEWS = "您问过：“{question}”\n办公室答复（{on.year}年{on.month}月{on.day}日）：{answer}"
    DROPPED = "{number}号不用答了，已从清单去掉。"
    ENDED = "已收回这条办公室答复。"
    NOT_THERE = "没有这条答复，或者已经收回。"
    FILE = "没答上来的.csv"
    HEAD = ("序号", "时间", "单位", "问题", "原因", "接近的事项")
    WHY: Mapping[str, str] = {"refused": "答不了", "unsure": "没把握", "disliked": "说没答对"}
    SENDING, SENT = "好，马上发您。", "没答上来的{count}条都在这个表里。"
    FAQS = "办公室答复{count}条："
    FAQ_LINE = "{number}. 问：{question}　答：{answer}"
    NO_FAQS = "还没有办公室答复。"
    FAQ_HOW = "要收回请说：收回答复 序号"
    DISLIKES = (
        r"👎+|没答对|答错了?|答得不对|答非所问|没答到点子上|回答不对|回答错误|说错了|你说错了|不是我问的|没回答我的问题",
    )
    SORRY = "抱歉，已经请办公室来看（{number}号），有答复会告诉您。您也可以换个说法再问一次。"
    SORRY_AGAIN = "这条已经请办公室来看了，有答复会告诉您。"
    NO_ANSWER = "我还没有回答过您的问题。请直接问，例如：我的任务。"
    SHOWN, QUESTION, LEAST = 8, 60, 4


def refused(turn: Turn) -> Reply | None:
    """Why the sender may not see the list here; None when he may."""
    if not allowed(turn, Action.ANSWER_FAQ):
        return Reply(Say.NOT_OFFICE)
    return None if turn.private else Reply(Say.ALONE)


@feature.command("没答上来的", "没答上来", takes=True)
async def list_misses(turn: Turn) -> Reply:
    """The open ones with the matters nearest to them; 导出 sends all as a table."""
    if (no := refused(turn)) is not None:
        return no
    waiting = await turn.work.misses.open()
    if not waiting:
        return Reply(Say.NONE)
    if turn.rest:
        return send_all(turn, list(waiting))
    lines = [Say.LIST.format(count=len(waiting), shown=min(len(waiting), Say.SHOWN))]
    lines += [line_of(turn, miss) for miss in waiting[: Say.SHOWN]]
    return Reply("\n".join([*lines, Say.HOW.format(number=waiting[0].id)]), (Button(Say.EXPORT),))


def line_of(turn: Turn, miss: Miss) -> str:
    """One question, who asked, what it may be about."""
    names = "、".join(m.name for m in nearest(turn, miss.question))
    near = Say.NEAREST.format(names=names) if names else ""
    who = miss.unit or Say.NOBODY
    question = one_line(miss.question)[: Say.QUESTION]
    return Say.LINE.format(number=miss.id, who=who, on=miss.asked_at, question=question, near=near)


def nearest(turn: Turn, question: str) -> list[Matter]:
    """At most two matters whose names it comes near to."""
    return [m for m, score in turn.library.find_matters(question) if score >= NEAR][:2]


def send_all(turn: Turn, waiting: list[Miss]) -> Reply:
    """The whole list as a table."""
    out = io.StringIO()
    rows = [
        (m.id, f"{m.asked_at:%Y-%m-%d %H:%M}", m.unit or "", no_formula(m.question), Say.WHY.get(m.why, m.why),
         "、".join(x.name for x in nearest(turn, m.question)))
        for m in waiting
    ]  # fmt: skip
    csv.writer(out).writerows([Say.HEAD, *rows])
    note = note_of(turn, Post.OFFICE) | {"count": len(rows)}
    person = turn.person.staff_id or ""
    turn.send_for(Errand("没答上来的表", person, note, text="\ufeff" + out.getvalue(), name=Say.FILE))
    return Reply(Say.SENDING)


@feature.awaits("没答上来的表")
async def hand_over_table(round: Round, arrived: Arrived) -> None:
    """The table to who asked for it."""
    if arrived.file:
        said = Say.SENT.format(count=arrived.errand.note.get("count"))
        round.tell(Receiver("person", arrived.errand.person), Announcement(said, files=(arrived.file,)), "file")


async def asked(turn: Turn) -> tuple[Miss, str] | Reply:
    """The open miss that the words begin with, and the rest of them."""
    if (no := refused(turn)) is not None:
        return no
    found = re.match(r"(?:第)?(\d{1,9})(?:号|条)?[\s:：,，]*(.*)", turn.rest, re.S)
    if found is None:
        waiting = await turn.work.misses.open()
        return Reply(Say.FORM.format(number=waiting[0].id if waiting else 1))
    miss = await turn.work.misses.get(int(found[1]))
    if miss is None or miss.state != "open":
        return Reply(Say.GONE.format(number=found[1]))
    return miss, found[2].strip()


@feature.command("回答", "答", takes=True)
async def answer(turn: Turn) -> Reply:
    """The office's answer: for all from now on, and told to who asked."""
    found = await asked(turn)
    if isinstance(found, Reply):
        return found
    miss, words = found
    if len(words) < Say.LEAST:
        return Reply(Say.SHORT)
    if not turn.library.notices:
        return Reply(Say.NO_NOTICE)
    about = matter_in(turn, miss.question)
    if about and not allowed(turn, Action.ANSWER_FAQ, About(lead_units=about.lead_units)):
        return Reply(Say.FOUR_EYES.format(name=about.name, units="、".join(about.lead_units)))
    return await keep(turn, miss, words, about)


def matter_in(turn: Turn, question: str) -> Matter | None:
    """The matter the question is about, if its name is in it."""
    scored = turn.library.find_matters(question)
    named = [m for m in turn.library.matters() if key(m.name) in key(question)]
    return named[0] if named else next((m for m, score in scored if score >= SURE), None)


async def keep(turn: Turn, miss: Miss, words: str, about: Matter | None) -> Reply:
    """Keep the answer, settle the miss, tell the asker."""
    by = actor(turn, Post.OFFICE)
    notice = (turn.library.home(about) if about else "") or turn.library.notices[-1].key
    faq = await turn.work.rulings.answer(
        notice, miss.question, words, turn.now.date(), by, turn.now, about.key if about else None
    )  # fmt: skip
    lines = [Say.DONE.format(number=miss.id)]
    same = [m for m in await turn.work.misses.open() if key(m.question) == key(miss.question)]
    for one in same:
        await turn.work.misses.settle(one.id, by, turn.now, faq)
    news = Say.NEWS.format(question=one_line(miss.question)[: Say.QUESTION], answer=words, on=turn.now)
    askers = list(dict.fromkeys(m.person for m in same if m.person))
    for person in askers:
        turn.tell(Receiver("person", person), Announcement(news))
    lines += [Say.TOLD.format(count=len(askers))] if askers else []
    return Reply("\n".join(lines), (Button(Say.BACK, f"收回答复 #{faq}"),))


@feature.command("不用答", takes=True)
async def drop(turn: Turn) -> Reply:
    """Off the list without an answer."""
    found = await asked(turn)
    if isinstance(found, Reply):
        return found
    await turn.work.misses.settle(found[0].id, actor(turn, Post.OFFICE), turn.now)
    return Reply(Say.DROPPED.format(number=found[0].id))


@feature.command("办公室答复", "答复列表")
async def list_answers(turn: Turn) -> Reply:
    """What the office answered for all."""
    if (no := refused(turn)) is not None:
        return no
    faqs = list(await turn.work.rulings.faqs())[-Say.SHOWN :]
    lines = [
        Say.FAQ_LINE.format(number=f.id, question=one_line(f.question)[:30], answer=one_line(f.answer)[:40])
        for f in faqs
    ]
    return Reply("\n".join([Say.FAQS.format(count=len(faqs)), *lines, Say.FAQ_HOW]) if faqs else Say.NO_FAQS)


@feature.command("收回答复", takes=True)
async def take_back(turn: Turn) -> Reply:
    """The answer holds no more."""
    if (no := refused(turn)) is not None:
        return no
    said = turn.tag.ref if turn.tag else key(turn.rest).strip("第号条")
    ended = said.isdecimal() and await turn.work.rulings.end_faq(int(said[:12]), actor(turn, Post.OFFICE), turn.now)
    return Reply(Say.ENDED if ended else Say.NOT_THERE)


@feature.hears(*Say.DISLIKES)
async def dislike(turn: Turn) -> Reply:
    """The last answer was no good: marked, and on the office's list once."""
    person = turn.person.staff_id or ""
    last = await turn.work.misses.last_answer(person, turn.message.chat.id) if person else None
    if last is None:
        return Reply(Say.NO_ANSWER)
    there = next((m for m in await turn.work.misses.open() if m.answer_id == last.id), None)
    if there and last.disliked:
        return Reply(Say.SORRY_AGAIN)
    await turn.work.misses.dislike(last.id)
    number = there.id if there else await turn.work.misses.missed(
        last.question, "disliked", person=person, unit=turn.unit, at=turn.now, answer_id=last.id
    )  # fmt: skip
    return Reply(Say.SORRY.format(number=number))
