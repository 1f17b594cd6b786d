"""看疑点: contradictions, doubts and renamed matters of a version, one by one. Publishing is publish_notice."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.feature import Feature, Turn
from handlers.message import Button, Reply
from handlers.notice_items import Item, facts_in, items_in, soft_count, unclear
from handlers.rights import actor, allowed
from handlers.rules.permissions import Action, Post
from storage import JSON, StoredNotice

feature = Feature("confirm_notice")
WRONG_SHOWN = 3
QUOTED = 120  # characters of one quote


class Say:
    NOT_OFFICE = "看通知的疑点由办公室来做。"
    ALONE = "请在单聊里办。"
    HEAD = "{at}/{count} {kind}：{about}"
    KINDS: Mapping[str, str] = {
        "figure": "目标不一致",
        "unit": "责任单位不一致",
        "doubt": "疑点",
        "carry": "像是改了名",
    }
    SIDE = "{place}：{quote}"
    CARRY = "新版的“{new}”，是不是原来的“{old}”？是的话，已报的数接着用。"
    MENDED = "unit name mended: "
    MENDED_TO = "原文如此，按“{unit}”理解。"
    BOTH = "发布后两处都照原文显示。"
    OK, READ_WRONG, SKIP = "两处都照原文", "读错了", "先跳过"
    DOUBT_OK = "没问题"
    SAME, NEW = "是同一件", "是新的一件"
    NOTED_WRONG = "记下了：这处读错了。可以把原文改清楚再发一次，也可以先发布。"
    ALL_SEEN = "{count}处都看完了。"
    SOFT = "另有{count}处只是说法不同（以上、力争、分年写法），不影响数，回答时一并列出。"
    WRONG_LEFT = "其中{count}处您说读错了。"
    IN_FORCE = "这份通知已经发布。要定暂按哪一处，回“定口径”。"
    PUBLISH, RULE = "发布", "定口径"
    WRONG_HEAD = "您说读错了的{count}处："
    WRONG_LINE = "{number}. {kind} {about}：{quotes}"
    WRONG_HOW = "把原文改清楚（另存为 docx）再发一次，这些会重新读；其实没读错的，点“没问题”。"
    WRONG_NONE = "没有您说读错了的地方。"
    WRONGS, FINE = "读错的", "{number}没问题"
    NOTHING = "没有要看的通知。"


@feature.command("看疑点", "接着看疑点", takes=True)
async def look(turn: Turn) -> Reply:
    """The first item nobody looked at, after the one the button skips."""
    if not allowed(turn, Action.PUBLISH) or not turn.private:
        return Reply(Say.NOT_OFFICE if turn.private else Say.ALONE)
    stored = await version(turn)
    if stored is None:
        return Reply(Say.NOTHING)
    return await show_next(turn, stored, (turn.tag.revision or 0) if turn.tag else 0)


async def version(turn: Turn) -> StoredNotice | None:
    """The version the button points at, else the newest that is in force or waits."""
    if turn.tag:
        return await turn.work.notices.get(int(turn.tag.ref))
    found = [n for n in await turn.work.notices.all() if n.published or not n.withdrawn_at]
    return max(found, key=lambda n: n.id, default=None)


async def all_items(turn: Turn, stored: StoredNotice) -> list[Item]:
    """Everything to look at in the version, numbered from 1 by its place here."""
    said = await turn.work.notices.confirmations(stored.id)
    carried = [Item(k, "carry", k) for k in said if k.startswith("m:")]
    before = [] if stored.published else await turn.work.matters.current(stored.notice)
    found = unclear(turn.library, stored.notice, before, facts_in(stored))
    known = {item.key for item in found}
    return [*items_in(stored), *found, *(c for c in carried if c.key not in known)]


async def show_next(turn: Turn, stored: StoredNotice, after: int, first: str = "") -> Reply:
    """The next open item behind a number; from the start again when none is left behind it."""
    said = await turn.work.notices.confirmations(stored.id)
    items = await all_items(turn, stored)
    waiting = [(n, item) for n, item in enumerate(items, 1) if item.key not in said]
    if not waiting:
        wrong = sum(1 for item in items if item.key in said and said[item.key].answer == "wrong")
        return finished(stored, len(items), wrong, first)
    number, item = next(((n, i) for n, i in waiting if n > after), waiting[0])
    head = Say.HEAD.format(at=number, count=len(items), kind=Say.KINDS[item.kind], about=item.about)
    lines = [*([first] if first else []), head, *described(turn, stored, item)]
    return Reply("\n".join(lines), buttons_of(stored, item, number))


def described(turn: Turn, stored: StoredNotice, item: Item) -> list[str]:
    """The item in quotes."""
    if item.kind == "carry":
        return [Say.CARRY.format(new=item.about, old=item.before)]
    places = [
        Say.SIDE.format(place=turn.library.show(ref, stored.notice), quote=cut(quote)) for ref, quote in item.sides
    ]
    if item.kind == "doubt" and item.about.startswith(Say.MENDED):
        return [*places, Say.MENDED_TO.format(unit=item.about.removeprefix(Say.MENDED))]
    return [*places, *([] if item.kind == "doubt" else [Say.BOTH])]


def cut(quote: str) -> str:
    """A quote short enough for a phone."""
    bare = " ".join(quote.replace("|", " ").split())
    return bare if len(bare) <= QUOTED else bare[:QUOTED] + "…"


def buttons_of(stored: StoredNotice, item: Item, number: int) -> tuple[Button, ...]:
    """What may be said to it."""
    tag = f"#{stored.id}.{number}"
    if item.kind == "carry":
        return (Button(Say.SAME, f"是同一件 {tag}"), Button(Say.NEW, f"是新的一件 {tag}"))
    good = Say.DOUBT_OK if item.kind == "doubt" else Say.OK
    skip = Button(Say.SKIP, f"看疑点 {tag}")
    return (Button(good, f"疑点没问题 {tag}"), Button(Say.READ_WRONG, f"疑点读错了 {tag}"), skip)


def finished(stored: StoredNotice, count: int, wrong: int, first: str) -> Reply:
    """All was looked at: publish, or rule."""
    lines = [*([first] if first else []), Say.ALL_SEEN.format(count=count)]
    lines += [Say.WRONG_LEFT.format(count=wrong)] if wrong else []
    lines += [Say.SOFT.format(count=soft)] if (soft := soft_count(stored)) else []
    again = (Button(Say.WRONGS, f"读错的 #{stored.id}"),) if wrong else ()
    if stored.published:
        return Reply("\n".join([*lines, Say.IN_FORCE]), (Button(Say.RULE), *again))
    return Reply("\n".join(lines), (Button(Say.PUBLISH, f"发布通知 #{stored.id}"), *again))


async def answer(turn: Turn, kinds: tuple[str, ...], value: JSON, first: str = "") -> Reply:
    """Keep the office's word on the item of the button, and show the next."""
    if not allowed(turn, Action.PUBLISH) or not turn.private:
        return Reply(Say.NOT_OFFICE if turn.private else Say.ALONE)
    stored = await turn.work.notices.get(int(turn.tag.ref)) if turn.tag else None
    number = (turn.tag.revision or 0) if turn.tag else 0
    items = await all_items(turn, stored) if stored else []
    if stored is None or not 0 < number <= len(items) or items[number - 1].kind not in kinds:
        return Reply(Say.NOTHING)
    item = items[number - 1]
    said = item.known if value == "known" else value
    await turn.work.notices.confirm(stored.id, item.key, said, actor(turn, Post.OFFICE), turn.now)
    return await show_next(turn, stored, number, first)


