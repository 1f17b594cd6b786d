"""Several things said about one plan: answers to slots, changes, whole sentences, words nobody understood."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from handlers.plan_talk import plan_said
from handlers.remind_words import short_title
from handlers.rules.periods import Frequency, Plan, Shift
from knowledge import Library
from tests.simulation.year import read

TODAY = date(2021, 12, 20)


@cache
def library() -> Library:
    return Library((read(),))


def plan(*texts: str) -> Plan:
    return plan_said(texts, library(), library().notices[0].key, TODAY).plan()


def test_slots_are_answered_one_by_one() -> None:
    assert plan("每季度", "最后一个月", "25") == Plan(Frequency.QUARTER, 3, 25)
    assert plan("每月", "28号") == Plan(Frequency.MONTH, 1, 28)
    assert plan("只报一次", "12月30日").once == date(2021, 12, 30)


def test_a_later_word_changes_what_was_said() -> None:
    changed = plan("每季度最后一个月25日17点前报送", "提前3个工作日提醒", "遇节假日提前")
    assert (changed.day, changed.offsets, changed.shift) == (25, (3,), Shift.EARLIER)
    assert plan("每季度最后一个月25日报送", "每月28日报送") == Plan(Frequency.MONTH, 1, 28)


def test_words_not_understood_are_kept_for_quoting() -> None:
    draft = plan_said(["每季度", "每逢初一"], library(), library().notices[0].key, TODAY)
    assert draft.unknown
    assert draft.frequency is Frequency.QUARTER


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("某市人民政府办公室关于认真做好浙江省数字生活新服务标杆县市创建工作的通知", "数字生活新服务标杆县市创建"),
        ("关于印发《某县2021年重点工作任务分工》的通知", "某县2021年重点工作任务分工"),
        ("关于做好防汛工作的通知", "防汛"),
        ("没有格式的标题", "没有格式的标题"),
    ],
)
def test_a_title_is_shortened_for_a_line(title: str, short: str) -> None:
    assert short_title(title) == short
