"""Tables that stand in plain lines: cells between bars or tabs, or one cell a line. Understood elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.parsing.blocks import Block, Cell, Grid, GridRow
from knowledge.parsing.columns import Role, role_of
from knowledge.parsing.outline import Rank, mark_at_start
from knowledge.text import read_numeral, squeeze

RULE = re.compile(r"^[\s|:+=-]*-{2,}[\s|:+=-]*$")


def with_grids(lines: Sequence[str]) -> list[Block]:
    """The lines with every table among them as a grid."""
    blocks: list[Block] = []
    at = 0
    while at < len(lines):
        grid, size = _barred(lines, at) or _tabbed(lines, at) or _stacked(lines, at) or (None, 1)
        blocks.append(grid if grid else lines[at])
        at += size
    return blocks


def _barred(lines: Sequence[str], at: int) -> tuple[Grid, int] | None:
    end = at
    while end < len(lines) and (
        lines[end].count("|") >= 1
        or (end > at and (RULE.match(lines[end]) or _bridges(lines, end) or _goes_on(lines, end)))
    ):
        end += 1
    rows: list[GridRow] = []
    opened = lines[at].lstrip().startswith("|")
    for line in lines[at:end]:
        if RULE.match(line) and rows:
            rows[-1] = GridRow(rows[-1].cells, f"{rows[-1].printed}\n{line}")
        elif rows and "|" not in line and not _is_group(line):
            last = rows[-1].cells[-1]
            rows[-1] = GridRow((*rows[-1].cells[:-1], Cell(f"{last.text}\n{line}")), f"{rows[-1].printed}\n{line}")
        else:
            rows.append(GridRow(tuple(Cell(text) for text in _cut(line, opened)), line))
    if len(rows) < 2 or max(len(row.cells) for row in rows) < 2:
        return None
    return Grid(tuple(rows)), end - at


def _bridges(lines: Sequence[str], at: int) -> bool:
    """一、经济发展 between two rows heads a group of them."""
    return _is_group(lines[at]) and at + 1 < len(lines) and lines[at + 1].count("|") >= 2


def _is_group(line: str) -> bool:
    mark = mark_at_start(line)
    return bool(mark and mark.rank <= Rank.BRACKET and len(line) < 40)


def _goes_on(lines: Sequence[str], at: int) -> bool:
    """A short line between two rows of equal width belongs to the last cell above."""
    bars = [lines[i].count("|") if 0 <= i < len(lines) else 0 for i in (at - 1, at + 1)]
    plain = lines[at].strip()
    return bars[0] >= 2 and bars[0] == bars[1] and 0 < len(plain) < 60 and not re.match(r"附|备?注|说明|#", plain)


def _cut(line: str, opened: bool) -> list[str]:
    """Cells between bars; `opened`: rows begin with a bar. A bar at the end closes a cell, it opens none."""
    cells = line.replace("<br>", " ").split("|")
    if opened and cells and not cells[0].strip():
        cells = cells[1:]
    return cells[:-1] if len(cells) > 1 and not cells[-1].strip() else cells


def _tabbed(lines: Sequence[str], at: int) -> tuple[Grid, int] | None:
    width = lines[at].strip("\n").count("\t")
    if width < 2:
        return None
    end = at
    while end < len(lines) and lines[end].count("\t") == width:
        end += 1
    if end - at < 2:
        return None
    return Grid(
        tuple(GridRow(tuple(Cell(text) for text in line.split("\t")), line) for line in lines[at:end])
    ), end - at


def _stacked(lines: Sequence[str], at: int) -> tuple[Grid, int] | None:
    """One cell a line: header words from 序号 on, then 1, its cells, 2, its cells …"""
    if squeeze(lines[at]) not in {"序号", "编号"}:
        return None
    kept = [i for i in range(at, len(lines)) if lines[i].strip()]
    first = next((n for n, i in enumerate(kept[:16]) if squeeze(lines[i]) == "1"), None)
    if not first or first < 3 or sum(role_of(lines[i]) is not Role.OTHER for i in kept[:first]) < 2:
        return None
    rows = _numbered_rows(lines, kept, first)
    if len(rows) < 2:
        return None
    header = [squeeze(lines[i]) for i in kept[:first]]
    grid = [GridRow(tuple(Cell(text) for text in header), "\n".join(lines[at : kept[first]]))]
    for begin, end in rows:
        cells = _aligned([lines[i].strip() for i in kept[begin:end]], header)
        last = kept[end] if end < len(kept) else kept[-1] + 1
        grid.append(GridRow(tuple(Cell(text) for text in cells), "\n".join(lines[kept[begin] : last])))
    return Grid(tuple(grid)), (kept[rows[-1][1]] if rows[-1][1] < len(kept) else kept[-1] + 1) - at


def _numbered_rows(lines: Sequence[str], kept: Sequence[int], width: int) -> list[tuple[int, int]]:
    """(begin, end) in `kept` of every row, told by 1, 2, 3 … a row's length apart."""
    begins = [width]
    while True:
        number = str(len(begins) + 1)
        reach = range(begins[-1] + 2, min(begins[-1] + width * 2 + 1, len(kept)))
        exact = begins[-1] + width
        near = [n for n in reach if squeeze(lines[kept[n]]) == number]
        if not near:
            break
        begins.append(exact if exact in near else near[-1] if len(near) == 1 else near[0])
    last = _last_end(lines, kept, begins[-1], width)
    return list(zip(begins, [*begins[1:], last], strict=True))


def _last_end(lines: Sequence[str], kept: Sequence[int], begin: int, width: int) -> int:
    end = begin + 1
    while end < min(begin + width, len(kept)) and not re.match(r"^\s*(?:备注|注|附件|合计|说明)", lines[kept[end]]):
        end += 1
    return end


def _aligned(cells: Sequence[str], header: Sequence[str]) -> list[str]:
    """Cells under their headers; where a blank cell left no line, units go under units and figures under years."""
    if len(cells) >= len(header):
        return [*cells[: len(header) - 1], " ".join(cells[len(header) - 1 :])]
    row = [""] * len(header)
    at = 0
    for index, name in enumerate(header):
        left, open_columns = len(cells) - at, len(header) - index
        if at < len(cells) and (left >= open_columns or _fits(cells[at], role_of(name))):
            row[index] = cells[at]
            at += 1
    return row


def _fits(cell: str, role: Role) -> bool:
    if role in {Role.LEAD, Role.SUPPORT}:
        return bool(re.search(r"[局委办部厅院会府心街镇乡位门行司]$", squeeze(cell)))
    figure = bool(re.fullmatch(r"[\d.]+\s*[%％]?\S{0,2}", squeeze(cell)))
    return (
        figure
        if role in {Role.VALUE, Role.BASE}
        else read_numeral(cell) is not None
        if role is Role.NUMBER
        else not figure
    )