@feature.command("疑点没问题")
async def fine(turn: Turn) -> Reply:
    """It is so in the text."""
    return await answer(turn, ("figure", "unit", "doubt"), "ok")


@feature.command("疑点读错了")
async def wrong(turn: Turn) -> Reply:
    """It is not so in the text: noted for those who look after the reader."""
    return await answer(turn, ("figure", "unit", "doubt"), "wrong", Say.NOTED_WRONG)


@feature.command("读错的", "读错了的")
async def list_wrong(turn: Turn) -> Reply:
    """What the office said was read wrongly, in quotes, with a way back for each."""
    if not allowed(turn, Action.PUBLISH) or not turn.private:
        return Reply(Say.NOT_OFFICE if turn.private else Say.ALONE)
    stored = await version(turn)
    said = await turn.work.notices.confirmations(stored.id) if stored else {}
    items = await all_items(turn, stored) if stored else []
    wrong_ones = [(n, i) for n, i in enumerate(items, 1) if i.key in said and said[i.key].answer == "wrong"]
    if stored is None or not wrong_ones:
        return Reply(Say.WRONG_NONE)
    lines = [
        Say.WRONG_LINE.format(
            number=number,
            kind=Say.KINDS[item.kind],
            about=item.about,
            quotes="；".join(described(turn, stored, item)[:2]),
        )
        for number, item in wrong_ones[:WRONG_SHOWN]
    ]
    buttons = [Button(Say.FINE.format(number=n), f"疑点没问题 #{stored.id}.{n}") for n, _ in wrong_ones[:WRONG_SHOWN]]
    head = Say.WRONG_HEAD.format(count=len(wrong_ones))
    return Reply("\n".join([head, *lines, Say.WRONG_HOW]), tuple(buttons))


@feature.command("是同一件")
async def same_thing(turn: Turn) -> Reply:
    """The matter goes on under its new name."""
    return await answer(turn, ("carry",), "known")


@feature.command("是新的一件")
async def new_thing(turn: Turn) -> Reply:
    """The matter begins anew."""
    return await answer(turn, ("carry",), 0)
