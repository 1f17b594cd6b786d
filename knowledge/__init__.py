"""The room of what a notice says: text in, facts out. No I/O, no clock, no chat."""

from knowledge.describe import notice_json
from knowledge.figures import Quantity, is_whole, read_quantity
from knowledge.notice import Kind
from knowledge.parsing.blocks import NotANotice, Unreadable
from knowledge.parsing.reader import read_notice
from knowledge.units import UnitNames, is_unit, split_units

__all__ = ["Kind", "NotANotice", "Quantity", "UnitNames", "Unreadable", "is_unit", "is_whole", "notice_json", "read_notice", "read_quantity", "split_units"]
