"""“我是文旅局的”: the unit a person names, for questions only. Seats are imported, claimed or confirmed elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.feature import Feature, Turn
from handlers.message import Reply
from handlers.wording import key

feature = Feature("introduce")


class Say:
    HEARS = r"(我|咱|本人)(们)?(单位)?(是|在|来自)(?P<unit>.{2,20}?)(的|工作|上班|这边|那边)*"
    KNOWN = "您登记的单位是{units}，填报按登记的来；要换单位请联系办公室。"
    NOTED = "好的，按{unit}回答您的问题。（填报要由办公室登记岗位。）"


@feature.hears(Say.HEARS)
async def introduce(turn: Turn) -> Reply | None:
    """Keep the unit and answer what was asked with it; None when the words name no unit."""
    found = re.fullmatch(Say.HEARS, key(turn.text))
    unit = turn.library.unit(found["unit"]) if found else None
    if unit is None or turn.person.staff_id is None:
        return None
    if turn.person.seats:
        if unit in turn.person.units:
            return None
        return Reply(Say.KNOWN.format(units="、".join(turn.person.units)))
    await turn.work.directory.introduce(turn.person.id, unit)
    turn.person = replace(turn.person, introduced_unit=unit)
    answer = await turn.open("问通知")
    return replace(answer, text=f"{Say.NOTED.format(unit=unit)}\n{answer.text}") if answer else None
