"""相关镇街: the office names the towns behind a matter by one message; a town asks what is put on it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from handlers.feature import Feature, Turn
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.rights import about_matter, actor, allowed
from handlers.rules.permissions import Action, Post
from handlers.towns import town_of, towns_in
from handlers.wording import key, plain
from storage import StoredMatter

feature = Feature("assign_towns", {"办公室": ("镇街",), "联络人": ("我们镇有什么事",)})
LIKELY, CLOSE = 0.5, 0.05


class Say:
    ASSIGN = r"(?P<matter>.{2,40}?)的?(?:相关|有关|配合|涉及)的?镇街(?:道)?(?:是|为|有|:|：|改为|改成)+(?P<towns>.+)"
    ASKS = (
        r"(?:我们?|咱们?|本)(?:镇|乡|街道|镇街)(?:上)?(?:有|要做|负责|配合)?(?:什么|哪些|啥)(?:事|任务|事项|工作)?(?:情|项)?(?:要做|要报|吗)?",
        r"(?:我们?|咱们?|本)(?:镇|乡|街道|镇街)(?:上)?(?:要|用|需要)(?:做|报)(?:什么|哪些|啥|吗)?(?:事|任务)?",
        r"(?P<town>.{1,8}(?:镇|乡|街道))有(?:什么|哪些|啥)(?:事|任务|事项)",
    )
    NONE = r"无|没有|清空|取消"
    NOT_OFFICE = "相关镇街由办公室来定。"
    NO_MATTER = "没有找到“{said}”这件事。例如：{name} 相关镇街：甲镇、乙街道。"
    WHICH = "是哪一件？"
    AGAIN = "{name} 相关镇街：{towns}"
    UNKNOWN = "“{words}”看不出是哪个镇街，请写全称（某某镇、某某街道）。其余的也还没有记。"
    NO_TOWNS = "请写上镇街名称，例如：{name} 相关镇街：甲镇、乙街道。"
    DONE = "已记下：{name}的相关镇街是{towns}。"
    CLEARED = "已记下：{name}没有指定镇街。"
    TOLD = "已告诉{count}位镇街同志。"
    NOBODY = "{towns}还没有登记联络人，暂时没人能告诉。"
    NEWS = "办公室指定{town}配合：{name}（{leads}牵头）。有进展时说一句就行，不用报数。"
    TOWN = "通知没有点名{town}；办公室指定{count}件："
    TOWN_LINE = "- {name}（{leads}牵头）"
    TOWN_NONE = "通知没有点名{town}，目前也没有指定，不用报。"
    WHICH_TOWN = "请问您是哪个镇街的？例如：甲镇有什么事。"
    LIST = "通知写了“相关镇街”、要办公室指定的{count}件："
    LINE = "- {name}：{towns}"
    EMPTY = "未指定"
    MORE = "…另有{count}件"
    HOW = "指定请说：{name} 相关镇街：甲镇、乙街道"
    NO_LIST = "通知里没有写“相关镇街”的事项。"
    MARK = r"相关.{0,2}(?:镇|乡|街道)"
    SHOWN = 10


@feature.hears(Say.ASSIGN)
async def assign(turn: Turn) -> Reply | None:
    """“特色镇 相关镇街：甲镇、乙街道”."""
    found = re.fullmatch(Say.ASSIGN, key(turn.text)) or re.fullmatch(Say.ASSIGN, plain(turn.text), re.S)
    if found is None:
        return None
    if not allowed(turn, Action.ASSIGN_TOWNS):
        return Reply(Say.NOT_OFFICE)
    matters = await named(turn, found["matter"])
    if len(matters) != 1:
        return which(turn, found["matter"], found["towns"], matters)
    towns, unknown = towns_in(found["towns"])
    if re.fullmatch(Say.NONE, found["towns"].strip()):
        return await keep(turn, matters[0], [])
    if unknown:
        return Reply(Say.UNKNOWN.format(words="、".join(unknown)))
    return await keep(turn, matters[0], towns) if towns else Reply(Say.NO_TOWNS.format(name=matters[0].name))


async def named(turn: Turn, said: str) -> list[StoredMatter]:
    """The matters that the words may mean; one when it stands out."""
    stored = await turn.work.matters.current()
    scored = [(m, score) for m, score in turn.library.find_matters(said) if score >= LIKELY][:3]
    keys = {m.key: score for m, score in scored if score >= scored[0][1] - CLOSE}
    return [m for m in stored if m.key in keys]


def which(turn: Turn, said: str, towns: str, matters: Sequence[StoredMatter]) -> Reply:
    """Ask which matter is meant."""
    if not matters:
        name = next((m.name for m in turn.library.matters()), said)
        return Reply(Say.NO_MATTER.format(said=said[:20], name=name))
    return Reply(Say.WHICH, tuple(Button(m.name, Say.AGAIN.format(name=m.name, towns=towns)) for m in matters[:3]))


async def keep(turn: Turn, matter: StoredMatter, towns: list[str]) -> Reply:
    """Put these towns behind the matter; the new ones are told once."""
    new = await turn.work.matters.assign_towns(matter.id, towns, actor(turn, Post.OFFICE), turn.now)
    if not towns:
        return Reply(Say.CLEARED.format(name=matter.name))
    told, silent = await tell_towns(turn, matter, new)
    lines = [Say.DONE.format(name=matter.name, towns="、".join(towns))]
    lines += [Say.TOLD.format(count=told)] if told else []
    lines += [Say.NOBODY.format(towns="、".join(silent))] if silent else []
    return Reply("\n".join(lines))


async def tell_towns(turn: Turn, matter: StoredMatter, towns: Sequence[str]) -> tuple[int, list[str]]:
    """How many people heard of it, and the towns where nobody could."""
    told, silent = 0, list[str]()
    for town in towns:
        people = [p for p in await turn.work.directory.people(turn.now, unit=town) if p.staff_id]
        silent += [] if people else [town]
        told += len(people)
        for person in people:
            text = Say.NEWS.format(town=town, name=matter.name, leads="、".join(matter.lead_units))
            turn.tell(Receiver("person", person.staff_id or ""), Announcement(text, (Button("我们镇有什么事"),)))
    return told, silent


@feature.hears(*Say.ASKS)
async def tell_town(turn: Turn) -> Reply | None:
    """What the office put on the asker's town, or on the one named."""
    found = next((m for p in Say.ASKS if (m := re.fullmatch(p, key(turn.text)))), None)
    said = found.groupdict().get("town") if found else None
    town = town_of(said) if said else own_town(turn)
    if town is None:
        return None if said else Reply(Say.WHICH_TOWN)
    ids = [t.matter_id for t in await turn.work.matters.towns() if t.town == town]
    matters = [m for m in await turn.work.matters.current() if m.id in ids]
    if not matters:
        return Reply(Say.TOWN_NONE.format(town=town))
    lines = [Say.TOWN_LINE.format(name=m.name, leads="、".join(m.lead_units)) for m in matters[: Say.SHOWN]]
    return Reply("\n".join([Say.TOWN.format(town=town, count=len(matters)), *lines]))


