"""有困难, 缓交, 目标调整: what a unit asks of the office beside its numbers. Its answers are answer_request."""

from __future__ import annotations

import re
from datetime import date

from handlers.feature import Aside, Feature, Turn
from handlers.form_words import Word, reads_as_question, word_of
from handlers.handing_in import seated, tell_all
from handlers.message import Announcement, Button, Reply
from handlers.naming import Naming
from handlers.owing import Item
from handlers.report_facts import target_of
from handlers.rights import actor, clerk_units, reporting_unit
from handlers.rules.checks import plain
from handlers.rules.days import read_day
from handlers.rules.permissions import Post
from handlers.whole_report import led, owed
from handlers.wording import one_line
from knowledge import read_quantity
from storage import Dialogue

CLERKS = ("填报员", "联络人", "备用联络人")
feature = Feature("ask_for_help", dict.fromkeys(CLERKS, ("有困难", "缓交")))
HELP, WAIT = "ask help", "ask wait"


class Say:
    LATER = (
        r"(?P<name>.{0,30}?)(?:的?数据?)?(?:可能|恐怕|大概)?(?:要|想|能不能|能否|可不可以|可以|需要)?"
        r"(?:晚几天|晚点|晚一点|晚些|推迟几天|推迟|缓几天|缓一缓|缓交|迟几天|延期|宽限几天|宽限)(?:再?报|再?交|吗|一下|行吗)*"
    )
    LESS = (
        r"(?P<name>.{0,20}?)(?P<old>\d[\d.]*\D{0,2})?(?:完不成|达不到|做不到|太高|有点高).{0,6}?"
        r"(?:想|能不能|可不可以|要)?(?:调到|调成|调整到|改到|降到|调低到?|改成)(?P<new>\d[\d.]*)?.{0,6}"
    )
    LESS_WORD = r"(?:(?:申请)?目标调整|调整目标|目标(?:太高|完不成|达不到))(?P<name>)(?P<old>)(?P<new>)"
    HARD = r"(?P<name>.{0,20}?)(?:有|遇到|碰到)(?:些|点|一些|一点)?困难[了]?(?:[，,：:]\s*(?P<words>.{4,300}))?"
    NO_SEAT = "这件事由登记的填报员来说，办公室好对上单位。"
    IN_GROUP = "请在单聊里说，群里不谈具体情况。"
    WHICH = "是哪一件？"
    NONE = "您单位没有要报的事项，不用办这个。有难处可以说“有困难”。"
    UNTIL = "{name}报送晚到哪天？例如下周五、12月30日。"
    NOT_A_DAY = "没有看懂是哪天，例如下周五、12月30日。"
    PAST = "{day}已经过了，晚到哪天？"
    BEFORE = "本期截止是{due}，{day}还没到截止，不用缓。"
    ASKED = "已请办公室看：{name}缓到{day}。同意了告诉您，数填好了随时能报。"
    NOTHING_DUE = "办公室还没有定报送时间，现在不用申请缓交。"
    TO_OFFICE = "{unit}：{name}想缓到{day}报（本期截止{due}）。"
    GRANT, REFUSE = "同意缓交", "不同意"
    SAYS_GRANT, SAYS_REFUSE = "同意缓交 #{id}", "不同意缓交 #{id}"
    TARGET = "目标是通知定的，办公室不能改；先记为目标调整申请，需联席会议明确，期间仍按{target}统计。"
    TARGET_TO_OFFICE = "{unit}：{name}申请把目标{old}调到{new}，已记下，需联席会议明确。"
    PLAIN_TARGET = "原目标"
    WHAT = "需要谁协调、做什么？一句话就行。"
    NOTED = "已列入需协调事项，办公室处理后回您。"
    DIFFICULTY = "{unit}{name}有困难：{words}"
    ANSWER, SAYS_ANSWER = "答复", "答复困难 #{id}"
    OPEN_NAME = "：{name}"
    DAY = "{month}月{day}日"
    UNSAID = "（没说）"
    SHOWN = 5


@feature.command("缓交", "晚几天", "申请缓交", takes=True)
async def postpone(turn: Turn) -> Reply | None:
    """缓交 [事项]."""
    return await ask_wait(turn, turn.rest)


