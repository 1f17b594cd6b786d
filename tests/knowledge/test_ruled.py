"""Where the office ruled, the figures of the side it chose count; the notice itself stays as printed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from knowledge import Library, Matter, Ref, Ruling, read_notice

NOTICE = read_notice((Path(__file__).parents[1] / "data/notices/zhuji-2021-17.txt").read_bytes(), "notice.txt")


def ruled(key: str, ref: str) -> tuple[Library, Matter]:
    """The matter after the office chose this side."""
    library = Library((NOTICE,), rulings=(Ruling(key, NOTICE.key, Ref(ref), "会议明确", date(2021, 7, 1)),))
    return library, next(m for m in library.matters() if m.key == key)


def targets(matter: Matter) -> list[tuple[int | None, Decimal | None, str | None]]:
    """Year, value, qualifier."""
    return [(t.year, t.value, t.bound) for t in matter.measures[0].targets]


def test_a_yearly_rate_of_the_text_holds_in_each_year() -> None:
    _, matter = ruled("annex1:1", "body:1.2")
    assert targets(matter) == [(2021, Decimal(13), "以上"), (2022, Decimal(13), "以上")]


@pytest.mark.parametrize("ref", ["body:1.2", "body:3.6"])
def test_of_several_figures_in_one_sentence_the_matters_own_counts(ref: str) -> None:
    _, matter = ruled("annex1:16", ref)
    assert targets(matter) == [(2021, Decimal(2), None), (2022, Decimal(2), None)]


def test_its_own_row_chosen_leaves_its_figures() -> None:
    library, matter = ruled("annex1:16", "annex1:16")
    assert matter in NOTICE.matters
    assert library.matters() == NOTICE.matters


def test_a_ruling_about_units_or_a_soft_difference_changes_no_target() -> None:
    for key, ref in (("annex1:13", "body:2.4"), ("annex1:7", "body:2.3")):
        assert ruled(key, ref)[1] in NOTICE.matters


def test_a_matter_with_another_target_is_still_found_and_still_disputed() -> None:
    library, matter = ruled("annex1:1", "body:1.2")
    assert library.home(matter) == NOTICE.key
    assert library.find_matters("网络零售年均增长")[0][0] == matter
    assert [c.kind for c in library.conflicts_of(matter)] == ["figure"]
