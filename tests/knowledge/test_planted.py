"""Contradictions planted in copies of notices are found; the same said in other words is none."""

from pathlib import Path

import pytest

from knowledge import read_notice

FRESH = Path(__file__).parent.parent / "data" / "fresh"
Hard = set[tuple[str, str]]


def hard_of(name: str, before: str, put: str) -> Hard:
    """(kind, about) of the hard contradictions of a copy that says `put` before the words `before`."""
    text = (FRESH / name).read_text("utf-8")
    assert text.count(before) == 1
    notice = read_notice(text.replace(before, put + before), name)
    return {(c.kind, c.about) for c in notice.conflicts if not c.soft}


@pytest.mark.parametrize(
    ("said", "hard"),
    [
        ("2024年农村卫生厕所普及率达到95%。（县农业农村局负责）", {("figure", "农村卫生厕所普及率")}),
        ("2024年农村卫生厕所普及率达到92%。（县卫生健康局牵头）", {("unit", "农村卫生厕所普及率")}),
        ("6月底前农村卫生厕所普及率达到91.5%。（县农业农村局负责）", {("figure", "农村卫生厕所普及率")}),
        (
            "2024年粮食播种面积稳定在42万亩以上，农产品加工产值突破95亿元。（县农业农村局负责）",
            {("figure", "粮食播种面积")},
        ),
        (
            "2024年粮播面积稳定在41.5万亩以上，农产品加工业产值达到95亿元，厕所普及率力争达到92%。（县农业农村局牵头，县直有关部门配合）",
            set(),
        ),
        ("6月底前农村卫生厕所普及率达到90%，农产品加工产值完成45亿元。（县农业农村局负责）", set()),
        ("2024年农村卫生厕所普及率达到92%。（县农业局负责）", set()),
        ("2023年，农村卫生厕所普及率88.5%，农产品加工产值86亿元。", set()),
        ("2024年农村污水治理率达到46%以上。（市生态环境局龙泉分局牵头，各乡镇配合）", set()),
    ],
)
def test_a_page(said: str, hard: Hard) -> None:
    assert hard_of("assess.html", "<p>二、强化考核运用", f"<p>二、重点工作。{said}</p>") == hard


OWN: Hard = {("figure", "全年推出改革举措")}


@pytest.mark.parametrize(
    ("said", "hard"),
    [
        ("新增普惠小微贷款15亿元，惠及企业800户。", {("figure", "普惠小微贷款")}),
        ("企业开办时间压缩至1个工作日以内，覆盖行业不少于25个。", {("figure", "企业开办时间")}),
        ("2025年新设经营主体5800户。", {("figure", "新设经营主体")}),
        ("全年新增普惠小微贷款12亿元以上，企业开办时间压减到半个工作日。", set()),
        ("2025年新设经营主体达到5600户，政务服务事项网上可办率98%以上。", set()),
        ("2024年新设经营主体5120户。", set()),
    ],
)
def test_a_text(said: str, hard: Hard) -> None:
    assert hard_of("business.md", "各牵头单位要在", f"{said}\n\n") == hard | OWN


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("（一）2025年底，园区安全风险等级全部达到D级。（省应急管理厅负责）\n", set()),
        ("（一）2024年，为4万辆危险货物运输车辆安装智能监控装置。（省交通运输厅牵头）\n", {"figure"}),
    ],
)
def test_a_forwarded_text(said: str, kinds: set[str]) -> None:
    assert {kind for kind, _ in hard_of("safety.txt", "　　二、整治任务", said)} == kinds
