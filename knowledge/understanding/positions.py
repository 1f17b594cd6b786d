"""Rows named by where they stand, written as numbers: 附件1最后一项 → 附件1第23项, 倒数第二个项目 → 附件2第23项."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.catalog import Catalog
from knowledge.notice import Ref
from knowledge.text import NUMERAL, read_numeral

_K = rf"(?:\d{{1,2}}|[{NUMERAL}]{{1,3}})"
_END = rf"(?:最后|最末|末尾)(?:面|头)?(?:的)?(?:那)?(?:一|1)(?:项|个|条|行)|倒数第(?P<k>{_K})(?:项|个|条|行)?"
IN_ANNEX = re.compile(
    rf"附(?:件|表)(?P<annex>[1-9一二三四五六七八九])(?:表|里|中|的|那)*(?P<end>{_END})(?:指标|项目|任务)?"
)
_AGAIN = _END.replace("<k>", "<k2>")
OF_KIND = re.compile(
    rf"(?P<end>{_END})(?P<kind>指标|项目)|(?P<kind2>指标|项目)(?:表|清单)?(?:里|中|的)*(?P<end2>{_AGAIN})"
)
ROW = "附件{annex}第{row}项"


def numbered_rows(text: str, catalog: Catalog) -> str:
    """`text` with rows counted from the end called by their numbers; as it is where there is no such row."""
    text = IN_ANNEX.sub(lambda m: _row(f"annex{read_numeral(m['annex'])}", m["k"], catalog) or m.group(), text)

    def of_kind(found: re.Match[str]) -> str:
        rows: Iterable[Ref] = catalog.projects if (found["kind"] or found["kind2"]) == "项目" else catalog.indicators
        table = next(iter(rows), Ref("")).partition(":")[0]
        return _row(table, found["k"] or found["k2"], catalog) or found.group()

    return OF_KIND.sub(of_kind, text)


def _row(table: str, said: str | None, catalog: Catalog) -> str:
    """附件1第23项: the row that is the k-th from the end of the table, the last without a number."""
    back = (read_numeral(said) or 0) if said else 1
    numbers = [r.partition(":")[2] for r in catalog.rows if r.startswith(f"{table}:")]
    if not table.startswith("annex") or not 0 < back <= len(numbers) or not numbers[-back].isdigit():
        return ""
    return ROW.format(annex=table.removeprefix("annex"), row=numbers[-back])
