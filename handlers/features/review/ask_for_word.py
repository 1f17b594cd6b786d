"""交办: a leader (or the office) asks a unit for a word; the unit answers; 已阅,销号 closes it, 再问 asks on."""

from __future__ import annotations

import re

from handlers.feature import Aside, Feature, Turn
from handlers.form_words import Word, word_of
from handlers.handing_in import clerks, seated, tell_all
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.rights import actor, allowed, clerk_units
from handlers.rules.permissions import Action, Post
from handlers.wording import key, one_line
from storage import Dialogue, Request, StoredMatter

feature = Feature("ask_for_word", {"领导": ("交办",), "办公室": ("交办",)})
ANSWER, AGAIN = "word for leader", "leader asks again"
LIKELY = 0.5


class Say:
    NO_RIGHT = "请单位说明由领导和办公室来交办。"
    ALONE = "请在单聊里办。"
    WHICH, FOR_EXAMPLE = "请写事项名。", "请写事项名，例如：交办 {name}。"
    NO_MATTER = "没有找到“{said}”这件事。"
    PLEASE_TELL = (
        r"(?:请|让|叫|麻烦)?(?P<unit>.{2,12}?)(?:来|给我|再|简单)?(?:说明|说说|说一说|讲讲|讲一讲|汇报|解释)(?:一下|下)?"
        r"(?P<name>.{2,30}?)(?:的)?(?:进度|进展|情况|怎么样了)*"
    )
    NOT_THEIRS = "{name}由{leads}牵头，不是{unit}。要请牵头单位说明，点一下就行。"
    HAND_ON = "交办 {name}"
    JOINED = "、"
    NO_LEAD = "{name}在通知里没有写责任单位，请办公室先明确。"
    LEADER, OFFICE = "分管领导", "办公室"
    TOLD = "{who}想了解{name}的进度，麻烦写两句。{words}"
    WORDS = "原话：{words}"
    WRITE, SAYS_WRITE = "写两句", "写两句 #{id}"
    ASKED = "已请{unit}说明{name}，答复后马上告诉您。"
    TWICE = "{name}已经请{unit}说明了，还在等答复。"
    NOBODY = "{unit}还没有登记联络人，已转给办公室电话联系。"
    CALL = "分管领导想了解{name}的进度，{unit}还没有联络人，请电话联系。"
    NOT_YOURS = "没有等您说明的事项。"
    PLEASE = "请写两句{name}的情况，会原样转给{who}。"
    ANSWERED = "已转给{who}，谢谢。"
    ANSWER = "{unit}答复（{name}）：{words}"
    CLOSE, SAYS_CLOSE = "已阅，销号", "已阅销号 #{id}"
    AGAIN, SAYS_AGAIN = "再问", "再问 #{id}"
    CLOSED = "已销号：{name}。"
    GONE = "这件已经销号了。"
    WHAT = "请写要再问的话，会转给{unit}。"
    AGAIN_TOLD = "{who}关于{name}想再问：{words}"
    AGAIN_ASKED = "已转给{unit}。"


@feature.command("交办", takes=True)
async def hand_on(turn: Turn) -> Reply:
    """Ask the unit that leads a named matter."""
    if refused := no_right(turn):
        return refused
    name, _, words = turn.rest.partition(" ")
    scored = [(m, score) for m, score in turn.library.find_matters(name) if score >= LIKELY] if name else []
    if not scored:
        return Reply(Say.NO_MATTER.format(said=name[:20])) if name else await which(turn)
    stored = next((m for m in await turn.work.matters.current() if m.key == scored[0][0].key), None)
    return await ask(turn, stored, words) if stored else Reply(Say.NO_MATTER.format(said=name[:20]))


