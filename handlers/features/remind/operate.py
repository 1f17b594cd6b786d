"""状态 for operators, 停发 and 恢复 of all reminders, 预览提醒 for the office. The nightly backup itself is bot's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from handlers.feature import Feature, Turn
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.remind_preview import next_words, preview, preview_words
from handlers.remind_said import Desk
from handlers.reminding import STOPPED, STOPPED_AT
from handlers.resuming import make_up
from handlers.rights import actor, allowed
from handlers.rules.days import read_day
from handlers.rules.permissions import Action, Post
from storage import JSON, Load

feature = Feature("operate", {"管理员": ("状态", "预览提醒"), "办公室": ("预览提醒", "停发", "恢复")})
BACKUP = "backup.last"
"""The setting in which the nightly backup leaves what came of it."""
SOON = timedelta(days=60)  # before the calendar ends the operator is told


class Say:
    NOT_YOURS = "这项由{who}使用。您可以说“我的任务”。"
    OPERATOR, OFFICE = "管理员", "办公室和管理员"
    OFFICE_ONLY = "停发和恢复由办公室操作。"
    ELSEWHERE = "已私信您。"
    LINE_UP, LINE_DOWN, LINE_UNKNOWN = "连接正常，上一帧{age}前", "连接断开，正在重连", "连接情况不详"
    RECONNECTED = "（断过{count}次，已恢复）"
    TODAY = "24小时内收到{handled}，出错{failed}；本月接口调用{calls}次"
    QUEUE = "待发{ready}（最早一条已等{oldest}）、失败{dead}{why}、说不准{uncertain}"
    QUEUE_FINE = "待发{ready}、失败{dead}{why}、说不准{uncertain}"
    WHY = "（{reasons}）"
    REASONS: Mapping[str, str] = {
        "receiver": "收件人不对",
        "group": "群不收",
        "content": "内容被拒",
        "permission": "缺权限",
        "settings": "设置不对",
        "route": "回复地址过期",
        "file": "文件不行",
        "last attempt": "多次没发成",
    }
    OTHER = "程序错误"
    BLOCKED = "有{count}处被钉钉限流，到时自动恢复"
    GROUPS = "发不进去的群：{groups}"
    STOPPED = "提醒已停发（说“恢复”可恢复）"
    BACKUP_OK = "上次备份{at}成功并试恢复（{rows}行、{files}个文件）"
    BACKUP_BAD = "上次备份{at}没有成功：{why}"
    NO_BACKUP = "还没有做过夜间备份（每天2:00）"
    CALENDAR_SOON = "工作日历只到{day}，请升级程序或补本地日历"
    SECONDS, MINUTES, HOURS = "{count}秒", "{count}分钟", "{count}小时"
    STOP_DONE = "已停发：从现在起不发任何提醒，截止日期不变。说“恢复”可恢复。"
    STOP_ALREADY = "提醒已经是停发的。"
    GO_DONE = "已恢复。{late}{next}"
    LATE = "停发期间到点、现在还用得上的，合并成每人（每群）一条补发，共{count}条；过了时的不补。"
    NOTHING_LATE = "停发期间没有漏下要补发的。"
    GO_ALREADY = "提醒没有停发。{next}"
    BAD_DAY = "日期没有看懂。可以说：预览提醒 下周一、预览提醒 12月23日。"
    PREVIEW_SHOWN = 6
    STOP, GO, PREVIEW = Button("停发"), Button("恢复"), Button("预览提醒")
    JOINED, STOPS, ENDED = "、", "。", "{line}。"
    AT = "{at.month}月{at.day}日{at:%H:%M}"


@feature.command("状态", "系统状态", "运行状态")
async def status(turn: Turn) -> Reply:
    """How connection, queue, calendar and backup stand; numbers only."""
    if not allowed(turn, Action.STATUS):
        return Reply(Say.NOT_YOURS.format(who=Say.OPERATOR))
    engine = await turn.work.engine_time()
    load = await turn.work.replicas.load(turn.now, engine)
    lines = [line_words(turn, engine), await today_words(turn, engine), await queue_words(turn, load)]
    lines += await trouble_words(turn, engine)
    lines.append(await next_words(desk_of(turn), turn.now))
    lines.append(calendar_words(turn))
    lines.append(backup_words(await turn.work.settings.get(BACKUP)))
    return await privately(
        turn, Reply("\n".join(Say.ENDED.format(line=line.rstrip(Say.STOPS)) for line in lines if line))
    )


def line_words(turn: Turn, engine: datetime) -> str:
    """Whether we hear the platform."""
    line = turn.features.line
    if line is None:
        return Say.LINE_UNKNOWN
    if not line.connected or line.last_frame_at is None:
        return Say.LINE_DOWN
    again = Say.RECONNECTED.format(count=line.reconnects) if line.reconnects else ""
    return Say.LINE_UP.format(age=age((engine - line.last_frame_at).total_seconds())) + again


async def today_words(turn: Turn, engine: datetime) -> str:
    """Messages of the last day, calls of the month."""
    counts = await turn.work.inbox.counts(engine - timedelta(days=1))
    calls = await turn.work.rates.calls(f"{turn.now:%Y-%m}")
    return Say.TODAY.format(handled=counts.handled, failed=counts.failed, calls=calls)


async def queue_words(turn: Turn, load: Load) -> str:
    """What waits, what failed and why."""
    lost = await turn.work.replicas.trouble(3)
    reasons = dict.fromkeys(Say.REASONS.get((job.last_error or "").partition(":")[0], Say.OTHER) for job in lost)
    why = Say.WHY.format(reasons=Say.JOINED.join(reasons)) if lost else ""
    line = Say.QUEUE if load.oldest > 60 else Say.QUEUE_FINE
    ready, dead, unclear = load.of("ready"), load.of("dead"), load.of("uncertain")
    return line.format(ready=ready, oldest=age(load.oldest), dead=dead, why=why, uncertain=unclear)


async def trouble_words(turn: Turn, engine: datetime) -> list[str]:
    """Throttling, groups that refuse us, reminders stopped."""
    blocked = await turn.work.rates.blocked(engine)
    groups = [g.title or g.chat for g in await turn.work.groups.groups() if g.trouble]
    stopped = await turn.work.settings.get(STOPPED, False) is True
    return [
        *([Say.BLOCKED.format(count=len(blocked))] if blocked else []),
        *([Say.GROUPS.format(groups=Say.JOINED.join(groups))] if groups else []),
        *([Say.STOPPED] if stopped else []),
    ]


def calendar_words(turn: Turn) -> str:
    """How far the workdays are known; louder when that ends soon."""
    end = turn.workdays.covered_until
    if end - turn.now.date() < SOON:
        return Say.CALENDAR_SOON.format(day=end)
    return turn.workdays.coverage()


def backup_words(kept: JSON) -> str:
    """What came of the last nightly backup."""
    if not isinstance(kept, Mapping):
        return Say.NO_BACKUP
    at = datetime.fromisoformat(str(kept["at"]))
    when = Say.AT.format(at=at)
    if kept.get("ok") is not True:
        return Say.BACKUP_BAD.format(at=when, why=kept.get("why"))
    return Say.BACKUP_OK.format(at=when, rows=kept.get("rows"), files=kept.get("files"))


def age(seconds: float) -> str:
    """8秒, 3分钟, 2小时."""
    if seconds < 120:
        return Say.SECONDS.format(count=max(0, round(seconds)))
    return (
        Say.MINUTES.format(count=round(seconds / 60))
        if seconds < 7200
        else Say.HOURS.format(count=round(seconds / 3600))
    )


@feature.command("停发", "停发提醒", "暂停提醒")
async def stop(turn: Turn) -> Reply:
    """No reminder goes out until 恢复; deadlines stay."""
    return await switch(turn, on=True)


@feature.command("恢复", "恢复提醒", "恢复发送")
async def go_on(turn: Turn) -> Reply:
    """Reminders go out again from the next stage on."""
    return await switch(turn, on=False)


async def switch(turn: Turn, *, on: bool) -> Reply:
    """Set the switch, dated and in the audit."""
    if not allowed(turn, Action.SET_PLAN):
        return Reply(Say.OFFICE_ONLY)
    was = await turn.work.settings.get(STOPPED, False) is True
    if was != on:
        await turn.work.settings.set(STOPPED, on, actor(turn, Post.OFFICE), turn.now)
    if on and not was:
        await turn.work.settings.set(STOPPED_AT, turn.now.isoformat(), actor(turn, Post.OFFICE), turn.now)
    if on:
        return Reply(Say.STOP_ALREADY if was else Say.STOP_DONE, (Say.GO,))
    line, late = Say.GO_DONE if was else Say.GO_ALREADY, Say.NOTHING_LATE
    if was and (count := await make_up(turn.work, turn.library, turn.now, turn.workdays)):
        late = Say.LATE.format(count=count)
    return Reply(line.format(late=late, next=await next_words(desk_of(turn), turn.now)), (Say.PREVIEW, Say.STOP))


@feature.command("预览提醒", "提醒预览", takes=True)
async def show_preview(turn: Turn) -> Reply:
    """Who gets what on a day (today), who not and why."""
    if not allowed(turn, Action.PREVIEW):
        return Reply(Say.NOT_YOURS.format(who=Say.OFFICE))
    day = read_day(turn.rest, turn.now.date()) if turn.rest else turn.now.date()
    if day is None:
        return Reply(Say.BAD_DAY)
    found = await preview(desk_of(turn), day, turn.features.send_hours)
    return await privately(turn, Reply(preview_words(found, desk_of(turn), Say.PREVIEW_SHOWN)))


def desk_of(turn: Turn) -> Desk:
    """What texts are made with."""
    return Desk(turn.work, turn.library, turn.now, turn.workdays)


async def privately(turn: Turn, reply: Reply) -> Reply:
    """In a group the answer goes 1:1."""
    if turn.private or not turn.person.staff_id:
        return reply
    turn.tell(Receiver("person", turn.person.staff_id), Announcement(reply.text, reply.buttons))
    return Reply(Say.ELSEWHERE)
