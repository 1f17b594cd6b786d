"""What a group is called: its title, else what is known of it, so that no two groups look alike."""

from __future__ import annotations

from storage import Group


class Say:
    UNTITLED = "（未命名，{about}尾号{tail}）"
    ALL, SOME, MORE = "全部单位，", "{units}，", "等{count}家"
    JOINED = "、"
    SHOWN, TAIL = 2, 4


def group_name(group: Group) -> str:
    """工作群, （未命名，全部单位，尾号3f2a）."""
    if group.title:
        return group.title
    about = units_of(group.bindings[0].units) if group.bindings else ""
    return Say.UNTITLED.format(about=about, tail=group.chat[-Say.TAIL :])


def units_of(units: tuple[str, ...] | None) -> str:
    """市商务局、市教体局等5家."""
    if units is None:
        return Say.ALL
    more = Say.MORE.format(count=len(units)) if len(units) > Say.SHOWN else ""
    return Say.SOME.format(units=Say.JOINED.join(units[: Say.SHOWN]) + more)