def own_town(turn: Turn) -> str | None:
    """The town the asker sits in, or said he is of."""
    units = (*turn.person.units, *([turn.person.introduced_unit] if turn.person.introduced_unit else []))
    return next((town for unit in units if (town := town_of(unit))), None)


@feature.command("镇街", "相关镇街", "镇街分工")
async def list_towns(turn: Turn) -> Reply:
    """The matters whose notice says 相关镇街, with the towns named so far."""
    if not allowed(turn, Action.ASSIGN_TOWNS):
        return Reply(Say.NOT_OFFICE)
    towns: dict[int, list[str]] = defaultdict(list)
    for row in await turn.work.matters.towns():
        towns[row.matter_id].append(row.town)
    asked = [m for m in await turn.work.matters.current() if m.id in towns or wants_towns(m)]
    if not asked:
        return Reply(Say.NO_LIST)
    asked.sort(key=lambda m: m.id in towns)
    lines = [Say.LINE.format(name=m.name, towns="、".join(towns[m.id]) or Say.EMPTY) for m in asked[: Say.SHOWN]]
    lines += [Say.MORE.format(count=len(asked) - Say.SHOWN)] if len(asked) > Say.SHOWN else []
    head = Say.LIST.format(count=len(asked))
    return Reply("\n".join([head, *lines, Say.HOW.format(name=asked[0].name)]))


def wants_towns(matter: StoredMatter) -> bool:
    """Whether the notice has unnamed towns support it."""
    return any(re.search(Say.MARK, unit) for unit in about_matter(matter).support_units)
