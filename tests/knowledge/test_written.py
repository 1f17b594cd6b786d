"""Notices of other fields, their facts written down by hand before they were first read (data/written)."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TypedDict

import pytest

from knowledge import read_notice
from knowledge.notice import Figure, Notice
from knowledge.text import squeeze

WRITTEN = Path(__file__).parent.parent / "data" / "written"


class Row(TypedDict):
    ref: str
    name: str
    unit: str
    figures: list[list[object]]
    lead_units: list[str]
    support_units: list[str]


class Facts(TypedDict, total=False):
    title: str
    doc_no: str | None
    issuer: str
    date: str
    addressees: str
    index_no: str
    sections: list[str] | None
    clauses: list[tuple[str, list[str], list[str]]]
    optional: list[tuple[str, list[str], list[str]]]
    """Clauses that may be read too."""
    figures: list[tuple[str, str, str, int | None, str | None]]
    """(ref, value, unit, year, bound) of texts; no year: any."""
    stated: list[tuple[str, str, int]]
    indicators: list[Row]
    dues: list[tuple[str, str]]
    projects: list[tuple[str, str, list[str], list[str]]]
    members: list[list[str]]
    tables: int
    rows: int
    same: list[tuple[str, str]]
    """Two refs of one matter."""
    hard: list[tuple[str, str, str]]
    """(kind, ref, ref) of contradictions that must be listed."""
    allowed: list[tuple[str, str, str]]
    """Those that may be."""


EXPECTED: dict[str, Facts] = json.loads((WRITTEN / "expected.json").read_text("utf-8"))
NUMBER = re.compile(r"^[一二三四五六七八九十\d]+[、．.]")


def facts(gold: Facts, notice: Notice) -> Iterator[tuple[str, object, object]]:
    """(what, as written, as read) of every fact."""
    yield "title", gold["title"], notice.title
    yield "doc_no", gold["doc_no"], notice.doc_no
    yield "issuer", gold["issuer"], notice.issuer
    yield "date", gold["date"], str(notice.date)
    yield "addressees", gold["addressees"], notice.addressees
    yield "index_no", gold.get("index_no"), notice.index_no
    if gold["sections"] is not None:
        yield "sections", gold["sections"], [NUMBER.sub("", squeeze(s.heading)) for s in notice.sections]
    yield "members", gold["members"], [[m.role, m.name] for m in notice.members]
    yield "tables", gold["tables"], len(notice.tables)
    if "rows" in gold:
        yield "rows", gold["rows"], sum(len(table.rows) for table in notice.tables)
    yield from _duties(gold, notice)
    yield from _figures(gold, notice)
    yield from _rows(gold, notice)
    yield from _contradictions(gold, notice)


def _duties(gold: Facts, notice: Notice) -> Iterator[tuple[str, object, object]]:
    stated = (c for c in notice.clauses if c.ref.startswith(("body", "inner")))
    read = [(c.ref, list(c.lead_units), list(c.support_units)) for c in stated]
    written = [tuple(clause) for clause in gold["clauses"]]
    optional = [tuple(clause) for clause in gold.get("optional", [])]
    yield "clauses", written, [clause for clause in read if clause not in optional]


def _figures(gold: Facts, notice: Notice) -> Iterator[tuple[str, object, object]]:
    said = {article.ref: article.figures for article in notice.articles}
    for ref, value, unit, year, bound in gold["figures"]:
        found = any(_is(figure, value, unit, year, bound) for figure in said.get(ref, ()))  # type: ignore[call-overload]
        yield f"{ref} {value}{unit} {year} {bound}", True, found
    for ref, words, year in gold.get("stated", []):
        figures = said.get(ref, ())  # type: ignore[call-overload]
        yield f"{ref} {words}", True, any(words in f.quote and f.year == year for f in figures)


def _is(figure: Figure, value: str, unit: str, year: int | None, bound: str | None) -> bool:
    if figure.value != Decimal(value) or figure.unit != unit or (year and figure.year != year):
        return False
    return bound in (figure.bound or "") if bound else "以上" not in (figure.bound or "")


def _rows(gold: Facts, notice: Notice) -> Iterator[tuple[str, object, object]]:
    read = {str(row.ref): row for row in notice.indicators}
    if "indicators" in gold:
        yield "indicators", [row["ref"] for row in gold["indicators"]], list(read)
    for row in gold.get("indicators", []):
        found = read[row["ref"]]
        yield row["ref"], (row["name"], row["unit"]), (found.name, found.unit)
        units = list(found.lead_units), list(found.support_units)
        yield f"{row['ref']} units", (row["lead_units"], row["support_units"]), units
        values = [(f.year, f.value) for f in found.figures if f.value is not None]
        yield f"{row['ref']} figures", [(f[0], Decimal(str(f[1]))) for f in row["figures"]], values
    for ref, due in gold.get("dues", []):
        yield f"{ref} due", due, str(read[ref].figures[0].due)
    projects = [[p.ref, p.name, list(p.lead_units), list(p.support_units)] for p in notice.projects]
    yield "projects", [list(project) for project in gold["projects"]], projects


def _contradictions(gold: Facts, notice: Notice) -> Iterator[tuple[str, object, object]]:
    for one, other in gold["same"]:
        yield f"same {one} {other}", True, any({one, other} <= set(matter.refs) for matter in notice.matters)
    hard = [(c.kind, {str(side.ref) for side in c.sides}) for c in notice.conflicts if not c.soft]
    for kind, one, other in gold["hard"]:
        yield f"hard {kind} {one} {other}", True, any(k == kind and {one, other} <= refs for k, refs in hard)
    known = [(kind, {one, other}) for kind, one, other in (*gold["hard"], *gold["allowed"])]
    yield "false", [], [(k, refs) for k, refs in hard if not any(k == kind and pair <= refs for kind, pair in known)]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_fact_written_down_beforehand_is_read(name: str) -> None:
    notice = read_notice((WRITTEN / name).read_bytes(), name)
    wrong = [(what, gold, read) for what, gold, read in facts(EXPECTED[name], notice) if gold != read]
    assert wrong == []


@pytest.mark.parametrize("name", sorted(name for name in EXPECTED if not name.endswith("html")))
def test_nothing_is_lost(name: str) -> None:
    notice = read_notice((WRITTEN / name).read_bytes(), name)
    printed = squeeze("".join(passage.text for passage in notice.passages))
    source = squeeze((WRITTEN / name).read_text("utf-8"))
    assert len({passage.ref for passage in notice.passages}) == len(notice.passages)
    assert len(printed) == len(source) if name.startswith("traditional") else printed == source
