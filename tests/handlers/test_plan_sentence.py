"""One sentence of the office, its slots and what was not understood."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.periods import Frequency, Shift, next_dues
from handlers.rules.plan_sentence import read_plan
from handlers.rules.plan_words import due_in_words, in_words
from handlers.rules.workdays import Workdays

TODAY = date(2021, 7, 1)
SENTENCES = [
    (
        "每季度最后一个月25日17点前报送，提前5、2、0个工作日提醒",
        "每季度最后一个月25日17:00前报送，提前5、2、0个工作日09:00提醒，遇休息日顺延",
    ),
    ("每季度最后一个月25日报", "每季度最后一个月25日17:00前报送，提前5、2、0个工作日09:00提醒，遇休息日顺延"),
    (
        "每月5号下午5点前报，提前三天提醒，遇节假日提前",
        "每月5日17:00前报送，提前3个工作日09:00提醒，遇休息日提前",
    ),
    ("每年12月20日前报", "每年12月20日17:00前报送，提前5、2、0个工作日09:00提醒，遇休息日顺延"),
    (
        "请各单位每半年最后一个月20日上报进展情况",
        "每半年最后一个月20日17:00前报送，提前5、2、0个工作日09:00提醒，遇休息日顺延",
    ),
    ("2021年12月20日前报一次", "2021年12月20日17:00前报送一次，提前5、2、0个工作日09:00提醒，遇休息日顺延"),
    ("3月5日前报一次", "2022年3月5日17:00前报送一次，提前5、2、0个工作日09:00提醒，遇休息日顺延"),
    ("每季末报", "每季度最后一个月最后一天17:00前报送，提前5、2、0个工作日09:00提醒，遇休息日顺延"),
    ("每月最后一个工作日报", "每月最后一天17:00前报送，提前5、2、0个工作日09:00提醒，遇休息日提前"),
    (
        "3、6、9、12月25日报送，当天提醒",
        "每季度最后一个月25日17:00前报送，当天09:00提醒，遇休息日顺延",
    ),
    (
        "每季度第一个月5日前，提前一周和当天提醒，顺延",
        "每季度第一个月5日17:00前报送，提前5、0个工作日09:00提醒，遇休息日顺延",
    ),
    (
        "每个季度最后一个月的二十五号十七点半之前报，提前5天、2天、当天上午10点提醒",
        "每季度最后一个月25日17:30前报送，提前5、2、0个工作日10:00提醒，遇休息日顺延",
    ),
    ("每季度结束后5日内报，不提醒", "每季度第一个月5日17:00前报送，不提醒，遇休息日顺延"),
    (
        "每季度末月２５日下班前，逢周末提前到前一个工作日",
        "每季度最后一个月25日17:00前报送，提前5、2、0个工作日09:00提醒，遇休息日提前",
    ),
    ("所有事项每月10日报", "每月10日17:00前报送，提前5、2、0个工作日09:00提醒，遇休息日顺延"),
    ("季末月25日报送", "每季度最后一个月25日17:00前报送，提前5、2、0个工作日09:00提醒，遇休息日顺延"),
    ("每季末25日前，提前半个月提醒", "每季度最后一个月25日17:00前报送，提前10个工作日09:00提醒，遇休息日顺延"),
    (
        "每季度报一次，季度最后一个月的25号下班前",
        "每季度最后一个月25日17:00前报送，提前5、2、0个工作日09:00提醒，遇休息日顺延",
    ),
    ("年底前报一次", "2021年12月31日17:00前报送一次，提前5、2、0个工作日09:00提醒，遇休息日顺延"),
    ("一个月报一次，20号", "每月20日17:00前报送，提前5、2、0个工作日09:00提醒，遇休息日顺延"),
    (
        "每季度最后一个月25日前，提前一周和前一天提醒",
        "每季度最后一个月25日17:00前报送，提前5、1个工作日09:00提醒，遇休息日顺延",
    ),
    ("每月5号中午12点前报，前一天提醒", "每月5日12:00前报送，提前1个工作日09:00提醒，遇休息日顺延"),
    ("每月底报，月底前三天提醒", "每月最后一天17:00前报送，提前3个工作日09:00提醒，遇休息日顺延"),
    ("每月25日下午五点前报，不要提醒周末", "每月25日17:00前报送，提前5、2、0个工作日09:00提醒，遇休息日顺延"),
    (
        "每月25日前报，周末和节假日不提醒，只提醒没报的",
        "每月25日17:00前报送，提前5、2、0个工作日09:00提醒，遇休息日顺延",
    ),
]


@pytest.mark.parametrize(("sentence", "words"), SENTENCES)
def test_a_sentence_becomes_a_plan(sentence: str, words: str) -> None:
    draft = read_plan(sentence, TODAY)
    assert draft.unknown == ()
    assert draft.missing == ()
    assert in_words(draft.plan()) == words


@pytest.mark.parametrize(("_", "words"), SENTENCES)
def test_a_plan_said_back_is_read_as_the_same_plan(_: str, words: str) -> None:
    draft = read_plan(words, TODAY)
    assert (draft.unknown, in_words(draft.plan())) == ((), words)


@pytest.mark.parametrize(
    ("sentence", "unknown"),
    [
        ("每周五报", ("每周五",)),
        ("每季度最后一个月32日报", ("32日",)),
        ("每季度最后一个月25日报，吃饭睡觉", ("吃饭睡觉",)),
        ("每季度最后一个月25日28日报", ("28日",)),
        ("每两个月5日报", ("每两个月",)),
        ("每季度3月25日报", ("3月25日",)),
        ("每月每季度5日报", ("每月",)),
        ("每季度最后一个月25日25点报", ("25点",)),
        ("1、2、5月3日报", ("1、2、5月",)),
        ("数字乡村每月5日报", ("数字乡村",)),
        ("13月45日报一次", ("13月45日",)),
        ("每月5日报，提前99天提醒", ("提前99天提醒",)),
    ],
)
def test_words_not_understood_are_quoted(sentence: str, unknown: tuple[str, ...]) -> None:
    assert read_plan(sentence, TODAY).unknown == unknown


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("每季度", ("month", "day")),
        ("25日前报", ("frequency", "day")[:1]),
        ("每季度25日报", ("month",)),
        ("只报一次", ("once",)),
        ("每月报", ("day",)),
        ("", ("frequency", "day")),
    ],
)
def test_missing_slots_are_named_in_order(sentence: str, missing: tuple[str, ...]) -> None:
    assert read_plan(sentence, TODAY).missing == missing


def test_slots_are_what_was_said() -> None:
    draft = read_plan("每季度最后一个月25日，遇节假日提前", TODAY)
    assert (draft.frequency, draft.month, draft.day, draft.shift) == (Frequency.QUARTER, 3, 25, Shift.EARLIER)
    assert (draft.at, draft.offsets) == (None, None)


def test_names_of_matters_may_be_resolved() -> None:
    draft = read_plan("智慧商圈每月5日报", TODAY, lambda words: ("annex1:5",) if words == "智慧商圈" else None)
    assert draft.covers == ("annex1:5",)
    assert draft.unknown == ()


def test_a_moved_day_is_shown_with_the_printed_one() -> None:
    days = Workdays()
    plan = read_plan("每季度最后一个月25日", TODAY).plan()
    dues = next_dues(plan, days, TODAY)
    assert due_in_words(dues[0], days, TODAY) == "9月25日（周六） → 9月26日（周日，调休上班）"
    assert due_in_words(dues[2], days, TODAY) == "2022年3月25日（周五）"


@given(
    st.text(
        alphabet="每季度月半年日号点前提0123456789一二三十五、，工作天顺延最后个第当提醒末底报一次 \x00#", max_size=60
    )
)
def test_any_sentence_ends_in_slots_or_quoted_words(text: str) -> None:
    draft = read_plan(text, TODAY)
    if not draft.missing:
        assert in_words(draft.plan())
        next_dues(draft.plan(), Workdays(), TODAY)
