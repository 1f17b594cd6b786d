"""The room of what a notice says: text in, facts out. No I/O, no clock, no chat."""

from knowledge.notice import Kind

__all__ = ["Kind"]
