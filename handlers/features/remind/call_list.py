"""谁还没报: the office's call list with 已联系 and 提醒函草稿. Nothing is sent in the office's name by itself."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.calling import Call, CallList, call_buttons, call_lists, due_words, list_words, note_call
from handlers.calling import Say as CallSay
from handlers.feature import Feature, Turn
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.remind_words import names_of, short_title
from handlers.rights import actor, allowed
from handlers.rules.periods import name
from handlers.rules.permissions import Action, Post
from handlers.standing import staff_on

feature = Feature("call_list", {"办公室": ("谁还没报",)})


class Say:
    HEARS = (
        r"(还有)?(谁|哪家|哪些单位|哪几家|哪些部门)(本期|这期)?(还)?(没|没有|未)(有)?(报|填|报送|填报|交)(了|的|呢)?",
        r"(还)?(没|未)报(的)?(单位|名单|有谁|有哪些)",
    )
    NOT_YOURS = "这份名单只给办公室看。您单位的在“我的进展”。"
    ELSEWHERE = "已私信您。"
    WHOM = "联系了哪家？"
    PHONED = "记下了：{day}已联系{unit}。"
    NOT_OWING = "{unit}本期没有要催的。"
    NO_UNIT = "通知里没有“{said}”这个单位。"
    NOBODY_OWES = "都收到了，没有要联系的。"
    LETTER = "提醒函草稿（可复制修改，不会自动发出）："
    LETTER_TO = "{unit}："
    LETTER_ALL = "各责任单位："
    LETTER_BODY = (
        "《{title}》{period}进展情况报送，{due}。目前还没有收到贵单位{names}的情况，麻烦在方便时通过钉钉助手补报，"
        "数据暂时没有的回“数据未出”即可。有困难请随时联系我们，谢谢支持。"
    )
    LETTER_BODY_ALL = (
        "《{title}》{period}进展情况报送，{due}。还没有报送的单位，麻烦在方便时通过钉钉助手补报，数据暂时没有的回“数据未出”即可。"
        "已经报送的单位请忽略。有困难请随时联系我们，谢谢支持。"
    )
    LETTER_END = "（联席会议办公室，{day}）"
    DAY = "{year}年{month}月{day}日"
    TODAY = "{month}月{day}日"
    LIST, PHONE = Button("谁还没报"), "已联系 {unit}"
    CHOICES = 4
    EVERYBODY = ("全部", "所有", "都")


@feature.command("谁还没报", "谁没报", "电话名单", "催报名单", takes=True)
async def list_calls(turn: Turn) -> Reply:
    """The call list, for the office only, and 1:1 only: it holds numbers."""
    if not allowed(turn, Action.FILL_FOR):
        return Reply(Say.NOT_YOURS)
    lists = await call_lists(turn.work, turn.library, turn.now, turn.workdays)
    if not lists:
        return Reply(CallSay.NO_PLAN)
    staff = await staff_on(turn.work, turn.now, turn.now.date())
    shown = 1000 if turn.rest in Say.EVERYBODY else CallSay.SHOWN
    text = "\n".join(list_words(found, staff, turn.now, turn.workdays, shown) for found in lists)
    reply = Reply(text, call_buttons(lists))
    if turn.private or not turn.person.staff_id:
        return reply
    turn.tell(Receiver("person", turn.person.staff_id), Announcement(reply.text, reply.buttons))
    return Reply(Say.ELSEWHERE)


@feature.hears(*Say.HEARS)
async def hear(turn: Turn) -> Reply | None:
    """The same, asked in a sentence."""
    return await list_calls(turn)


@feature.command("已联系", "联系过了", "打过电话了", takes=True)
async def phoned(turn: Turn) -> Reply | None:
    """Note that a unit was phoned; without a unit it is asked which."""
    if not allowed(turn, Action.FILL_FOR):
        return None
    lists = await call_lists(turn.work, turn.library, turn.now, turn.workdays)
    if not turn.rest:
        return which(lists)
    unit, found = find_unit(turn, lists)
    if unit is None:
        return Reply(Say.NO_UNIT.format(said=turn.rest[:20]))
    for one in found:
        await note_call(turn.work, one.standing, unit, "phoned", actor(turn, Post.OFFICE), turn.now)
    line = Say.PHONED if found else Say.NOT_OWING
    day = Say.TODAY.format(month=turn.now.month, day=turn.now.day)
    return Reply(line.format(unit=unit, day=day), (Say.LIST,))


def which(lists: Sequence[CallList]) -> Reply:
    """Buttons for the units not phoned yet."""
    calls = [call for found in lists for call in found.calls if call.called is None]
    if not calls:
        return Reply(Say.NOBODY_OWES)
    return Reply(Say.WHOM, tuple(Button(c.unit, Say.PHONE.format(unit=c.unit)) for c in calls[: Say.CHOICES]))


def find_unit(turn: Turn, lists: Sequence[CallList]) -> tuple[str | None, list[CallList]]:
    """The unit that was named, and the lists it stands in."""
    unit = turn.library.unit(turn.rest)
    return unit, [found for found in lists if any(call.unit == unit for call in found.calls)]


@feature.command("提醒函草稿", "发提醒函草稿", "提醒函", takes=True)
async def letter(turn: Turn) -> Reply | None:
    """A polite text to copy, to one unit or to all; that it was taken is noted."""
    if not allowed(turn, Action.FILL_FOR):
        return None
    lists = [found for found in await call_lists(turn.work, turn.library, turn.now, turn.workdays) if found.calls]
    if not lists:
        return Reply(Say.NOBODY_OWES)
    unit, found = find_unit(turn, lists) if turn.rest else (None, lists[:1])
    if turn.rest and unit is None:
        return Reply(Say.NO_UNIT.format(said=turn.rest[:20]))
    if not found:
        return Reply(Say.NOT_OWING.format(unit=unit))
    await note_call(turn.work, found[0].standing, unit or "", "letter", actor(turn, Post.OFFICE), turn.now)
    call = next((call for call in found[0].calls if call.unit == unit), None)
    return Reply(letter_words(turn, found[0], call))


def letter_words(turn: Turn, found: CallList, call: Call | None) -> str:
    """The letter; to all units nobody is named."""
    standing, today = found.standing, turn.now.date()
    body = (Say.LETTER_BODY if call else Say.LETTER_BODY_ALL).format(
        title=short_title(standing.title), period=name(standing.due.period, today),
        due=due_words(standing.due, turn.now, turn.workdays), names=f"“{names_of(call.items)}”" if call else "",
    )  # fmt: skip
    to = Say.LETTER_TO.format(unit=call.unit) if call else Say.LETTER_ALL
    end = Say.LETTER_END.format(day=Say.DAY.format(year=today.year, month=today.month, day=today.day))
    return "\n".join([Say.LETTER, to, body, end])
