"""Notices of other places and layouts: columns of times, quarters, towns, base years, letters that send a plan."""

from decimal import Decimal
from pathlib import Path

import pytest

from knowledge import Notice, read_notice
from knowledge.notice import Kind
from knowledge.text import squeeze

FIXTURES = Path(__file__).parent.parent / "data" / "fixtures"


def read(name: str) -> Notice:
    return read_notice((FIXTURES / name).read_bytes(), name)


@pytest.mark.parametrize("name", sorted(p.name for p in FIXTURES.iterdir()))
def test_nothing_of_a_text_is_lost(name: str) -> None:
    notice = read(name)
    refs = [p.ref for p in notice.passages]
    assert len(refs) == len(set(refs))
    if name.endswith(".txt"):
        printed = squeeze("".join(p.text for p in notice.passages))
        assert printed == squeeze((FIXTURES / name).read_text("utf-8"))


def test_a_column_of_times_dates_the_figures() -> None:
    rows = {i.name: i.figures for i in read("yunhe-elderly.html").indicators}
    assert [(f.value, str(f.due)) for f in rows["老年助餐点"]] == [(Decimal(45), "2024-12-31")]
    assert [(f.value, str(f.due)) for f in rows["公办养老机构改造提升"]] == [(Decimal(3), "2024-06-30")]
    assert [f.year for f in rows["社区养老服务用房配建"]] == [None]


def test_towns_lead_their_own_rows_counted_each_year() -> None:
    row = next(i for i in read("yunhe-elderly.html").indicators if i.name == "梅岭乡")
    assert row.lead_units == ("梅岭乡",)
    assert [(f.year, f.value, f.kind, f.unit) for f in row.figures] == [
        (2023, Decimal(0), Kind.FLOW, "个"),
        (2024, Decimal(1), Kind.FLOW, "个"),
        (2025, Decimal(2), Kind.FLOW, "个"),
    ]


def test_quarters_are_milestones_of_one_year() -> None:
    notice = read("linjiang-safety.txt")
    matter = next(m for m in notice.matters if m.name == "老旧燃气管道改造")
    assert [(f.year, f.value) for f in matter.measures[0].targets] == [(2024, Decimal(18))]
    hard = [c for c in notice.conflicts if c.kind == "figure" and not c.soft]
    assert [(c.about, [s.ref for s in c.sides]) for c in hard] == [("老旧燃气管道改造", ["annex1:2", "body:2.1.1"])]


def test_an_empty_cell_is_no_target_and_a_plan_ends_in_its_year() -> None:
    notice = read("haicheng-carbon.txt")
    rows = {i.name: [(f.year, f.value) for f in i.figures] for i in notice.indicators}
    assert rows["造林面积"] == [(2025, Decimal(12))]
    article = next(a for a in notice.articles if a.heading == "巩固生态碳汇")
    assert {f.year for f in article.figures} == {2025}
    hard = {c.about for c in notice.conflicts if c.kind == "figure" and not c.soft}
    assert hard == {"光伏装机容量", "公共充电桩", "新能源汽车新车销量占比"}


def test_who_guides_supports() -> None:
    clause = next(c for c in read("linjiang-safety.txt").clauses if c.ref == "body:2.2.4")
    assert clause.lead_units == ("各镇人民政府", "街道办事处", "经开区管委会")
    assert clause.support_units == ("区应急局", "区经信局")
