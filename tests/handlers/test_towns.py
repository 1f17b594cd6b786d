"""Names of towns as people write them."""

from __future__ import annotations

import pytest

from handlers.towns import town_of, towns_in


@pytest.mark.parametrize(
    ("said", "town"),
    [
        ("甲镇", "甲镇"), ("乙街道办事处", "乙街道"), ("丙乡人民政府", "丙乡"), ("丁镇政府", "丁镇"),
        ("相关镇", None), ("各乡镇", None), ("有关街道", None), ("全市各镇", None), ("相关镇街", None),
        ("市教体局", None), ("镇", None), ("", None), ("甲镇的事", None), ("戊街道", "戊街道"),
    ],
)  # fmt: skip
def test_a_town_is_known_by_its_name(said: str, town: str | None) -> None:
    assert town_of(said) == town


def test_a_list_says_what_it_does_not_know() -> None:
    assert towns_in("甲镇、乙街道，甲镇 丙乡和丁") == (["甲镇", "乙街道", "丙乡"], ["丁"])
