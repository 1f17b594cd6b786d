"""Layouts that notices come in: numberings, headers, annexes, documents inside, one line for all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import read_notice
from knowledge.notice import Notice
from knowledge.parsing.outline import Rank, mark_at_start
from knowledge.text import print_numeral

HEAD = "某县人民政府关于做好工作的通知\n某政发〔2022〕1号\n各乡镇人民政府：\n现将有关事项通知如下。\n"
FOOT = "\n某县人民政府\n2022年3月1日\n"


def refs(notice: Notice) -> list[str]:
    return [p.ref for p in notice.passages if p.kind in {"body", "section"}]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "一、任务\n（一）甲项工作。\n（二）乙项工作。\n二、保障\n（三）丙项工作。",
            "body:1 body:1.1 body:1.2 body:2 body:2.3",
        ),
        ("1. 任务\n（1）甲项工作。\n（2）乙项工作。\n2. 保障\n加强领导。", "body:1 body:1.1 body:1.2 body:2"),
        ("１．任务\n（１）甲项工作。\n２．保障\n加强领导。", "body:1 body:1.1 body:2"),
        (
            "第一章 总则\n第一条 甲项工作。\n第二条 乙项工作。\n第二章 附则\n第三条 丙项工作。",
            "body:1 body:1.1 body:1.2 body:2 body:2.3",
        ),
        (
            "一、任务\n（一）甲项工作\n1.做好一件。\n2.做好二件。\n（二）乙项工作。",
            "body:1 body:1.1 body:1.1.1 body:1.1.2 body:1.2",
        ),
        ("一、任务\n一是甲项工作。\n二是乙项工作。", "body:1 body:1.1 body:1.2"),
        ("一、任务\n（一）甲项。\n（一）乙项。", "body:1 body:1.1 body:1.1b"),
        ("一、任务\n①甲项。\n②乙项。", "body:1 body:1.1 body:1.2"),
        ("请认真抓好落实，并将情况及时上报。", ""),
    ],
)
def test_every_usual_numbering_gives_refs_as_printed(body: str, expected: str) -> None:
    notice = read_notice(HEAD + body + FOOT)
    assert [ref for ref in refs(notice) if ref != "body:0"] == expected.split()


@given(st.integers(1, 99), st.sampled_from(["{}、", "（{}）", "第{}条 "]))
def test_a_mark_reads_back(number: int, form: str) -> None:
    mark = mark_at_start(form.format(print_numeral(number)) + "做好工作")
    assert mark is not None
    assert mark.number == number


@pytest.mark.parametrize(
    "text", ["2021年要完成", "2.0平台", "100%覆盖", "3所高中", "（含农村）", "一码通", "十分重要", "1.5万户"]
)
def test_other_numbers_are_no_marks(text: str) -> None:
    assert mark_at_start(text) is None


def test_marks_have_their_rank() -> None:
    ranks = [
        mark_at_start(text) for text in ("第一章 总则", "一、任务", "第三条 甲", "（一）甲", "1.甲", "（1）甲", "①甲")
    ]
    assert [mark.rank for mark in ranks if mark] == sorted(
        [Rank.CHAPTER, Rank.COUNT, Rank.CLAUSE, Rank.BRACKET, Rank.DIGIT, Rank.DIGIT_BRACKET, Rank.CIRCLE]
    )


def test_a_number_printed_twice_is_a_doubt() -> None:
    notice = read_notice(HEAD + "一、任务\n（一）甲项。\n（一）乙项。" + FOOT)
    assert [(d.ref, d.why) for d in notice.doubts] == [("body:1.1b", "number printed twice")]


def test_the_whole_notice_on_one_line() -> None:
    line = (
        "关于做好民生实事工作的通知 各街道办事处，区政府各部门： 为办好实事，现通知如下。 "
        "一、新建公园10处。责任单位：区园林局、各街道办事处。 "
        "二、加装电梯100台。责任单位：区住建局；配合单位：区市场监管局。 "
        "三、新增泊位3000个。责任单位：区城管局。 区人民政府办公室 2022年2月15日"
    )
    notice = read_notice(line)
    assert notice.title == "关于做好民生实事工作的通知"
    assert (notice.issuer, str(notice.date)) == ("区人民政府办公室", "2022-02-15")
    assert [c.lead_units for c in notice.clauses] == [("区园林局", "各街道办事处"), ("区住建局",), ("区城管局",)]


FORWARDED = """某市人民政府办公室转发市商务局关于促进电商发展实施意见的通知
某政办发〔2022〕8号
各镇人民政府，市直各部门：
市商务局《关于促进电商发展的实施意见》已经市政府同意，现转发给你们，请贯彻落实。
某市人民政府办公室
二〇二二年四月六日
关于促进电商发展的实施意见
市商务局
为促进电商发展，提出以下意见。
第一条 到2024年，全市农村网络零售额突破30亿元，年均增长15%左右，培育示范镇3个、示范村二十个。
第二条 健全物流体系。（市交通运输局、市邮政管理局负责，各镇街配合）
"""


def test_the_items_of_what_a_letter_sends_out_are_items_of_the_body() -> None:
    notice = read_notice(FORWARDED)
    assert (notice.doc_no, str(notice.date), notice.issuer) == (
        "某政办发〔2022〕8号",
        "2022-04-06",
        "某市人民政府办公室",
    )
    assert [a.ref for a in notice.articles] == ["body:1", "body:2"]
    assert notice.clauses[0].support_units == ("各镇街",)
    found = {m.measures[0].name: str(m.measures[0].targets[0].value) for m in notice.matters if m.measures}
    assert found == {"农村网络零售额": "30", "农村网络零售额年均增长": "15", "示范镇": "3", "示范村": "20"}


def test_a_header_of_fields_and_the_chrome_of_a_site() -> None:
    top = "首页 > 政务公开\n字号：大 中 小\n索引号：\nAB2023-0456\n发文机关：某县人民政府\n成文日期：2022-03-01\n"
    notice = read_notice(
        top + HEAD + "一、任务\n（一）甲项工作。" + FOOT + "扫一扫在手机打开当前页\n版权所有：某县人民政府"
    )
    assert notice.index_no == "AB2023-0456"
    assert notice.title == "某县人民政府关于做好工作的通知"
    assert {p.kind for p in notice.passages if "版权" in p.text or "首页" in p.text} == {"chrome"}


def test_a_header_without_any_field_or_number() -> None:
    notice = read_notice(
        "关于开展检查工作的通知\n各有关单位：\n定于近期开展检查。\n一、时间\n2022年4月。\n二、要求\n认真准备。\n"
    )
    assert (notice.title, notice.doc_no, notice.date) == ("关于开展检查工作的通知", None, None)
    assert notice.addressees == "各有关单位"


def test_a_title_over_several_lines() -> None:
    notice = read_notice(
        "某县人民政府办公室关于印发某县\n“一老一小”服务三年行动方案\n（2023—2025年）的通知\n"
        + HEAD.split("\n", 1)[1]
        + "一、任务\n做好。"
        + FOOT
    )
    assert notice.title == "某县人民政府办公室关于印发某县“一老一小”服务三年行动方案（2023—2025年）的通知"


STACKED = """附件1
任务分解表
序号
任务名称
2023年
2025年
牵头单位
配合单位
1
养老服务中心（家）
10
18
县民政局
县财政局
2
老年食堂（个）
10
25
县民政局
3
普惠托位（个）
600
1500
县卫健局
县教育局
备注：2025年为累计数。
"""


def test_one_cell_a_line_with_a_blank_cell() -> None:
    notice = read_notice(HEAD + "附件：1.任务分解表" + FOOT + STACKED)
    rows = [
        (i.ref, i.name, [str(f.value) for f in i.figures], i.lead_units, i.support_units) for i in notice.indicators
    ]
    assert rows == [
        ("annex1:1", "养老服务中心", ["10", "18"], ("县民政局",), ("县财政局",)),
        ("annex1:2", "老年食堂", ["10", "25"], ("县民政局",), ()),
        ("annex1:3", "普惠托位", ["600", "1500"], ("县卫健局",), ("县教育局",)),
    ]
    assert notice.tables[0].note == "备注：2025年为累计数。"


TASKS = """附件
政府工作报告任务分解表
序号 | 工作任务 | 完成时限 | 责任单位
一、经济发展
1 | 地区生产总值增长6%以上 | 2021年12月底 | 区发改局、区工信局
序号 | 工作任务 | 完成时限 | 责任单位
二、民生改善
2 | 改造老旧小区12个 | 2021年10月底 | 区住建局
各镇街
 | 城区主干道大修3条 | 2021年11月底 | 区住建局