@feature.hears(Say.PLEASE_TELL)
async def hear_please(turn: Turn) -> Reply | None:
    """请教体局说明智慧校园; None for those who may not ask, and where the words name no unit or no matter."""
    found = re.fullmatch(Say.PLEASE_TELL, key(turn.text))
    unit = turn.library.unit(found["unit"]) if found else None
    if found is None or unit is None or no_right(turn):
        return None
    keys = [m.key for m, score in turn.library.find_matters(found["name"]) if score >= LIKELY]
    every = {m.key: m for m in await turn.work.matters.current()}
    named = [every[k] for k in keys if k in every]
    if not named:
        return None
    stored = next((m for m in named if unit in m.lead_units), None)
    if stored is None:
        leads = Say.JOINED.join(named[0].lead_units)
        text = Say.NOT_THEIRS.format(name=named[0].name, leads=leads, unit=unit)
        return Reply(text, (Button(Say.HAND_ON.format(name=named[0].name)),))
    return await ask(turn, stored, "", unit)


async def which(turn: Turn) -> Reply:
    """How a matter is named, with one of the notice in force."""
    stored = next(iter(await turn.work.matters.current()), None)
    return Reply(Say.FOR_EXAMPLE.format(name=stored.name) if stored else Say.WHICH)


@feature.command("请说明", "说明")
async def ask_by_tap(turn: Turn) -> Reply:
    """Ask about the matter of the button."""
    if refused := no_right(turn):
        return refused
    stored = await turn.work.matters.get(int(turn.tag.ref)) if turn.tag and turn.tag.ref.isdecimal() else None
    return await ask(turn, stored, "") if stored else Reply(Say.WHICH)


def no_right(turn: Turn) -> Reply | None:
    """Why not."""
    if not allowed(turn, Action.ASK_WORD):
        return Reply(Say.NO_RIGHT)
    return None if turn.private else Reply(Say.ALONE)


def who_asks(post: str) -> str:
    """As the unit reads it."""
    return Say.LEADER if post == Post.LEADER else Say.OFFICE


async def ask(turn: Turn, stored: StoredMatter, words: str, unit: str = "") -> Reply:
    """Keep the question and hand it to the clerks of `unit`, else of the first lead; once while it is open."""
    if not stored.lead_units:
        return Reply(Say.NO_LEAD.format(name=stored.name))
    unit, me = unit or stored.lead_units[0], turn.person.staff_id
    open_ones = [r for r in await turn.work.requests.open("word") if r.matter_id == stored.id and mine(r, me)]
    if any(r.state == "open" for r in open_ones):
        return Reply(Say.TWICE.format(name=stored.name, unit=unit))
    post = Post.LEADER if Post.LEADER in turn.person.posts else Post.OFFICE
    number = await turn.work.requests.ask(
        "word", unit, actor(turn, post), turn.now, matter_id=stored.id, notice=stored.notice,
        body={"asks": "leader", "matter": stored.name, "question": one_line(words), "post": post.value},
    )  # fmt: skip
    said = Say.WORDS.format(words=one_line(words)) if words else ""
    text = Say.TOLD.format(who=who_asks(post), name=stored.name, words=said)
    people = await clerks(turn, unit)
    if not people:
        call = Announcement(Say.CALL.format(name=stored.name, unit=unit))
        tell_all(turn, await seated(turn, None, Post.OFFICE), call)
        return Reply(Say.NOBODY.format(unit=unit))
    tell_all(turn, people, Announcement(text, (Button(Say.WRITE, Say.SAYS_WRITE.format(id=number)),)))
    return Reply(Say.ASKED.format(unit=unit, name=stored.name))


def mine(request: Request, staff_id: str | None) -> bool:
    """Whether it is a question of this person's."""
    return request.body.get("asks") == "leader" and request.asked_by == staff_id


async def pressed(turn: Turn, number: str | None) -> Request | None:
    """The question of that number while it is open."""
    found = await turn.work.requests.get(int(number)) if number and number.isdecimal() else None
    return found if found and found.body.get("asks") == "leader" and not found.closed_at else None


