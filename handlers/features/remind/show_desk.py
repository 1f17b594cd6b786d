"""今天要办的: what waits for the office, counted, with the word that opens each. Does none of it."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.calling import call_lists
from handlers.feature import Feature, Turn
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.reviewing import waiting_for
from handlers.rules.periods import name as period_name
from handlers.rules.permissions import Post
from storage import Request

feature = Feature("show_desk", {"办公室": ("今天要办的",)})
BUTTONS = 3


class Say:
    HEAD = "今天等您办的："
    NOTHING = "现在没有等您办的。"
    OWING = "{period}{day}截止，还有{units}家{count}件没报"
    REVIEW, WAITING = "待审{count}件", "待审{count}件（由别的审核员看）"
    DELAYS = "申请缓交{count}件：{first}"
    DELAY = "{unit}“{name}”缓到{until}"
    COUNTED = (
        ("difficulty", "需协调事项{count}件", "需协调事项"),
        ("target", "目标调整申请{count}件（已记下，待联席会议明确）", ""),
        ("word", "请单位说明的还有{count}件没回", "领导看板"),
    )
    CLAIMS, MISSES, FEEDBACK = "待确认的岗位{count}个", "没答上来的问题{count}条", "没答复的意见{count}条"
    LINE = "{number}. {text}"
    GRANT, REFUSE = Button("同意缓交", "同意缓交 #{id}"), Button("不同意", "不同意缓交 #{id}")
    PRIVATE = "已私信您。"
    NOT_OFFICE = "这一页是办公室的。您可以说“我的任务”或“帮助”。"


@feature.command("今天要办的", "今日待办", "今天", "办公室待办")
async def show_desk(turn: Turn) -> Reply:
    """What waits, each with its count; the words that open the first three as buttons. 1:1 only."""
    if Post.OFFICE not in turn.person.posts:
        return Reply(Say.NOT_OFFICE)
    lines = await _lines(turn)
    delays = await turn.work.requests.open("postpone")
    texts = [Say.LINE.format(number=at, text=text) for at, (text, _) in enumerate(lines, 1)]
    page = Reply("\n".join([Say.HEAD, *texts]) if texts else Say.NOTHING, _buttons(lines, delays))
    if turn.private or not turn.person.staff_id:
        return page
    turn.tell(Receiver("person", turn.person.staff_id), Announcement(page.text, page.buttons))
    return Reply(Say.PRIVATE)


async def _lines(turn: Turn) -> list[tuple[str, str]]:
    """(what waits, the word that opens it), the nearest deadline first."""
    open_requests = await turn.work.requests.open()
    delays = [one for one in open_requests if one.kind == "postpone"]
    counts = [(len([r for r in open_requests if r.kind == kind]), text, word) for kind, text, word in Say.COUNTED]
    counts += [
        (len(await turn.work.claims.waiting()), Say.CLAIMS, "待确认岗位"),
        (len(await turn.work.misses.open()), Say.MISSES, "没答上来的"),
        (len(await turn.work.feedback.open()), Say.FEEDBACK, "答复意见"),
    ]
    return [
        *await _owing(turn),
        *await _reviews(turn),
        *([(Say.DELAYS.format(count=len(delays), first=_delay(delays[0])), "")] if delays else []),
        *((text.format(count=count), word) for count, text, word in counts if count),
    ]


async def _owing(turn: Turn) -> list[tuple[str, str]]:
    today = turn.now.date()
    return [
        (
            Say.OWING.format(
                period=period_name(found.standing.due.period, today),
                day=turn.workdays.spoken(found.standing.due.day, today),
                units=len(found.calls),
                count=sum(len(call.items) for call in found.calls),
            ),
            "谁还没报",
        )
        for found in await call_lists(turn.work, turn.library, turn.now, turn.workdays)
        if found.calls
    ]


async def _reviews(turn: Turn) -> list[tuple[str, str]]:
    """What the asker may decide; else what waits for others."""
    mine = await waiting_for(turn.work, turn.library, turn.person, turn.now)
    if mine:
        return [(Say.REVIEW.format(count=len(mine)), "待审")]
    waiting = await turn.work.submissions.waiting()
    return [(Say.WAITING.format(count=len(waiting)), "")] if waiting else []


def _delay(asked: Request) -> str:
    return Say.DELAY.format(unit=asked.unit, name=asked.body.get("matter", ""), until=asked.body.get("until", ""))


def _buttons(lines: Sequence[tuple[str, str]], delays: Sequence[Request]) -> tuple[Button, ...]:
    """A delay asked for is decided from here; else the words of the first lines."""
    decide = [Button(b.label, b.words.format(id=delays[0].id)) for b in (Say.GRANT, Say.REFUSE)] if delays else []
    words = [Button(word) for _, word in lines if word]
    return tuple([*decide, *words][:BUTTONS])
