"""A value said by somebody who reports for no unit: not kept, and told so, instead of an answer from the notice."""

from __future__ import annotations

import re

from handlers.feature import Feature, Turn
from handlers.form_words import reads_as_question
from handlers.message import Reply
from handlers.naming import Naming
from handlers.rights import clerk_units
from handlers.rules.one_sentence import Item, read_report
from handlers.rules.permissions import Post
from knowledge import read_quantity

feature = Feature("refuse_value")


class Say:
    NO_SEAT = "没有记数字。填报要先登记岗位，请联系办公室把您加进名单，登记后就能报。"
    NOT_CLERK = "没有记数字。您的岗位不填报，由各单位登记的填报员来报。"
    FOR_UNIT = "没有记数字。替单位填请这样说：代填 {unit} {said}"
    YEAR = r"(?:19|20)\d\d年?|\d\d年"
    SHOWN = 40


@feature.guess
async def hear_value(turn: Turn) -> Reply | None:
    """智慧校园35, 校园35，场地7: a name of the notice and a figure, nothing else."""
    if turn.tag or turn.message.quoted or clerk_units(turn.person) or reads_as_question(turn.text):
        return None
    naming = Naming(turn.library, turn.library.matters())
    said = read_report(turn.text, naming.knows)
    valued = [item for item in said.items if is_value(item)]
    if not valued or len(valued) < len(said.items):
        return None
    if Post.OFFICE not in turn.person.posts:
        return Reply(Say.NOT_CLERK if turn.person.seats else Say.NO_SEAT)
    lead = next(iter(naming.find(valued[0].name)[0].matter.lead_units), "")
    return Reply(Say.FOR_UNIT.format(unit=lead, said=turn.text[: Say.SHOWN]))


def is_value(item: Item) -> bool:
    """A figure that is no year: 校园2022年 asks."""
    return read_quantity(item.value) is not None and not re.fullmatch(Say.YEAR, item.value)