合计 | | |
"""


def test_groups_repeated_headers_and_broken_cells_of_a_task_table() -> None:
    notice = read_notice(HEAD + "责任分解中，列第一位的责任单位为牵头单位。" + FOOT + TASKS)
    rows = [(p.ref, p.name, p.lead_units, p.support_units) for p in notice.projects]
    assert rows == [
        ("annex1:1", "地区生产总值增长6%以上", ("区发改局",), ("区工信局",)),
        ("annex1:2", "改造老旧小区12个", ("区住建局",), ("各镇街",)),
        ("annex1:3", "城区主干道大修3条", ("区住建局",), ()),
    ]
    assert [str(p.figures[0].due) for p in notice.projects] == ["2021-12-31", "2021-10-31", "2021-11-30"]
    assert [p.kind for p in notice.passages if p.ref.startswith("annex1:")].count("group") == 2


def test_where_only_tables_name_bodies_their_rows_are_clauses() -> None:
    notice = read_notice(HEAD + "请抓好落实。" + FOOT + TASKS)
    assert [c.ref for c in notice.clauses] == ["annex1:1", "annex1:2", "annex1:3"]


def test_duties_told_body_by_body() -> None:
    duties = "一、工作职责\n（一）县公安局：负责打击行动。\n（二）县委宣传部：负责宣传报道。\n"
    body = duties + "二、要求\n（一）压实责任。各单位要重视。"
    notice = read_notice(HEAD + body + FOOT)
    assert [(c.ref, c.lead_units) for c in notice.clauses] == [
        ("body:1.1", ("县公安局",)),
        ("body:1.2", ("县委宣传部",)),
    ]


def test_a_table_without_label_is_addressed_by_its_place() -> None:
    header = "| 指标名称 | 单位 | 2022年目标 | 牵头部门 |\n|---|---|---|---|\n"
    table = header + "| 新设企业 | 户 | 9,000 | 县市监局 |\n| 开办时间 | 天 | ≤1 | 县市监局 |"
    notice = read_notice(HEAD + "一、指标\n" + table + "\n二、要求\n抓好落实。" + FOOT, "a.md")
    assert [(i.ref, i.unit, str(i.figures[0].value), i.figures[0].bound) for i in notice.indicators] == [
        ("table1:1", "户", "9000", None),
        ("table1:2", "天", "1", "≤"),
    ]
    assert [s.ref for s in notice.sections] == ["body:1", "body:2"]


def test_reading_twice_gives_the_same() -> None:
    assert read_notice(FORWARDED) == read_notice(FORWARDED.encode())


UNTITLED = """各县人民政府：
一、目标。到2025年建成学校5所。（责任单位：县教育局）
二、保障。落实资金。（责任单位：县财政局）
某县政府
2024年3月1日
"""


@pytest.mark.parametrize(("name", "title"), [("学校建设任务分工.txt", "学校建设任务分工"), ("1.txt", "各县人民政府")])
def test_a_notice_without_a_title_goes_by_its_file_or_its_beginning(name: str, title: str) -> None:
    notice = read_notice(UNTITLED, name)
    assert notice.title == title
    assert ("head", "no title printed") in [(d.ref, d.why) for d in notice.doubts]
