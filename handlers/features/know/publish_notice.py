"""A notice the office sent: what was read is shown, put in force, taken back. Doubts one by one are confirm_notice."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.arrivals import name_of, sender_of, tell, trouble_of
from handlers.differences import differences
from handlers.errands import Arrived
from handlers.feature import Feature, Round, Turn
from handlers.first_hour import after_notice
from handlers.message import Button, Reply
from handlers.notice_items import Item, facts_in, items_in, parts, unclear
from handlers.publishing import keep, publish_stored
from handlers.rights import actor, allowed
from handlers.rules.permissions import Action, Post
from knowledge import Notice
from storage import Confirmation, StoredNotice

feature = Feature("publish_notice", {"办公室": ("通知列表",)})


class Say:
    READ = "读完《{title}》{number}：识别到{found}，共{matters}件事。"
    FOUND = (
        ("indicators", "{n}项指标"),
        ("projects", "{n}个项目"),
        ("articles", "{n}条正文"),
        ("members", "{n}名成员"),
    )
    LOOK = "有{count}处要您看一眼：{kinds}。"
    KINDS = (
        ("figure", "目标不一致{n}"),
        ("unit", "责任单位不一致{n}"),
        ("doubt", "疑点{n}"),
        ("carry", "像是改了名的事项{n}"),
    )
    WAITS = "看完之前先不发布。"
    CLEAN = "没有要确认的地方。"
    FILE = "文件：{name}"
    SAME = "这份通知和现在发布的一字不差，不用再发。"
    NEW_VERSION = "这是{notice}的新版本，和现在的有{count}处不同："
    NO_CHANGE = "这是{notice}的新版本，事项、目标、责任单位都没有变，只是文字或格式不同。"
    MORE = "…另有{count}处，回“看变化”看全部。"
    ONE_BY_ONE, FIRST, PUBLISH, CHANGES = "逐条看", "先发布，稍后看", "发布", "看变化"
    GO_ON = "还有{count}处没看。"
    DONE = "已发布《{title}》，共{matters}件事。现在起按它回答。"
    ENDED = "新版本里对不上了，这几件的暂按口径已停用，请重新定：{names}。"
    LEFT = "还有{count}处没看，随时回“看疑点”接着看。"
    TAKE_BACK, PLAN = "收回通知", "报送安排"
    GONE = "没有找到这份通知。回“通知列表”看有哪些。"
    STANDS = "《{title}》这个版本已经发布着。"
    NOT_OFFICE = "发布和收回通知由办公室来做。"
    ALONE = "请在单聊里办。"
    LIST = "通知{count}份："
    LINE = "{number}. 《{title}》{notice}　{state}"
    IN_FORCE, WAITING, BACK, OLD = "已发布", "未发布", "已收回", "旧版本"
    NONE = "还没有通知。把通知文件（docx、pdf、html、txt）发给我就行。"
    HOW = "要收回请回“收回通知 序号”，要发布请回“发布通知 序号”。"
    SURE = "收回《{title}》后，不再按它回答，也不再催报；已报的数、审核和留痕都在，可以再发布。确定收回吗？"
    YES, NO = "确认收回", "不收回"
    TAKEN = "已收回《{title}》。要恢复请回“发布通知”。"
    AGAIN, BEFORE = "恢复", "恢复上一版"
    KEPT = "好的，没有收回。"
    NOT_IN_FORCE = "《{title}》没有发布着，不用收回。"
    LINES = 5  # of a difference, on one card
    ALL_LINES = 30


@feature.awaits("收到通知")
async def take_notice(round: Round, arrived: Arrived) -> None:
    """Keep the version and show what was read; nothing is in force yet."""
    notice = arrived.notice
    if notice is None:
        return tell(round, arrived, trouble_of(arrived))
    known = await round.work.notices.find(notice.key, notice.content_hash)
    if known and known.published:
        return tell(round, arrived, "\n".join([Say.SAME, *await after_notice(round.work, round.now)]))
    by = sender_of(arrived)
    stored = await keep(round.work, notice, arrived.data, name_of(arrived), by, round.now)
    before = next((n for n in round.library.notices if n.key == notice.key), None)
    lines = differences(before, notice) if before else []
    await round.work.notices.confirm(stored.id, "diff", list(lines), by, round.now)
    items = await open_items(round, stored)
    text = "\n".join([*card(stored, items), *changes(notice, lines, before)])
    return tell(round, arrived, text, buttons_for(stored, items, bool(lines)))


async def open_items(at: Round | Turn, stored: StoredNotice) -> list[Item]:
    """What the office has not looked at yet."""
    said = await at.work.notices.confirmations(stored.id)
    before = await at.work.matters.current(stored.notice)
    found = [*items_in(stored), *unclear(at.library, stored.notice, before, facts_in(stored))]
    return [item for item in found if item.key not in said]


def card(stored: StoredNotice, items: Sequence[Item]) -> list[str]:
    """What was read, and how much is to be looked at."""
    counts = {name: len(parts(stored.document, name)) for name, _ in Say.FOUND}
    found = "、".join(words.format(n=counts[name]) for name, words in Say.FOUND if counts[name])
    number = f"（{stored.document['doc_no']}）" if stored.document.get("doc_no") else ""
    matters = len(parts(stored.document, "matters"))
    lines = [Say.READ.format(title=stored.title, number=number, found=found, matters=matters)]
    kinds = [words.format(n=n) for kind, words in Say.KINDS if (n := sum(i.kind == kind for i in items))]
    return [*lines, *([Say.LOOK.format(count=len(items), kinds="、".join(kinds)), Say.WAITS] if kinds else [Say.CLEAN])]


def changes(notice: Notice, lines: Sequence[str], before: Notice | None) -> list[str]:
    """What the new version changes, the first of it."""
    if before is None:
        return []
    if not lines:
        return [Say.NO_CHANGE.format(notice=notice.key)]
    more = [Say.MORE.format(count=len(lines) - Say.LINES)] if len(lines) > Say.LINES else []
    return [Say.NEW_VERSION.format(notice=notice.key, count=len(lines)), *lines[: Say.LINES], *more]


def buttons_for(stored: StoredNotice, items: Sequence[Item], changed: bool = False) -> list[Button]:
    """Look, or publish first."""
    look = [Button(Say.ONE_BY_ONE, f"看疑点 #{stored.id}")] if items else []
    first = Button(Say.FIRST if items else Say.PUBLISH, f"发布通知 #{stored.id}")
    return [*look, first, *([Button(Say.CHANGES, f"看变化 #{stored.id}")] if changed else [])]


def refused(turn: Turn) -> Reply | None:
    """Why the sender may not do this here; None when he may."""
    if not allowed(turn, Action.PUBLISH):
        return Reply(Say.NOT_OFFICE)
    return None if turn.private else Reply(Say.ALONE)


async def chosen(turn: Turn) -> StoredNotice | None:
    """The version a button points at, else the one numbered in the list, else the newest not in force."""
    if turn.tag:
        return await turn.work.notices.get(int(turn.tag.ref))
    found = await turn.work.notices.all()
    if turn.rest.isdecimal():
        return found[int(turn.rest) - 1] if 0 < int(turn.rest) <= len(found) else None
    waiting = [n for n in found if not n.published]
    return max(waiting, key=lambda n: n.id, default=None)


@feature.command("发布通知", "先发布", takes=True)
async def put_in_force(turn: Turn) -> Reply:
    """Publish a version; what was not looked at stays on the list."""
    if (no := refused(turn)) is not None:
        return no
    stored = await chosen(turn)
    if stored is None:
        return Reply(Say.GONE)
    if stored.published:
        return Reply(Say.STANDS.format(title=stored.title))
    left = await open_items(turn, stored)
    said = await turn.work.notices.confirmations(stored.id)
    done = await publish_stored(turn.work, stored, actor(turn, Post.OFFICE), turn.now, carried_by(said))
    lines = [Say.DONE.format(title=stored.title, matters=done.matters)]
    lines += [Say.ENDED.format(names="、".join(done.ended))] if done.ended else []
    buttons = [Button(Say.PLAN), Button(Say.TAKE_BACK, f"收回通知 #{stored.id}")]
    if left:
        lines.append(Say.LEFT.format(count=len(left)))
        buttons.insert(0, Button(Say.ONE_BY_ONE, f"看疑点 #{stored.id}"))
    return Reply("\n".join([*lines, *await after_notice(turn.work, turn.now)]), tuple(buttons))


def carried_by(said: dict[str, Confirmation]) -> dict[str, int]:
    """Key → id of the matters the office said are the same."""
    answers = {key.removeprefix("m:"): c.answer for key, c in said.items() if key.startswith("m:")}
    return {key: answer for key, answer in answers.items() if isinstance(answer, int) and answer}


@feature.command("看变化", takes=True)
async def show_changes(turn: Turn) -> Reply:
    """All that a new version changes."""
    if (no := refused(turn)) is not None:
        return no
    stored = await chosen(turn)
    said = await turn.work.notices.confirmations(stored.id) if stored else {}
    lines = said["diff"].answer if "diff" in said else None
    if stored is None or not isinstance(lines, list | tuple) or not lines:
        return Reply(Say.GONE if stored is None else Say.NO_CHANGE.format(notice=stored.notice))
    shown = [str(line) for line in lines[: Say.ALL_LINES]]
    head = Say.NEW_VERSION.format(notice=stored.notice, count=len(lines))
    return Reply("\n".join([head, *shown]), tuple(buttons_for(stored, await open_items(turn, stored))))


@feature.command("通知列表", "有哪些通知")
async def list_notices(turn: Turn) -> Reply:
    """Every version, with its state."""
    return refused(turn) or await listed(turn)


async def listed(turn: Turn) -> Reply:
    """The list."""
    found = await turn.work.notices.all()
    if not found:
        return Reply(Say.NONE)
    lines = [
        Say.LINE.format(number=n, title=v.title, notice=v.notice, state=state_of(v)) for n, v in enumerate(found, 1)
    ]
    return Reply("\n".join([Say.LIST.format(count=len(found)), *lines, Say.HOW]))


def state_of(stored: StoredNotice) -> str:
    """In a word."""
    if stored.published:
        return Say.IN_FORCE
    return Say.BACK if stored.withdrawn_at else Say.OLD if stored.published_at else Say.WAITING


@feature.command("收回通知", takes=True)
async def ask_back(turn: Turn) -> Reply:
    """Say what taking back means, and ask."""
    if (no := refused(turn)) is not None:
        return no
    found = await turn.work.notices.published()
    stored = await chosen(turn) if turn.tag or turn.rest else found[-1] if len(found) == 1 else None
    if stored is None:
        return await listed(turn)
    if not stored.published:
        return Reply(Say.NOT_IN_FORCE.format(title=stored.title))
    buttons = (Button(Say.YES, f"确认收回通知 #{stored.id}"), Button(Say.NO, "不收回通知"))
    return Reply(Say.SURE.format(title=stored.title), buttons)


@feature.command("不收回通知")
async def leave(turn: Turn) -> Reply:
    """Nothing was done."""
    return Reply(Say.KEPT)


@feature.command("确认收回通知")
async def take_back(turn: Turn) -> Reply:
    """Take the version out of force."""
    if (no := refused(turn)) is not None:
        return no
    stored = await turn.work.notices.get(int(turn.tag.ref)) if turn.tag else None
    if stored is None or not stored.published:
        return Reply(Say.GONE if stored is None else Say.NOT_IN_FORCE.format(title=stored.title))
    await turn.work.notices.withdraw(stored.id, actor(turn, Post.OFFICE), turn.now)
    older = [v for v in await turn.work.notices.versions(stored.notice) if v.id < stored.id and v.published_at]
    buttons = [Button(Say.AGAIN, f"发布通知 #{stored.id}")]
    buttons += [Button(Say.BEFORE, f"发布通知 #{older[-1].id}")] if older else []
    return Reply(Say.TAKEN.format(title=stored.title), tuple(buttons))
