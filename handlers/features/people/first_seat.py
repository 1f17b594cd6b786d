"""启用: on a database where nobody is office or operator, who was handed the code is seated as 办公室. Once."""

from __future__ import annotations

import re

from handlers.feature import Aside, Feature, Turn
from handlers.first_code import CODE, Record, claimed, fits, locked, missed, nobody_seated, record_of, spent, taken_by
from handlers.form_words import Word, word_of
from handlers.message import Button, Reply
from handlers.remind_words import short_title
from handlers.rules.permissions import Post
from handlers.wording import key
from storage import JSON, Actor, Dialogue

feature = Feature("first_seat")
FORM = "first_seat"
SHAPE = re.compile(r"[a-z0-9]{6,16}")


class Say:
    WORD = r"启用码?[:：，,]?(?P<code>[a-z0-9\-]{6,20})"
    HOW = "助手还没有启用。请向维护服务的同志要10位的启用码，然后在这里发：启用 启用码"
    STRANGER = "没有认出您的身份，不能启用。请用本单位的钉钉账号来说。"
    IN_GROUP = "启用码只能在单聊里说，群里大家都看得到。刚才那个如果是对的，已经作废，请向维护服务的同志要新的。"
    SEATED = "助手已经启用过了，启用码不再有用。要登记岗位，请说“认领 单位 岗位”，由办公室确认。"
    USED = "这个启用码已经用过了。请向维护服务的同志要新的。"
    WRONG = "这个启用码不对，或者过期了。请核对10位字母和数字，再发一次。"
    LOCKED = "试错的次数多了，一小时内暂停启用。请核对启用码，过一小时再发。"
    RIGHT = "启用码对上了。您是哪个单位的？登记后您就是这项工作的办公室。"
    ASK = "您是哪个单位的？回单位名称就行，例如：{example}。"
    EXAMPLE = "某某局"
    STRANGE = "通知里没有“{unit}”这个单位，请核对写法。没写错就点“就这样登记”。"
    AS_IT_IS = "就这样登记"
    LEFT = "好，先放着。72小时内再发“启用”两个字，接着来。"
    DONE = (
        "已登记：{name}，{unit}，办公室。办公室的事都可以在这里做，每一步我会说下一步做什么。\n"
        "还差三个文件、一句话：\n"
        "1. 通知（docx、pdf 都行）\n2. 人员名单（xlsx：称呼、单位、岗位、手机）\n3. 上期的表，作底数（xlsx）\n"
        "4. 多久报一次，用一句话说\n"
    )
    STANDS = "{title}的通知已经在用。把您手里的通知发给我核对一遍；一样的话，直接发人员名单。"
    SEND = "现在请把通知发给我。"
    HOST = re.compile(r"办公室?[^。；;]{0,6}设在(?P<unit>[^,，。；;、（(]{2,14})")


@feature.hears(Say.WORD)
async def hear_code(turn: Turn) -> Reply | None:
    """The code said in one word."""
    found = re.fullmatch(Say.WORD, key(turn.text))
    return await open_seat(turn, found["code"]) if found else None


@feature.command("启用", "启用码", takes=True)
async def take_code(turn: Turn) -> Reply | None:
    """The code after the word; other uses of the word belong to others."""
    code = re.sub(r"[\s-]", "", key(turn.rest))
    return await open_seat(turn, code) if not turn.rest or SHAPE.fullmatch(code) else None


async def open_seat(turn: Turn, code: str) -> Reply | None:
    """Ask for the unit when the code is right; every wrong one counts, whoever says it."""
    await turn.work.one_at_a_time(CODE)
    if not await nobody_seated(turn.work, turn.now):
        return Reply(Say.SEATED) if code and not turn.person.seats else None
    if not turn.person.staff_id:
        return Reply(Say.STRANGER)
    record = await record_of(turn.work)
    if not turn.private:
        return await said_in_group(turn, record, code)
    if claimed(record, turn.person.staff_id, turn.now):
        return await ask_unit(turn)
    if not code:
        return Reply(Say.HOW)
    if locked(record, turn.now):
        return Reply(Say.LOCKED)
    return await tried(turn, record, code)


