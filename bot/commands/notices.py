"""`dingban notice …`: read a file, import and publish it, list, show a passage, compare two versions, rule."""

from __future__ import annotations

import json
from pathlib import Path

from bot.commands.base import BY_COMMAND, Refused, find_notice, opened, read_bytes, unreadable
from bot.library import Shelf
from handlers.publishing import keep, publish
from knowledge import NotANotice, Notice, Ref, Unreadable, notice_json, read_notice


class Say:
    READ = "{title}\n文号：{doc_no}　成文日期：{date}　发布机构：{issuer}"
    COUNTS = "指标{indicators}项，项目{projects}个，条款{articles}条，成员{members}名，事项{matters}件"
    CONFLICTS = "不一致{hard}处（另有口径差别{soft}处），疑点{doubts}处"
    CONFLICT = "- {about}：{sides}"
    DOUBT = "- {ref} {quote}：{why}"
    UNKNOWN = "未写"
    IMPORTED = "已导入：{notice}（{title}），事项{matters}件，尚未发布。发布请加 --publish。"
    PUBLISHED = "已发布：{notice}（{title}），事项{matters}件。"
    LINE = "{number} {notice}　{title}　{state}"
    IN_FORCE, WAITING = "已发布", "未发布"
    NONE = "还没有通知。"
    NO_PASSAGE = "没有这个出处：{ref}。出处写法例如 annex1:5、body:2.1。"
    NO_MATTER = "没有这件事项：{name}。"
    NO_SIDE = "“{name}”的不一致里没有 {ref} 这一处。可选：{refs}。"
    RULED = "已记下：{name}暂按{place}（依据：{basis}）。"
    SAME = "两个版本没有差别。"


def read_file(path: Path) -> Notice:
    """The notice in a file. Raises: Refused."""
    try:
        return read_notice(read_bytes(path), path.name)
    except (NotANotice, Unreadable) as error:
        raise unreadable(error, path) from error


def described(notice: Notice) -> str:
    """What was read, for people."""
    lines = [
        Say.READ.format(
            title=notice.title, doc_no=notice.doc_no or Say.UNKNOWN, date=notice.date or Say.UNKNOWN,
            issuer=notice.issuer or Say.UNKNOWN,
        ),
        Say.COUNTS.format(
            indicators=len(notice.indicators), projects=len(notice.projects), articles=len(notice.articles),
            members=len(notice.members), matters=len(notice.matters),
        ),
        Say.CONFLICTS.format(
            hard=sum(not c.soft for c in notice.conflicts), soft=sum(c.soft for c in notice.conflicts),
            doubts=len(notice.doubts),
        ),
    ]  # fmt: skip
    for conflict in notice.conflicts:
        sides = "；".join(f"{side.ref} {side.quote}" for side in conflict.sides)
        lines.append(Say.CONFLICT.format(about=conflict.about, sides=sides))
    lines += [Say.DOUBT.format(ref=d.ref, quote=d.quote[:40], why=d.why) for d in notice.doubts]
    return "\n".join(lines)


async def read(path: Path, *, as_json: bool) -> str:
    """Parse only; writes nothing."""
    notice = read_file(path)
    return json.dumps(notice_json(notice), ensure_ascii=False, indent=1) if as_json else described(notice)


async def import_file(path: Path, *, put_in_force: bool) -> str:
    """Keep the file as a version of its notice; with `put_in_force` publish it."""
    notice, source = read_file(path), read_bytes(path)
    async with opened(built_in=False) as (_, database, now), database.work() as work:
        stored = await keep(work, notice, source, path.name, BY_COMMAND, now)
        if put_in_force:
            await publish(work, stored, notice, BY_COMMAND, now)
    line = Say.PUBLISHED if put_in_force else Say.IMPORTED
    return line.format(notice=notice.key, title=notice.title, matters=len(notice.matters))


async def listed() -> str:
    """Every version of every notice."""
    async with opened() as (_, database, _now), database.read() as work:
        found = await work.notices.all()
    lines = [
        Say.LINE.format(number=n, notice=v.notice, title=v.title, state=Say.IN_FORCE if v.published else Say.WAITING)
        for n, v in enumerate(found, 1)
    ]
    return "\n".join(lines) or Say.NONE


async def show(ref: str, name: str | None) -> str:
    """The passage at a place, under how the place is printed. Raises: Refused."""
    async with opened() as (_, database, _now), database.read() as work:
        notice = await find_notice(work, name)
        library = await Shelf().library(work)
    text = library.passage(Ref(ref), notice.notice)
    if not text:
        raise Refused(Say.NO_PASSAGE.format(ref=ref), 2)
    return f"{library.show(Ref(ref), notice.notice)}\n{text}"


async def diff(before: Path, after: Path) -> str:
    """What changed in matters, targets, units and texts between two files. Raises: Refused."""
    from handlers.differences import differences

    return "\n".join(differences(read_file(before), read_file(after))) or Say.SAME


async def rule(matter: str, ref: str, basis: str, name: str | None) -> str:
    """暂按口径: which side is used meanwhile. Raises: Refused."""
    async with opened() as (_, database, now), database.work() as work:
        notice = await find_notice(work, name)
        library = await Shelf().library(work)
        own = library.matters(notice.notice)
        found = next((m for m in own if matter in (m.key, m.name)), None)
        if found is None:
            raise Refused(Say.NO_MATTER.format(name=matter), 2)
        sides = {str(side.ref) for c in library.conflicts_of(found) for side in c.sides}
        if ref not in sides:
            raise Refused(Say.NO_SIDE.format(name=found.name, ref=ref, refs="、".join(sorted(sides)) or "无"), 2)
        await work.rulings.rule(notice.notice, found.key, ref, basis, now.date(), BY_COMMAND, now)
    return Say.RULED.format(name=found.name, place=library.show(Ref(ref), notice.notice), basis=basis)
