"""Rows, matters and contradictions of the first notice: all found, none listed in code."""

import json
from pathlib import Path

import pytest

from knowledge import notice_json, read_notice
from knowledge.notice import Conflict, Kind, Matter, Notice

FIRST = Path(__file__).parent.parent / "data" / "notices" / "zhuji-2021-17.txt"
RESTATED = {1: 5, 2: 4, 4: 6, 5: 7, 10: 11, 11: 12, 12: 13, 14: 14, 18: 17, 19: 19, 20: 20, 22: 3, 23: 22, 24: 23}
"""Projects whose every figure an indicator of a common lead states."""


@pytest.fixture(scope="module")
def notice() -> Notice:
    return read_notice(FIRST.read_bytes(), FIRST.name)


def named(notice: Notice, key: str) -> Matter:
    return next(matter for matter in notice.matters if matter.key == key)


def conflicts(notice: Notice, kind: str, soft: bool) -> dict[str | None, Conflict]:
    return {c.matter: c for c in notice.conflicts if (c.kind, c.soft) == (kind, soft)}


def test_all_rows_of_the_annexes_are_read(notice: Notice) -> None:
    assert [i.ref for i in notice.indicators] == [f"annex1:{n}" for n in range(1, 24)]
    assert [p.ref for p in notice.projects] == [f"annex2:{n}" for n in range(1, 25)]
    assert len(notice.members) == 18
    assert notice.tables[0].note == "备注:2022年的全市指标为累计数。"
    values = [[str(f.value) for f in i.figures] for i in notice.indicators]
    assert values[0] == ["10", "10"]
    assert values[8] == ["1200", "2250"]
    assert values[22] == ["3", "5"]
    assert all(len(i.figures) == 2 and [f.year for f in i.figures] == [2021, 2022] for i in notice.indicators)


def test_leads_and_supports_of_rows_are_read(notice: Notice) -> None:
    assert notice.indicators[11].lead_units == ("市民政局", "市经信局")
    assert notice.projects[8].lead_units == ("市教体局", "市人力社保局")
    assert notice.projects[5].support_units == ("市大数据中心", "相关镇街")
    assert sum("相关镇街" in p.support_units for p in notice.projects) == 16


def test_the_one_typo_is_mended_and_reported(notice: Notice) -> None:
    assert [(d.ref, d.quote) for d in notice.doubts] == [("annex2:6", "市大数中心")]


def test_members_have_their_roles_and_bodies(notice: Notice) -> None:
    assert [m.role for m in notice.members] == ["组长", "副组长", "副组长"] + ["成员"] * 15
    assert (notice.members[0].name, notice.members[2].name) == ("楼闯", "黄茹")
    assert notice.members[-1].unit == "市邮政管理局"


@pytest.mark.parametrize(("project", "row"), RESTATED.items())
def test_a_restating_project_is_linked_and_no_matter_of_its_own(notice: Notice, project: int, row: int) -> None:
    assert f"annex2:{project}" in named(notice, f"annex1:{row}").refs
    assert f"annex2:{project}" not in {m.key for m in notice.matters}


def test_projects_with_figures_of_their_own_are_matters_of_just_those(notice: Notice) -> None:
    assert [m.name for m in named(notice, "annex2:9").measures] == ["在线教育样板学校", "优秀在线教育微课程"]
    assert [str(m.targets[0].value) for m in named(notice, "annex2:15").measures] == ["5"]
    assert "annex2:9" in named(notice, "annex1:8").refs
    assert "annex2:9" in named(notice, "annex1:9").refs


def test_what_stands_only_in_the_body_is_a_matter_too(notice: Notice) -> None:
    leads = {m.lead_units for m in notice.matters if m.key.startswith("body:")}
    assert {("市委宣传部",), ("市科技局",)} <= leads
    headline = {
        (str(m.measures[0].targets[0].value), m.measures[0].targets[0].bound)
        for m in notice.matters
        if m.key.startswith("body:1.2")
    }
    assert headline == {("30", "以上"), ("20", "左右"), ("80", "以上")}


def test_every_number_lives_in_one_measure(notice: Notice) -> None:
    stated = [
        (ref, m.key, measure.name)
        for m in notice.matters
        for measure in m.measures
        for ref in measure.refs
        if ref.startswith("annex1")
    ]
    assert len(stated) == 23


def test_measures_know_how_they_are_counted(notice: Notice) -> None:
    assert named(notice, "annex1:20").measures[0].kind is Kind.STOCK
    assert named(notice, "annex1:1").measures[0].kind is Kind.GROWTH
    assert named(notice, "annex1:8").measures[0].kind is Kind.SHARE
    assert {named(notice, f"annex1:{n}").measures[0].kind for n in (1, 2, 8, 10, 11)} == {Kind.GROWTH, Kind.SHARE}
    assert (named(notice, "annex1:9").measures[0].unit, named(notice, "annex1:21").measures[0].unit) == ("人次", "家")
    assert named(notice, "annex1:7").measures[0].whole
    assert not named(notice, "annex1:8").measures[0].whole


def test_the_three_hard_figure_contradictions_and_no_other(notice: Notice) -> None:
    found = conflicts(notice, "figure", soft=False)
    assert set(found) == {"annex1:1", "annex1:15", "annex1:16"}
    assert {s.ref for s in found["annex1:16"].sides} == {"annex1:16", "body:1.2", "body:3.6", "annex2:15"}
    assert {s.ref for s in found["annex1:15"].sides} == {"annex1:15", "body:3.6", "annex2:15"}