@feature.hears(Say.LATER)
async def hear_postpone(turn: Turn) -> Reply | None:
    """物流终端要晚几天."""
    found = re.fullmatch(Say.LATER, turn.text.strip("。.!！?？ "))
    return await ask_wait(turn, found["name"]) if found and clerk_units(turn.person) else None


async def ask_wait(turn: Turn, said: str) -> Reply:
    """Until which day; for which matter first, if that is open."""
    item = await one(turn, said, "缓交 {name}")
    if isinstance(item, Reply):
        return item
    if item.span.due is None:
        return Reply(Say.NOTHING_DUE)
    await turn.hold(WAIT, {"matter": item.stored.id})
    return Reply(Say.UNTIL.format(name=item.stored.name))


@feature.form(WAIT)
async def take_day(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """The day; then the office is asked."""
    item = next((i for i in await owed(turn) if i.stored.id == (opened.state or {})["matter"]), None)
    due = item.span.due if item else None
    day = None if turn.tag else read_day(turn.text, turn.now.date())
    if item is None or due is None or turn.is_command(turn.text) or word_of(turn.text) in (Word.CANCEL, Word.PARK):
        await turn.release()
        return Aside()
    if day is None:
        if reads_as_question(turn.text):
            return Aside(Reply(Say.UNTIL.format(name=item.stored.name)))
        return Reply(Say.NOT_A_DAY)
    if day < turn.now.date():
        return Reply(Say.PAST.format(day=shown(day)))
    await turn.release()
    if day <= due.day:
        return Reply(Say.BEFORE.format(due=shown(due.day), day=shown(day)))
    number = await keep(turn, item, "postpone", {"until": day.isoformat(), "matter": item.stored.name})
    words = {"unit": unit_of(turn, item), "name": item.stored.name, "day": shown(day), "due": shown(due.day)}
    buttons = (
        Button(Say.GRANT, Say.SAYS_GRANT.format(id=number)),
        Button(Say.REFUSE, Say.SAYS_REFUSE.format(id=number)),
    )
    await tell_office(turn, Announcement(Say.TO_OFFICE.format(**words), buttons))
    return Reply(Say.ASKED.format(**words))


@feature.hears(Say.LESS_WORD, Say.LESS)
async def lower(turn: Turn) -> Reply | None:
    """80个完不成，想调到60: recorded, decided by nobody here."""
    text = turn.text.strip("。.!！ ")
    found = re.fullmatch(Say.LESS, text) or re.fullmatch(Say.LESS_WORD, text)
    if found is None or not clerk_units(turn.person):
        return None
    item = await by_target(turn, found["old"] or "") or await one(turn, found["name"].strip("，,的"), "目标调整 {name}")
    if isinstance(item, Reply):
        return item
    return await record_target(turn, item, found["old"] or "", found["new"] or "")


@feature.command("目标调整", takes=True)
async def lower_named(turn: Turn) -> Reply | None:
    """目标调整 [事项] [值]."""
    name, _, new = (
        turn.rest.rpartition(" ") if turn.rest and read_quantity(turn.rest.split()[-1]) else (turn.rest, "", "")
    )
    item = await one(turn, name, "目标调整 {name}")
    return item if isinstance(item, Reply) else await record_target(turn, item, "", new)


async def record_target(turn: Turn, item: Item, old: str, new: str) -> Reply:
    """Kept as asked; the printed target goes on counting."""
    said = read_quantity(old)
    named = f"{plain(said.value)}{item.facts.measures[0].unit}" if said and len(item.facts.measures) == 1 else old
    target = named or target_shown(item, turn.now.date()) or Say.PLAIN_TARGET
    await keep(turn, item, "target", {"old": target, "new": new, "matter": item.stored.name}, recorded=True)
    words = {"unit": unit_of(turn, item), "name": item.stored.name, "old": target, "new": new or Say.UNSAID}
    await tell_office(turn, Announcement(Say.TARGET_TO_OFFICE.format(**words)))
    return Reply(Say.TARGET.format(target=target))


async def by_target(turn: Turn, old: str) -> Item | None:
    """The one matter of the units with this target."""
    said = read_quantity(old)
    if said is None:
        return None
    found = [
        item for item in await owed(turn) if any(t.value == said.value for m in item.facts.measures for t in m.targets)
    ]
    return found[0] if len(found) == 1 else None


def target_shown(item: Item, today: date) -> str:
    """80个."""
    if len(item.facts.measures) != 1:
        return ""
    target = target_of(item.facts.measures[0], today.year)
    return f"{plain(target.value)}{item.facts.measures[0].unit}" if target and target.value is not None else ""


@feature.command("有困难", "我有困难", "有难处", "我有难处", "困难", "需要协调", takes=True)
async def difficulty(turn: Turn) -> Reply | None:
    """有困难 [什么困难]."""
    return await ask_help(turn, "", turn.rest)


@feature.hears(Say.HARD)
async def hear_difficulty(turn: Turn) -> Reply | None:
    """物流终端有困难，…"""
    found = re.fullmatch(Say.HARD, turn.text.strip("。.!！ "))
    return await ask_help(turn, found["name"], found["words"] or "") if found and clerk_units(turn.person) else None


async def ask_help(turn: Turn, name: str, words: str) -> Reply:
    """Who should do what; kept at once if it was said."""
    if refused := refusal(turn):
        return refused
    found = Naming(turn.library, led(turn)).find(name) if name else ()
    key = found[0].matter.key if found else ""
    if len(words) >= Say.SHOWN:
        return await note_difficulty(turn, key, words)
    await turn.hold(HELP, {"matter": key})
    return Reply(Say.WHAT)


@feature.form(HELP)
async def take_words(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """The next sentence is the difficulty, unless it is a command or a question."""
    await turn.release()
    if turn.tag or turn.is_command(turn.text) or word_of(turn.text) in (Word.CANCEL, Word.PARK):
        return Aside()
    return refusal(turn) or await note_difficulty(turn, str((opened.state or {})["matter"]), turn.text)


async def note_difficulty(turn: Turn, key: str, words: str) -> Reply:
    """Onto the office's list, and to the office."""
    item = next((i for i in await owed(turn) if i.facts.key == key), None)
    said = one_line(words)
    unit = unit_of(turn, item)
    number = await keep(turn, item, "difficulty", {"words": said, "matter": item.stored.name if item else ""})
    name = Say.OPEN_NAME.format(name=item.stored.name) if item else ""
    button = Button(Say.ANSWER, Say.SAYS_ANSWER.format(id=number))
    await tell_office(turn, Announcement(Say.DIFFICULTY.format(unit=unit, name=name, words=said), (button,)))
    return Reply(Say.NOTED)


async def keep(turn: Turn, item: Item | None, kind: str, body: dict[str, str], *, recorded: bool = False) -> int:
    """The request's id."""
    return await turn.work.requests.ask(
        kind, unit_of(turn, item), actor(turn), turn.now, matter_id=item.stored.id if item else None,
        notice=item.stored.notice if item else None, period=item.span.key if item else None, body=body,
        recorded=recorded,
    )  # fmt: skip


async def one(turn: Turn, said: str, again: str) -> Item | Reply:
    """The matter that is meant: named, or the only one still owed; else which. Refused to whoever has no seat."""
    if refused := refusal(turn):
        return refused
    items = await owed(turn)
    if not items:
        return Reply(Say.NONE)
    found = Naming(turn.library, led(turn)).find(said) if said.strip() else ()
    if len(found) == 1:
        return next((i for i in items if i.facts.key == found[0].matter.key), Reply(Say.WHICH))
    keys = {n.matter.key for n in found}
    left = [i for i in items if (i.facts.key in keys if keys else i.open)]
    if len(left) == 1:
        return left[0]
    buttons = tuple(Button(i.stored.name, again.format(name=i.stored.name)) for i in left[: Say.SHOWN])
    return Reply(Say.WHICH, buttons)


def refusal(turn: Turn) -> Reply | None:
    """Why the sender cannot ask this here."""
    if not clerk_units(turn.person):
        return Reply(Say.NO_SEAT)
    return None if turn.private else Reply(Say.IN_GROUP)


def unit_of(turn: Turn, item: Item | None) -> str:
    """For which unit the sender asks."""
    return (reporting_unit(turn.person, item.stored) if item else None) or clerk_units(turn.person)[0]


async def tell_office(turn: Turn, said: Announcement) -> None:
    """1:1 to those who run the office."""
    tell_all(turn, await seated(turn, None, Post.OFFICE), said)


def shown(day: date) -> str:
    """12月30日."""
    return Say.DAY.format(month=day.month, day=day.day)
