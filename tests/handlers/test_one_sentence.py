"""A whole report in one message: pieces, 其他和上期一样, lines that follow a value."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.form_words import Named, parts
from handlers.rules.days import read_day
from handlers.rules.one_sentence import Item, WholeReport, read_report
from handlers.rules.plan_sentence import read_plan
from handlers.rules.receipts import read_receipt

NAMES = frozenset(
    ["校园", "智慧校园", "场地", "体育场地", "覆盖率", "平台覆盖率", "社零", "物流终端", "5G基站", "未来社区"]
)


def pairs(report: WholeReport) -> list[tuple[str, str]]:
    return [(item.name, item.value) for item in report.items]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("校园35,场地7", [("校园", "35"), ("场地", "7")]),
        (
            "特色镇2 新零售4 直播间三 供应链1 88号5",
            [("特色镇", "2"), ("新零售", "4"), ("直播间", "三"), ("供应链", "1"), ("88号", "5")],
        ),
        ("校园 35 所，平台覆盖率80%\n体育场地：7家", [("校园", "35所"), ("平台覆盖率", "80%"), ("体育场地", "7家")]),
        ("附1第7项35；一码通覆盖率达到100%", [("附1第7项", "35"), ("一码通覆盖率", "达到100%")]),
        ("小微企业1.2万", [("小微企业", "1.2万")]),
        ("校园1,200，场地7", [("校园", "1200"), ("场地", "7")]),
        ("1.校园35\n2.场地7\n3、未来社区1", [("校园", "35"), ("场地", "7"), ("未来社区", "1")]),
        ("未来社区一个、社区中心三家", [("未来社区", "一个"), ("社区中心", "三家")]),
        ("填报 智慧校园 40", [("智慧校园", "40")]),
        ("智慧校园累计三十五所", [("智慧校园", "累计三十五所")]),
        ("我们局校园35-40", [("校园", "35-40")]),
        ("今天天气不错", []),
    ],
)
def test_pieces_of_a_report(text: str, found: list[tuple[str, str]]) -> None:
    assert pairs(read_report(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "其他和上期一样",
        "其他没变",
        "其余不变",
        "别的都和上次一样",
        "剩下的照旧",
        "都和上期一样",
        "和上期一样",
        "其他指标持平",
    ],
)
def test_the_rest_as_last_time(text: str) -> None:
    assert read_report(f"校园35，{text}") == WholeReport((Item("校园", "35"),), rest_same=True)
    assert read_report(text) == WholeReport(rest_same=True)


def test_one_thing_as_last_time_or_without_data() -> None:
    report = read_report("覆盖率不变，社零数据还没出来，校园35")
    assert report.items == (Item("覆盖率", same=True), Item("社零", no_data=True), Item("校园", "35"))


def test_an_increase_is_marked() -> None:
    assert read_report("物流终端新增22").items[0].added
    assert not read_report("物流终端62").items[0].added


def test_a_sentence_after_a_value_is_its_line() -> None:
    report = read_report("校园35，新增三所已验收，场地7", NAMES.__contains__)
    assert report.items == (Item("校园", "35", line="新增三所已验收"), Item("场地", "7"))


def test_known_names_decide_where_a_name_ends() -> None:
    assert pairs(read_report("社零八成", NAMES.__contains__)) == [("社零", "八成")]
    assert pairs(read_report("5G基站20个", NAMES.__contains__)) == [("5G基站", "20个")]


def test_what_belongs_to_nothing_is_quoted() -> None:
    assert read_report("你好呀，校园35").unread == ("你好呀",)


@given(st.text(alphabet="校园场地35.,，、 \n一三十%其他和上期一样不变新增数据没出来G5-", max_size=80))
def test_nothing_raises_and_nothing_is_invented(text: str) -> None:
    report = read_report(text)
    flat = "".join(text.split()).replace(",", "").replace("，", "")
    assert all(item.name.replace(",", "") and item.value.replace(",", "") in flat for item in report.items)


@pytest.mark.parametrize("piece", ["达到", "到现在", "上报", "校园35", "1", "一", " ", "，", "等等", "提前1、"])
def test_long_nonsense_takes_no_time(piece: str) -> None:
    text = piece * 1500 + "x"
    started = time.process_time()
    read_report(text)
    read_plan(text, date(2021, 7, 1))
    read_day(text, date(2021, 7, 1))
    read_receipt(text)
    parts(text[:2000], [Named("value", ("数值",), False), Named("line", ("进展",), True)], None)
    assert time.process_time() - started < 1
