"""我的任务: what is open for the asker, what was begun or returned, when it is due, how to go on. Private: 1:1 only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.drafting import desk_of
from handlers.feature import Feature, Turn
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.owing import Item
from handlers.rights import clerk_units
from handlers.rules.periods import name as period_name
from handlers.supporting import supported
from handlers.whole_report import owed
from storage import Request, StoredMatter

SEATS = ("填报员", "联络人", "备用联络人")
feature = Feature("my_tasks", dict.fromkeys(SEATS, ("我的任务",)))


class Say:
    HEARS = (
        r"(我们?|咱们?|本)(单位|局|办|镇|街道|部门)?(本期|这期|这次|这个?季度|本季度|本月)?(都)?(报|交|填)(完)?(了|齐)?(没有|没|吗|么|没报)?(吗|呢)?",
        r"(我|我们)?(还)?(有)?(哪些|什么|几件)(没报|没填|要报|待报|该报)(的|了)?",
    )
    HEAD = "{units}　{period}{due}：{count}件，已报{done}件。"
    WEEK = "一二三四五六日"
    DUE, FREE = "（{month}月{day}日周{week}{at:%H:%M}截止）", "（办公室还没有定报送安排，不催也不算逾期）"
    OPEN = "待报{count}件：{names}。"
    BEGUN = "填到一半：{names}。"
    RETURNED = "请补一句：{name}（{words}）。"
    WAITING = "已交待看{count}件。"
    POSTPONED = "{name}已同意缓到{month}月{day}日。"
    LACKING, CHECKING, ONE = "差{field}", "待核对", "{name}（{lacking}）"
    HELPED = "配合：{names}。不用报数；想补一句可以说“配合 事项 做了什么”。"
    ASKED = "请您说明：{names}。"
    ANSWER, SAYS_ANSWER = "写两句", "写两句 #{id}"
    ALL_DONE = "都报完了，谢谢。"
    PRIVATE = "已私信您。"
    NONE = "您单位没有要报的事项。"
    REPORT, SAME, OPEN_ONE = Button("填报"), Button("和上期一样"), "接着填 {name}"
    GO_ON = "接着填"
    JOINED, SHOWN = "、", 6


@dataclass(frozen=True, slots=True)
class Page:
    """Text and buttons, for a reply as for a push."""

    text: str
    buttons: tuple[Button, ...]


@feature.command("我的任务", "我的待办", "待办", "待报")
async def show_tasks(turn: Turn) -> Reply | None:
    """The person's own page; None hands over to the notice for those without a reporting seat."""
    if not clerk_units(turn.person):
        return None
    page = await page_of(turn)
    if turn.private:
        return Reply(page.text, page.buttons)
    turn.tell(Receiver("person", turn.person.staff_id or ""), Announcement(page.text, page.buttons))
    return Reply(Say.PRIVATE)


@feature.hears(*Say.HEARS)
async def hear_whether_reported(turn: Turn) -> Reply | None:
    """我们单位报了吗, in whatever chat."""
    return await show_tasks(turn)


async def page_of(turn: Turn) -> Page:
    """What is open for the units the person reports for."""
    items = await owed(turn)
    helped = [Say.HELPED.format(names=named(await supported(turn)))] if await supported(turn) else []
    if not items:
        return Page("\n".join(helped) or Say.NONE, ())
    lines = [head(turn, items)]
    lines += await returned(turn, [item for item in items if item.returned and item.draft])
    begun = [item for item in items if item.begun and not item.returned]
    lines += [Say.BEGUN.format(names=Say.JOINED.join(lacking(turn, item) for item in begun))] if begun else []
    untouched = [item for item in items if item.open and not item.begun and not item.returned]
    if untouched:
        lines.append(Say.OPEN.format(count=len(untouched), names=shown(untouched)))
    lines += [postponed(item) for item in items if item.until and item.open]
    lines += [] if any(item.open for item in items) or begun else [Say.ALL_DONE]
    asked = await asked_of(turn)
    lines += [Say.ASKED.format(names=Say.JOINED.join(str(r.body.get("matter")) for r in asked))] if asked else []
    answer = [Button(Say.ANSWER, Say.SAYS_ANSWER.format(id=asked[0].id))] if asked else []
    return Page("\n".join([*lines, *helped]), (*answer, *buttons(items, begun)))


async def asked_of(turn: Turn) -> list[Request]:
    """What the leader or the office asked these units to explain and nobody answered, oldest first."""
    units = clerk_units(turn.person)
    waiting = await turn.work.requests.open("word")
    return [r for r in waiting if r.unit in units and r.state == "open" and r.body.get("asks") == "leader"]


def named(matters: Sequence[StoredMatter]) -> str:
    """Names, the first few."""
    return Say.JOINED.join(m.name for m in matters[: Say.SHOWN]) + ("…" if len(matters) > Say.SHOWN else "")


def head(turn: Turn, items: Sequence[Item]) -> str:
    """Units, period, deadline, how many are handed in."""
    due, today = items[0].span.due, turn.now.date()
    words = (
        Say.DUE.format(month=due.day.month, day=due.day.day, week=Say.WEEK[due.day.weekday()], at=due.at)
        if due
        else Say.FREE
    )
    units = Say.JOINED.join(clerk_units(turn.person))
    done = sum(not item.open for item in items)
    period = period_name(items[0].span.key, today)
    return Say.HEAD.format(units=units, period=period, due=words, count=len(items), done=done)


async def returned(turn: Turn, items: Sequence[Item]) -> list[str]:
    """What reviewers asked for."""
    lines = []
    for item in items:
        reviews = await turn.work.submissions.reviews(item.returned.id) if item.returned else []
        lines.append(Say.RETURNED.format(name=item.stored.name, words=reviews[-1].words if reviews else ""))
    return lines


def lacking(turn: Turn, item: Item) -> str:
    """智慧校园（差进展）."""
    assert item.draft is not None
    desk = desk_of(turn, item, item.draft)
    words = Say.CHECKING if desk.ready else Say.LACKING.format(field=desk.lacking)
    return Say.ONE.format(name=item.stored.name, lacking=words)


def shown(items: Sequence[Item]) -> str:
    """Names, the first few."""
    names = Say.JOINED.join(item.stored.name for item in items[: Say.SHOWN])
    return names + ("…" if len(items) > Say.SHOWN else "")


def postponed(item: Item) -> str:
    """物流终端已同意缓到1月10日."""
    day = item.until
    assert day is not None
    return Say.POSTPONED.format(name=item.stored.name, month=day.month, day=day.day)


def buttons(items: Sequence[Item], begun: Sequence[Item]) -> tuple[Button, ...]:
    """How to go on: what was returned first, then what was begun, then the list."""
    first = [item for item in items if item.returned] + list(begun)
    found = [Button(Say.GO_ON, Say.OPEN_ONE.format(name=first[0].stored.name))] if first else []
    open_items = [item for item in items if item.open]
    same = [Say.SAME] if open_items and all(item.last for item in open_items) else []
    return (*found, *same, *([Say.REPORT] if open_items else []))
