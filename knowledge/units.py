"""Names of bodies: where a list divides, what is one, which unit of a notice a short or former name means."""

from __future__ import annotations

import re

from knowledge.nicknames import ENDS, GENERAL, UnitNames
from knowledge.terms import words_of
from knowledge.text import squeeze

__all__ = ["ENDS", "GENERAL", "UnitNames", "is_unit", "split_units"]

_LAST = sorted(words_of("body_ends"), key=len, reverse=True)
_LIKE = re.compile(rf"^(?!谁|我|你).{{1,40}}(?:{'|'.join(_LAST)})(?:[（(][^（）()]{{1,20}}[）)])?$")
_EDGE = re.compile(
    r"^(?:由|以及|及|和|与|会同|并由|[:：、，,；;\s\u3000])+|(?:等(?:单位|部门)?|[、，,；;。.\s\u3000])+$"
)
_JOINT = re.compile(r"等(?=国务院|相关|有关|各|其他|部门|单位)")
_AND = re.compile(r"以及|及|和|与|暨")


def is_unit(text: str) -> bool:
    """Whether the words look like the name of a body, known or not."""
    return bool(_LIKE.match(squeeze(text)))


def split_units(text: str) -> tuple[str, ...]:
    """The bodies a list names, in order, as written; brackets and names with 和 inside stay whole."""
    names: list[str] = []
    for piece in _pieces(text):
        for part in _JOINT.split(piece):
            names += _apart(_EDGE.sub("", part))
    return tuple(dict.fromkeys(name for name in names if re.search(r"\w", name)))


def _pieces(text: str) -> list[str]:
    pieces, depth, begin = [], 0, 0
    for index, char in enumerate(text):
        depth += (char in "（(") - (char in "）)")
        if char in "、，,；;/\n。" and depth <= 0:
            pieces.append(text[begin:index])
            begin = index + 1
    return [part for piece in [*pieces, text[begin:]] for part in _by_blanks(piece.strip())]


def _by_blanks(piece: str) -> list[str]:
    parts = piece.split()
    if len(parts) > 1 and all(is_unit(part) for part in parts):
        return parts
    return [squeeze(piece)]


def _apart(name: str) -> list[str]:
    for found in _AND.finditer(name):
        left, right = name[: found.start()], name[found.end() :]
        general = GENERAL.match(right) and len(right) > 2
        if (
            is_unit(left)
            and len(left) > 2
            and (general or (is_unit(right) and len(right) > 3 and _complete(left, right)))
        ):
            return [left, *_apart(_EDGE.sub("", right))]
    return [name] if name else []


def _complete(left: str, right: str) -> bool:
    """国家发展和改革委 is one name: its left half ends in no 局, 委, 办, 部."""
    return bool(re.search(rf"{ENDS}$", left)) and left[:1] == right[:1]
