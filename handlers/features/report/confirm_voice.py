"""A spoken number is said back and asked about before anything is taken: 听到：智慧校园累计35所，对吗？[对] [不对].

What was confirmed is then handled as if it had been typed, by the form that was open or by whoever hears it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from zlib import crc32

from handlers import pending
from handlers.documents import document
from handlers.feature import Aside, Feature, Turn
from handlers.form_words import parts, reads_as_question
from handlers.message import Button, Reply
from handlers.whole_report import says_report
from handlers.wording import key
from knowledge import read_quantity
from storage import Dialogue

feature = Feature("confirm_voice")
FORM = "heard"
NAMES = 9_000_000_000
"""Buttons carry the message they ask about, beyond the numbers of drafts, so that none is taken for a draft's."""


class Say:
    ASK = "听到：{said}，对吗？"
    YES, NO = "听对了", "没听对"
    RIGHT, WRONG = "对", "不对"
    YESES = frozenset(("听对了", "对", "对的", "是", "是的", "没错", "嗯", "好", "好的", "可以", "没问题", "确认"))
    NOES = frozenset(("没听对", "不对", "不是", "错了", "不是的", "有误", "重新说"))
    AGAIN = "好的，没有记。请再说一遍，或直接打字。"
    OVER = "这句已经处理过了。"
    DIGIT = "零〇一二两三四五六七八九"
    MEASURES = "个家所条人次门项户亩座处件名场台套辆期年月日号天"
    END = "，,。；;！!、 \n"
    NOT_BEFORE = "第"


_NUMBER = re.compile(
    rf"(?<![{Say.NOT_BEFORE}{Say.DIGIT}十百千万亿])(?P<number>百分之)?"
    rf"(?P<numeral>[{Say.DIGIT}十百千万亿]+(?:点[{Say.DIGIT}]+)?)(?P<share>成半?)?(?=(?P<after>.?))",
    re.DOTALL,
)
_DIGITS = re.compile(r"\d[\d.]*")


@feature.opens("听到")
async def ask_back(turn: Turn, _: object) -> Reply | None:
    """The question about a spoken number; None when there is none, or nothing would be taken from it."""
    said = in_digits(turn.text)
    if not (turn.private and turn.person.staff_id and _DIGITS.search(said)) or reads_as_question(turn.text):
        return None
    turn.dialogue = opened = await turn.work.dialogues.load(turn.person.staff_id or "", turn.message.chat.id)
    before = under(opened) if opened.form == FORM else opened
    busy = before.form in turn.features.forms and not before.parked
    if not busy and not turn.is_command(said) and not await says_report(turn, said):
        return None
    ref = str(NAMES + crc32(turn.message.id.encode()) % 1_000_000_000)
    kept = {"form": before.form, "state": document(before.state or {})} if busy else {"form": None, "state": {}}
    await turn.hold(FORM, {"said": said, "ref": ref, **kept})
    return asked(said, ref)


def in_digits(text: str) -> str:
    """三十五所 as 35所, 百分之十 as 10%: numbers as they will be taken; 一样, 第七 stay as they are."""
    return _NUMBER.sub(_digits, text).strip(Say.END)


def _digits(found: re.Match[str]) -> str:
    numeral, after = found["numeral"], found["after"]
    counted = len(numeral) > 1 or not after or after in Say.MEASURES + Say.END + "%"
    quantity = read_quantity(found[0])
    if not quantity or not (counted or found["number"] or found["share"]):
        return found[0]
    return f"{quantity.value:f}{quantity.unit}"


def asked(said: str, ref: str) -> Reply:
    """The question."""
    buttons = (Button(Say.RIGHT, f"{Say.YES} #{ref}"), Button(Say.WRONG, f"{Say.NO} #{ref}"))
    return Reply(Say.ASK.format(said=said), buttons)


def under(opened: Dialogue) -> Dialogue:
    """The dialogue as it was before the question."""
    state = opened.state or {}
    form, kept = state.get("form"), state.get("state")
    if not isinstance(form, str) or not isinstance(kept, Mapping):
        return replace(opened, form=None, state=None)
    return replace(opened, form=form, state=document(kept))


@feature.form(FORM)
async def carry_on(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """对, 不对, a question in between, or something else: then nothing was taken."""
    state = opened.state or {}
    said, ref = str(state.get("said")), str(state.get("ref"))
    if (turn.tag and turn.tag.ref != ref) or reads_as_question(turn.text):
        return Aside(asked(said, ref))
    before = under(opened)
    if before.form:
        await turn.hold(before.form, before.state or {})
    else:
        await turn.release()
    if key(turn.text) in Say.NOES:
        return await repeated(turn, before)
    turn.text, turn.tag = (said, None) if key(turn.text) in Say.YESES else (corrected(said, turn.text), turn.tag)
    resume = turn.features.forms.get(before.form or "")
    return await resume(turn, turn.dialogue) if resume and turn.dialogue else Aside()


async def repeated(turn: Turn, before: Dialogue) -> Reply:
    """That nothing was taken, and what the form under it asks, once."""
    again = await pending.asked(turn, turn.dialogue) if before.form and turn.dialogue else None
    return Reply(f"{Say.AGAIN}\n{again.text}", again.buttons) if again else Reply(Say.AGAIN)


def corrected(said: str, text: str) -> str:
    """智慧校园累计36所 of “不对，是36”; any other message as it is."""
    part = parts(text, [], None)[0]
    quantity = read_quantity(part.text) if part.sorry else None
    if quantity is None or len(_DIGITS.findall(said)) != 1:
        return text
    return _DIGITS.sub(f"{quantity.value:f}", said)


@feature.command(Say.YES, Say.NO)
async def press_late(turn: Turn) -> Reply:
    """A button of a question that is not open any more."""
    return Reply(Say.OVER)
