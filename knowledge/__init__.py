"""The room of what a notice says: text in, facts out. No I/O, no clock, no chat."""

from knowledge.asking import Answer, Asked, Context, Outcome
from knowledge.describe import notice_json
from knowledge.figures import Quantity, is_whole, kind_of, read_quantity
from knowledge.kept import pack, reader, unpack
from knowledge.library import Library
from knowledge.lines import answer_lines
from knowledge.notice import Conflict, Doubt, Figure, Kind, Matter, Measure, Notice, Ref, Side
from knowledge.office import Faq, Own, Ruling
from knowledge.parsing.blocks import NotANotice, Unreadable
from knowledge.parsing.reader import read_notice
from knowledge.sounds import signs
from knowledge.units import UnitNames, is_unit, split_units
from knowledge.words import Words

__all__ = [
    "Answer",
    "Asked",
    "Conflict",
    "Context",
    "Doubt",
    "Faq",
    "Figure",
    "Kind",
    "Library",
    "Matter",
    "Measure",
    "NotANotice",
    "Notice",
    "Outcome",
    "Own",
    "Quantity",
    "Ref",
    "Ruling",
    "Side",
    "UnitNames",
    "Unreadable",
    "Words",
    "answer_lines",
    "is_unit",
    "is_whole",
    "kind_of",
    "notice_json",
    "pack",
    "read_notice",
    "read_quantity",
    "reader",
    "signs",
    "split_units",
    "unpack",
]