async def tried(turn: Turn, record: Record, code: str) -> Reply:
    """Right: nobody else can use it any more. Wrong: counted."""
    if fits(record, code, turn.now):
        await keep(turn, taken_by(record, turn.person.staff_id or "", turn.now))
        return await ask_unit(turn)
    after = missed(record, turn.now)
    await keep(turn, after)
    if locked(after, turn.now):
        return Reply(Say.LOCKED)
    return Reply(Say.WRONG if record.get("hash") else Say.USED)


async def said_in_group(turn: Turn, record: Record, code: str) -> Reply:
    """A code that others read is worth nothing any more; the answer does not say whether it was one."""
    if code and not locked(record, turn.now):
        await keep(turn, spent(record) if fits(record, code, turn.now) else missed(record, turn.now))
    return Reply(Say.IN_GROUP if code else Say.HOW)


async def keep(turn: Turn, record: Record) -> None:
    """The record, with a line in the audit."""
    await turn.work.settings.set(CODE, record, Actor(turn.person.staff_id or "", message_id=turn.message.id), turn.now)


async def ask_unit(turn: Turn) -> Reply:
    """Which unit she sits in decides what she may not decide over: it is asked, never guessed."""
    await turn.hold(FORM, {})
    return Reply(Say.RIGHT, tuple(Button(unit) for unit in hosts(turn)))


def hosts(turn: Turn) -> list[str]:
    """Units that the notices in force name as the seat of the office."""
    texts = [passage.text for notice in turn.library.notices for passage in notice.passages]
    named = [turn.library.unit(found["unit"]) for text in texts for found in Say.HOST.finditer(text)]
    return list(dict.fromkeys(unit for unit in named if unit))[:3]


@feature.form(FORM)
async def take_unit(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """The unit, in the notice's own spelling; one it does not name is asked about once."""
    state, said = opened.state or {}, key(turn.text)
    if word_of(turn.text) in (Word.CANCEL, Word.PARK):
        await turn.release()
        return Reply(Say.LEFT)
    if said == key(Say.AS_IT_IS) and state.get("unit"):
        return await seat(turn, str(state["unit"]))
    if said.startswith("启用") or not turn.text.strip():
        return Reply(Say.ASK.format(example=next(iter(hosts(turn)), Say.EXAMPLE)))
    if unit := turn.library.unit(turn.text):
        return await seat(turn, unit)
    if turn.is_command(turn.text) or not 2 <= len(said) <= 20:
        return Aside(Reply(Say.ASK.format(example=next(iter(hosts(turn)), Say.EXAMPLE))))
    kept: dict[str, JSON] = {"unit": turn.text.strip()}
    await turn.hold(FORM, kept)
    return Reply(Say.STRANGE.format(unit=turn.text.strip()), (Button(Say.AS_IT_IS),))


async def seat(turn: Turn, unit: str) -> Reply:
    """Seat her, if nobody was seated meanwhile and it was she who gave the code."""
    await turn.work.one_at_a_time(CODE)
    await turn.release()
    record, who = await record_of(turn.work), turn.person
    if not await nobody_seated(turn.work, turn.now):
        return Reply(Say.SEATED)
    if not claimed(record, who.staff_id or "", turn.now):
        return Reply(Say.HOW)
    await turn.work.directory.seat(
        who.id, unit, Post.OFFICE, Actor(who.staff_id or "", message_id=turn.message.id), turn.now, "first code"
    )
    await keep(turn, {**spent(record), "claimed_by": None, "used_by": who.staff_id, "used_at": turn.now.isoformat()})
    stands = turn.library.notices[-1:]
    following = Say.STANDS.format(title=short_title(stands[0].title)) if stands else Say.SEND
    return Reply(Say.DONE.format(name=who.name or unit, unit=unit) + following)
