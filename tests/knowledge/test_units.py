"""Names of bodies: lists divide, short and former names resolve, typos are mended and reported."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import UnitNames, read_notice, split_units
from knowledge.nicknames import same_body
from knowledge.parsing.duties import read_duties

FIRST = (
    "市商务局",
    "市教体局",
    "市人力社保局",
    "市文广旅游局",
    "市市场监管局",
    "市大数据中心",
    "市卫健局",
    "市发改局",
    "市民政局",
    "市经信局",
    "人行诸暨支行",
    "市金融办",
    "市政务服务办",
    "市邮政管理局",
    "市委宣传部",
    "市财政局",
    "相关镇街",
    "海关诸暨办",
    "诸暨银保监组",
    "市建设局",
)
CENTRAL = (
    "国家发展改革委",
    "工业和信息化部",
    "人力资源社会保障部",
    "住房城乡建设部",
    "市场监管总局",
    "人民银行",
    "国家卫生健康委",
    "国家医保局",
    "科技部",
    "各地区",
)


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("商务局", "市商务局"),
        ("教育局", "市教体局"),
        ("教体局", "市教体局"),
        ("人社局", "市人力社保局"),
        ("人社", "市人力社保局"),
        ("文旅", "市文广旅游局"),
        ("文旅局", "市文广旅游局"),
        ("市监局", "市市场监管局"),
        ("市监", "市市场监管局"),
        ("工商局", "市市场监管局"),
        ("大数据局", "市大数据中心"),
        ("卫健委", "市卫健局"),
        ("卫计局", "市卫健局"),
        ("发改委", "市发改局"),
        ("工信局", "市经信局"),
        ("人行", "人行诸暨支行"),
        ("人民银行", "人行诸暨支行"),
        ("金融局", "市金融办"),
        ("行政服务中心", "市政务服务办"),
        ("邮政局", "市邮政管理局"),
        ("宣传部", "市委宣传部"),
        ("镇街", "相关镇街"),
        ("各镇乡", "相关镇街"),
        ("海关", "海关诸暨办"),
        ("银保监", "诸暨银保监组"),
        ("住建局", "市建设局"),
        ("市市场监管局", "市市场监管局"),
    ],
)
def test_short_and_former_names_mean_the_body_of_the_notice(said: str, unit: str) -> None:
    assert UnitNames(FIRST).resolve(said) == unit


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("发改委", "国家发展改革委"),
        ("发展改革委", "国家发展改革委"),
        ("工信部", "工业和信息化部"),
        ("人社部", "人力资源社会保障部"),
        ("住建部", "住房城乡建设部"),
        ("市监总局", "市场监管总局"),
        ("央行", "人民银行"),
        ("卫健委", "国家卫生健康委"),
        ("医保局", "国家医保局"),
        ("科学技术部", "科技部"),
    ],
)
def test_central_bodies_have_short_names_too(said: str, unit: str) -> None:
    assert UnitNames(CENTRAL).resolve(said) == unit


@pytest.mark.parametrize("said", ["", "水利局", "食堂", "局", "市", "天气"])
def test_other_words_mean_no_body(said: str) -> None:
    assert UnitNames(FIRST).resolve(said) is None


def test_names_are_found_inside_a_question() -> None:
    found = [unit for unit, _, _ in UnitNames(FIRST).find("教育局和人社局一起负责哪些")]
    assert found == ["市教体局", "市人力社保局"]


def test_an_alias_of_the_office_wins() -> None:
    assert UnitNames(FIRST, {"大脑办": "市大数据中心"}).resolve("大脑办") == "市大数据中心"


def test_a_name_of_two_bodies_means_neither() -> None:
    assert UnitNames(("市教育局", "市体育局")).resolve("教体局") is None
    assert UnitNames(("市教育局", "市体育局")).resolve("体育局") == "市体育局"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("市商务局、市财政局,相关镇街", ("市商务局", "市财政局", "相关镇街")),
        ("市教体局 市人力社保局", ("市教体局", "市人力社保局")),
        (
            "工业和信息化部、文化和旅游部等国务院相关部门及各地区",
            ("工业和信息化部", "文化和旅游部", "国务院相关部门", "各地区"),
        ),
        ("国务院相关部门和单位及各地区", ("国务院相关部门和单位", "各地区")),
        ("各省（区、市）人民政府", ("各省（区、市）人民政府",)),
        ("", ()),
    ],
)
def test_lists_divide_where_names_end(text: str, names: tuple[str, ...]) -> None:
    assert split_units(text) == names


@pytest.mark.parametrize(
    ("text", "leads", "supports"),
    [
        ("做好。(责任单位:市商务局;配合单位:市财政局,相关镇街)", "市商务局", "市财政局 相关镇街"),
        ("（牵头单位：市商务局；责任单位：市财政局、市发改局）", "市商务局", "市财政局 市发改局"),
        ("（财政部牵头，国务院相关部门及各地区按职责分工负责）", "财政部", "国务院相关部门 各地区"),
        ("（银保监会及各地区按职责分工负责）", "银保监会 各地区", ""),
        ("（甲市商务局、甲市财政局等负责。列第一位者为牵头单位，下同）", "甲市商务局", "甲市财政局"),
        ("（教育部会同有关部门负责）", "教育部", "有关部门"),
        ("落实到位。责任单位：市商务局，配合单位：市财政局、各镇街。", "市商务局", "市财政局 各镇街"),
        ("落实到位。由市商务局牵头，市财政局、市发改局配合。", "市商务局", "市财政局 市发改局"),
        ("【责任单位：市商务局】", "市商务局", ""),
        ("〔牵头单位：市商务局，完成时限：2021年12月底前〕", "市商务局", ""),
        ("（责任单位：各有关单位）", "各有关单位", ""),
        ("（市商务局、市财政局）", "市商务局 市财政局", ""),
        ("（市商务局主办，市财政局协办）", "市商务局", "市财政局"),
        ("牵头单位：市商务局\n配合单位：市财政局、市发改局", "市商务局", "市财政局 市发改局"),
    ],
)
def test_every_usual_clause_names_its_bodies(text: str, leads: str, supports: str) -> None:
    duties = read_duties(text)
    assert len(duties) == 1
    assert (duties[0].lead_units, duties[0].support_units) == (tuple(leads.split()), tuple(supports.split()))
    assert duties[0].printed in text


@pytest.mark.parametrize(
    "text",
    [
        "明确“谁审批谁负责”，绝不能“一批了之”。",
        "（企业直接向国家发展改革委申报，不需省级发展改革部门转报）",
        "建立由农业农村部、工业和信息化部牵头的推进机制，统筹协调。",
        "由一家牵头部门统一受理、配合部门分头办理。",
        "进一步压实责任单位主体责任。",
        "（含农村社区）",
        "（此件公开发布）",
        "（2021年-2022年）",
    ],
)
def test_talk_of_duties_is_no_clause(text: str) -> None:
    assert read_duties(text) == []


@given(st.text(alphabet="市县商务财政局委办部、，；：（）()责任单位牵头配合负责会同等及和。\n ", max_size=120))
def test_any_clause_like_text_is_read_or_left(text: str) -> None:
    for duty in read_duties(text):
        assert 0 <= duty.begin <= duty.end <= len(text)
        assert text[duty.begin : duty.end] == duty.printed
    split_units(text)
    UnitNames(FIRST).find(text)


def notice_with(*units: str) -> str:
    items = "\n".join(
        f"（{n}）加强工作{n}。（责任单位：市政府办；配合单位：{unit}）"
        for n, unit in zip("一二三四五六", units, strict=False)
    )
    return f"某市人民政府关于做好工作的通知\n某政发〔2022〕1号\n各县人民政府：\n现通知如下。\n一、任务\n{items}"


def test_a_slip_of_the_pen_is_mended_and_reported() -> None:
    notice = read_notice(notice_with("市大数据中心", "市大数据中心", "市大数据中心", "市大数中心"))
    assert notice.clauses[3].support_units == ("市大数据中心",)
    assert "市大数中心" in notice.clauses[3].printed
    assert [(d.ref, d.quote) for d in notice.doubts] == [("body:1.4", "市大数中心")]
    assert "市大数中心" not in notice.units


@pytest.mark.parametrize("other", ["市民政局", "财政局", "市国资局", "市财政厅"])
def test_another_body_is_not_mended_away(other: str) -> None:
    notice = read_notice(notice_with("市财政局", "市财政局", "市财政局", other))
    assert notice.clauses[3].support_units == (other,)
    assert notice.doubts == ()


def test_a_government_is_no_civil_affairs_bureau() -> None:
    names = UnitNames(["市民政局", "市人民政府", "市财政局"])
    assert [names.resolve(said) for said in ("民政", "民政局", "市民政局")] == ["市民政局"] * 3


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("县发展和改革局", "县发改局", True),
        ("区市场监管局", "区市场监督管理局", True),
        ("市卫健委", "市卫生健康委", True),
        ("县政府", "县人民政府", True),
        ("市发改局", "县发改局", False),
        ("市公安局", "市公安局交通管理局", False),
        ("县教育局", "县财政局", False),
    ],
)
def test_a_longer_name_of_a_body_is_no_other_body(one: str, other: str, same: bool) -> None:
    assert same_body(one, other) is same
    assert same_body(other, one) is same
