"""What is out of the ordinary in a period (例外): found in what a snapshot is made of. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from handlers.owing import Owes
from handlers.snapshot import Exempt, MatterRow, Version
from storage import Contribution


class Say:
    BEHALF, SECOND, LATE, CORRECTED, OPENING, POSTPONED = "代填", "待复核", "晚报", "更正", "底数", "缓交"
    DIFFERS, SILENT, AGAINST = "共同责任单位有不同意见", "共同责任单位未回", "通知前后不一致"
    UNTIL = "办公室同意报到{day}"
    SAID = "{unit}：{words}"


def exempt_of(versions: Sequence[Version]) -> list[Exempt]:
    """What is out of the ordinary in the versions that stand."""
    found: list[Exempt] = []
    for v in versions:
        if not v.live:
            continue
        kinds = [
            (Say.BEHALF, v.kind == "behalf"), (Say.OPENING, v.kind == "opening"),
            (Say.SECOND, v.state == Owes.SECOND.value), (Say.LATE, v.late), (Say.CORRECTED, v.corrects),
        ]  # fmt: skip
        found += [Exempt(kind, v.name, v.leads, v.period, v.reason or v.line) for kind, holds in kinds if holds]
    return found


def other_exempt(
    rows: Sequence[MatterRow], period: str, waits: Mapping[int, date], said: Mapping[int, Sequence[Contribution]]
) -> list[Exempt]:
    """Granted delays, joint leads that differ or are silent, contradictions of the notice."""
    found: list[Exempt] = []
    words = {"differ": Say.DIFFERS, "silent": Say.SILENT}
    for row in rows:
        if day := waits.get(row.id):
            found.append(Exempt(Say.POSTPONED, row.name, row.leads, period, Say.UNTIL.format(day=day)))
        found += [
            Exempt(words[c.kind], row.name, row.leads, period, Say.SAID.format(unit=c.unit, words=c.words))
            for c in said.get(row.id, ())
            if c.kind in words
        ]
        if row.differs:
            found.append(Exempt(Say.AGAINST, row.name, row.leads, period, row.differs))
    return found
