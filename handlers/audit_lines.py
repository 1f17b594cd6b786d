"""The audit in words: one line of a chain, and a submission's value as it is told. Who may see it is the feature's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo

from handlers.rules.receipts import receipt
from knowledge import Matter
from storage import JSON, Audited, Submission, Work

KEY = re.compile(r"[a-z][a-z -]*:\S+:")
"""A key of ours in place of a reason (opening:…:msg…): for the record, not for people."""


class Say:
    LINE = "{at:%m月%d日 %H:%M} {who} {what}{change}{why}"
    WHY = "（{why}）"
    FROM_TO, TO = "：{old} → {new}", "：{new}"
    SYSTEM, COMMAND = "系统", "命令行"
    SEAT = "{name}（{post}）"
    WHATS: Mapping[str, str] = {
        "submitted": "交了{receipt}", "withdrawn": "撤回", "opening balance": "导入底数", "published": "发布通知",
        "opening balance taken back": "撤回底数", "review approve": "审核通过", "review return": "请补一句",
        "review ask": "问一问", "review question": "问一问", "paragraph": "改了进展文字", "towns assigned": "指定镇街",
        "report refused": "报别单位的事，没有记", "attachment sent": "附了文件", "own matter added": "增加自设事项",
        "retired": "停报", "ruled": "定了暂按口径", "ruling ended": "取消暂按口径", "faq answered": "答复提问",
        "faq ended": "收回答复", "filled for a unit on a call": "电话代填", "moved to second": "转为待复核",
        "moved to pending": "转为待审核", "seated": "登记岗位", "unseated": "解除岗位", "postpone asked": "申请缓交",
        "postpone granted": "同意缓交", "postpone refused": "没有同意缓交", "target asked": "目标调整申请",
        "difficulty asked": "提出困难", "difficulty answered": "答复困难", "word asked": "请说明",
        "word answered": "作了说明", "word closed": "已阅，销号", "contact asked": "请办公室联系",
    }  # fmt: skip
    STAGE, OTHER, JOINED = "stage", "其他", "、"


class Names:
    """Names of people by staff id, looked up once each."""

    def __init__(self, work: Work, now: datetime) -> None:
        self.work, self.now = work, now
        self.known: dict[str, str] = {"system": Say.SYSTEM, "command": Say.COMMAND, "": Say.SYSTEM}

    async def of(self, staff_id: str) -> str:
        """The name, else the id itself."""
        if staff_id not in self.known:
            person = await self.work.directory.identify(staff_id, self.now)
            self.known[staff_id] = person.name if person else staff_id
        return self.known[staff_id]


def figures(matter: Matter | None, values: Mapping[str, JSON]) -> str:
    """35所, or the stage of a duty."""
    if matter is None or not matter.measures:
        return str(values.get(Say.STAGE, ""))
    found = [(m, values[m.key]) for m in matter.measures if values.get(m.key)]
    single = len(matter.measures) == 1
    return Say.JOINED.join(f"{'' if single else m.name}{value}{m.unit}" for m, value in found)


def value_in(matter: Matter | None, document: Mapping[str, JSON] | None) -> str:
    """The figures that a line of the audit keeps."""
    kept = (document or {}).get("figures")
    return figures(matter, kept) if isinstance(kept, Mapping) else ""


async def line(
    one: Audited, matter: Matter | None, names: Names, zone: tzinfo | None, receipts: Mapping[int, str]
) -> str:
    """When, who in which seat, what, old → new, why."""
    name = await names.of(one.who)
    who = Say.SEAT.format(name=name, post=one.post) if one.post else name
    made = (one.new or {}).get("id")
    number = receipts.get(made, "") if isinstance(made, int) else ""
    what = Say.WHATS.get(one.what, Say.OTHER if one.what.isascii() else one.what).format(receipt=number)
    old, new = value_in(matter, one.old), value_in(matter, one.new)
    change = Say.FROM_TO.format(old=old, new=new) if old and new else Say.TO.format(new=new) if new else ""
    why = Say.WHY.format(why=one.why) if one.why and not KEY.match(one.why) and not one.why.isascii() else ""
    return Say.LINE.format(at=one.happened_at.astimezone(zone), who=who, what=what, change=change, why=why)


def receipts_of(versions: Sequence[Submission], today: date) -> dict[int, str]:
    """三季度第12号 of each version, by its id."""
    return {s.id: receipt(s.period, s.receipt, today) for s in versions if s.receipt}