def test_the_soft_figure_contradictions(notice: Notice) -> None:
    assert set(conflicts(notice, "figure", soft=True)) == {f"annex1:{n}" for n in (7, 8, 11, 12, 13, 14, 20, 23)}


def test_lead_units_that_differ(notice: Notice) -> None:
    rows = {f"annex1:{n}" for n in (7, 8, 9, 12, 13, 19, 20, 21, 23)}
    of_the_school_article = {f"annex2:{n}" for n in (6, 7, 8)}
    assert set(conflicts(notice, "unit", soft=False)) == rows | of_the_school_article


def test_supporting_units_that_differ(notice: Notice) -> None:
    soft = {c.sides[0].ref for c in notice.conflicts if (c.kind, c.soft) == ("unit", True)}
    assert soft <= {f"annex2:{n}" for n in (3, 4, 10, 14, 15, 16, 17, 23, 24)}
    assert len(soft) >= 6


def _stands(quote: str, passage: str, columns: str) -> bool:
    """Whether the words stand in the passage; of a row its name and cells, each behind its column's name."""
    words = "".join(quote.split())
    name, _, cells = words.partition("：")
    if not columns or words in passage:
        return words in passage
    return name in passage and all(_is_cell(c, passage, columns) for c in cells.split("、"))


def _is_cell(said: str, passage: str, columns: str) -> bool:
    return any(said[:i] in columns and said[i:] in passage for i in range(len(said)))


def test_quotes_stand_in_the_document(notice: Notice) -> None:
    passages = {p.ref: "".join(p.text.split()) for p in notice.passages}
    columns = {r.ref: "".join("".join(t.columns).split()) for t in notice.tables for r in t.rows}
    for conflict in notice.conflicts:
        if conflict.kind == "figure":
            assert all(_stands(side.quote, passages[side.ref], columns.get(side.ref, "")) for side in conflict.sides)


def test_it_is_printed_as_json(notice: Notice) -> None:
    printed = json.loads(json.dumps(notice_json(notice), ensure_ascii=False))
    assert printed["indicators"][0]["figures"][0] | {"about": "", "quote": ""} == {
        "year": 2021,
        "value": "10",
        "high": None,
        "unit": "%",
        "bound": None,
        "kind": "比率",
        "rate": "增速",
        "due": None,
        "about": "",
        "quote": "",
    }
    assert printed["articles"][2]["ref"] == "body:2.1"
    assert printed["articles"][2]["heading"] == "数字商贸"
    assert len(printed["matters"]) == len(notice.matters)


CHANGED = """某县人民政府关于下达任务的通知
某政发〔2023〕2号
各乡镇人民政府：
现将有关事项通知如下。
一、工作目标
（一）到2024年，建成{text}。（责任单位：{unit}）
附件：任务分解表
某县人民政府
2023年1月5日
附件
任务分解表
序号 | 指标 | 2023年 | 2024年 | 责任单位
1 | {row} | 2 | 5 | 县教育局
"""


@pytest.mark.parametrize(
    ("text", "row", "found"),
    [
        ("智慧校园5所", "智慧校园（所）", set()),
        ("智慧校园8所", "智慧校园（所）", {("figure", False)}),
        ("智慧校园5所以上", "智慧校园（所）", {("figure", True)}),
        ("智慧校园4-6所", "智慧校园（所）", {("figure", True)}),
        ("国家级特色学校8所", "省级特色学校（所）", set()),
        ("农村养老机构8家", "养老机构（家）", set()),
        ("绿色直播间8个", "特色产业直播间（个）", set()),
        ("智慧校园覆盖率80%", "智慧校园（所）", set()),
    ],
)
def test_only_numbers_of_one_thing_contradict(text: str, row: str, found: set[tuple[str, bool]]) -> None:
    notice = read_notice(CHANGED.format(text=text, row=row, unit="县教育局"))
    assert {(c.kind, c.soft) for c in notice.conflicts} == found


def test_leads_contradict_only_about_one_thing() -> None:
    same = read_notice(CHANGED.format(text="智慧校园5所", row="智慧校园（所）", unit="县财政局"))
    other = read_notice(CHANGED.format(text="体育公园5个", row="智慧校园（所）", unit="县财政局"))
    assert [c.kind for c in same.conflicts] == ["unit"]
    assert other.conflicts == ()


def test_a_table_of_units_by_targets_gives_each_unit_its_own_matters() -> None:
    path = FIRST.parent.parent / "written" / "invest.txt"
    read = read_notice(path.read_bytes(), path.name)
    own = [m for m in read.matters if m.refs == ("table1:1",)]
    assert [(m.key, m.lead_units) for m in own] == [(k, ("招商局",)) for k in ("table1:1", "table1:1#2", "table1:1#3")]
    targets = [t for m in own for measure in m.measures for t in measure.targets]
    assert [(t.year, str(t.value), t.unit) for t in targets] == [
        (2024, "30", "个"), (2024, "5", "个"), (2024, "15000", "万美元"),
    ]  # fmt: skip
    assert len({m.key for m in read.matters}) == len(read.matters)
