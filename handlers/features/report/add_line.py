"""Supporting units and assigned towns add their line to a matter (配合情况). The number is the lead unit's."""

from __future__ import annotations

import re

from handlers.feature import Aside, Feature, Turn
from handlers.form_words import Word, reads_as_question, word_of
from handlers.message import Button, Reply
from handlers.naming import Naming
from handlers.owing import span_of
from handlers.rights import actor, clerk_units
from handlers.supporting import supported
from storage import Dialogue, StoredMatter

CLERKS = ("填报员", "联络人", "备用联络人")
feature = Feature("add_line", dict.fromkeys(CLERKS, ("配合 事项 一句话",)))
LONGEST = 300  # characters of the line


class Say:
    HEARS = (
        r"^(?P<name>.{2,40}?)[，,：:\s]*"
        r"(?P<line>(?:我们?|咱们?|本)(?:单位|局|办|镇|乡|街道|这边)?(?:已经|已|主要|也|还)?.{3,300})$"
    )
    SURE = "{name}的进度由{leads}报；您这句作为配合情况记下，对吗？\n“{line}”"
    YES, NO = "对", "不用了"
    KEPT = "记下了，谢谢。{leads}和审核的同志会看到。"
    LEFT = "好的，没有记。"
    HOW = "请这样说：配合 {name} 我们做了什么。"
    NONE = "目前没有需要您单位配合的事项，不用报。"
    WHICH = "没有找到您单位配合的“{said}”。您单位配合：{names}。"
    IN_GROUP = "请在单聊里说，我再记下。"
    JOINED, SHOWN = "、", 6


@feature.command("配合", "配合情况", takes=True)
async def support(turn: Turn) -> Reply | None:
    """配合 智慧景区 我们做了数据共享."""
    if not clerk_units(turn.person):
        return None
    mine = await supported(turn)
    if not mine:
        return Reply(Say.NONE)
    name, _, line = turn.rest.partition(" ")
    found = find(turn, name, mine) if name else None
    if found is None:
        names = Say.JOINED.join(m.name for m in mine[: Say.SHOWN])
        return Reply(Say.WHICH.format(said=name[:20], names=names) if name else Say.HOW.format(name=mine[0].name))
    return await ask(turn, found, line) if line.strip() else Reply(Say.HOW.format(name=found.name))


@feature.guess
async def hear_line(turn: Turn) -> Reply | None:
    """深化智慧旅游我们做了数据共享, from a unit that supports it."""
    said = re.match(Say.HEARS, turn.text) if not turn.tag else None
    if said is None or reads_as_question(turn.text) or not clerk_units(turn.person):
        return None
    found = find(turn, said["name"], await supported(turn))
    return await ask(turn, found, said["line"]) if found else None


def find(turn: Turn, said: str, among: list[StoredMatter]) -> StoredMatter | None:
    """The matter that is named, also by the name of a project filled from it."""
    keys = {m.key: m for m in among}
    matters = [m for m in turn.library.matters() if m.key in keys]
    found = Naming(turn.library, matters, retold=True).find(said)
    return keys[found[0].matter.key] if found else None


async def ask(turn: Turn, stored: StoredMatter, line: str) -> Reply:
    """Show it once before it is kept."""
    if not turn.private:
        return Reply(Say.IN_GROUP)
    words = " ".join(line.split())[:LONGEST]
    await turn.hold("support line", {"matter": stored.id, "line": words})
    leads = Say.JOINED.join(stored.lead_units)
    return Reply(Say.SURE.format(name=stored.name, leads=leads, line=words), (Button(Say.YES), Button(Say.NO)))


@feature.form("support line")
async def keep_line(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """对 keeps it; anything else lets it go."""
    await turn.release()
    state = opened.state or {}
    if word_of(turn.text) in (Word.CANCEL, Word.PARK, Word.NONE) or turn.text == Say.NO:
        return Reply(Say.LEFT)
    if word_of(turn.text) not in (Word.YES, Word.SUBMIT):
        return Aside()
    stored = next((m for m in await supported(turn) if m.id == state["matter"]), None)
    if stored is None:
        return Reply(Say.NONE)
    unit, kind = await role(turn, stored)
    span = span_of(await turn.work.plans.current(stored.notice), turn.now.date(), turn.workdays)
    await turn.work.contributions.add(
        stored.id, span.key, unit, kind, actor(turn), turn.now, words=str(state["line"])
    )  # fmt: skip
    return Reply(Say.KEPT.format(leads=Say.JOINED.join(stored.lead_units)))


async def role(turn: Turn, stored: StoredMatter) -> tuple[str, str]:
    """For which of his units the sender speaks, and as what."""
    units = clerk_units(turn.person)
    unit = next((u for u in units if u in stored.support_units), None)
    towns = [t.town for t in await turn.work.matters.towns() if t.matter_id == stored.id]
    return (unit, "support") if unit else (next(u for u in units if u in towns), "town")
