"""The sealed archive of a closed period (封存包): all that is needed to check it without the bot. Reads only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from handlers.bounds import bounds_of, percents
from handlers.handing_in import SIGNING
from handlers.papers import Paper, book, paper_json, report
from handlers.rules.periods import span
from handlers.snapshot import Snapshot, to_json
from handlers.table_papers import on_pages, progress_chart
from handlers.tables import annexes, foot, narrow, sheets, summary
from storage import JSON, Audited, Submission, Work

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


AUDIT = "审计.jsonl"


class Say:
    NAME = "封存包_{period}.zip"
    READ_ME = (
        "{title}\n{period} 封存包\n\n"
        "汇总表.xlsx、汇总表.docx：封存时的表；进展情况.jsonl：手工改过的段落；填报.jsonl：每一版填报；审核.jsonl：每一次审核；\n"
        "暂按口径.jsonl、报送安排.jsonl、规则.json：封存时有效的口径、安排和规则（颜色界限、内部审签、自设事项、指定镇街）；\n人员名册.jsonl：当天的岗位；已发消息.jsonl：本期发出的消息；\n"
        "附件/：佐证材料；审计.jsonl、链尾.json：审计记录和每条链的末尾；manifest.json：每个文件的SHA-256。\n\n"
        "核对：装有 Python 的电脑上运行 python check.py 封存包.zip，不需要别的软件。\n审计链头：{head}\n"
    )
    FILES = "附件/{hash}_{name}"
    COUNTED, LEVELS = "累计、新增", "增速、占比"
    BOUNDS, SIGNED, OWN, TOWNS = "颜色界限", "内部审签的单位", "自设事项", "指定镇街"
    COUNTED_RULE = "比时间进度差目标的{percent}%以内为关注，超过为偏慢"
    LEVELS_RULE = "低于目标不超过目标的{percent}%为关注，再低为偏慢"


async def sealed(work: Work, snapshot: Snapshot, now: datetime) -> Paper:
    """The archive as an order: texts, the table's files, attachments by their keys, the checker."""
    versions = await work.submissions.of_period(snapshot.notice, snapshot.period)
    reviews = await work.submissions.reviews_of_period(snapshot.notice, snapshot.period)
    rulings = [r for r in await work.rulings.all() if r.notice == snapshot.notice]
    plan = await work.plans.current(snapshot.notice)
    said = await work.ledger.between(datetime.combine(span(snapshot.period)[0], time(), now.tzinfo), now)
    ends = await work.audit.heads()
    texts = {
        "说明.txt": Say.READ_ME.format(title=snapshot.title, period=snapshot.period_name, head=snapshot.head),
        "快照.json": json.dumps(to_json(snapshot), ensure_ascii=False, indent=1),
        "填报.jsonl": lines(versions),
        "审核.jsonl": lines(reviews),
        "进展情况.jsonl": lines((await work.submissions.paragraphs(snapshot.notice)).values()),
        "暂按口径.jsonl": lines(rulings),
        "报送安排.jsonl": lines([plan] if plan else []),
        "规则.json": json.dumps(await rules_in_force(work, snapshot.notice), ensure_ascii=False, indent=1),
        "人员名册.jsonl": lines(await work.directory.people(now)),
        "已发消息.jsonl": lines(said),
        "链尾.json": json.dumps(ends, ensure_ascii=False),
    }
    members: list[JSON] = [{"path": name, "text": text} for name, text in texts.items()]
    members += [{"path": f"汇总表.{p.form}", "paper": paper_json(p)} for p in table_of(snapshot)]
    members += [{"path": AUDIT, "aside": AUDIT}]  # written when the archive is made: it is as long as the years
    members += [*await attachments(work, versions), {"path": "check.py", "script": True}]
    name = Say.NAME.format(period=snapshot.period)
    reached: dict[str, JSON] = {chain: number for chain, number, _ in ends}
    return Paper(name, "zip", {"members": members, "head": snapshot.head, "ends": reached})


async def rules_in_force(work: Work, notice: str) -> dict[str, JSON]:
    """By what the table was coloured, which units sign before they report, what the office added and put on towns."""
    watch, level = percents(await bounds_of(work))
    signed, before = await work.settings.all(), SIGNING.format(unit="")
    matters = {m.id: m for m in await work.matters.current(notice)}
    towns: dict[str, list[str]] = {}
    for town in await work.matters.towns():
        if town.matter_id in matters:
            towns.setdefault(matters[town.matter_id].name, []).append(town.town)
    return {
        Say.BOUNDS: {
            Say.COUNTED: Say.COUNTED_RULE.format(percent=watch), Say.LEVELS: Say.LEVELS_RULE.format(percent=level)
        },
        Say.SIGNED: sorted(key.removeprefix(before) for key, on in signed.items() if key.startswith(before) and on),
        Say.OWN: {m.name: m.basis or "" for m in matters.values() if m.own},
        Say.TOWNS: {name: [*found] for name, found in towns.items()},
    }  # fmt: skip


def ends_of(papers: Sequence[Paper]) -> dict[str, int]:
    """How far the audit goes into an archive among the papers (chain → number); empty when there is none."""
    found = [ends for paper in papers if isinstance(ends := paper.content.get("ends"), Mapping)]
    return {chain: number for ends in found for chain, number in ends.items() if isinstance(number, int)}


def table_of(snapshot: Snapshot) -> tuple[Paper, Paper]:
    """Workbook and document of the snapshot."""
    pages = [summary(snapshot), *map(narrow, annexes(snapshot, colours=True))]
    charts = on_pages(progress_chart(snapshot, colours=True))
    return book("", sheets(snapshot, colours=True)), report("", pages, foot(snapshot), charts)


async def attachments(work: Work, versions: Sequence[Submission]) -> list[JSON]:
    """The kept files of the period's drafts."""
    drafts = sorted({s.draft_id for s in versions if s.draft_id})
    found = {a.hash: a for draft in drafts for a in await work.files.of_draft(draft) if a.hash}
    return [
        {"path": Say.FILES.format(hash=key[:12], name=plain_name(a.name or a.kind)), "key": key}
        for key, a in found.items()
    ]


def plain_name(name: str) -> str:
    """A file's name without anything that could lead out of the folder."""
    return "".join(c for c in name if c.isalnum() or c in "._-（）()")[-60:].lstrip(".") or "file"


def lines(records: Iterable[DataclassInstance]) -> str:
    """Records as JSON lines."""
    return "".join(json.dumps(plain(record), ensure_ascii=False, sort_keys=True) + "\n" for record in records)


def audit_line(line: Audited) -> str:
    """A line of the audit with its time as it was hashed."""
    moment = line.happened_at.astimezone(UTC).isoformat(timespec="microseconds")
    return json.dumps({**asdict(line), "happened_at": moment}, ensure_ascii=False, sort_keys=True) + "\n"


def plain(value: object) -> object:
    """A record as JSON."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value.isoformat() if isinstance(value, datetime | date) else value
