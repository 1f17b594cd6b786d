"""Which matter a few words mean: by name, by place as printed, by number in a list shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.naming import Naming
from knowledge import Library, read_notice

NOTICE = Path(__file__).parents[1] / "data" / "notices" / "zhuji-2021-17.txt"
LIBRARY = Library([read_notice(NOTICE.read_bytes(), NOTICE.name)])
SCHOOLS = LIBRARY.matters_of("市教体局")
TRADE = LIBRARY.matters_of("市商务局")


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("智慧校园", ["智慧(数字)校园"]),
        ("场地", ["公共体育场地硬件智能化改造"]),
        ("覆盖率", ["数字化学校平台覆盖率"]),
        ("附1第7项", ["智慧(数字)校园"]),
        ("附件2第6项", ["全面实施精准教学"]),
        ("附件二第6项", ["全面实施精准教学"]),
        ("项目6", ["全面实施精准教学"]),
        ("指标7", ["智慧(数字)校园"]),
        ("2", ["数字化学校平台覆盖率"]),
        ("88号", []),
        ("食堂", []),
        ("", []),
    ],
)
def test_what_a_name_means(said: str, names: list[str]) -> None:
    naming = Naming(LIBRARY, SCHOOLS, SCHOOLS[:3])
    assert [named.matter.name for named in naming.find(said)] == names


def test_measures_have_names_of_their_own() -> None:
    found = Naming(LIBRARY, SCHOOLS).find("高中示范学校")
    assert [(n.matter.name, n.measure) for n in found] == [("全面实施精准教学", "2")]


def test_equally_likely_ones_come_together() -> None:
    assert len(Naming(LIBRARY, SCHOOLS).find("校园")) == 2


def test_a_short_form_in_use_is_understood() -> None:
    assert [n.matter.name for n in Naming(LIBRARY, TRADE).find("社零")] == ["社会消费品零售年均增长"]


def test_a_matter_goes_by_its_rows_too_when_asked() -> None:
    matters = LIBRARY.matters_of("市文广旅游局")
    assert not Naming(LIBRARY, matters).find("深化智慧旅游")
    assert [n.matter.name for n in Naming(LIBRARY, matters, retold=True).find("深化智慧旅游")] == ["智慧景区"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_looked_up_calmly(said: str) -> None:
    found = Naming(LIBRARY, SCHOOLS).find(said)
    assert all(named.matter in SCHOOLS for named in found)
