"""Rows asked for by a condition on their figures, units and cells: every row is looked at, 没有 included."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge import Asked, Library, read_notice

DATA = Path(__file__).parents[1] / "data"
FIRST, CARBON = "notices/zhuji-2021-17.txt", "fixtures/haicheng-carbon.txt"


@pytest.fixture(scope="module")
def libraries() -> dict[str, Library]:
    return {name: Library([read_notice((DATA / name).read_bytes(), name)]) for name in (FIRST, CARBON)}


@pytest.mark.parametrize(
    ("notice", "words", "rows"),
    [
        (FIRST, "2022年的目标里百分比的有哪些", "1:1 1:2 1:8 1:10 1:11"),
        (FIRST, "指标里要求2022年达到100%的", "1:10 1:11"),
        (FIRST, "哪些指标2022年不少于10家", "1:13"),
        (FIRST, "2022年要建10所以上的是什么", "1:7"),
        (FIRST, "最后两项指标是什么", "1:22 1:23"),
        (FIRST, "前三个项目分别是谁牵头", "2:1 2:2 2:3"),
        (FIRST, "哪些项目没写数字", "2:3 2:13 2:16 2:17"),
        (CARBON, "哪些工程总投资超过10亿", "2:1 2:2 2:4"),
        (CARBON, "总投资不到10亿元的工程有几个", "2:3 2:5"),
        (CARBON, "工程里投资最少的", "2:5"),
        (CARBON, "2030年目标40%以上的指标有哪些", "1:9 1:11 1:12 1:13"),
    ],
)
def test_the_rows_that_meet_what_was_said(libraries: dict[str, Library], notice: str, words: str, rows: str) -> None:
    answer = libraries[notice].ask(Asked(words, today=date(2021, 11, 1)))
    assert [str(ref) for ref in answer.cites] == [f"annex{row}" for row in rows.split()], answer.text


@pytest.mark.parametrize("words", ["没有写配合单位的项目有几个", "哪些指标一个数都没写", "哪些项目不需要配合单位"])
def test_none_is_said_after_looking_at_all(libraries: dict[str, Library], words: str) -> None:
    answer = libraries[FIRST].ask(Asked(words))
    assert "也没有" in answer.text
    assert len(answer.text.splitlines()) == 1


def test_a_unit_narrows_the_rows(libraries: dict[str, Library]) -> None:
    answer = libraries[FIRST].ask(Asked("我们局2022年目标3个以上的指标有哪些", "市商务局"))
    assert [str(ref) for ref in answer.cites] == ["annex1:3", "annex1:15", "annex1:16"], answer.text


@pytest.mark.parametrize(
    ("words", "said", "cites"),
    [
        ("附件1最后一项是什么", "社区数字生活服务中心", "annex1:23"),
        ("倒数第二个指标", "未来社区", "annex1:22"),
        ("附件2的第3项和附件1第7项是不是一回事", "不是同一件事", "annex2:3"),
        ("附件2第5项跟附件1第7项是一回事吗", "是同一件事", "annex1:7"),
        ("附件2第5项对应附件1哪项", "附件1第7项", "annex1:7"),
        ("总共涉及多少个部门", "共25家", "annex1:1"),
        ("牵头单位有哪几家", "牵头（负责）的17家", "annex1:1"),
    ],
)
def test_places_counted_from_the_end_one_matter_or_two_and_all_units(
    libraries: dict[str, Library], words: str, said: str, cites: str
) -> None:
    answer = libraries[FIRST].ask(Asked(words))
    assert said in answer.text
    assert cites in answer.cites


def test_a_common_word_is_no_slip_of_a_name(libraries: dict[str, Library]) -> None:
    answer = libraries[FIRST].ask(Asked("社区智慧商店有几个"))
    assert "annex1:5" not in answer.cites, answer.text


def test_a_list_asked_for_its_times_says_each_as_printed(libraries: dict[str, Library]) -> None:
    answer = libraries[FIRST].ask(Asked("市教体局的项目什么时候完成"))
    assert "打造品牌智慧学校〔附件2第5项〕　时间：到2022年\n" in answer.text
    assert "时间：到今年底（2021年）" in answer.text
    assert "2022年底（2021年）" not in answer.text


def test_who_supports_is_answered_without_what_was_not_asked(libraries: dict[str, Library]) -> None:
    answer = libraries[FIRST].ask(Asked("智慧校园谁配合"))
    assert "市大数据中心、相关镇街" in answer.text
    assert "不一致" not in answer.text


def test_a_yearly_number_holds_in_every_year_up_to_its_own(libraries: dict[str, Library]) -> None:
    answer = libraries[FIRST].ask(Asked("跨境电商今年增长多少", today=date(2021, 11, 1)))
    assert "30%以上" in answer.text
    assert libraries[FIRST].ask(Asked("跨境电商2024年增长多少")).outcome.value == "refuse"