async def oldest(turn: Turn, state: str) -> Request | None:
    """Without a button: the question that has waited longest, for the unit that is asked or for whoever asked."""
    me = turn.person.staff_id
    waiting = [r for r in await turn.work.requests.open("word") if r.state == state and r.body.get("asks") == "leader"]
    return next((r for r in waiting if (answers(turn, r) if state == "open" else mine(r, me))), None)


def answers(turn: Turn, request: Request) -> bool:
    """Whether the sender speaks for the unit that is asked."""
    heads = {seat.unit for seat in turn.person.seats if seat.post == Post.HEAD}
    return request.unit in {*clerk_units(turn.person), *heads}


@feature.command("写两句")
async def begin_answer(turn: Turn) -> Reply:
    """The next message is the answer."""
    request = await pressed(turn, turn.tag.ref) if turn.tag else await oldest(turn, "open")
    if request is None or not answers(turn, request) or not turn.private:
        return Reply(Say.NOT_YOURS)
    await turn.hold(ANSWER, {"request": request.id})
    who = who_asks(str(request.body.get("post")))
    return Reply(Say.PLEASE.format(name=request.body.get("matter"), who=who))


@feature.form(ANSWER)
async def take_answer(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """Keep the answer, hand it to whoever asked; he closes it."""
    await turn.release()
    if left(turn):
        return Aside()
    request = await pressed(turn, str((opened.state or {}).get("request")))
    if request is None or not answers(turn, request):
        return Reply(Say.NOT_YOURS)
    words = one_line(turn.text)
    await turn.work.requests.answer(request.id, words, actor(turn), turn.now)
    text = Say.ANSWER.format(unit=request.unit, name=request.body.get("matter"), words=words)
    buttons = (
        Button(Say.CLOSE, Say.SAYS_CLOSE.format(id=request.id)),
        Button(Say.AGAIN, Say.SAYS_AGAIN.format(id=request.id)),
    )
    turn.tell(Receiver("person", request.asked_by), Announcement(text, buttons))
    return Reply(Say.ANSWERED.format(who=who_asks(str(request.body.get("post")))))


def left(turn: Turn) -> bool:
    """Whether the message is a command or a button instead of words."""
    return turn.is_command(turn.text) or word_of(turn.text) in (Word.CANCEL, Word.PARK) or turn.tag is not None


@feature.command("已阅销号", "销号")
async def close(turn: Turn) -> Reply:
    """Read and closed, by whoever asked."""
    request = await pressed(turn, turn.tag.ref) if turn.tag else await oldest(turn, "answered")
    if request is None or not mine(request, turn.person.staff_id) or not allowed(turn, Action.CLOSE_WORD):
        return Reply(Say.GONE)
    await turn.work.requests.close(request.id, "closed", actor(turn), turn.now)
    return Reply(Say.CLOSED.format(name=request.body.get("matter")))


@feature.command("再问")
async def ask_again(turn: Turn) -> Reply:
    """The next message is the further question."""
    request = await pressed(turn, turn.tag.ref if turn.tag else None)
    if request is None or not mine(request, turn.person.staff_id):
        return Reply(Say.GONE)
    await turn.hold(AGAIN, {"request": request.id})
    return Reply(Say.WHAT.format(unit=request.unit))


@feature.form(AGAIN)
async def take_question(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """Hand the further question to the unit; the request is open again."""
    await turn.release()
    if left(turn):
        return Aside()
    request = await pressed(turn, str((opened.state or {}).get("request")))
    if request is None or not mine(request, turn.person.staff_id):
        return Reply(Say.GONE)
    words = one_line(turn.text)
    await turn.work.requests.answer(request.id, words, actor(turn), turn.now, again=True)
    who = who_asks(str(request.body.get("post")))
    text = Say.AGAIN_TOLD.format(who=who, name=request.body.get("matter"), words=words)
    button = Button(Say.WRITE, Say.SAYS_WRITE.format(id=request.id))
    tell_all(turn, await clerks(turn, request.unit), Announcement(text, (button,)))
    return Reply(Say.AGAIN_ASKED.format(unit=request.unit))
